-- name: add_user
-- A new member.
insert into users (tenant_id, user_id, name, role, all_repositories, external, created_at) values ($1, $2, $3, $4, $5, $6, $7)

-- name: get_user
-- One member.
select * from users where tenant_id = $1 and user_id = $2

-- name: find_external
-- The member who is this person elsewhere.
select * from users where tenant_id = $1 and external = $2

-- name: list_users
-- A page of members by name.
select * from users where tenant_id = $1 and name > $2 order by name limit $3

-- name: owners
-- All owners, whom nobody changes until the transaction ends.
select user_id from users where tenant_id = $1 and role = 'owner' order by user_id for update

-- name: replace_user
-- A member as they are from now on.
update users set name = $3, role = $4, all_repositories = $5, external = $6 where tenant_id = $1 and user_id = $2

-- name: remove_user
-- With all that hangs on them.
delete from users where tenant_id = $1 and user_id = $2

-- name: add_group
-- A new group.
insert into groups (tenant_id, group_id, name) values ($1, $2, $3)

-- name: list_groups
-- A page of groups by name.
select * from groups where tenant_id = $1 and name > $2 order by name limit $3

-- name: remove_group
-- With its members and grants.
delete from groups where tenant_id = $1 and group_id = $2

-- name: kind_of
-- Whether an id is a user's or a group's.
select 'user' as kind from users where tenant_id = $1 and user_id = $2
union all
select 'group' as kind from groups where tenant_id = $1 and group_id = $2

-- name: hold_user
-- Nobody else changes what is granted to the user until the transaction ends.
select user_id from users where tenant_id = $1 and user_id = $2 for no key update

-- name: hold_group
-- The same for a group, and who is in it.
select group_id from groups where tenant_id = $1 and group_id = $2 for no key update

-- name: members
-- Users of a group.
select user_id from group_members where tenant_id = $1 and group_id = $2

-- name: clear_members
-- Nobody is in the group.
delete from group_members where tenant_id = $1 and group_id = $2

-- name: add_members
-- Users to a group.
insert into group_members (tenant_id, group_id, user_id) select $1, $2, unnest($3::uuid[])

-- name: user_granted
-- What a user was granted.
select repository_id from user_grants where tenant_id = $1 and user_id = $2

-- name: group_granted
-- What a group was granted.
select repository_id from group_grants where tenant_id = $1 and group_id = $2

-- name: clear_user_grants
-- Nothing is granted to the user.
delete from user_grants where tenant_id = $1 and user_id = $2

-- name: clear_group_grants
-- Nothing is granted to the group.
delete from group_grants where tenant_id = $1 and group_id = $2

-- name: add_user_grants
-- Repositories to a user.
insert into user_grants (tenant_id, user_id, repository_id) select $1, $2, unnest($3::uuid[])

-- name: add_group_grants
-- Repositories to a group.
insert into group_grants (tenant_id, group_id, repository_id) select $1, $2, unnest($3::uuid[])

-- name: open_to
-- All that is granted to a user, to their groups, and to groups by name; with further branches of it.
with granted as (
    select repository_id from user_grants where tenant_id = $1 and user_id = $2
    union
    select repository_id from group_grants
    where tenant_id = $1 and (
        group_id in (select group_id from group_members where tenant_id = $1 and user_id = $2)
        or group_id in (select group_id from groups where tenant_id = $1 and name = any ($3::text[]))
    )
)
select repository_id from granted
union
select repositories.repository_id from repositories join granted on branch_of = granted.repository_id where tenant_id = $1
