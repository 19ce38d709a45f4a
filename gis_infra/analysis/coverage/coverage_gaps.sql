-- Enters the gaps of a run: each part of a ward that no facility reaches, by the people in it who are not served.
--   :run_id      bigint            the run
--   :smallest_m2 double precision  square metres; smaller parts without a building are slivers and left out
-- Reads the temporary tables demand and ward. Returns nothing.
INSERT INTO gis.coverage_gap (run_id, rank, unit_code, people, places, area_m2, geom)
WITH
-- The separate parts of each ward's gap.
part AS (
    SELECT ward.id AS ward, ward.code, dump.path, dump.geom, ST_Area(dump.geom) AS area_m2
    FROM ward
    CROSS JOIN LATERAL ST_Dump(ward.gap) AS dump
),
-- Each unserved place in the part of its ward that is nearest: the one that holds it, as a rule.
missed AS (
    SELECT demand.people, nearest.ward, nearest.path
    FROM demand
    CROSS JOIN LATERAL (
        SELECT part.ward, part.path
        FROM part
        WHERE part.ward = demand.ward
        ORDER BY ST_Distance(part.geom, demand.place), part.path
        LIMIT 1
    ) AS nearest
    WHERE NOT demand.served
),
-- People and buildings by part.
counted AS (
    SELECT part.code, part.area_m2, part.geom, part.ward, part.path,
        coalesce(sum(missed.people), 0) AS population, count(missed.ward) AS buildings
    FROM part
    LEFT JOIN missed USING (ward, path)
    GROUP BY part.code, part.area_m2, part.geom, part.ward, part.path
)
SELECT CAST(:run_id AS bigint), row_number() OVER (ORDER BY population DESC, buildings DESC, area_m2 DESC, code, ward, path),
    code, population, buildings, area_m2, geom
FROM counted
WHERE buildings > 0 OR area_m2 >= :smallest_m2
