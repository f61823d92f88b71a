-- Files of repositories that no Git server feeds, and what the sender calls their state.
create table aelus.pushes (
    tenant_id uuid not null,
    repository_id uuid not null,
    commit text not null,
    pushed_at timestamptz not null,
    primary key (tenant_id, repository_id),
    foreign key (tenant_id, repository_id) references aelus.repositories on delete cascade
);

create table aelus.pushed_files (
    tenant_id uuid not null,
    repository_id uuid not null,
    path text collate "C" not null,
    blob_hash text not null,
    size_bytes integer not null,
    content bytea not null,
    primary key (tenant_id, repository_id, path),
    foreign key (tenant_id, repository_id) references aelus.repositories on delete cascade
);

do $$
declare
    name text;
begin
    foreach name in array array['pushes', 'pushed_files'] loop
        execute format('alter table aelus.%I enable row level security', name);
        execute format('alter table aelus.%I force row level security', name);
        execute format(
            'create policy own_rows on aelus.%I to aelus_app using (tenant_id = (select aelus.current_tenant()))'
            ' with check (tenant_id = (select aelus.current_tenant()))', name);
        execute format('grant select, insert, update, delete on aelus.%I to aelus_app', name);
    end loop;
end
$$;
