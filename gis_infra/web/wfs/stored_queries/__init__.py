"""Queries that clients store here under a name, and ask for by it with parameters. Source: OGC 09-025r2 clause 14."""
