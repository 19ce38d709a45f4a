"""Runs of coverage on PostGIS."""
