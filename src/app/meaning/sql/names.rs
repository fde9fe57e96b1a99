//! Names and texts as SQL writes them, quoted or not.

use sqlite3_parser::ast::{As, Name, QualifiedName};

/// The name without its quotes.
pub fn unquoted(text: &str) -> String {
    let Some(quote) = text.chars().next().filter(|quote| "\"'`[".contains(*quote)) else {
        return text.to_owned();
    };
    let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
    if quote == '[' {
        inner.to_owned()
    } else {
        inner.replace(&format!("{quote}{quote}"), &quote.to_string())
    }
}

/// The name as SQLite compares names: without quotes, ASCII letters in lower case.
pub fn folded(text: &str) -> String {
    unquoted(text).to_ascii_lowercase()
}

/// A name of the syntax tree, folded.
pub fn name(name: &Name<'_>) -> String {
    folded(name.0)
}

/// The name that a source goes by: its alias, or its own name.
pub fn alias(alias: Option<&As<'_>>, own: &str) -> String {
    match alias {
        Some(As::As(alias) | As::Elided(alias)) => name(alias),
        None => own.to_owned(),
    }
}

/// The table's name, unless it is one of another database.
pub fn main_table(table: &QualifiedName<'_>) -> Option<String> {
    let is_main = table.db_name.as_ref().is_none_or(|database| name(database) == "main");
    is_main.then(|| name(&table.name))
}
