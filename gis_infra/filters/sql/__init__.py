"""Parts of a condition as SQL: what `filters.to_sql` is made of. Values are bound, names come from the catalogue."""
