-- Runs from before: what they were asked for stands in their parameters. Parameters: none. Returns nothing.
UPDATE gis.coverage_run AS run
SET day = CAST(run.parameters ->> 'day' AS date),
    demand = 'residents',
    -- layer -> sensitivities becomes one list, so that one comparison tells who may see a run.
    takes = (
        SELECT array_agg(step.key || ':' || level ORDER BY step.key, level)
        FROM jsonb_each(run.parameters -> 'steps') AS step
        CROSS JOIN LATERAL jsonb_array_elements_text(step.value) AS level
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
SET service = run.service, facilities = CASE unit.scope WHEN 'city' THEN run.facilities ELSE 0 END
FROM gis.coverage_run AS run
WHERE run.id = unit.run_id;
UPDATE gis.coverage_gap AS gap
SET service = run.service
FROM gis.coverage_run AS run
WHERE run.id = gap.run_id;
