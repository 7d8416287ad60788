-- The ledger (docs/methods/ledger.md). Table for table and column for column the same as on SQLite.

-- Leaves that were committed with their effect and have no place in the tree yet: one row per write set, its entries each
-- after its length as two bytes. Rows come and go quickly, so they are vacuumed early.
create table ledger_pending (
  sequence bigint primary key,
  leaves bigint not null,
  entries bytea not null,
  at bigint not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Up to 256 hashes of 32 bytes, which no compression makes smaller. Full tiles never change again.
create table ledger_tile (
  level bigint not null,
  position bigint not null,
  hashes bytea not null,
  primary key (level, position)
);

-- Up to 256 entries. Full bundles never change again.
create table ledger_bundle (
  position bigint primary key,
  entries bytea not null
);

alter table ledger_pending alter column entries set storage external;
alter table ledger_tile alter column hashes set storage external;
alter table ledger_bundle alter column entries set storage external;

-- Where a leaf stands, by its id of 16 bytes, which begins with its time.
create table ledger_leaf (
  id bytea primary key,
  position bigint not null
);

-- Signed notes: the newest one, and all that were published.
create table ledger_checkpoint (
  size bigint primary key,
  note bytea not null,
  at bigint not null,
  published bigint not null check (published in (0, 1))
);

-- One step of the sequencer. The lease's row lock and the lock of the ledger keep a second sequencer out until the commit;
-- one that was thought dead and comes late finds its term gone or the tree grown, and nothing of it stays (WM001).
create function waymark_integrate(
  p_job text, p_term bigint, p_expected bigint, p_size bigint, p_note bytea, p_at bigint,
  p_sequences bigint[], p_levels bigint[], p_tiles bigint[], p_hashes bytea[], p_bundles bigint[], p_entries bytea[],
  p_leaves bytea[], p_places bigint[], p_published bigint, p_published_note bytea) returns void
language plpgsql as $$
declare
  taken bigint;
begin
  perform pg_advisory_xact_lock(1463900465, 4);
  perform waymark_leases(array[p_job], array[p_term]);
  if coalesce((select max(c.size) from ledger_checkpoint c), 0) <> p_expected then
    raise exception using errcode = 'WM001', message = 'ledger/' || p_expected;
  end if;

  delete from ledger_pending where sequence = any (p_sequences);
  get diagnostics taken = row_count;
  if taken <> cardinality(p_sequences) then
    raise exception using errcode = 'WM001', message = 'ledger/pending';
  end if;

  insert into ledger_tile (level, position, hashes) select * from unnest(p_levels, p_tiles, p_hashes)
  on conflict (level, position) do update set hashes = excluded.hashes;
  insert into ledger_bundle (position, entries) select * from unnest(p_bundles, p_entries)
  on conflict (position) do update set entries = excluded.entries;
  insert into ledger_leaf (id, position) select * from unnest(p_leaves, p_places) on conflict (id) do nothing;
  delete from ledger_checkpoint where published = 0;
  if p_published is not null then
    insert into ledger_checkpoint (size, note, at, published) values (p_published, p_published_note, p_at, 1)
    on conflict (size) do nothing;
  end if;

  insert into ledger_checkpoint (size, note, at, published) values (p_size, p_note, p_at, 0) on conflict (size) do nothing;
end $$;
