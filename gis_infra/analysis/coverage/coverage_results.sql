-- Enters the results of a run: the city (place 0), each ward in the order of its code, and last what lies in no ward.
--   :run_id  bigint  the run
-- Reads the temporary tables demand and ward. The city is the sum of the others, so that nobody is made or lost.
-- Returns nothing.
INSERT INTO gis.coverage_unit (
    run_id, position, scope, code, name, people, people_served, places, places_served, area_m2, area_served_m2,
    geom
)
WITH
-- People and buildings by ward; null for those in no ward.
reached AS (
    SELECT ward, coalesce(sum(people), 0) AS population, coalesce(sum(people) FILTER (WHERE served), 0) AS population_served,
        count(*) AS buildings, count(*) FILTER (WHERE served) AS buildings_served
    FROM demand
    GROUP BY ward
),
-- One row a ward, also where nobody lives.
by_ward AS (
    SELECT row_number() OVER (ORDER BY ward.code, ward.id) AS place, 'unit' AS scope, ward.code, ward.name,
        coalesce(population, 0) AS population, coalesce(population_served, 0) AS population_served,
        coalesce(buildings, 0) AS buildings, coalesce(buildings_served, 0) AS buildings_served,
        ST_Area(ward.geom) AS area_m2, ST_Area(ward.geom) - ST_Area(ward.gap) AS area_served_m2, ward.geom
    FROM ward
    LEFT JOIN reached ON reached.ward = ward.id
),
-- What lies in no ward, if there is anything.
outside AS (
    SELECT (SELECT count(*) FROM ward) + 1 AS place, 'outside' AS scope, NULL AS code, NULL AS name,
        population, population_served, buildings, buildings_served,
        0.0 AS area_m2, 0.0 AS area_served_m2, NULL::geometry AS geom
    FROM reached
    WHERE ward IS NULL
),
-- Wards and the rest.
parts AS (
    SELECT * FROM by_ward
    UNION ALL
    SELECT * FROM outside
)
SELECT CAST(:run_id AS bigint), 0, 'city', NULL, NULL, coalesce(sum(population), 0), coalesce(sum(population_served), 0),
    coalesce(sum(buildings), 0), coalesce(sum(buildings_served), 0), coalesce(sum(area_m2), 0),
    coalesce(sum(area_served_m2), 0), NULL
FROM parts
UNION ALL
SELECT CAST(:run_id AS bigint), place, scope, code, name, population, population_served, buildings, buildings_served,
    area_m2, area_served_m2, geom
FROM parts
