-- Measures in space the pieces of two lines that a rule asks about in space: root of the squares of the distance in the plan
-- and of the gap in height at the worst place, neither below 0.
-- Parameters: none. Reads the temporary tables clearance_pair, asset and facing; changes at_m, plan_m, measured_m, gap_m, side
-- and place of the rows of piece that are spatial; measured_m is null where heights cannot be compared. Returns nothing.
WITH RECURSIVE
-- Both segments of each piece, and how the right one lies to the left one: its start along and across it, and its turn.
two AS (
    SELECT piece.pair, number, piece.left_path, piece.right_path, from_m - start_m AS from_m, to_m - start_m AS to_m,
        start_m, length_m, x, y, along_x, along_y, right_m, near_along, near_across, cosine, sine, radii_m,
        ST_SRID(l.geom) AS srid, l.frame = r.frame AS comparable,
        left_start, (left_end - left_start) / length_m AS left_slope,
        right_start, (right_end - right_start) / right_m AS right_slope,
        l.top_over AS left_top_over, l.bottom_over AS left_bottom_over, r.top_over AS right_top_over,
        r.bottom_over AS right_bottom_over
    FROM piece
    JOIN clearance_pair USING (pair)
    JOIN facing USING (pair, left_path, right_path)
    JOIN asset AS l ON l.asset = left_asset
    JOIN asset AS r ON r.asset = right_asset
    WHERE spatial
),
-- The worst place among evenly spread ones, then among those around it, each time ten times closer: after six rounds it is
-- known to a hundred thousandth of the piece. The distance has one hollow between two places tried, because both its parts do.
worst (pair, number, left_path, right_path, round, low, high, at, apart_m, plan_m, gap_m, facing) AS (
    SELECT pair, number, left_path, right_path, 0, from_m, to_m, from_m, NULL::double precision, NULL::double precision,
        NULL::double precision, NULL::double precision
    FROM two
    UNION ALL
    SELECT worst.pair, worst.number, worst.left_path, worst.right_path, round + 1,
        greatest(from_m, best.at - (high - low) / 20), least(to_m, best.at + (high - low) / 20), best.at, best.apart_m,
        best.plan_m, best.gap_m, best.facing
    FROM worst
    JOIN two USING (pair, number, left_path, right_path)
    CROSS JOIN LATERAL (
        SELECT tried.at, sqrt(greatest(beside_m, 0) ^ 2 + greatest(gap, 0) ^ 2) AS apart_m, beside_m AS plan_m,
            gap AS gap_m, facing
        FROM (
            SELECT low + (high - low) * step / 40 AS at FROM generate_series(0, 40) AS step
            -- Beside the ends of the right segment, where the nearest place stops moving along, and where they cross.
            UNION ALL
            SELECT least(greatest(spot, low), high)
            FROM (
                VALUES (near_along), (near_along + right_m * cosine), (near_along + near_across * sine / cosine),
                    (near_along + near_across * sine / cosine + right_m / cosine),
                    (CASE WHEN abs(sine) > 1e-12 THEN near_along - near_across * cosine / sine END)
            ) AS candidate (spot)
            WHERE spot IS NOT NULL
        ) AS tried
        -- The nearest place of the right segment, as metres along it, and how far it is in the plan.
        CROSS JOIN LATERAL (
            SELECT least(greatest((tried.at - near_along) * cosine - near_across * sine, 0), right_m) AS facing
        ) AS nearest
        CROSS JOIN LATERAL (
            SELECT sqrt((near_along + facing * cosine - tried.at) ^ 2 + (near_across + facing * sine) ^ 2) - radii_m
                    AS beside_m,
                left_start + left_slope * tried.at AS left_ref, right_start + right_slope * facing AS right_ref
        ) AS flat
        CROSS JOIN LATERAL (
            SELECT left_ref + left_bottom_over - right_ref - right_top_over AS over_m,
                right_ref + right_bottom_over - left_ref - left_top_over AS under_m
        ) AS gaps
        -- A gap known from one side alone is a true one if it is positive.
        CROSS JOIN LATERAL (
            SELECT CASE WHEN over_m IS NOT NULL AND under_m IS NOT NULL OR greatest(over_m, under_m) >= -0.001
                THEN greatest(over_m, under_m) END AS gap
        ) AS known
        ORDER BY round(sqrt(greatest(beside_m, 0) ^ 2 + greatest(gap, 0) ^ 2)::numeric, 7) NULLS LAST, tried.at
        LIMIT 1
    ) AS best
    WHERE comparable AND round < 6
)
UPDATE piece SET
    measured_m = apart_m, plan_m = coalesce(worst.plan_m, piece.plan_m), gap_m = worst.gap_m,
    at_m = CASE WHEN apart_m IS NULL THEN piece.at_m ELSE start_m + at END,
    side = CASE WHEN apart_m IS NULL THEN piece.side
        WHEN near_across + facing * sine > 0.001 THEN 'left' WHEN near_across + facing * sine < -0.001 THEN 'right' END,
    place = CASE WHEN apart_m IS NULL THEN piece.place ELSE ST_SetSRID(ST_MakePoint(
        x + along_x * (at + near_along + facing * cosine) / 2 - along_y * (near_across + facing * sine) / 2,
        y + along_y * (at + near_along + facing * cosine) / 2 + along_x * (near_across + facing * sine) / 2), srid) END
FROM worst
JOIN two USING (pair, number, left_path, right_path)
WHERE piece.spatial
    AND (piece.pair, piece.number, piece.left_path, piece.right_path)
        = (worst.pair, worst.number, worst.left_path, worst.right_path)
    AND worst.round = CASE WHEN comparable THEN 6 ELSE 0 END
