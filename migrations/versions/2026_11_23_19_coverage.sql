-- Runs from before: what they were asked for stands in their parameters. Parameters: none. Returns nothing.
UPDATE gis.coverage_run AS run
SET day = CAST(run.parameters ->> 'day' AS date),
    demand = 'residents',
    -- layer -> sensitivities becomes one list, so that one comparison tells who may see a run.
    takes = (
        SELECT array_agg(step.key || ':' || held.sensitivity ORDER BY step.key, held.sensitivity)
        FROM jsonb_each(run.parameters -> 'steps') AS step
        CROSS JOIN LATERAL jsonb_array_elements_text(step.value) AS held (sensitivity)
    );
-- A layer that had no row in a run, such as a city without facilities, is part of it all the same.
UPDATE gis.coverage_run AS run
SET takes = coalesce(run.takes, '{}') || (
        SELECT coalesce(array_agg(step.key || ':' ORDER BY step.key), '{}')
        FROM jsonb_each(run.parameters -> 'steps') AS step
        WHERE step.value = '[]'
    )
WHERE run.parameters ? 'steps';
-- How many facilities lie in each unit was not counted.
UPDATE gis.coverage_unit AS unit
SET service = run.service, geom = ST_Multi(unit.geom), facilities = CASE unit.scope WHEN 'city' THEN run.facilities ELSE 0 END
FROM gis.coverage_run AS run
WHERE run.id = unit.run_id;
UPDATE gis.coverage_gap AS gap
SET service = run.service, geom = ST_Multi(gap.geom)
FROM gis.coverage_run AS run
WHERE run.id = gap.run_id;

-- What shows as a layer counts its changes as the layers do, so that a tile of it is never stale.
CREATE FUNCTION gis.after_coverage_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM gis.bump_layer(CAST(TG_TABLE_NAME AS text));
    RETURN NULL;
END
$$;

CREATE TRIGGER coverage_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gis.coverage_unit
FOR EACH STATEMENT EXECUTE FUNCTION gis.after_coverage_change();
CREATE TRIGGER coverage_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gis.coverage_gap
FOR EACH STATEMENT EXECUTE FUNCTION gis.after_coverage_change();
CREATE TRIGGER coverage_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gis.coverage_place
FOR EACH STATEMENT EXECUTE FUNCTION gis.after_coverage_change();
CREATE TRIGGER coverage_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gis.coverage_site
FOR EACH STATEMENT EXECUTE FUNCTION gis.after_coverage_change();

-- Places go with their run. A foreign key would be asked of each of a million rows when they are stored.
CREATE FUNCTION gis.forget_coverage_places() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM gis.coverage_place WHERE run_id IN (SELECT id FROM gone);
    RETURN NULL;
END
$$;

CREATE TRIGGER coverage_gone AFTER DELETE ON gis.coverage_run
REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION gis.forget_coverage_places();

SELECT gis.bump_layer(layer)
FROM unnest(ARRAY['coverage_unit', 'coverage_gap', 'coverage_place', 'coverage_site']) AS layer;
