//! What becomes of a child that clashes: what its item's strategy says, or somebody who is asked.

use super::Child;
use super::append::Placed;
use super::holder::{Holder, Shared};
use super::kept::{Settled, for_all};
use crate::import::condensed::OnError;
use crate::import::condensed::compare::Take;
use crate::import::condensed::outcome::{Fate, Strategy};
use crate::import::condensed::park::Deferred;
use crate::import::condensed::pass::{Pass, Read};
use crate::import::condensed::question::Difference;
use crate::import::condensed::refused::Refused;
use crate::import::condensed::settle::changed;
use anyhow::Result;
use serde_json::Value as Json;
use std::collections::HashSet;

/// Names that children were given: the table, the column, and the name in small letters.
pub(super) type Names = HashSet<[String; 3]>;

/// A child that clashes, and what with.
pub(super) struct Clash<'c, 'i, 'm> {
    pub read: &'c Read<'m>,
    pub deferred: &'c Deferred,
    pub child: Child<'i, 'm>,
    pub shared: Shared,
    pub holder: Holder,
    /// Its number.
    pub id: i64,
    pub why: String,
    pub differences: Vec<Difference>,
}

impl Pass<'_, '_> {
    /// Settles what becomes of children that could not be written although all else was. Then all is written again.
    pub(in crate::import::condensed) fn settle_clashes(&mut self, failed: &[Deferred]) -> Result<()> {
        let items = &self.staged.items;
        // First it has to be known which rows are children in the document.
        let is_new = failed.iter().filter(|late| items.watch_table(&late.table)).count() > 0;
        if is_new {
            self.again = true;
            return Ok(());
        }
        let mut names = HashSet::new();
        let mut placed = HashSet::new();
        for late in failed {
            if !placed.contains(&(late.item, late.path.clone())) {
                self.settle_clash(late, failed, &mut names, &mut placed)?;
            }
        }
        Ok(())
    }

    fn settle_clash(
        &mut self,
        late: &Deferred,
        failed: &[Deferred],
        names: &mut Names,
        placed: &mut HashSet<(i64, super::Path)>,
    ) -> Result<()> {
        let Some(read) = self.read(late.item)? else { return Ok(()) };
        let Some(clash) = self.clash(&read, late, failed)? else { return self.refuse_child(&read, late, "") };
        let Some(clash) = clash.known() else {
            return self.refuse_child(&read, late, ", which is in the document too");
        };
        let (strategy, is_by_item) = self.strategy_of_child(&clash)?;
        if let Some(seen) = self.staged.items.choice(clash.id)?.and_then(|choice| choice.seen)
            && seen != self.digest_of_holder(&clash)?
        {
            return Err(changed().into());
        }
        let free = |pass: &Self, names: &mut Names| pass.other_name(&clash, names);
        match strategy {
            Strategy::Skip => self.leave_out(&clash, None),
            Strategy::Fail => self.clash_is_open(&clash, Fate::Conflict, names),
            Strategy::Prompt => self.clash_is_open(&clash, Fate::Open, names),
            _ if clash.shared.place.is_some() => self.append(&clash, failed, placed),
            Strategy::Rename => match free(self, names)? {
                Some(named) => self.name_child(&clash, &named),
                None if self.takes_back_name(&clash)? => self.clash_is_open(&clash, Fate::Open, names),
                None if is_by_item => self.clash_is_open(&clash, Fate::Open, names),
                None => {
                    let why = format!("{}, and no text in it could be another", clash.why);
                    self.refuse_clash(&clash, &why)
                }
            },
            Strategy::Overwrite | Strategy::Merge | Strategy::Newer if self.may_take(&clash)? => {
                self.take(&clash, strategy)
            }
            Strategy::Overwrite | Strategy::Merge | Strategy::Newer => {
                let why = format!("{}: it can only be skipped or renamed", clash.why);
                if self.options.told.on_error == OnError::Skip {
                    return self.refuse_clash(&clash, &why);
                }
                let clash = Clash { why, ..clash };
                self.clash_is_open(&clash, Fate::Conflict, names)
            }
        }
    }

