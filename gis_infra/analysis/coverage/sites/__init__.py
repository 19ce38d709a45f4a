"""Where one more facility helps most."""
