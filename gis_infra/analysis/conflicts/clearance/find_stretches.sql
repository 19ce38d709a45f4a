-- Findings of pairs that are too near along the left one: pieces less than :stretch_m apart along it are one stretch, and
-- each stretch that is not clear is one finding.
--   :stretch_m    double precision  metres
--   :tolerance_m  double precision  metres; what is this much short of the required distance is still clear
-- Reads the temporary tables clearance_pair, asset and piece, writes to finding. Returns nothing.
INSERT INTO finding (
    number, severity, side, stretch, required_m, distance_m, accuracy_m, accuracy_known, vertical_m, length_m, place, reach,
    left_layer, left_id, left_code, left_owner, right_layer, right_id, right_code, right_owner
)
WITH
-- The answer for each piece; the lower, the worse.
graded AS (
    SELECT piece.*,
        CASE WHEN measured_m + accuracy_m < required_m - :tolerance_m THEN 0
            WHEN measured_m < required_m + accuracy_m - :tolerance_m THEN 1
            WHEN measured_m IS NULL THEN 2 ELSE 3 END AS rank,
        from_m - max(to_m) OVER (
            PARTITION BY pair, number ORDER BY from_m, to_m, left_path, right_path
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS after_m
    FROM piece
),
-- Which stretch each belongs to.
gathered AS (
    SELECT graded.*, count(*) FILTER (WHERE after_m >= :stretch_m) OVER (
        PARTITION BY pair, number ORDER BY from_m, to_m, left_path, right_path
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS part
    FROM graded
),
-- The worst place of each stretch that is not clear; of several equally bad ones the first along the left asset. They are
-- numbered along it.
worst AS (
    SELECT chosen.*, row_number() OVER (PARTITION BY pair, number ORDER BY part) AS stretch
    FROM (
        SELECT DISTINCT ON (pair, number, part) *
        FROM gathered
        -- Of the bends of the right one that face the same place of the left one, the nearest.
        ORDER BY pair, number, part, rank, round(measured_m::numeric, 6), at_m, measured_m, left_path, right_path
    ) AS chosen
    WHERE rank < 3
),
-- The pieces of each stretch, those that overlap made one. What is measured in space keeps apart where it is clear in the
-- plan alone; there the pieces are told as they lie in the plan.
span AS (
    SELECT pair, number, part, unnest(range_agg(
        numrange(round(from_m::numeric, 6), round(to_m::numeric, 6), '[]')
    )) AS span
    FROM gathered
    WHERE from_m IS NOT NULL
    GROUP BY pair, number, part
),
-- How far along the left line it goes on, and its parts.
reached AS (
    SELECT pair, number, part, sum(upper(span) - lower(span))::double precision AS length_m,
        ST_Collect(ST_LineSubstring(
            line.geom, least(lower(span)::double precision / whole_m, 1), least(upper(span)::double precision / whole_m, 1)
        ) ORDER BY span) AS reach
    FROM span
    JOIN clearance_pair USING (pair)
    JOIN asset ON asset.asset = left_asset
    CROSS JOIN LATERAL (SELECT ST_Force2D(asset.geom) AS geom, ST_Length(asset.geom) AS whole_m OFFSET 0) AS line
    WHERE lower(span) < upper(span) AND lower(span)::double precision < whole_m
    GROUP BY pair, number, part
)
SELECT number, (ARRAY['violation', 'possible', 'vertical_unknown'])[rank + 1], side, stretch, worst.required_m, measured_m,
    accuracy_m, accuracy_known, gap_m, coalesce(length_m, 0), place, reach,
    l.layer, l.id, l.code, l.owner, r.layer, r.id, r.code, r.owner
FROM worst
JOIN clearance_pair USING (pair)
JOIN asset AS l ON l.asset = left_asset
JOIN asset AS r ON r.asset = right_asset
LEFT JOIN reached USING (pair, number, part)
