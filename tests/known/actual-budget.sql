-- Actual Budget, in the shape that its query schema gives; some columns are supposed.

-- == tables
create table __migrations__(id int primary key not null);
create table __meta__(key text primary key, value text);
create table created_budgets(month text primary key);
create table banks(id text primary key, bank_id text, name text, tombstone integer default 0);
create table accounts(id text primary key, account_id text, name text, balance_current integer, balance_available integer,
  balance_limit integer, mask text, official_name text, subtype text, bank text, offbudget integer default 0,
  closed integer default 0, tombstone integer default 0, sort_order real, type text, account_sync_source text, last_sync text,
  last_reconciled text);
create table pending_transactions(id text primary key, acct integer, amount integer, description text, date text,
  foreign key(acct) references accounts(id));
create table transactions(id text primary key, isParent integer default 0, isChild integer default 0, acct text, category text,
  amount integer, description text, notes text, date integer, financial_id text, type text, location text, error text,
  imported_description text, starting_balance_flag integer default 0, transferred_id text, sort_order real,
  tombstone integer default 0, cleared integer default 1, pending integer default 0, parent_id text, schedule text,
  reconciled integer default 0, raw_synced_data text);
create index trans_category_date on transactions(category, date);
create table category_groups(id text primary key, name text, is_income integer default 0, sort_order real,
  tombstone integer default 0, hidden boolean not null default 0);
create table categories(id text primary key, name text, is_income integer default 0, cat_group text, sort_order real,
  tombstone integer default 0, hidden boolean not null default 0, goal_def text default null, template_settings json);
create table category_mapping(id text primary key, transferId text);
create table payees(id text primary key, name text, category text, tombstone integer default 0, transfer_acct text,
  favorite integer default 0, learn_categories boolean default 1);
create table payee_mapping(id text primary key, targetId text);
create table rules(id text primary key, stage text, conditions text, actions text, tombstone integer default 0, conditions_op text default 'and');
create table schedules(id text primary key, rule text, active integer default 0, completed integer default 0,
  posts_transaction integer default 0, tombstone integer default 0, name text default null);
create table schedules_next_date(id text primary key, schedule_id text, local_next_date integer, local_next_date_ts integer,
  base_next_date integer, base_next_date_ts integer, tombstone integer default 0);
create table schedules_json_paths(schedule_id text primary key, payee text, account text, amount text, date text);
create table zero_budgets(id text primary key, month integer, category text, amount integer default 0, carryover integer default 0,
  goal integer default null, long_goal integer default null);
create table reflect_budgets(id text primary key, month integer, category text, amount integer default 0,
  carryover integer default 0, goal integer default null, long_goal integer default null);
create table zero_budget_months(id text primary key, buffered integer default 0);
create table notes(id text primary key, note text);
create table tags(id text primary key, tag text unique, color text, description text, tombstone integer default 0);
create table preferences(id text primary key, value text);
create table custom_reports(id text primary key, name text not null, mode text default 'total', conditions text, tombstone integer default 0);
create table dashboard(id text primary key, type text not null, width integer not null, height integer not null, x integer not null,
  y integer not null, meta text, tombstone integer default 0);
create table transaction_filters(id text primary key, name text, conditions text, conditions_op text default 'and', tombstone integer default 0);
create table messages_crdt(id integer primary key, timestamp text not null unique, dataset text not null, row text not null,
  column text not null, value blob not null);
create table messages_clock(id integer primary key, clock text);
create table kvcache(key text primary key, value text);
create table kvcache_key(id integer primary key, key real);

