-- name: ensure
-- Add a tenant unless its id is known.
insert into tenants (tenant_id, name, created_at) values ($1, $2, $3) on conflict do nothing

-- name: get
-- One tenant.
select * from tenants where tenant_id = $1

-- name: list
-- All of them, oldest first.
select * from tenants order by created_at, tenant_id

-- name: replace
-- Its name, and when it was deleted.
update tenants set name = $2, deleted_at = $3 where tenant_id = $1

-- name: hold
-- When it was deleted, which nobody changes until the transaction ends. Rows that refer to it may be written meanwhile.
select deleted_at from tenants where tenant_id = $1 for no key update

-- name: repositories
-- Of one tenant. Who removes them waits for those who write them, and nobody writes them afterwards.
delete from repositories where tenant_id = $1

-- name: rows
-- What no foreign key removes.
with
    gone_nodes as (delete from nodes where tenant_id = $1),
    gone_edges as (delete from edges where tenant_id = $1),
    gone_chunks as (delete from chunks where tenant_id = $1),
    gone_codes as (delete from codes where tenant_id = $1)
delete from postings where tenant_id = $1

-- name: remove
-- The tenant, and with it all that refers to it.
delete from tenants where tenant_id = $1

-- name: tables
-- All tables that are keyed by tenant and that the reader may look into.
select relname as name from pg_class
join pg_attribute on attrelid = pg_class.oid and attname = 'tenant_id' and not attisdropped
where relnamespace = 'aelus'::regnamespace and relkind in ('r', 'p') and has_table_privilege(pg_class.oid, 'select')
order by relname

-- name: any
-- Whether one of these tables has a row for the reader; its name is put in.
select exists (select from aelus.{table})
