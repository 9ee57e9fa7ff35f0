"""Trust Growth Workbench: pillar metrics and a growth model for multi-academy trusts."""

__version__ = "0.1.0"
