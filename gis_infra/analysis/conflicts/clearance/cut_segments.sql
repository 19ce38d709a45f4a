-- The straight segments of the lines of pairs, with where they begin along their line and how high they lie.
-- Parameters: none. Reads the temporary tables clearance_pair and asset, writes one row a segment that has a length to
-- segment. Returns nothing.
INSERT INTO segment (
    asset, path, start_m, length_m, x, y, end_x, end_y, along_x, along_y, ref_start, ref_end
)
WITH
-- The lines that are in a pair, and what their heights go by.
line AS (
    SELECT asset, frame, by_z, ref_up, ref_down, geom, ST_Length(geom) AS whole_m
    FROM asset
    WHERE GeometryType(geom) = 'LINESTRING'
        AND asset IN (SELECT left_asset FROM clearance_pair UNION SELECT right_asset FROM clearance_pair)
),
-- Their segments in order, each with its ends.
piece AS (
    SELECT asset, frame, by_z, ref_up, ref_down, whole_m, part.path[1] AS path, ST_StartPoint(part.geom) AS first,
        ST_EndPoint(part.geom) AS last, ST_Length(part.geom) AS length_m
    FROM line
    CROSS JOIN LATERAL ST_DumpSegments(line.geom) AS part
),
-- Where each begins.
placed AS (
    SELECT asset, path, frame, by_z, ref_up, ref_down, whole_m, length_m, ST_X(first) AS x, ST_Y(first) AS y,
        ST_X(last) AS end_x, ST_Y(last) AS end_y, ST_Z(first) AS z, ST_Z(last) AS end_z,
        sum(length_m) OVER (PARTITION BY asset ORDER BY path) - length_m AS start_m
    FROM piece
    WHERE length_m > 0
)
SELECT asset, path, start_m, length_m, x, y, end_x, end_y, (end_x - x) / length_m, (end_y - y) / length_m,
    CASE WHEN frame IS NULL THEN NULL WHEN by_z THEN z + ref_up ELSE ref_up + (ref_down - ref_up) * start_m / whole_m END,
    CASE WHEN frame IS NULL THEN NULL WHEN by_z THEN end_z + ref_up
        ELSE ref_up + (ref_down - ref_up) * (start_m + length_m) / whole_m END
FROM placed
