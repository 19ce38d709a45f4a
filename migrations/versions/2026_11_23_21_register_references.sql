-- What the register refers to is asked once a statement and no longer once a row: of 150,000 findings that a run
-- enters, half a million questions took half of the time. Runs are not taken away while the program is at work, and
-- whoever writes of a conflict holds it, or the register, until they end: what was there when it was asked for stays.
ALTER TABLE gis.conflict DROP CONSTRAINT conflict_last_run_id_fkey;
ALTER TABLE gis.conflict_event DROP CONSTRAINT conflict_event_run_id_fkey;
ALTER TABLE gis.conflict_event DROP CONSTRAINT conflict_event_conflict_id_fkey;

-- Refuse conflicts of a run that there is not. Reads the transition table written.
CREATE FUNCTION gis.check_conflicts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT last_run_id FROM written) AS referred
        WHERE NOT EXISTS (SELECT FROM gis.conflict_run AS run WHERE run.id = referred.last_run_id)
    ) THEN
        RAISE foreign_key_violation USING MESSAGE = 'a conflict names a run that there is not',
            SCHEMA = 'gis', TABLE = 'conflict', CONSTRAINT = 'conflict_last_run_id_fkey';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER check_insert AFTER INSERT ON gis.conflict REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION gis.check_conflicts();
CREATE TRIGGER check_update AFTER UPDATE ON gis.conflict REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION gis.check_conflicts();

-- Refuse events of a conflict or a run that there is not. Reads the transition table written.
CREATE FUNCTION gis.check_conflict_events() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM written LEFT JOIN gis.conflict AS known ON known.id = conflict_id WHERE known.id IS NULL
    ) THEN
        RAISE foreign_key_violation USING MESSAGE = 'an event names a conflict that there is not',
            SCHEMA = 'gis', TABLE = 'conflict_event', CONSTRAINT = 'conflict_event_conflict_id_fkey';
    END IF;
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT run_id FROM written WHERE run_id IS NOT NULL) AS referred
        WHERE NOT EXISTS (SELECT FROM gis.conflict_run AS run WHERE run.id = referred.run_id)
    ) THEN
        RAISE foreign_key_violation USING MESSAGE = 'an event names a run that there is not',
            SCHEMA = 'gis', TABLE = 'conflict_event', CONSTRAINT = 'conflict_event_run_id_fkey';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER check_insert AFTER INSERT ON gis.conflict_event REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION gis.check_conflict_events();
CREATE TRIGGER check_update AFTER UPDATE ON gis.conflict_event REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION gis.check_conflict_events();

-- With a conflict its history goes. Reads the transition table gone.
CREATE FUNCTION gis.forget_conflicts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM gis.conflict_event USING gone WHERE conflict_id = gone.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER forget AFTER DELETE ON gis.conflict REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION gis.forget_conflicts();

-- With all of them all of it.
CREATE FUNCTION gis.forget_all_conflicts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM gis.conflict_event;
    RETURN NULL;
END
$$;
CREATE TRIGGER forget_all AFTER TRUNCATE ON gis.conflict
FOR EACH STATEMENT EXECUTE FUNCTION gis.forget_all_conflicts();

-- A run that something refers to stays. Reads the transition table gone.
CREATE FUNCTION gis.keep_conflict_runs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM gone JOIN gis.conflict ON last_run_id = gone.id)
        OR EXISTS (SELECT FROM gone JOIN gis.conflict_event ON run_id = gone.id) THEN
        RAISE foreign_key_violation USING MESSAGE = 'conflicts or their history name this run',
            SCHEMA = 'gis', TABLE = 'conflict_run', CONSTRAINT = 'conflict_last_run_id_fkey';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER keep AFTER DELETE ON gis.conflict_run REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION gis.keep_conflict_runs();
