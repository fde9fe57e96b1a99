//! Which rows of the file refer to rows that are not there.

use super::pass::LeftOut;
use crate::database::schema::{Rowid, Table};
use crate::database::temporary::TempTable;
use crate::database::value::Value;
use crate::document::reader::Place;
use anyhow::Result;
use rusqlite::{Connection, params};

/// Which row of the table each row of the file became.
pub(super) struct Written {
    rows: TempTable,
    /// References that led nowhere before.
    before: TempTable,
    insert: String,
}

impl Written {
    /// Begins to remember, in a transaction that has written nothing yet; nothing where the rows of the table have no number by
    /// which SQLite tells of them.
    pub fn begin(connection: &Connection, table: &Table) -> Result<Option<Self>> {
        if matches!(table.rowid, Rowid::None(_)) {
            return Ok(None);
        }
        let rows = TempTable::create(connection, "written", "(id INTEGER PRIMARY KEY, item, line, place)")?;
        let before = TempTable::create(connection, "dangling", "(id, fkid, PRIMARY KEY(id, fkid))")?;
        let check = "SELECT rowid, fkid FROM temp.pragma_foreign_key_check(?1, 'main')";
        connection.execute(&format!("INSERT INTO {before} {check}"), [&table.name])?;
        let insert = format!("INSERT OR REPLACE INTO {rows} VALUES (?1, ?2, ?3, ?4)");
        Ok(Some(Self { rows, before, insert }))
    }

    /// Remembers a row.
    pub fn add(&self, connection: &Connection, rowid: &Value, place: Place) -> Result<()> {
        let Place { item, line, column } = place;
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let mut statement = connection.prepare_cached(&self.insert)?;
        statement.execute(params![rowid, number(item), number(line), number(column)])?;
        Ok(())
    }

    /// Leaves out the rows whose references lead nowhere now.
    pub fn leave_out(&self, connection: &Connection, table: &Table, left_out: &mut LeftOut) -> Result<()> {
        let (rows, before) = (&self.rows, &self.before);
        let mut statement = connection.prepare(&format!(
            "SELECT w.item, w.line, w.place, f.parent,
               (SELECT group_concat(l.\"from\", ', ') FROM temp.pragma_foreign_key_list(?1, 'main') AS l WHERE l.id = f.fkid)
             FROM temp.pragma_foreign_key_check(?1, 'main') AS f CROSS JOIN {rows} AS w ON w.id = f.rowid
             WHERE NOT EXISTS (SELECT 1 FROM {before} AS b WHERE b.id = f.rowid AND b.fkid = f.fkid)
             ORDER BY w.item"
        ))?;
        let mut found = statement.query([&table.name])?;
        while let Some(row) = found.next()? {
            let number = |at| Ok::<_, rusqlite::Error>(row.get::<_, i64>(at)?.unsigned_abs());
            let place = Place { item: number(0)?, line: number(1)?, column: number(2)? };
            let (parent, columns): (String, String) = (row.get(3)?, row.get(4)?);
            left_out.add(
                place,
                &format!(".{columns}"),
                format!("the row of {parent} that it refers to does not exist"),
            );
        }
        Ok(())
    }
}
