-- How many features of a layer have their ids in each block of 4,096, so that the place where a page far from the start
-- begins is found by adding up blocks in place of counting a million ids.
-- gis_infra/features/numbering.py reads it: the size of a block holds for both.

-- block: id / 2^12, rounded down.
CREATE TABLE gis.layer_block (
    layer text NOT NULL,
    block bigint NOT NULL,
    features bigint NOT NULL,
    CONSTRAINT layer_block_pkey PRIMARY KEY (layer, block),
    CONSTRAINT layer_block_layer_fkey FOREIGN KEY (layer) REFERENCES gis.layer_state ON DELETE CASCADE
);
COMMENT ON TABLE gis.layer_block IS 'How many features of each layer have their ids in each block of 4,096';

CREATE FUNCTION gis.number_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO gis.layer_block AS known (layer, block, features)
    SELECT TG_TABLE_NAME, id >> 12, count(*) FROM new_rows GROUP BY 2
    ON CONFLICT (layer, block) DO UPDATE SET features = known.features + excluded.features;
    RETURN NULL;
END
$$;

CREATE FUNCTION gis.number_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE gis.layer_block AS known SET features = known.features - gone.features
    FROM (SELECT id >> 12 AS block, count(*) AS features FROM old_rows GROUP BY 1) AS gone
    WHERE known.layer = TG_TABLE_NAME AND known.block = gone.block;
    RETURN NULL;
END
$$;

CREATE FUNCTION gis.number_truncate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    DELETE FROM gis.layer_block WHERE layer = TG_TABLE_NAME;
    RETURN NULL;
END
$$;

-- Count a layer's features by block from here on. Safe to call again. Triggers fire in the order of their names: these
-- ones after those that raise the layer's revision, which let edits of one layer wait for each other. An update is none
-- of their business: the id of a feature never changes.
CREATE FUNCTION gis.attach_blocks(layer_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    layer_id text := (SELECT relname FROM pg_class WHERE oid = layer_table);
BEGIN
    EXECUTE format(
        'CREATE OR REPLACE TRIGGER number_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows
         FOR EACH STATEMENT EXECUTE FUNCTION gis.number_insert()', layer_table);
    EXECUTE format(
        'CREATE OR REPLACE TRIGGER number_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows
         FOR EACH STATEMENT EXECUTE FUNCTION gis.number_delete()', layer_table);
    EXECUTE format(
        'CREATE OR REPLACE TRIGGER number_truncate AFTER TRUNCATE ON %s
         FOR EACH STATEMENT EXECUTE FUNCTION gis.number_truncate()', layer_table);
    DELETE FROM gis.layer_block WHERE layer = layer_id;
    EXECUTE format(
        'INSERT INTO gis.layer_block SELECT $1, id >> 12, count(*) FROM %s GROUP BY 2', layer_table) USING layer_id;
END
$$;

-- Stop counting; what is known goes with the layer's line in layer_state.
CREATE FUNCTION gis.detach_blocks(layer_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    EXECUTE format('DROP TRIGGER IF EXISTS number_insert ON %s', layer_table);
    EXECUTE format('DROP TRIGGER IF EXISTS number_delete ON %s', layer_table);
    EXECUTE format('DROP TRIGGER IF EXISTS number_truncate ON %s', layer_table);
END
$$;

-- From here on attaching a layer begins this too, and detaching ends it.
CREATE OR REPLACE FUNCTION gis.attach_layer(layer_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM gis.watch_layer(layer_table);
    PERFORM gis.attach_history(layer_table);
    PERFORM gis.attach_change(layer_table);
    PERFORM gis.attach_areas(layer_table);
    PERFORM gis.attach_blocks(layer_table);
END
$$;

CREATE OR REPLACE FUNCTION gis.detach_layer(layer_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM gis.detach_blocks(layer_table);
    PERFORM gis.detach_areas(layer_table);
    PERFORM gis.detach_change(layer_table);
    PERFORM gis.detach_history(layer_table);
    PERFORM gis.unwatch_layer(layer_table);
END
$$;

-- Every layer there is today.
SELECT gis.attach_blocks(pg_class.oid::regclass)
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = 'infra' AND relkind = 'r'
ORDER BY relname;
