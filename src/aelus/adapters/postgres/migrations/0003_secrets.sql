-- Secrets of repositories, sealed before they come here, and which announcements of pushes have come already.
create table aelus.secrets (
    tenant_id uuid not null,
    repository_id uuid not null,
    purpose text not null,
    sealed bytea not null,
    primary key (tenant_id, repository_id, purpose),
    foreign key (tenant_id, repository_id) references aelus.repositories on delete cascade
);

create table aelus.deliveries (
    tenant_id uuid not null,
    repository_id uuid not null,
    delivery text not null,
    received_at timestamptz not null,
    primary key (tenant_id, repository_id, delivery),
    foreign key (tenant_id, repository_id) references aelus.repositories on delete cascade
);
create index deliveries_oldest on aelus.deliveries (tenant_id, received_at);

do $$
declare
    name text;
begin
    foreach name in array array['secrets', 'deliveries'] loop
        execute format('alter table aelus.%I enable row level security', name);
        execute format('alter table aelus.%I force row level security', name);
        execute format(
            'create policy own_rows on aelus.%I to aelus_app using (tenant_id = (select aelus.current_tenant()))'
            ' with check (tenant_id = (select aelus.current_tenant()))', name);
        execute format('grant select, insert, update, delete on aelus.%I to aelus_app', name);
    end loop;
end
$$;

-- An announcement names a repository and no tenant: whose it is, and nothing else of it, is the operators' to know.
create policy owners on aelus.repositories for select to aelus_operator using (true);
grant select (tenant_id, repository_id) on aelus.repositories to aelus_operator;
