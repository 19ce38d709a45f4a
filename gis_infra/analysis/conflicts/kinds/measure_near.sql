-- Pairs nearer than required, however they lie to each other: corridors, environmental distances, works.
--   :tolerance_m  double precision  metres; a pair this much short of the required distance is still clear
-- Reads the temporary table neighbour; writes one row a pair to finding: the distance between the outlines less the
-- radius, the point between them there, and the part of a left line that is not clear. Returns nothing.
INSERT INTO finding (
    number, severity, side, stretch, required_m, distance_m, accuracy_m, accuracy_known, vertical_m, length_m, place, reach,
    left_layer, left_id, left_code, left_owner, right_layer, right_id, right_code, right_owner
)
WITH
-- The distance of each pair in the plan, 0 where they meet, and the shortest way between them.
measured AS (
    SELECT neighbour.*, ST_Distance(left_geom, right_geom) AS outline_m, ST_ShortestLine(left_geom, right_geom) AS way,
        required_m + accuracy_m + radius_m AS limit_m
    FROM neighbour
),
-- What is too near. Where a rule has a class on both sides, a pair may be here twice, turned round: the first is kept.
near AS (
    SELECT DISTINCT ON (least(left_key, right_key), greatest(left_key, right_key)) measured.*,
        coalesce(severity, CASE WHEN outline_m - radius_m + accuracy_m < required_m - :tolerance_m
            THEN 'violation' ELSE 'possible' END) AS answer
    FROM measured
    CROSS JOIN LATERAL (
        SELECT left_layer || ':' || left_id AS left_key, right_layer || ':' || right_id AS right_key
    ) AS keys
    WHERE outline_m < limit_m - :tolerance_m
    ORDER BY least(left_key, right_key), greatest(left_key, right_key), number, left_key
),
-- The part of a left line within the limit; of an area or a point all of it counts.
reached AS (
    SELECT near.*, CASE WHEN ST_Dimension(left_geom) = 1
        THEN ST_CollectionExtract(ST_Intersection(left_geom, ST_Buffer(right_geom, limit_m, 16)), 2)
        END AS reach
    FROM near
),
-- Where along a left line the right one is nearest. In a CASE, for a condition may be asked after what it guards.
located AS (
    SELECT reached.*, CASE WHEN GeometryType(left_geom) = 'LINESTRING' AND ST_Length(left_geom) > 0 AND outline_m > 0
        THEN ST_LineLocatePoint(left_geom, ST_StartPoint(way)) END AS at
    FROM reached
),
-- The direction of the left line there: from a little before to a little after.
along AS (
    SELECT located.*,
        CASE WHEN at IS NOT NULL THEN ST_LineInterpolatePoint(left_geom, greatest(at - 0.001 / ST_Length(left_geom), 0)) END
            AS before,
        CASE WHEN at IS NOT NULL THEN ST_LineInterpolatePoint(left_geom, least(at + 0.001 / ST_Length(left_geom), 1)) END
            AS after
    FROM located
)
SELECT number, answer,
    CASE
        WHEN outline_m = 0 AND 2 IN (ST_Dimension(left_geom), ST_Dimension(right_geom)) THEN 'inside'
        WHEN turn > 1e-9 THEN 'left'
        WHEN turn < -1e-9 THEN 'right'
    END,
    1, required_m, outline_m - radius_m, accuracy_m, accuracy_known, NULL, coalesce(ST_Length(reach), 0),
    ST_LineInterpolatePoint(way, 0.5), reach,
    left_layer, left_id, left_code, left_owner, right_layer, right_id, right_code, right_owner
FROM along
-- Twice the area of the triangle of the direction and the way across: above 0 to the left.
CROSS JOIN LATERAL (
    SELECT (ST_X(after) - ST_X(before)) * (ST_Y(ST_EndPoint(way)) - ST_Y(ST_StartPoint(way)))
        - (ST_Y(after) - ST_Y(before)) * (ST_X(ST_EndPoint(way)) - ST_X(ST_StartPoint(way))) AS turn
) AS turned
