"""Clean rows into the database: keyed, recorded, undone."""
