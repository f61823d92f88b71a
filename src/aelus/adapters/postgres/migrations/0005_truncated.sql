-- Whether a bound of the linker was hit, so that an index may lack edges. Known from the next run on; false until then.
alter table aelus.repositories add column truncated boolean not null default false;
