-- Numbers the assets that met another.
-- Parameters: none. Reads the temporary table met, writes to partner. Returns nothing.
INSERT INTO partner (asset, layer_number, id)
SELECT row_number() OVER (), layer_number, id
FROM (
    SELECT left_number AS layer_number, left_id AS id FROM met
    UNION
    SELECT right_number, right_id FROM met
) AS one
