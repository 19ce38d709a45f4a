"""What became of an import, for people and programs."""
