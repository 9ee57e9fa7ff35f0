"""Did joining a trust, or another support, change an outcome? Estimates, and what doubts them."""
