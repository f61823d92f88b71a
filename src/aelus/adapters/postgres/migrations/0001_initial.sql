-- The first schema. Every table has tenant_id first, row level security enabled and forced. The application works as aelus_app, which owns
-- nothing and does not bypass row level security; the tenant is set for one transaction at a time in aelus.tenant_id.

create extension if not exists vector with schema public;

do $$
begin
    if not exists (select from pg_roles where rolname = 'aelus_app') then
        create role aelus_app nologin nosuperuser nobypassrls nocreatedb nocreaterole;
    end if;
    if not exists (select from pg_roles where rolname = 'aelus_operator') then
        create role aelus_operator nologin nosuperuser nobypassrls nocreatedb nocreaterole;
    end if;
exception when unique_violation or duplicate_object then
    null; -- another database of the same server is being migrated at this moment
end
$$;

grant aelus_app, aelus_operator to current_user;
revoke all on schema aelus from public;
grant usage on schema aelus to aelus_app, aelus_operator;

-- The tenant of the transaction. Without one there is no row, and nothing can be written.
create function aelus.current_tenant() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('aelus.tenant_id', true), '')::uuid;

create table aelus.tenants (
    tenant_id uuid not null,
    name text not null check (length(name) between 1 and 200),
    created_at timestamptz not null,
    primary key (tenant_id)
);

create table aelus.repositories (
    tenant_id uuid not null references aelus.tenants on delete cascade,
    repository_id uuid not null,
    name text collate "C" not null check (length(name) between 1 and 100),
    location text not null,
    branch text not null,
    kind text not null,
    created_at timestamptz not null,
    commit text,
    indexed_at timestamptz,
    version bigint not null default 0,
    parser_version text not null default '',
    model text not null default '',
    counts jsonb,
    skipped jsonb not null default '[]',
    last_chunk integer not null default -1,
    primary key (tenant_id, repository_id),
    unique (tenant_id, name)
);

create table aelus.jobs (
    tenant_id uuid not null,
    job_id uuid not null,
    repository_id uuid not null,
    state text not null,
    stage text not null,
    progress jsonb not null,
    attempts integer not null,
    error text not null,
    file_errors jsonb not null,
    created_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz,
    primary key (tenant_id, job_id),
    foreign key (tenant_id, repository_id) references aelus.repositories on delete cascade
);
create unique index jobs_one_queued on aelus.jobs (tenant_id, repository_id) where state = 'queued';
create index jobs_newest on aelus.jobs (tenant_id, created_at desc, job_id desc);

create table aelus.files (
    tenant_id uuid not null,
    repository_id uuid not null,
    path text collate "C" not null,
    language text not null,
    blob_hash text not null,
    lines integer not null,
    graph_hash text not null,
    chunk_hash text not null,
    primary key (tenant_id, repository_id, path),
    foreign key (tenant_id, repository_id) references aelus.repositories on delete cascade
);
create index files_blob on aelus.files (tenant_id, blob_hash);

create table aelus.facts (
    tenant_id uuid not null references aelus.tenants on delete cascade,
    blob_hash text not null,
    parser_version text not null,
    data bytea not null,
    primary key (tenant_id, blob_hash, parser_version)
);
alter table aelus.facts alter column data set storage external;

-- The tables of rows by the hundred thousand have no foreign key to their repository: checking it row by row would cost a quarter of a write.
-- They are written under the repository's lock alone, and removed with it in one transaction.
create table aelus.nodes (
    tenant_id uuid not null,
    repository_id uuid not null,
    node_id uuid not null,
    kind text not null,
    name text not null,
    qualified_name text not null,
    path text collate "C" not null,
    start_line integer not null,
    end_line integer not null,
    start_byte integer not null,
    end_byte integer not null,
    language text not null,
    signature text not null,
    docstring text not null,
    visibility text not null,
    decorators text not null,
    content_hash text not null,
    name_key text collate "C" not null,
    primary key (tenant_id, node_id)
);
create index nodes_path on aelus.nodes (tenant_id, repository_id, path);
create index nodes_name on aelus.nodes (tenant_id, name_key);

