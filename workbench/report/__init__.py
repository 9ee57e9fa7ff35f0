"""What leaves the building: pages a board can open, built from parts that escape every word."""
