-- Why the vectors that an index lacks could not be made when that was tried last; empty where nothing is in the way.
alter table aelus.repositories add column vectors_error text not null default '' check (length(vectors_error) <= 500);
