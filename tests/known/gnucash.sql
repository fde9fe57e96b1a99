-- GnuCash, in the shape of a book of 2.6. A file is one book: these are two copies of one, which two people went on with.

-- == tables
create table gnclock(Hostname varchar(255), PID int);
create table versions(table_name text(50) primary key not null, table_version integer not null);
create table books(guid text(32) primary key not null, root_account_guid text(32) not null, root_template_guid text(32) not null);
create table commodities(guid text(32) primary key not null, namespace text(2048) not null, mnemonic text(2048) not null,
  fullname text(2048), cusip text(2048), fraction integer not null, quote_flag integer not null, quote_source text(2048),
  quote_tz text(2048));
create table accounts(guid text(32) primary key not null, name text(2048) not null, account_type text(2048) not null,
  commodity_guid text(32), commodity_scu integer not null, non_std_scu integer not null, parent_guid text(32), code text(2048),
  description text(2048), hidden integer, placeholder integer);
create table transactions(guid text(32) primary key not null, currency_guid text(32) not null, num text(2048) not null,
  post_date text(19), enter_date text(19), description text(2048));
create index tx_post_date_index on transactions(post_date);
create table splits(guid text(32) primary key not null, tx_guid text(32) not null, account_guid text(32) not null,
  memo text(2048) not null, action text(2048) not null, reconcile_state text(1) not null, reconcile_date text(19),
  value_num bigint not null, value_denom bigint not null, quantity_num bigint not null, quantity_denom bigint not null,
  lot_guid text(32));
create index splits_tx_guid_index on splits(tx_guid);
create table lots(guid text(32) primary key not null, account_guid text(32), is_closed integer not null);
create table prices(guid text(32) primary key not null, commodity_guid text(32) not null, currency_guid text(32) not null,
  date text(19) not null, source text(2048), type text(2048), value_num bigint not null, value_denom bigint not null);
create table budgets(guid text(32) primary key not null, name text(2048) not null, description text(2048), num_periods integer not null);
create table budget_amounts(id integer primary key autoincrement not null, budget_guid text(32) not null,
  account_guid text(32) not null, period_num integer not null, amount_num bigint not null, amount_denom bigint not null);
create table schedxactions(guid text(32) primary key not null, name text(2048), enabled integer not null, start_date text(8),
  end_date text(8), last_occur text(8), num_occur integer not null, rem_occur integer not null, auto_create integer not null,
  auto_notify integer not null, adv_creation integer not null, adv_notify integer not null, instance_count integer not null,
  template_act_guid text(32) not null);
create table recurrences(id integer primary key autoincrement not null, obj_guid text(32) not null, recurrence_mult integer not null,
  recurrence_period_type text(2048) not null, recurrence_period_start text(8) not null, recurrence_weekend_adjust text(2048) not null);
create table slots(id integer primary key autoincrement not null, obj_guid text(32) not null, name text(4096) not null,
  slot_type integer not null, int64_val bigint, string_val text(4096), double_val float8, timespec_val text(19), guid_val text(32),
  numeric_val_num bigint, numeric_val_denom bigint, gdate_val text(8));
create index slots_guid_index on slots(obj_guid);
create table billterms(guid text(32) primary key not null, name text(2048) not null, description text(2048) not null,
  refcount integer not null, invisible integer not null, parent text(32), type text(2048) not null, duedays integer,
  discountdays integer, discount_num bigint, discount_denom bigint, cutoff integer);
create table taxtables(guid text(32) primary key not null, name text(50) not null, refcount bigint not null,
  invisible integer not null, parent text(32));
create table taxtable_entries(id integer primary key autoincrement not null, taxtable text(32) not null, account text(32) not null,
  amount_num bigint not null, amount_denom bigint not null, type integer not null);
create table customers(guid text(32) primary key not null, name text(2048) not null, id text(2048) not null, notes text(2048) not null,
  active integer not null, discount_num bigint not null, discount_denom bigint not null, credit_num bigint not null,
  credit_denom bigint not null, currency text(32) not null, tax_override integer not null, addr_name text(1024), terms text(32),
  tax_included integer, taxtable text(32));
create table vendors(guid text(32) primary key not null, name text(2048) not null, id text(2048) not null, notes text(2048) not null,
  currency text(32) not null, active integer not null, tax_override integer not null, terms text(32), tax_inc text(2048), tax_table text(32));
create table employees(guid text(32) primary key not null, username text(2048) not null, id text(2048) not null,
  language text(2048) not null, acl text(2048) not null, active integer not null, currency text(32) not null, ccard_guid text(32),
  workday_num bigint not null, workday_denom bigint not null, rate_num bigint not null, rate_denom bigint not null);
