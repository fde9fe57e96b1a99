//! The views and triggers of a schema, parsed.

use super::names::{folded, unquoted};
use crate::database::schema::{Object, ObjectKind};
use sqlite3_parser::ast::{Cmd, Expr, Select, Stmt, TriggerCmd, TriggerEvent};
use sqlite3_parser::lexer::sql::Parser;
use sqlite3_parser::{Bump, FallibleIterator};

/// A view.
pub struct View<'a> {
    pub name: String,
    /// The names of its columns where it lists them, folded.
    pub columns: Option<Vec<String>>,
    pub select: &'a Select<'a>,
}

/// A trigger.
pub struct Trigger<'a> {
    pub name: String,
    /// The table or view that it watches, folded.
    pub table: String,
    pub event: &'a TriggerEvent<'a>,
    pub when: Option<&'a Expr<'a>>,
    pub commands: &'a [TriggerCmd<'a>],
}

/// All of a schema that parse.
#[derive(Default)]
pub struct Definitions<'a> {
    pub views: Vec<View<'a>>,
    pub triggers: Vec<Trigger<'a>>,
}

impl<'a> Definitions<'a> {
    /// Parses the views and triggers; the trees live in `bump`.
    pub fn parse(objects: &'a [Object], bump: &'a Bump) -> Self {
        let mut definitions = Self::default();
        for object in objects {
            if matches!(object.kind, ObjectKind::View | ObjectKind::Trigger)
                && let Ok(Some(Cmd::Stmt(statement))) = Parser::new(bump, object.sql.as_bytes()).next()
            {
                definitions.add(bump.alloc(statement));
            }
        }
        definitions
    }

    fn add(&mut self, statement: &'a Stmt<'a>) {
        match statement {
            Stmt::CreateView { view_name, columns, select, .. } => self.views.push(View {
                name: unquoted(view_name.name.0),
                columns: columns
                    .map(|columns| columns.iter().map(|column| folded(column.col_name.0)).collect()),
                select,
            }),
            Stmt::CreateTrigger { trigger_name, event, tbl_name, when_clause, commands, .. } => {
                self.triggers.push(Trigger {
                    name: unquoted(trigger_name.name.0),
                    table: folded(tbl_name.name.0),
                    event,
                    when: when_clause.as_ref(),
                    commands,
                });
            }
            _ => {}
        }
    }
}
