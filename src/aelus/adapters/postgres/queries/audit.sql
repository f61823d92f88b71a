-- name: add
-- One entry of a tenant.
insert into audit (tenant_id, at, entry_id, actor, action, object, origin, outcome, status, request_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- name: add_operators
-- One entry of operators.
insert into operator_audit (at, entry_id, actor, action, object, origin, outcome, status, request_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: read
-- Entries of a tenant, those behind one of them.
select * from audit
where tenant_id = $1 and at >= $2 and at < $3
    and ($4::uuid is null or (at, entry_id) > (select at, entry_id from audit where tenant_id = $1 and entry_id = $4))
order by at, entry_id limit $5

-- name: read_operators
-- Entries of operators, those behind one of them.
select * from operator_audit
where at >= $1 and at < $2 and ($3::uuid is null or (at, entry_id) > (select at, entry_id from operator_audit where entry_id = $3))
order by at, entry_id limit $4

-- name: expire
-- Old entries of all tenants.
delete from audit where at < $1

-- name: expire_operators
-- Old entries of operators.
delete from operator_audit where at < $1
