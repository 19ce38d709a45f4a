-- Gives coverage runs the form they had: no what if, no other demand, whole people. Parameters: none. Returns nothing.
DROP FUNCTION gis.forget_coverage_places() CASCADE;
DROP FUNCTION gis.after_coverage_change() CASCADE;  -- the triggers go with it
DELETE FROM gis.coverage_run WHERE NOT official OR distance_m IS NULL OR takes IS NULL AND parameters ? 'steps';
DROP INDEX gis.coverage_run_period_idx;
ALTER TABLE gis.coverage_run
    DROP COLUMN person_id, DROP COLUMN shared, DROP COLUMN official, DROP COLUMN period, DROP COLUMN period_from,
    DROP COLUMN title, DROP COLUMN minutes, DROP COLUMN demand, DROP COLUMN level, DROP COLUMN day, DROP COLUMN takes,
    DROP COLUMN data, DROP COLUMN told, DROP COLUMN digest, DROP COLUMN what_if, DROP COLUMN sites, DROP COLUMN reach,
    ALTER COLUMN distance_m SET NOT NULL;
ALTER TABLE gis.coverage_unit
    DROP CONSTRAINT coverage_unit_pkey, DROP CONSTRAINT coverage_unit_run_id_position_key,
    DROP CONSTRAINT coverage_unit_scope_check,
    DROP COLUMN id, DROP COLUMN population, DROP COLUMN people_unassigned, DROP COLUMN facilities, DROP COLUMN amount,
    DROP COLUMN mean_distance, DROP COLUMN median_distance, DROP COLUMN p90_distance, DROP COLUMN largest_distance,
    DROP COLUMN classes, DROP COLUMN indicators, DROP COLUMN targets, DROP COLUMN service,
    DROP COLUMN lonlat, DROP COLUMN people_share, DROP COLUMN places_share, DROP COLUMN area_share,
    ALTER COLUMN people TYPE bigint, ALTER COLUMN people_served TYPE bigint,
    ALTER COLUMN places TYPE bigint, ALTER COLUMN places_served TYPE bigint;
DROP INDEX gis.coverage_unit_geom_idx;
UPDATE gis.coverage_unit SET scope = 'ward' WHERE scope = 'unit';
UPDATE gis.coverage_unit SET area_served_m2 = 0 WHERE area_served_m2 IS NULL;
ALTER TABLE gis.coverage_unit RENAME COLUMN position TO place;
ALTER TABLE gis.coverage_unit RENAME COLUMN people TO population;
ALTER TABLE gis.coverage_unit RENAME COLUMN people_served TO population_served;
ALTER TABLE gis.coverage_unit RENAME COLUMN places TO buildings;
ALTER TABLE gis.coverage_unit RENAME COLUMN places_served TO buildings_served;
ALTER TABLE gis.coverage_unit RENAME CONSTRAINT coverage_unit_run_id_fkey TO coverage_result_run_id_fkey;
ALTER TABLE gis.coverage_unit RENAME TO coverage_result;
ALTER TABLE gis.coverage_result
    ALTER COLUMN area_served_m2 SET NOT NULL,
    ADD CONSTRAINT coverage_result_pkey PRIMARY KEY (run_id, place),
    ADD CONSTRAINT coverage_result_scope_check CHECK (scope IN ('city', 'ward', 'outside'));
COMMENT ON TABLE gis.coverage_result IS 'Who and what a service reaches, by ward and for the city';
COMMENT ON COLUMN gis.coverage_result.place IS '0 is the city, then wards by code, last what is in none';
COMMENT ON COLUMN gis.coverage_result.geom IS 'The ward as it was that day; null for the rest';
ALTER TABLE gis.coverage_gap
    DROP CONSTRAINT coverage_gap_pkey, DROP CONSTRAINT coverage_gap_run_id_rank_key, DROP COLUMN id,
    DROP COLUMN service, DROP COLUMN lonlat,
    ALTER COLUMN people TYPE bigint, ALTER COLUMN places TYPE bigint;
DROP INDEX gis.coverage_gap_geom_idx;
ALTER TABLE gis.coverage_gap RENAME COLUMN unit_code TO ward_code;
ALTER TABLE gis.coverage_gap RENAME COLUMN people TO population;
ALTER TABLE gis.coverage_gap RENAME COLUMN places TO buildings;
ALTER TABLE gis.coverage_gap ADD CONSTRAINT coverage_gap_pkey PRIMARY KEY (run_id, rank);
COMMENT ON TABLE gis.coverage_gap IS 'Parts of wards out of a service''s reach';
DELETE FROM gis.layer_state WHERE layer IN ('coverage_unit', 'coverage_gap', 'coverage_place', 'coverage_site');
