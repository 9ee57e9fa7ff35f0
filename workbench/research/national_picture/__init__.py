"""The national picture: every trust of England, its room for schools, and who is within reach."""
