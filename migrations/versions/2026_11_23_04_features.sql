-- What the program knows of each layer without reading it: a revision, and per step of sensitivity the number of rows and
-- their extent. Triggers keep it, so that plain SQL, COPY and TRUNCATE count like any edit of the program's own.
--
-- The revision is a row that is updated, not a sequence: two edits of one layer wait for each other, and whoever reads
-- revision n sees every row of n. A sequence would let a reader cache n+1 before the edit that drew n is committed.

CREATE TABLE gis.layer_state (
    layer text PRIMARY KEY,
    revision bigint NOT NULL DEFAULT 0,
    changed_at timestamptz NOT NULL DEFAULT now()
);

-- sensitivity is '' for rows that say nothing; the extent is longitude/latitude, null where no row has a geometry.
CREATE TABLE gis.layer_tally (
    layer text NOT NULL REFERENCES gis.layer_state ON DELETE CASCADE,
    sensitivity text NOT NULL,
    features bigint NOT NULL,
    west double precision,
    south double precision,
    east double precision,
    north double precision,
    PRIMARY KEY (layer, sensitivity)
);

-- Raise the revision of a layer, and so take the lock that makes edits of one layer wait for each other.
CREATE FUNCTION gis.bump_layer(layer_id text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    INSERT INTO gis.layer_state AS state (layer, revision, changed_at) VALUES (layer_id, 1, clock_timestamp())
    ON CONFLICT (layer) DO UPDATE SET revision = state.revision + 1, changed_at = excluded.changed_at
$$;

-- Count a layer from its rows: at attachment, and for one step of sensitivity when rows at the edge of its extent went.
--   only_step: the step to count again, null for all
CREATE FUNCTION gis.recount_layer(layer_table regclass, layer_id text, only_step text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    DELETE FROM gis.layer_tally WHERE layer = layer_id AND (only_step IS NULL OR sensitivity = only_step);
    EXECUTE
        'INSERT INTO gis.layer_tally
         SELECT $1, step, features, st_xmin(box), st_ymin(box), st_xmax(box), st_ymax(box)
         FROM (SELECT coalesce(sensitivity, '''') AS step, count(*) AS features, st_extent(lonlat) AS box
               FROM ' || layer_table::text || ' WHERE $2 IS NULL OR coalesce(sensitivity, '''') = $2
               GROUP BY 1) AS counted' USING layer_id, only_step;
END
$$;

CREATE FUNCTION gis.after_layer_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM new_rows) THEN
        RETURN NULL;
    END IF;
    PERFORM gis.bump_layer(TG_TABLE_NAME);
    INSERT INTO gis.layer_tally AS tally
    SELECT TG_TABLE_NAME, step, features, st_xmin(box), st_ymin(box), st_xmax(box), st_ymax(box)
    FROM (SELECT coalesce(sensitivity, '') AS step, count(*) AS features, st_extent(lonlat) AS box
          FROM new_rows GROUP BY 1) AS counted
    ON CONFLICT (layer, sensitivity) DO UPDATE SET
        features = tally.features + excluded.features,
        west = least(tally.west, excluded.west), south = least(tally.south, excluded.south),
        east = greatest(tally.east, excluded.east), north = greatest(tally.north, excluded.north);
    RETURN NULL;
END
$$;

-- Take rows that went from the tally; where one of them reached the edge of the extent, that step is counted again.
CREATE FUNCTION gis.after_layer_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    gone record;
BEGIN
    IF NOT EXISTS (SELECT FROM old_rows) THEN
        RETURN NULL;
    END IF;
    PERFORM gis.bump_layer(TG_TABLE_NAME);
    FOR gone IN
        SELECT coalesce(sensitivity, '') AS step, count(*) AS features, st_extent(lonlat) AS box
        FROM old_rows GROUP BY 1
    LOOP
        UPDATE gis.layer_tally SET features = features - gone.features
        WHERE layer = TG_TABLE_NAME AND sensitivity = gone.step;
        IF EXISTS (SELECT FROM gis.layer_tally
                   WHERE layer = TG_TABLE_NAME AND sensitivity = gone.step
                     AND (st_xmin(gone.box) <= west OR st_ymin(gone.box) <= south
                          OR st_xmax(gone.box) >= east OR st_ymax(gone.box) >= north)) THEN
            PERFORM gis.recount_layer(TG_RELID, TG_TABLE_NAME, gone.step);
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

-- An update is rows that went and rows that came. Where only a changed row's old place reached the edge of the extent,
-- the recount sees the new rows already, so a step is either counted again or moved by the difference, never both.
CREATE FUNCTION gis.after_layer_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    changed record;
BEGIN
    IF NOT EXISTS (SELECT FROM new_rows) THEN
        RETURN NULL;
    END IF;
    PERFORM gis.bump_layer(TG_TABLE_NAME);
    FOR changed IN
        -- One line per step: how many more rows it has now, where the old ones lay and where the new ones lie.
        WITH gone AS (SELECT coalesce(sensitivity, '') AS step, count(*) AS features, st_extent(lonlat) AS box
                      FROM old_rows GROUP BY 1),
             come AS (SELECT coalesce(sensitivity, '') AS step, count(*) AS features, st_extent(lonlat) AS box
                      FROM new_rows GROUP BY 1)
        SELECT step, coalesce(come.features, 0) - coalesce(gone.features, 0) AS more,
               gone.box AS old_box, come.box AS new_box
        FROM gone FULL JOIN come USING (step)
    LOOP
        IF changed.old_box IS NULL AND changed.new_box IS NULL AND changed.more = 0 THEN
            CONTINUE;
        END IF;
        IF EXISTS (SELECT FROM gis.layer_tally
                   WHERE layer = TG_TABLE_NAME AND sensitivity = changed.step
                     AND (st_xmin(changed.old_box) <= west OR st_ymin(changed.old_box) <= south
                          OR st_xmax(changed.old_box) >= east OR st_ymax(changed.old_box) >= north))
           AND changed.old_box::text IS DISTINCT FROM changed.new_box::text THEN
            PERFORM gis.recount_layer(TG_RELID, TG_TABLE_NAME, changed.step);
        ELSE
            INSERT INTO gis.layer_tally AS tally
            VALUES (TG_TABLE_NAME, changed.step, changed.more, st_xmin(changed.new_box), st_ymin(changed.new_box),
                    st_xmax(changed.new_box), st_ymax(changed.new_box))
            ON CONFLICT (layer, sensitivity) DO UPDATE SET
                features = tally.features + excluded.features,
                west = least(tally.west, excluded.west), south = least(tally.south, excluded.south),
                east = greatest(tally.east, excluded.east), north = greatest(tally.north, excluded.north);
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

CREATE FUNCTION gis.after_layer_truncate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM gis.bump_layer(TG_TABLE_NAME);
    DELETE FROM gis.layer_tally WHERE layer = TG_TABLE_NAME;
    RETURN NULL;
END
$$;

-- A feature keeps its id and its day of birth for life; the time of its last change is the clock's, not the caller's.
CREATE FUNCTION gis.before_feature_update() RETURNS trigger
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

-- Put a layer's table under watch and count what it holds. Safe to call again.
CREATE FUNCTION gis.attach_layer(layer_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    layer_id text := (SELECT relname FROM pg_class WHERE oid = layer_table);
BEGIN
    EXECUTE 'CREATE OR REPLACE TRIGGER layer_insert AFTER INSERT ON ' || layer_table::text || '
        REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION gis.after_layer_insert()';
    EXECUTE 'CREATE OR REPLACE TRIGGER layer_update AFTER UPDATE ON ' || layer_table::text || '
        REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION gis.after_layer_update()';
    EXECUTE 'CREATE OR REPLACE TRIGGER layer_delete AFTER DELETE ON ' || layer_table::text || '
        REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION gis.after_layer_delete()';
    EXECUTE 'CREATE OR REPLACE TRIGGER layer_truncate AFTER TRUNCATE ON ' || layer_table::text || '
        FOR EACH STATEMENT EXECUTE FUNCTION gis.after_layer_truncate()';
    EXECUTE 'CREATE OR REPLACE TRIGGER feature_update BEFORE UPDATE ON ' || layer_table::text || '
        FOR EACH ROW EXECUTE FUNCTION gis.before_feature_update()';
    PERFORM gis.bump_layer(layer_id);
    PERFORM gis.recount_layer(layer_table, layer_id, NULL);
END
$$;

-- Take a layer's table from under watch, before it is dropped or renamed.
CREATE FUNCTION gis.detach_layer(layer_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    EXECUTE 'DROP TRIGGER IF EXISTS layer_insert ON ' || layer_table::text;
    EXECUTE 'DROP TRIGGER IF EXISTS layer_update ON ' || layer_table::text;
    EXECUTE 'DROP TRIGGER IF EXISTS layer_delete ON ' || layer_table::text;
    EXECUTE 'DROP TRIGGER IF EXISTS layer_truncate ON ' || layer_table::text;
    EXECUTE 'DROP TRIGGER IF EXISTS feature_update ON ' || layer_table::text;
    DELETE FROM gis.layer_state WHERE layer = (SELECT relname FROM pg_class WHERE oid = layer_table);
END
$$;

-- Every layer there is today; later layers are attached by the migration that makes them.
SELECT gis.attach_layer(pg_class.oid::regclass)
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = 'infra' AND relkind = 'r'
ORDER BY relname;
