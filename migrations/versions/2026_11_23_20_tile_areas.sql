-- When each part of a layer was changed last, so that an edit makes only the tiles near it anew.
--
-- The world is cut into squares of 360/2^level degrees, at six levels. A change is noted for the squares its rows lie
-- or lay in, at every level down to the deepest at which those are few: there it counts for all that is in them.
-- gis_infra/tiles/areas.py reads it: what it says of squares holds for both.

-- area: (2 * level + kind) * 2^40 + column * 2^20 + row, columns from 180 degrees west and rows from 90 degrees south.
--   kind 0: something in the square was changed; kind 1: all that is in it counts as changed.
CREATE TABLE gis.layer_area (
    layer text NOT NULL,
    area bigint NOT NULL,
    revision bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT layer_area_pkey PRIMARY KEY (layer, area),
    CONSTRAINT layer_area_layer_fkey FOREIGN KEY (layer) REFERENCES gis.layer_state ON DELETE CASCADE
);
COMMENT ON TABLE gis.layer_area IS 'When each part of a layer was changed last, for its tiles';

-- Note a change of the layer's revision as it is now. Edits of one layer wait for each other, so revisions only rise.
--   boxes: longitude/latitude boxes of what was changed
-- To plan the statement takes longer than to run it for a single row, so a session keeps its plan. Of how many squares
-- there are PostgreSQL expects far too much: it would lay out a hash table of megabytes for six of them.
CREATE FUNCTION gis.mark_areas(layer_id text, boxes box2d[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
SET plan_cache_mode = force_generic_plan SET enable_hashagg = off SET jit = off AS $$
BEGIN
    WITH
    -- The box in parts of the world's width, from its south-west corner; what lies beyond the world is put at its edge.
    corners AS (
        SELECT number,
            least(greatest(st_xmin(box) + 180, 0), 360) / 360 AS west,
            least(greatest(st_ymin(box) + 90, 0), 180) / 360 AS south,
            least(greatest(st_xmax(box) + 180, 0), 360) / 360 AS east,
            least(greatest(st_ymax(box) + 90, 0), 180) / 360 AS north
        FROM unnest(boxes) WITH ORDINALITY AS given (box, number)
        WHERE box IS NOT NULL
    ),
    -- The squares it lies in, as first and last column and row.
    ranges AS (
        SELECT number, level,
            floor(west * (1 << level))::bigint AS first_column, floor(east * (1 << level))::bigint AS last_column,
            floor(south * (1 << level))::bigint AS first_row, floor(north * (1 << level))::bigint AS last_row
        FROM corners CROSS JOIN unnest(ARRAY[0, 8, 10, 12, 14, 16]) AS level
    ),
    -- Only levels at which they are few, and which of those is the deepest.
    few AS (
        SELECT *, max(level) OVER (PARTITION BY number) AS deepest FROM ranges
        WHERE (last_column - first_column + 1) * (last_row - first_row + 1) <= 16
    )
    INSERT INTO gis.layer_area AS known (layer, area, revision, changed_at)
    SELECT DISTINCT state.layer, ((2 * level + kind)::bigint << 40) | (square_column << 20) | square_row,
        state.revision, state.changed_at
    FROM gis.layer_state AS state CROSS JOIN few
        CROSS JOIN generate_series(first_column, last_column) AS square_column
        CROSS JOIN generate_series(first_row, last_row) AS square_row
        -- Below the last level there is nothing that it could count for.
        CROSS JOIN generate_series(0, CASE WHEN level = deepest AND level < 16 THEN 1 ELSE 0 END) AS kind
    WHERE state.layer = layer_id
    ORDER BY 2
    ON CONFLICT ON CONSTRAINT layer_area_pkey
    DO UPDATE SET revision = excluded.revision, changed_at = excluded.changed_at;
END
$$;

-- Note that all of a layer counts as changed; what was known of its parts says nothing any more.
CREATE FUNCTION gis.mark_layer(layer_id text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    DELETE FROM gis.layer_area WHERE layer = layer_id;
    INSERT INTO gis.layer_area (layer, area, revision, changed_at)
    SELECT layer, kind::bigint << 40, revision, changed_at FROM gis.layer_state CROSS JOIN generate_series(0, 1) AS kind
    WHERE layer = layer_id
$$;

-- A statement of up to a hundred rows notes a box for each, a larger one the box around all: its import or its update
-- should not take longer for it.
CREATE FUNCTION gis.mark_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF (SELECT count(*) FROM (SELECT FROM new_rows LIMIT 101) AS few) <= 100 THEN
        PERFORM gis.mark_areas(TG_TABLE_NAME, array_agg(box2d(lonlat))) FROM new_rows HAVING count(lonlat) > 0;
    ELSE
        PERFORM gis.mark_areas(TG_TABLE_NAME, ARRAY[st_extent(lonlat)]) FROM new_rows;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION gis.mark_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF (SELECT count(*) FROM (SELECT FROM old_rows LIMIT 101) AS few) <= 100 THEN
        PERFORM gis.mark_areas(TG_TABLE_NAME, array_agg(box2d(lonlat))) FROM old_rows HAVING count(lonlat) > 0;
    ELSE
        PERFORM gis.mark_areas(TG_TABLE_NAME, ARRAY[st_extent(lonlat)]) FROM old_rows;
    END IF;
    RETURN NULL;
END
$$;

-- A row may have been moved, so it counts where it was and where it is.
CREATE FUNCTION gis.mark_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF (SELECT count(*) FROM (SELECT FROM new_rows LIMIT 101) AS few) <= 100 THEN
        PERFORM gis.mark_areas(TG_TABLE_NAME, array_agg(box2d(lonlat)))
        FROM (SELECT lonlat FROM old_rows UNION ALL SELECT lonlat FROM new_rows) AS changed HAVING count(lonlat) > 0;
    ELSE
        PERFORM gis.mark_areas(TG_TABLE_NAME, ARRAY[(SELECT st_extent(lonlat) FROM old_rows),
                                                    (SELECT st_extent(lonlat) FROM new_rows)]);
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION gis.mark_truncate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM gis.mark_layer(TG_TABLE_NAME);
    RETURN NULL;
END
$$;

-- Begin to note where a layer is changed. Safe to call again. Triggers fire in the order of their names: these ones
-- after those that raise the layer's revision.
CREATE FUNCTION gis.attach_areas(layer_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    EXECUTE format(
        'CREATE OR REPLACE TRIGGER tile_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows
         FOR EACH STATEMENT EXECUTE FUNCTION gis.mark_insert()', layer_table);
    EXECUTE format(
        'CREATE OR REPLACE TRIGGER tile_update AFTER UPDATE ON %s
         REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
         FOR EACH STATEMENT EXECUTE FUNCTION gis.mark_update()', layer_table);
    EXECUTE format(
        'CREATE OR REPLACE TRIGGER tile_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows
         FOR EACH STATEMENT EXECUTE FUNCTION gis.mark_delete()', layer_table);
    EXECUTE format(
        'CREATE OR REPLACE TRIGGER tile_truncate AFTER TRUNCATE ON %s
         FOR EACH STATEMENT EXECUTE FUNCTION gis.mark_truncate()', layer_table);
    PERFORM gis.mark_layer((SELECT relname::text FROM pg_class WHERE oid = layer_table));
END
$$;

-- Stop noting where a layer is changed; what is known goes with its line in layer_state.
CREATE FUNCTION gis.detach_areas(layer_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    EXECUTE format('DROP TRIGGER IF EXISTS tile_insert ON %s', layer_table);
    EXECUTE format('DROP TRIGGER IF EXISTS tile_update ON %s', layer_table);
    EXECUTE format('DROP TRIGGER IF EXISTS tile_delete ON %s', layer_table);
    EXECUTE format('DROP TRIGGER IF EXISTS tile_truncate ON %s', layer_table);
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
END
$$;

CREATE OR REPLACE FUNCTION gis.detach_layer(layer_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM gis.detach_areas(layer_table);
    PERFORM gis.detach_change(layer_table);
    PERFORM gis.detach_history(layer_table);
    PERFORM gis.unwatch_layer(layer_table);
END
$$;

-- Every layer there is today.
SELECT gis.attach_areas(pg_class.oid::regclass)
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = 'infra' AND relkind = 'r'
ORDER BY relname;
