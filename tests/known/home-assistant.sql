-- The recorder of Home Assistant, in the shape of 2024.

-- == tables
create table event_data(data_id integer not null, hash bigint, shared_data text, primary key(data_id));
create index ix_event_data_hash on event_data(hash);
create table event_types(event_type_id integer not null, event_type varchar(64), primary key(event_type_id));
create unique index ix_event_types_event_type on event_types(event_type);
create table events(event_id integer not null, event_type char(0), event_data char(0), origin char(0),
  origin_idx smallint, time_fired char(0), time_fired_ts float, context_id char(0), context_user_id char(0),
  context_parent_id char(0), data_id integer, context_id_bin blob, context_user_id_bin blob, context_parent_id_bin blob,
  event_type_id integer, primary key(event_id), foreign key(data_id) references event_data(data_id),
  foreign key(event_type_id) references event_types(event_type_id));
create table state_attributes(attributes_id integer not null, hash bigint, shared_attrs text, primary key(attributes_id));
create index ix_state_attributes_hash on state_attributes(hash);
create table states_meta(metadata_id integer not null, entity_id varchar(255), primary key(metadata_id));
create unique index ix_states_meta_entity_id on states_meta(entity_id);
create table states(state_id integer not null, entity_id char(0), state varchar(255), attributes char(0), event_id smallint,
  last_changed char(0), last_changed_ts float, last_reported_ts float, last_updated char(0), last_updated_ts float,
  old_state_id integer, attributes_id integer, context_id char(0), context_user_id char(0), context_parent_id char(0),
  origin_idx smallint, context_id_bin blob, context_user_id_bin blob, context_parent_id_bin blob, metadata_id integer,
  primary key(state_id), foreign key(old_state_id) references states(state_id),
  foreign key(attributes_id) references state_attributes(attributes_id),
  foreign key(metadata_id) references states_meta(metadata_id));
create index ix_states_metadata_id_last_updated_ts on states(metadata_id, last_updated_ts);
create table statistics_meta(id integer not null, statistic_id varchar(255), source varchar(32),
  unit_of_measurement varchar(255), has_mean boolean, has_sum boolean, name varchar(255), primary key(id));
create unique index ix_statistics_meta_statistic_id on statistics_meta(statistic_id);
create table statistics(id integer not null, created char(0), created_ts float, metadata_id integer, start char(0),
  start_ts float, mean float, min float, max float, last_reset char(0), last_reset_ts float, state float, sum float,
  primary key(id), foreign key(metadata_id) references statistics_meta(id) on delete cascade);
create unique index ix_statistics_statistic_id_start_ts on statistics(metadata_id, start_ts);
create table statistics_short_term(id integer not null, created char(0), created_ts float, metadata_id integer,
  start char(0), start_ts float, mean float, min float, max float, last_reset char(0), last_reset_ts float, state float,
  sum float, primary key(id), foreign key(metadata_id) references statistics_meta(id) on delete cascade);
create unique index ix_statistics_short_term_statistic_id_start_ts on statistics_short_term(metadata_id, start_ts);
create table recorder_runs(run_id integer not null, start datetime not null, "end" datetime,
  closed_incorrect boolean not null, created datetime not null, primary key(run_id));
create table statistics_runs(run_id integer not null, start datetime not null, primary key(run_id));
create table schema_changes(change_id integer not null, schema_version integer, changed datetime not null,
  primary key(change_id));
create table migration_changes(migration_id varchar(255) not null, version smallint not null, primary key(migration_id));

-- == alice
insert into statistics_meta values (1, 'sensor.kitchen_temperature', 'recorder', '°C', 1, 0, null),
  (2, 'sensor.energy_total', 'recorder', 'kWh', 0, 1, 'Energy');
insert into statistics(id, created_ts, metadata_id, start_ts, mean, min, max, sum) values
  (1, 1760003610.5, 1, 1760000400.0, 21.5, 20.0, 22.25, null), (2, 1760007210.5, 1, 1760004000.0, 21.0, 20.5, 21.5, null),
  (3, 1760003610.5, 2, 1760000400.0, null, null, null, 812.5);