create table aelus.edges (
    tenant_id uuid not null,
    repository_id uuid not null,
    kind text not null,
    src uuid not null,
    dst uuid not null,
    path text collate "C" not null,
    line integer not null,
    origin text not null,
    confidence real not null,
    primary key (tenant_id, src, kind, dst, path, line)
);
create index edges_dst on aelus.edges (tenant_id, dst);
create index edges_path on aelus.edges (tenant_id, repository_id, path);

-- number: the chunk's place in the repository's postings and codes; given once and not used again.
create table aelus.chunks (
    tenant_id uuid not null,
    repository_id uuid not null,
    number integer not null,
    chunk_id uuid not null,
    path text collate "C" not null,
    start_line integer not null,
    end_line integer not null,
    kind text not null,
    qualified_name text not null,
    node_id text not null,
    language text not null,
    text text not null,
    content_hash text not null,
    name_key text collate "C" not null,
    dotted_key text collate "C" not null,
    primary key (tenant_id, repository_id, number),
    unique (tenant_id, repository_id, chunk_id)
);
create index chunks_path on aelus.chunks (tenant_id, repository_id, path);
create index chunks_name on aelus.chunks (tenant_id, name_key);
create index chunks_dotted on aelus.chunks (tenant_id, dotted_key);
create index chunks_content on aelus.chunks (tenant_id, content_hash);

-- Names under which a file's chunks are asked for: path, file name, file name without extension, in lower case.
create table aelus.file_keys (
    tenant_id uuid not null,
    repository_id uuid not null,
    path text collate "C" not null,
    key text collate "C" not null,
    primary key (tenant_id, key, repository_id, path),
    foreign key (tenant_id, repository_id, path) references aelus.files on delete cascade
);
create index file_keys_path on aelus.file_keys (tenant_id, repository_id, path);

create table aelus.vectors (
    tenant_id uuid not null references aelus.tenants on delete cascade,
    model text not null,
    content_hash text collate "C" not null,
    embedding halfvec not null,
    primary key (tenant_id, model, content_hash)
);
alter table aelus.vectors alter column embedding set storage plain;

-- Signs of the vectors, in a table of their own that stays small enough to be scanned: nearest in two steps.
create table aelus.codes (
    tenant_id uuid not null,
    repository_id uuid not null,
    number integer not null,
    code bit varying not null,
    primary key (tenant_id, repository_id, number)
);

-- The inverted index. A row holds one term in one block of 4,096 chunk numbers: places within the block (uint16) and weights (float32).
-- Term 0 is none: its rows hold the length of every chunk. Equality is all that is asked, which row level security lets an index answer.
create table aelus.postings (
    tenant_id uuid not null,
    repository_id uuid not null,
    term integer not null,
    block integer not null,
    places bytea not null,
    weights bytea not null,
    primary key (tenant_id, repository_id, term, block)
);
alter table aelus.postings alter column places set storage external;
alter table aelus.postings alter column weights set storage external;

do $$
declare
    name text;
begin
    foreach name in array array[
        'repositories', 'jobs', 'files', 'facts', 'nodes', 'edges', 'chunks', 'file_keys', 'vectors', 'codes', 'postings'
    ] loop
        execute format('alter table aelus.%I enable row level security', name);
        execute format('alter table aelus.%I force row level security', name);
        execute format(
            'create policy own_rows on aelus.%I to aelus_app using (tenant_id = (select aelus.current_tenant()))'
            ' with check (tenant_id = (select aelus.current_tenant()))', name);
        execute format('grant select, insert, update, delete on aelus.%I to aelus_app', name);
    end loop;
end
$$;

alter table aelus.tenants enable row level security;
alter table aelus.tenants force row level security;
create policy own_row on aelus.tenants for select to aelus_app using (tenant_id = (select aelus.current_tenant()));
create policy all_rows on aelus.tenants to aelus_operator using (true) with check (true);
grant select on aelus.tenants to aelus_app;
grant select, insert, update, delete on aelus.tenants to aelus_operator;
grant select on aelus.schema_migrations to aelus_app, aelus_operator;
