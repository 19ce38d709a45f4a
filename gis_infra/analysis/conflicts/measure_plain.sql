-- Pairs nearer than required, however they lie to each other: corridors, environmental distances, works, and clearances
-- in which a point or an area takes part.
--   :tolerance_m  double precision  metres; a pair this much short of the required distance is still clear
-- Reads the temporary table candidate (rows without parallel), writes one row per pair to finding: the distance between
-- their outlines less the radii, a point between them there, and the part of the left one within the required distance.
-- Returns nothing.
INSERT INTO finding
WITH
-- The distance of each pair in the plan, 0 where they meet.
measured AS (
    SELECT candidate.*, ST_Distance(left_geom, right_geom) AS axis_m,
        required_m + left_radius_m + right_radius_m AS limit_m
    FROM candidate
    WHERE NOT parallel
),
-- What is too near, and what of the left one; of an area or a point all of it counts.
near AS (
    SELECT measured.*,
        CASE WHEN ST_Dimension(left_geom) = 1
            THEN ST_CollectionExtract(ST_Intersection(left_geom, ST_Buffer(right_geom, limit_m, 16)), 2)
        END AS reach
    FROM measured
    WHERE axis_m < limit_m - :tolerance_m
)
SELECT number, 'violation', NULL, 1, required_m, axis_m - left_radius_m - right_radius_m, 0, false, NULL, coalesce(ST_Length(reach), 0),
    ST_LineInterpolatePoint(ST_ShortestLine(left_geom, right_geom), 0.5), reach,
    left_layer, left_id, left_code, left_owner, right_layer, right_id, right_code, right_owner
FROM near
