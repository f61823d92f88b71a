-- name: lock
-- One writer for a repository at a time, in whatever process.
select pg_try_advisory_lock(hashtextextended($1, 0))

-- name: unlock
-- Let the next writer in.
select pg_advisory_unlock(hashtextextended($1, 0))

-- name: repository
-- What is known of the repository's index.
select * from repositories where tenant_id = $1 and repository_id = $2

-- name: repository_for_update
-- The same, kept from other writers until the end of the transaction.
select * from repositories where tenant_id = $1 and repository_id = $2 for update

-- name: files
-- All file states.
select path, language, blob_hash, lines, graph_hash, chunk_hash from files where tenant_id = $1 and repository_id = $2

-- name: facts
-- Stored facts; of those that are at hand only that they are stored.
select blob_hash, case when blob_hash = any ($4::text[]) then null else data end as data from facts where tenant_id = $1 and parser_version = $2 and blob_hash = any ($3::text[])

-- name: known_vectors
-- Content hashes that have a vector.
select content_hash from vectors where tenant_id = $1 and model = $2 and content_hash = any ($3::text[])

-- name: embeddings
-- Stored vectors.
select content_hash, embedding from vectors where tenant_id = $1 and model = $2 and content_hash = any ($3::text[])

-- name: add_facts
-- Keep facts; equal bytes may have been kept for another repository.
insert into facts (tenant_id, blob_hash, parser_version, data)
select $1, blob_hash, $2, data from unnest($3::text[], $4::bytea[]) as given (blob_hash, data)
on conflict do nothing

-- name: add_vectors
-- Keep vectors; equal text may have been kept for another repository.
insert into vectors (tenant_id, model, content_hash, embedding)
select $1, $2, content_hash, embedding from unnest($3::text[], $4::halfvec[]) as given (content_hash, embedding)
on conflict do nothing
returning content_hash

-- name: hold_vectors
-- Those that are there, and stay until the transaction ends.
select content_hash from vectors where tenant_id = $1 and model = $2 and content_hash = any ($3::text[]) for key share

-- name: nodes_of
-- Stored nodes of files.
select * from nodes where tenant_id = $1 and repository_id = $2 and path = any ($3::text[])

-- name: edges_of
-- Stored edges of files.
select * from edges where tenant_id = $1 and repository_id = $2 and path = any ($3::text[])

-- name: chunks_of
-- Stored chunks of files.
select * from chunks where tenant_id = $1 and repository_id = $2 and path = any ($3::text[])

-- name: remove_nodes
-- By id.
delete from nodes where tenant_id = $1 and node_id = any ($2::uuid[])

-- name: remove_edges
-- By key.
delete from edges using unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::int[]) as gone (src, kind, dst, path, line)
where edges.tenant_id = $1 and edges.src = gone.src and edges.kind = gone.kind and edges.dst = gone.dst
    and edges.path = gone.path and edges.line = gone.line

-- name: remove_chunks
-- By number, with their codes.
with codes_too as (delete from codes where tenant_id = $1 and repository_id = $2 and number = any ($3::int[]))
delete from chunks where tenant_id = $1 and repository_id = $2 and number = any ($3::int[])

-- name: move_chunk
-- The same passage at another place of its file.
update chunks set start_line = $4, end_line = $5, node_id = $6 where tenant_id = $1 and repository_id = $2 and number = $3

-- name: remove_files
-- File states.
delete from files where tenant_id = $1 and repository_id = $2 and path = any ($3::text[])

-- name: postings_of
-- Rows that a change touches.
select term, block, places, weights from postings
where tenant_id = $1 and repository_id = $2 and term = any ($3::int[]) and block = any ($4::int[])

-- name: remove_postings
-- Rows that are written anew or are empty.
delete from postings using unnest($3::int[], $4::int[]) as gone (term, block)
where postings.tenant_id = $1 and postings.repository_id = $2 and postings.term = gone.term and postings.block = gone.block

