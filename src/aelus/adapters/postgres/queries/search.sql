-- name: scope
-- The repositories of the filter, or all but the further branches, with their versions and models.
select repository_id, version, model from repositories
where tenant_id = $1 and case cardinality($2::uuid[]) when 0 then branch_of is null else repository_id = any ($2) end
order by repository_id

-- name: codes
-- Numbers and sign codes of a repository, each as one value.
select array_agg(number order by number) as numbers, string_agg(substring(varbit_send(code) from 5), ''::bytea order by number) as codes
from codes where tenant_id = $1 and repository_id = $2

-- name: nearest
-- Candidates by their numbers, as far as the filter admits them, put in order by the vectors themselves.
select chunks.repository_id, chunks.number, vectors.embedding <#> $4 as distance
from unnest($2::text::uuid[], $3::text::int[]) as candidates (repository_id, number)
join chunks on chunks.tenant_id = $1 and chunks.repository_id = candidates.repository_id and chunks.number = candidates.number
join vectors on vectors.tenant_id = $1 and vectors.model = $5 and vectors.content_hash = chunks.content_hash
where (cardinality($7::text[]) = 0 or chunks.language = any ($7))
    and (cardinality($8::text[]) = 0 or chunks.kind = any ($8))
    and ($9 = '' or chunks.path ~ $9)
order by distance, chunks.path, chunks.start_line, chunks.chunk_id limit $6

-- name: postings
-- The rows of terms.
select repository_id, term, block, places, weights from postings
where tenant_id = $1 and repository_id = any ($2::uuid[]) and term = any ($3::int[])

-- name: files
-- Numbers of a repository's chunks, and of each which of its files it is of, each as one value.
select array_agg(number order by number) as numbers, array_agg(file order by number) as files
from (
    select number, (dense_rank() over (order by path) - 1)::int as file from chunks where tenant_id = $1 and repository_id = $2
) as chunks

-- name: admitted
-- Which of these chunks the filter admits, by their places in the list.
select asked.position
from unnest($2::text::uuid[], $3::text::int[]) with ordinality as asked (repository_id, number, position)
join chunks on chunks.tenant_id = $1 and chunks.repository_id = asked.repository_id and chunks.number = asked.number
where (cardinality($4::text[]) = 0 or chunks.language = any ($4))
    and (cardinality($5::text[]) = 0 or chunks.kind = any ($5))
    and ($6 = '' or chunks.path ~ $6)
order by asked.position

-- name: numbered
-- Chunks by their numbers.
select chunks.*
from unnest($2::text::uuid[], $3::text::int[]) as asked (repository_id, number)
join chunks on chunks.tenant_id = $1 and chunks.repository_id = asked.repository_id and chunks.number = asked.number

-- name: named
-- Chunks of definitions and files with these names, by their numbers.
(
    select repository_id, number from chunks
    where tenant_id = $1 and dotted_key = any ($2::text[]) and repository_id = any ($4::uuid[])
    limit $5
)
union
(
    select repository_id, number from chunks
    where tenant_id = $1 and name_key = any ($3::text[]) and repository_id = any ($4::uuid[])
    order by path, start_line limit $5
)
union
(
    select chunks.repository_id, chunks.number from file_keys
    join chunks on chunks.tenant_id = $1 and chunks.repository_id = file_keys.repository_id and chunks.path = file_keys.path
    where file_keys.tenant_id = $1 and file_keys.key = any ($3::text[]) and file_keys.repository_id = any ($4::uuid[])
    order by chunks.path, chunks.start_line limit $5
)

-- name: files_called
-- Files with these keys: their path, their name with or without its ending.
select distinct repository_id, path from file_keys
where tenant_id = $1 and key = any ($2::text[]) and repository_id = any ($3::uuid[])
order by path, repository_id limit $4

-- name: languages
-- Languages of the repositories' chunks.
select distinct language collate "C" as language from chunks where tenant_id = $1 and repository_id = any ($2::uuid[]) order by language

-- name: of_file
-- All chunks of a file.
select * from chunks where tenant_id = $1 and repository_id = $2 and path = $3 order by start_line, end_line, number
