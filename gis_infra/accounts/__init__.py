"""People, departments, roles, permissions, tokens."""
