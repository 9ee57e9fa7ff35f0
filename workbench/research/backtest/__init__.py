"""The model told only what was known by a day, and scored on what happened after it."""
