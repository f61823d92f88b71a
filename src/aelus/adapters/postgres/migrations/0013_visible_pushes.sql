-- Pushed files are seen by whom their repository is open to.
do $$
declare
    name text;
begin
    foreach name in array array['pushes', 'pushed_files'] loop
        execute format(
            'create policy visible_rows on aelus.%I as restrictive to aelus_app using ('
            '(select aelus.visible_repositories()) is null or repository_id = any ((select aelus.visible_repositories())::uuid[]))', name);
    end loop;
end
$$;
