-- A write set is one batch of calls of these functions, sent in one round trip, which the server runs as one
-- transaction: whatever raises an exception undoes all of it. Each statement inside sees what was committed before it
-- began (read committed), so locks come first and comparisons after them.
-- Error codes: WM001 a version no longer holds, WM002 a blob is missing, WM003 a blob was shredded, WM004 swept meanwhile.

-- Orders write sets that touch the same keys, and only those. Guarantees:
--   * two write sets that change the same key, or of which one compares what the other changes, run one after the other;
--     this holds for keys that do not exist yet, which no row lock could hold;
--   * nobody waits in a circle: store-wide first, flips next, then keys in the order of their hashes;
--   * a write set of many keys (p_alone) takes the store-wide lock for itself instead of a thousand locks.
create function waymark_lock(p_alone boolean, p_flips boolean, p_changed text[], p_compared text[]) returns void
language plpgsql as $$
declare
  key record;
begin
  if p_alone then
    perform pg_advisory_xact_lock(1463900465, 1);
  else
    perform pg_advisory_xact_lock_shared(1463900465, 1);
  end if;

  -- Flips run one at a time from here to their commit: the server makes a commit visible before it lets its locks go,
  -- so the next flip takes its number when this one can be seen. Numbers of visible vintages therefore only rise.
  if p_flips then
    perform pg_advisory_xact_lock(1463900465, 2);
  end if;

  if not p_alone then
    for key in
      select hashtextextended(k.name, 0) as hash, bool_or(k.changed) as changed
      from (select unnest(p_changed) as name, true as changed union all select unnest(p_compared), false) k
      group by 1 order by 1
    loop
      if key.changed then
        perform pg_advisory_xact_lock(key.hash);
      else
        perform pg_advisory_xact_lock_shared(key.hash);
      end if;
    end loop;
  end if;
end $$;

-- Expected versions and preconditions; 0 is a record that is not there.
create function waymark_compare(p_registers text[], p_ids text[], p_versions bigint[]) returns void
language plpgsql as $$
declare
  broken text;
begin
  select e.register || '/' || e.id into broken
  from unnest(p_registers, p_ids, p_versions) as e (register, id, version)
  left join record r on r.register = e.register and r.id = e.id and r.document is not null
  where coalesce(r.version, 0) <> e.version limit 1;
  if found then
    raise exception using errcode = 'WM001', message = broken;
  end if;
end $$;

-- Leases under which the write set acts. The row locks keep a successor from taking the job before this commit.
create function waymark_leases(p_jobs text[], p_terms bigint[]) returns void
language plpgsql as $$
declare
  broken text;
begin
  perform 1 from job where id = any (p_jobs) order by id for share;
  select l.job into broken from unnest(p_jobs, p_terms) as l (job, term)
  where not exists (select 1 from job j where j.id = l.job and j.term = l.term and j.state = 1) limit 1;
  if found then
    raise exception using errcode = 'WM001', message = 'job/' || broken;
  end if;
end $$;

-- Number and time of this write set. Times of flips only rise, whatever the clocks of the machines say.
create function waymark_change(p_at bigint, p_actor text, p_reason text, p_flips boolean)
returns table (o_sequence bigint, o_at bigint)
language plpgsql as $$
begin
  if p_flips then
    p_at := greatest(p_at, 1 + coalesce((select v.visible_from from vintage v order by v.sequence desc, v.id desc limit 1), 0));
  end if;

  return query insert into change (at, actor, reason) values (p_at, p_actor, p_reason) returning sequence, at;
end $$;

create function waymark_this_change() returns change language sql stable as $$
  select c from change c where c.sequence = currval('change_sequence_seq')
$$;

create function waymark_records(
  p_registers text[], p_ids text[], p_documents bytea[], p_operations bytea[],
  p_head_registers text[], p_head_ids text[], p_head_names text[], p_head_values text[]) returns void
language plpgsql as $$
declare
  this change := waymark_this_change();
begin
  with written as (
    insert into record as r (register, id, version, sequence, written_at, document)
    select w.register, w.id, 1, this.sequence, this.at, w.document
    from unnest(p_registers, p_ids, p_documents) as w (register, id, document)
    on conflict (register, id) do update
      set version = r.version + 1, sequence = excluded.sequence, written_at = excluded.written_at, document = excluded.document
    returning r.register, r.id, r.version)
  insert into record_operation (register, id, version, sequence, operation)
  select w.register, w.id, w.version, this.sequence, o.operation
  from written w join unnest(p_registers, p_ids, p_operations) as o (register, id, operation)
    on o.register = w.register and o.id = w.id;

  delete from record_head h using unnest(p_registers, p_ids) as w (register, id)
  where h.register = w.register and h.id = w.id;
  insert into record_head (register, id, name, value)
  select * from unnest(p_head_registers, p_head_ids, p_head_names, p_head_values);
end $$;

create function waymark_vintages(
  p_ids text[], p_series text[], p_imports text[], p_releases text[], p_orders bigint[]) returns void
language plpgsql as $$
declare
  this change := waymark_this_change();
  broken text;
begin
  insert into vintage (id, series, import, release, release_order, state, staged, staged_at, sequence, observations)
  select n.id, n.series, n.import, n.release, n.release_order, 0, this.sequence, this.at, 0, 0
  from unnest(p_ids, p_series, p_imports, p_releases, p_orders) as n (id, series, import, release, release_order)
  on conflict (id) do nothing;

  -- One that was there already must be the same one, still staged: an import that resumes.
  select n.id into broken
  from unnest(p_ids, p_series, p_imports, p_releases, p_orders) as n (id, series, import, release, release_order)
  where not exists (
    select 1 from vintage v where v.id = n.id and v.series = n.series and v.import = n.import and v.release = n.release
      and v.release_order = n.release_order and v.state = 0) limit 1;
  if found then
    raise exception using errcode = 'WM001', message = 'vintage/' || broken;
  end if;
