"""The kinds of conflict that are no clearance: one statement each, built from the rules."""
