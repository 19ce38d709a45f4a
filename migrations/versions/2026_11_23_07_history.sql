-- The versions every feature had before the one it has: schema history, one table per layer, with the layer's columns and
-- when, by whom and by what the version ended. Triggers fill it, so that plain SQL and TRUNCATE leave versions like any
-- edit of the program's own. An insert writes nothing: a row is its own first version.
--
-- A version lived from its updated_at up to, and not at, its ended_at; where the next one followed at once, that one's
-- updated_at is the same moment. Who and by what are said by the writer, for its transaction, in the settings
-- gis_infra.username, gis_infra.via and gis_infra.import_id; without them it is the database's account and 'sql'.

CREATE SCHEMA history;

-- The columns of a table in order, quoted, as a list for a statement.
--   source: what to put before each name, such as 'old_rows.'
CREATE FUNCTION gis.list_columns(relation regclass, source text) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT string_agg(source || quote_ident(attname), ', ' ORDER BY attnum)
    FROM pg_attribute WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped
$$;

-- Who changes rows in this transaction, and by what: one row.
CREATE FUNCTION gis.get_author(OUT ended_by text, OUT ended_via text, OUT ended_import bigint)
LANGUAGE sql STABLE AS $$
    SELECT
        coalesce(nullif(current_setting('gis_infra.username', true), ''), session_user),
        coalesce(nullif(current_setting('gis_infra.via', true), ''), 'sql'),
        nullif(current_setting('gis_infra.import_id', true), '')::bigint
$$;

-- Keep the versions that an update ended.
CREATE FUNCTION gis.keep_updated_versions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM old_rows) THEN
        RETURN NULL;
    END IF;
    EXECUTE format(
        'INSERT INTO history.%I (%s, ended_at, ended_by, ended_via, ended_import)
         SELECT %s, new_rows.updated_at, author.*
         FROM old_rows JOIN new_rows USING (id) CROSS JOIN gis.get_author() AS author',
        TG_TABLE_NAME, gis.list_columns(TG_RELID, ''), gis.list_columns(TG_RELID, 'old_rows.'));
    RETURN NULL;
END
$$;

-- Keep the last versions of rows that were deleted.
CREATE FUNCTION gis.keep_deleted_versions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM old_rows) THEN
        RETURN NULL;
    END IF;
    EXECUTE format(
        'INSERT INTO history.%I (%s, ended_at, ended_by, ended_via, ended_import)
         SELECT %s, clock_timestamp(), author.*
         FROM old_rows CROSS JOIN gis.get_author() AS author',
        TG_TABLE_NAME, gis.list_columns(TG_RELID, ''), gis.list_columns(TG_RELID, 'old_rows.'));
    RETURN NULL;
END
$$;

-- Keep the last versions of all rows before the table is emptied; afterwards nobody has them.
CREATE FUNCTION gis.keep_truncated_versions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO history.%I (%s, ended_at, ended_by, ended_via, ended_import)
         SELECT %s, clock_timestamp(), author.*
         FROM %s AS old_rows CROSS JOIN gis.get_author() AS author',
        TG_TABLE_NAME, gis.list_columns(TG_RELID, ''), gis.list_columns(TG_RELID, 'old_rows.'), TG_RELID::regclass);
    RETURN NULL;
END
$$;

-- Begin to keep the versions of a layer: its history table, and the triggers that fill it. Safe to call again.
CREATE FUNCTION gis.attach_history(layer_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    layer_id text := (SELECT relname FROM pg_class WHERE oid = layer_table);
BEGIN
    IF to_regclass(format('history.%I', layer_id)) IS NULL THEN
        -- Made from a query, the table has the columns and none of the rules: what was once allowed must be kept.
        EXECUTE format(
            'CREATE TABLE history.%I AS
             SELECT layer.*, NULL::timestamptz AS ended_at, NULL::text AS ended_by, NULL::text AS ended_via,
                 NULL::bigint AS ended_import
             FROM %s AS layer WITH NO DATA',
            layer_id, layer_table);
        EXECUTE format('CREATE INDEX %I ON history.%I (id, ended_at)', layer_id || '_id_ended_at_idx', layer_id);
        EXECUTE format('CREATE INDEX %I ON history.%I (ended_import)', layer_id || '_ended_import_idx', layer_id);
    END IF;
    EXECUTE format(
        'CREATE OR REPLACE TRIGGER history_update AFTER UPDATE ON %s
         REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
         FOR EACH STATEMENT EXECUTE FUNCTION gis.keep_updated_versions()', layer_table);
    EXECUTE format(
        'CREATE OR REPLACE TRIGGER history_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows
         FOR EACH STATEMENT EXECUTE FUNCTION gis.keep_deleted_versions()', layer_table);
    EXECUTE format(
        'CREATE OR REPLACE TRIGGER history_truncate BEFORE TRUNCATE ON %s
         FOR EACH STATEMENT EXECUTE FUNCTION gis.keep_truncated_versions()', layer_table);
END
$$;

-- Stop keeping the versions of a layer, and forget those that were kept.
CREATE FUNCTION gis.detach_history(layer_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    EXECUTE format('DROP TRIGGER IF EXISTS history_update ON %s', layer_table);
    EXECUTE format('DROP TRIGGER IF EXISTS history_delete ON %s', layer_table);
    EXECUTE format('DROP TRIGGER IF EXISTS history_truncate ON %s', layer_table);
    EXECUTE format('DROP TABLE IF EXISTS history.%I', (SELECT relname FROM pg_class WHERE oid = layer_table));
END
$$;

-- From here on attaching a layer begins its history too, and detaching ends it.
ALTER FUNCTION gis.attach_layer(regclass) RENAME TO watch_layer;
ALTER FUNCTION gis.detach_layer(regclass) RENAME TO unwatch_layer;

CREATE FUNCTION gis.attach_layer(layer_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM gis.watch_layer(layer_table);
    PERFORM gis.attach_history(layer_table);
END
$$;

CREATE FUNCTION gis.detach_layer(layer_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM gis.detach_history(layer_table);
    PERFORM gis.unwatch_layer(layer_table);
END
$$;

-- The history of every layer there is today begins now.
SELECT gis.attach_history(pg_class.oid::regclass)
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = 'infra' AND relkind = 'r'
ORDER BY relname;
