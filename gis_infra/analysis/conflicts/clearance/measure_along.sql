-- Where two lines run side by side nearer than the limit of a rule: each straight segment of the left one with each of the
-- right one whose directions, without sense, differ by at most :parallel_degrees.
--   :parallel_degrees  double precision  degrees
--   :tolerance_m       double precision  metres; what is this much short of the limit is still clear
-- Reads the temporary tables clearance_pair and segment; writes to piece one row for two segments: the part of the left one
-- within the limit, exactly, and their least distance in the plan with the first place along the left one that has it. What
-- is measured in space is measured afterwards (measure_spatial.sql). Returns nothing.
INSERT INTO piece (
    pair, number, spatial, required_m, accuracy_m, accuracy_known, left_path, right_path, from_m, to_m, at_m, plan_m,
    measured_m, side, place
)
WITH
-- What each pair has to keep in the plan and in space, and the distance between the axes within which it is not clear.
asked AS (
    SELECT pair, rule.*, left_radius_m + right_radius_m AS radii_m,
        rule.required_m + left_radius_m + right_radius_m + rule.accuracy_m - :tolerance_m AS limit_m
    FROM clearance_pair
    CROSS JOIN LATERAL (
        VALUES (horizontal_number, false, horizontal_m, plan_accuracy_m, plan_known),
            (spatial_number, true, spatial_m, greatest(plan_accuracy_m, height_accuracy_m), plan_known AND height_known)
    ) AS rule (number, spatial, required_m, accuracy_m, accuracy_known)
    WHERE is_lines AND rule.number IS NOT NULL
),
-- Segments that run side by side and are near; cosine and sine of the angle between them, and the ends of the right one
-- from the start of the left one: metres along it and across it.
near AS (
    SELECT asked.*, l.path AS left_path, r.path AS right_path, l.start_m, l.length_m, r.length_m AS right_m,
        l.x, l.y, l.along_x, l.along_y, r.geom AS right_geom, way.*,
        (r.x - l.x) * l.along_x + (r.y - l.y) * l.along_y AS near_along,
        (r.y - l.y) * l.along_x - (r.x - l.x) * l.along_y AS near_across,
        ST_Distance(l.geom, r.geom) AS axis_m
    FROM asked
    JOIN segment AS l ON l.pair = asked.pair AND l.is_left
    JOIN segment AS r ON r.pair = asked.pair AND NOT r.is_left
    CROSS JOIN LATERAL (
        SELECT l.along_x * r.along_x + l.along_y * r.along_y AS cosine,
            l.along_x * r.along_y - l.along_y * r.along_x AS sine
    ) AS way
    -- The last factor lets exactly :parallel_degrees count as side by side.
    WHERE abs(cosine) >= cosd(:parallel_degrees) * (1 - 1e-12)
        AND r.geom && ST_Expand(l.geom, limit_m)
        AND ST_Distance(l.geom, r.geom) < limit_m
),
-- What lies within the limit of a segment is a strip with round ends. Along the left segment it begins where the first of
-- these begins and ends where the last one ends: the circle about either end of the right one, and the strip between.
reached AS (
    SELECT near.*,
        greatest(0, least(near_along - near_half, far_along - far_half, strip_from)) AS from_m,
        least(length_m, greatest(near_along + near_half, far_along + far_half, strip_to)) AS to_m,
        far_along
    FROM near
    CROSS JOIN LATERAL (
        SELECT near_along + right_m * cosine AS far_along, near_across + right_m * sine AS far_across
    ) AS far
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
),
-- The first place along the left segment with the least distance: an end of it, beside an end of the right one, or where
-- they cross.
placed AS (
    SELECT reached.*, spot.at_m, spot.point
    FROM reached
    CROSS JOIN LATERAL (
        SELECT at_m, point
        FROM (
            SELECT DISTINCT least(greatest(spot, 0), length_m) AS at_m
            FROM (
                VALUES (0), (length_m), (near_along), (far_along),
                    (CASE WHEN abs(sine) > 1e-12 THEN near_along - near_across * cosine / sine END)
            ) AS candidate (spot)
            WHERE spot IS NOT NULL
        ) AS candidate
        CROSS JOIN LATERAL (
            SELECT ST_SetSRID(ST_MakePoint(x + along_x * at_m, y + along_y * at_m), ST_SRID(right_geom)) AS point
        ) AS made
        ORDER BY round(ST_Distance(point, right_geom)::numeric, 6), at_m
        LIMIT 1
    ) AS spot
)
SELECT pair, number, spatial, required_m, accuracy_m, accuracy_known, left_path, right_path,
    start_m + from_m, start_m + to_m, start_m + at_m, axis_m - radii_m, axis_m - radii_m,
    -- Less than a millimetre to the side is straight ahead.
    CASE WHEN across > 0.001 THEN 'left' WHEN across < -0.001 THEN 'right' END,
    ST_LineInterpolatePoint(ST_MakeLine(point, other), 0.5)
FROM placed
CROSS JOIN LATERAL (SELECT ST_ClosestPoint(right_geom, point) AS other) AS facing
CROSS JOIN LATERAL (
    SELECT (ST_Y(other) - ST_Y(point)) * along_x - (ST_X(other) - ST_X(point)) * along_y AS across
) AS turned
WHERE from_m <= to_m
