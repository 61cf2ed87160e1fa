//! Handles: numbers that stand for our objects in a caller's hands.
//!
//! ```text
//!   bit 52        48              24               0
//!        | kind: 4 | generation: 24 |   slot: 24   |      always below 2^53, so exact as a double
//! ```
//!
//! A slot's generation rises each time its object is given back, so an old number never means a new
//! object; a slot whose generations are used up is not used again. The table is one list under one
//! lock, held for a few instructions: objects are made and dropped outside of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pardox_engine::bytes::feed::Feed;
use pardox_engine::error::{Error, ErrorKind, Result};
use pardox_engine::plan::files::Given;

use crate::bytes::Bytes;
use crate::column::Column;
use crate::frame::HostFrame;
use crate::operation::Operation;
use crate::process;
use crate::reader::Reader;

const SLOT_BITS: u32 = 24;
const GENERATION_BITS: u32 = 24;
const SLOTS_MAX: usize = 1 << SLOT_BITS;
const GENERATION_MAX: u32 = (1 << GENERATION_BITS) - 1;

/// What a handle may stand for. The number is part of the handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Bytes = 1,
    Plan = 2,
    Operation = 3,
    Frame = 4,
    Column = 5,
    Reader = 6,
    Feed = 7,
}

impl Kind {
    const ALL: [Kind; 7] = [
        Kind::Bytes,
        Kind::Plan,
        Kind::Operation,
        Kind::Frame,
        Kind::Column,
        Kind::Reader,
        Kind::Feed,
    ];

    fn name(self) -> &'static str {
        match self {
            Kind::Bytes => "bytes",
            Kind::Plan => "plan",
            Kind::Operation => "operation",
            Kind::Frame => "frame",
            Kind::Column => "column",
            Kind::Reader => "reader",
            Kind::Feed => "feed",
        }
    }
}

/// An object behind a handle; shared with the calls that use it right now.
#[derive(Clone)]
pub(crate) enum Object {
    Bytes(Arc<Bytes>),
    Plan(Arc<crate::plan::Plan>),
    Operation(Arc<Operation>),
    Frame(Arc<HostFrame>),
    Column(Arc<Column>),
    Reader(Arc<Reader>),
    Feed(Arc<Feed>),
}

impl Object {
    fn kind(&self) -> Kind {
        match self {
            Object::Bytes(_) => Kind::Bytes,
            Object::Plan(_) => Kind::Plan,
            Object::Operation(_) => Kind::Operation,
            Object::Frame(_) => Kind::Frame,
            Object::Column(_) => Kind::Column,
            Object::Reader(_) => Kind::Reader,
            Object::Feed(_) => Kind::Feed,
        }
    }

    /// Bytes of memory that the object keeps; counted when its handle is made.
    fn size_bytes(&self) -> usize {
        match self {
            Object::Bytes(bytes) => bytes.size_bytes(),
            Object::Plan(plan) => plan.size_bytes(),
            // What is in the making is not counted yet.
            Object::Operation(_) | Object::Feed(_) => 0,
            Object::Frame(frame) => frame.size_bytes(),
            Object::Column(column) => column.size_bytes(),
            Object::Reader(reader) => reader.size_bytes(),
        }
    }
}

struct Table {
    slots: Vec<Slot>,
    free: Vec<u32>,
    live: Live,
}

struct Slot {
    generation: u32,
    held: Option<(Object, usize)>,
}

/// Handles that were not given back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Live {
    pub(crate) handle_count: i64,
    pub(crate) size_bytes: i64,
}

static TABLE: Mutex<Table> = Mutex::new(Table {
    slots: Vec::new(),
    free: Vec::new(),
    live: Live { handle_count: 0, size_bytes: 0 },
});

/// The table. Every way here has made sure that this is not a forked child, whose copy of the lock
/// may be held by a thread that it does not have.
fn table() -> MutexGuard<'static, Table> {
    TABLE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a handle.
///
/// Errors: `LimitExceeded` when 2^24 handles are live; `Forked`.
pub(crate) fn insert(object: Object) -> Result<u64> {
    process::claim()?;
    let kind = object.kind();
    let size_bytes = object.size_bytes();
    let mut table = table();
    let index = match table.free.pop() {
        Some(index) => index as usize,
        None if table.slots.len() < SLOTS_MAX => {
            table.slots.push(Slot { generation: 1, held: None });
            table.slots.len() - 1
        }
        None => {
            drop(table);
            let summary = format!("expected at most {SLOTS_MAX} live handles, found one more");
            return Err(Error::new(ErrorKind::LimitExceeded, summary)
                .hint("release handles that are no longer needed"));
        }
    };
    table.live.handle_count += 1;
    table.live.size_bytes += size_bytes as i64;
    let slot = &mut table.slots[index];
    slot.held = Some((object, size_bytes));
    Ok(pack(kind, slot.generation, index))
}

/// The object behind a handle of any kind but these: used by the typed look-ups below.
fn find(handle: u64, wanted: Kind) -> Result<Object> {
    let found = unpack(handle).ok_or_else(|| foreign(handle, wanted.name()))?;
    if found.kind != wanted {
        let summary =
            format!("expected a {} handle, found a {} handle", wanted.name(), found.kind.name());
        return Err(Error::new(ErrorKind::InvalidHandle, summary));
    }
    if !process::is_claimed() {
        return Err(foreign(handle, wanted.name()));
    }
    let table = table();
    match table.slots.get(found.slot) {
        Some(slot) if slot.generation == found.generation => match &slot.held {
            Some((object, _)) if object.kind() == wanted => Ok(object.clone()),
            _ => Err(foreign(handle, wanted.name())),
        },
        Some(slot) if slot.generation > found.generation => Err(released(wanted.name())),
        _ => Err(foreign(handle, wanted.name())),
    }
}

