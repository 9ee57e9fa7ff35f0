"""The compiled growth model: one trajectory, a mechanism a module, without allocation."""

from __future__ import annotations
