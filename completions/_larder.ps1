
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'larder' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'larder'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'larder' {
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write what people made, or everything that a database holds, as a document')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Bring an export into a database, or rows into a table')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Say whether an export or a snapshot is whole, and all that is wrong with it')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Say what differs between two states of a database: items that are new, gone or changed')
            [CompletionResult]::new('find', 'find', [CompletionResultType]::ParameterValue, 'Say in which snapshots an item is, and when it appeared, changed and went')
            [CompletionResult]::new('snapshot', 'snapshot', [CompletionResultType]::ParameterValue, 'Write a verified, compressed copy of a database with a manifest')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Put a snapshot back; what was there is kept first')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Delete the snapshots that a retention policy does not keep, with a reason for each')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Show the snapshots of a store: when, how large, how verified, of which kind')
            [CompletionResult]::new('pin', 'pin', [CompletionResultType]::ParameterValue, 'Keep a snapshot whatever the keep rules say, or stop keeping it; or say that a suspicious one is right')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Look at a database and write a larder.toml for it')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Print the settings that are in force, and where each comes from')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say whether backups are as they should be, with one exit code for monitoring')
            [CompletionResult]::new('guard', 'guard', [CompletionResultType]::ParameterValue, 'Take a snapshot of a database, run a command such as an upgrade, and say what it changed')
            [CompletionResult]::new('convert', 'convert', [CompletionResultType]::ParameterValue, 'Turn an export into another format or compression')
            [CompletionResult]::new('store', 'store', [CompletionResultType]::ParameterValue, 'Try a store, sign in to one, fetch or delete one file of it')
            [CompletionResult]::new('apps', 'apps', [CompletionResultType]::ParameterValue, 'List the applications whose settings are built in, or print the settings of one')
            [CompletionResult]::new('keygen', 'keygen', [CompletionResultType]::ParameterValue, 'Make a key for encrypted snapshots and exports')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write the manual pages into a folder, one for larder and one a command')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'larder;export' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to this file or URL instead of the standard output (-): .json, .ndjson, .zip (CSV), each also with .gz or .zst and with .age, or a folder (CSV)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to this file or URL instead of the standard output (-): .json, .ndjson, .zip (CSV), each also with .gz or .zst and with .age, or a folder (CSV)')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Write into a store, beside snapshots, with a manifest: a folder or a URL. The document is read back before it gets its name')
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'Why it is written into a store [default: manual]')
            [CompletionResult]::new('--timezone', '--timezone', [CompletionResultType]::ParameterName, 'With --prune: the zone in which days begin [default: local]')
            [CompletionResult]::new('--keep-last', '--keep-last', [CompletionResultType]::ParameterName, 'Keep the N newest snapshots (or unlimited, here and below)')
            [CompletionResult]::new('--keep-hourly', '--keep-hourly', [CompletionResultType]::ParameterName, 'Keep the newest of each of the last N hours that have one')
            [CompletionResult]::new('--keep-daily', '--keep-daily', [CompletionResultType]::ParameterName, 'Keep the newest of each of the last N days that have one')
            [CompletionResult]::new('--keep-weekly', '--keep-weekly', [CompletionResultType]::ParameterName, 'Keep the newest of each of the last N weeks (from Monday) that have one')
            [CompletionResult]::new('--keep-monthly', '--keep-monthly', [CompletionResultType]::ParameterName, 'Keep the newest of each of the last N months that have one')
            [CompletionResult]::new('--keep-yearly', '--keep-yearly', [CompletionResultType]::ParameterName, 'Keep the newest of each of the last N years that have one')
            [CompletionResult]::new('--keep-within', '--keep-within', [CompletionResultType]::ParameterName, 'Keep everything within SPAN of the newest, such as 1y2m3d4h: years, months, days, hours')
            [CompletionResult]::new('--keep-within-hourly', '--keep-within-hourly', [CompletionResultType]::ParameterName, 'Keep the newest of each hour within SPAN of the newest')
            [CompletionResult]::new('--keep-within-daily', '--keep-within-daily', [CompletionResultType]::ParameterName, 'Keep the newest of each day within SPAN of the newest')
            [CompletionResult]::new('--keep-within-weekly', '--keep-within-weekly', [CompletionResultType]::ParameterName, 'Keep the newest of each week within SPAN of the newest')
            [CompletionResult]::new('--keep-within-monthly', '--keep-within-monthly', [CompletionResultType]::ParameterName, 'Keep the newest of each month within SPAN of the newest')
            [CompletionResult]::new('--keep-within-yearly', '--keep-within-yearly', [CompletionResultType]::ParameterName, 'Keep the newest of each year within SPAN of the newest')
            [CompletionResult]::new('--max-size', '--max-size', [CompletionResultType]::ParameterName, 'After the rules, remove the oldest until an application''s snapshots fit into SIZE, such as 20GB')
            [CompletionResult]::new('--keep-safety', '--keep-safety', [CompletionResultType]::ParameterName, 'How long to keep safety snapshots, which restores and imports make [default: 14d]')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Only these sections or groups; with --full, tables and views, with their indexes and triggers')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Not these sections or groups, nor these children of a section (movies.reviews); with --full, tables and views')
            [CompletionResult]::new('--scope', '--scope', [CompletionResultType]::ParameterName, 'Whose rows, where larder.toml says who the users are; all for everybody''s, each for a file of every user''s in the folder that --output names')
            [CompletionResult]::new('--item', '--item', [CompletionResultType]::ParameterName, 'Only this item, by its key (with commas between the parts of one) or by its name, with what belongs to it in any section and what all that refers to; may be given several times')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only rows of this time or later, with what they refer to, in sections whose `date` in larder.toml says what time a row is about: 2026-11-20, 2026-11-20T14:00 (UTC), or 30d for that long ago')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Only rows of before this time, or of that day or before')
            [CompletionResult]::new('--where', '--where', [CompletionResultType]::ParameterName, 'Only rows of a section that meet a condition in SQL, with what they refer to; what belongs to other rows stays out. An id in it is written into the document as what it refers to; may be given several times')
            [CompletionResult]::new('--columns', '--columns', [CompletionResultType]::ParameterName, 'Only these fields of a section, and those of its key; may be given several times')
            [CompletionResult]::new('--omit', '--omit', [CompletionResultType]::ParameterName, 'Not this column of a section, or of children: movies.notes, movies.reviews.text; may be given several times')
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The format of the document [default: what the name of the output says, else json]')
            [CompletionResult]::new('--delimiter', '--delimiter', [CompletionResultType]::ParameterName, 'What stands between the cells of CSV, such as ; or tab [default: ,]')
            [CompletionResult]::new('--null', '--null', [CompletionResultType]::ParameterName, 'What stands for NULL in CSV [default: \N, with --flat nothing]')
            [CompletionResult]::new('--compress', '--compress', [CompletionResultType]::ParameterName, 'How to compress [default: what the name of the output says]')
            [CompletionResult]::new('--level', '--level', [CompletionResultType]::ParameterName, 'How hard to compress: 0 to 9 for gzip and zip [default: 6], 1 to 19 for zstd [default: 3]')
            [CompletionResult]::new('--encrypt-to', '--encrypt-to', [CompletionResultType]::ParameterName, 'Encrypt for this recipient (age1…), or those of a file, one a line; may be given several times')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'A file that holds a passphrase')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'A command of the shell that prints a passphrase')
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Export everything that SQLite holds')
            [CompletionResult]::new('--create', '--create', [CompletionResultType]::ParameterName, 'Make the store where there is none, which is done without it only beside the database, or by hand at a terminal')
            [CompletionResult]::new('--prune', '--prune', [CompletionResultType]::ParameterName, 'Afterwards, delete the exports of this application in the store that the rules below, or those of larder.toml, do not keep')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'With --prune: do not ask. Without a terminal, --prune itself is the answer')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'With --prune: do not ask. Without a terminal, --prune itself is the answer')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Write an export without items into a store although the newest one there has some')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Overwrite the file of --output')
            [CompletionResult]::new('--anonymize', '--anonymize', [CompletionResultType]::ParameterName, 'Replace every text by a made-up one, the same for the same value, but for those that larder.toml keeps and those of a fixed list; and numbers in columns that are personal, by their name or by larder.toml. What stays is listed')
            [CompletionResult]::new('--with-secrets', '--with-secrets', [CompletionResultType]::ParameterName, 'Export passwords, keys and tokens too')
            [CompletionResult]::new('--with-refetch', '--with-refetch', [CompletionResultType]::ParameterName, 'Export columns that can be fetched again too')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be written, how large it would be, what is left out and why, and write nothing')
            [CompletionResult]::new('--pretty', '--pretty', [CompletionResultType]::ParameterName, 'JSON with a value a line')
            [CompletionResult]::new('--compact', '--compact', [CompletionResultType]::ParameterName, 'JSON without white space')
            [CompletionResult]::new('--flat', '--flat', [CompletionResultType]::ParameterName, 'CSV for people: plain cells without metadata, which cannot be imported again; of one table also a single file')
            [CompletionResult]::new('--bom', '--bom', [CompletionResultType]::ParameterName, 'Begin each file of CSV with a byte order mark, by which spreadsheets know UTF-8')
            [CompletionResult]::new('--encrypt', '--encrypt', [CompletionResultType]::ParameterName, 'Encrypt with a passphrase: that of --passphrase-file or --passphrase-command, else it is asked for twice')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;import' {
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Only these sections, or those of these groups; of a full export, tables and views, with their indexes and triggers')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Not these sections or groups, nor these children (movies.reviews); of a full export, tables and views')
            [CompletionResult]::new('--max-row', '--max-row', [CompletionResultType]::ParameterName, 'The largest row that is let in [default: 256MiB]')
            [CompletionResult]::new('--max-size', '--max-size', [CompletionResultType]::ParameterName, 'How many bytes may come out of a compressed document, or through a pipe [default: 1GiB, or 200 times what goes in; 16GiB through a pipe]')
            [CompletionResult]::new('--on-conflict', '--on-conflict', [CompletionResultType]::ParameterName, 'What to do with items that are there already and differ: skip, overwrite, merge, newer, rename, prompt or fail; or SECTION=STRATEGY for one section [default: prompt on a terminal, else fail]. Of rows (--section), skip, overwrite or fail')
            [CompletionResult]::new('--item', '--item', [CompletionResultType]::ParameterName, 'Only this item, by its key (with commas between the parts of one) or by its name, and what belongs to it; what they refer to comes along where it is not there; may be given several times')
            [CompletionResult]::new('--where', '--where', [CompletionResultType]::ParameterName, 'Only items of a section that meet a condition in SQL on their fields, as films=year > 1990, and of the sections that belong to it only what belongs to them; may be given several times')
            [CompletionResult]::new('--map', '--map', [CompletionResultType]::ParameterName, 'What a column of the document is called in this database, as movies.liked=rating; movies.liked= leaves it out; movies=films says what the table is called; may be given several times. Of rows (--section), NAME=COLUMN')
            [CompletionResult]::new('--fill', '--fill', [CompletionResultType]::ParameterName, 'What a column of new rows holds that the database needs and the document lacks; may be given several times. Of rows (--section), COLUMN=VALUE')
            [CompletionResult]::new('--match', '--match', [CompletionResultType]::ParameterName, 'Columns by which rows are matched, after the key and before those that the settings name, as film=title,year, or people=name,births.date for a column of a child that a row has one of; may be given several times: the first that fits a row counts. Of rows (--section), COLUMNS by which they are known [default: the primary key, and whatever else is unique]')
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'Match rows by their primary key, or by their rowid where they have none, and by nothing else: FILE is another state of this very database (a database, a snapshot, or a full export)')
            [CompletionResult]::new('--on-error', '--on-error', [CompletionResultType]::ParameterName, 'On an invalid item, or a document that is damaged or cut: fail (import nothing), or skip (import the rest; of a full export too)')
            [CompletionResult]::new('--scope', '--scope', [CompletionResultType]::ParameterName, 'Whose rows they become, where the document holds those of one user')
            [CompletionResult]::new('--missing-reference', '--missing-reference', [CompletionResultType]::ParameterName, 'What becomes of a reference to what is neither in the database nor in the document: fail, null where the column may be NULL, or skip (its item does not come in)')
            [CompletionResult]::new('--doubts', '--doubts', [CompletionResultType]::ParameterName, 'On doubtful numbers, which may be row ids and mean something else here: refuse (import nothing), or ignore (write them as they stand; a new row whose own row id is taken gets another)')
            [CompletionResult]::new('--triggers', '--triggers', [CompletionResultType]::ParameterName, 'Whether the application''s triggers run: auto (they do, and what they changed of the items is put right), on, or off')
            [CompletionResult]::new('--plan', '--plan', [CompletionResultType]::ParameterName, 'Write down what would be done, and do nothing; where the file is such a plan, carry it out, if the database is still what it was')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Write what became of each item to this file, as JSON, an item a line')
            [CompletionResult]::new('--answers', '--answers', [CompletionResultType]::ParameterName, 'Use the answers that were kept in this file')
            [CompletionResult]::new('--save-answers', '--save-answers', [CompletionResultType]::ParameterName, 'Keep the answers that are given in this file, to use them again with --answers')
            [CompletionResult]::new('--section', '--section', [CompletionResultType]::ParameterName, 'Put rows that another program wrote (JSON, NDJSON, CSV) into this table of a database that is there: columns are matched by name, and values become what the column makes of them')
            [CompletionResult]::new('--delimiter', '--delimiter', [CompletionResultType]::ParameterName, 'What stands between the cells of CSV [default: what its line of names says]')
            [CompletionResult]::new('--skip-lines', '--skip-lines', [CompletionResultType]::ParameterName, 'How many lines of CSV stand before the one that names the columns')
            [CompletionResult]::new('--decimal', '--decimal', [CompletionResultType]::ParameterName, 'What stands before the decimals of numbers in CSV')
            [CompletionResult]::new('--null', '--null', [CompletionResultType]::ParameterName, 'What stands for NULL in CSV [default: an empty cell, but in a column of text that is NOT NULL]')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'A file that holds a passphrase')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'A command of the shell that prints a passphrase')
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would come in and what would become of it, and change nothing')
            [CompletionResult]::new('--no-safety-snapshot', '--no-safety-snapshot', [CompletionResultType]::ParameterName, 'Do not keep what is there first')
            [CompletionResult]::new('--replace-all', '--replace-all', [CompletionResultType]::ParameterName, 'Let rows go that the document does not have, so that the sections hold what it holds: only of those that it could have had, by its filters and its user')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'With --by id: match rows by their ids although few that both have agree in what they hold')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask before it is written')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask before it is written')
            [CompletionResult]::new('--create-table', '--create-table', [CompletionResultType]::ParameterName, 'Create the table where it is not there: its columns are the names of the file, with the types that all of their values have, and --match names its primary key; on a terminal, you are asked without this')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;validate' {
            [CompletionResult]::new('--against', '--against', [CompletionResultType]::ParameterName, 'Say also what of an export would not fit this database; a condensed one is tried on a private copy of it')
            [CompletionResult]::new('--max-problems', '--max-problems', [CompletionResultType]::ParameterName, 'How many problems to list of each file')
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]')
            [CompletionResult]::new('--max-row', '--max-row', [CompletionResultType]::ParameterName, 'The largest row that is let in [default: 256MiB]')
            [CompletionResult]::new('--max-size', '--max-size', [CompletionResultType]::ParameterName, 'How many bytes may come out of a compressed document, or through a pipe [default: 1GiB, or 200 times what goes in; 16GiB through a pipe]')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'A file that holds a passphrase')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'A command of the shell that prints a passphrase')
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;diff' {
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Only these sections, or those of these groups')
            [CompletionResult]::new('--item', '--item', [CompletionResultType]::ParameterName, 'Only this item, by its row id, its key or its name, with what is inside it')
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'How items are known: by their row ids, as those of two states of one database are, or by their keys and what they hold, as those of any two databases [default: id; key where one is a condensed export]')
            [CompletionResult]::new('--max-row', '--max-row', [CompletionResultType]::ParameterName, 'The largest row that is let in [default: 256MiB]')
            [CompletionResult]::new('--max-size', '--max-size', [CompletionResultType]::ParameterName, 'How many bytes may come out of a compressed document, or through a pipe [default: 1GiB, or 200 times what goes in; 16GiB through a pipe]')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'A file that holds a passphrase')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'A command of the shell that prints a passphrase')
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--summary', '--summary', [CompletionResultType]::ParameterName, 'Say how many items of each section differ, and not which')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;find' {
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]')
            [CompletionResult]::new('--timezone', '--timezone', [CompletionResultType]::ParameterName, 'The zone in which times are shown: local, UTC, an offset, or a name such as Europe/Berlin [default: local]')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'A file that holds a passphrase')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'A command of the shell that prints a passphrase')
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;snapshot' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The folder that takes it, or the URL of a remote store [default: that of larder.toml, or the folder backups beside the database]')
            [CompletionResult]::new('--also-to', '--also-to', [CompletionResultType]::ParameterName, 'Another store that gets it too; may be given several times. One that fails does not keep the others from it')
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write one file without a manifest instead; .db, .db.gz or .db.zst by its name, each also with .age, or a folder')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write one file without a manifest instead; .db, .db.gz or .db.zst by its name, each also with .age, or a folder')
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'Why it is taken')
            [CompletionResult]::new('--compress', '--compress', [CompletionResultType]::ParameterName, 'How to compress [default: gzip, or what the name of --output says]')
            [CompletionResult]::new('--level', '--level', [CompletionResultType]::ParameterName, 'How hard to compress: 0 to 9 for gzip [default: 6], 1 to 19 for zstd [default: 3]')
            [CompletionResult]::new('--drill', '--drill', [CompletionResultType]::ParameterName, 'How thoroughly to check the copy: full compares every index with its table, quick does not [default: full]')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'How to verify what was uploaded to a remote store [default: auto]')
            [CompletionResult]::new('--timezone', '--timezone', [CompletionResultType]::ParameterName, 'With --prune: the zone in which days begin [default: local]')
            [CompletionResult]::new('--keep-last', '--keep-last', [CompletionResultType]::ParameterName, 'Keep the N newest snapshots (or unlimited, here and below)')
            [CompletionResult]::new('--keep-hourly', '--keep-hourly', [CompletionResultType]::ParameterName, 'Keep the newest of each of the last N hours that have one')
            [CompletionResult]::new('--keep-daily', '--keep-daily', [CompletionResultType]::ParameterName, 'Keep the newest of each of the last N days that have one')
            [CompletionResult]::new('--keep-weekly', '--keep-weekly', [CompletionResultType]::ParameterName, 'Keep the newest of each of the last N weeks (from Monday) that have one')
            [CompletionResult]::new('--keep-monthly', '--keep-monthly', [CompletionResultType]::ParameterName, 'Keep the newest of each of the last N months that have one')
            [CompletionResult]::new('--keep-yearly', '--keep-yearly', [CompletionResultType]::ParameterName, 'Keep the newest of each of the last N years that have one')
            [CompletionResult]::new('--keep-within', '--keep-within', [CompletionResultType]::ParameterName, 'Keep everything within SPAN of the newest, such as 1y2m3d4h: years, months, days, hours')
            [CompletionResult]::new('--keep-within-hourly', '--keep-within-hourly', [CompletionResultType]::ParameterName, 'Keep the newest of each hour within SPAN of the newest')
            [CompletionResult]::new('--keep-within-daily', '--keep-within-daily', [CompletionResultType]::ParameterName, 'Keep the newest of each day within SPAN of the newest')
            [CompletionResult]::new('--keep-within-weekly', '--keep-within-weekly', [CompletionResultType]::ParameterName, 'Keep the newest of each week within SPAN of the newest')
            [CompletionResult]::new('--keep-within-monthly', '--keep-within-monthly', [CompletionResultType]::ParameterName, 'Keep the newest of each month within SPAN of the newest')
            [CompletionResult]::new('--keep-within-yearly', '--keep-within-yearly', [CompletionResultType]::ParameterName, 'Keep the newest of each year within SPAN of the newest')
            [CompletionResult]::new('--max-size', '--max-size', [CompletionResultType]::ParameterName, 'After the rules, remove the oldest until an application''s snapshots fit into SIZE, such as 20GB')
            [CompletionResult]::new('--keep-safety', '--keep-safety', [CompletionResultType]::ParameterName, 'How long to keep safety snapshots, which restores and imports make [default: 14d]')
            [CompletionResult]::new('--encrypt-to', '--encrypt-to', [CompletionResultType]::ParameterName, 'Encrypt for this recipient (age1…), or those of a file, one a line; may be given several times')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'A file that holds a passphrase')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'A command of the shell that prints a passphrase')
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--create', '--create', [CompletionResultType]::ParameterName, 'Make the store where there is none, which is done without it only beside the database, or by hand at a terminal')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Take one of every application that has settings in ~/.config/larder; one that fails does not keep the others from it')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Overwrite the file of --output')
            [CompletionResult]::new('--files', '--files', [CompletionResultType]::ParameterName, 'Take the files that belong to the database too, as [files] of larder.toml or of a known application says [default: where your larder.toml has [files]]')
            [CompletionResult]::new('--no-files', '--no-files', [CompletionResultType]::ParameterName, 'Take the database alone')
            [CompletionResult]::new('--pin', '--pin', [CompletionResultType]::ParameterName, 'Keep it whatever the keep rules say')
            [CompletionResult]::new('--if-changed', '--if-changed', [CompletionResultType]::ParameterName, 'Make none where the newest snapshot holds the same, and note there that it still does')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Make one of a database without tables or rows although the newest snapshot has rows, which the keep rules may then delete')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Exit with 3 where the snapshot is suspicious, as its tables lost many rows since the one before')
            [CompletionResult]::new('--keep-damaged', '--keep-damaged', [CompletionResultType]::ParameterName, 'Keep what can be copied of a damaged database, marked as damaged')
            [CompletionResult]::new('--prune', '--prune', [CompletionResultType]::ParameterName, 'Afterwards, delete the snapshots of this application that the rules below, or those of larder.toml, do not keep')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'With --prune: do not ask. Without a terminal, --prune itself is the answer')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'With --prune: do not ask. Without a terminal, --prune itself is the answer')
            [CompletionResult]::new('--encrypt', '--encrypt', [CompletionResultType]::ParameterName, 'Encrypt with a passphrase: that of --passphrase-file or --passphrase-command, else it is asked for twice')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;restore' {
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'The store in which to look, a folder or a URL; --undo looks there too [default: that of larder.toml, or the folder backups beside the database]')
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]')
            [CompletionResult]::new('--timezone', '--timezone', [CompletionResultType]::ParameterName, 'The zone of a time without one: local, UTC, an offset, or a name such as Europe/Berlin')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Only these sections, or those of these groups: what is missing is added, and what changed is as it was, under its own row ids; newer rows stay')
            [CompletionResult]::new('--item', '--item', [CompletionResultType]::ParameterName, 'Only this item, by its row id or its name, with what belongs to it; may be given several times')
            [CompletionResult]::new('--triggers', '--triggers', [CompletionResultType]::ParameterName, 'With --only and --item: whether the application''s triggers run: auto, on, or off [default: auto, or what the settings say]')
            [CompletionResult]::new('--max-size', '--max-size', [CompletionResultType]::ParameterName, 'How many bytes may come through a pipe')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'A file that holds a passphrase')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'A command of the shell that prints a passphrase')
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--undo', '--undo', [CompletionResultType]::ParameterName, 'Go back to what the last restore replaced, or an import of rows changed')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Restore what is another application''s, is marked as damaged, or is not what its manifest says, and to a place among the snapshots of a store')
            [CompletionResult]::new('--if-missing', '--if-missing', [CompletionResultType]::ParameterName, 'Do nothing where there is a database already, as when a container starts')
            [CompletionResult]::new('--no-safety-snapshot', '--no-safety-snapshot', [CompletionResultType]::ParameterName, 'Do not keep what is there first: it will be lost')
            [CompletionResult]::new('--files', '--files', [CompletionResultType]::ParameterName, 'Put back all files that belong to the snapshot, also those that neither larder.toml here nor a known application names')
            [CompletionResult]::new('--no-files', '--no-files', [CompletionResultType]::ParameterName, 'Restore the database alone, without the files that belong to the snapshot')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Verify the snapshot, show what would be done, and stop')
            [CompletionResult]::new('--exact', '--exact', [CompletionResultType]::ParameterName, 'With --only: newer rows of these sections go')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask: on a terminal, a restore over a database says what would be lost, and asks')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask: on a terminal, a restore over a database says what would be lost, and asks')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;prune' {
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]')
            [CompletionResult]::new('--keep-last', '--keep-last', [CompletionResultType]::ParameterName, 'Keep the N newest snapshots (or unlimited, here and below)')
            [CompletionResult]::new('--keep-hourly', '--keep-hourly', [CompletionResultType]::ParameterName, 'Keep the newest of each of the last N hours that have one')
            [CompletionResult]::new('--keep-daily', '--keep-daily', [CompletionResultType]::ParameterName, 'Keep the newest of each of the last N days that have one')
            [CompletionResult]::new('--keep-weekly', '--keep-weekly', [CompletionResultType]::ParameterName, 'Keep the newest of each of the last N weeks (from Monday) that have one')
            [CompletionResult]::new('--keep-monthly', '--keep-monthly', [CompletionResultType]::ParameterName, 'Keep the newest of each of the last N months that have one')
            [CompletionResult]::new('--keep-yearly', '--keep-yearly', [CompletionResultType]::ParameterName, 'Keep the newest of each of the last N years that have one')
            [CompletionResult]::new('--keep-within', '--keep-within', [CompletionResultType]::ParameterName, 'Keep everything within SPAN of the newest, such as 1y2m3d4h: years, months, days, hours')
            [CompletionResult]::new('--keep-within-hourly', '--keep-within-hourly', [CompletionResultType]::ParameterName, 'Keep the newest of each hour within SPAN of the newest')
            [CompletionResult]::new('--keep-within-daily', '--keep-within-daily', [CompletionResultType]::ParameterName, 'Keep the newest of each day within SPAN of the newest')
            [CompletionResult]::new('--keep-within-weekly', '--keep-within-weekly', [CompletionResultType]::ParameterName, 'Keep the newest of each week within SPAN of the newest')
            [CompletionResult]::new('--keep-within-monthly', '--keep-within-monthly', [CompletionResultType]::ParameterName, 'Keep the newest of each month within SPAN of the newest')
            [CompletionResult]::new('--keep-within-yearly', '--keep-within-yearly', [CompletionResultType]::ParameterName, 'Keep the newest of each year within SPAN of the newest')
            [CompletionResult]::new('--max-size', '--max-size', [CompletionResultType]::ParameterName, 'After the rules, remove the oldest until an application''s snapshots fit into SIZE, such as 20GB')
            [CompletionResult]::new('--keep-safety', '--keep-safety', [CompletionResultType]::ParameterName, 'How long to keep safety snapshots, which restores and imports make [default: 14d]')
            [CompletionResult]::new('--timezone', '--timezone', [CompletionResultType]::ParameterName, 'The zone in which days begin: local, UTC, an offset, or a name such as Europe/Berlin [default: local]')
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every application that has settings in ~/.config/larder; one that fails does not keep the others from it')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be deleted, and stop')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;list' {
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]')
            [CompletionResult]::new('--timezone', '--timezone', [CompletionResultType]::ParameterName, 'The zone in which times are shown: local, UTC, an offset, or a name such as Europe/Berlin [default: local]')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'A file that holds a passphrase')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'A command of the shell that prints a passphrase')
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every application that has settings in ~/.config/larder; one that fails does not keep the others from it')
            [CompletionResult]::new('--drills', '--drills', [CompletionResultType]::ParameterName, 'Show when each was last drilled: when it was made, or by larder check --drill')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;pin' {
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'The store in which to look [default: that of larder.toml, or the folder backups here]')
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]')
            [CompletionResult]::new('--timezone', '--timezone', [CompletionResultType]::ParameterName, 'The zone of a time without one: local, UTC, an offset, or a name such as Europe/Berlin [default: local]')
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'Take the pin away')
            [CompletionResult]::new('--accept', '--accept', [CompletionResultType]::ParameterName, 'Say that what a suspicious snapshot lost was meant, in every store of larder.toml. Here, latest is a suspicious one too')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;init' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to this file, or to the standard output (-) [default: larder.toml]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to this file, or to the standard output (-) [default: larder.toml]')
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'A file that holds a passphrase')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'A command of the shell that prints a passphrase')
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Overwrite the file')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask: what is unsure stays a proposal')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask: what is unsure stays a proposal')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;config' {
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]')
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;check' {
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'The newest must not be older, such as 25h or 8d; that it was found unchanged counts')
            [CompletionResult]::new('--min-size', '--min-size', [CompletionResultType]::ParameterName, 'The file of the newest must not be smaller, such as 1MB')
            [CompletionResult]::new('--max-shrink', '--max-shrink', [CompletionResultType]::ParameterName, 'The newest must not hold a database that is smaller by more than this than the one before, such as 20%')
            [CompletionResult]::new('--sample', '--sample', [CompletionResultType]::ParameterName, 'Of the older ones, drill this part, such as 10%: those that were not drilled for the longest time')
            [CompletionResult]::new('--metrics', '--metrics', [CompletionResultType]::ParameterName, 'Write what was found as metrics for Prometheus (a textfile of the node exporter), whole or not at all')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'A file that holds a passphrase')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'A command of the shell that prints a passphrase')
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every application that has settings in ~/.config/larder; one that fails does not keep the others from it')
            [CompletionResult]::new('--drill', '--drill', [CompletionResultType]::ParameterName, 'Restore the newest to a scratch file, and check that too')
            [CompletionResult]::new('--all-snapshots', '--all-snapshots', [CompletionResultType]::ParameterName, 'Drill the older ones too')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;guard' {
            [CompletionResult]::new('--app', '--app', [CompletionResultType]::ParameterName, 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]')
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--undo-on-failure', '--undo-on-failure', [CompletionResultType]::ParameterName, 'Put the snapshot back where the command failed; what it left is kept, so that larder restore --undo brings it back')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;convert' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The format of the document [default: what the name of the output says, else json]')
            [CompletionResult]::new('--delimiter', '--delimiter', [CompletionResultType]::ParameterName, 'What stands between the cells of CSV, such as ; or tab [default: ,]')
            [CompletionResult]::new('--null', '--null', [CompletionResultType]::ParameterName, 'What stands for NULL in CSV [default: \N, with --flat nothing]')
            [CompletionResult]::new('--compress', '--compress', [CompletionResultType]::ParameterName, 'How to compress [default: what the name of the output says]')
            [CompletionResult]::new('--level', '--level', [CompletionResultType]::ParameterName, 'How hard to compress: 0 to 9 for gzip and zip [default: 6], 1 to 19 for zstd [default: 3]')
            [CompletionResult]::new('--max-row', '--max-row', [CompletionResultType]::ParameterName, 'The largest row that is let in [default: 256MiB]')
            [CompletionResult]::new('--max-size', '--max-size', [CompletionResultType]::ParameterName, 'How many bytes may come out of a compressed document, or through a pipe [default: 1GiB, or 200 times what goes in; 16GiB through a pipe]')
            [CompletionResult]::new('--encrypt-to', '--encrypt-to', [CompletionResultType]::ParameterName, 'Encrypt for this recipient (age1…), or those of a file, one a line; may be given several times')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'A file that holds a passphrase')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'A command of the shell that prints a passphrase')
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Overwrite the output')
            [CompletionResult]::new('--pretty', '--pretty', [CompletionResultType]::ParameterName, 'JSON with a value a line')
            [CompletionResult]::new('--compact', '--compact', [CompletionResultType]::ParameterName, 'JSON without white space')
            [CompletionResult]::new('--flat', '--flat', [CompletionResultType]::ParameterName, 'CSV for people: plain cells without metadata, which cannot be imported again; of one table also a single file')
            [CompletionResult]::new('--bom', '--bom', [CompletionResultType]::ParameterName, 'Begin each file of CSV with a byte order mark, by which spreadsheets know UTF-8')
            [CompletionResult]::new('--encrypt', '--encrypt', [CompletionResultType]::ParameterName, 'Encrypt with a passphrase: that of --passphrase-file or --passphrase-command, else it is asked for twice')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;store' {
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Try whether a store can be reached, written to, read and listed, and whether what was written can be deleted')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Fetch one file of a store, and compare a snapshot with its manifest')
            [CompletionResult]::new('rm', 'rm', [CompletionResultType]::ParameterValue, 'Delete files of a store, a snapshot with its manifest')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Sign in to Google Drive or Dropbox, and keep what lets larder in')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget what lets larder into Google Drive or Dropbox')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'larder;store;test' {
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;store;get' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Where it goes: a file, or a folder [default: the same name, here]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Where it goes: a file, or a folder [default: the same name, here]')
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Overwrite what is there')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;store;rm' {
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Delete also what is not called like a snapshot')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;store;login' {
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'The id of your program')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Where on this machine the answer comes; Dropbox must know of it: `http://127.0.0.1:PORT/`')
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--no-browser', '--no-browser', [CompletionResultType]::ParameterName, 'The browser is on another machine: read from the standard input the address that it is led to in the end')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;store;logout' {
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;store;help' {
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Try whether a store can be reached, written to, read and listed, and whether what was written can be deleted')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Fetch one file of a store, and compare a snapshot with its manifest')
            [CompletionResult]::new('rm', 'rm', [CompletionResultType]::ParameterValue, 'Delete files of a store, a snapshot with its manifest')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Sign in to Google Drive or Dropbox, and keep what lets larder in')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget what lets larder into Google Drive or Dropbox')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'larder;store;help;test' {
            break
        }
        'larder;store;help;get' {
            break
        }
        'larder;store;help;rm' {
            break
        }
        'larder;store;help;login' {
            break
        }
        'larder;store;help;logout' {
            break
        }
        'larder;store;help;help' {
            break
        }
        'larder;apps' {
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;keygen' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the identity to this file, for its owner alone, and print the recipient')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the identity to this file, for its owner alone, and print the recipient')
            [CompletionResult]::new('--public', '--public', [CompletionResultType]::ParameterName, 'Print the recipients that belong to an identity file, and make nothing')
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;completions' {
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;man' {
            [CompletionResult]::new('--busy-timeout', '--busy-timeout', [CompletionResultType]::ParameterName, 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Overwrite pages that differ')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print the result as one JSON object on the standard output')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say each step')
            [CompletionResult]::new('--no-known-app', '--no-known-app', [CompletionResultType]::ParameterName, 'Do not use the settings that are built in for the application that a database is of')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'larder;help' {
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write what people made, or everything that a database holds, as a document')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Bring an export into a database, or rows into a table')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Say whether an export or a snapshot is whole, and all that is wrong with it')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Say what differs between two states of a database: items that are new, gone or changed')
            [CompletionResult]::new('find', 'find', [CompletionResultType]::ParameterValue, 'Say in which snapshots an item is, and when it appeared, changed and went')
            [CompletionResult]::new('snapshot', 'snapshot', [CompletionResultType]::ParameterValue, 'Write a verified, compressed copy of a database with a manifest')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Put a snapshot back; what was there is kept first')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Delete the snapshots that a retention policy does not keep, with a reason for each')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Show the snapshots of a store: when, how large, how verified, of which kind')
            [CompletionResult]::new('pin', 'pin', [CompletionResultType]::ParameterValue, 'Keep a snapshot whatever the keep rules say, or stop keeping it; or say that a suspicious one is right')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Look at a database and write a larder.toml for it')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Print the settings that are in force, and where each comes from')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say whether backups are as they should be, with one exit code for monitoring')
            [CompletionResult]::new('guard', 'guard', [CompletionResultType]::ParameterValue, 'Take a snapshot of a database, run a command such as an upgrade, and say what it changed')
            [CompletionResult]::new('convert', 'convert', [CompletionResultType]::ParameterValue, 'Turn an export into another format or compression')
            [CompletionResult]::new('store', 'store', [CompletionResultType]::ParameterValue, 'Try a store, sign in to one, fetch or delete one file of it')
            [CompletionResult]::new('apps', 'apps', [CompletionResultType]::ParameterValue, 'List the applications whose settings are built in, or print the settings of one')
            [CompletionResult]::new('keygen', 'keygen', [CompletionResultType]::ParameterValue, 'Make a key for encrypted snapshots and exports')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write the manual pages into a folder, one for larder and one a command')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'larder;help;export' {
            break
        }
        'larder;help;import' {
            break
        }
        'larder;help;validate' {
            break
        }
        'larder;help;diff' {
            break
        }
        'larder;help;find' {
            break
        }
        'larder;help;snapshot' {
            break
        }
        'larder;help;restore' {
            break
        }
        'larder;help;prune' {
            break
        }
        'larder;help;list' {
            break
        }
        'larder;help;pin' {
            break
        }
        'larder;help;init' {
            break
        }
        'larder;help;config' {
            break
        }
        'larder;help;check' {
            break
        }
        'larder;help;guard' {
            break
        }
        'larder;help;convert' {
            break
        }
        'larder;help;store' {
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Try whether a store can be reached, written to, read and listed, and whether what was written can be deleted')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Fetch one file of a store, and compare a snapshot with its manifest')
            [CompletionResult]::new('rm', 'rm', [CompletionResultType]::ParameterValue, 'Delete files of a store, a snapshot with its manifest')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Sign in to Google Drive or Dropbox, and keep what lets larder in')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget what lets larder into Google Drive or Dropbox')
            break
        }
        'larder;help;store;test' {
            break
        }
        'larder;help;store;get' {
            break
        }
        'larder;help;store;rm' {
            break
        }
        'larder;help;store;login' {
            break
        }
        'larder;help;store;logout' {
            break
        }
        'larder;help;apps' {
            break
        }
        'larder;help;keygen' {
            break
        }
        'larder;help;completions' {
            break
        }
        'larder;help;man' {
            break
        }
        'larder;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
