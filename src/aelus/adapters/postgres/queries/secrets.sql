-- name: put
-- A secret, in place of the one before.
insert into secrets (tenant_id, repository_id, purpose, sealed) values ($1, $2, $3, $4)
on conflict (tenant_id, repository_id, purpose) do update set sealed = excluded.sealed

-- name: get
-- A sealed secret.
select sealed from secrets where tenant_id = $1 and repository_id = $2 and purpose = $3

-- name: forget
-- Remove a secret.
delete from secrets where tenant_id = $1 and repository_id = $2 and purpose = $3

-- name: knows_delivery
-- Whether a delivery has come.
select exists (select from deliveries where tenant_id = $1 and repository_id = $2 and delivery = $3)

-- name: remember_delivery
-- A delivery, unless it is known.
insert into deliveries (tenant_id, repository_id, delivery, received_at) values ($1, $2, $3, $4) on conflict do nothing

-- name: drop_old_deliveries
-- Those received before a moment.
delete from deliveries where tenant_id = $1 and received_at < $2
