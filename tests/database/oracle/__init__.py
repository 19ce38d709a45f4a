"""Conflicts found the slow way: plain Python and Shapely, no index, every rule on every asset and every pair.

Written from docs/conflicts.md and layers/rules/README.md alone. It reads the same rule files, with a reader of its own,
and shares nothing with the engine. Coordinates and distances are metres in the city's CRS, easting first.
"""
