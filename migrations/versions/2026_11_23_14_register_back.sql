-- What takes the register back: what it could not hold before goes, and fingerprints are again of rule and assets alone.

DROP FUNCTION gis.after_register_change() CASCADE;  -- the trigger goes with it
DELETE FROM gis.layer_state WHERE layer = 'conflict';

DELETE FROM gis.conflict WHERE severity IN ('vertical_unknown', 'opportunity') OR stretch <> 1 OR distance_m IS NULL;

UPDATE gis.conflict SET
    fingerprint = left(encode(sha256(convert_to(concat_ws('|', rule,
        least(left_layer || ':' || left_id, right_layer || ':' || right_id),
        greatest(left_layer || ':' || left_id, right_layer || ':' || right_id)), 'UTF8')), 'hex'), 32);
