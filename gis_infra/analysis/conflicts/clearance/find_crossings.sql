-- Findings where two axes cross in the plan at more than :parallel_degrees and come too near in height: bottom of the upper
-- less top of the lower, there. Crossings less than :stretch_m apart along the left line are one, the worst of them.
--   :parallel_degrees  double precision  degrees
--   :stretch_m         double precision  metres
--   :tolerance_m       double precision  metres; what is this much short of the required distance is still clear, and axes
--                                        that end this much short of each other still meet
-- Reads the temporary tables clearance_pair, asset and facing, writes to finding. Returns nothing.
INSERT INTO finding (
    number, severity, side, stretch, required_m, distance_m, accuracy_m, accuracy_known, vertical_m, length_m, place, reach,
    left_layer, left_id, left_code, left_owner, right_layer, right_id, right_code, right_owner
)
WITH
-- Where the segments of a pair meet: metres along either.
spot AS (
    SELECT facing.*, near_along - near_across * cosine / nullif(sine, 0) AS left_at,
        -near_across / nullif(sine, 0) AS right_at
    FROM facing
    WHERE abs(cosine) < cosd(:parallel_degrees) * (1 - 1e-12)
),
met AS (
    SELECT pair, left_asset, right_asset, vertical_m, height_accuracy_m, start_m,
        least(greatest(left_at, 0), length_m) AS left_at, x, y, along_x, along_y,
        l.frame = r.frame AS comparable, l.top_over AS left_top_over, l.bottom_over AS left_bottom_over,
        r.top_over AS right_top_over, r.bottom_over AS right_bottom_over,
        left_start + (left_end - left_start) * least(greatest(left_at / length_m, 0), 1) AS left_ref,
        right_start + (right_end - right_start) * least(greatest(right_at / right_m, 0), 1) AS right_ref
    FROM spot
    JOIN clearance_pair USING (pair)
    JOIN asset AS l ON l.asset = left_asset
    JOIN asset AS r ON r.asset = right_asset
    WHERE vertical_number IS NOT NULL
        AND left_at BETWEEN -:tolerance_m AND length_m + :tolerance_m
        AND right_at BETWEEN -:tolerance_m AND right_m + :tolerance_m
),
-- The gap in height there. One that is known from one side alone is a true one if it is positive.
measured AS (
    SELECT met.*, start_m + left_at AS at_m, coalesce(under_m, '-infinity') > coalesce(over_m, '-infinity') AS right_is_upper,
        CASE WHEN over_m IS NOT NULL AND under_m IS NOT NULL OR greatest(over_m, under_m) >= -0.001
            THEN greatest(over_m, under_m) END AS gap_m
    FROM met
    CROSS JOIN LATERAL (
        SELECT CASE WHEN comparable
                THEN left_ref + left_bottom_over - right_ref - right_top_over END AS over_m,
            CASE WHEN comparable
                THEN right_ref + right_bottom_over - left_ref - left_top_over END AS under_m
    ) AS gaps
),
-- The answer for each crossing; the lower, the worse.
graded AS (
    SELECT measured.*,
        CASE WHEN gap_m + height_accuracy_m < vertical_m - :tolerance_m THEN 0
            WHEN gap_m < vertical_m + height_accuracy_m - :tolerance_m THEN 1
            WHEN gap_m IS NULL THEN 2 ELSE 3 END AS rank,
        at_m - lag(at_m) OVER (PARTITION BY pair ORDER BY at_m) AS after_m
    FROM measured
),
-- Crossings near each other along the left line.
gathered AS (
    SELECT graded.*, count(*) FILTER (WHERE after_m >= :stretch_m) OVER (
        PARTITION BY pair ORDER BY at_m ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS part
    FROM graded
),
-- The worst of each that is not clear, numbered along the left line.
worst AS (
    SELECT chosen.*, row_number() OVER (PARTITION BY pair ORDER BY part) AS stretch
    FROM (
        SELECT DISTINCT ON (pair, part) *
        FROM gathered
        ORDER BY pair, part, rank, round(gap_m::numeric, 6), at_m
    ) AS chosen
    WHERE rank < 3
)
SELECT vertical_number, (ARRAY['violation', 'possible', 'vertical_unknown'])[rank + 1],
    CASE WHEN gap_m IS NULL THEN 'across' WHEN right_is_upper THEN 'above' ELSE 'below' END,
    stretch, worst.vertical_m, gap_m, worst.height_accuracy_m, clearance_pair.height_known, gap_m, 0,
    ST_SetSRID(ST_MakePoint(x + along_x * left_at, y + along_y * left_at), ST_SRID(l.geom)), NULL,
    l.layer, l.id, l.code, l.owner, r.layer, r.id, r.code, r.owner
FROM worst
JOIN clearance_pair USING (pair)
JOIN asset AS l ON l.asset = worst.left_asset
JOIN asset AS r ON r.asset = worst.right_asset
