-- Takes out of the temporary table clearance_pair the pairs of one sector that are joined: an end of one lies on the other.
--   :connected_m  double precision  metres; how near an end must come to count as joined
-- Reads the temporary table asset. Returns nothing.
DELETE FROM clearance_pair
USING asset AS l, asset AS r
WHERE l.asset = left_asset
    AND r.asset = right_asset
    AND l.sector = r.sector
    AND (
        ST_DWithin(CASE WHEN ST_Dimension(l.geom) = 1 THEN ST_Boundary(l.geom) WHEN ST_Dimension(l.geom) = 0
            THEN l.geom END, r.geom, :connected_m)
        OR ST_DWithin(CASE WHEN ST_Dimension(r.geom) = 1 THEN ST_Boundary(r.geom) WHEN ST_Dimension(r.geom) = 0
            THEN r.geom END, l.geom, :connected_m)
    )