    /// A child that clashes; with what, unless that is in the document too. Nothing where nothing is in its way.
    fn clash<'c, 'i, 'm>(
        &self,
        read: &'c Read<'m>,
        late: &'c Deferred,
        failed: &[Deferred],
    ) -> Result<Option<Found<'c, 'i, 'm>>>
    where
        'c: 'i,
    {
        let Some(child) = Child::at(read.shape, &read.incoming, &late.path) else { return Ok(None) };
        let Some(handle) = self.holder_of(late)? else { return Ok(None) };
        // One that could not be changed either is not what the document says.
        let is_member = self.staged.items.is_member(&late.table, &handle)?;
        if is_member && !failed.iter().any(|other| other.is_update_of(&late.table, &handle)) {
            return Ok(Some(Found::InDocument));
        }
        let table = self.decider.resolver.target.table(&late.table)?;
        let shared = Shared::of(&late.why, &child, |name| table.affinity(name));
        let holder = self.know_holder(read, &child, handle)?;
        let (words, name) = (shared.words(child.nested()), &holder.name);
        let those = if words.ends_with(" are") { "those" } else { "that" };
        let why = format!("{words} {those} of {name}");
        let id = self.staged.items.clash_number(late.item, &late.path)?;
        let differences = self.differences(read, &child, &holder)?;
        Ok(Some(Found::There(Box::new(Clash {
            read,
            deferred: late,
            child,
            shared,
            holder,
            id,
            why,
            differences,
        }))))
    }

    /// What a child and the row that it clashes with differ in.
    fn differences(
        &self,
        read: &Read<'_>,
        child: &Child<'_, '_>,
        holder: &Holder,
    ) -> Result<Vec<Difference>> {
        let comparer = &self.writer.comparer;
        let nested = child.nested();
        let none = crate::import::condensed::resolve::Row::new();
        let compared = comparer
            .apart(|| comparer.compare(&nested.shape, child.incoming, &none, &holder.handle, Take::All))?;
        let owner = Difference {
            field: read.name.to_owned(),
            there: Some(Json::from(holder.name.as_str())),
            incoming: Some(Json::from(format!("{} {:?}", read.name, self.label(read)?))),
        };
        let own = compared.map(|change| change.differences).unwrap_or_default();
        Ok(std::iter::once(owner).chain(own).collect())
    }

    /// What is to be done with a child, and whether that is so only since its item is a copy.
    fn strategy_of_child(&self, clash: &Clash<'_, '_, '_>) -> Result<(Strategy, bool)> {
        let items = &self.staged.items;
        if let Some(choice) = items.choice(clash.id)? {
            return Ok((choice.strategy, false));
        }
        let section = for_all(clash.read.item.section);
        let field = clash.deferred.path.first().map_or("", |(field, _)| field.as_str());
        if let Some(strategy) = items.child_choice(clash.read.id, &clash.child.name)? {
            return Ok((strategy, false));
        }
        if let Some(strategy) = items.child_choice(section, field)? {
            return Ok((strategy, false));
        }
        let strategy = self.options.told.strategies.of(clash.read.name);
        if self.is_renamed(clash.read)? && strategy != Strategy::Rename {
            return Ok((Strategy::Rename, strategy == Strategy::Prompt));
        }
        Ok((strategy, false))
    }

    fn digest_of_holder(&self, clash: &Clash<'_, '_, '_>) -> Result<String> {
        self.writer.comparer.digest_of(&clash.child.nested().shape, &clash.holder.handle)
    }

    /// Whether a child may take the row that it clashes with: it is no row yet.
    fn may_take(&self, clash: &Clash<'_, '_, '_>) -> Result<bool> {
        let is_member = self.staged.items.is_member(&clash.deferred.table, &clash.holder.handle)?;
        Ok(clash.deferred.is_insert()
            && !is_member
            && self.may_move(clash.read, &clash.child, &clash.holder)?)
    }

    fn leave_out(&mut self, clash: &Clash<'_, '_, '_>, besides: Option<&str>) -> Result<()> {
        self.staged.items.settle(clash.read.id, &clash.deferred.path, &Settled::LeftOut)?;
        let why = besides.map_or_else(|| clash.why.clone(), |besides| format!("{}; {besides}", clash.why));
        self.put_clash(clash, Fate::Skipped, &why, None, &[])?;
        self.again = true;
        Ok(())
    }

    /// The row that a child clashes with becomes the child's.
    fn take(&mut self, clash: &Clash<'_, '_, '_>, strategy: Strategy) -> Result<()> {
        if strategy == Strategy::Newer {
            match self.is_child_newer(clash)? {
                Some(true) => {}
                Some(false) => return self.leave_out(clash, Some("what is there is not older")),
                None => return self.leave_out(clash, Some("nothing says which is newer")),
            }
        }
        let take = if strategy == Strategy::Merge { Take::NotNull } else { Take::All };
        let settled = Settled::Takes(clash.holder.handle.clone(), take);
        self.staged.items.settle(clash.read.id, &clash.deferred.path, &settled)?;
        let fate = if strategy == Strategy::Merge { Fate::Merged } else { Fate::Moved };
        self.put_clash(clash, fate, &clash.why, None, &[])?;
        self.again = true;
        Ok(())
    }

    /// Whether a child was changed later than what it clashes with; else its item than the other.
    fn is_child_newer(&self, clash: &Clash<'_, '_, '_>) -> Result<Option<bool>> {
        let comparer = &self.writer.comparer;
        let shape = &clash.child.nested().shape;
        if shape.updated_at.is_some() {
            return comparer.is_newer(shape, clash.child.incoming, &clash.holder.handle);
        }
        match clash.holder.above.as_ref().and_then(|above| above.first()) {
            Some(top) => comparer.is_newer(clash.read.shape, &clash.read.incoming, top),
            None => Ok(None),
        }
    }

    /// All children that have places in common with this one get theirs.
    fn append(
        &mut self,
        clash: &Clash<'_, '_, '_>,
        failed: &[Deferred],
        placed: &mut HashSet<(i64, super::Path)>,
    ) -> Result<()> {
        let Some(place) = clash.shared.place.clone() else { return Ok(()) };
        let columns: Vec<String> =
            clash.shared.columns.iter().filter(|name| **name != place).cloned().collect();
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        let table = &clash.deferred.table;
        let target = self.decider.resolver.target;
        let group = target.load(table, &names, &clash.holder.handle)?.unwrap_or_default();
        let all = self.places_of(table, [&columns, std::slice::from_ref(&place)], &group, failed)?;
        for (member, at) in all {
            self.set_in_child(member.item, &member.path, &place, Json::from(at))?;
            self.place_is_told(clash, (member, at), placed)?;
        }
        self.again = true;
        Ok(())
    }

    /// Keeps what place a child got.
    fn place_is_told(
        &mut self,
        clash: &Clash<'_, '_, '_>,
        (member, at): Placed,
        placed: &mut HashSet<(i64, super::Path)>,
    ) -> Result<()> {
        let is_it = member.item == clash.read.id && member.path == clash.deferred.path;
        placed.insert((member.item, member.path.clone()));
        // What is there keeps its place.
        if !member.is_new {
            return Ok(());
        }
        let Some(read) = self.read(member.item)? else { return Ok(()) };
        let Some(child) = Child::at(read.shape, &read.incoming, &member.path) else { return Ok(()) };
        let id = self.staged.items.clash_number(member.item, &member.path)?;
        let words = clash.shared.place.as_deref().unwrap_or_default();
        let why = if is_it {
            format!("{}: it gets {words} {at}", clash.why)
        } else {
            format!("it gets {words} {at}")
        };
        self.put_line_of(&read, &child.name, id, Fate::Placed, (&why, None, &[]))
    }

    /// Keeps that nobody said what becomes of a child.
    fn clash_is_open(&mut self, clash: &Clash<'_, '_, '_>, fate: Fate, names: &mut Names) -> Result<()> {
        let mut choices = Vec::new();
        if clash.shared.place.is_some() {
            choices.push(Strategy::Merge);
        } else if self.may_take(clash)? {
            choices.extend([Strategy::Overwrite, Strategy::Merge]);
        }
        let name = if clash.shared.place.is_none() { self.other_name(clash, names)? } else { None };
        if name.is_some() {
            choices.push(Strategy::Rename);
        }
        let name = name.map(|[_, name]| name);
        self.put_clash(clash, fate, &clash.why, name.as_deref(), &choices)?;
        if fate == Fate::Open {
            self.outcome.open += 1;
            self.staged.items.see(clash.id, &self.digest_of_holder(clash)?)?;
        } else {
            self.outcome.conflicts.add(self.problem_of(clash, &clash.why)?);
            self.outcome.clashes += 1;
        }
        Ok(())
    }

    /// An item that does not come in because of a child.
    fn refuse_clash(&mut self, clash: &Clash<'_, '_, '_>, why: &str) -> Result<()> {
        self.put_clash(clash, Fate::Rejected, why, None, &[])?;
        self.refuse(clash.read, &Refused::new(&clash.child.place, why))?;
        self.again |= self.options.told.on_error == OnError::Skip;
        Ok(())
    }

    /// The same, where nothing can be settled.
    fn refuse_child(&mut self, read: &Read<'_>, late: &Deferred, besides: &str) -> Result<()> {
        let place =
            Child::at(read.shape, &read.incoming, &late.path).map(|child| child.place).unwrap_or_default();
        let besides = format!("{besides}{}", self.of_trigger(late)?);
        let why = format!("it shares what must be unique with another row{besides}: {}", late.why);
        self.refuse(read, &Refused::new(&place, why))?;
        // What else was written of it is there already.
        self.again |= self.options.told.on_error == OnError::Skip;
        Ok(())
    }
}

/// What a child clashes with.
enum Found<'c, 'i, 'm> {
    /// Another one of the document.
    InDocument,
    /// A row that is there.
    There(Box<Clash<'c, 'i, 'm>>),
}

impl<'c, 'i, 'm> Found<'c, 'i, 'm> {
    fn known(self) -> Option<Clash<'c, 'i, 'm>> {
        match self {
            Self::InDocument => None,
            Self::There(clash) => Some(*clash),
        }
    }
}
