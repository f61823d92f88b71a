-- name: versions
-- Version of the server, of pgvector where it is installed, and of the pgvector that could be.
select
    current_setting('server_version') as server,
    (select extversion from pg_extension where extname = 'vector') as installed_vector,
    (select default_version from pg_available_extensions where name = 'vector') as available_vector
