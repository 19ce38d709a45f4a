"""The core: one way to read features, one way to write them. Knows no protocol."""