create table jobs(guid text(32) primary key not null, id text(2048) not null, name text(2048) not null, reference text(2048) not null,
  active integer not null, owner_type integer, owner_guid text(32));
create table orders(guid text(32) primary key not null, id text(2048) not null, notes text(2048) not null, reference text(2048) not null,
  active integer not null, date_opened text(14) not null, date_closed text(14) not null, owner_type integer not null, owner_guid text(32) not null);
create table invoices(guid text(32) primary key not null, id text(2048) not null, date_opened text(19), date_posted text(19),
  notes text(2048) not null, active integer not null, currency text(32) not null, owner_type integer, owner_guid text(32),
  terms text(32), billing_id text(2048), post_txn text(32), post_lot text(32), post_acc text(32), billto_type integer,
  billto_guid text(32), charge_amt_num bigint, charge_amt_denom bigint);
create table entries(guid text(32) primary key not null, date text(19) not null, date_entered text(19), description text(2048),
  action text(2048), notes text(2048), quantity_num bigint, quantity_denom bigint, i_acct text(32), i_price_num bigint,
  i_price_denom bigint, invoice text(32), i_taxtable text(32), b_acct text(32), bill text(32), b_taxtable text(32),
  billto_type integer, billto_guid text(32), order_guid text(32));

-- == alice
insert into versions values ('Gnucash', 5000000);
insert into gnclock values ('desk', 4711);
insert into books values ('b0', 'r0', 'x0');
insert into commodities values ('cE', 'CURRENCY', 'EUR', 'Euro', '978', 100, 0, 'currency', ''), ('cS', 'NASDAQ', 'CRMB', 'Crumb Inc', '', 100, 1, 'yahoo', '');
insert into accounts values ('r0', 'Root Account', 'ROOT', 'cE', 100, 0, null, '', '', 0, 0), ('x0', 'Template Root', 'ROOT', null, 100, 0, null, '', '', 0, 0), ('aA1', 'Purse', 'CASH', 'cE', 100, 0, 'r0', '', 'brown', 0, 0), ('aA2', 'Flour', 'EXPENSE', 'cE', 100, 0, 'r0', '', '', 0, 0), ('aA3', 'Shares', 'STOCK', 'cS', 100, 0, 'r0', '', '', 0, 0), ('aX1', 'sx', 'BANK', 'cE', 100, 0, 'x0', '', '', 0, 0);
insert into transactions values ('tA1', 'cE', '1', '2026-02-01 10:59:00', '2026-02-01 11:00:00', 'Mill *rye*'), ('tA2', 'cE', '', '2026-02-02 10:59:00', '2026-02-02 11:00:00', 'Shares');
insert into lots values ('lA1', 'aA3', 0);
insert into splits values ('sA1', 'tA1', 'aA1', '', '', 'c', null, -500, 100, -500, 100, null), ('sA2', 'tA1', 'aA2', 'two bags', '', 'n', null, 500, 100, 500, 100, null), ('sA3', 'tA2', 'aA3', '', 'Buy', 'n', null, 900, 100, 3, 1, 'lA1'), ('sA4', 'tA2', 'aA1', '', '', 'n', null, -900, 100, -900, 100, null);
insert into prices values ('pA1', 'cS', 'cE', '2026-02-02 10:59:00', 'user:price', 'last', 300, 100);
insert into budgets values ('gA1', 'Year', 'of bread', 12);
insert into budget_amounts values (1, 'gA1', 'aA2', 0, 4000, 100);
insert into schedxactions values ('xA1', 'Rent', 1, '20260101', null, null, 0, 0, 0, 0, 0, 0, 1, 'aX1');
insert into recurrences values (1, 'xA1', 1, 'month', '20260101', 'none');
insert into slots values (1, 'tA1', 'date-posted', 10, 0, null, 0, null, null, 0, 1, '20260201'), (2, 'tA1', 'notes', 4, 0, 'paid in cash', 0, null, null, 0, 1, null), (3, 'aA1', 'color', 4, 0, '#aa5500', 0, null, null, 0, 1, null), (5, 'sA1', 'sched-xaction', 9, 0, null, 0, null, 'fA1', 0, 1, null), (6, 'fA1', 'sched-xaction/account', 5, 0, null, 0, null, 'aA1', 0, 1, null);
insert into billterms values ('mA1', 'Net 30', '', 1, 0, null, 'GNC_TERM_TYPE_DAYS', 30, 0, 0, 1, 0);
insert into taxtables values ('vA1', 'VAT', 1, 0, null);
insert into taxtable_entries values (1, 'vA1', 'aA2', 700, 100, 2);
insert into customers values ('kA1', 'Dan', '000001', '', 1, 0, 1, 0, 1, 'cE', 0, 'Dan', 'mA1', 3, 'vA1');
insert into jobs values ('jA1', '000001', 'Wedding bread', '', 1, 2, 'kA1');
insert into invoices values ('iA1', '000001', '2026-02-03', null, '', 1, 'cE', 3, 'jA1', 'mA1', '', null, null, null, 2, 'kA1', 0, 1);
insert into entries(guid, date, description, quantity_num, quantity_denom, i_acct, invoice, i_taxtable) values ('eA1', '2026-02-03', 'ten loaves', 10, 1, 'aA2', 'iA1', 'vA1');

