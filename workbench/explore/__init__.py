"""The explorer: one screen that answers how many schools a trust can absorb."""
