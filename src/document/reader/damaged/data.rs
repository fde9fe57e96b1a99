//! The data of a document of one JSON object that may be damaged.

use super::super::json::ItemSeed;
use super::super::row::RowShape;
use super::super::tap::Tap;
use super::super::{Parts, State};
use super::scan::{End, Scanner};
use super::{NO_OBJECT, NOT_APART, read_item, tell_cut, why};
use crate::document::envelope::Summary;
use crate::stream::Digest;
use anyhow::Result;
use std::io::Read;

/// Reads the value of `data`, whose first byte that is no white space was taken.
pub fn object<R: Read>(tap: &mut Tap<R>, state: &mut State<'_>) -> Result<Parts> {
    let metadata = state.metadata.clone().expect("the metadata come first");
    let scanner = Scanner::new(tap, state.tapped.clone(), state.name);
    scanner.tapped.end_row();
    let mut data = Data {
        scanner,
        state,
        digest: None,
        has_end: false,
        stray: None,
        item_margin: None,
        section: None,
        incomplete: false,
    };
    let is_whole = data.read()?;
    let summary = if is_whole { data.summary()? } else { None };
    Ok(Parts { metadata, digest: data.digest, summary, incomplete: data.incomplete })
}

struct Data<'a, 'b, R> {
    scanner: Scanner<'a, R>,
    state: &'a mut State<'b>,
    /// The digest of the data, once they seem to end; nothing in it where more came.
    digest: Option<Digest>,
    /// Whether the data seemed to end.
    has_end: bool,
    /// The white space before an item that begins a line.
    item_margin: Option<usize>,
    /// The section that was read last.
    section: Option<Section>,
    /// Where a stretch begins that belongs to no section, and the line of its end.
    stray: Option<((u64, u64), u64)>,
    incomplete: bool,
}

/// A section whose items are read.
struct Section {
    name: String,
    /// The shape of its items, where they are wanted.
    shape: Option<RowShape>,
    items: u64,
    /// Whether the last item could not be read, so that what follows may be a part of it.
    is_suspect: bool,
    /// The white space before its name, where that begins a line.
    margin: Option<usize>,
    /// Whether its list was closed elsewhere than below its name.
    is_closed_within: bool,
}

/// What comes next.
enum Next {
    /// Something within the data.
    Any,
    /// The items of a section, with that white space before its name.
    Section(String, Option<usize>),
    /// More items of the section before, whose list seemed to be closed.
    More,
    /// The summary.
    Summary,
    /// Nothing: the document was cut.
    Nothing,
}

impl<R: Read> Data<'_, '_, R> {
    /// Reads all sections. Says whether the data came to its end.
    fn read(&mut self) -> Result<bool> {
        if self.scanner.tapped.last() != b'{' {
            // It may be there all the same.
            self.incomplete = true;
            self.scanner.pass(b"{\n")?;
            self.scanner.next()?;
        }
        let mut next = Next::Any;
        loop {
            next = match next {
                Next::Any => self.next()?,
                Next::Section(name, margin) => {
                    self.begin(name, margin)?;
                    self.items()?
                }
                Next::More => self.items()?,
                Next::Summary => return Ok(true),
                Next::Nothing => {
                    self.incomplete = true;
                    tell_cut(&self.scanner, self.state)?;
                    return Ok(false);
                }
            };
        }
    }

    /// Finds the next section, or the summary. What is neither is passed over.
    fn next(&mut self) -> Result<Next> {
        let next = loop {
            let Some(byte) = self.scanner.significant(b",")? else { break Next::Nothing };
            let place = self.scanner.tapped.place();
            match byte {
                b'}' => {
                    let digest = self.scanner.tapped.end_digest();
                    // What ends twice is damaged.
                    self.digest = digest.filter(|_| !self.has_end);
                    self.has_end = true;
                    continue;
                }
                b'"' => {
                    if let Some(next) = self.name()? {
                        break next;
                    }
                }
                b'{' if self.has_more() => {
                    self.scanner.give_back(byte);
                    break Next::More;
                }
                // One too many.
                b'{' | b'[' | b']' => continue,
                _ => {}
            }
            self.scanner.pass(b"\n")?;
            let (line, _) = self.scanner.tapped.place();
            self.stray = Some((self.stray.map_or(place, |(from, _)| from), line));
        };
        if let Some((from, to)) = self.stray.take() {
            self.incomplete = true;
            let what = if from.0 < to { format!("lines {} to {to}", from.0) } else { "this line".to_owned() };
            let verb = if from.0 < to { "are" } else { "is" };
            self.state.lose("document", from, format!("{what} {verb} lost: no section is named before"))?;
        }
        Ok(next)
    }

