"""Measures of speed, each printed beside what was asked of it."""
