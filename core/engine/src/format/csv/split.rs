//! Work for threads: which bytes and which rows a worker takes, though each depends on all before.
//!
//! A file is cut into units of equal size, claimed in order. Two things pass from unit to unit:
//! ```text
//! start   where the first record of the unit starts, and whether the cut lies inside quotes:
//!         known once the unit before is indexed, or sooner, from its summary (`scan::summarize`)
//! place   the row number of the unit's first row, and how many records of the units before it
//!         could not place: a unit places whole groups of 512 rows, and leaves the rest to the next
//! ```
//! So every unit writes its values where they stand in the finished columns, its validity bits
//! start on 64 bytes, and its rows are a HyperBlock.
//!
//! A unit that fails breaks the chain: those behind it give up, those before it finish, and the
//! error that is reported is the first one of the file.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::bytes::scan::Summary;
use crate::context::Context;
use crate::error::Result;

/// How long a worker waits before it asks whether the work was cancelled.
const WAIT: Duration = Duration::from_millis(10);

/// How a unit starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    /// Where the record starts that the cut lies in, or behind the cut.
    pub record_start: usize,
    /// Whether the cut lies inside quotes.
    pub is_quoted: bool,
    /// Whether the record before the cut holds a quote that is text: then `is_quoted` does not tell
    /// what a quote behind the cut means.
    pub is_literal: bool,
}

impl Start {
    /// The start of a unit that is cut where a record starts.
    pub fn at_record(offset: usize) -> Start {
        Start { record_start: offset, is_quoted: false, is_literal: false }
    }

    /// How the unit behind starts, if the summary of the one that starts so tells.
    pub fn behind(self, summary: Summary) -> Option<Start> {
        let index = usize::from(self.is_quoted);
        let last_newline = summary.last_newline[index];
        (!self.is_literal && !summary.has_stray[index]).then(|| Start {
            record_start: last_newline.map_or(self.record_start, |offset| offset + 1),
            is_quoted: self.is_quoted != summary.flips,
            is_literal: false,
        })
    }
}

/// Where a unit's rows go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Number of the first row to place; a multiple of 512.
    pub row: usize,
    /// Where its record starts.
    pub offset: usize,
    /// Rows from there that precede the unit's own; below 512.
    pub carried: usize,
}

/// What the units tell each other.
pub(super) struct Ledger {
    entries: Mutex<Entries>,
    changed: Condvar,
}

struct Entries {
    starts: Vec<Option<Start>>,
    summaries: Vec<Option<Summary>>,
    places: Vec<Option<Place>>,
    /// The lowest unit that failed.
    broken: usize,
}

