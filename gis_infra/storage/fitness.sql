-- What a database is, and what our account may do in it, to tell whether gis-infra can live there.
-- Parameters: none.
-- Returns one row: server_version (integer, 150018 is 15.18), encoding, is_replica, is_superuser, may_create (schemas in
-- this database), postgis_here (version, null if not created), postgis_offered (version that could be created, null if
-- not installed), is_trusted (whether an account without superuser may create it), may_pin (whether the account may write
-- PostGIS's list of coordinate systems; true while there is none, because whoever creates it may), has_trigrams (whether
-- pg_trgm, which search needs and whoever may create schemas may create, is on the server).
WITH
-- PostGIS as it stands in this database.
here AS (
    SELECT extversion FROM pg_extension WHERE extname = 'postgis'
),
-- PostGIS as it lies on the server, ready to be created.
offered AS (
    SELECT available.default_version, versions.trusted
    FROM pg_available_extensions AS available
    JOIN pg_available_extension_versions AS versions
        ON versions.name = available.name AND versions.version = available.default_version
    WHERE available.name = 'postgis'
)
SELECT
    current_setting('server_version_num')::integer AS server_version,
    current_setting('server_encoding') AS encoding,
    pg_is_in_recovery() AS is_replica,
    coalesce((SELECT rolsuper FROM pg_roles WHERE rolname = current_user), false) AS is_superuser,
    has_database_privilege(current_database(), 'CREATE') AS may_create,
    (SELECT extversion FROM here) AS postgis_here,
    (SELECT default_version FROM offered) AS postgis_offered,
    coalesce((SELECT trusted FROM offered), false) AS is_trusted,
    coalesce(
        has_table_privilege(to_regclass('spatial_ref_sys'), 'INSERT')
        AND has_table_privilege(to_regclass('spatial_ref_sys'), 'UPDATE'),
        true
    ) AS may_pin,
    EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') AS has_trigrams
