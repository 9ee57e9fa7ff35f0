"""The trust as data: what its tables hold, how they are read, and what is wrong with them."""
