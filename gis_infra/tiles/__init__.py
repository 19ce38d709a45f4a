"""Vector tiles and their freshness."""
