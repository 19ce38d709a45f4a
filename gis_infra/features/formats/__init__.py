"""What features look like outside: one module a format, each from rows of the one reader to bytes."""
