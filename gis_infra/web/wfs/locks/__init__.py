"""The operations that lock features, and what they answer. The locks themselves are in `features.locks`."""
