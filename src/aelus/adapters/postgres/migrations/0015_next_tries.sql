-- A job that ended because a service was away is tried again by itself: how often that was, and when it is tried next.
alter table aelus.jobs add column retries integer not null default 0, add column next_try_at timestamptz;
