"""Every version a feature had: its history, its layer as of a moment, and an earlier version made current again."""
