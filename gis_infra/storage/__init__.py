"""PostGIS: the private cluster, engine, transactions, driver errors, schema upgrade. Knows no layer."""