-- == bob
insert into books values ('b0', 'r0', 'x0');
insert into commodities values ('cE', 'CURRENCY', 'EUR', 'Euro', '978', 100, 0, 'currency', '');
insert into accounts values ('r0', 'Root Account', 'ROOT', 'cE', 100, 0, null, '', '', 0, 0), ('x0', 'Template Root', 'ROOT', null, 100, 0, null, '', '', 0, 0), ('aA1', 'Purse', 'CASH', 'cE', 100, 0, 'r0', '', 'brown', 0, 0), ('aB2', 'Cats', 'EXPENSE', 'cE', 100, 0, 'r0', '', '', 0, 0);
insert into transactions values ('tB1', 'cE', '1', '2025-02-01 10:59:00', '2025-02-01 11:00:00', 'Tins');
insert into splits values ('sB1', 'tB1', 'aA1', '', '', 'n', null, -700, 100, -700, 100, null), ('sB2', 'tB1', 'aB2', '', '', 'n', null, 700, 100, 700, 100, null);
insert into slots values (1, 'tB1', 'notes', 4, 0, 'too many', 0, null, null, 0, 1, null), (3, 'aB2', 'color', 4, 0, '#000000', 0, null, null, 0, 1, null);
insert into budgets values ('gB1', 'Cats', null, 12);
insert into budget_amounts values (1, 'gB1', 'aB2', 0, 9000, 100);

-- == link: accounts and transactions
select a.name || ' in ' || ifnull(p.name, 'none') || ' of ' || ifnull(c.mnemonic, 'none') from accounts a left join accounts p on p.guid = a.parent_guid left join commodities c on c.guid = a.commodity_guid
union all select t.description || ' ' || a.name || ' ' || s.value_num || ' ' || s.memo || ' ' || ifnull(l.guid, 'none') from splits s join transactions t on t.guid = s.tx_guid join accounts a on a.guid = s.account_guid left join lots l on l.guid = s.lot_guid and l.account_guid = a.guid
union all select c.mnemonic || ' at ' || p.value_num || e.mnemonic from prices p join commodities c on c.guid = p.commodity_guid join commodities e on e.guid = p.currency_guid
union all select 'book of ' || a.name || ' and ' || x.name from books b join accounts a on a.guid = b.root_account_guid join accounts x on x.guid = b.root_template_guid;

-- == link: notes, budgets, schedules
select t.description || ' ' || s.name || ' ' || ifnull(s.string_val, s.gdate_val) from slots s join transactions t on t.guid = s.obj_guid
union all select t.name || ' ' || s.name || ' ' || s.string_val from slots s join accounts t on t.guid = s.obj_guid
union all select t.guid || ' ' || s.name || ' ' || f.name || ' ' || a.name from slots s join splits t on t.guid = s.obj_guid join slots f on f.obj_guid = s.guid_val join accounts a on a.guid = f.guid_val
union all select b.name || ' ' || a.name || x.amount_num from budget_amounts x join budgets b on b.guid = x.budget_guid join accounts a on a.guid = x.account_guid
union all select x.name || ' every ' || r.recurrence_period_type || ' by ' || a.name from schedxactions x join recurrences r on r.obj_guid = x.guid join accounts a on a.guid = x.template_act_guid;

-- == link: business
select i.id || ' for ' || j.name || ' of ' || c.name || ' by ' || b.name || ': ' || e.description || ' ' || a.name || ' ' || v.name || x.amount_num from invoices i join jobs j on j.guid = i.owner_guid and i.owner_type = 3 join customers c on c.guid = j.owner_guid and j.owner_type = 2 join billterms b on b.guid = i.terms join entries e on e.invoice = i.guid join accounts a on a.guid = e.i_acct join taxtables v on v.guid = e.i_taxtable join taxtable_entries x on x.taxtable = v.guid;

-- == made
-- Mill *rye*
-- paid in cash
-- Wedding bread
