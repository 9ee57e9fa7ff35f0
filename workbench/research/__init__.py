"""Questions that look beyond one trust's own pillars: schools alike, and who can help whom."""
