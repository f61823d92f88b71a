-- Quotas of tenants; what they have of each, kept in the transactions that change it; and what they have used, by day.

create table aelus.quotas (
    tenant_id uuid primary key references aelus.tenants on delete cascade,
    vectors bigint not null,
    requests_per_second bigint not null,
    storage_gb bigint not null,
    repositories bigint not null,
    jobs bigint not null
);

create table aelus.tallies (
    tenant_id uuid primary key references aelus.tenants on delete cascade,
    repositories bigint not null default 0,
    jobs bigint not null default 0,
    vectors bigint not null default 0,
    storage_bytes bigint not null default 0
);

-- source: whatever has counted, and tells a growing amount; a transaction that tells once is a source of its own.
create table aelus.usage (
    tenant_id uuid not null references aelus.tenants on delete cascade,
    day date not null,
    metric text not null,
    source uuid not null,
    amount bigint not null,
    primary key (tenant_id, day, metric, source)
);

do $$
declare
    name text;
begin
    foreach name in array array['quotas', 'tallies', 'usage'] loop
        execute format('alter table aelus.%I enable row level security', name);
        execute format('alter table aelus.%I force row level security', name);
        execute format('create policy every_tenants on aelus.%I for select to aelus_operator using (true)', name);
        execute format('grant select on aelus.%I to aelus_app, aelus_operator', name);
    end loop;
end
$$;

create policy own_rows on aelus.quotas for select to aelus_app using (tenant_id = (select aelus.current_tenant()));
create policy set_by_operators on aelus.quotas to aelus_operator using (true) with check (true);
grant insert, update on aelus.quotas to aelus_operator;

create policy own_rows on aelus.usage to aelus_app using (tenant_id = (select aelus.current_tenant()))
    with check (tenant_id = (select aelus.current_tenant()));
grant insert, update on aelus.usage to aelus_app;

-- For every role: what a foreign key removes, the owner of the tables removes, and the triggers below are then the owner's.
create policy own_rows on aelus.tallies using (tenant_id = (select aelus.current_tenant()))
    with check (tenant_id = (select aelus.current_tenant()));
grant insert, update on aelus.tallies to aelus_app;

-- Room that is set aside for an index that is being made.
alter table aelus.repositories add column reserved_vectors bigint not null default 0, add column reserved_bytes bigint not null default 0;

create function aelus.held(counts jsonb, what text, reserved bigint) returns bigint
    language sql immutable parallel safe
    return greatest(coalesce((counts ->> what)::bigint, 0), coalesce(reserved, 0));

-- Further branches of a repository are rows of their own, and no repositories of their own.
-- The row of a tenant is locked until its transaction ends: of several that add at once, each sees what the others have added.
create function aelus.tally_repositories() returns trigger
language plpgsql set search_path = pg_catalog
as $$
begin
    if tg_op = 'INSERT' then
        insert into aelus.tallies (tenant_id) values (new.tenant_id) on conflict do nothing;
    end if;
    update aelus.tallies set
        repositories = repositories + case when coalesce(new.branch_of, old.branch_of) is not null then 0
            when tg_op = 'INSERT' then 1 when tg_op = 'DELETE' then -1 else 0 end,
        vectors = vectors + aelus.held(new.counts, 'chunks', new.reserved_vectors) - aelus.held(old.counts, 'chunks', old.reserved_vectors),
        storage_bytes = storage_bytes + aelus.held(new.counts, 'size_bytes', new.reserved_bytes)
            - aelus.held(old.counts, 'size_bytes', old.reserved_bytes)
    where tenant_id = coalesce(new.tenant_id, old.tenant_id);
    return null;
end
$$;

create function aelus.tally_jobs() returns trigger
language plpgsql set search_path = pg_catalog
as $$
declare
    more integer := (coalesce(new.state, '') in ('queued', 'running'))::integer - (coalesce(old.state, '') in ('queued', 'running'))::integer;
begin
    if more <> 0 then
        update aelus.tallies set jobs = jobs + more where tenant_id = coalesce(new.tenant_id, old.tenant_id);
    end if;
    return null;
end
$$;

create trigger tally_added after insert or delete on aelus.repositories for each row execute function aelus.tally_repositories();
create trigger tally_changed after update of counts, reserved_vectors, reserved_bytes on aelus.repositories
    for each row execute function aelus.tally_repositories();
create trigger tally_added after insert or delete on aelus.jobs for each row execute function aelus.tally_jobs();
create trigger tally_changed after update of state on aelus.jobs
    for each row when (old.state is distinct from new.state) execute function aelus.tally_jobs();

-- The owner of the tables sees rows as little as anybody, but for a moment.
alter table aelus.repositories no force row level security;
alter table aelus.jobs no force row level security;
alter table aelus.tallies no force row level security;
insert into aelus.tallies (tenant_id, repositories, vectors, storage_bytes, jobs)
select
    tenant_id,
    count(*) filter (where branch_of is null),
    sum(aelus.held(counts, 'chunks', 0)),
    sum(aelus.held(counts, 'size_bytes', 0)),
    (select count(*) from aelus.jobs where jobs.tenant_id = repositories.tenant_id and state in ('queued', 'running'))
from aelus.repositories group by tenant_id;
alter table aelus.repositories force row level security;
alter table aelus.jobs force row level security;
alter table aelus.tallies force row level security;
