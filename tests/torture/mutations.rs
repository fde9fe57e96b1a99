//! What goes wrong with a file: pages that land in the wrong place, are never written, or come back changed.

use crate::bases::Base;
use crate::random::Random;

/// A kind of damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mutation {
    /// Two pages are exchanged.
    Swapped,
    /// A page is written over another one.
    Misdirected,
    /// A page is written over the root page of a tree.
    OverRoot,
    /// A page is as it was before the last writes.
    NeverWritten,
    /// A page is zero.
    Zeroed,
    /// A page is noise.
    Noise,
    /// A sector within a page is zero.
    SectorZeroed,
    /// A few bits anywhere are flipped.
    BitsFlipped,
    /// A bit of the header of a page of a tree is flipped.
    PageHeader,
    /// A tree's page has fewer cells.
    FewerCells,
    /// A pointer to a cell or to a page below points elsewhere.
    Pointer,
    /// A byte of the file's header is changed.
    FileHeader,
    /// The list of free pages begins elsewhere, or has another length.
    FreeList,
    /// The end of the file is missing.
    Truncated,
    /// Pages were added at the end.
    Extended,
}

impl Mutation {
    pub const ALL: [Self; 15] = [
        Self::Swapped,
        Self::Misdirected,
        Self::OverRoot,
        Self::NeverWritten,
        Self::Zeroed,
        Self::Noise,
        Self::SectorZeroed,
        Self::BitsFlipped,
        Self::PageHeader,
        Self::FewerCells,
        Self::Pointer,
        Self::FileHeader,
        Self::FreeList,
        Self::Truncated,
        Self::Extended,
    ];
}

/// A file in pages.
struct Pages<'r> {
    bytes: Vec<u8>,
    size: usize,
    random: &'r mut Random,
}

/// Damages a database in that way.
pub fn mutate(base: &Base, mutation: Mutation, roots: &[usize], random: &mut Random) -> Vec<u8> {
    let size = match u16::from_be_bytes([base.bytes[16], base.bytes[17]]) {
        1 => 65_536,
        size => usize::from(size),
    };
    let mut pages = Pages { bytes: base.bytes.clone(), size, random };
    pages.damage(base, mutation, roots);
    pages.bytes
}

