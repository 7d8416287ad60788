-- The record engine: partitions and indexes. Table for table and column for column the same as on PostgreSQL.
-- A record's index row says how it is listed; its key rows, by which keys it is found. Both repeat what decides whether
-- a row may be seen (unit, purposes as 64 bits, sensitivity), so that neither a list nor a search needs another table.
-- due is 9223372036854775807 where there is no date. A key is the kind as two bytes and 8 to 32 bytes that say nothing by
-- themselves. Documents and operations of the partitions are as those of record: the document is null when the record was
-- removed, operations are never updated.

create table record_index (
  register text not null,
  id text not null,
  version integer not null,
  state text not null,
  owner text,
  due integer not null,
  unit text not null,
  purposes integer not null,
  sensitivity integer not null,
  changed_at integer not null,
  keys integer not null,
  primary key (register, id)
) strict, without rowid;

create index record_index_by_due on record_index (register, unit, state, due, id, purposes, sensitivity);
create index record_index_by_change on record_index (register, unit, state, changed_at, id, purposes, sensitivity);
create index record_index_by_owner on record_index (register, owner, due, id) where owner is not null;

create table record_key (
  key blob not null,
  register text not null,
  unit text not null,
  id text not null,
  purposes integer not null,
  sensitivity integer not null,
  primary key (key, register, unit, id)
) strict, without rowid;

create index record_key_by_record on record_key (register, id);

-- Missing persons and those who seek them.
create table missing_record (
  register text not null,
  id text not null,
  version integer not null,
  sequence integer not null,
  written_at integer not null,
  document blob,
  primary key (register, id)
) strict;

create table missing_record_operation (
  register text not null,
  id text not null,
  version integer not null,
  sequence integer not null references change (sequence),
  operation blob not null,
  primary key (register, id, version)
) strict, without rowid;

create table missing_record_index (
  register text not null,
  id text not null,
  version integer not null,
  state text not null,
  owner text,
  due integer not null,
  unit text not null,
  purposes integer not null,
  sensitivity integer not null,
  changed_at integer not null,
  keys integer not null,
  primary key (register, id)
) strict, without rowid;

create index missing_record_index_by_due on missing_record_index (register, unit, state, due, id, purposes, sensitivity);
create index missing_record_index_by_change on missing_record_index (register, unit, state, changed_at, id, purposes, sensitivity);
create index missing_record_index_by_owner on missing_record_index (register, owner, due, id) where owner is not null;

create table missing_record_key (
  key blob not null,
  register text not null,
  unit text not null,
  id text not null,
  purposes integer not null,
  sensitivity integer not null,
  primary key (key, register, unit, id)
) strict, without rowid;

create index missing_record_key_by_record on missing_record_key (register, id);

-- Victims and their services.
create table victim_record (
  register text not null,
  id text not null,
  version integer not null,
  sequence integer not null,
  written_at integer not null,
  document blob,
  primary key (register, id)
) strict;

create table victim_record_operation (
  register text not null,
  id text not null,
  version integer not null,
  sequence integer not null references change (sequence),
  operation blob not null,
  primary key (register, id, version)
) strict, without rowid;

create table victim_record_index (
  register text not null,
  id text not null,
  version integer not null,
  state text not null,
  owner text,
  due integer not null,
  unit text not null,
  purposes integer not null,
  sensitivity integer not null,
  changed_at integer not null,
  keys integer not null,
  primary key (register, id)
) strict, without rowid;

create index victim_record_index_by_due on victim_record_index (register, unit, state, due, id, purposes, sensitivity);
create index victim_record_index_by_change on victim_record_index (register, unit, state, changed_at, id, purposes, sensitivity);
create index victim_record_index_by_owner on victim_record_index (register, owner, due, id) where owner is not null;

create table victim_record_key (
  key blob not null,
  register text not null,
  unit text not null,
  id text not null,
  purposes integer not null,
  sensitivity integer not null,
  primary key (key, register, unit, id)
) strict, without rowid;

create index victim_record_key_by_record on victim_record_key (register, id);

-- Suspects and persons sought.
create table suspect_record (
  register text not null,
  id text not null,
  version integer not null,
  sequence integer not null,
  written_at integer not null,
  document blob,
  primary key (register, id)
) strict;

create table suspect_record_operation (
  register text not null,
  id text not null,
  version integer not null,
  sequence integer not null references change (sequence),
  operation blob not null,
  primary key (register, id, version)
) strict, without rowid;

create table suspect_record_index (
  register text not null,
  id text not null,
  version integer not null,
  state text not null,
  owner text,
  due integer not null,
  unit text not null,
  purposes integer not null,
  sensitivity integer not null,
  changed_at integer not null,
  keys integer not null,
  primary key (register, id)
) strict, without rowid;

create index suspect_record_index_by_due on suspect_record_index (register, unit, state, due, id, purposes, sensitivity);
create index suspect_record_index_by_change on suspect_record_index (register, unit, state, changed_at, id, purposes, sensitivity);
create index suspect_record_index_by_owner on suspect_record_index (register, owner, due, id) where owner is not null;

create table suspect_record_key (
  key blob not null,
  register text not null,
  unit text not null,
  id text not null,
  purposes integer not null,
  sensitivity integer not null,
  primary key (key, register, unit, id)
) strict, without rowid;

create index suspect_record_key_by_record on suspect_record_key (register, id);
