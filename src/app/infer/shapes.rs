//! From what is known of the tables to the shapes of items.

use super::references::Link;
use super::{Inference, Model, Owner, SectionModel};
use crate::app::catalog::TableInfo;
use crate::app::left_out::Why;
use crate::app::model::{Field, FieldType, Nested, Reference, Shape};
use crate::app::roles;
use crate::config::SectionConfig;
use crate::database::quote::{identifier, user_table};
use crate::database::schema::Column;
use crate::error::Fault;
use anyhow::Result;
use indexmap::IndexMap;

/// Letters of a text that a row can be called by.
const LONGEST_CAPTION: i64 = 80;

impl Inference<'_> {
    /// The whole model.
    pub(super) fn into_model(mut self) -> Result<Model> {
        let order = self.order();
        let mut model = Model {
            left_out: self.catalog.left_out.clone(),
            schema_version: self.schema_version()?,
            ..Model::default()
        };
        for table in order {
            let mut config = self.config(&table).cloned().unwrap_or_default();
            if self.is_session(&table) && config.include.is_none() {
                config.include = Some(false);
                model.left_out.insert(self.section_of(&table), Why::Session);
            }
            let shape = self.shape(&table, None)?;
            let mut condition = self.condition(&table);
            if self.is_denied(&table) {
                if config.include != Some(false) {
                    model.left_out.insert(self.section_of(&table), Why::Others);
                }
                config.include = Some(false);
                condition = Some("0".to_owned());
            }
            let owners = self.owners(&table);
            let filter = self.filter(&table);
            let section =
                SectionModel { shape, condition, filter, partial: false, config, owners, within: None };
            model.sections.insert(self.section_of(&table), section);
        }
        Self::number_referenced(&mut model);
        self.add_captions(&mut model)?;
        model.by_id = self.wanted.by_id;
        if model.by_id {
            self.finish_by_id(&mut model);
        }
        let is_unwanted = |model: &SectionModel| model.config.include == Some(false);
        for (name, section) in &model.sections {
            if is_unwanted(section) {
                model.left_out.entry(name.clone()).or_insert(Why::Configured);
            }
        }
        self.drop_unreachable(&mut model);
        self.tell_denied();
        model.meaning = std::mem::take(&mut self.meaning);
        model.secrets = self
            .catalog
            .tables
            .keys()
            .filter_map(|table| Some((table, self.secrets.get(table)?)))
            .flat_map(|(table, secrets)| secrets.places.iter().map(|place| (table.clone(), place.clone())))
            .collect();
        model.notes = std::mem::take(&mut self.notes);
        model.warnings = std::mem::take(&mut self.warnings);
        Ok(model)
    }

    /// The sections whose rows those of a table go with.
    fn owners(&self, table: &str) -> Vec<Owner> {
        let owner = |link: &Link| Owner {
            columns: link.columns.clone(),
            section: self.section_of(&link.parent),
            to: link.to.clone(),
        };
        self.links[table].iter().filter(|link| link.cascades).map(owner).collect()
    }

    /// The tables that are sections, what is referred to before what refers to it.
    fn order(&self) -> Vec<String> {
        fn visit(inference: &Inference<'_>, table: &str, done: &mut Vec<String>, open: &mut Vec<String>) {
            if done.iter().any(|name| name == table) || open.iter().any(|name| name == table) {
                return;
            }
            open.push(table.to_owned());
            for target in inference.targets(table) {
                if !inference.is_child(&target) {
                    visit(inference, &target, done, open);
                }
            }
            open.pop();
            done.push(table.to_owned());
        }
        let mut done = Vec::new();
        for table in self.catalog.tables.keys().filter(|table| !self.is_child(table)) {
            visit(self, table, &mut done, &mut Vec::new());
        }
        done
    }

    /// The tables that a table and its children refer to.
    fn targets(&self, table: &str) -> Vec<String> {
        let mut targets: Vec<String> = self.links[table].iter().map(|link| link.parent.clone()).collect();
        for (child, _) in self.children.get(table).into_iter().flatten() {
            targets.extend(self.targets(child));
        }
        targets.retain(|target| target != table);
        targets
    }

    /// The shape of a table's items, as a section or as children by a link.
    fn shape(&mut self, table: &str, parent: Option<&Link>) -> Result<Shape> {
        let info = self.info(table);
        let fields = self.fields(info, parent);
        let config = self.config(table).cloned();
        let config = config.as_ref();
        let mut shape = Shape { table: table.to_owned(), ..Shape::default() };
        (shape.columns, shape.references) = (fields.types, fields.references);
        self.count_lost(info, &mut shape)?;
        for column in &info.table.columns {
            self.sort_out(info, column, &fields.of_column, parent, &mut shape);
        }
        shape.composed = self.composed.get(table).cloned().unwrap_or_default();
        shape.singleton = config.and_then(|config| config.singleton).unwrap_or_else(|| info.is_singleton());
        let key = match parent {
            Some(link) => self.key_within(table, link),
            None => self.key_columns(table).unwrap_or_default().to_vec(),
        };
        for column in key {
            if let Some(field) = fields.of_column.get(&column)
                && !shape.key.contains(field)
            {
                shape.key.push(field.clone());
                if let Some(field_type) = shape.columns.get_mut(field) {
                    *field_type = field_type.in_key();
                }
            }
        }
        shape.rows = config.and_then(|config| config.condition.clone());
        shape.secret_rows = self.secrets.get(table).and_then(|secrets| secrets.rows.clone());
        name_roles(config, &mut shape);
        self.read_json(info, &mut shape)?;
        for (child, at) in self.children.get(table).cloned().unwrap_or_default() {
            let link = self.links[&child][at].clone();
            let nested = self.nested(&child, &link)?;
            self.add_child(&child, nested, &mut shape)?;
        }
        self.add_matches(info, config, &fields.of_column, &mut shape)?;
        Ok(shape)
    }

    /// Adds the other columns by which the configuration says that rows are known, of children that a row has one of too.
    fn add_matches(
        &self,
        info: &TableInfo,
        config: Option<&SectionConfig>,
        of_column: &IndexMap<String, String>,
        shape: &mut Shape,
    ) -> Result<()> {
        for columns in config.map(|config| config.matches.as_slice()).unwrap_or_default() {
            let mut fields = Vec::new();
            // Columns of the scope are the same in every row.
            for name in columns.iter().filter(|column| !self.is_scope(&info.table.name, column)) {
                let own = info.table.column(name).map(|column| of_column.get(&column.name).cloned());
                let field = own.unwrap_or_else(|| shape.path_below(name));
                if field.is_none() && name.contains('.') {
                    let message = format!(
                        "match: {name} is no column of a child that a row of {} has one of",
                        info.table.name
                    );
                    return Err(Fault::usage(message)
                        .hint("nest.CHILD makes a table that refers to it a child")
                        .into());
                }
                fields.push(field);
            }
            shape.matches.extend(fields.into_iter().collect::<Option<Vec<_>>>());
        }
        Ok(())
    }

    /// Counts the rows whose reference dangles: such a field holds either a key or the row id that nothing has.
    fn count_lost(&self, info: &TableInfo, shape: &mut Shape) -> Result<()> {
        let table = &info.table.name;
        let single = |reference: &Reference| reference.plain || reference.columns.len() == 1;
        for (field, reference) in shape.references.iter_mut().filter(|(_, reference)| single(reference)) {
            let link = self.links[table].iter().find(|link| link.has(&reference.columns[0]));
            let Some(link) = link else { continue };
            let filter = self.condition(table).unwrap_or_else(|| "1".to_owned());
            let column = format!("{}.{} IS NOT NULL", user_table(table), identifier(&reference.columns[0]));
            let sql = format!("SELECT count(*) {} AND {column}", self.lost(info, link, &filter)?);
            let lost: i64 = self.connection.query_row(&sql, [], |row| row.get(0))?;
            reference.lost = lost.unsigned_abs();
            if lost > 0 && !reference.plain {
                shape.columns.insert(field.clone(), FieldType::Json);
            }
        }
        Ok(())
    }

    /// Says of a column that is in no field why it is not.
    fn sort_out(
        &self,
        info: &TableInfo,
        column: &Column,
        fields: &IndexMap<String, String>,
        parent: Option<&Link>,
        shape: &mut Shape,
    ) {
        let table = &info.table.name;
        let name = &column.name;
        let is_parent = parent.is_some_and(|link| link.has(name));
        let is_composed = self.composed.get(table).is_some_and(|composed| composed.contains_key(name));
        if fields.contains_key(name) || is_parent || is_composed || column.generated.is_some() {
            return;
        }
        let refetch = self.config(table).filter(|_| !self.wanted.refetch);
        let refetch = refetch.map(|config| config.refetch.as_slice()).unwrap_or_default();
        if self.is_scope(table, name) {
            shape.scope = Some(name.clone());
        } else if self.is_secret(table, name) {
            shape.secret.push(name.clone());
        } else if refetch.iter().any(|refetch| refetch.eq_ignore_ascii_case(name)) {
            shape.refetch.push(name.clone());
        } else {
            shape.omitted.push(name.clone());
        }
    }

    fn nested(&mut self, child: &str, link: &Link) -> Result<Nested> {
        let one = self.info(child).is_unique_in(&link.columns);
        let mut shape = self.shape(child, Some(link))?;
        if one {
            shape.key.clear();
        }
        let (parent, to) = (link.columns.clone(), link.to.clone());
        let ordered = !one && self.config(child).is_some_and(|config| config.ordered);
        let (flattened, condition) = (IndexMap::new(), self.condition(child));
        Ok(Nested { parent, to, one, ordered, flattened, condition, shape })
    }

    /// Adds children to the shape of their parent: a field of their own, or their fields among its own.
    fn add_child(&self, child: &str, mut nested: Nested, shape: &mut Shape) -> Result<()> {
        let config = self.config(child);
        let mut name = self
            .config(&shape.table)
            .and_then(|parent| {
                let is_own = |(name, config): &(&String, &SectionConfig)| {
                    config.table.as_deref().unwrap_or(name).eq_ignore_ascii_case(child)
                };
                parent.nest.iter().find(is_own).map(|(name, _)| name.clone())
            })
            .unwrap_or_else(|| child.to_owned());
        if config.is_some_and(|config| config.flatten) {
            if !nested.one || !nested.shape.nested.is_empty() {
                return Err(Fault::usage(format!(
                    "{child} cannot be flattened into {}: a parent may have several, or it has children itself",
                    shape.table
                ))
                .into());
            }
            for (field, field_type) in nested.shape.columns.clone() {
                let own = if shape.columns.contains_key(&field) {
                    format!("{name}_{field}")
                } else {
                    field.clone()
                };
                shape.columns.insert(own.clone(), field_type);
                nested.flattened.insert(own, field);
            }
        } else {
            while shape.columns.contains_key(&name) {
                name.push_str("_items");
            }
            shape.columns.insert(name.clone(), FieldType::Json);
        }
        shape.nested.insert(name, nested);
        Ok(())
    }

    /// Says of sections without a key whether others refer to their items.
    fn number_referenced(model: &mut Model) {
        let mut referenced = Vec::new();
        for section in model.sections.values() {
            section.shape.collect_numbered(&mut referenced);
        }
        for name in referenced {
            if let Some(section) = model.sections.get_mut(&name) {
                section.shape.ids = section.shape.key.is_empty() && !section.shape.singleton;
            }
        }
    }

    /// Says by what items are called that are known by number and have no label: the first column of short texts.
    fn add_captions(&self, model: &mut Model) -> Result<()> {
        for section in model.sections.values_mut() {
            let shape = &mut section.shape;
            if !shape.ids || !shape.label.is_empty() || self.wanted.by_id {
                continue;
            }
            let personal = &section.config.personal;
            let may_be = |name: &&String| {
                shape.columns[*name] == FieldType::Text
                    && matches!(shape.field(name), Field::Column(_))
                    && !roles::is_time(name)
                    && !personal.iter().any(|own| own.eq_ignore_ascii_case(name))
            };
            for name in shape.columns.keys().filter(may_be) {
                if self.has_short_texts(&shape.table, name)? {
                    shape.caption = vec![name.clone()];
                    break;
                }
            }
        }
        Ok(())
    }

    /// Whether a column holds texts, and none that is too long to call a row by.
    fn has_short_texts(&self, table: &str, column: &str) -> Result<bool> {
        let column = identifier(column);
        let sql = format!("SELECT max(length({column})) FROM {}", user_table(table));
        let longest: Option<i64> = self.connection.query_row(&sql, [], |row| row.get(0))?;
        Ok(longest.is_some_and(|longest| (1..=LONGEST_CAPTION).contains(&longest)))
    }

    /// Drops fields that refer to items which no document will have and which have no key.
    fn drop_unreachable(&mut self, model: &mut Model) {
        let unreachable: Vec<String> = model
            .sections
            .iter()
            .filter(|(_, section)| section.config.include == Some(false) && section.shape.key.is_empty())
            .map(|(name, _)| name.clone())
            .collect();
        for section in model.sections.values_mut() {
            let mut warnings = Vec::new();
            drop_references(&mut section.shape, &unreachable, &mut warnings);
            if section.config.include != Some(false) {
                self.warnings.extend(warnings);
            }
        }
    }
}

