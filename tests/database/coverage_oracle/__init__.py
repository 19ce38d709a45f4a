"""Coverage computed the slow way: plain Python, Shapely and networkx, every pair of place and facility.

Written from docs/coverage.md alone; it shares nothing with the engine. Coordinates and distances are metres in the
city's CRS, easting first; people are numbers that may have a fraction.
"""
