"""Fitting the chain of true bands to inspections, which see it now and then and not quite."""
