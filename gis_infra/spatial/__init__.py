"""Coordinate systems, boxes, geometry helpers, tile matrix. Pure: no database, no files, no web."""
