-- name: get
-- What was set for a tenant.
select * from quotas where tenant_id = $1

-- name: put
-- In place of what was set before; for operators.
insert into quotas (tenant_id, vectors, requests_per_second, storage_gb, repositories, jobs) values ($1, $2, $3, $4, $5, $6)
on conflict (tenant_id) do update set vectors = excluded.vectors, requests_per_second = excluded.requests_per_second,
    storage_gb = excluded.storage_gb, repositories = excluded.repositories, jobs = excluded.jobs

-- name: tally
-- What a tenant has.
select repositories, jobs, vectors, storage_bytes from tallies where tenant_id = $1

-- name: reserve
-- Set room aside for an index, in place of what was set aside before.
update repositories set reserved_vectors = $3, reserved_bytes = $4 where tenant_id = $1 and repository_id = $2

-- name: tell
-- Amounts by source; a smaller one than is known is older.
insert into usage (tenant_id, day, metric, source, amount)
select $1, day, metric, source, amount
from unnest($2::date[], $3::text[], $4::uuid[], $5::bigint[]) as told (day, metric, source, amount)
on conflict (tenant_id, day, metric, source) do update set amount = greatest(usage.amount, excluded.amount)

-- name: count
-- Something that this transaction does; its entry commits with it.
insert into usage (tenant_id, day, metric, source, amount) values ($1, (now() at time zone 'UTC')::date, $2, gen_random_uuid(), $3)

-- name: days
-- Sums by day.
select day, metric, sum(amount)::bigint as amount from usage where tenant_id = $1 and day between $2 and $3 group by day, metric order by day
