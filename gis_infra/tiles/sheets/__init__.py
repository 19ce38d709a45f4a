"""Features of a square of the map read once as columns, of which all tiles in it are made without the database."""
