-- When somebody last wrote a job: one that is not done and that nobody writes has lost its worker, or its place in the queue.
alter table aelus.jobs add column written_at timestamptz not null default clock_timestamp();
create index jobs_unfinished on aelus.jobs (tenant_id, written_at) where state in ('queued', 'running');