insert into statistics_short_term(id, created_ts, metadata_id, start_ts, mean) values (1, 1760000710.5, 1, 1760000400.0, 21.25);
insert into states_meta values (1, 'light.hall'), (2, 'sensor.kitchen_temperature');
insert into state_attributes values (1, 4000000001, '{"friendly_name":"Hall"}'), (2, 4000000002, '{"unit":"°C"}');
insert into states(state_id, state, last_updated_ts, old_state_id, attributes_id, origin_idx, context_id_bin, metadata_id) values
  (1, 'off', 1760000000.25, null, 1, 0, x'0199000000000000000000000000a001', 1),
  (2, 'on', 1760000060.25, 1, 1, 0, x'0199000000000000000000000000a002', 1),
  (3, '21.4', 1760000061.5, null, 2, 0, x'0199000000000000000000000000a003', 2),
  (5, 'off', 1760000120.25, 2, 1, 0, x'0199000000000000000000000000a005', 1);
insert into event_types values (1, 'homeassistant_start'), (2, 'call_service');
insert into event_data values (1, 3000000001, '{"domain":"light","service":"turn_on"}');
insert into events(event_id, origin_idx, time_fired_ts, data_id, context_id_bin, event_type_id) values
  (1, 0, 1760000000.0, null, x'0199000000000000000000000000a00a', 1),
  (2, 0, 1760000060.0, 1, x'0199000000000000000000000000a002', 2);
insert into recorder_runs values (1, '2026-01-01', null, 0, '2026-01-01');
insert into schema_changes values (1, 47, '2026-01-01');

-- == bob
insert into statistics_meta values (1, 'sensor.energy_solar', 'recorder', 'kWh', 0, 1, null),
  (2, 'sensor.kitchen_temperature', 'recorder', '°C', 1, 0, null);
insert into statistics(id, created_ts, metadata_id, start_ts, mean, sum) values (1, 1750003610.5, 1, 1750000400.0, null, 4.0),
  (2, 1750003610.5, 2, 1750000400.0, 19.0, null);
insert into states_meta values (1, 'switch.pump'), (2, 'light.hall');
insert into state_attributes values (1, 4000000009, '{"friendly_name":"Pump"}'), (2, 4000000001, '{"friendly_name":"Hall"}');
insert into states(state_id, state, last_updated_ts, old_state_id, attributes_id, origin_idx, context_id_bin, metadata_id) values
  (1, 'on', 1750000000.25, null, 1, 0, x'0198000000000000000000000000b001', 1),
  (2, 'off', 1750000060.25, 1, 1, 0, x'0198000000000000000000000000b002', 1),
  (3, 'on', 1750000061.25, null, 2, 0, x'0198000000000000000000000000b003', 2);
insert into event_types values (1, 'call_service');
insert into events(event_id, origin_idx, time_fired_ts, data_id, context_id_bin, event_type_id) values
  (1, 0, 1750000000.0, null, x'0198000000000000000000000000b00a', 1);
insert into recorder_runs values (1, '2025-01-01', null, 0, '2025-01-01');

-- == link: statistics
select m.statistic_id || ' ' || s.start_ts || ' ' || ifnull(s.mean, s.sum) from statistics s
join statistics_meta m on m.id = s.metadata_id
union all select m.statistic_id || ' short ' || s.start_ts || ' ' || s.mean from statistics_short_term s
join statistics_meta m on m.id = s.metadata_id;

-- == link: states
select m.entity_id || ' ' || s.last_updated_ts || ' ' || s.state || ' ' || a.shared_attrs || ' after '
  || ifnull(o.last_updated_ts, 'nothing') from states s join states_meta m on m.metadata_id = s.metadata_id
join state_attributes a on a.attributes_id = s.attributes_id left join states o on o.state_id = s.old_state_id;

-- == link: events
select t.event_type || ' ' || e.time_fired_ts || ' ' || ifnull(d.shared_data, 'nothing') from events e
join event_types t on t.event_type_id = e.event_type_id left join event_data d on d.data_id = e.data_id;

-- == made
-- sensor.kitchen_temperature
-- sensor.energy_total
-- light.hall