impl Ledger {
    /// A ledger for `unit_count` units, the first of which starts with a record at `offset`.
    pub fn new(unit_count: usize, offset: usize) -> Ledger {
        let mut entries = Entries {
            starts: vec![None; unit_count + 1],
            summaries: vec![None; unit_count],
            places: vec![None; unit_count + 1],
            broken: usize::MAX,
        };
        entries.starts[0] = Some(Start::at_record(offset));
        entries.places[0] = Some(Place { row: 0, offset, carried: 0 });
        Ledger { entries: Mutex::new(entries), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        // A worker that panicked has broken the chain (`Link`); its entries are whole.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How a unit starts, if that is known already.
    pub fn known_start(&self, unit: usize) -> Option<Start> {
        self.lock().starts[unit]
    }

    /// Says what a unit does to the next, without knowing how it starts.
    pub fn give_summary(&self, unit: usize, summary: Summary) {
        let mut entries = self.lock();
        entries.summaries[unit] = Some(summary);
        entries.pass_on(unit);
        drop(entries);
        self.changed.notify_all();
    }

    /// Says how a unit starts.
    pub fn give_start(&self, unit: usize, start: Start) {
        let mut entries = self.lock();
        debug_assert!(entries.starts[unit].is_none_or(|known| known == start));
        entries.starts[unit] = Some(start);
        entries.pass_on(unit);
        drop(entries);
        self.changed.notify_all();
    }

    /// Says where a unit's rows go.
    pub fn give_place(&self, unit: usize, place: Place) {
        self.lock().places[unit] = Some(place);
        self.changed.notify_all();
    }

    /// Where the first record starts that no unit placed, once all units are done.
    pub fn end(&self) -> usize {
        let place = self.lock().places.last().copied().flatten();
        place.expect("every unit was placed").offset
    }

    /// How a unit starts; `None` when a unit before it failed.
    pub fn wait_start(&self, unit: usize, context: &Context) -> Result<Option<Start>> {
        self.wait(unit, context, |entries| entries.starts[unit])
    }

    /// Where a unit's rows go; `None` when a unit before it failed.
    pub fn wait_place(&self, unit: usize, context: &Context) -> Result<Option<Place>> {
        self.wait(unit, context, |entries| entries.places[unit])
    }

    fn wait<T>(
        &self,
        unit: usize,
        context: &Context,
        known: impl Fn(&Entries) -> Option<T>,
    ) -> Result<Option<T>> {
        let mut entries = self.lock();
        loop {
            if let Some(value) = known(&entries) {
                return Ok(Some(value));
            }
            if entries.broken < unit {
                return Ok(None);
            }
            context.check()?;
            let waited = self.changed.wait_timeout(entries, WAIT);
            entries = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// A unit's link in the chain: dropped before `complete`, it breaks the chain.
    pub fn link(&self, unit: usize) -> Link<'_> {
        Link { ledger: self, unit, is_complete: false }
    }
}

impl Entries {
    /// Turns summaries into starts as far as they reach.
    fn pass_on(&mut self, from: usize) {
        for unit in from..self.summaries.len() {
            let (Some(start), Some(summary)) = (self.starts[unit], self.summaries[unit]) else {
                break;
            };
            if self.starts[unit + 1].is_some() {
                break;
            }
            let Some(next) = start.behind(summary) else { break };
            self.starts[unit + 1] = Some(next);
        }
    }
}

/// See [`Ledger::link`].
pub(super) struct Link<'a> {
    ledger: &'a Ledger,
    unit: usize,
    is_complete: bool,
}

impl Link<'_> {
    /// The unit is done.
    pub fn complete(mut self) {
        self.is_complete = true;
    }
}

impl Drop for Link<'_> {
    fn drop(&mut self) {
        if !self.is_complete {
            let mut entries = self.ledger.lock();
            entries.broken = entries.broken.min(self.unit);
            drop(entries);
            self.ledger.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_reach_as_far_as_they_go() {
        let ledger = Ledger::new(4, 5);
        let context = Context::default();
        let summary = |flips, outside, inside| Summary {
            flips,
            last_newline: [outside, inside],
            has_stray: [false; 2],
        };
        ledger.give_summary(1, summary(true, Some(17), Some(12)));
        ledger.give_summary(2, summary(false, Some(25), None));
        assert_eq!(ledger.known_start(1), None);
        ledger.give_summary(0, summary(true, None, Some(7)));
        let start =
            |record_start, is_quoted| Some(Start { record_start, is_quoted, is_literal: false });
        assert_eq!(ledger.known_start(1), start(5, true));
        assert_eq!(ledger.known_start(2), start(13, false));
        assert_eq!(ledger.wait_start(3, &context).expect("not cancelled"), start(26, false));
        assert_eq!(ledger.known_start(4), None);
    }

    #[test]
    fn a_summary_that_means_nothing_is_not_passed_on() {
        let ledger = Ledger::new(3, 0);
        let stray = Summary { flips: true, last_newline: [Some(9); 2], has_stray: [true, false] };
        ledger.give_summary(0, stray);
        assert_eq!(ledger.known_start(1), None);
        ledger.give_summary(1, Summary::default());
        let literal = Start { record_start: 3, is_quoted: false, is_literal: true };
        ledger.give_start(1, literal);
        assert_eq!((ledger.known_start(1), ledger.known_start(2)), (Some(literal), None));
    }

    #[test]
    fn a_broken_chain_stops_those_behind_and_not_those_before() {
        let ledger = Ledger::new(3, 0);
        let context = Context::default();
        drop(ledger.link(1));
        assert_eq!(ledger.wait_start(2, &context).expect("not cancelled"), None);
        ledger.link(0).complete();
        assert!(ledger.wait_place(0, &context).expect("not cancelled").is_some());
        context.cancel();
        ledger.wait_place(1, &context).expect_err("cancelled");
    }
}
