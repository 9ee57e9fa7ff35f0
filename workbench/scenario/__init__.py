"""Where a trust's evidence and a scenario file meet: a starting state, a plan, and answers."""
