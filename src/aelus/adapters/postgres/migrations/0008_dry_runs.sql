-- Which files of a repository are indexed, what a dry run looks at, and what a job has done. Dry runs wait beside the one job that waits.
alter table aelus.repositories add column file_patterns text[] not null default '{}';
alter table aelus.jobs add column trial jsonb, add column result jsonb;
drop index aelus.jobs_one_queued;
create unique index jobs_one_queued on aelus.jobs (tenant_id, repository_id) where state = 'queued' and trial is null;
