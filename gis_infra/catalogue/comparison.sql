-- What the tables of one schema are made of, so that two schemas can be compared line by line.
--   :schema_name  text  the schema
-- Returns: table_name, kind ('table' | 'column' | 'constraint' | 'index'), name ('' for a table), definition, comment.
-- Definitions are as PostgreSQL itself writes them; the name of the schema is taken out of those of indexes. Indexes
-- that only carry a constraint are left out, for the constraint is listed.
WITH
-- The tables of the schema.
tables AS (
    SELECT class.oid, class.relname AS table_name
    FROM pg_class AS class
    WHERE class.relnamespace = to_regnamespace(quote_ident(:schema_name)) AND class.relkind = 'r'
),
-- Their columns: type, whether a value must be given, identity, and the default or the expression they are made by.
columns AS (
    SELECT
        tables.table_name,
        attribute.attname AS name,
        concat_ws(
            ' ',
            format_type(attribute.atttypid, attribute.atttypmod),
            CASE WHEN attribute.attnotnull THEN 'NOT NULL' END,
            CASE WHEN attribute.attidentity <> '' THEN 'IDENTITY ' || attribute.attidentity::text END,
            CASE WHEN attribute.attgenerated <> '' THEN 'GENERATED' END,
            'DEFAULT ' || pg_get_expr(standard.adbin, standard.adrelid)
        ) AS definition,
        col_description(tables.oid, attribute.attnum) AS comment
    FROM tables
    JOIN pg_attribute AS attribute ON attribute.attrelid = tables.oid
    LEFT JOIN pg_attrdef AS standard ON standard.adrelid = tables.oid AND standard.adnum = attribute.attnum
    WHERE attribute.attnum > 0 AND NOT attribute.attisdropped
),
-- Their constraints, in PostgreSQL's own words. From version 18 on, NOT NULL is one too; the column says it already.
constraints AS (
    SELECT tables.table_name, rule.conname AS name, pg_get_constraintdef(rule.oid) AS definition
    FROM tables
    JOIN pg_constraint AS rule ON rule.conrelid = tables.oid
    WHERE rule.contype <> 'n'
),
-- Their indexes.
indexes AS (
    SELECT
        tables.table_name,
        class.relname AS name,
        replace(pg_get_indexdef(index.indexrelid), ' ON ' || quote_ident(:schema_name) || '.', ' ON ') AS definition
    FROM tables
    JOIN pg_index AS index ON index.indrelid = tables.oid
    JOIN pg_class AS class ON class.oid = index.indexrelid
    WHERE NOT EXISTS (SELECT 1 FROM pg_constraint AS rule WHERE rule.conindid = index.indexrelid)
)
SELECT table_name, 'table' AS kind, '' AS name, '' AS definition, coalesce(obj_description(oid, 'pg_class'), '') AS comment
FROM tables
UNION ALL
SELECT table_name, 'column', name, definition, coalesce(comment, '') FROM columns
UNION ALL
SELECT table_name, 'constraint', name, definition, '' FROM constraints
UNION ALL
SELECT table_name, 'index', name, definition, '' FROM indexes
ORDER BY table_name, kind, name