end $$;

create function waymark_need_blobs(p_blobs text[]) returns void
language plpgsql as $$
declare
  missing text;
begin
  select n.id into missing from unnest(p_blobs) as n (id)
  where not exists (select 1 from blob b where b.id = n.id and b.shredded_at is null) limit 1;
  if found then
    raise exception using errcode = 'WM002', message = missing;
  end if;
end $$;

create function waymark_segments(p_vintages text[], p_ordinals bigint[], p_blobs text[], p_observations bigint[]) returns void
language plpgsql as $$
declare
  broken text;
begin
  select s.vintage into broken from unnest(p_vintages) as s (vintage)
  where not exists (select 1 from vintage v where v.id = s.vintage and v.state = 0) limit 1;
  if found then
    raise exception using errcode = 'WM001', message = 'vintage/' || broken;
  end if;

  perform waymark_need_blobs(p_blobs);
  with added as (
    insert into segment (vintage, ordinal, blob, observations)
    select * from unnest(p_vintages, p_ordinals, p_blobs, p_observations)
    on conflict (vintage, ordinal) do nothing
    returning vintage, observations)
  update vintage v set observations = v.observations + a.observations
  from (select n.vintage, sum(n.observations)::bigint as observations from added n group by n.vintage) a
  where v.id = a.vintage;

  select s.vintage || '#' || s.ordinal into broken
  from unnest(p_vintages, p_ordinals, p_blobs, p_observations) as s (vintage, ordinal, blob, observations)
  where not exists (
    select 1 from segment g where g.vintage = s.vintage and g.ordinal = s.ordinal and g.blob = s.blob
      and g.observations = s.observations) limit 1;
  if found then
    raise exception using errcode = 'WM001', message = 'vintage/' || broken;
  end if;
end $$;

create function waymark_flips(p_vintages text[], p_to bigint[]) returns void
language plpgsql as $$
declare
  this change := waymark_this_change();
  broken text;
begin
  select f.vintage into broken from unnest(p_vintages) as f (vintage)
  where not exists (select 1 from vintage v where v.id = f.vintage and v.state = 0) limit 1;
  if found then
    raise exception using errcode = 'WM001', message = 'vintage/' || broken;
  end if;

  update vintage v
  set state = f.state,
      sequence = case when f.state = 1 then this.sequence else 0 end,
      visible_from = case when f.state = 1 then this.at end,
      observations = case when f.state = 1 then v.observations else 0 end
  from unnest(p_vintages, p_to) as f (vintage, state) where v.id = f.vintage;
  delete from segment s using unnest(p_vintages, p_to) as f (vintage, state) where s.vintage = f.vintage and f.state = 2;
end $$;

create function waymark_references(p_owners text[], p_blobs text[], p_removed_owners text[], p_removed_blobs text[]) returns void
language plpgsql as $$
begin
  perform waymark_need_blobs(p_blobs);
  insert into blob_reference (owner, blob) select * from unnest(p_owners, p_blobs) on conflict do nothing;
  delete from blob_reference r using unnest(p_removed_owners, p_removed_blobs) as d (owner, blob)
  where r.owner = d.owner and r.blob = d.blob;
end $$;

create function waymark_jobs(p_ids text[], p_queues text[], p_payloads bytea[], p_due bigint[]) returns void
language plpgsql as $$
declare
  this change := waymark_this_change();
begin
  insert into job (id, queue, payload, state, due_at, sequence, position, enqueued_at, term, attempts, stop_requested)
  select n.id, n.queue, n.payload, 0, coalesce(n.due, this.at), this.sequence, n.position - 1, this.at, 0, 0, 0
  from unnest(p_ids, p_queues, p_payloads, p_due) with ordinality as n (id, queue, payload, due, position)
  on conflict (id) do nothing;
end $$;

create function waymark_refuse_shredded(p_ids text[]) returns void
language plpgsql as $$
declare
  shredded text;
begin
  select b.id into shredded from blob b where b.id = any (p_ids) and b.shredded_at is not null limit 1;
  if found then
    raise exception using errcode = 'WM003', message = shredded;
  end if;
end $$;

-- The list of chunks makes the blob: until then its chunks belong to nobody and are swept when they are old.
create function waymark_blob(p_id text, p_length bigint, p_at bigint, p_chunks text[], p_lengths bigint[]) returns void
language plpgsql as $$
begin
  insert into blob (id, length, stored_at) values (p_id, p_length, p_at)
  on conflict (id) do update set stored_at = excluded.stored_at;
  if exists (select 1 from unnest(p_chunks) as n (id) where not exists (select 1 from chunk c where c.id = n.id)) then
    raise exception using errcode = 'WM004', message = p_id;
  end if;

  insert into blob_chunk (blob, ordinal, chunk, length)
  select p_id, n.ordinal - 1, n.chunk, n.length from unnest(p_chunks, p_lengths) with ordinality as n (chunk, length, ordinal)
  on conflict do nothing;
end $$;

-- Callers hold the store-wide lock alone, so no write set refers to the blob meanwhile.
create function waymark_shred(p_id text, p_at bigint) returns boolean
language plpgsql as $$
declare
  mine text[];
begin
  update blob set shredded_at = p_at where id = p_id and shredded_at is null;
  if not found then
    return false;
  end if;

  with removed as (delete from blob_chunk where blob = p_id returning chunk) select array_agg(chunk) into mine from removed;
  delete from chunk c where c.id = any (mine) and not exists (select 1 from blob_chunk p where p.chunk = c.id);
  return true;
end $$;
