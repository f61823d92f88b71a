-- name: lacking
-- Chunks of an index of this model that have no code, which they get with their vector.
select chunks.* from chunks
join repositories on repositories.tenant_id = $1 and repositories.repository_id = $2 and repositories.model = $3
    and repositories.vectors_asked_at is not null
where chunks.tenant_id = $1 and chunks.repository_id = $2 and not exists (
    select from codes where codes.tenant_id = $1 and codes.repository_id = $2 and codes.number = chunks.number
)
order by chunks.number limit $4

-- name: without_code
-- Numbers and contents of the chunks that hold these contents and have no code.
select number, content_hash from chunks
where tenant_id = $1 and repository_id = $2 and content_hash = any ($3::text[]) and not exists (
    select from codes where codes.tenant_id = $1 and codes.repository_id = $2 and codes.number = chunks.number
)

-- name: left
-- Chunks that have no code.
select (select count(*) from chunks where tenant_id = $1 and repository_id = $2)
    - (select count(*) from codes where tenant_id = $1 and repository_id = $2)

-- name: filled
-- Readers see more from now on; what is left is asked for, or nothing is.
update repositories set version = version + 1, vectors_error = '',
    vectors_asked_at = case when $3::bigint > 0 then clock_timestamp() end
where tenant_id = $1 and repository_id = $2

-- name: refuse
-- Why no vectors could be made.
update repositories set vectors_error = $3 where tenant_id = $1 and repository_id = $2

-- name: due
-- Repositories whose vectors nobody has asked for lately; they count as asked for by that.
update repositories set vectors_asked_at = clock_timestamp()
where tenant_id = $1 and repository_id in (
    select repository_id from repositories
    where tenant_id = $1 and vectors_asked_at <= clock_timestamp() - make_interval(secs => $2::float8)
    for update skip locked
)
returning repository_id
