//! The names under which items came in before: found for all of them at once, since whether one is a row hangs on which rows
//! those are that it refers to, and these may refer to it.
//!
//! That an item is a row is first guessed of each whose name, or whose name with a number, a row has. Each guess is looked
//! at: what the item holds by itself the row must hold; and where it refers to another item that is not settled, a guess is
//! needed that this is what the row refers to, also through rows that are known by their content. Then all that needs what is
//! wrong is wrong too, until what is left is consistent. It grows with the items and what they refer to.

use super::alike::Alike;
use super::items::Wanted;
use super::outcome::Strategy;
use super::pass::{Pass, Read};
use super::state::State;
use anyhow::Result;

impl Pass<'_, '_> {
    /// Gives items the names under which they are there. Says whether there is one.
    pub(super) fn names_given_before(&self) -> Result<bool> {
        let items = &self.staged.items;
        items.forget_guesses()?;
        items.for_each_changing(|id| self.guess_names(id))?;
        if !items.has_names_guessed()? {
            return Ok(false);
        }
        let alike = Alike::new(self)?;
        let mut last = 0;
        while let Some((id, guess)) = items.guess_after(last)? {
            match alike.needs(&guess)? {
                Some(parts) => items.keep_needs(id, &parts)?,
                None => items.refute(id)?,
            }
            last = id;
        }
        items.settle_guesses()?;
        let is_one = items.take_guessed_names()?;
        items.forget_guesses()?;
        Ok(is_one)
    }

    /// Keeps which rows an item could be that comes in under another name where it differs.
    fn guess_names(&self, id: i64) -> Result<()> {
        let Some(read) = self.read(id)? else { return Ok(()) };
        if !self.is_to_be_named(&read)? {
            return Ok(());
        }
        let (items, section) = (&self.staged.items, read.item.section);
        if let State::Matched(handle) = items.state(id)? {
            items.guess(id, section, &handle, None)?;
        }
        let name = items.choice(id)?.and_then(|choice| choice.name);
        let keep = |renamed, handle| items.guess(id, section, &handle, Some(&renamed)).map(drop);
        self.writer.comparer.names_there(id, &self.original(&read)?, read.shape, name.as_deref(), keep)
    }

    /// Whether an item comes in under another name where it differs from the row that it is, and has none yet.
    pub(super) fn is_to_be_named(&self, read: &Read<'_>) -> Result<bool> {
        let items = &self.staged.items;
        let may_differ = match items.state(read.id)? {
            State::Matched(_) => !self.is_as_it_is(read)?,
            State::Several(_) | State::Taken => true,
            _ => false,
        };
        Ok(may_differ
            && !items.is_unchanged(read.id)?
            && read.item.wanted == Wanted::Yes
            && items.renamed(read.id)?.is_none()
            && items.rejection(read.id)?.is_none()
            && items.stays(read.id)?.is_none()
            && self.strategy(read)? == Strategy::Rename)
    }
}