    /// What begins with a name whose first quote was taken: a section, or the summary; nothing where it is neither.
    fn name(&mut self) -> Result<Option<Next>> {
        let margin = self.scanner.margin();
        let Some(name) = self.scanner.string()? else { return Ok(None) };
        let metadata = self.state.metadata.as_ref().expect("the metadata come first");
        let is_new = metadata.sections.contains_key(&name) && !self.state.items.contains_key(&name);
        // Further in it is a field of an item.
        let is_beside = !matches!((margin, self.item_margin), (Some(own), Some(item)) if own >= item);
        let (next, brace) = match name.as_str() {
            _ if is_new && is_beside => (Next::Section(name, margin), b'['),
            "summary" => (Next::Summary, b'{'),
            _ => return Ok(None),
        };
        for wanted in [b':', brace] {
            match self.scanner.significant(&[])? {
                Some(byte) if byte == wanted => {}
                Some(byte) => {
                    self.scanner.give_back(byte);
                    return Ok(None);
                }
                None => return Ok(None),
            }
        }
        Ok(Some(next))
    }

    /// Begins to read a section.
    fn begin(&mut self, name: String, margin: Option<usize>) -> Result<()> {
        let columns = self.state.sink.section(&name)?;
        let shape = columns.map(|columns| self.state.shape(&name, &columns));
        // It is known from here on, so that nothing else is taken for it.
        self.state.items.insert(name.clone(), 0);
        self.section =
            Some(Section { name, shape, items: 0, is_suspect: false, margin, is_closed_within: false });
        Ok(())
    }

    /// Whether the brace that was taken begins another item of the section before, which was not closed where lists are.
    fn has_more(&self) -> bool {
        let is_open = self.section.as_ref().is_some_and(|section| section.is_closed_within);
        let is_within = self.section.as_ref().is_some_and(|section| section.is_suspect);
        let is_item = if self.scanner.margin().is_none() { !is_within } else { self.is_item() };
        is_open && self.stray.is_none() && is_item
    }

    /// Whether a brace that was taken stands where items begin, as far as anybody knows.
    fn is_item(&self) -> bool {
        self.item_margin.is_none_or(|known| self.scanner.margin() == Some(known))
    }

    /// Reads the items of the section.
    fn items(&mut self) -> Result<Next> {
        let Some(mut section) = self.section.take() else { return Ok(Next::Any) };
        let next = self.items_of(&mut section);
        self.state.items.insert(section.name.clone(), section.items);
        self.section = Some(section);
        next
    }

    fn items_of(&mut self, section: &mut Section) -> Result<Next> {
        let mut text = Vec::new();
        loop {
            let Some(byte) = self.scanner.significant(b",")? else { return Ok(Next::Nothing) };
            let (place, margin) = (self.scanner.tapped.place(), self.scanner.margin());
            let end = match byte {
                b']' if !self.is_before_name()? => {
                    section.is_closed_within = section.margin.is_some() && margin != section.margin;
                    return Ok(Next::Any);
                }
                b'{' if section.is_suspect && margin.is_some() && !self.is_item() => {
                    // It may be within the item before.
                    self.incomplete = true;
                    self.scanner.pass(b"\n")?;
                    continue;
                }
                b'{' => self.item(section, &mut text)?,
                b'"' => {
                    if let Some(next) = self.name()? {
                        self.incomplete = true;
                        return Ok(next);
                    }
                    // An item without its first brace.
                    let end = self.scanner.item(margin.or(self.item_margin), &mut Vec::new())?;
                    self.refuse(section, place, NO_OBJECT.to_owned())?;
                    end
                }
                // One too many.
                b'}' => continue,
                _ => {
                    self.scanner.pass(b"{\",]\n")?;
                    if !self.scanner.is_before(b",]\n")? {
                        continue;
                    }
                    self.refuse(section, place, NO_OBJECT.to_owned())?;
                    End::Closed
                }
            };
            section.items += 1;
            if end == End::Cut {
                return Ok(Next::Nothing);
            }
        }
    }

