"""Files in: inspected, mapped, cleaned, validated, loaded, reported, undone; and out: `exporting`."""
