-- Pairs of lines that run side by side nearer than required. Two segments run side by side when their directions, taken
-- without sense, differ by at most :parallel_degrees; a crossing at a wider angle is no conflict in the plan.
--   :parallel_degrees  double precision  degrees
--   :tolerance_m       double precision  metres; a pair this much short of the required distance is still clear
-- Reads the temporary table candidate (rows with parallel), writes one row per pair to finding: its least distance from
-- outer wall to outer wall (negative where they overlap), a point between them there, and the part of the left line within
-- the limit of a segment of the right one that runs along it, with its length.
-- Returns nothing.
INSERT INTO finding
WITH
-- Each pair with the distance between its axes below which it is too near.
pair AS (
    SELECT row_number() OVER () AS pair, candidate.*,
        required_m + left_radius_m + right_radius_m - :tolerance_m AS limit_m
    FROM candidate
    WHERE parallel
),
-- Segments of the two that run side by side and are too near, in the order along the lines.
near AS (
    SELECT pair.pair, pair.limit_m, l.path AS left_path, r.path AS right_path, l.geom AS left_part, r.geom AS right_part,
        ST_Distance(l.geom, r.geom) AS axis_m
    FROM pair
    CROSS JOIN LATERAL ST_DumpSegments(pair.left_geom) AS l
    CROSS JOIN LATERAL ST_DumpSegments(pair.right_geom) AS r
    CROSS JOIN LATERAL (
        SELECT ST_X(ST_EndPoint(l.geom)) - ST_X(ST_StartPoint(l.geom)) AS left_x,
            ST_Y(ST_EndPoint(l.geom)) - ST_Y(ST_StartPoint(l.geom)) AS left_y,
            ST_X(ST_EndPoint(r.geom)) - ST_X(ST_StartPoint(r.geom)) AS right_x,
            ST_Y(ST_EndPoint(r.geom)) - ST_Y(ST_StartPoint(r.geom)) AS right_y
    ) AS way
    WHERE r.geom && ST_Expand(l.geom, pair.limit_m)
        AND ST_Length(l.geom) > 0
        AND ST_Length(r.geom) > 0
        -- The cosine of the angle between them; the last factor lets exactly :parallel_degrees count as side by side.
        AND abs(left_x * right_x + left_y * right_y)
            >= cosd(:parallel_degrees) * ST_Length(l.geom) * ST_Length(r.geom) * (1 - 1e-12)
        AND ST_Distance(l.geom, r.geom) < pair.limit_m
),
-- The worst place of each pair; of several equally bad ones the first along the left line.
worst AS (
    SELECT DISTINCT ON (pair) pair, axis_m, ST_LineInterpolatePoint(ST_ShortestLine(left_part, right_part), 0.5) AS place
    FROM near
    ORDER BY pair, axis_m, left_path, right_path
),
-- The piece of each left segment within the limit of a right one: always one piece, for what lies within a distance of a
-- straight segment has no hollow. Told as fractions of the left segment, so that pieces that overlap add up once.
piece AS (
    SELECT pair, left_path, left_part,
        ST_LineLocatePoint(left_part, ST_StartPoint(part.geom)) AS start_at,
        ST_LineLocatePoint(left_part, ST_EndPoint(part.geom)) AS end_at
    FROM near
    CROSS JOIN LATERAL ST_Dump(ST_Intersection(left_part, ST_Buffer(right_part, limit_m, 16))) AS part
    WHERE ST_Dimension(part.geom) = 1
),
-- The pieces of each left segment, those that overlap made one.
merged AS (
    SELECT pair, left_path, left_part, unnest(range_agg(
        numrange(least(start_at, end_at)::numeric, greatest(start_at, end_at)::numeric, '[]')
    )) AS span
    FROM piece
    GROUP BY pair, left_path, left_part
),
-- How far along the left line it goes on.
stretch AS (
    SELECT pair, ST_Collect(
        ST_LineSubstring(left_part, lower(span)::double precision, upper(span)::double precision) ORDER BY left_path, span
    ) AS reach
    FROM merged
    WHERE lower(span) < upper(span)
    GROUP BY pair
)
SELECT number, 'violation', NULL, 1, required_m, axis_m - left_radius_m - right_radius_m, 0, false, NULL, coalesce(ST_Length(reach), 0), place, reach,
    left_layer, left_id, left_code, left_owner, right_layer, right_id, right_code, right_owner
FROM pair
JOIN worst USING (pair)
LEFT JOIN stretch USING (pair)
