-- The request that a job was asked for by: its id goes with the work, into the worker's log and its database sessions.
alter table aelus.jobs add column request_id text not null default '';
