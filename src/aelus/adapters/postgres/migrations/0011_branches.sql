-- A further branch of a repository is an index of its own, kept as a repository that names the one that it is a branch of.
-- Its name is the other's, `@` and the branch.
alter table aelus.repositories add column branch_of uuid;
alter table aelus.repositories add constraint repositories_branch_of
    foreign key (tenant_id, branch_of) references aelus.repositories on delete cascade;
alter table aelus.repositories drop constraint repositories_name_check;
alter table aelus.repositories add constraint repositories_name_length check (length(name) between 1 and 360);
create index repositories_branches on aelus.repositories (tenant_id, branch_of) where branch_of is not null;
