-- The straight segments of the lines of pairs, with where they begin along their line and how high they lie.
-- Parameters: none. Reads the temporary table clearance_pair, writes one row a segment that has a length to segment.
-- Returns nothing.
INSERT INTO segment (
    pair, is_left, path, start_m, length_m, x, y, along_x, along_y, ref_start, ref_end, geom
)
WITH
-- Both lines of each pair, and what their heights go by.
line AS (
    SELECT pair, side.*, ST_Length(side.geom) AS whole_m
    FROM clearance_pair
    CROSS JOIN LATERAL (
        VALUES (true, left_geom, left_frame, left_by_z, left_ref_up, left_ref_down),
            (false, right_geom, right_frame, right_by_z, right_ref_up, right_ref_down)
    ) AS side (is_left, geom, frame, by_z, ref_up, ref_down)
    WHERE GeometryType(side.geom) = 'LINESTRING'
),
-- Their segments in order, each with its ends.
piece AS (
    SELECT line.*, part.path[1] AS path, ST_Force2D(part.geom) AS part, ST_StartPoint(part.geom) AS first,
        ST_EndPoint(part.geom) AS last, ST_Length(part.geom) AS length_m
    FROM line
    CROSS JOIN LATERAL ST_DumpSegments(line.geom) AS part
),
-- Where each begins.
placed AS (
    SELECT piece.*, sum(length_m) OVER (PARTITION BY pair, is_left ORDER BY path) - length_m AS start_m
    FROM piece
    WHERE length_m > 0
)
SELECT pair, is_left, path, start_m, length_m, ST_X(first), ST_Y(first),
    (ST_X(last) - ST_X(first)) / length_m, (ST_Y(last) - ST_Y(first)) / length_m,
    CASE WHEN frame IS NULL THEN NULL WHEN by_z THEN ST_Z(first) + ref_up
        ELSE ref_up + (ref_down - ref_up) * start_m / whole_m END,
    CASE WHEN frame IS NULL THEN NULL WHEN by_z THEN ST_Z(last) + ref_up
        ELSE ref_up + (ref_down - ref_up) * (start_m + length_m) / whole_m END,
    part
FROM placed
