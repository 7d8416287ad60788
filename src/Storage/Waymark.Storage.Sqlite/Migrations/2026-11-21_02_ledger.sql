-- The ledger (docs/methods/ledger.md). Table for table and column for column the same as on PostgreSQL.

-- Leaves that were committed with their effect and have no place in the tree yet: one row per write set, its entries each
-- after its length as two bytes.
create table ledger_pending (
  sequence integer primary key,
  leaves integer not null,
  entries blob not null,
  at integer not null
) strict;

-- Up to 256 hashes of 32 bytes. Full tiles never change again.
create table ledger_tile (
  level integer not null,
  position integer not null,
  hashes blob not null,
  primary key (level, position)
) strict, without rowid;

-- Up to 256 entries. Full bundles never change again.
create table ledger_bundle (
  position integer primary key,
  entries blob not null
) strict;

-- Where a leaf stands, by its id of 16 bytes, which begins with its time.
create table ledger_leaf (
  id blob not null primary key,
  position integer not null
) strict, without rowid;

-- Signed notes: the newest one, and all that were published.
create table ledger_checkpoint (
  size integer primary key,
  note blob not null,
  at integer not null,
  published integer not null check (published in (0, 1))
) strict;
