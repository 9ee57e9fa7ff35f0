"""The seven pillars as measures: one module a pillar, the indicator type, the golden rule."""