-- name: remove_codes
-- All of a repository: another model has other codes.
delete from codes where tenant_id = $1 and repository_id = $2

-- name: contents
-- Number and content of every chunk.
select number, content_hash from chunks where tenant_id = $1 and repository_id = $2

-- name: refresh_statistics
-- Let the planner know what the tables hold.
select aelus.refresh_statistics()

-- name: finish
-- The index as readers see it from now on.
update repositories
set commit = $3, indexed_at = now(), version = version + 1, parser_version = $4, model = $5, counts = $6, skipped = $7, last_chunk = $8,
    truncated = $9, reserved_vectors = 0, reserved_bytes = 0,
    vectors_error = case when model = $5 then vectors_error else '' end,
    vectors_asked_at = case when $10 then clock_timestamp() when model = $5 then vectors_asked_at end
where tenant_id = $1 and repository_id = $2

-- name: drop_facts
-- Facts of these blobs, or of a version that no repository uses, that nothing refers to any more.
delete from facts as known
where known.tenant_id = $1 and (
    (known.blob_hash = any ($2::text[])
        and not exists (select from files where files.tenant_id = $1 and files.blob_hash = known.blob_hash))
    or (known.parser_version = $3
        and not exists (select from repositories where repositories.tenant_id = $1 and repositories.parser_version = $3))
)

-- name: unused_vectors
-- The same for vectors, which nobody holds from now on.
select known.model, known.content_hash from vectors as known
where known.tenant_id = $1 and (
    (known.content_hash = any ($2::text[])
        and not exists (select from chunks where chunks.tenant_id = $1 and chunks.content_hash = known.content_hash))
    or (known.model = $3
        and not exists (select from repositories where repositories.tenant_id = $1 and repositories.model = $3))
)
for update skip locked

-- name: drop_vectors
-- Those that are unused even now: who held them may have written chunks before they were locked.
delete from vectors as known using unnest($2::text[], $3::text[]) as unused (model, content_hash)
where known.tenant_id = $1 and known.model = unused.model and known.content_hash = unused.content_hash and (
    not exists (select from chunks where chunks.tenant_id = $1 and chunks.content_hash = known.content_hash)
    or not exists (select from repositories where repositories.tenant_id = $1 and repositories.model = known.model)
)

-- name: insert_files
-- File states; COPY does not work under row level security.
insert into files (tenant_id, repository_id, path, language, blob_hash, lines, graph_hash, chunk_hash)
select $1, $2, given.* from unnest($3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[]) as given

-- name: insert_file_keys
-- Names of files.
insert into file_keys (tenant_id, repository_id, path, key)
select $1, $2, given.* from unnest($3::text[], $4::text[]) as given

-- name: insert_nodes
-- New nodes.
insert into nodes (tenant_id, repository_id, node_id, kind, name, qualified_name, path, start_line, end_line, start_byte, end_byte, language, signature, docstring, visibility, decorators, content_hash, name_key)
select $1, $2, given.* from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[], $9::int[], $10::int[], $11::int[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[]) as given

-- name: insert_edges
-- New edges.
insert into edges (tenant_id, repository_id, kind, src, dst, path, line, origin, confidence)
select $1, $2, given.* from unnest($3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::int[], $8::text[], $9::real[]) as given

-- name: insert_chunks
-- New chunks.
insert into chunks (tenant_id, repository_id, number, chunk_id, path, start_line, end_line, kind, qualified_name, node_id, language, text, content_hash, name_key, dotted_key)
select $1, $2, given.* from unnest($3::int[], $4::uuid[], $5::text[], $6::int[], $7::int[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[]) as given

-- name: insert_codes
-- New sign codes.
insert into codes (tenant_id, repository_id, number, code)
select $1, $2, given.* from unnest($3::int[], $4::varbit[]) as given

-- name: insert_postings
-- New posting rows.
insert into postings (tenant_id, repository_id, term, block, places, weights)
select $1, $2, given.* from unnest($3::int[], $4::int[], $5::bytea[], $6::bytea[]) as given