    /// Whether a name follows on the same line: a bracket before it closes no list.
    fn is_before_name(&mut self) -> Result<bool> {
        let Some(byte) = self.scanner.significant(&[])? else { return Ok(false) };
        self.scanner.give_back(byte);
        Ok(byte == b'"' && self.scanner.margin().is_none())
    }

    /// Tells that an item cannot be read, if it is wanted.
    fn refuse(&mut self, section: &mut Section, place: (u64, u64), why: String) -> Result<()> {
        section.is_suspect = true;
        self.state.refuse_item((&section.name, section.items), section.shape.is_some(), place, why)
    }

    /// Reads an item whose first brace was taken.
    fn item(&mut self, section: &mut Section, text: &mut Vec<u8>) -> Result<End> {
        text.clear();
        let margin = self.scanner.margin().or(self.item_margin);
        self.scanner.tapped.begin_row();
        let place = self.scanner.tapped.row_place();
        let end = self.scanner.item(margin, text)?;
        self.scanner.tapped.end_row();
        let is_apart = !matches!(end, End::Closed | End::Crossed) || self.is_followed(margin)?;
        // A bracket below the items may have become a brace.
        let is_below = matches!((margin, self.item_margin), (Some(own), Some(item)) if own < item);
        let is_empty = text.len() > 1 && text[1..text.len() - 1].trim_ascii().is_empty();
        let read = match &section.shape {
            _ if is_below && is_empty => Err((NO_OBJECT.to_owned(), place)),
            _ if !is_apart => Err((NOT_APART.to_owned(), place)),
            None => return Ok(end),
            Some(shape) => {
                let (tap, tapped) = Tap::of_row(text, place);
                self.state.tapped = tapped;
                read_item(tap, place, ItemSeed { shape, tapped: &self.state.tapped })
            }
        };
        match read {
            Ok(row) => {
                section.is_suspect = false;
                self.item_margin = self.item_margin.or(margin);
                self.state.take_row(&section.name, row, section.items)?;
            }
            Err((message, place)) => {
                self.refuse(section, place, why(end, message))?;
                // Others may be within it.
                self.incomplete |= matches!(end, End::Unclosed | End::Crossed);
                if end == End::Crossed && self.scanner.margin().is_none() {
                    self.scanner.pass(b"\n")?;
                }
            }
        }
        Ok(end)
    }

    /// Whether what follows an item is another one or the end of the list. If it is anything else, the item was closed too
    /// early, and the rest of its line is passed over.
    fn is_followed(&mut self, own: Option<usize>) -> Result<bool> {
        let mut next = self.scanner.significant(&[])?;
        let is_separated = next == Some(b',') || self.scanner.margin().is_some();
        if next == Some(b',') {
            next = self.scanner.significant(b",")?;
        }
        let Some(byte) = next else { return Ok(true) };
        // What stands below an item may be another that is damaged.
        let is_below = matches!((own, self.scanner.margin()), (Some(own), Some(margin)) if margin <= own);
        let is_next = matches!(byte, b']' | b'}') || byte == b'{' && is_separated || is_below;
        let is_in_line = self.scanner.margin().is_none();
        self.scanner.give_back(byte);
        if !is_next && is_in_line {
            self.scanner.pass(b"\n")?;
        }
        Ok(is_next)
    }

    /// Reads the summary, whose first brace was taken.
    fn summary(&mut self) -> Result<Option<Summary>> {
        let place = self.scanner.tapped.place();
        let mut rest = vec![b'{'];
        while let Some(byte) = self.scanner.next()? {
            rest.push(byte);
        }
        // The last brace is that of the document.
        let rest = rest.trim_ascii_end();
        let read =
            rest.strip_suffix(b"}").map_or_else(|| serde_json::from_slice(rest), serde_json::from_slice);
        let why = match (read, &self.scanner.broken) {
            (Ok(summary), None) => return Ok(Some(summary)),
            (Err(error), None) if !error.is_eof() => "the summary cannot be read",
            _ => {
                self.incomplete = true;
                return tell_cut(&self.scanner, self.state).map(|()| None);
            }
        };
        self.incomplete = true;
        self.state.lose("summary", place, why)?;
        Ok(None)
    }
}
