-- name: add
-- A new job, unless one of the repository is waiting already; dry runs are no matter.
insert into jobs (tenant_id, repository_id, job_id, state, stage, progress, attempts, error, file_errors, created_at, started_at, ended_at, request_id, trial)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
on conflict (tenant_id, repository_id) where state = 'queued' and trial is null do nothing

-- name: waiting
-- The queued job of a repository.
select * from jobs where tenant_id = $1 and repository_id = $2 and state = 'queued' and trial is null

-- name: get
-- One job.
select * from jobs where tenant_id = $1 and job_id = $2

-- name: list
-- The newest first.
select * from jobs where tenant_id = $1 order by created_at desc, job_id desc limit $2

-- name: failed
-- Jobs that failed and are the last of their repository, the newest first; dry runs are no matter.
select * from (
    select distinct on (repository_id) * from jobs where tenant_id = $1 and trial is null order by repository_id, created_at desc, job_id desc
) as last
where state = 'failed' order by created_at desc, job_id desc limit $2

-- name: silent
-- Jobs that nobody has written for so many seconds, the queued and the running ones, unless they are to be tried later; they count as written
-- by that.
update jobs set written_at = clock_timestamp()
where tenant_id = $1 and job_id in (
    select job_id from jobs
    where
        tenant_id = $1
        and state in ('queued', 'running')
        and (next_try_at is null or next_try_at <= $4)
        and written_at <= clock_timestamp() - make_interval(secs => case state when 'queued' then $2::float8 else $3::float8 end)
    for update skip locked
)
returning *

-- name: update
-- As it now stands; one that has ended is left alone.
update jobs set written_at = clock_timestamp(), state = $3, stage = $4, progress = $5, attempts = $6, error = $7, file_errors = $8, started_at = $9, ended_at = $10, result = $11,
    retries = $12, next_try_at = $13
where tenant_id = $1 and job_id = $2 and state in ('queued', 'running')
