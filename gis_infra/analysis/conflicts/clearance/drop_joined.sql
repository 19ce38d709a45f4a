-- Takes out of the temporary table clearance_pair the pairs of one sector that are joined: an end of one lies on the other.
--   :connected_m  double precision  metres; how near an end must come to count as joined
-- Returns nothing.
DELETE FROM clearance_pair
WHERE same_sector
    AND (
        ST_DWithin(CASE WHEN ST_Dimension(left_geom) = 1 THEN ST_Boundary(left_geom) WHEN ST_Dimension(left_geom) = 0
            THEN left_geom END, right_geom, :connected_m)
        OR ST_DWithin(CASE WHEN ST_Dimension(right_geom) = 1 THEN ST_Boundary(right_geom) WHEN ST_Dimension(right_geom) = 0
            THEN right_geom END, left_geom, :connected_m)
    )
