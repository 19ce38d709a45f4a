-- Enters what a run found into the register, tells the history of each conflict what became of it, and counts.
-- What was there as new becomes active when the whole city was looked at; what was resolved and is found again comes back
-- as new, without the reason it once had; what somebody reviewed or approved stays so.
--   :run_id  bigint       the run
--   :now     timestamptz  its moment
--   :actor   text         user name of who asked for it
--   :whole   boolean      whether it looked at the whole city
-- Reads the temporary table named (each finding with its fingerprint, its rule's words and its street).
-- Returns one row: found, found_new, reopened, changed (bigint).
WITH
-- Those of them that the register knows, as it knows them.
before AS (
    SELECT known.fingerprint, known.status, known.severity, known.required_m, known.distance_m, known.version
    FROM gis.conflict AS known JOIN named USING (fingerprint)
),
-- What the register got or changed by this run.
entered AS (
    INSERT INTO gis.conflict AS known (
        fingerprint, status, severity, pack, rule, kind, rule_title_vi, rule_title_en, clause, source, legal_basis,
        verified, left_layer, left_id, left_code, left_owner, right_layer, right_id, right_code, right_owner,
        required_m, distance_m, length_m, geom, reach, found_on, last_run_id, side, stretch, accuracy_m,
        accuracy_known, vertical_m, street, status_on
    )
    SELECT fingerprint, 'new', severity, pack, rule, kind, rule_title_vi, rule_title_en, clause, source, legal_basis,
        verified, left_layer, left_id, left_code, left_owner, right_layer, right_id, right_code, right_owner,
        required_m, distance_m, coalesce(length_m, 0), place, reach, :now, :run_id, side, coalesce(stretch, 1), accuracy_m,
        coalesce(accuracy_known, false), vertical_m, street, :now
    FROM named
    ORDER BY fingerprint
    ON CONFLICT (fingerprint) DO UPDATE SET
        status = CASE known.status
            WHEN 'new' THEN CASE WHEN :whole THEN 'active' ELSE 'new' END
            WHEN 'resolved' THEN 'new'
            ELSE known.status END,
        status_on = CASE WHEN known.status = 'resolved' OR (known.status = 'new' AND :whole)
            THEN EXCLUDED.status_on ELSE known.status_on END,
        status_by = CASE WHEN known.status = 'resolved' OR (known.status = 'new' AND :whole)
            THEN NULL ELSE known.status_by END,
        reason = CASE known.status WHEN 'resolved' THEN NULL ELSE known.reason END,
        found_on = CASE known.status WHEN 'resolved' THEN EXCLUDED.found_on ELSE known.found_on END,
        -- A version that somebody holds is worth nothing once what they decide by is another.
        version = known.version + (
            known.status = 'resolved' OR (known.status = 'new' AND :whole)
            OR known.severity <> EXCLUDED.severity
            OR abs(known.required_m - EXCLUDED.required_m) > 0.001
            OR coalesce(abs(known.distance_m - EXCLUDED.distance_m) > 0.001,
                (known.distance_m IS NULL) <> (EXCLUDED.distance_m IS NULL)))::integer,
        resolved_on = NULL, severity = EXCLUDED.severity, pack = EXCLUDED.pack, kind = EXCLUDED.kind,
        rule_title_vi = EXCLUDED.rule_title_vi, rule_title_en = EXCLUDED.rule_title_en, clause = EXCLUDED.clause,
        source = EXCLUDED.source, legal_basis = EXCLUDED.legal_basis, verified = EXCLUDED.verified,
        left_layer = EXCLUDED.left_layer, left_id = EXCLUDED.left_id, left_code = EXCLUDED.left_code,
        left_owner = EXCLUDED.left_owner, right_layer = EXCLUDED.right_layer, right_id = EXCLUDED.right_id,
        right_code = EXCLUDED.right_code, right_owner = EXCLUDED.right_owner, required_m = EXCLUDED.required_m,
        distance_m = EXCLUDED.distance_m, length_m = EXCLUDED.length_m, geom = EXCLUDED.geom,
        reach = EXCLUDED.reach, last_run_id = EXCLUDED.last_run_id, side = EXCLUDED.side, stretch = EXCLUDED.stretch,
        accuracy_m = EXCLUDED.accuracy_m, accuracy_known = EXCLUDED.accuracy_known,
        vertical_m = EXCLUDED.vertical_m, street = EXCLUDED.street
    -- What is as it was is not written again: a register of 100,000 entries is entered in a fifth of the time.
    WHERE known.status = 'resolved' OR (known.status = 'new' AND :whole)
        OR (known.severity, known.pack, known.kind, known.rule_title_vi, known.rule_title_en, known.clause, known.source,
            known.legal_basis, known.verified, known.left_layer, known.left_id, known.left_code, known.left_owner,
            known.right_layer, known.right_id, known.right_code, known.right_owner, known.required_m, known.distance_m,
            known.length_m, known.geom::bytea, known.reach::bytea, known.side, known.stretch, known.accuracy_m,
            known.accuracy_known, known.vertical_m, known.street)
        IS DISTINCT FROM
            (EXCLUDED.severity, EXCLUDED.pack, EXCLUDED.kind, EXCLUDED.rule_title_vi, EXCLUDED.rule_title_en,
            EXCLUDED.clause, EXCLUDED.source, EXCLUDED.legal_basis, EXCLUDED.verified, EXCLUDED.left_layer,
            EXCLUDED.left_id, EXCLUDED.left_code, EXCLUDED.left_owner, EXCLUDED.right_layer, EXCLUDED.right_id,
            EXCLUDED.right_code, EXCLUDED.right_owner, EXCLUDED.required_m, EXCLUDED.distance_m, EXCLUDED.length_m,
            EXCLUDED.geom::bytea, EXCLUDED.reach::bytea, EXCLUDED.side, EXCLUDED.stretch, EXCLUDED.accuracy_m,
            EXCLUDED.accuracy_known, EXCLUDED.vertical_m, EXCLUDED.street)
    RETURNING known.id, known.fingerprint, known.status, known.severity, known.required_m, known.distance_m, known.version
),
-- What became of each; nothing of one that is as it was.
became AS (
    SELECT entered.id,
        CASE WHEN before.fingerprint IS NULL THEN 'found' WHEN before.status = 'resolved' THEN 'came_back'
            WHEN before.status <> entered.status THEN 'found_again' ELSE 'changed' END AS action,
        jsonb_strip_nulls(jsonb_build_object(
            'status', CASE WHEN before.status <> entered.status
                THEN jsonb_build_array(before.status, entered.status) END,
            'severity', CASE WHEN before.severity <> entered.severity
                THEN jsonb_build_array(before.severity, entered.severity) END,
            'required_m', CASE WHEN abs(before.required_m - entered.required_m) > 0.001
                THEN jsonb_build_array(before.required_m, entered.required_m) END,
            'distance_m', CASE WHEN coalesce(abs(before.distance_m - entered.distance_m) > 0.001,
                    (before.distance_m IS NULL) <> (entered.distance_m IS NULL))
                THEN jsonb_build_array(before.distance_m, entered.distance_m) END)) AS changes
    FROM entered LEFT JOIN before USING (fingerprint)
    WHERE before.fingerprint IS NULL OR before.version <> entered.version
),
told AS (
    INSERT INTO gis.conflict_event (conflict_id, happened_at, action, actor, run_id, changes)
    SELECT id, :now, action, :actor, :run_id, CASE WHEN action <> 'found' THEN changes END FROM became ORDER BY id
)
SELECT (SELECT count(*) FROM named) AS found,
    count(*) FILTER (WHERE action = 'found') AS found_new,
    count(*) FILTER (WHERE action = 'came_back') AS reopened,
    count(*) FILTER (WHERE action = 'changed') AS changed
FROM became
