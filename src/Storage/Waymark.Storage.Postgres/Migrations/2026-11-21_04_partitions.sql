-- The record engine: partitions and indexes. Table for table and column for column the same as on SQLite.
-- A record's index row says how it is listed; its key rows, by which keys it is found. Both repeat what decides whether
-- a row may be seen (unit, purposes as 64 bits, sensitivity), so that neither a list nor a search needs another table.
-- due is 9223372036854775807 where there is no date. A key is the kind as two bytes and 8 to 32 bytes that say nothing by
-- themselves. Documents and operations of the partitions are as those of record: the document is null when the record was
-- removed, operations are never updated.

create table record_index (
  register text collate "C" not null,
  id text collate "C" not null,
  version bigint not null,
  state text collate "C" not null,
  owner text collate "C",
  due bigint not null,
  unit text collate "C" not null,
  purposes bigint not null,
  sensitivity bigint not null,
  changed_at bigint not null,
  keys bigint not null,
  primary key (register, id)
);

create index record_index_by_due on record_index (register, unit, state, due, id) include (purposes, sensitivity);
create index record_index_by_change on record_index (register, unit, state, changed_at, id) include (purposes, sensitivity);
create index record_index_by_owner on record_index (register, owner, due, id) where owner is not null;

create table record_key (
  key bytea not null,
  register text collate "C" not null,
  unit text collate "C" not null,
  id text collate "C" not null,
  purposes bigint not null,
  sensitivity bigint not null,
  primary key (key, register, unit, id) include (purposes, sensitivity)
);

create index record_key_by_record on record_key (register, id);

-- Missing persons and those who seek them.
create table missing_record (
  register text collate "C" not null,
  id text collate "C" not null,
  version bigint not null,
  sequence bigint not null,
  written_at bigint not null,
  document bytea,
  primary key (register, id)
);

create table missing_record_operation (
  register text collate "C" not null,
  id text collate "C" not null,
  version bigint not null,
  sequence bigint not null references change (sequence),
  operation bytea not null,
  primary key (register, id, version)
);

create table missing_record_index (
  register text collate "C" not null,
  id text collate "C" not null,
  version bigint not null,
  state text collate "C" not null,
  owner text collate "C",
  due bigint not null,
  unit text collate "C" not null,
  purposes bigint not null,
  sensitivity bigint not null,
  changed_at bigint not null,
  keys bigint not null,
  primary key (register, id)
);

create index missing_record_index_by_due on missing_record_index (register, unit, state, due, id) include (purposes, sensitivity);
create index missing_record_index_by_change on missing_record_index (register, unit, state, changed_at, id) include (purposes, sensitivity);
create index missing_record_index_by_owner on missing_record_index (register, owner, due, id) where owner is not null;

create table missing_record_key (
  key bytea not null,
  register text collate "C" not null,
  unit text collate "C" not null,
  id text collate "C" not null,
  purposes bigint not null,
  sensitivity bigint not null,
  primary key (key, register, unit, id) include (purposes, sensitivity)
);

create index missing_record_key_by_record on missing_record_key (register, id);

-- Victims and their services.
create table victim_record (
  register text collate "C" not null,
  id text collate "C" not null,
  version bigint not null,
  sequence bigint not null,
  written_at bigint not null,
  document bytea,
  primary key (register, id)
);

create table victim_record_operation (
  register text collate "C" not null,
  id text collate "C" not null,
  version bigint not null,
  sequence bigint not null references change (sequence),
  operation bytea not null,
  primary key (register, id, version)
);

create table victim_record_index (
  register text collate "C" not null,
  id text collate "C" not null,
  version bigint not null,
  state text collate "C" not null,
  owner text collate "C",
  due bigint not null,
  unit text collate "C" not null,
  purposes bigint not null,
  sensitivity bigint not null,
  changed_at bigint not null,
  keys bigint not null,
  primary key (register, id)
);

create index victim_record_index_by_due on victim_record_index (register, unit, state, due, id) include (purposes, sensitivity);
create index victim_record_index_by_change on victim_record_index (register, unit, state, changed_at, id) include (purposes, sensitivity);
create index victim_record_index_by_owner on victim_record_index (register, owner, due, id) where owner is not null;

create table victim_record_key (
  key bytea not null,
  register text collate "C" not null,
  unit text collate "C" not null,
  id text collate "C" not null,
  purposes bigint not null,
  sensitivity bigint not null,
  primary key (key, register, unit, id) include (purposes, sensitivity)
);

create index victim_record_key_by_record on victim_record_key (register, id);

-- Suspects and persons sought.
create table suspect_record (
  register text collate "C" not null,
  id text collate "C" not null,
  version bigint not null,
  sequence bigint not null,
  written_at bigint not null,
  document bytea,
  primary key (register, id)
);

create table suspect_record_operation (
  register text collate "C" not null,
  id text collate "C" not null,
  version bigint not null,
  sequence bigint not null references change (sequence),
  operation bytea not null,
  primary key (register, id, version)
);

create table suspect_record_index (
  register text collate "C" not null,
  id text collate "C" not null,
  version bigint not null,
  state text collate "C" not null,
  owner text collate "C",
  due bigint not null,
  unit text collate "C" not null,
  purposes bigint not null,
  sensitivity bigint not null,
  changed_at bigint not null,
  keys bigint not null,
  primary key (register, id)
);

create index suspect_record_index_by_due on suspect_record_index (register, unit, state, due, id) include (purposes, sensitivity);
create index suspect_record_index_by_change on suspect_record_index (register, unit, state, changed_at, id) include (purposes, sensitivity);
create index suspect_record_index_by_owner on suspect_record_index (register, owner, due, id) where owner is not null;

create table suspect_record_key (
  key bytea not null,
  register text collate "C" not null,
  unit text collate "C" not null,
  id text collate "C" not null,
  purposes bigint not null,
  sensitivity bigint not null,
  primary key (key, register, unit, id) include (purposes, sensitivity)
);

create index suspect_record_key_by_record on suspect_record_key (register, id);

-- Expected versions and preconditions in any partition (0 general, 1 missing, 2 victim, 3 suspect); version 0 is a record
-- that is not there.
create function waymark_compare(p_partitions bigint[], p_registers text[], p_ids text[], p_versions bigint[]) returns void
language plpgsql as $$
declare
  broken text;
begin
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
end $$;
