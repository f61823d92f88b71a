-- When somebody last wrote a job: one that is not done and that nobody writes has lost its worker, or its place in the queue.
-- Two steps: with a default that is the same for all rows the table need not be rewritten while nobody may read it.
alter table aelus.jobs add column written_at timestamptz not null default now();
alter table aelus.jobs alter column written_at set default clock_timestamp();
create index jobs_unfinished on aelus.jobs (tenant_id, written_at) where state in ('queued', 'running');
