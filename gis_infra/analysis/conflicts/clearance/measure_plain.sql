-- Clearances in which a point or an area takes part: the least distance of the outlines less the radii. Of a left line the
-- parts within the limit are told, of anything else there is one place.
--   :tolerance_m  double precision  metres; what is this much short of the limit is still clear
-- Reads the temporary tables clearance_pair, asset and segment; writes to piece. Returns nothing.
INSERT INTO piece (
    pair, number, spatial, required_m, accuracy_m, accuracy_known, from_m, to_m, at_m, plan_m, measured_m, gap_m, side,
    place
)
WITH
-- What each pair has to keep in the plan and in space, and how far apart the outlines must be to be clear.
asked AS (
    SELECT pair, left_asset, radii_m, rule.*, rule.required_m + radii_m + rule.accuracy_m - :tolerance_m AS limit_m,
        ST_Force2D(r.geom) AS right_flat, l.geom AS left_geom, l.frame AS left_frame, l.by_z AS left_by_z,
        l.ref_up AS left_ref_up, l.top_over AS left_top_over, l.bottom_over AS left_bottom_over,
        r.geom AS right_geom, r.frame AS right_frame, r.by_z AS right_by_z, r.ref_up AS right_ref_up,
        r.ref_down AS right_ref_down, r.top_over AS right_top_over, r.bottom_over AS right_bottom_over
    FROM clearance_pair
    JOIN asset AS l ON l.asset = left_asset
    JOIN asset AS r ON r.asset = right_asset
    CROSS JOIN LATERAL (
        VALUES (horizontal_number, false, horizontal_m, plan_accuracy_m, clearance_pair.plan_known),
            (
                spatial_number, true, spatial_m, greatest(plan_accuracy_m, height_accuracy_m),
                clearance_pair.plan_known AND clearance_pair.height_known
            )
    ) AS rule (number, spatial, required_m, accuracy_m, accuracy_known)
    WHERE NOT is_lines AND rule.number IS NOT NULL
),
near AS (
    SELECT * FROM asked WHERE ST_Distance(left_geom, right_geom) < limit_m
),
-- The parts of left lines within the limit, straight each; and what is no line as it is.
part AS (
    SELECT near.*, part.geom AS part, start_m, x, y, along_x, along_y, ref_start, (ref_end - ref_start) / length_m AS slope
    FROM near
    JOIN segment ON segment.asset = left_asset
    CROSS JOIN LATERAL (
        SELECT ST_SetSRID(ST_MakeLine(ST_MakePoint(x, y), ST_MakePoint(end_x, end_y)), ST_SRID(left_geom)) AS geom
    ) AS straight
    CROSS JOIN LATERAL ST_Dump(ST_Intersection(straight.geom, ST_Buffer(right_flat, limit_m, 64))) AS part
    WHERE ST_Dimension(part.geom) = 1
    UNION ALL
    SELECT near.*, ST_Force2D(left_geom), NULL, NULL, NULL, NULL, NULL,
        CASE WHEN NOT left_by_z THEN left_ref_up WHEN ST_Dimension(left_geom) = 0 THEN ST_Z(left_geom) + left_ref_up END, NULL
    FROM near
    WHERE ST_Dimension(left_geom) <> 1
),
-- The places of the least distance on either side; of a part that has several, the first along the line.
nearest AS (
    SELECT part.*, here, ST_ClosestPoint(right_flat, here) AS there
    FROM part
    CROSS JOIN LATERAL (
        SELECT here
        FROM (
            VALUES (ST_ClosestPoint(part, right_flat)),
                (CASE WHEN x IS NOT NULL AND ST_Intersects(part, right_flat) THEN ST_ClosestPoint(
                    ST_Intersection(part, right_flat), ST_SetSRID(ST_MakePoint(x, y), ST_SRID(part))) END),
                (CASE WHEN x IS NOT NULL THEN ST_StartPoint(part) END),
                (CASE WHEN x IS NOT NULL THEN ST_EndPoint(part) END)
        ) AS candidate (here)
        WHERE here IS NOT NULL
        ORDER BY round(ST_Distance(here, right_flat)::numeric, 6),
            (ST_X(here) - x) * along_x + (ST_Y(here) - y) * along_y
        LIMIT 1
    ) AS spot
),
-- Heights at that place: of the left one along its segment, of a right line where it is nearest, of others as they are.
measured AS (
    SELECT nearest.*, ST_Distance(here, there) - radii_m AS beside_m,
        (ST_X(here) - x) * along_x + (ST_Y(here) - y) * along_y AS along_m, gap_m
    FROM nearest
    CROSS JOIN LATERAL (
        SELECT ref_start + coalesce(slope * ((ST_X(here) - x) * along_x + (ST_Y(here) - y) * along_y), 0) AS left_ref,
            CASE WHEN ST_Dimension(right_geom) = 1 THEN
                    CASE WHEN right_by_z THEN ST_Z(ST_LineInterpolatePoint(right_geom, right_at)) + right_ref_up
                    ELSE right_ref_up + (right_ref_down - right_ref_up) * right_at END
                WHEN NOT right_by_z THEN right_ref_up
                WHEN ST_Dimension(right_geom) = 0 THEN ST_Z(right_geom) + right_ref_up END AS right_ref
        FROM (
            SELECT CASE WHEN ST_Dimension(right_geom) = 1 THEN ST_LineLocatePoint(right_flat, there) END AS right_at
        ) AS located
    ) AS heights
    CROSS JOIN LATERAL (
        SELECT left_ref + left_bottom_over - right_ref - right_top_over AS over_m,
            right_ref + right_bottom_over - left_ref - left_top_over AS under_m
    ) AS gaps
    -- A gap known from one side alone is a true one if it is positive.
    CROSS JOIN LATERAL (
        SELECT CASE WHEN spatial AND left_frame = right_frame
                AND (over_m IS NOT NULL AND under_m IS NOT NULL OR greatest(over_m, under_m) >= -0.001)
            THEN greatest(over_m, under_m) END AS gap_m
    ) AS known
)
SELECT pair, number, spatial, required_m, accuracy_m, accuracy_known,
    start_m + (ST_X(ST_StartPoint(part)) - x) * along_x + (ST_Y(ST_StartPoint(part)) - y) * along_y,
    start_m + (ST_X(ST_EndPoint(part)) - x) * along_x + (ST_Y(ST_EndPoint(part)) - y) * along_y,
    start_m + along_m, beside_m,
    CASE WHEN spatial THEN sqrt(greatest(beside_m, 0) ^ 2 + greatest(gap_m, 0) ^ 2 + gap_m * 0) ELSE beside_m END, gap_m,
    CASE WHEN 2 IN (ST_Dimension(left_geom), ST_Dimension(right_geom)) AND ST_Distance(here, there) = 0 THEN 'inside'
        WHEN across > 0.001 THEN 'left' WHEN across < -0.001 THEN 'right' END,
    ST_LineInterpolatePoint(ST_MakeLine(here, there), 0.5)
FROM measured
CROSS JOIN LATERAL (
    SELECT (ST_Y(there) - ST_Y(here)) * along_x - (ST_X(there) - ST_X(here)) * along_y AS across
) AS turned
