-- name: add
-- A new repository.
insert into repositories (tenant_id, repository_id, name, location, branch, kind, created_at, file_patterns, branch_of)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: get
-- One repository by id.
select * from repositories where tenant_id = $1 and repository_id = $2

-- name: owner
-- Whose a repository is, unless they are deleted; for operators.
select tenant_id from repositories join tenants using (tenant_id) where repository_id = $1 and deleted_at is null

-- name: find
-- One repository by name.
select * from repositories where tenant_id = $1 and name = $2

-- name: branches
-- The further branches of a repository.
select * from repositories where tenant_id = $1 and branch_of = $2 order by name

-- name: list
-- A page of repositories by name.
select * from repositories where tenant_id = $1 and name > $2 order by name limit $3

-- name: skipped
-- What the index leaves out.
select skipped from repositories where tenant_id = $1 and repository_id = $2

-- name: stamps
-- Which indexes are seen now: those named, or all but those of further branches.
select repository_id, name, version, model from repositories
where tenant_id = $1 and case cardinality($2::uuid[]) when 0 then branch_of is null else repository_id = any ($2) end order by repository_id

-- name: update
-- What its owner may change.
update repositories set name = $3, location = $4, branch = $5, kind = $6, file_patterns = $7 where tenant_id = $1 and repository_id = $2

-- name: remove
-- With its branches and all that hangs on them. Tells how often each index was written.
delete from repositories where tenant_id = $1 and (repository_id = $2 or branch_of = $2) returning repository_id, version

-- name: drop_unused_facts
-- Facts that no file refers to any more.
delete from facts as known
where known.tenant_id = $1 and not exists (select from files where files.tenant_id = $1 and files.blob_hash = known.blob_hash)

-- name: unused_vectors
-- Vectors that no chunk refers to any more, which nobody holds from now on.
select known.model, known.content_hash from vectors as known
where known.tenant_id = $1 and not exists (select from chunks where chunks.tenant_id = $1 and chunks.content_hash = known.content_hash)
for update skip locked

-- name: remove_nodes
-- All nodes of a repository.
delete from nodes where tenant_id = $1 and repository_id = $2

-- name: remove_edges
-- All edges of a repository.
delete from edges where tenant_id = $1 and repository_id = $2

-- name: remove_chunks
-- All chunks of a repository.
delete from chunks where tenant_id = $1 and repository_id = $2

-- name: remove_codes
-- All codes of a repository.
delete from codes where tenant_id = $1 and repository_id = $2

-- name: remove_postings
-- All postings of a repository.
delete from postings where tenant_id = $1 and repository_id = $2