fn drop_references(shape: &mut Shape, unreachable: &[String], warnings: &mut Vec<String>) {
    let lost: Vec<String> = shape
        .references
        .iter()
        .filter(|(_, reference)| !reference.plain && unreachable.contains(&reference.section))
        .map(|(field, _)| field.clone())
        .collect();
    for field in lost {
        shape.columns.shift_remove(&field);
        if let Some(reference) = shape.references.shift_remove(&field) {
            warnings.push(format!(
                "{}.{} is left out: {} is not exported, and its rows have no key",
                shape.table,
                reference.columns.join("+"),
                reference.section
            ));
            shape.omitted.extend(reference.columns);
        }
    }
    for nested in shape.nested.values_mut() {
        drop_references(&mut nested.shape, unreachable, warnings);
    }
}

/// Says which fields an import asks for: what an item is called by, when it was changed, and what may be changed so that
/// it comes in beside another.
fn name_roles(config: Option<&SectionConfig>, shape: &mut Shape) {
    let plain = |name: &&str| matches!(shape.field(name), Field::Column(_));
    let columns: Vec<&str> = shape.columns.keys().map(String::as_str).filter(plain).collect();
    let own = |name: Option<&String>| {
        let name = name?;
        columns.iter().find(|column| column.eq_ignore_ascii_case(name)).copied()
    };
    let said = config.map(|config| config.label.as_slice()).unwrap_or_default();
    let said: Option<Vec<&str>> = said.iter().map(|name| own(Some(name))).collect();
    let usual = || roles::label(&columns, &shape.table).into_iter().collect();
    let label = said.filter(|said| !said.is_empty()).unwrap_or_else(usual);
    let label = label.into_iter().map(str::to_owned).collect();
    let updated_at = own(config.and_then(|config| config.updated_at.as_ref()));
    let updated_at = updated_at.or_else(|| roles::updated(&columns)).map(str::to_owned);
    let rename = own(config.and_then(|config| config.rename.as_ref())).map(str::to_owned);
    (shape.label, shape.updated_at, shape.rename) = (label, updated_at, rename);
}
