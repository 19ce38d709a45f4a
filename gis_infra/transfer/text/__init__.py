"""What encoding a file's text is in, and how it is read."""
