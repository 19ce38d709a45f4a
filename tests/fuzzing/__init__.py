"""Damaged files by the thousand, and what the importer does with them."""
