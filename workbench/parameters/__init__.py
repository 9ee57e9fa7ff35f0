"""Typed parameters: quantities with doubt and source, policies, scenarios, limits."""
