-- name: add
-- A new key of a tenant.
insert into api_keys (tenant_id, key_id, name, prefix, digest, role, scopes, user_id, created_at, expires_at, revoked_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- name: get
-- One key.
select * from api_keys where tenant_id = $1 and key_id = $2

-- name: list
-- A page of keys by id.
select * from api_keys where tenant_id = $1 and ($2::uuid is null or key_id > $2) order by key_id limit $3

-- name: replace
-- What may change of a key.
update api_keys set name = $3, prefix = $4, expires_at = $5, revoked_at = $6, digest = coalesce($7, digest)
where tenant_id = $1 and key_id = $2

-- name: find
-- The key with this public part, of a tenant that is not deleted; for operators.
select api_keys.* from api_keys join tenants using (tenant_id) where prefix = $1 and deleted_at is null

-- name: add_operator
-- A new operator's key.
insert into operators (operator_id, name, prefix, digest, created_at, expires_at, revoked_at) values ($1, $2, $3, $4, $5, $6, $7)

-- name: find_operator
-- The operator's key with this public part.
select * from operators where prefix = $1

-- name: get_operator
-- One operator's key.
select * from operators where operator_id = $1

-- name: list_operators
-- The oldest first.
select * from operators order by created_at, operator_id

-- name: replace_operator
-- What may change of an operator's key.
update operators set name = $2, expires_at = $3, revoked_at = $4 where operator_id = $1

-- name: revoke_token
-- Refuse an access token from now on.
insert into revoked_tokens (tenant_id, token_id, expires_at) values ($1, $2, $3) on conflict do nothing

-- name: drop_expired_tokens
-- Those that would be refused anyway.
delete from revoked_tokens where tenant_id = $1 and expires_at < $2

-- name: is_revoked
-- Whether an access token is refused.
select exists (select from revoked_tokens where tenant_id = $1 and token_id = $2)

-- name: signing_keys
-- Those that verify still, the newest first.
select * from signing_keys where expires_at > $1 order by created_at desc, key_id

-- name: lock_signing_keys
-- One process makes a new key at a time.
select pg_advisory_xact_lock(hashtext('aelus signing keys'))

-- name: add_signing_key
-- A new one.
insert into signing_keys (key_id, public, sealed, created_at, expires_at) values ($1, $2, $3, $4, $5)

-- name: drop_signing_keys
-- Those that verify no more.
delete from signing_keys where expires_at <= $1
