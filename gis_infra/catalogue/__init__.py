"""The files of layers/ as definitions, tables, schemas and styles."""
