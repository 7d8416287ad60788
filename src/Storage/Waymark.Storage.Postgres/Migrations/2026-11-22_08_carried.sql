-- Which of the asked keys a record carries is read in one step of the index by record: it holds the keys themselves. A key that
-- more records carry than are read would otherwise be looked up once for each record that a rarer key found.
drop index record_key_by_record;
create index record_key_by_record on record_key (register, id) include (key);
drop index missing_record_key_by_record;
create index missing_record_key_by_record on missing_record_key (register, id) include (key);
drop index victim_record_key_by_record;
create index victim_record_key_by_record on victim_record_key (register, id) include (key);
drop index suspect_record_key_by_record;
create index suspect_record_key_by_record on suspect_record_key (register, id) include (key);
