-- What the register held is kept as first stretches, with a history that begins when each was found; and its revision rises
-- with every change, so that no tile of it is stale.

-- A fingerprint names the stretch now. Texts are ordered by their bytes, so that no locale changes it.
UPDATE gis.conflict SET
    status_on = coalesce(resolved_on, found_on),
    reason = CASE WHEN status = 'approved' THEN 'approved before a reason was asked for' END,
    fingerprint = left(encode(sha256(convert_to(
        CASE WHEN right_layer IS NULL THEN concat_ws('|', rule, left_layer || ':' || left_id, '1')
        ELSE concat_ws('|', rule,
            least((left_layer || ':' || left_id) COLLATE "C", (right_layer || ':' || right_id) COLLATE "C"),
            greatest((left_layer || ':' || left_id) COLLATE "C", (right_layer || ':' || right_id) COLLATE "C"), '1')
        END, 'UTF8')), 'hex'), 32);

INSERT INTO gis.conflict_event (conflict_id, happened_at, action, actor)
SELECT id, found_on, 'found', 'system' FROM gis.conflict ORDER BY id;

INSERT INTO gis.conflict_event (conflict_id, happened_at, action, actor)
SELECT id, resolved_on, 'gone', 'system' FROM gis.conflict WHERE status = 'resolved' AND resolved_on IS NOT NULL ORDER BY id;

CREATE FUNCTION gis.after_register_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM gis.bump_layer('conflict');
    RETURN NULL;
END
$$;

CREATE TRIGGER register_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gis.conflict
FOR EACH STATEMENT EXECUTE FUNCTION gis.after_register_change();

SELECT gis.bump_layer('conflict');
