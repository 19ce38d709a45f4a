"""What a person takes away of coverage: JSON documents, tables, charts, files and the printed report."""
