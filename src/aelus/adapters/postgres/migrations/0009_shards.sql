-- Parts of jobs at work that other workers may take over: files to be parsed, with their bytes. They go with their job.
create table aelus.shards (
    tenant_id uuid not null,
    job_id uuid not null,
    number integer not null,
    files integer not null,
    payload bytea not null,
    taken_until timestamptz,
    primary key (tenant_id, job_id, number),
    foreign key (tenant_id, job_id) references aelus.jobs on delete cascade
);
alter table aelus.shards alter column payload set storage external;
alter table aelus.shards enable row level security;
alter table aelus.shards force row level security;
create policy own_rows on aelus.shards to aelus_app using (tenant_id = (select aelus.current_tenant()))
    with check (tenant_id = (select aelus.current_tenant()));
grant select, insert, update, delete on aelus.shards to aelus_app;
