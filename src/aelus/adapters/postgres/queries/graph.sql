-- name: nodes
-- Nodes by id.
select * from nodes where tenant_id = $1 and node_id = any ($2::uuid[])

-- name: find
-- Definitions by simple name in lower case.
select * from nodes
where tenant_id = $1 and name_key = $2
    and case cardinality($3::uuid[])
        when 0 then repository_id not in (select repository_id from repositories where tenant_id = $1 and branch_of is not null)
        else repository_id = any ($3)
    end
    and (cardinality($4::text[]) = 0 or kind = any ($4))
    and (cardinality($6::text[]) = 0 or language = any ($6)) and ($7::text = '' or path ~ $7)
order by path, start_byte, node_id limit $5

-- name: edges_out
-- Edges that leave nodes.
select * from edges
where tenant_id = $1 and src = any ($2::uuid[]) and (cardinality($3::text[]) = 0 or kind = any ($3))
order by path, line, kind collate "C", src, dst limit $4

-- name: edges_in
-- Edges that reach nodes.
select * from edges
where tenant_id = $1 and dst = any ($2::uuid[]) and (cardinality($3::text[]) = 0 or kind = any ($3))
order by path, line, kind collate "C", src, dst limit $4

-- name: edges_both
-- Edges that leave or reach nodes.
select * from edges
where tenant_id = $1 and (src = any ($2::uuid[]) or dst = any ($2::uuid[])) and (cardinality($3::text[]) = 0 or kind = any ($3))
order by path, line, kind collate "C", src, dst limit $4

-- name: ties
-- How many edges of these kinds reach each of the nodes, counted up to a bound; and calls from one of the nodes to another (no count).
-- Calls are looked for from the callers' side: what a function calls is bounded by its length, who calls it by nothing.
select null::uuid as src, asked.node as dst, count(*) as uses
from unnest($2::uuid[]) as asked (node)
cross join lateral (select 1 from edges where tenant_id = $1 and dst = asked.node and kind = any ($3::text[]) limit $4) as used
group by asked.node
union all
select asked.node, called.dst, null
from unnest($2::uuid[]) as asked (node)
cross join lateral (
    select distinct dst from edges where tenant_id = $1 and src = asked.node and kind = 'CALLS' and dst = any ($2::uuid[]) offset 0
) as called

-- name: export_nodes
-- All nodes of a repository.
select * from nodes where tenant_id = $1 and repository_id = $2 order by path, start_byte, node_id

-- name: export_edges
-- All edges of a repository.
select * from edges where tenant_id = $1 and repository_id = $2 order by path, line, kind collate "C", src, dst
