-- Marks in the temporary table demand the places a facility reaches.
--   :tolerance_m  double precision  metres; a place this much further away is still reached
--   :farthest_m   double precision  metres; the longest reach of any facility, so that the index can be asked
-- Reads the temporary table facility. Returns nothing.
UPDATE demand
SET served = EXISTS (
    SELECT FROM facility
    WHERE facility.geom && ST_Expand(demand.place, :farthest_m + :tolerance_m)
        AND ST_DWithin(facility.geom, demand.place, facility.distance_m + :tolerance_m)
)
