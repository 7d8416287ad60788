-- The server keeps samples of a column's values for its planner, which no erasure of rows takes back. Documents, operations and
-- search keys give none: no question is planned by their values.
alter table record alter column document set statistics 0;
alter table record_operation alter column operation set statistics 0;
alter table record_key alter column key set statistics 0;
alter table missing_record alter column document set statistics 0;
alter table missing_record_operation alter column operation set statistics 0;
alter table missing_record_key alter column key set statistics 0;
alter table victim_record alter column document set statistics 0;
alter table victim_record_operation alter column operation set statistics 0;
alter table victim_record_key alter column key set statistics 0;
alter table suspect_record alter column document set statistics 0;
alter table suspect_record_operation alter column operation set statistics 0;
alter table suspect_record_key alter column key set statistics 0;
