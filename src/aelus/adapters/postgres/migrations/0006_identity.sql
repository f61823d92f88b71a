-- Members, keys, groups and grants of tenants; operators; the keys that sign tokens. Tenants can be deleted before they are purged.

alter table aelus.tenants add column deleted_at timestamptz;

create table aelus.users (
    tenant_id uuid not null references aelus.tenants on delete cascade,
    user_id uuid not null,
    name text collate "C" not null check (length(name) between 1 and 200),
    role text not null,
    all_repositories boolean not null,
    external text collate "C",
    created_at timestamptz not null,
    primary key (tenant_id, user_id),
    unique (tenant_id, name),
    unique (tenant_id, external)
);

-- digest: of the whole token, keyed. The prefix is public, and finds the key before its tenant is known.
create table aelus.api_keys (
    tenant_id uuid not null references aelus.tenants on delete cascade,
    key_id uuid not null,
    name text not null check (length(name) between 1 and 200),
    prefix text collate "C" not null unique,
    digest bytea not null,
    role text not null,
    scopes text[] not null,
    user_id uuid,
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    primary key (tenant_id, key_id),
    foreign key (tenant_id, user_id) references aelus.users on delete cascade
);

create table aelus.groups (
    tenant_id uuid not null references aelus.tenants on delete cascade,
    group_id uuid not null,
    name text collate "C" not null check (length(name) between 1 and 200),
    primary key (tenant_id, group_id),
    unique (tenant_id, name)
);

create table aelus.group_members (
    tenant_id uuid not null,
    group_id uuid not null,
    user_id uuid not null,
    primary key (tenant_id, group_id, user_id),
    foreign key (tenant_id, group_id) references aelus.groups on delete cascade,
    foreign key (tenant_id, user_id) references aelus.users on delete cascade
);
create index group_members_user on aelus.group_members (tenant_id, user_id);

create table aelus.user_grants (
    tenant_id uuid not null,
    user_id uuid not null,
    repository_id uuid not null,
    primary key (tenant_id, user_id, repository_id),
    foreign key (tenant_id, user_id) references aelus.users on delete cascade,
    foreign key (tenant_id, repository_id) references aelus.repositories on delete cascade
);
create index user_grants_repository on aelus.user_grants (tenant_id, repository_id);

create table aelus.group_grants (
    tenant_id uuid not null,
    group_id uuid not null,
    repository_id uuid not null,
    primary key (tenant_id, group_id, repository_id),
    foreign key (tenant_id, group_id) references aelus.groups on delete cascade,
    foreign key (tenant_id, repository_id) references aelus.repositories on delete cascade
);
create index group_grants_repository on aelus.group_grants (tenant_id, repository_id);

-- Access tokens that are good by their signature and are refused all the same, until they would have expired.
create table aelus.revoked_tokens (
    tenant_id uuid not null references aelus.tenants on delete cascade,
    token_id text not null,
    expires_at timestamptz not null,
    primary key (tenant_id, token_id)
);

do $$
declare
    name text;
begin
    foreach name in array array['users', 'api_keys', 'groups', 'group_members', 'user_grants', 'group_grants', 'revoked_tokens'] loop
        execute format('alter table aelus.%I enable row level security', name);
        execute format('alter table aelus.%I force row level security', name);
        execute format(
            'create policy own_rows on aelus.%I to aelus_app using (tenant_id = (select aelus.current_tenant()))'
            ' with check (tenant_id = (select aelus.current_tenant()))', name);
        execute format('grant select, insert, update, delete on aelus.%I to aelus_app', name);
    end loop;
end
$$;

-- A token names a key and no tenant: whose it is, is the operators' to know.
create policy lookup on aelus.api_keys for select to aelus_operator using (true);
grant select on aelus.api_keys to aelus_operator;

-- What belongs to no tenant. The application's role has no right to either, whatever tenant it works for.
create table aelus.operators (
    operator_id uuid primary key,
    name text not null check (length(name) between 1 and 200),
    prefix text collate "C" not null unique,
    digest bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz
);

-- sealed: the private part, encrypted. A key verifies for longer than it signs.
create table aelus.signing_keys (
    key_id text collate "C" primary key,
    public jsonb not null,
    sealed bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);

do $$
declare
    name text;
begin
    foreach name in array array['operators', 'signing_keys'] loop
        execute format('alter table aelus.%I enable row level security', name);
        execute format('alter table aelus.%I force row level security', name);
        execute format('create policy all_rows on aelus.%I to aelus_operator using (true) with check (true)', name);
        execute format('grant select, insert, update, delete on aelus.%I to aelus_operator', name);
    end loop;
end
$$;

-- Some callers see some of a tenant's repositories only. Without the setting all are seen; with an empty list, none.
create function aelus.visible_repositories() returns uuid[]
    language sql stable parallel safe
    return nullif(current_setting('aelus.repositories', true), '')::uuid[];

do $$
declare
    name text;
begin
    foreach name in array array[
        'repositories', 'jobs', 'files', 'nodes', 'edges', 'chunks', 'file_keys', 'codes', 'postings', 'secrets', 'deliveries'
    ] loop
        execute format(
            'create policy visible_rows on aelus.%I as restrictive to aelus_app using ('
            '(select aelus.visible_repositories()) is null or repository_id = any ((select aelus.visible_repositories())::uuid[]))', name);
    end loop;
end
$$;
