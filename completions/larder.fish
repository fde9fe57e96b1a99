# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_larder_global_optspecs
    string join \n json q/quiet v/verbose busy-timeout= config= no-known-app h/help V/version
end

function __fish_larder_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_larder_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_larder_using_subcommand
    set -l cmd (__fish_larder_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c larder -n "__fish_larder_needs_command" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_needs_command" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_needs_command" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_needs_command" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_needs_command" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_needs_command" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_needs_command" -s h -l help -d 'Print help'
complete -c larder -n "__fish_larder_needs_command" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_needs_command" -f -a "export" -d 'Write what people made, or everything that a database holds, as a document'
complete -c larder -n "__fish_larder_needs_command" -f -a "import" -d 'Bring an export into a database, or rows into a table'
complete -c larder -n "__fish_larder_needs_command" -f -a "validate" -d 'Say whether an export or a snapshot is whole, and all that is wrong with it'
complete -c larder -n "__fish_larder_needs_command" -f -a "diff" -d 'Say what differs between two states of a database: items that are new, gone or changed'
complete -c larder -n "__fish_larder_needs_command" -f -a "find" -d 'Say in which snapshots an item is, and when it appeared, changed and went'
complete -c larder -n "__fish_larder_needs_command" -f -a "snapshot" -d 'Write a verified, compressed copy of a database with a manifest'
complete -c larder -n "__fish_larder_needs_command" -f -a "restore" -d 'Put a snapshot back; what was there is kept first'
complete -c larder -n "__fish_larder_needs_command" -f -a "prune" -d 'Delete the snapshots that a retention policy does not keep, with a reason for each'
complete -c larder -n "__fish_larder_needs_command" -f -a "list" -d 'Show the snapshots of a store: when, how large, how verified, of which kind'
complete -c larder -n "__fish_larder_needs_command" -f -a "pin" -d 'Keep a snapshot whatever the keep rules say, or stop keeping it; or say that a suspicious one is right'
complete -c larder -n "__fish_larder_needs_command" -f -a "init" -d 'Look at a database and write a larder.toml for it'
complete -c larder -n "__fish_larder_needs_command" -f -a "config" -d 'Print the settings that are in force, and where each comes from'
complete -c larder -n "__fish_larder_needs_command" -f -a "check" -d 'Say whether backups are as they should be, with one exit code for monitoring'
complete -c larder -n "__fish_larder_needs_command" -f -a "guard" -d 'Take a snapshot of a database, run a command such as an upgrade, and say what it changed'
complete -c larder -n "__fish_larder_needs_command" -f -a "convert" -d 'Turn an export into another format or compression'
complete -c larder -n "__fish_larder_needs_command" -f -a "store" -d 'Try a store, sign in to one, fetch or delete one file of it'
complete -c larder -n "__fish_larder_needs_command" -f -a "apps" -d 'List the applications whose settings are built in, or print the settings of one'
complete -c larder -n "__fish_larder_needs_command" -f -a "keygen" -d 'Make a key for encrypted snapshots and exports'
complete -c larder -n "__fish_larder_needs_command" -f -a "completions" -d 'Print the completions of a shell'
complete -c larder -n "__fish_larder_needs_command" -f -a "man" -d 'Write the manual pages into a folder, one for larder and one a command'
complete -c larder -n "__fish_larder_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c larder -n "__fish_larder_using_subcommand export" -s o -l output -d 'Write to this file or URL instead of the standard output (-): .json, .ndjson, .zip (CSV), each also with .gz or .zst and with .age, or a folder (CSV)' -r -F
complete -c larder -n "__fish_larder_using_subcommand export" -l to -d 'Write into a store, beside snapshots, with a manifest: a folder or a URL. The document is read back before it gets its name' -r -F
complete -c larder -n "__fish_larder_using_subcommand export" -l kind -d 'Why it is written into a store [default: manual]' -r -f -a "manual\t'By hand'
scheduled\t'By a schedule'"
complete -c larder -n "__fish_larder_using_subcommand export" -l timezone -d 'With --prune: the zone in which days begin [default: local]' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l keep-last -d 'Keep the N newest snapshots (or unlimited, here and below)' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l keep-hourly -d 'Keep the newest of each of the last N hours that have one' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l keep-daily -d 'Keep the newest of each of the last N days that have one' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l keep-weekly -d 'Keep the newest of each of the last N weeks (from Monday) that have one' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l keep-monthly -d 'Keep the newest of each of the last N months that have one' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l keep-yearly -d 'Keep the newest of each of the last N years that have one' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l keep-within -d 'Keep everything within SPAN of the newest, such as 1y2m3d4h: years, months, days, hours' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l keep-within-hourly -d 'Keep the newest of each hour within SPAN of the newest' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l keep-within-daily -d 'Keep the newest of each day within SPAN of the newest' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l keep-within-weekly -d 'Keep the newest of each week within SPAN of the newest' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l keep-within-monthly -d 'Keep the newest of each month within SPAN of the newest' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l keep-within-yearly -d 'Keep the newest of each year within SPAN of the newest' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l max-size -d 'After the rules, remove the oldest until an application\'s snapshots fit into SIZE, such as 20GB' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l keep-safety -d 'How long to keep safety snapshots, which restores and imports make [default: 14d]' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l only -d 'Only these sections or groups; with --full, tables and views, with their indexes and triggers' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l exclude -d 'Not these sections or groups, nor these children of a section (movies.reviews); with --full, tables and views' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l scope -d 'Whose rows, where larder.toml says who the users are; all for everybody\'s, each for a file of every user\'s in the folder that --output names' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l item -d 'Only this item, by its key (with commas between the parts of one) or by its name, with what belongs to it in any section and what all that refers to; may be given several times' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l since -d 'Only rows of this time or later, with what they refer to, in sections whose `date` in larder.toml says what time a row is about: 2026-11-20, 2026-11-20T14:00 (UTC), or 30d for that long ago' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l until -d 'Only rows of before this time, or of that day or before' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l where -d 'Only rows of a section that meet a condition in SQL, with what they refer to; what belongs to other rows stays out. An id in it is written into the document as what it refers to; may be given several times' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l columns -d 'Only these fields of a section, and those of its key; may be given several times' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l omit -d 'Not this column of a section, or of children: movies.notes, movies.reviews.text; may be given several times' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l app -d 'The application\'s name [default: that of larder.toml, or the name of the database\'s file (or folder, where it is called data.db)]' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l format -d 'The format of the document [default: what the name of the output says, else json]' -r -f -a "json\t'One JSON document'
ndjson\t'A JSON object a line'
csv\t'A file of CSV for each section: a folder, or a zip archive'"
complete -c larder -n "__fish_larder_using_subcommand export" -l delimiter -d 'What stands between the cells of CSV, such as ; or tab [default: ,]' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l null -d 'What stands for NULL in CSV [default: \\N, with --flat nothing]' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l compress -d 'How to compress [default: what the name of the output says]' -r -f -a "gzip\t''
zstd\t''
none\t''"
complete -c larder -n "__fish_larder_using_subcommand export" -l level -d 'How hard to compress: 0 to 9 for gzip and zip [default: 6], 1 to 19 for zstd [default: 3]' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l encrypt-to -d 'Encrypt for this recipient (age1…), or those of a file, one a line; may be given several times' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l identity -d 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]' -r -F
complete -c larder -n "__fish_larder_using_subcommand export" -l passphrase-file -d 'A file that holds a passphrase' -r -F
complete -c larder -n "__fish_larder_using_subcommand export" -l passphrase-command -d 'A command of the shell that prints a passphrase' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand export" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand export" -l full -d 'Export everything that SQLite holds'
complete -c larder -n "__fish_larder_using_subcommand export" -l create -d 'Make the store where there is none, which is done without it only beside the database, or by hand at a terminal'
complete -c larder -n "__fish_larder_using_subcommand export" -l prune -d 'Afterwards, delete the exports of this application in the store that the rules below, or those of larder.toml, do not keep'
complete -c larder -n "__fish_larder_using_subcommand export" -s y -l yes -d 'With --prune: do not ask. Without a terminal, --prune itself is the answer'
complete -c larder -n "__fish_larder_using_subcommand export" -l allow-empty -d 'Write an export without items into a store although the newest one there has some'
complete -c larder -n "__fish_larder_using_subcommand export" -l force -d 'Overwrite the file of --output'
complete -c larder -n "__fish_larder_using_subcommand export" -l anonymize -d 'Replace every text by a made-up one, the same for the same value, but for those that larder.toml keeps and those of a fixed list; and numbers in columns that are personal, by their name or by larder.toml. What stays is listed'
complete -c larder -n "__fish_larder_using_subcommand export" -l with-secrets -d 'Export passwords, keys and tokens too'
complete -c larder -n "__fish_larder_using_subcommand export" -l with-refetch -d 'Export columns that can be fetched again too'
complete -c larder -n "__fish_larder_using_subcommand export" -l dry-run -d 'Say what would be written, how large it would be, what is left out and why, and write nothing'
complete -c larder -n "__fish_larder_using_subcommand export" -l pretty -d 'JSON with a value a line'
complete -c larder -n "__fish_larder_using_subcommand export" -l compact -d 'JSON without white space'
complete -c larder -n "__fish_larder_using_subcommand export" -l flat -d 'CSV for people: plain cells without metadata, which cannot be imported again; of one table also a single file'
complete -c larder -n "__fish_larder_using_subcommand export" -l bom -d 'Begin each file of CSV with a byte order mark, by which spreadsheets know UTF-8'
complete -c larder -n "__fish_larder_using_subcommand export" -l encrypt -d 'Encrypt with a passphrase: that of --passphrase-file or --passphrase-command, else it is asked for twice'
complete -c larder -n "__fish_larder_using_subcommand export" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand export" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand export" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand export" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c larder -n "__fish_larder_using_subcommand export" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand import" -l app -d 'The application\'s name [default: that of larder.toml, or the name of the database\'s file (or folder, where it is called data.db)]' -r
complete -c larder -n "__fish_larder_using_subcommand import" -l only -d 'Only these sections, or those of these groups; of a full export, tables and views, with their indexes and triggers' -r
complete -c larder -n "__fish_larder_using_subcommand import" -l exclude -d 'Not these sections or groups, nor these children (movies.reviews); of a full export, tables and views' -r
complete -c larder -n "__fish_larder_using_subcommand import" -l max-row -d 'The largest row that is let in [default: 256MiB]' -r
complete -c larder -n "__fish_larder_using_subcommand import" -l max-size -d 'How many bytes may come out of a compressed document, or through a pipe [default: 1GiB, or 200 times what goes in; 16GiB through a pipe]' -r
complete -c larder -n "__fish_larder_using_subcommand import" -l on-conflict -d 'What to do with items that are there already and differ: skip, overwrite, merge, newer, rename, prompt or fail; or SECTION=STRATEGY for one section [default: prompt on a terminal, else fail]. Of rows (--section), skip, overwrite or fail' -r
complete -c larder -n "__fish_larder_using_subcommand import" -l item -d 'Only this item, by its key (with commas between the parts of one) or by its name, and what belongs to it; what they refer to comes along where it is not there; may be given several times' -r
complete -c larder -n "__fish_larder_using_subcommand import" -l where -d 'Only items of a section that meet a condition in SQL on their fields, as films=year > 1990, and of the sections that belong to it only what belongs to them; may be given several times' -r
complete -c larder -n "__fish_larder_using_subcommand import" -l map -d 'What a column of the document is called in this database, as movies.liked=rating; movies.liked= leaves it out; movies=films says what the table is called; may be given several times. Of rows (--section), NAME=COLUMN' -r
complete -c larder -n "__fish_larder_using_subcommand import" -l fill -d 'What a column of new rows holds that the database needs and the document lacks; may be given several times. Of rows (--section), COLUMN=VALUE' -r
complete -c larder -n "__fish_larder_using_subcommand import" -l match -d 'Columns by which rows are matched, after the key and before those that the settings name, as film=title,year, or people=name,births.date for a column of a child that a row has one of; may be given several times: the first that fits a row counts. Of rows (--section), COLUMNS by which they are known [default: the primary key, and whatever else is unique]' -r
complete -c larder -n "__fish_larder_using_subcommand import" -l by -d 'Match rows by their primary key, or by their rowid where they have none, and by nothing else: FILE is another state of this very database (a database, a snapshot, or a full export)' -r -f -a "id\t''"
complete -c larder -n "__fish_larder_using_subcommand import" -l on-error -d 'On an invalid item, or a document that is damaged or cut: fail (import nothing), or skip (import the rest; of a full export too)' -r -f -a "fail\t''
skip\t''"
complete -c larder -n "__fish_larder_using_subcommand import" -l scope -d 'Whose rows they become, where the document holds those of one user' -r
complete -c larder -n "__fish_larder_using_subcommand import" -l missing-reference -d 'What becomes of a reference to what is neither in the database nor in the document: fail, null where the column may be NULL, or skip (its item does not come in)' -r -f -a "fail\t''
null\t''
skip\t''"
complete -c larder -n "__fish_larder_using_subcommand import" -l doubts -d 'On doubtful numbers, which may be row ids and mean something else here: refuse (import nothing), or ignore (write them as they stand; a new row whose own row id is taken gets another)' -r -f -a "refuse\t''
ignore\t''"
complete -c larder -n "__fish_larder_using_subcommand import" -l triggers -d 'Whether the application\'s triggers run: auto (they do, and what they changed of the items is put right), on, or off' -r -f -a "auto\t''
on\t''
off\t''"
complete -c larder -n "__fish_larder_using_subcommand import" -l plan -d 'Write down what would be done, and do nothing; where the file is such a plan, carry it out, if the database is still what it was' -r -F
complete -c larder -n "__fish_larder_using_subcommand import" -l report -d 'Write what became of each item to this file, as JSON, an item a line' -r -F
complete -c larder -n "__fish_larder_using_subcommand import" -l answers -d 'Use the answers that were kept in this file' -r -F
complete -c larder -n "__fish_larder_using_subcommand import" -l save-answers -d 'Keep the answers that are given in this file, to use them again with --answers' -r -F
complete -c larder -n "__fish_larder_using_subcommand import" -l section -d 'Put rows that another program wrote (JSON, NDJSON, CSV) into this table of a database that is there: columns are matched by name, and values become what the column makes of them' -r
complete -c larder -n "__fish_larder_using_subcommand import" -l delimiter -d 'What stands between the cells of CSV [default: what its line of names says]' -r
complete -c larder -n "__fish_larder_using_subcommand import" -l skip-lines -d 'How many lines of CSV stand before the one that names the columns' -r
complete -c larder -n "__fish_larder_using_subcommand import" -l decimal -d 'What stands before the decimals of numbers in CSV' -r -f -a "\,\t''
.\t''"
complete -c larder -n "__fish_larder_using_subcommand import" -l null -d 'What stands for NULL in CSV [default: an empty cell, but in a column of text that is NOT NULL]' -r
complete -c larder -n "__fish_larder_using_subcommand import" -l identity -d 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]' -r -F
complete -c larder -n "__fish_larder_using_subcommand import" -l passphrase-file -d 'A file that holds a passphrase' -r -F
complete -c larder -n "__fish_larder_using_subcommand import" -l passphrase-command -d 'A command of the shell that prints a passphrase' -r
complete -c larder -n "__fish_larder_using_subcommand import" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand import" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand import" -l dry-run -d 'Say what would come in and what would become of it, and change nothing'
complete -c larder -n "__fish_larder_using_subcommand import" -l no-safety-snapshot -d 'Do not keep what is there first'
complete -c larder -n "__fish_larder_using_subcommand import" -l replace-all -d 'Let rows go that the document does not have, so that the sections hold what it holds: only of those that it could have had, by its filters and its user'
complete -c larder -n "__fish_larder_using_subcommand import" -l force -d 'With --by id: match rows by their ids although few that both have agree in what they hold'
complete -c larder -n "__fish_larder_using_subcommand import" -s y -l yes -d 'Do not ask before it is written'
complete -c larder -n "__fish_larder_using_subcommand import" -l create-table -d 'Create the table where it is not there: its columns are the names of the file, with the types that all of their values have, and --match names its primary key; on a terminal, you are asked without this'
complete -c larder -n "__fish_larder_using_subcommand import" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand import" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand import" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand import" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c larder -n "__fish_larder_using_subcommand import" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand validate" -l against -d 'Say also what of an export would not fit this database; a condensed one is tried on a private copy of it' -r -F
complete -c larder -n "__fish_larder_using_subcommand validate" -l max-problems -d 'How many problems to list of each file' -r
complete -c larder -n "__fish_larder_using_subcommand validate" -l app -d 'The application\'s name [default: that of larder.toml, or the name of the database\'s file (or folder, where it is called data.db)]' -r
complete -c larder -n "__fish_larder_using_subcommand validate" -l max-row -d 'The largest row that is let in [default: 256MiB]' -r
complete -c larder -n "__fish_larder_using_subcommand validate" -l max-size -d 'How many bytes may come out of a compressed document, or through a pipe [default: 1GiB, or 200 times what goes in; 16GiB through a pipe]' -r
complete -c larder -n "__fish_larder_using_subcommand validate" -l identity -d 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]' -r -F
complete -c larder -n "__fish_larder_using_subcommand validate" -l passphrase-file -d 'A file that holds a passphrase' -r -F
complete -c larder -n "__fish_larder_using_subcommand validate" -l passphrase-command -d 'A command of the shell that prints a passphrase' -r
complete -c larder -n "__fish_larder_using_subcommand validate" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand validate" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand validate" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand validate" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand validate" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand validate" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c larder -n "__fish_larder_using_subcommand validate" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand diff" -l app -d 'The application\'s name [default: that of larder.toml, or the name of the database\'s file (or folder, where it is called data.db)]' -r
complete -c larder -n "__fish_larder_using_subcommand diff" -l only -d 'Only these sections, or those of these groups' -r
complete -c larder -n "__fish_larder_using_subcommand diff" -l item -d 'Only this item, by its row id, its key or its name, with what is inside it' -r
complete -c larder -n "__fish_larder_using_subcommand diff" -l by -d 'How items are known: by their row ids, as those of two states of one database are, or by their keys and what they hold, as those of any two databases [default: id; key where one is a condensed export]' -r -f -a "id\t''
key\t''"
complete -c larder -n "__fish_larder_using_subcommand diff" -l max-row -d 'The largest row that is let in [default: 256MiB]' -r
complete -c larder -n "__fish_larder_using_subcommand diff" -l max-size -d 'How many bytes may come out of a compressed document, or through a pipe [default: 1GiB, or 200 times what goes in; 16GiB through a pipe]' -r
complete -c larder -n "__fish_larder_using_subcommand diff" -l identity -d 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]' -r -F
complete -c larder -n "__fish_larder_using_subcommand diff" -l passphrase-file -d 'A file that holds a passphrase' -r -F
complete -c larder -n "__fish_larder_using_subcommand diff" -l passphrase-command -d 'A command of the shell that prints a passphrase' -r
complete -c larder -n "__fish_larder_using_subcommand diff" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand diff" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand diff" -l summary -d 'Say how many items of each section differ, and not which'
complete -c larder -n "__fish_larder_using_subcommand diff" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand diff" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand diff" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand diff" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c larder -n "__fish_larder_using_subcommand diff" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand find" -l app -d 'The application\'s name [default: that of larder.toml, or the name of the database\'s file (or folder, where it is called data.db)]' -r
complete -c larder -n "__fish_larder_using_subcommand find" -l timezone -d 'The zone in which times are shown: local, UTC, an offset, or a name such as Europe/Berlin [default: local]' -r
complete -c larder -n "__fish_larder_using_subcommand find" -l identity -d 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]' -r -F
complete -c larder -n "__fish_larder_using_subcommand find" -l passphrase-file -d 'A file that holds a passphrase' -r -F
complete -c larder -n "__fish_larder_using_subcommand find" -l passphrase-command -d 'A command of the shell that prints a passphrase' -r
complete -c larder -n "__fish_larder_using_subcommand find" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand find" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand find" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand find" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand find" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand find" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand find" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c larder -n "__fish_larder_using_subcommand find" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l to -d 'The folder that takes it, or the URL of a remote store [default: that of larder.toml, or the folder backups beside the database]' -r -F
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l also-to -d 'Another store that gets it too; may be given several times. One that fails does not keep the others from it' -r -F
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l app -d 'The application\'s name [default: that of larder.toml, or the name of the database\'s file (or folder, where it is called data.db)]' -r
complete -c larder -n "__fish_larder_using_subcommand snapshot" -s o -l output -d 'Write one file without a manifest instead; .db, .db.gz or .db.zst by its name, each also with .age, or a folder' -r -F
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l kind -d 'Why it is taken' -r -f -a "manual\t'By hand'
scheduled\t'By a schedule'"
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l compress -d 'How to compress [default: gzip, or what the name of --output says]' -r -f -a "gzip\t''
zstd\t''
none\t''"
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l level -d 'How hard to compress: 0 to 9 for gzip [default: 6], 1 to 19 for zstd [default: 3]' -r
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l drill -d 'How thoroughly to check the copy: full compares every index with its table, quick does not [default: full]' -r -f -a "full\t''
quick\t''"
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l verify -d 'How to verify what was uploaded to a remote store [default: auto]' -r -f -a "auto\t'By a digest that the store tells, else by reading it back'
size\t'By its size alone'"
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l timezone -d 'With --prune: the zone in which days begin [default: local]' -r
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l keep-last -d 'Keep the N newest snapshots (or unlimited, here and below)' -r
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l keep-hourly -d 'Keep the newest of each of the last N hours that have one' -r
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l keep-daily -d 'Keep the newest of each of the last N days that have one' -r
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l keep-weekly -d 'Keep the newest of each of the last N weeks (from Monday) that have one' -r
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l keep-monthly -d 'Keep the newest of each of the last N months that have one' -r
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l keep-yearly -d 'Keep the newest of each of the last N years that have one' -r
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l keep-within -d 'Keep everything within SPAN of the newest, such as 1y2m3d4h: years, months, days, hours' -r
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l keep-within-hourly -d 'Keep the newest of each hour within SPAN of the newest' -r
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l keep-within-daily -d 'Keep the newest of each day within SPAN of the newest' -r
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l keep-within-weekly -d 'Keep the newest of each week within SPAN of the newest' -r
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l keep-within-monthly -d 'Keep the newest of each month within SPAN of the newest' -r
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l keep-within-yearly -d 'Keep the newest of each year within SPAN of the newest' -r
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l max-size -d 'After the rules, remove the oldest until an application\'s snapshots fit into SIZE, such as 20GB' -r
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l keep-safety -d 'How long to keep safety snapshots, which restores and imports make [default: 14d]' -r
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l encrypt-to -d 'Encrypt for this recipient (age1…), or those of a file, one a line; may be given several times' -r
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l identity -d 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]' -r -F
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l passphrase-file -d 'A file that holds a passphrase' -r -F
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l passphrase-command -d 'A command of the shell that prints a passphrase' -r
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l create -d 'Make the store where there is none, which is done without it only beside the database, or by hand at a terminal'
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l all -d 'Take one of every application that has settings in ~/.config/larder; one that fails does not keep the others from it'
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l force -d 'Overwrite the file of --output'
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l files -d 'Take the files that belong to the database too, as [files] of larder.toml or of a known application says [default: where your larder.toml has [files]]'
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l no-files -d 'Take the database alone'
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l pin -d 'Keep it whatever the keep rules say'
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l if-changed -d 'Make none where the newest snapshot holds the same, and note there that it still does'
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l allow-empty -d 'Make one of a database without tables or rows although the newest snapshot has rows, which the keep rules may then delete'
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l strict -d 'Exit with 3 where the snapshot is suspicious, as its tables lost many rows since the one before'
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l keep-damaged -d 'Keep what can be copied of a damaged database, marked as damaged'
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l prune -d 'Afterwards, delete the snapshots of this application that the rules below, or those of larder.toml, do not keep'
complete -c larder -n "__fish_larder_using_subcommand snapshot" -s y -l yes -d 'With --prune: do not ask. Without a terminal, --prune itself is the answer'
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l encrypt -d 'Encrypt with a passphrase: that of --passphrase-file or --passphrase-command, else it is asked for twice'
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand snapshot" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand snapshot" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand snapshot" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand snapshot" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c larder -n "__fish_larder_using_subcommand snapshot" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand restore" -l from -d 'The store in which to look, a folder or a URL; --undo looks there too [default: that of larder.toml, or the folder backups beside the database]' -r -F
complete -c larder -n "__fish_larder_using_subcommand restore" -l app -d 'The application\'s name [default: that of larder.toml, or the name of the database\'s file (or folder, where it is called data.db)]' -r
complete -c larder -n "__fish_larder_using_subcommand restore" -l timezone -d 'The zone of a time without one: local, UTC, an offset, or a name such as Europe/Berlin' -r
complete -c larder -n "__fish_larder_using_subcommand restore" -l only -d 'Only these sections, or those of these groups: what is missing is added, and what changed is as it was, under its own row ids; newer rows stay' -r
complete -c larder -n "__fish_larder_using_subcommand restore" -l item -d 'Only this item, by its row id or its name, with what belongs to it; may be given several times' -r
complete -c larder -n "__fish_larder_using_subcommand restore" -l triggers -d 'With --only and --item: whether the application\'s triggers run: auto, on, or off [default: auto, or what the settings say]' -r -f -a "auto\t''
on\t''
off\t''"
complete -c larder -n "__fish_larder_using_subcommand restore" -l max-size -d 'How many bytes may come through a pipe' -r
complete -c larder -n "__fish_larder_using_subcommand restore" -l identity -d 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]' -r -F
complete -c larder -n "__fish_larder_using_subcommand restore" -l passphrase-file -d 'A file that holds a passphrase' -r -F
complete -c larder -n "__fish_larder_using_subcommand restore" -l passphrase-command -d 'A command of the shell that prints a passphrase' -r
complete -c larder -n "__fish_larder_using_subcommand restore" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand restore" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand restore" -l undo -d 'Go back to what the last restore replaced, or an import of rows changed'
complete -c larder -n "__fish_larder_using_subcommand restore" -l force -d 'Restore what is another application\'s, is marked as damaged, or is not what its manifest says, and to a place among the snapshots of a store'
complete -c larder -n "__fish_larder_using_subcommand restore" -l if-missing -d 'Do nothing where there is a database already, as when a container starts'
complete -c larder -n "__fish_larder_using_subcommand restore" -l no-safety-snapshot -d 'Do not keep what is there first: it will be lost'
complete -c larder -n "__fish_larder_using_subcommand restore" -l files -d 'Put back all files that belong to the snapshot, also those that neither larder.toml here nor a known application names'
complete -c larder -n "__fish_larder_using_subcommand restore" -l no-files -d 'Restore the database alone, without the files that belong to the snapshot'
complete -c larder -n "__fish_larder_using_subcommand restore" -l dry-run -d 'Verify the snapshot, show what would be done, and stop'
complete -c larder -n "__fish_larder_using_subcommand restore" -l exact -d 'With --only: newer rows of these sections go'
complete -c larder -n "__fish_larder_using_subcommand restore" -s y -l yes -d 'Do not ask: on a terminal, a restore over a database says what would be lost, and asks'
complete -c larder -n "__fish_larder_using_subcommand restore" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand restore" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand restore" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand restore" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c larder -n "__fish_larder_using_subcommand restore" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand prune" -l app -d 'The application\'s name [default: that of larder.toml, or the name of the database\'s file (or folder, where it is called data.db)]' -r
complete -c larder -n "__fish_larder_using_subcommand prune" -l keep-last -d 'Keep the N newest snapshots (or unlimited, here and below)' -r
complete -c larder -n "__fish_larder_using_subcommand prune" -l keep-hourly -d 'Keep the newest of each of the last N hours that have one' -r
complete -c larder -n "__fish_larder_using_subcommand prune" -l keep-daily -d 'Keep the newest of each of the last N days that have one' -r
complete -c larder -n "__fish_larder_using_subcommand prune" -l keep-weekly -d 'Keep the newest of each of the last N weeks (from Monday) that have one' -r
complete -c larder -n "__fish_larder_using_subcommand prune" -l keep-monthly -d 'Keep the newest of each of the last N months that have one' -r
complete -c larder -n "__fish_larder_using_subcommand prune" -l keep-yearly -d 'Keep the newest of each of the last N years that have one' -r
complete -c larder -n "__fish_larder_using_subcommand prune" -l keep-within -d 'Keep everything within SPAN of the newest, such as 1y2m3d4h: years, months, days, hours' -r
complete -c larder -n "__fish_larder_using_subcommand prune" -l keep-within-hourly -d 'Keep the newest of each hour within SPAN of the newest' -r
complete -c larder -n "__fish_larder_using_subcommand prune" -l keep-within-daily -d 'Keep the newest of each day within SPAN of the newest' -r
complete -c larder -n "__fish_larder_using_subcommand prune" -l keep-within-weekly -d 'Keep the newest of each week within SPAN of the newest' -r
complete -c larder -n "__fish_larder_using_subcommand prune" -l keep-within-monthly -d 'Keep the newest of each month within SPAN of the newest' -r
complete -c larder -n "__fish_larder_using_subcommand prune" -l keep-within-yearly -d 'Keep the newest of each year within SPAN of the newest' -r
complete -c larder -n "__fish_larder_using_subcommand prune" -l max-size -d 'After the rules, remove the oldest until an application\'s snapshots fit into SIZE, such as 20GB' -r
complete -c larder -n "__fish_larder_using_subcommand prune" -l keep-safety -d 'How long to keep safety snapshots, which restores and imports make [default: 14d]' -r
complete -c larder -n "__fish_larder_using_subcommand prune" -l timezone -d 'The zone in which days begin: local, UTC, an offset, or a name such as Europe/Berlin [default: local]' -r
complete -c larder -n "__fish_larder_using_subcommand prune" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand prune" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand prune" -l all -d 'Every application that has settings in ~/.config/larder; one that fails does not keep the others from it'
complete -c larder -n "__fish_larder_using_subcommand prune" -l dry-run -d 'Show what would be deleted, and stop'
complete -c larder -n "__fish_larder_using_subcommand prune" -s y -l yes -d 'Do not ask'
complete -c larder -n "__fish_larder_using_subcommand prune" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand prune" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand prune" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand prune" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c larder -n "__fish_larder_using_subcommand prune" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand list" -l app -d 'The application\'s name [default: that of larder.toml, or the name of the database\'s file (or folder, where it is called data.db)]' -r
complete -c larder -n "__fish_larder_using_subcommand list" -l timezone -d 'The zone in which times are shown: local, UTC, an offset, or a name such as Europe/Berlin [default: local]' -r
complete -c larder -n "__fish_larder_using_subcommand list" -l identity -d 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]' -r -F
complete -c larder -n "__fish_larder_using_subcommand list" -l passphrase-file -d 'A file that holds a passphrase' -r -F
complete -c larder -n "__fish_larder_using_subcommand list" -l passphrase-command -d 'A command of the shell that prints a passphrase' -r
complete -c larder -n "__fish_larder_using_subcommand list" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand list" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand list" -l all -d 'Every application that has settings in ~/.config/larder; one that fails does not keep the others from it'
complete -c larder -n "__fish_larder_using_subcommand list" -l drills -d 'Show when each was last drilled: when it was made, or by larder check --drill'
complete -c larder -n "__fish_larder_using_subcommand list" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand list" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand list" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand list" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand list" -s h -l help -d 'Print help'
complete -c larder -n "__fish_larder_using_subcommand list" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand pin" -l from -d 'The store in which to look [default: that of larder.toml, or the folder backups here]' -r -F
complete -c larder -n "__fish_larder_using_subcommand pin" -l app -d 'The application\'s name [default: that of larder.toml, or the name of the database\'s file (or folder, where it is called data.db)]' -r
complete -c larder -n "__fish_larder_using_subcommand pin" -l timezone -d 'The zone of a time without one: local, UTC, an offset, or a name such as Europe/Berlin [default: local]' -r
complete -c larder -n "__fish_larder_using_subcommand pin" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand pin" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand pin" -l remove -d 'Take the pin away'
complete -c larder -n "__fish_larder_using_subcommand pin" -l accept -d 'Say that what a suspicious snapshot lost was meant, in every store of larder.toml. Here, latest is a suspicious one too'
complete -c larder -n "__fish_larder_using_subcommand pin" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand pin" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand pin" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand pin" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand pin" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c larder -n "__fish_larder_using_subcommand pin" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand init" -s o -l output -d 'Write to this file, or to the standard output (-) [default: larder.toml]' -r -F
complete -c larder -n "__fish_larder_using_subcommand init" -l app -d 'The application\'s name [default: that of larder.toml, or the name of the database\'s file (or folder, where it is called data.db)]' -r
complete -c larder -n "__fish_larder_using_subcommand init" -l identity -d 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]' -r -F
complete -c larder -n "__fish_larder_using_subcommand init" -l passphrase-file -d 'A file that holds a passphrase' -r -F
complete -c larder -n "__fish_larder_using_subcommand init" -l passphrase-command -d 'A command of the shell that prints a passphrase' -r
complete -c larder -n "__fish_larder_using_subcommand init" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand init" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand init" -l force -d 'Overwrite the file'
complete -c larder -n "__fish_larder_using_subcommand init" -s y -l yes -d 'Do not ask: what is unsure stays a proposal'
complete -c larder -n "__fish_larder_using_subcommand init" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand init" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand init" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand init" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c larder -n "__fish_larder_using_subcommand init" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand config" -l app -d 'The application\'s name [default: that of larder.toml, or the name of the database\'s file (or folder, where it is called data.db)]' -r
complete -c larder -n "__fish_larder_using_subcommand config" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand config" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand config" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand config" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand config" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand config" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand config" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c larder -n "__fish_larder_using_subcommand config" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand check" -l app -d 'The application\'s name [default: that of larder.toml, or the name of the database\'s file (or folder, where it is called data.db)]' -r
complete -c larder -n "__fish_larder_using_subcommand check" -l max-age -d 'The newest must not be older, such as 25h or 8d; that it was found unchanged counts' -r
complete -c larder -n "__fish_larder_using_subcommand check" -l min-size -d 'The file of the newest must not be smaller, such as 1MB' -r
complete -c larder -n "__fish_larder_using_subcommand check" -l max-shrink -d 'The newest must not hold a database that is smaller by more than this than the one before, such as 20%' -r
complete -c larder -n "__fish_larder_using_subcommand check" -l sample -d 'Of the older ones, drill this part, such as 10%: those that were not drilled for the longest time' -r
complete -c larder -n "__fish_larder_using_subcommand check" -l metrics -d 'Write what was found as metrics for Prometheus (a textfile of the node exporter), whole or not at all' -r -F
complete -c larder -n "__fish_larder_using_subcommand check" -l identity -d 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]' -r -F
complete -c larder -n "__fish_larder_using_subcommand check" -l passphrase-file -d 'A file that holds a passphrase' -r -F
complete -c larder -n "__fish_larder_using_subcommand check" -l passphrase-command -d 'A command of the shell that prints a passphrase' -r
complete -c larder -n "__fish_larder_using_subcommand check" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand check" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand check" -l all -d 'Every application that has settings in ~/.config/larder; one that fails does not keep the others from it'
complete -c larder -n "__fish_larder_using_subcommand check" -l drill -d 'Restore the newest to a scratch file, and check that too'
complete -c larder -n "__fish_larder_using_subcommand check" -l all-snapshots -d 'Drill the older ones too'
complete -c larder -n "__fish_larder_using_subcommand check" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand check" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand check" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand check" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c larder -n "__fish_larder_using_subcommand check" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand guard" -l app -d 'The application\'s name [default: that of larder.toml, or the name of the database\'s file (or folder, where it is called data.db)]' -r
complete -c larder -n "__fish_larder_using_subcommand guard" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand guard" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand guard" -l undo-on-failure -d 'Put the snapshot back where the command failed; what it left is kept, so that larder restore --undo brings it back'
complete -c larder -n "__fish_larder_using_subcommand guard" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand guard" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand guard" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand guard" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand guard" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c larder -n "__fish_larder_using_subcommand guard" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand convert" -l format -d 'The format of the document [default: what the name of the output says, else json]' -r -f -a "json\t'One JSON document'
ndjson\t'A JSON object a line'
csv\t'A file of CSV for each section: a folder, or a zip archive'"
complete -c larder -n "__fish_larder_using_subcommand convert" -l delimiter -d 'What stands between the cells of CSV, such as ; or tab [default: ,]' -r
complete -c larder -n "__fish_larder_using_subcommand convert" -l null -d 'What stands for NULL in CSV [default: \\N, with --flat nothing]' -r
complete -c larder -n "__fish_larder_using_subcommand convert" -l compress -d 'How to compress [default: what the name of the output says]' -r -f -a "gzip\t''
zstd\t''
none\t''"
complete -c larder -n "__fish_larder_using_subcommand convert" -l level -d 'How hard to compress: 0 to 9 for gzip and zip [default: 6], 1 to 19 for zstd [default: 3]' -r
complete -c larder -n "__fish_larder_using_subcommand convert" -l max-row -d 'The largest row that is let in [default: 256MiB]' -r
complete -c larder -n "__fish_larder_using_subcommand convert" -l max-size -d 'How many bytes may come out of a compressed document, or through a pipe [default: 1GiB, or 200 times what goes in; 16GiB through a pipe]' -r
complete -c larder -n "__fish_larder_using_subcommand convert" -l encrypt-to -d 'Encrypt for this recipient (age1…), or those of a file, one a line; may be given several times' -r
complete -c larder -n "__fish_larder_using_subcommand convert" -l identity -d 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]' -r -F
complete -c larder -n "__fish_larder_using_subcommand convert" -l passphrase-file -d 'A file that holds a passphrase' -r -F
complete -c larder -n "__fish_larder_using_subcommand convert" -l passphrase-command -d 'A command of the shell that prints a passphrase' -r
complete -c larder -n "__fish_larder_using_subcommand convert" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand convert" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand convert" -l force -d 'Overwrite the output'
complete -c larder -n "__fish_larder_using_subcommand convert" -l pretty -d 'JSON with a value a line'
complete -c larder -n "__fish_larder_using_subcommand convert" -l compact -d 'JSON without white space'
complete -c larder -n "__fish_larder_using_subcommand convert" -l flat -d 'CSV for people: plain cells without metadata, which cannot be imported again; of one table also a single file'
complete -c larder -n "__fish_larder_using_subcommand convert" -l bom -d 'Begin each file of CSV with a byte order mark, by which spreadsheets know UTF-8'
complete -c larder -n "__fish_larder_using_subcommand convert" -l encrypt -d 'Encrypt with a passphrase: that of --passphrase-file or --passphrase-command, else it is asked for twice'
complete -c larder -n "__fish_larder_using_subcommand convert" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand convert" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand convert" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand convert" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand convert" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c larder -n "__fish_larder_using_subcommand convert" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand store; and not __fish_seen_subcommand_from test get rm login logout help" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand store; and not __fish_seen_subcommand_from test get rm login logout help" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand store; and not __fish_seen_subcommand_from test get rm login logout help" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand store; and not __fish_seen_subcommand_from test get rm login logout help" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand store; and not __fish_seen_subcommand_from test get rm login logout help" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand store; and not __fish_seen_subcommand_from test get rm login logout help" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand store; and not __fish_seen_subcommand_from test get rm login logout help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c larder -n "__fish_larder_using_subcommand store; and not __fish_seen_subcommand_from test get rm login logout help" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand store; and not __fish_seen_subcommand_from test get rm login logout help" -f -a "test" -d 'Try whether a store can be reached, written to, read and listed, and whether what was written can be deleted'
complete -c larder -n "__fish_larder_using_subcommand store; and not __fish_seen_subcommand_from test get rm login logout help" -f -a "get" -d 'Fetch one file of a store, and compare a snapshot with its manifest'
complete -c larder -n "__fish_larder_using_subcommand store; and not __fish_seen_subcommand_from test get rm login logout help" -f -a "rm" -d 'Delete files of a store, a snapshot with its manifest'
complete -c larder -n "__fish_larder_using_subcommand store; and not __fish_seen_subcommand_from test get rm login logout help" -f -a "login" -d 'Sign in to Google Drive or Dropbox, and keep what lets larder in'
complete -c larder -n "__fish_larder_using_subcommand store; and not __fish_seen_subcommand_from test get rm login logout help" -f -a "logout" -d 'Forget what lets larder into Google Drive or Dropbox'
complete -c larder -n "__fish_larder_using_subcommand store; and not __fish_seen_subcommand_from test get rm login logout help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from test" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from test" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from test" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from test" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from test" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from test" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from test" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from get" -s o -l output -d 'Where it goes: a file, or a folder [default: the same name, here]' -r -F
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from get" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from get" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from get" -l force -d 'Overwrite what is there'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from get" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from get" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from get" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from get" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from get" -s h -l help -d 'Print help'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from get" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from rm" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from rm" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from rm" -l force -d 'Delete also what is not called like a snapshot'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from rm" -s y -l yes -d 'Do not ask'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from rm" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from rm" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from rm" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from rm" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from rm" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from login" -l client-id -d 'The id of your program' -r
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from login" -l port -d 'Where on this machine the answer comes; Dropbox must know of it: `http://127.0.0.1:PORT/`' -r
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from login" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from login" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from login" -l no-browser -d 'The browser is on another machine: read from the standard input the address that it is led to in the end'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from login" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from login" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from login" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from login" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from login" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from logout" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from logout" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from logout" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from logout" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from logout" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from logout" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from logout" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from help" -f -a "test" -d 'Try whether a store can be reached, written to, read and listed, and whether what was written can be deleted'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from help" -f -a "get" -d 'Fetch one file of a store, and compare a snapshot with its manifest'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from help" -f -a "rm" -d 'Delete files of a store, a snapshot with its manifest'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from help" -f -a "login" -d 'Sign in to Google Drive or Dropbox, and keep what lets larder in'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from help" -f -a "logout" -d 'Forget what lets larder into Google Drive or Dropbox'
complete -c larder -n "__fish_larder_using_subcommand store; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c larder -n "__fish_larder_using_subcommand apps" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand apps" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand apps" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand apps" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand apps" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand apps" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand apps" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c larder -n "__fish_larder_using_subcommand apps" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand keygen" -s o -l output -d 'Write the identity to this file, for its owner alone, and print the recipient' -r -F
complete -c larder -n "__fish_larder_using_subcommand keygen" -l public -d 'Print the recipients that belong to an identity file, and make nothing' -r -F
complete -c larder -n "__fish_larder_using_subcommand keygen" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand keygen" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand keygen" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand keygen" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand keygen" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand keygen" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand keygen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c larder -n "__fish_larder_using_subcommand keygen" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand completions" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand completions" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand completions" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand completions" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand completions" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand completions" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand completions" -s h -l help -d 'Print help'
complete -c larder -n "__fish_larder_using_subcommand completions" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand man" -l busy-timeout -d 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds' -r
complete -c larder -n "__fish_larder_using_subcommand man" -l config -d 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]' -r -F
complete -c larder -n "__fish_larder_using_subcommand man" -l force -d 'Overwrite pages that differ'
complete -c larder -n "__fish_larder_using_subcommand man" -l json -d 'Print the result as one JSON object on the standard output'
complete -c larder -n "__fish_larder_using_subcommand man" -s q -l quiet -d 'Print nothing but errors'
complete -c larder -n "__fish_larder_using_subcommand man" -s v -l verbose -d 'Say each step'
complete -c larder -n "__fish_larder_using_subcommand man" -l no-known-app -d 'Do not use the settings that are built in for the application that a database is of'
complete -c larder -n "__fish_larder_using_subcommand man" -s h -l help -d 'Print help'
complete -c larder -n "__fish_larder_using_subcommand man" -s V -l version -d 'Print version'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "export" -d 'Write what people made, or everything that a database holds, as a document'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "import" -d 'Bring an export into a database, or rows into a table'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "validate" -d 'Say whether an export or a snapshot is whole, and all that is wrong with it'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "diff" -d 'Say what differs between two states of a database: items that are new, gone or changed'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "find" -d 'Say in which snapshots an item is, and when it appeared, changed and went'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "snapshot" -d 'Write a verified, compressed copy of a database with a manifest'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "restore" -d 'Put a snapshot back; what was there is kept first'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "prune" -d 'Delete the snapshots that a retention policy does not keep, with a reason for each'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "list" -d 'Show the snapshots of a store: when, how large, how verified, of which kind'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "pin" -d 'Keep a snapshot whatever the keep rules say, or stop keeping it; or say that a suspicious one is right'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "init" -d 'Look at a database and write a larder.toml for it'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "config" -d 'Print the settings that are in force, and where each comes from'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "check" -d 'Say whether backups are as they should be, with one exit code for monitoring'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "guard" -d 'Take a snapshot of a database, run a command such as an upgrade, and say what it changed'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "convert" -d 'Turn an export into another format or compression'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "store" -d 'Try a store, sign in to one, fetch or delete one file of it'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "apps" -d 'List the applications whose settings are built in, or print the settings of one'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "keygen" -d 'Make a key for encrypted snapshots and exports'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "completions" -d 'Print the completions of a shell'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "man" -d 'Write the manual pages into a folder, one for larder and one a command'
complete -c larder -n "__fish_larder_using_subcommand help; and not __fish_seen_subcommand_from export import validate diff find snapshot restore prune list pin init config check guard convert store apps keygen completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c larder -n "__fish_larder_using_subcommand help; and __fish_seen_subcommand_from store" -f -a "test" -d 'Try whether a store can be reached, written to, read and listed, and whether what was written can be deleted'
complete -c larder -n "__fish_larder_using_subcommand help; and __fish_seen_subcommand_from store" -f -a "get" -d 'Fetch one file of a store, and compare a snapshot with its manifest'
complete -c larder -n "__fish_larder_using_subcommand help; and __fish_seen_subcommand_from store" -f -a "rm" -d 'Delete files of a store, a snapshot with its manifest'
complete -c larder -n "__fish_larder_using_subcommand help; and __fish_seen_subcommand_from store" -f -a "login" -d 'Sign in to Google Drive or Dropbox, and keep what lets larder in'
complete -c larder -n "__fish_larder_using_subcommand help; and __fish_seen_subcommand_from store" -f -a "logout" -d 'Forget what lets larder into Google Drive or Dropbox'
