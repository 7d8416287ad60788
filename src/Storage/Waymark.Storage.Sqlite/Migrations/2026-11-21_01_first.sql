-- The first schema. Table for table and column for column the same as on PostgreSQL (docs/formats/backup.md).
-- Times are whole microseconds since 1970-01-01T00:00Z. Text compares by its UTF-8 bytes.

-- One row per committed write set: who, why, when. Its number is the store-wide sequence.
create table change (
  sequence integer primary key,
  at integer not null,
  actor text not null,
  reason text not null
) strict;

-- Content-addressed pieces of at most 4 MiB; id is the SHA-256 of bytes.
create table chunk (
  id text not null primary key,
  bytes blob not null,
  stored_at integer not null
) strict;

-- A shredded blob keeps its row, its references and its hash; its chunks are gone.
create table blob (
  id text not null primary key,
  length integer not null,
  stored_at integer not null,
  shredded_at integer
) strict, without rowid;

create table blob_chunk (
  blob text not null references blob (id),
  ordinal integer not null,
  chunk text not null references chunk (id),
  length integer not null,
  primary key (blob, ordinal)
) strict, without rowid;

create index blob_chunk_by_chunk on blob_chunk (chunk);

create table blob_reference (
  owner text not null,
  blob text not null references blob (id),
  primary key (owner, blob)
) strict, without rowid;

create index blob_reference_by_blob on blob_reference (blob);

-- The document is the truth of now; null when the record was removed (its version goes on counting).
create table record (
  register text not null,
  id text not null,
  version integer not null,
  sequence integer not null,
  written_at integer not null,
  document blob,
  primary key (register, id)
) strict;

-- The fields by which records are listed, in the order of the list itself.
create table record_head (
  register text not null,
  name text not null,
  value text not null,
  id text not null,
  primary key (register, name, value, id)
) strict, without rowid;

create unique index record_head_by_record on record_head (register, id, name);

-- How the document came about. Never updated, never deleted.
create table record_operation (
  register text not null,
  id text not null,
  version integer not null,
  sequence integer not null references change (sequence),
  operation blob not null,
  primary key (register, id, version)
) strict, without rowid;

-- state: 0 staged, 1 visible, 2 discarded. staged and sequence are numbers of changes; sequence is 0 until visible.
create table vintage (
  id text not null primary key,
  series text not null,
  import text not null,
  release text not null,
  release_order integer not null,
  state integer not null check (state in (0, 1, 2)),
  staged integer not null,
  staged_at integer not null,
  sequence integer not null,
  visible_from integer,
  observations integer not null,
  check ((state = 1) = (sequence > 0) and (state = 1) = (visible_from is not null))
) strict, without rowid;

create index vintage_by_series on vintage (series, sequence);
create unique index vintage_by_sequence on vintage (sequence, id);

create table segment (
  vintage text not null references vintage (id),
  ordinal integer not null,
  blob text not null references blob (id),
  observations integer not null,
  primary key (vintage, ordinal)
) strict, without rowid;

create index segment_by_blob on segment (blob);

-- state: 0 waiting, 1 running, 2 done, 3 failed, 4 stopped. A lease is (term, worker, lease_until).
create table job (
  id text not null primary key,
  queue text not null,
  payload blob not null,
  state integer not null check (state in (0, 1, 2, 3, 4)),
  due_at integer not null,
  sequence integer not null,
  position integer not null,
  enqueued_at integer not null,
  term integer not null,
  worker text,
  lease_until integer,
  attempts integer not null,
  stop_requested integer not null,
  progress_step text,
  progress_done integer,
  progress_of integer,
  result blob,
  error_text text,
  started_at integer,
  ended_at integer,
  check ((state = 1) = (lease_until is not null))
) strict;

-- The two ways a job falls due: its time came, or its lease ran out. Ended jobs are in neither index.
create index job_waiting on job (queue, due_at, sequence, position) where state = 0;
create index job_running on job (queue, lease_until) where state = 1;
create index job_newest on job (sequence, position);
