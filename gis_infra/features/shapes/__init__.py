"""Shapes as a layer takes them: of its type, in its CRS, whole and valid; `preparing` calls the others in order."""
