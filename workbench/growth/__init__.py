"""The growth model: a trust simulated one school term at a time."""
