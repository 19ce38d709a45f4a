"""What must keep apart: the rules as data, read from `layers/rules/`."""
