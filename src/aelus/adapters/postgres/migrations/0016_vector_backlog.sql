-- Some chunks of the index have no vector yet: since when nobody has asked for them. Null where all have theirs.
alter table aelus.repositories add column vectors_asked_at timestamptz;
create index repositories_vectors_asked on aelus.repositories (tenant_id, vectors_asked_at) where vectors_asked_at is not null;
