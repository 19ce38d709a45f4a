-- The segments of the two lines of each pair whose boxes are nearer than what is clear, and how they lie to each other.
-- Parameters: none. Reads the temporary tables clearance_pair and segment, writes to facing. Returns nothing.
INSERT INTO facing (
    pair, left_path, right_path, start_m, length_m, right_m, x, y, along_x, along_y, near_along, near_across, cosine, sine,
    left_start, left_end, right_start, right_end
)
SELECT pair, l.path, r.path, l.start_m, l.length_m, r.length_m, l.x, l.y, l.along_x, l.along_y,
    (r.x - l.x) * l.along_x + (r.y - l.y) * l.along_y, (r.y - l.y) * l.along_x - (r.x - l.x) * l.along_y,
    l.along_x * r.along_x + l.along_y * r.along_y, l.along_x * r.along_y - l.along_y * r.along_x,
    l.ref_start, l.ref_end, r.ref_start, r.ref_end
FROM clearance_pair
JOIN segment AS l ON l.asset = left_asset
JOIN segment AS r ON r.asset = right_asset
WHERE is_lines
    AND greatest(l.x, l.end_x) + reach_m >= least(r.x, r.end_x)
    AND greatest(r.x, r.end_x) + reach_m >= least(l.x, l.end_x)
    AND greatest(l.y, l.end_y) + reach_m >= least(r.y, r.end_y)
    AND greatest(r.y, r.end_y) + reach_m >= least(l.y, l.end_y)
