-- name: ensure
-- Add a tenant unless its id is known.
insert into tenants (tenant_id, name, created_at) values ($1, $2, $3) on conflict do nothing

-- name: get
-- One tenant.
select * from tenants where tenant_id = $1

-- name: list
-- All of them, oldest first.
select * from tenants order by created_at, tenant_id
