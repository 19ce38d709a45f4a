-- Networks under buildings or parcels: how much of an axis lies inside.
--   :tolerance_m  double precision  metres; what is inside by no more than that is clear
-- Reads the temporary table neighbour; required_m widens the area. Writes one row a pair to finding: minus the length
-- inside (0 for a point), the middle of the first part inside, and the parts. Returns nothing.
INSERT INTO finding (
    number, severity, side, stretch, required_m, distance_m, accuracy_m, accuracy_known, vertical_m, length_m, place, reach,
    left_layer, left_id, left_code, left_owner, right_layer, right_id, right_code, right_owner
)
WITH
-- The part of each left one inside; the edge belongs to the area.
inside AS (
    SELECT neighbour.*, CASE WHEN ST_Dimension(left_geom) = 1 THEN ST_CollectionExtract(ST_Intersection(left_geom,
        CASE WHEN required_m > 0 THEN ST_Buffer(right_geom, required_m, 16) ELSE right_geom END), 2) END AS reach
    FROM neighbour
)
SELECT number, 'violation', 'inside', 1, required_m, -coalesce(ST_Length(reach), 0), accuracy_m, accuracy_known, NULL,
    coalesce(ST_Length(reach), 0),
    CASE WHEN reach IS NULL THEN ST_PointOnSurface(left_geom)
        ELSE ST_LineInterpolatePoint(ST_GeometryN(reach, 1), 0.5) END,
    reach, left_layer, left_id, left_code, left_owner, right_layer, right_id, right_code, right_owner
FROM inside
WHERE reach IS NULL OR ST_Length(reach) > :tolerance_m
