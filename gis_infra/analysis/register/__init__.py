"""The register of conflicts, kept over runs."""
