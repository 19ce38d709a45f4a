"""The one way to write features: a list of changes is checked as a whole and applied as a whole, or not at all."""
