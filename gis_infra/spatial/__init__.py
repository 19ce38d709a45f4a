"""Coordinate systems, their names and pinned operation, and boxes. Pure: no database, no files, no web."""
