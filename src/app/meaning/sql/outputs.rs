//! What a select results in: for each column, the columns of tables that its values come from.

use super::conditions::Restriction;
use super::names::{alias, folded, name};
use super::reader::{COLUMNS, LEADS, Reader};
use super::scope::{Lead, Output, Outputs, Scope};
use sqlite3_parser::ast::{CompoundOperator, Expr, OneSelect, ResultColumn, Select};
use std::rc::Rc;

impl<'a> Reader<'a> {
    /// The result columns of a select at a place.
    pub fn outputs(&mut self, select: &'a Select<'a>, outer: &Rc<Scope<'a>>) -> Rc<Outputs> {
        let key = std::ptr::from_ref(select);
        if let Some(known) = self.known.get(&key) {
            return Rc::clone(known);
        }
        if !self.enter() {
            return Rc::default();
        }
        // A select that reads itself is a recursive one: its first part says what it results in.
        self.known.insert(key, Rc::default());
        let scope = Self::with(select.with.as_ref(), outer);
        let mut outputs = self.one(&select.body.select, &scope);
        self.known.insert(key, Rc::new(outputs.clone()));
        for compound in select.body.compounds.iter().flatten() {
            if !matches!(compound.operator, CompoundOperator::Except) {
                let more = self.one(&compound.select, &scope);
                merge(&mut outputs, more);
            }
        }
        let outputs = Rc::new(outputs);
        self.known.insert(key, Rc::clone(&outputs));
        self.leave();
        outputs
    }

    /// The scope inside of a select without its compounds.
    pub fn inside(&mut self, select: &'a OneSelect<'a>, outer: &Rc<Scope<'a>>) -> Rc<Scope<'a>> {
        match select {
            OneSelect::Select { columns, from, .. } => {
                let scope = self.from(from.as_ref(), outer);
                Rc::new(Scope { results: columns, ..scope })
            }
            OneSelect::Values(_) => Rc::clone(outer),
        }
    }

    /// The result columns of a select without its compounds.
    pub fn one(&mut self, select: &'a OneSelect<'a>, outer: &Rc<Scope<'a>>) -> Outputs {
        let scope = self.inside(select, outer);
        match select {
            OneSelect::Select { columns, .. } => {
                let restrictions = self.select_restrictions(select, &scope);
                let mut outputs = Outputs { columns: Vec::new(), is_complete: true };
                for column in *columns {
                    self.result(column, &scope, &restrictions, &mut outputs);
                }
                if outputs.columns.len() > COLUMNS { Outputs::default() } else { outputs }
            }
            OneSelect::Values(rows) => {
                let mut outputs = Outputs::default();
                for (at, row) in rows.iter().enumerate() {
                    let row = self.row(row, &scope);
                    if at == 0 { outputs = row } else { merge(&mut outputs, row) }
                }
                outputs
            }
        }
    }

    /// A row of `VALUES`.
    pub fn row(&mut self, row: &'a [Expr<'a>], scope: &Rc<Scope<'a>>) -> Outputs {
        let columns = row
            .iter()
            .enumerate()
            .map(|(at, value)| Output { name: format!("column{}", at + 1), leads: self.leads(value, scope) });
        Outputs { columns: columns.collect(), is_complete: true }
    }

    fn result(
        &mut self,
        column: &'a ResultColumn<'a>,
        scope: &Rc<Scope<'a>>,
        restrictions: &[Restriction],
        outputs: &mut Outputs,
    ) {
        let start = outputs.columns.len();
        match column {
            ResultColumn::Expr(value, other_name) => {
                let name = alias(other_name.as_ref(), &own_name(value).unwrap_or_default());
                outputs.columns.push(Output { name, leads: self.leads(value, scope) });
            }
            ResultColumn::Star => self.star(None, scope, outputs),
            ResultColumn::TableStar(table) => self.star(Some(&name(table)), scope, outputs),
        }
        for lead in outputs.columns[start..].iter_mut().flat_map(|output| &mut output.leads) {
            lead.restrict(restrictions);
        }
    }

    fn star(&mut self, of: Option<&str>, scope: &Rc<Scope<'a>>, outputs: &mut Outputs) {
        for source in scope.sources.iter().filter(|source| of.is_none_or(|name| source.alias == name)) {
            outputs.is_complete &= source.outputs.is_complete;
            self.count(source.outputs.columns.len());
            for output in &source.outputs.columns {
                let is_twice = of.is_none() && source.joined_by.contains(&output.name);
                if !is_twice && outputs.columns.len() <= COLUMNS {
                    let leads = source.through(&output.leads);
                    outputs.columns.push(Output { name: output.name.clone(), leads });
                }
            }
        }
    }
}

/// The name of a result column without an alias.
fn own_name(value: &Expr<'_>) -> Option<String> {
    match value {
        Expr::Id(column) => Some(folded(column.0)),
        Expr::Name(column) | Expr::Qualified(_, column) | Expr::DoublyQualified(_, _, column) => {
            Some(name(column))
        }
        Expr::Parenthesized(values) if values.len() == 1 => own_name(&values[0]),
        _ => None,
    }
}

/// Adds the rows of another part of a compound.
fn merge(outputs: &mut Outputs, more: Outputs) {
    if !outputs.is_complete || !more.is_complete || outputs.columns.len() != more.columns.len() {
        outputs.is_complete = false;
        return;
    }
    for (output, more) in outputs.columns.iter_mut().zip(more.columns) {
        add_leads(&mut output.leads, more.leads);
    }
}

/// Adds where a value can come from too.
pub fn add_leads(leads: &mut Vec<Lead>, more: Vec<Lead>) {
    for lead in more {
        let is_same = |known: &Lead| known.column == lead.column && known.conditions == lead.conditions;
        if leads.len() < LEADS && !leads.iter().any(is_same) {
            leads.push(lead);
        }
    }
}