macro_rules! typed {
    ($($name:ident: $variant:ident, $kind:ty;)+) => {$(
        /// The object of that kind behind a handle.
        ///
        /// Errors: `InvalidHandle` for zero, a foreign number or another kind; `ReleasedHandle`.
        pub(crate) fn $name(handle: u64) -> Result<Arc<$kind>> {
            match find(handle, Kind::$variant)? {
                Object::$variant(object) => Ok(object),
                _ => Err(foreign(handle, Kind::$variant.name())),
            }
        }
    )+};
}

typed! {
    bytes: Bytes, Bytes;
    plan: Plan, crate::plan::Plan;
    operation: Operation, Operation;
    frame: Frame, HostFrame;
    column: Column, Column;
    reader: Reader, Reader;
    feed: Feed, Feed;
}

/// What a call on a plan is handed at one position: a frame, or a feed.
///
/// Errors: as the look-ups above; another kind is answered as if a frame were wanted.
pub(crate) fn given(handle: u64) -> Result<Given> {
    match unpack(handle).map(|found| found.kind) {
        Some(Kind::Feed) => feed(handle).map(Given::Feed),
        _ => Ok(Given::Frame(frame(handle)?.frame().clone())),
    }
}

/// Takes an object out of the table; the caller drops it, outside of the lock.
///
/// Errors: `InvalidHandle` for a foreign number; `ReleasedHandle`.
pub(crate) fn remove(handle: u64) -> Result<Object> {
    let found = unpack(handle).ok_or_else(|| foreign(handle, "live"))?;
    if !process::is_claimed() {
        return Err(foreign(handle, "live"));
    }
    let mut guard = table();
    let table = &mut *guard;
    let Some(slot) = table.slots.get_mut(found.slot) else { return Err(foreign(handle, "live")) };
    if slot.generation > found.generation {
        return Err(released(found.kind.name()));
    }
    let fits = slot.generation == found.generation
        && slot.held.as_ref().is_some_and(|(object, _)| object.kind() == found.kind);
    match slot.held.take_if(|_| fits) {
        None => Err(foreign(handle, "live")),
        Some((object, size_bytes)) => {
            slot.generation += 1;
            if slot.generation < GENERATION_MAX {
                table.free.push(found.slot as u32);
            }
            table.live.handle_count -= 1;
            table.live.size_bytes -= size_bytes as i64;
            Ok(object)
        }
    }
}

/// Counts what was not given back.
pub(crate) fn live() -> Live {
    match process::is_claimed() {
        true => table().live,
        false => Live::default(),
    }
}

struct Unpacked {
    kind: Kind,
    generation: u32,
    slot: usize,
}

fn pack(kind: Kind, generation: u32, slot: usize) -> u64 {
    debug_assert!(slot < SLOTS_MAX && generation <= GENERATION_MAX);
    (kind as u64) << (SLOT_BITS + GENERATION_BITS)
        | u64::from(generation) << SLOT_BITS
        | slot as u64
}

fn unpack(handle: u64) -> Option<Unpacked> {
    let kind_number = handle >> (SLOT_BITS + GENERATION_BITS);
    let kind = Kind::ALL.into_iter().find(|kind| *kind as u64 == kind_number)?;
    let generation = (handle >> SLOT_BITS) as u32 & GENERATION_MAX;
    let slot = handle as usize & (SLOTS_MAX - 1);
    (generation > 0).then_some(Unpacked { kind, generation, slot })
}

fn foreign(handle: u64, wanted: &str) -> Error {
    let found = match handle {
        0 => "0, which is none".to_owned(),
        _ => format!("{handle}, which this library did not make"),
    };
    Error::new(ErrorKind::InvalidHandle, format!("expected a {wanted} handle, found {found}"))
}

fn released(kind: &str) -> Error {
    Error::new(ErrorKind::ReleasedHandle, format!("this {kind} handle was released before"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_handles_stay_below_2_to_the_53() {
        let largest = pack(Kind::Feed, GENERATION_MAX, SLOTS_MAX - 1);
        assert!(largest < 1 << 53);
        let back = unpack(largest).expect("a kind that exists");
        assert_eq!((back.kind, back.generation), (Kind::Feed, GENERATION_MAX));
        assert_eq!(back.slot, SLOTS_MAX - 1);
        assert!(unpack(0).is_none() && unpack(u64::MAX).is_none());
    }

    #[test]
    fn a_number_never_means_a_later_object() {
        let make = || Object::Bytes(Arc::new(Bytes::new(vec![1])));
        let first = insert(make()).expect("room for a handle");
        drop(remove(first).expect("live"));
        let second = insert(make()).expect("room for a handle");
        assert_ne!(first, second);
        assert_eq!(bytes(first).err().map(|error| error.kind()), Some(ErrorKind::ReleasedHandle));
        assert_eq!(frame(second).err().map(|error| error.kind()), Some(ErrorKind::InvalidHandle));
        drop(remove(second).expect("live"));
        assert_eq!(remove(second).err().map(|error| error.kind()), Some(ErrorKind::ReleasedHandle));
    }
}
