
use builtin;
use str;

set edit:completion:arg-completer[larder] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'larder'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'larder'= {
            cand --busy-timeout 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds'
            cand --config 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]'
            cand --json 'Print the result as one JSON object on the standard output'
            cand -q 'Print nothing but errors'
            cand --quiet 'Print nothing but errors'
            cand -v 'Say each step'
            cand --verbose 'Say each step'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand export 'Write what people made, or everything that a database holds, as a document'
            cand import 'Bring an export into a database, or rows into a table'
            cand validate 'Say whether an export or a snapshot is whole, and all that is wrong with it'
            cand snapshot 'Write a verified, compressed copy of a database with a manifest'
            cand restore 'Put a snapshot back; what was there is kept first'
            cand prune 'Delete the snapshots that a retention policy does not keep, with a reason for each'
            cand list 'Show the snapshots of a store: when, how large, how verified, of which kind'
            cand init 'Look at a database and write a larder.toml for it'
            cand config 'Print the settings that are in force, and where each comes from'
            cand check 'Say whether backups are as they should be, with one exit code for monitoring'
            cand convert 'Turn an export into another format or compression'
            cand store 'Try a store, sign in to one, fetch or delete one file of it'
            cand keygen 'Make a key for encrypted snapshots and exports'
            cand completions 'Print the completions of a shell'
            cand man 'Write the manual pages into a folder, one for larder and one a command'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'larder;export'= {
            cand -o 'Write to this file or URL instead of the standard output (-): .json, .ndjson, .zip (CSV), each also with .gz or .zst and with .age, or a folder (CSV)'
            cand --output 'Write to this file or URL instead of the standard output (-): .json, .ndjson, .zip (CSV), each also with .gz or .zst and with .age, or a folder (CSV)'
            cand --only 'Only these sections or groups; with --full, tables and views, with their indexes and triggers'
            cand --exclude 'Not these sections or groups; with --full, tables and views'
            cand --scope 'Whose rows, where larder.toml says who the users are; all for everybody''s, each for a file of every user''s in the folder that --output names'
            cand --item 'Only this item, by its key (with commas between the parts of one) or by its name, with what belongs to it and what it refers to; may be given several times'
            cand --since 'Only rows of this time or later, in sections that say what time their rows are about: 2026-11-20, 2026-11-20T14:00 (UTC), or 30d for that long ago'
            cand --until 'Only rows of before this time, or of that day or before'
            cand --where 'Only rows of a section that meet a condition in SQL; may be given several times'
            cand --columns 'Only these fields of a section, and those of its key; may be given several times'
            cand --app 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]'
            cand --format 'The format of the document [default: what the name of the output says, else json]'
            cand --delimiter 'What stands between the cells of CSV, such as ; or tab [default: ,]'
            cand --null 'What stands for NULL in CSV [default: \N, with --flat nothing]'
            cand --compress 'How to compress [default: what the name of the output says]'
            cand --level 'How hard to compress: 0 to 9 for gzip and zip [default: 6], 1 to 19 for zstd [default: 3]'
            cand --encrypt-to 'Encrypt for this recipient (age1…), or those of a file, one a line; may be given several times'
            cand --identity 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]'
            cand --passphrase-file 'A file that holds a passphrase'
            cand --passphrase-command 'A command of the shell that prints a passphrase'
            cand --busy-timeout 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds'
            cand --config 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]'
            cand --full 'Export everything that SQLite holds'
            cand --force 'Overwrite the file of --output'
            cand --anonymize 'Replace names, addresses and texts by made-up ones, the same for the same value: those of columns that are named like an email, a phone or a person''s name, those of such keys inside JSON, and those that larder.toml calls personal'
            cand --with-secrets 'Export passwords, keys and tokens too'
            cand --dry-run 'Say what would be written, how large it would be, what is left out and why, and write nothing'
            cand --pretty 'JSON with a value a line'
            cand --compact 'JSON without white space'
            cand --flat 'CSV for people: plain cells without metadata, which cannot be imported again; of one table also a single file'
            cand --bom 'Begin each file of CSV with a byte order mark, by which spreadsheets know UTF-8'
            cand --encrypt 'Encrypt with a passphrase: that of --passphrase-file or --passphrase-command, else it is asked for twice'
            cand --json 'Print the result as one JSON object on the standard output'
            cand -q 'Print nothing but errors'
            cand --quiet 'Print nothing but errors'
            cand -v 'Say each step'
            cand --verbose 'Say each step'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'larder;import'= {
            cand --app 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]'
            cand --only 'Only these sections; of a full export, tables and views, with their indexes and triggers'
            cand --exclude 'Not these sections; of a full export, tables and views'
            cand --max-row 'The largest row that is let in [default: 256MiB]'
            cand --max-size 'How many bytes may come out of a compressed document [default: 1GiB, or 200 times what goes in]'
            cand --on-conflict 'What to do with items that are there already and differ: skip, overwrite, merge, newer, rename, prompt or fail; or SECTION=STRATEGY for one section [default: prompt on a terminal, else fail]'
            cand --item 'Only this item, by its key (with commas between the parts of one) or by its name; what it refers to comes along where it is not there; may be given several times'
            cand --map 'What a column of the document is called in this database, as movies.liked=rating; movies.liked= leaves it out; movies=films says what the table is called; may be given several times'
            cand --fill 'What a column of new rows holds that the database needs and the document lacks; may be given several times'
            cand --on-error 'What becomes of all items where something is wrong with one: fail (none comes in), or skip (the others do)'
            cand --scope 'Whose rows they become, where the document holds those of one user'
            cand --missing-reference 'What becomes of a reference to what is neither in the database nor in the document: fail, null where the column may be NULL, or skip (its item does not come in)'
            cand --triggers 'Whether the application''s triggers run: auto (they do, and what they changed of the items is put right), on, or off'
            cand --plan 'Write down what would be done, and do nothing; where the file is such a plan, carry it out, if the database is still what it was'
            cand --report 'Write what became of each item to this file, as JSON, an item a line'
            cand --answers 'Use the answers that were kept in this file'
            cand --save-answers 'Keep the answers that are given in this file, to use them again with --answers'
            cand --section 'Put rows that another program wrote (JSON, NDJSON, CSV) into this table of a database that is there: columns are matched by name, and values become what the column makes of them'
            cand --delimiter 'What stands between the cells of CSV [default: what its first line says]'
            cand --null 'What stands for NULL in CSV [default: an empty cell]'
            cand --identity 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]'
            cand --passphrase-file 'A file that holds a passphrase'
            cand --passphrase-command 'A command of the shell that prints a passphrase'
            cand --busy-timeout 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds'
            cand --config 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]'
            cand --dry-run 'Say what would come in and what would become of it, and change nothing'
            cand --no-safety-snapshot 'Do not keep what is there first'
            cand --replace-all 'Let rows go that the document does not have, so that the sections hold what it holds: only of those that it could have had, by its filters and its user'
            cand -y 'Do not ask before it is written'
            cand --yes 'Do not ask before it is written'
            cand --json 'Print the result as one JSON object on the standard output'
            cand -q 'Print nothing but errors'
            cand --quiet 'Print nothing but errors'
            cand -v 'Say each step'
            cand --verbose 'Say each step'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'larder;validate'= {
            cand --against 'Say also what of an export would not fit this database'
            cand --max-problems 'How many problems to list of each file'
            cand --max-row 'The largest row that is let in [default: 256MiB]'
            cand --max-size 'How many bytes may come out of a compressed document [default: 1GiB, or 200 times what goes in]'
            cand --identity 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]'
            cand --passphrase-file 'A file that holds a passphrase'
            cand --passphrase-command 'A command of the shell that prints a passphrase'
            cand --busy-timeout 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds'
            cand --config 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]'
            cand --json 'Print the result as one JSON object on the standard output'
            cand -q 'Print nothing but errors'
            cand --quiet 'Print nothing but errors'
            cand -v 'Say each step'
            cand --verbose 'Say each step'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'larder;snapshot'= {
            cand --to 'The folder that takes it, or the URL of a remote store [default: that of larder.toml, or the folder backups beside the database]'
            cand --app 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]'
            cand -o 'Write one file without a manifest instead; .db, .db.gz or .db.zst by its name, each also with .age, or a folder'
            cand --output 'Write one file without a manifest instead; .db, .db.gz or .db.zst by its name, each also with .age, or a folder'
            cand --kind 'Why it is taken'
            cand --compress 'How to compress [default: gzip, or what the name of --output says]'
            cand --level 'How hard to compress: 0 to 9 for gzip [default: 6], 1 to 19 for zstd [default: 3]'
            cand --drill 'How thoroughly to check the copy: full compares every index with its table, quick does not [default: full]'
            cand --verify 'How to verify what was uploaded to a remote store'
            cand --timezone 'With --prune: the zone in which days begin [default: local]'
            cand --keep-last 'Keep the N newest snapshots (or unlimited, here and below)'
            cand --keep-hourly 'Keep the newest of each of the last N hours that have one'
            cand --keep-daily 'Keep the newest of each of the last N days that have one'
            cand --keep-weekly 'Keep the newest of each of the last N weeks (from Monday) that have one'
            cand --keep-monthly 'Keep the newest of each of the last N months that have one'
            cand --keep-yearly 'Keep the newest of each of the last N years that have one'
            cand --keep-within 'Keep everything within SPAN of the newest, such as 1y2m3d4h: years, months, days, hours'
            cand --keep-within-hourly 'Keep the newest of each hour within SPAN of the newest'
            cand --keep-within-daily 'Keep the newest of each day within SPAN of the newest'
            cand --keep-within-weekly 'Keep the newest of each week within SPAN of the newest'
            cand --keep-within-monthly 'Keep the newest of each month within SPAN of the newest'
            cand --keep-within-yearly 'Keep the newest of each year within SPAN of the newest'
            cand --max-size 'After the rules, remove the oldest until an application''s snapshots fit into SIZE, such as 20GB'
            cand --keep-safety 'How long to keep safety snapshots, which restores and imports make [default: 14d]'
            cand --encrypt-to 'Encrypt for this recipient (age1…), or those of a file, one a line; may be given several times'
            cand --identity 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]'
            cand --passphrase-file 'A file that holds a passphrase'
            cand --passphrase-command 'A command of the shell that prints a passphrase'
            cand --busy-timeout 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds'
            cand --config 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]'
            cand --force 'Overwrite the file of --output'
            cand --if-changed 'Make none where the newest snapshot holds the same, and note there that it still does'
            cand --keep-damaged 'Keep what can be copied of a damaged database, marked as damaged'
            cand --prune 'Afterwards, delete the snapshots of this application that the rules below, or those of larder.toml, do not keep'
            cand -y 'With --prune: do not ask. Without a terminal, --prune itself is the answer'
            cand --yes 'With --prune: do not ask. Without a terminal, --prune itself is the answer'
            cand --encrypt 'Encrypt with a passphrase: that of --passphrase-file or --passphrase-command, else it is asked for twice'
            cand --json 'Print the result as one JSON object on the standard output'
            cand -q 'Print nothing but errors'
            cand --quiet 'Print nothing but errors'
            cand -v 'Say each step'
            cand --verbose 'Say each step'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'larder;restore'= {
            cand --from 'The store in which to look, a folder or a URL; a folder also takes the safety snapshot [default: that of larder.toml, or the folder backups beside the database]'
            cand --app 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]'
            cand --timezone 'The zone of a time without one: local, UTC, an offset, or a name such as Europe/Berlin'
            cand --identity 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]'
            cand --passphrase-file 'A file that holds a passphrase'
            cand --passphrase-command 'A command of the shell that prints a passphrase'
            cand --busy-timeout 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds'
            cand --config 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]'
            cand --undo 'Go back to what the last restore replaced, or an import of rows changed'
            cand --force 'Restore what is another application''s, is marked as damaged, or is not what its manifest says'
            cand --no-safety-snapshot 'Do not keep what is there first: it will be lost'
            cand --dry-run 'Verify the snapshot, show what would be done, and stop'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand --json 'Print the result as one JSON object on the standard output'
            cand -q 'Print nothing but errors'
            cand --quiet 'Print nothing but errors'
            cand -v 'Say each step'
            cand --verbose 'Say each step'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'larder;prune'= {
            cand --app 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]'
            cand --keep-last 'Keep the N newest snapshots (or unlimited, here and below)'
            cand --keep-hourly 'Keep the newest of each of the last N hours that have one'
            cand --keep-daily 'Keep the newest of each of the last N days that have one'
            cand --keep-weekly 'Keep the newest of each of the last N weeks (from Monday) that have one'
            cand --keep-monthly 'Keep the newest of each of the last N months that have one'
            cand --keep-yearly 'Keep the newest of each of the last N years that have one'
            cand --keep-within 'Keep everything within SPAN of the newest, such as 1y2m3d4h: years, months, days, hours'
            cand --keep-within-hourly 'Keep the newest of each hour within SPAN of the newest'
            cand --keep-within-daily 'Keep the newest of each day within SPAN of the newest'
            cand --keep-within-weekly 'Keep the newest of each week within SPAN of the newest'
            cand --keep-within-monthly 'Keep the newest of each month within SPAN of the newest'
            cand --keep-within-yearly 'Keep the newest of each year within SPAN of the newest'
            cand --max-size 'After the rules, remove the oldest until an application''s snapshots fit into SIZE, such as 20GB'
            cand --keep-safety 'How long to keep safety snapshots, which restores and imports make [default: 14d]'
            cand --timezone 'The zone in which days begin: local, UTC, an offset, or a name such as Europe/Berlin [default: local]'
            cand --busy-timeout 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds'
            cand --config 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]'
            cand --all 'Every application that has settings in ~/.config/larder; one that fails does not keep the others from it'
            cand --dry-run 'Show what would be deleted, and stop'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand --json 'Print the result as one JSON object on the standard output'
            cand -q 'Print nothing but errors'
            cand --quiet 'Print nothing but errors'
            cand -v 'Say each step'
            cand --verbose 'Say each step'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'larder;list'= {
            cand --app 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]'
            cand --timezone 'The zone in which times are shown: local, UTC, an offset, or a name such as Europe/Berlin [default: local]'
            cand --identity 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]'
            cand --passphrase-file 'A file that holds a passphrase'
            cand --passphrase-command 'A command of the shell that prints a passphrase'
            cand --busy-timeout 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds'
            cand --config 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]'
            cand --all 'Every application that has settings in ~/.config/larder; one that fails does not keep the others from it'
            cand --json 'Print the result as one JSON object on the standard output'
            cand -q 'Print nothing but errors'
            cand --quiet 'Print nothing but errors'
            cand -v 'Say each step'
            cand --verbose 'Say each step'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'larder;init'= {
            cand -o 'Write to this file, or to the standard output (-) [default: larder.toml]'
            cand --output 'Write to this file, or to the standard output (-) [default: larder.toml]'
            cand --app 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]'
            cand --identity 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]'
            cand --passphrase-file 'A file that holds a passphrase'
            cand --passphrase-command 'A command of the shell that prints a passphrase'
            cand --busy-timeout 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds'
            cand --config 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]'
            cand --force 'Overwrite the file'
            cand -y 'Do not ask: what is unsure stays a proposal'
            cand --yes 'Do not ask: what is unsure stays a proposal'
            cand --json 'Print the result as one JSON object on the standard output'
            cand -q 'Print nothing but errors'
            cand --quiet 'Print nothing but errors'
            cand -v 'Say each step'
            cand --verbose 'Say each step'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'larder;config'= {
            cand --app 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]'
            cand --busy-timeout 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds'
            cand --config 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]'
            cand --json 'Print the result as one JSON object on the standard output'
            cand -q 'Print nothing but errors'
            cand --quiet 'Print nothing but errors'
            cand -v 'Say each step'
            cand --verbose 'Say each step'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'larder;check'= {
            cand --app 'The application''s name [default: that of larder.toml, or the name of the database''s file (or folder, where it is called data.db)]'
            cand --max-age 'The newest must not be older, such as 25h or 8d; that it was found unchanged counts'
            cand --min-size 'The file of the newest must not be smaller, such as 1MB'
            cand --max-shrink 'The newest must not hold a database that is smaller by more than this than the one before, such as 20%'
            cand --identity 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]'
            cand --passphrase-file 'A file that holds a passphrase'
            cand --passphrase-command 'A command of the shell that prints a passphrase'
            cand --busy-timeout 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds'
            cand --config 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]'
            cand --all 'Every application that has settings in ~/.config/larder; one that fails does not keep the others from it'
            cand --drill 'Restore the newest to a scratch file, and check that too'
            cand --json 'Print the result as one JSON object on the standard output'
            cand -q 'Print nothing but errors'
            cand --quiet 'Print nothing but errors'
            cand -v 'Say each step'
            cand --verbose 'Say each step'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'larder;convert'= {
            cand --format 'The format of the document [default: what the name of the output says, else json]'
            cand --delimiter 'What stands between the cells of CSV, such as ; or tab [default: ,]'
            cand --null 'What stands for NULL in CSV [default: \N, with --flat nothing]'
            cand --compress 'How to compress [default: what the name of the output says]'
            cand --level 'How hard to compress: 0 to 9 for gzip and zip [default: 6], 1 to 19 for zstd [default: 3]'
            cand --max-row 'The largest row that is let in [default: 256MiB]'
            cand --max-size 'How many bytes may come out of a compressed document [default: 1GiB, or 200 times what goes in]'
            cand --encrypt-to 'Encrypt for this recipient (age1…), or those of a file, one a line; may be given several times'
            cand --identity 'A file of age identities, which opens what is encrypted for one of them; may be given several times [default: the file that `LARDER_IDENTITY` names]'
            cand --passphrase-file 'A file that holds a passphrase'
            cand --passphrase-command 'A command of the shell that prints a passphrase'
            cand --busy-timeout 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds'
            cand --config 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]'
            cand --force 'Overwrite the output'
            cand --pretty 'JSON with a value a line'
            cand --compact 'JSON without white space'
            cand --flat 'CSV for people: plain cells without metadata, which cannot be imported again; of one table also a single file'
            cand --bom 'Begin each file of CSV with a byte order mark, by which spreadsheets know UTF-8'
            cand --encrypt 'Encrypt with a passphrase: that of --passphrase-file or --passphrase-command, else it is asked for twice'
            cand --json 'Print the result as one JSON object on the standard output'
            cand -q 'Print nothing but errors'
            cand --quiet 'Print nothing but errors'
            cand -v 'Say each step'
            cand --verbose 'Say each step'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'larder;store'= {
            cand --busy-timeout 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds'
            cand --config 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]'
            cand --json 'Print the result as one JSON object on the standard output'
            cand -q 'Print nothing but errors'
            cand --quiet 'Print nothing but errors'
            cand -v 'Say each step'
            cand --verbose 'Say each step'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand test 'Try whether a store can be reached, written to, read and listed, and whether what was written can be deleted'
            cand get 'Fetch one file of a store, and compare a snapshot with its manifest'
            cand rm 'Delete files of a store, a snapshot with its manifest'
            cand login 'Sign in to Google Drive or Dropbox, and keep what lets larder in'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'larder;store;test'= {
            cand --busy-timeout 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds'
            cand --config 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]'
            cand --json 'Print the result as one JSON object on the standard output'
            cand -q 'Print nothing but errors'
            cand --quiet 'Print nothing but errors'
            cand -v 'Say each step'
            cand --verbose 'Say each step'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'larder;store;get'= {
            cand -o 'Where it goes: a file, or a folder [default: the same name, here]'
            cand --output 'Where it goes: a file, or a folder [default: the same name, here]'
            cand --busy-timeout 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds'
            cand --config 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]'
            cand --force 'Overwrite what is there'
            cand --json 'Print the result as one JSON object on the standard output'
            cand -q 'Print nothing but errors'
            cand --quiet 'Print nothing but errors'
            cand -v 'Say each step'
            cand --verbose 'Say each step'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'larder;store;rm'= {
            cand --busy-timeout 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds'
            cand --config 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]'
            cand --force 'Delete also what is not called like a snapshot'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand --json 'Print the result as one JSON object on the standard output'
            cand -q 'Print nothing but errors'
            cand --quiet 'Print nothing but errors'
            cand -v 'Say each step'
            cand --verbose 'Say each step'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'larder;store;login'= {
            cand --client-id 'The id of your program'
            cand --port 'Where on this machine the answer comes; Dropbox must know of it: `http://127.0.0.1:PORT/`'
            cand --busy-timeout 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds'
            cand --config 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]'
            cand --no-browser 'The browser is on another machine: read from the standard input the address that it is led to in the end'
            cand --json 'Print the result as one JSON object on the standard output'
            cand -q 'Print nothing but errors'
            cand --quiet 'Print nothing but errors'
            cand -v 'Say each step'
            cand --verbose 'Say each step'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'larder;store;help'= {
            cand test 'Try whether a store can be reached, written to, read and listed, and whether what was written can be deleted'
            cand get 'Fetch one file of a store, and compare a snapshot with its manifest'
            cand rm 'Delete files of a store, a snapshot with its manifest'
            cand login 'Sign in to Google Drive or Dropbox, and keep what lets larder in'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'larder;store;help;test'= {
        }
        &'larder;store;help;get'= {
        }
        &'larder;store;help;rm'= {
        }
        &'larder;store;help;login'= {
        }
        &'larder;store;help;help'= {
        }
        &'larder;keygen'= {
            cand -o 'Write the identity to this file, for its owner alone, and print the recipient'
            cand --output 'Write the identity to this file, for its owner alone, and print the recipient'
            cand --public 'Print the recipients that belong to an identity file, and make nothing'
            cand --busy-timeout 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds'
            cand --config 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]'
            cand --json 'Print the result as one JSON object on the standard output'
            cand -q 'Print nothing but errors'
            cand --quiet 'Print nothing but errors'
            cand -v 'Say each step'
            cand --verbose 'Say each step'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'larder;completions'= {
            cand --busy-timeout 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds'
            cand --config 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]'
            cand --json 'Print the result as one JSON object on the standard output'
            cand -q 'Print nothing but errors'
            cand --quiet 'Print nothing but errors'
            cand -v 'Say each step'
            cand --verbose 'Say each step'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'larder;man'= {
            cand --busy-timeout 'How long to wait for a locked database or store, as 500ms, 30s or 5m; a plain number is seconds'
            cand --config 'The settings [default: the file that `LARDER_CONFIG` names, larder.toml here, or APP.toml in ~/.config/larder with --app APP]'
            cand --force 'Overwrite pages that differ'
            cand --json 'Print the result as one JSON object on the standard output'
            cand -q 'Print nothing but errors'
            cand --quiet 'Print nothing but errors'
            cand -v 'Say each step'
            cand --verbose 'Say each step'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'larder;help'= {
            cand export 'Write what people made, or everything that a database holds, as a document'
            cand import 'Bring an export into a database, or rows into a table'
            cand validate 'Say whether an export or a snapshot is whole, and all that is wrong with it'
            cand snapshot 'Write a verified, compressed copy of a database with a manifest'
            cand restore 'Put a snapshot back; what was there is kept first'
            cand prune 'Delete the snapshots that a retention policy does not keep, with a reason for each'
            cand list 'Show the snapshots of a store: when, how large, how verified, of which kind'
            cand init 'Look at a database and write a larder.toml for it'
            cand config 'Print the settings that are in force, and where each comes from'
            cand check 'Say whether backups are as they should be, with one exit code for monitoring'
            cand convert 'Turn an export into another format or compression'
            cand store 'Try a store, sign in to one, fetch or delete one file of it'
            cand keygen 'Make a key for encrypted snapshots and exports'
            cand completions 'Print the completions of a shell'
            cand man 'Write the manual pages into a folder, one for larder and one a command'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'larder;help;export'= {
        }
        &'larder;help;import'= {
        }
        &'larder;help;validate'= {
        }
        &'larder;help;snapshot'= {
        }
        &'larder;help;restore'= {
        }
        &'larder;help;prune'= {
        }
        &'larder;help;list'= {
        }
        &'larder;help;init'= {
        }
        &'larder;help;config'= {
        }
        &'larder;help;check'= {
        }
        &'larder;help;convert'= {
        }
        &'larder;help;store'= {
            cand test 'Try whether a store can be reached, written to, read and listed, and whether what was written can be deleted'
            cand get 'Fetch one file of a store, and compare a snapshot with its manifest'
            cand rm 'Delete files of a store, a snapshot with its manifest'
            cand login 'Sign in to Google Drive or Dropbox, and keep what lets larder in'
        }
        &'larder;help;store;test'= {
        }
        &'larder;help;store;get'= {
        }
        &'larder;help;store;rm'= {
        }
        &'larder;help;store;login'= {
        }
        &'larder;help;keygen'= {
        }
        &'larder;help;completions'= {
        }
        &'larder;help;man'= {
        }
        &'larder;help;help'= {
        }
    ]
    $completions[$command]
}
