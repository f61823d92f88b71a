-- name: repository
-- Whether the repository is there for whoever pushes; it stays until they are done.
select true from repositories where tenant_id = $1 and repository_id = $2 for key share

-- name: begin
-- What the repository's state is called from now on; tells what it was called before. Pushes to one repository follow each other.
with before as (
    select commit from pushes where tenant_id = $1 and repository_id = $2
), written as (
    insert into pushes (tenant_id, repository_id, commit, pushed_at) values ($1, $2, $3, now())
    on conflict (tenant_id, repository_id) do update set commit = excluded.commit, pushed_at = excluded.pushed_at
)
select commit from before

-- name: commit
-- What the repository's state is called.
select commit from pushes where tenant_id = $1 and repository_id = $2

-- name: remove
-- Files that are no more.
delete from pushed_files where tenant_id = $1 and repository_id = $2 and path = any ($3::text[])

-- name: put
-- New and changed files; those that are the same are not touched.
insert into pushed_files as known (tenant_id, repository_id, path, blob_hash, size_bytes, content)
select $1, $2, path, blob_hash, length(content), content from unnest($3::text[], $4::text[], $5::bytea[]) as given (path, blob_hash, content)
on conflict (tenant_id, repository_id, path) do update
set blob_hash = excluded.blob_hash, size_bytes = excluded.size_bytes, content = excluded.content
where known.blob_hash <> excluded.blob_hash

-- name: file_and_folder
-- A file that other files lie in: one of the given folders, or one of the given files.
select path from (
    select path from pushed_files where tenant_id = $1 and repository_id = $2 and path = any ($3::text[])
    union all
    select given.path from unnest($4::text[]) as given (path)
    where exists (
        select from pushed_files as inner_file
        where
            inner_file.tenant_id = $1 and inner_file.repository_id = $2
            and inner_file.path >= (given.path || '/') collate "C" and inner_file.path < (given.path || '0') collate "C"
    )
) as found limit 1

-- name: size
-- Files and bytes of a repository.
select count(*) as files, coalesce(sum(size_bytes), 0)::bigint as bytes from pushed_files where tenant_id = $1 and repository_id = $2

-- name: held
-- Bytes of all pushed files of a tenant.
select coalesce(sum(size_bytes), 0)::bigint from pushed_files where tenant_id = $1

-- name: list
-- All files without their content.
select path, size_bytes, blob_hash from pushed_files where tenant_id = $1 and repository_id = $2 order by path

-- name: read
-- The content of some files.
select path, content from pushed_files where tenant_id = $1 and repository_id = $2 and path = any ($3::text[])
