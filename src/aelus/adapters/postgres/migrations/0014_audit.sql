-- Who did what. The application's role adds entries of its tenant and reads them, and can neither change nor remove one. Operators drop those
-- that are old, and can drop none that is younger than 30 days, nor read what is a tenant's.

create table aelus.audit (
    tenant_id uuid not null references aelus.tenants on delete cascade,
    at timestamptz not null,
    entry_id uuid not null,
    actor text not null,
    action text not null,
    object text not null,
    origin text not null,
    outcome text not null,
    status integer not null,
    request_id text not null,
    primary key (tenant_id, at, entry_id)
);

create table aelus.operator_audit (
    at timestamptz not null,
    entry_id uuid not null,
    actor text not null,
    action text not null,
    object text not null,
    origin text not null,
    outcome text not null,
    status integer not null,
    request_id text not null,
    primary key (at, entry_id)
);

do $$
declare
    name text;
begin
    foreach name in array array['audit', 'operator_audit'] loop
        execute format('alter table aelus.%I enable row level security', name);
        execute format('alter table aelus.%I force row level security', name);
        execute format('create policy old_ones on aelus.%I for delete to aelus_operator using (at < now() - interval ''30 days'')', name);
        execute format('grant delete on aelus.%I to aelus_operator', name);
    end loop;
end
$$;

create policy own_rows on aelus.audit for select to aelus_app using (tenant_id = (select aelus.current_tenant()));
create policy own_entries on aelus.audit for insert to aelus_app with check (tenant_id = (select aelus.current_tenant()));
grant select, insert on aelus.audit to aelus_app;
create policy dated on aelus.audit for select to aelus_operator using (true);
grant select (at) on aelus.audit to aelus_operator;

create policy all_rows on aelus.operator_audit for select to aelus_operator using (true);
create policy entries on aelus.operator_audit for insert to aelus_operator with check (true);
grant select, insert on aelus.operator_audit to aelus_operator;