-- == alice
insert into banks values ('ba1', 'BANK', 'Bank', 0);
insert into accounts(id, name, bank, sort_order) values ('ac1', 'Purse', null, 1), ('ac2', 'Savings', 'ba1', 2);
insert into category_groups(id, name) values ('g1', 'Daily');
insert into categories(id, name, cat_group, tombstone) values ('c1', 'Bread', 'g1', 0), ('c2', 'Loaves', 'g1', 1);
insert into category_mapping values ('c1', 'c1'), ('c2', 'c1');
insert into payees(id, name, transfer_acct) values ('p1', 'Bakery', null), ('p2', '', 'ac2'), ('p3', '', 'ac1');
insert into payee_mapping values ('p1', 'p1'), ('p2', 'p2'), ('p3', 'p3'), ('p9', 'p1');
insert into rules values ('r1', null, '[{"op":"is","field":"payee","value":"p1"}]', '[{"op":"set","field":"category","value":"c1"}]', 0, 'and'), ('r2', null, '[]', '[{"op":"link-schedule","value":"s1"}]', 0, 'and');
insert into schedules(id, rule, name) values ('s1', 'r2', 'Saving');
insert into schedules_next_date(id, schedule_id, local_next_date) values ('sn1', 's1', 20260301);
insert into transactions(id, isParent, isChild, acct, category, amount, description, notes, date, transferred_id, parent_id, schedule) values
  ('t1', 1, 0, 'ac1', null, -500, 'p1', 'rye *and* wheat', 20260201, null, null, null), ('t1/1', 0, 1, 'ac1', 'c1', -300, 'p9', null, 20260201, null, 't1', null),
  ('t1/2', 0, 1, 'ac1', 'c2', -200, 'p1', null, 20260201, null, 't1', null), ('t2', 0, 0, 'ac1', null, -100, 'p2', null, 20260202, 't3', null, 's1'), ('t3', 0, 0, 'ac2', null, 100, 'p3', null, 20260202, 't2', null, null);
insert into zero_budgets(id, month, category, amount) values ('202602-c1', 202602, 'c1', 1000);
insert into zero_budget_months values ('2026-02', 50);
insert into notes values ('c1', 'no sugar'), ('account-ac1', 'brown');
insert into tags values ('tg1', 'rye', '#aa5500', null, 0);
insert into preferences values ('dateFormat', 'dd.MM.yyyy');
insert into custom_reports(id, name, conditions) values ('cr1', 'Where it goes', '[]');
insert into dashboard values ('d1', 'custom-report', 4, 2, 0, 0, '{"id":"cr1"}', 0);
insert into messages_crdt values (1, '2026-02-01T00:00:00.000Z-0000-AAAA', 'transactions', 't1', 'amount', cast('N:-500' as blob));
insert into messages_clock values (1, '{}');
insert into created_budgets values ('2026-02');

-- == bob
insert into accounts(id, name, sort_order) values ('ab1', 'Tin', 1);
insert into category_groups(id, name) values ('gb1', 'Cats');
insert into categories(id, name, cat_group) values ('cb1', 'Food', 'gb1');
insert into category_mapping values ('cb1', 'cb1');
insert into payees(id, name) values ('pb1', 'Cat shop');
insert into payee_mapping values ('pb1', 'pb1');
insert into transactions(id, acct, category, amount, description, date) values ('tb1', 'ab1', 'cb1', -900, 'pb1', 20250201);
insert into messages_crdt values (1, '2025-02-01T00:00:00.000Z-0000-BBBB', 'transactions', 'tb1', 'amount', cast('N:-900' as blob));

-- == link: transactions
select t.id || ' ' || a.name || ' ' || t.amount || ' for ' || ifnull(c.name, 'none') || ' to ' || ifnull(nullif(p.name, ''), x.name) || ' in ' || ifnull(q.id, 'none') || ' with ' || ifnull(o.id, 'none') || ' by ' || ifnull(s.name, 'none')
from transactions t join accounts a on a.id = t.acct left join category_mapping m on m.id = t.category left join categories c on c.id = m.transferId join payee_mapping n on n.id = t.description join payees p on p.id = n.targetId
left join accounts x on x.id = p.transfer_acct left join transactions q on q.id = t.parent_id left join transactions o on o.id = t.transferred_id left join schedules s on s.id = t.schedule;

-- == link: budgets
select b.month || ' ' || c.name || b.amount || ' of ' || g.name from zero_budgets b join categories c on c.id = b.category join category_groups g on g.id = c.cat_group
union all select s.name || ' by ' || r.actions || ' next ' || n.local_next_date from schedules s join rules r on r.id = s.rule join schedules_next_date n on n.schedule_id = s.id
union all select c.name || ': ' || n.note from notes n join categories c on c.id = n.id
union all select a.name || ' at ' || b.name from accounts a join banks b on b.id = a.bank
union all select c.name || ' of ' || g.name from categories c join category_groups g on g.id = c.cat_group;

-- == made
-- rye *and* wheat
-- no sugar
-- Where it goes
