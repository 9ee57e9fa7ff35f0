"""Figures for reports: one function a figure, each with its finding, alt text and data."""
