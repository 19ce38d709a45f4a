-- Enters what a run found into the register, tells the history of each conflict what became of it, and counts.
-- What was there as new becomes active when the whole city was looked at; what was resolved and is found again comes
-- back as new, without the reason it once had; what somebody reviewed or approved stays so.
--   :run_id  bigint       the run
--   :now     timestamptz  its moment
--   :actor   text         user name of who asked for it
--   :whole   boolean      whether it looked at the whole city
-- Reads the temporary table named (each finding with its fingerprint, its rule's words and its street). The caller
-- holds the register against writers, so what is not there when this begins is not there when it is put in.
-- Returns one row: found, found_new, reopened, changed (bigint).
WITH
-- What the register has not.
entered AS (
    INSERT INTO gis.conflict (
        fingerprint, status, severity, pack, rule, kind, rule_title_vi, rule_title_en, clause, source, legal_basis,
        verified, left_layer, left_id, left_code, left_owner, right_layer, right_id, right_code, right_owner,
        required_m, distance_m, length_m, geom, reach, found_on, last_run_id, side, stretch, accuracy_m,
        accuracy_known, vertical_m, street, status_on
    )
    SELECT fingerprint, 'new', severity, pack, rule, kind, rule_title_vi, rule_title_en, clause, source, legal_basis,
        verified, left_layer, left_id, left_code, left_owner, right_layer, right_id, right_code, right_owner,
        required_m, distance_m, coalesce(length_m, 0), place, reach, :now, :run_id, side, coalesce(stretch, 1),
        accuracy_m, coalesce(accuracy_known, false), vertical_m, street, :now
    FROM named
    WHERE NOT EXISTS (SELECT FROM gis.conflict AS known WHERE known.fingerprint = named.fingerprint)
    ORDER BY fingerprint
    RETURNING id
),
-- What it has, and what is no longer as it was: to write the rest again would take most of the time of a run that finds
-- what the last one found. Both as they were before (before) and as they are (known).
renewed AS (
    UPDATE gis.conflict AS known SET
        status = CASE before.status
            WHEN 'new' THEN CASE WHEN :whole THEN 'active' ELSE 'new' END
            WHEN 'resolved' THEN 'new'
            ELSE before.status END,
        status_on = CASE WHEN before.status = 'resolved' OR (before.status = 'new' AND :whole)
            THEN :now ELSE before.status_on END,
        status_by = CASE WHEN before.status = 'resolved' OR (before.status = 'new' AND :whole)
            THEN NULL ELSE before.status_by END,
        reason = CASE before.status WHEN 'resolved' THEN NULL ELSE before.reason END,
        found_on = CASE before.status WHEN 'resolved' THEN :now ELSE before.found_on END,
        -- A version that somebody holds is worth nothing once what they decide by is another.
        version = before.version + (
            before.status = 'resolved' OR (before.status = 'new' AND :whole)
            OR before.severity <> named.severity
            OR abs(before.required_m - named.required_m) > 0.001
            OR coalesce(abs(before.distance_m - named.distance_m) > 0.001,
                (before.distance_m IS NULL) <> (named.distance_m IS NULL)))::integer,
        resolved_on = NULL, severity = named.severity, pack = named.pack, kind = named.kind,
        rule_title_vi = named.rule_title_vi, rule_title_en = named.rule_title_en, clause = named.clause,
        source = named.source, legal_basis = named.legal_basis, verified = named.verified,
        left_layer = named.left_layer, left_id = named.left_id, left_code = named.left_code,
        left_owner = named.left_owner, right_layer = named.right_layer, right_id = named.right_id,
        right_code = named.right_code, right_owner = named.right_owner, required_m = named.required_m,
        distance_m = named.distance_m, length_m = coalesce(named.length_m, 0), geom = named.place,
        reach = named.reach, last_run_id = :run_id, side = named.side, stretch = coalesce(named.stretch, 1),
        accuracy_m = named.accuracy_m, accuracy_known = coalesce(named.accuracy_known, false),
        vertical_m = named.vertical_m, street = named.street
    FROM named JOIN gis.conflict AS before USING (fingerprint)
    WHERE known.id = before.id AND (
        before.status = 'resolved' OR (before.status = 'new' AND :whole)
        OR (before.severity, before.pack, before.kind, before.rule_title_vi, before.rule_title_en, before.clause,
            before.source, before.legal_basis, before.verified, before.left_layer, before.left_id, before.left_code,
            before.left_owner, before.right_layer, before.right_id, before.right_code, before.right_owner,
            before.required_m, before.distance_m, before.length_m, before.geom::bytea, before.reach::bytea, before.side,
            before.stretch, before.accuracy_m, before.accuracy_known, before.vertical_m, before.street)
        IS DISTINCT FROM
            (named.severity, named.pack, named.kind, named.rule_title_vi, named.rule_title_en, named.clause,
            named.source, named.legal_basis, named.verified, named.left_layer, named.left_id, named.left_code,
            named.left_owner, named.right_layer, named.right_id, named.right_code, named.right_owner,
            named.required_m, named.distance_m, coalesce(named.length_m, 0), named.place::bytea, named.reach::bytea,
            named.side, coalesce(named.stretch, 1), named.accuracy_m, coalesce(named.accuracy_known, false),
            named.vertical_m, named.street))
    RETURNING known.id, known.status, known.severity, known.required_m, known.distance_m, known.version,
        before.status AS status_before, before.severity AS severity_before, before.required_m AS required_m_before,
        before.distance_m AS distance_m_before, before.version AS version_before
),
-- What became of each; nothing of one that is as it was to those who decide.
became AS (
    SELECT id, 'found' AS action, NULL::jsonb AS changes FROM entered
    UNION ALL
    SELECT id,
        CASE WHEN status_before = 'resolved' THEN 'came_back' WHEN status_before <> status THEN 'found_again'
            ELSE 'changed' END,
        jsonb_strip_nulls(jsonb_build_object(
            'status', CASE WHEN status_before <> status THEN jsonb_build_array(status_before, status) END,
            'severity', CASE WHEN severity_before <> severity THEN jsonb_build_array(severity_before, severity) END,
            'required_m', CASE WHEN abs(required_m_before - required_m) > 0.001
                THEN jsonb_build_array(required_m_before, required_m) END,
            'distance_m', CASE WHEN coalesce(abs(distance_m_before - distance_m) > 0.001,
                    (distance_m_before IS NULL) <> (distance_m IS NULL))
                THEN jsonb_build_array(distance_m_before, distance_m) END))
    FROM renewed
    WHERE version_before <> version
),
told AS (
    INSERT INTO gis.conflict_event (conflict_id, happened_at, action, actor, run_id, changes)
    SELECT id, :now, action, :actor, :run_id, changes FROM became ORDER BY id
)
SELECT (SELECT count(*) FROM named) AS found,
    count(*) FILTER (WHERE action = 'found') AS found_new,
    count(*) FILTER (WHERE action = 'came_back') AS reopened,
    count(*) FILTER (WHERE action = 'changed') AS changed
FROM became
