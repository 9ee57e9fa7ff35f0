"""Statistics that know nothing of schools."""
