"""Runs of coverage: what is ordered, what each found and how it is kept, read, compared, repeated and scheduled."""
