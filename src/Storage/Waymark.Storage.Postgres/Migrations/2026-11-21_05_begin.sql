-- A write set begins with one call instead of four, and goes on with one statement that writes everything that has no order
-- among itself. Each statement inside a function still sees what was committed before it began, so locks come first and
-- comparisons after them, as before.

-- The change of this write set, by its number. A volatile function in a condition keeps the server from using an index: with
-- it the whole table was read for every write set. As a subquery it is asked once, before.
create or replace function waymark_this_change() returns change language sql stable as $$
  select c from change c where c.sequence = (select currval('change_sequence_seq'))
$$;

drop function waymark_compare(bigint[], text[], text[], bigint[]);

-- Locks as waymark_lock takes them, in the same order and under the same names; then expected versions and preconditions in
-- any partition (0 general, 1 missing, 2 victim, 3 suspect; version 0 is a record that is not there); leases; and the number
-- and time of the write set.
create function waymark_begin(
  p_alone boolean, p_flips boolean, p_names text[], p_changed boolean[],
  p_partitions bigint[], p_registers text[], p_ids text[], p_versions bigint[],
  p_jobs text[], p_terms bigint[], p_at bigint, p_actor text, p_reason text,
  out o_sequence bigint, out o_at bigint)
language plpgsql as $$
declare
  broken text;
begin
  if p_alone then
    perform pg_advisory_xact_lock(1463900465, 1);
  else
    perform pg_advisory_xact_lock_shared(1463900465, 1);
  end if;

  if p_flips then
    perform pg_advisory_xact_lock(1463900465, 2);
  end if;

  if not p_alone then
    perform case when k.changed then pg_advisory_xact_lock(k.hash) else pg_advisory_xact_lock_shared(k.hash) end
    from (
      select hashtextextended(n.name, 0) as hash, bool_or(n.changed) as changed
      from unnest(p_names, p_changed) as n (name, changed) group by 1 order by 1) k;
  end if;

  select (array['', 'missing:', 'victim:', 'suspect:'])[e.partition + 1] || e.register || '/' || e.id into broken
  from unnest(p_partitions, p_registers, p_ids, p_versions) as e (partition, register, id, version)
  where e.version <> coalesce(case e.partition
    when 0 then (select r.version from record r where r.register = e.register and r.id = e.id and r.document is not null)
    when 1 then (select r.version from missing_record r where r.register = e.register and r.id = e.id and r.document is not null)
    when 2 then (select r.version from victim_record r where r.register = e.register and r.id = e.id and r.document is not null)
    when 3 then (select r.version from suspect_record r where r.register = e.register and r.id = e.id and r.document is not null)
    end, 0) limit 1;
  if found then
    raise exception using errcode = 'WM001', message = broken;
  end if;

  if cardinality(p_jobs) > 0 then
    perform waymark_leases(p_jobs, p_terms);
  end if;

  if p_flips then
    p_at := greatest(p_at, 1 + coalesce((select v.visible_from from vintage v order by v.sequence desc, v.id desc limit 1), 0));
  end if;

  insert into change (at, actor, reason) values (p_at, p_actor, p_reason) returning sequence, at into o_sequence, o_at;
end $$;
