-- Takes out of the temporary table clearance_pair the pairs that one utility tunnel or trench holds apart: both lie in its
-- width, or one is the tunnel and the other lies in it.
-- Parameters: none. Reads the temporary tables asset and container (area: a tunnel's outline). Returns nothing.
DELETE FROM clearance_pair
USING container
JOIN asset AS l ON container.area && l.geom AND ST_CoveredBy(l.geom, container.area)
JOIN asset AS r ON container.area && r.geom AND ST_CoveredBy(r.geom, container.area)
WHERE l.asset = left_asset
    AND r.asset = right_asset
