-- Gives each place of the temporary table demand the ward it lies in; on a shared border the one with the smaller code.
-- Parameters: none. Reads the temporary table ward. Returns nothing.
UPDATE demand
SET ward = (
    SELECT ward.id
    FROM ward
    WHERE ST_Covers(ward.geom, demand.place)
    ORDER BY ward.code, ward.id
    LIMIT 1
)
