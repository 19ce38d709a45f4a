"""Files in: inspect, map, clean, validate, load, report."""
