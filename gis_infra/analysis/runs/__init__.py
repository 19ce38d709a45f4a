"""Runs of the conflict analysis: over the whole city, a box, or what changed; and what each of them looked at."""
