-- name: add
-- Shards of a job.
insert into shards (tenant_id, job_id, number, files, payload)
select $1, $2, given.* from unnest($3::int[], $4::int[], $5::bytea[]) as given

-- name: drop_of_ended
-- Shards of jobs that nobody works at any more.
delete from shards using jobs
where shards.tenant_id = $1 and jobs.tenant_id = $1 and jobs.job_id = shards.job_id and jobs.state not in ('queued', 'running')

-- name: take
-- One that nobody has, or that was not done in time.
update shards set taken_until = clock_timestamp() + make_interval(secs => $3::float8)
where tenant_id = $1 and job_id = $2 and number = (
    select number from shards
    where tenant_id = $1 and job_id = $2 and (taken_until is null or taken_until < clock_timestamp())
    order by number limit 1 for update skip locked
)
returning number, payload

-- name: finish
-- One that is done.
delete from shards where tenant_id = $1 and job_id = $2 and number = $3

-- name: left
-- Those that are not done.
select number from shards where tenant_id = $1 and job_id = $2 order by number

-- name: drop
-- All of a job.
delete from shards where tenant_id = $1 and job_id = $2

-- name: drop_leavings
-- Facts that no file refers to, unless a job may be about to.
delete from facts as known
where known.tenant_id = $1
    and not exists (select from files where files.tenant_id = $1 and files.blob_hash = known.blob_hash)
    and not exists (select from jobs where jobs.tenant_id = $1 and jobs.state in ('queued', 'running'))
