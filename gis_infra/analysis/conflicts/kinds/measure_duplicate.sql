-- Rows of one class that stand for the same thing: the largest distance from one to the other (Hausdorff, taken at the
-- vertices) is at most what the rule says.
--   :tolerance_m  double precision  metres; what is more by no more than that is still found
-- Reads the temporary table neighbour; writes one row a pair to finding. Returns nothing.
INSERT INTO finding (
    number, severity, side, stretch, required_m, distance_m, accuracy_m, accuracy_known, vertical_m, length_m, place, reach,
    left_layer, left_id, left_code, left_owner, right_layer, right_id, right_code, right_owner
)
SELECT number, 'violation', NULL, 1, required_m, apart_m, accuracy_m, accuracy_known, NULL,
    CASE WHEN ST_Dimension(left_geom) = 1 THEN ST_Length(left_geom) ELSE 0 END,
    CASE WHEN GeometryType(left_geom) = 'LINESTRING' THEN ST_LineInterpolatePoint(left_geom, 0.5)
        ELSE ST_PointOnSurface(left_geom) END,
    left_geom, left_layer, left_id, left_code, left_owner, right_layer, right_id, right_code, right_owner
FROM neighbour
CROSS JOIN LATERAL (SELECT ST_HausdorffDistance(left_geom, right_geom) AS apart_m) AS measured
WHERE apart_m <= required_m + :tolerance_m
