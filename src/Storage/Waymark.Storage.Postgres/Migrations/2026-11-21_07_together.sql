-- Write sets of several callers in one transaction and one flush. None of them changes what another of them changes or
-- compares, so each is applied or refused on its own: one whose versions no longer hold gets no number, and without a
-- number nothing of it is written.

-- Locks as waymark_begin takes them, in the same order and under the same names; then expected versions and preconditions
-- of each set (p_places says whose they are, from 1; partition and version as in waymark_begin); then numbers. Answers in the
-- order of the sets: the number, or what broke it. Numbers and time stay known until the transaction ends.
create function waymark_begin_together(
  p_names text[], p_changed boolean[],
  p_places bigint[], p_partitions bigint[], p_registers text[], p_ids text[], p_versions bigint[],
  p_at bigint, p_actors text[], p_reasons text[],
  out o_sequences bigint[], out o_broken text[])
language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(1463900465, 1);
  perform case when k.changed then pg_advisory_xact_lock(k.hash) else pg_advisory_xact_lock_shared(k.hash) end
  from (
    select hashtextextended(n.name, 0) as hash, bool_or(n.changed) as changed
    from unnest(p_names, p_changed) as n (name, changed) group by 1 order by 1) k;

  select array_agg(b.broken order by s.place) into o_broken
  from generate_series(1, cardinality(p_actors)) as s (place)
  left join (
    select e.place, min((array['', 'missing:', 'victim:', 'suspect:'])[e.partition + 1] || e.register || '/' || e.id) as broken
    from unnest(p_places, p_partitions, p_registers, p_ids, p_versions) as e (place, partition, register, id, version)
    where e.version <> coalesce(case e.partition
      when 0 then (select r.version from record r where r.register = e.register and r.id = e.id and r.document is not null)
      when 1 then (select r.version from missing_record r where r.register = e.register and r.id = e.id and r.document is not null)
      when 2 then (select r.version from victim_record r where r.register = e.register and r.id = e.id and r.document is not null)
      when 3 then (select r.version from suspect_record r where r.register = e.register and r.id = e.id and r.document is not null)
      end, 0)
    group by e.place) b on b.place = s.place;

  select array_agg(case when n.broken is null then nextval('change_sequence_seq') end order by n.place) into o_sequences
  from unnest(o_broken) with ordinality as n (broken, place);

  insert into change (sequence, at, actor, reason)
  select n.sequence, p_at, n.actor, n.reason from unnest(o_sequences, p_actors, p_reasons) as n (sequence, actor, reason)
  where n.sequence is not null;

  perform set_config('waymark.together', o_sequences::text, true), set_config('waymark.at', p_at::text, true);
end $$;
