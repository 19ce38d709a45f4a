-- Where two lines run side by side nearer than the limit of a rule: each straight segment of the left one with each of the
-- right one whose directions, without sense, differ by at most :parallel_degrees.
--   :parallel_degrees  double precision  degrees
--   :tolerance_m       double precision  metres; what is this much short of the limit is still clear
-- Reads the temporary tables clearance_pair, asset and facing; writes to piece one row for two segments: the part of the left one
-- within the limit, exactly, and their least distance in the plan with the first place along the left one that has it. What
-- is measured in space is measured afterwards (measure_spatial.sql). Returns nothing.
INSERT INTO piece (
    pair, number, spatial, required_m, accuracy_m, accuracy_known, left_path, right_path, from_m, to_m, at_m, plan_m,
    measured_m, side, place
)
WITH
-- What each pair has to keep in the plan and in space, and the distance between the axes within which it is not clear.
asked AS (
    SELECT pair, left_asset, radii_m, rule.*, rule.required_m + radii_m + rule.accuracy_m - :tolerance_m AS limit_m
    FROM clearance_pair
    CROSS JOIN LATERAL (
        VALUES (horizontal_number, false, horizontal_m, plan_accuracy_m, plan_known),
            (spatial_number, true, spatial_m, greatest(plan_accuracy_m, height_accuracy_m), plan_known AND height_known)
    ) AS rule (number, spatial, required_m, accuracy_m, accuracy_known)
    WHERE is_lines AND rule.number IS NOT NULL
),
-- Segments that run side by side, and where the right one ends: metres along the left one and across it.
beside AS (
    SELECT asked.*, facing.left_path, right_path, start_m, length_m, right_m, x, y, along_x, along_y, near_along,
        near_across, cosine, sine, near_along + right_m * cosine AS far_along, near_across + right_m * sine AS far_across
    FROM facing
    JOIN asked USING (pair)
    -- The last factor lets exactly :parallel_degrees count as side by side.
    WHERE abs(cosine) >= cosd(:parallel_degrees) * (1 - 1e-12)
        -- What lies to one side of the left one, farther than the limit, is not near it.
        AND least(near_across, near_across + right_m * sine) < limit_m
        AND greatest(near_across, near_across + right_m * sine) > -limit_m
),
-- Those that are near, with the first place along the left one that has the least distance: an end of it, beside an end of
-- the right one, or where they cross. facing_m: the nearest place of the right one, as metres along that.
near AS (
    SELECT beside.*, spot.at_m, spot.axis_m, near_along + facing_m * cosine AS other_along,
        near_across + facing_m * sine AS other_across
    FROM beside
    CROSS JOIN LATERAL (
        SELECT at_m, facing_m, axis_m
        FROM (
            SELECT least(greatest(spot, 0), length_m) AS at_m
            FROM (
                VALUES (0), (length_m), (near_along), (far_along),
                    (CASE WHEN abs(sine) > 1e-12 THEN near_along - near_across * cosine / sine END)
            ) AS candidate (spot)
            WHERE spot IS NOT NULL
        ) AS candidate
        CROSS JOIN LATERAL (
            SELECT least(greatest((at_m - near_along) * cosine - near_across * sine, 0), right_m) AS facing_m
        ) AS nearest
        CROSS JOIN LATERAL (
            SELECT sqrt((near_along + facing_m * cosine - at_m) ^ 2 + (near_across + facing_m * sine) ^ 2) AS axis_m
        ) AS apart
        ORDER BY round(axis_m::numeric, 6), at_m
        LIMIT 1
    ) AS spot
    WHERE axis_m < limit_m
),
-- What lies within the limit of a segment is a strip with round ends. Along the left segment it begins where the first of
-- these begins and ends where the last one ends: the circle about either end of the right one, and the strip between.
reached AS (
    SELECT near.*,
        greatest(0, least(near_along - near_half, far_along - far_half, strip_from)) AS from_m,
        least(length_m, greatest(near_along + near_half, far_along + far_half, strip_to)) AS to_m
    FROM near
    CROSS JOIN LATERAL (
        SELECT CASE WHEN abs(near_across) <= limit_m THEN sqrt(limit_m ^ 2 - near_across ^ 2) END AS near_half,
            CASE WHEN abs(far_across) <= limit_m THEN sqrt(limit_m ^ 2 - far_across ^ 2) END AS far_half
    ) AS circle
    -- Where the left segment is between the two ends of the right one, and where it is within the limit of its line.
    CROSS JOIN LATERAL (
        SELECT near_along + near_across * sine / cosine AS end_a, far_along + far_across * sine / cosine AS end_b,
            CASE WHEN abs(sine) > 1e-12 THEN near_along + (limit_m - near_across * cosine) / sine END AS edge_a,
            CASE WHEN abs(sine) > 1e-12 THEN near_along - (limit_m + near_across * cosine) / sine END AS edge_b
    ) AS border
    CROSS JOIN LATERAL (
        SELECT CASE WHEN begins <= ends THEN begins END AS strip_from, CASE WHEN begins <= ends THEN ends END AS strip_to
        FROM (
            SELECT greatest(least(end_a, end_b), least(edge_a, edge_b)) AS begins,
                least(greatest(end_a, end_b), greatest(edge_a, edge_b)) AS ends
        ) AS inner_strip
    ) AS strip
)
SELECT pair, number, spatial, required_m, accuracy_m, accuracy_known, left_path, right_path,
    start_m + from_m, start_m + to_m, start_m + at_m, axis_m - radii_m, axis_m - radii_m,
    -- Less than a millimetre to the side is straight ahead.
    CASE WHEN other_across > 0.001 THEN 'left' WHEN other_across < -0.001 THEN 'right' END,
    ST_SetSRID(ST_MakePoint(
        x + along_x * (at_m + other_along) / 2 - along_y * other_across / 2,
        y + along_y * (at_m + other_along) / 2 + along_x * other_across / 2), ST_SRID(geom))
FROM reached
JOIN asset ON asset.asset = left_asset
WHERE from_m <= to_m
