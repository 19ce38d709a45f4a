"""Transaction of all three versions: read from XML, carried out by the one way to write, answered in its version."""
