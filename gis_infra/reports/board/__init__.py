"""The city's infrastructure at a glance, and the report of a month, half a year or a year."""
