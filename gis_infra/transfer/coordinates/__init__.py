"""Which coordinate system a file is in, and where its data would land."""
