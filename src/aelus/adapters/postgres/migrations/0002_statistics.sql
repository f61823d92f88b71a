-- The planner knows a table only after ANALYZE, which is its owner's to run. The automatic one comes minutes later, and on a server that
-- ends with its last user never: until then a search reads whole repositories.
create function aelus.refresh_statistics() returns void
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    analyze aelus.files, aelus.facts, aelus.nodes, aelus.edges, aelus.chunks, aelus.file_keys, aelus.codes, aelus.repositories;
    analyze aelus.vectors (tenant_id, model, content_hash), aelus.postings (tenant_id, repository_id, term, block);
end
$$;
revoke all on function aelus.refresh_statistics() from public;
grant execute on function aelus.refresh_statistics() to aelus_app;
