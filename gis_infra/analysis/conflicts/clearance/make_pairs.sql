-- Pairs to be measured: those that met, once each, with both assets and what the rules ask of them. Two that name the same
-- duct are exempt.
-- Parameters: none. Reads the temporary tables met, asset and asked; writes to clearance_pair. Returns nothing.
INSERT INTO clearance_pair
WITH
-- Each pair once.
pair AS (
    SELECT DISTINCT * FROM met
)
SELECT row_number() OVER (), ST_Dimension(l.geom) = 1 AND ST_Dimension(r.geom) = 1, l.sector = r.sector,
    horizontal_number, horizontal.required_m, vertical_number, vertical.required_m, spatial_number, spatial.required_m,
    l.plan_m + r.plan_m, l.plan_known AND r.plan_known, l.height_m + r.height_m, l.height_known AND r.height_known,
    l.layer, l.id, l.code, l.owner, l.geom, l.radius_m, l.frame, l.by_z, l.ref_up, l.ref_down, l.top_over, l.bottom_over,
    r.layer, r.id, r.code, r.owner, r.geom, r.radius_m, r.frame, r.by_z, r.ref_up, r.ref_down, r.top_over, r.bottom_over
FROM pair
JOIN asset AS l ON l.number = left_number AND l.id = left_id
JOIN asset AS r ON r.number = right_number AND r.id = right_id
LEFT JOIN asked AS horizontal ON horizontal.number = horizontal_number
LEFT JOIN asked AS vertical ON vertical.number = vertical_number
LEFT JOIN asked AS spatial ON spatial.number = spatial_number
WHERE l.duct IS NULL OR r.duct IS NULL OR l.duct <> r.duct
