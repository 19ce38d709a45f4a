-- Pairs that were measured when they were found: an end that nearly meets a line, a size that becomes less downstream.
-- Reads the temporary table neighbour (rows with measured_m and spot); writes one row a pair to finding, the least of
-- what was measured of it. Returns nothing.
INSERT INTO finding (
    number, severity, side, stretch, required_m, distance_m, accuracy_m, accuracy_known, vertical_m, length_m, place, reach,
    left_layer, left_id, left_code, left_owner, right_layer, right_id, right_code, right_owner
)
WITH
-- Each pair once, its worst; of equally bad ones the one of the earlier rule, then of the smaller left id.
worst AS (
    SELECT DISTINCT ON (least(left_key, right_key), greatest(left_key, right_key)) neighbour.*
    FROM neighbour
    CROSS JOIN LATERAL (
        SELECT left_layer || ':' || left_id AS left_key, right_layer || ':' || right_id AS right_key
    ) AS keys
    ORDER BY least(left_key, right_key), greatest(left_key, right_key), measured_m, number, left_id, ST_AsEWKB(spot)
)
SELECT number, 'violation', NULL, 1, required_m, measured_m, accuracy_m, accuracy_known, NULL, 0, spot, NULL,
    left_layer, left_id, left_code, left_owner, right_layer, right_id, right_code, right_owner
FROM worst