impl Pages<'_> {
    fn damage(&mut self, base: &Base, mutation: Mutation, roots: &[usize]) {
        match mutation {
            Mutation::Swapped => {
                let (one, other) = (self.page(), self.page());
                for at in 0..self.size {
                    self.bytes.swap(one * self.size + at, other * self.size + at);
                }
            }
            Mutation::Misdirected => {
                let (from, to) = (self.page(), self.page());
                self.copy(from, to);
            }
            Mutation::OverRoot => {
                let (from, to) = (self.page(), self.random.pick(roots) - 1);
                self.copy(from, to);
            }
            Mutation::NeverWritten => self.stale(base),
            Mutation::Zeroed => {
                let page = self.page();
                self.fill(page * self.size, self.size, |_| 0);
            }
            Mutation::Noise => {
                let page = self.page();
                self.fill(page * self.size, self.size, |random| random.next().to_le_bytes()[0]);
            }
            Mutation::SectorZeroed => {
                let sectors = self.bytes.len() / 512;
                let sector = self.random.below(sectors);
                self.fill(sector * 512, 512, |_| 0);
            }
            Mutation::BitsFlipped => {
                for _ in 0..=self.random.below(8) {
                    let at = self.random.below(self.bytes.len());
                    self.flip(at);
                }
            }
            Mutation::PageHeader => {
                let at = self.tree() + self.random.below(12);
                self.flip(at);
            }
            Mutation::FewerCells => self.fewer_cells(),
            Mutation::Pointer => self.pointer(),
            Mutation::FileHeader => {
                let at = 16 + self.random.below(84);
                self.bytes[at] ^= 1 + self.random.next().to_le_bytes()[0] % 255;
            }
            Mutation::FreeList => {
                let at = self.random.pick(&[32, 36]);
                let value = self.random.below(self.count() + 2);
                self.set(at, value);
            }
            Mutation::Truncated => {
                let most = self.bytes.len() - 1;
                let length = self.random.below(most);
                let whole = length / self.size * self.size;
                let length = self.random.pick(&[length, whole, most, self.bytes.len() - self.size]);
                self.bytes.truncate(length);
            }
            Mutation::Extended => {
                let from = self.page();
                let page = self.bytes[from * self.size..(from + 1) * self.size].to_vec();
                self.bytes.extend(page);
                if self.random.below(2) == 0 {
                    self.set(28, self.count());
                }
            }
        }
    }

    fn count(&self) -> usize {
        self.bytes.len() / self.size
    }

    /// Any page, from 0.
    fn page(&mut self) -> usize {
        let count = self.count();
        self.random.below(count)
    }

    fn copy(&mut self, from: usize, to: usize) {
        self.bytes.copy_within(from * self.size..(from + 1) * self.size, to * self.size);
    }

    fn fill(&mut self, at: usize, length: usize, byte: impl Fn(&mut Random) -> u8) {
        for at in at..(at + length).min(self.bytes.len()) {
            self.bytes[at] = byte(self.random);
        }
    }

    fn flip(&mut self, at: usize) {
        self.bytes[at] ^= 1 << self.random.below(8);
    }

    fn set(&mut self, at: usize, value: usize) {
        let value = u32::try_from(value).expect("a small number");
        self.bytes[at..at + 4].copy_from_slice(&value.to_be_bytes());
    }

    /// Brings a page back that was different before; where there is none, any.
    fn stale(&mut self, base: &Base) {
        let both = self.bytes.len().min(base.before.len()) / self.size;
        let range = |page: usize| page * self.size..(page + 1) * self.size;
        let differs = |page: &usize| base.before[range(*page)] != self.bytes[range(*page)];
        let changed: Vec<usize> = (0..both).filter(differs).collect();
        if changed.is_empty() {
            let (from, to) = (self.page(), self.page());
            return self.copy(from, to);
        }
        let page = self.random.pick(&changed);
        let range = page * self.size..(page + 1) * self.size;
        self.bytes[range.clone()].copy_from_slice(&base.before[range]);
    }

    /// Where the header of a tree's page begins.
    fn tree(&mut self) -> usize {
        let header = |page: usize| page * self.size + if page == 0 { 100 } else { 0 };
        let is_tree = |at: &usize| matches!(self.bytes[*at], 2 | 5 | 10 | 13);
        let trees: Vec<usize> = (0..self.count()).map(header).filter(is_tree).collect();
        self.random.pick(&trees)
    }

    fn fewer_cells(&mut self) {
        let tree = self.tree();
        let cells = usize::from(u16::from_be_bytes([self.bytes[tree + 3], self.bytes[tree + 4]]));
        let fewer = u16::try_from(self.random.below(cells.max(1))).expect("it was two bytes");
        self.bytes[tree + 3..tree + 5].copy_from_slice(&fewer.to_be_bytes());
    }

    fn pointer(&mut self) {
        let tree = self.tree();
        let is_interior = matches!(self.bytes[tree], 2 | 5);
        if is_interior && self.random.below(2) == 0 {
            let page = self.page() + 1;
            return self.set(tree + 8, page);
        }
        let cells = usize::from(u16::from_be_bytes([self.bytes[tree + 3], self.bytes[tree + 4]])).max(1);
        let cells = cells.min(self.size / 4);
        let (one, other) = (self.random.below(cells), self.random.below(cells));
        let at = |cell: usize| tree + if is_interior { 12 } else { 8 } + 2 * cell;
        let (from, to) = (at(one), at(other));
        if to + 2 <= self.bytes.len() && from + 2 <= self.bytes.len() {
            self.bytes.copy_within(from..from + 2, to);
        }
    }
}
