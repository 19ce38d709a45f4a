-- Enters what a run found into the register, and counts it. What was there as new becomes active; what was resolved and is
-- found again comes back as new; what somebody reviewed or approved stays so.
--   :run_id  bigint       the run
--   :now     timestamptz  its moment
-- Reads the temporary tables finding and said (what each rule says, by number).
-- Returns one row: found, found_new, reopened (bigint).
WITH
-- Each finding with its rule's words and a fingerprint that no order of the two assets and no run changes.
named AS (
    SELECT finding.*, pack, rule, kind, rule_title_vi, rule_title_en, clause, source, legal_basis, verified,
        left(encode(sha256(convert_to(concat_ws('|', rule,
            least(left_layer || ':' || left_id, right_layer || ':' || right_id),
            greatest(left_layer || ':' || left_id, right_layer || ':' || right_id)), 'UTF8')), 'hex'), 32) AS fingerprint
    FROM finding
    JOIN said USING (number)
),
-- The register after this run.
entered AS (
    INSERT INTO gis.conflict AS known (
        fingerprint, status, severity, pack, rule, kind, rule_title_vi, rule_title_en, clause, source, legal_basis,
        verified, left_layer, left_id, left_code, left_owner, right_layer, right_id, right_code, right_owner,
        required_m, distance_m, length_m, geom, reach, found_on, last_run_id
    )
    SELECT fingerprint, 'new', 'violation', pack, rule, kind, rule_title_vi, rule_title_en, clause, source, legal_basis,
        verified, left_layer, left_id, left_code, left_owner, right_layer, right_id, right_code, right_owner,
        required_m, distance_m, length_m, place, reach, :now, :run_id
    FROM named
    ORDER BY fingerprint
    ON CONFLICT (fingerprint) DO UPDATE SET
        status = CASE known.status WHEN 'new' THEN 'active' WHEN 'resolved' THEN 'new' ELSE known.status END,
        found_on = CASE known.status WHEN 'resolved' THEN EXCLUDED.found_on ELSE known.found_on END,
        resolved_on = NULL, severity = EXCLUDED.severity, pack = EXCLUDED.pack, kind = EXCLUDED.kind,
        rule_title_vi = EXCLUDED.rule_title_vi, rule_title_en = EXCLUDED.rule_title_en, clause = EXCLUDED.clause,
        source = EXCLUDED.source, legal_basis = EXCLUDED.legal_basis, verified = EXCLUDED.verified,
        left_layer = EXCLUDED.left_layer, left_id = EXCLUDED.left_id, left_code = EXCLUDED.left_code,
        left_owner = EXCLUDED.left_owner, right_layer = EXCLUDED.right_layer, right_id = EXCLUDED.right_id,
        right_code = EXCLUDED.right_code, right_owner = EXCLUDED.right_owner, required_m = EXCLUDED.required_m,
        distance_m = EXCLUDED.distance_m, length_m = EXCLUDED.length_m, geom = EXCLUDED.geom,
        reach = EXCLUDED.reach, last_run_id = EXCLUDED.last_run_id
    -- xmax is 0 in a row that was just inserted, and not in one that was updated.
    RETURNING known.status, known.xmax = 0 AS inserted
)
SELECT count(*) AS found,
    count(*) FILTER (WHERE inserted) AS found_new,
    count(*) FILTER (WHERE NOT inserted AND status = 'new') AS reopened
FROM entered
