-- What takes the versions migration back: the triggers and indexes that it added go, and the functions that it replaced
-- are again as the migrations before it had made them.

DROP FUNCTION gis.keep_creation() CASCADE;  -- the triggers go with it
DROP FUNCTION gis.part_versions(regclass, text, bigint[]);
DROP TABLE gis.creation;

CREATE OR REPLACE FUNCTION gis.keep_updated_versions() RETURNS trigger
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

CREATE OR REPLACE FUNCTION gis.keep_deleted_versions() RETURNS trigger
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

CREATE OR REPLACE FUNCTION gis.keep_truncated_versions() RETURNS trigger
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

CREATE OR REPLACE FUNCTION gis.before_feature_update() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> OLD.id THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', COLUMN = 'id', MESSAGE = 'the id of a feature never changes';
    END IF;
    NEW.created_at := OLD.created_at;
    NEW.updated_at := clock_timestamp();
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION gis.attach_history(layer_table regclass) RETURNS void
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

CREATE OR REPLACE FUNCTION gis.detach_history(layer_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    EXECUTE format('DROP TRIGGER IF EXISTS history_update ON %s', layer_table);
    EXECUTE format('DROP TRIGGER IF EXISTS history_delete ON %s', layer_table);
    EXECUTE format('DROP TRIGGER IF EXISTS history_truncate ON %s', layer_table);
    EXECUTE format('DROP TABLE IF EXISTS history.%I', (SELECT relname FROM pg_class WHERE oid = layer_table));
END
$$;
