"""How conflicts are found."""
