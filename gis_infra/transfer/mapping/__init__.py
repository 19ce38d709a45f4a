"""Which column goes into which field, and what a department has taught us of its files."""
