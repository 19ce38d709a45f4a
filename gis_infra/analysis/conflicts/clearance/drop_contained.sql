-- Takes out of the temporary table clearance_pair the pairs that one utility tunnel or trench holds apart: both lie in its
-- width, or one is the tunnel and the other lies in it.
-- Parameters: none. Reads the temporary table container (area: a tunnel's outline). Returns nothing.
DELETE FROM clearance_pair
USING container
WHERE container.area && left_geom
    AND ST_CoveredBy(left_geom, container.area)
    AND ST_CoveredBy(right_geom, container.area)
