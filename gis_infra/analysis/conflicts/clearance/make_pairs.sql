-- Pairs to be measured: those that met, once each, with what the rules ask of them. Left out is what is clear at first sight,
-- and two that name the same duct, which are exempt.
--   :tolerance_m  double precision  metres; axes that end this much short of each other still meet
-- Reads the temporary tables met, partner, asset and joined; writes to clearance_pair. Returns nothing.
INSERT INTO clearance_pair (
    pair, left_asset, right_asset, is_lines, horizontal_number, horizontal_m, vertical_number, vertical_m, spatial_number,
    spatial_m, plan_accuracy_m, plan_known, height_accuracy_m, height_known, radii_m, reach_m
)
WITH
-- What assets there are, by the parts of their layers that they belong to: few.
sort AS (
    SELECT DISTINCT layer_number, fits FROM asset
),
-- Of the rules of one measure that speak of two sorts, the one that counts.
first AS (
    SELECT DISTINCT ON (l.layer_number, l.fits, r.layer_number, r.fits, measure)
        l.layer_number AS left_number, l.fits AS left_fits, r.layer_number AS right_number, r.fits AS right_fits, measure, rule,
        required_m
    FROM joined
    JOIN sort AS l ON l.layer_number = joined.left_number AND l.fits & left_bit <> 0
    JOIN sort AS r ON r.layer_number = joined.right_number AND r.fits & right_bit <> 0
    ORDER BY l.layer_number, l.fits, r.layer_number, r.fits, measure, place
),
-- The rules of all measures for two sorts; null where none asks for anything.
answer AS MATERIALIZED (
    SELECT left_number, left_fits, right_number, right_fits,
        max(rule) FILTER (WHERE measure = 'horizontal') AS horizontal_number,
        max(required_m) FILTER (WHERE measure = 'horizontal') AS horizontal_m,
        max(rule) FILTER (WHERE measure = 'vertical') AS vertical_number,
        max(required_m) FILTER (WHERE measure = 'vertical') AS vertical_m,
        max(rule) FILTER (WHERE measure = 'spatial') AS spatial_number,
        max(required_m) FILTER (WHERE measure = 'spatial') AS spatial_m
    FROM first
    GROUP BY left_number, left_fits, right_number, right_fits
    HAVING max(rule) IS NOT NULL
),
-- Each pair once, with both assets.
pair AS (
    SELECT answer.*, l.asset AS left_asset, r.asset AS right_asset,
        ST_Dimension(l.geom) = 1 AND ST_Dimension(r.geom) = 1 AS is_lines,
        l.plan_m + r.plan_m AS plan_accuracy_m, l.plan_known AND r.plan_known AS plan_known,
        l.height_m + r.height_m AS height_accuracy_m, l.height_known AND r.height_known AS height_known,
        l.radius_m + r.radius_m AS radii_m, l.geom AS left_geom, r.geom AS right_geom,
        -- The least gap in height anywhere; null where heights cannot be compared. greatest() passes over what is not
        -- known: a gap known from one side alone is a true one if it is positive.
        CASE WHEN l.frame = r.frame THEN greatest(l.lowest_m - r.highest_m, r.lowest_m - l.highest_m) END AS apart_m
    FROM (SELECT DISTINCT left_number, left_id, right_number, right_id FROM met) AS met
    JOIN asset AS l ON l.layer_number = met.left_number AND l.id = met.left_id
    JOIN asset AS r ON r.layer_number = met.right_number AND r.id = met.right_id
    JOIN answer ON (answer.left_number, answer.left_fits, answer.right_number, answer.right_fits)
        = (l.layer_number, l.fits, r.layer_number, r.fits)
    WHERE l.duct IS NULL OR r.duct IS NULL OR l.duct <> r.duct
),
-- What can still be asked of each where it is not known to be far apart in height.
asked AS (
    SELECT pair.*,
        is_lines AND vertical_m IS NOT NULL AND coalesce(apart_m < vertical_m + height_accuracy_m, true) AS crosses,
        CASE WHEN coalesce(apart_m < spatial_m + greatest(plan_accuracy_m, height_accuracy_m), true) THEN spatial_number END
            AS open_number
    FROM pair
),
-- How near they have to be.
limited AS (
    SELECT asked.*,
        greatest(
            horizontal_m + radii_m + plan_accuracy_m,
            CASE WHEN open_number IS NOT NULL THEN spatial_m + radii_m + greatest(plan_accuracy_m, height_accuracy_m) END,
            CASE WHEN crosses THEN :tolerance_m END
        ) AS reach_m
    FROM asked
)
SELECT row_number() OVER (), left_asset, right_asset, is_lines,
    horizontal_number, horizontal_m, CASE WHEN crosses THEN vertical_number END, CASE WHEN crosses THEN vertical_m END,
    open_number, CASE WHEN open_number IS NOT NULL THEN spatial_m END,
    plan_accuracy_m, plan_known, height_accuracy_m, height_known, radii_m, reach_m
FROM limited
WHERE ST_DWithin(left_geom, right_geom, reach_m)
