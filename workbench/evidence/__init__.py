"""Batches of notebook runs: planned, executed apart, written whole or not at all."""
