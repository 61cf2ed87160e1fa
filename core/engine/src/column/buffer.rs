//! Aligned, shared, immutable bytes, and the growable memory they are made from.
//!
//! A [`Buffer`] is a window into memory that someone owns: an allocation of ours, a mapped file, or
//! foreign memory with a release. Slicing is free; the owner goes when the last window goes.
//! Three write: [`MutableBuffer`] grows for one thread, [`PlacedBuffer`] is filled by many in
//! disjoint windows, [`Arena`] packs many small results. What they are made of says `memory`.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut, Range};
use std::ptr::NonNull;
use std::sync::{Arc, Mutex, PoisonError};

use super::memory::Memory;
use crate::bytes::source::MappedFile;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{ARENA_SEGMENT_BYTES_MAX, BUFFER_ALIGN_BYTES};

mod private {
    pub trait Sealed {}
}

/// Plain values that may be read from any bytes: every bit pattern is valid, no padding.
pub trait Native: Copy + Send + Sync + Default + private::Sealed + 'static {}

macro_rules! native {
    ($($kind:ty),+) => { $(impl private::Sealed for $kind {} impl Native for $kind {})+ };
}
native!(u8, u16, u32, u64, i8, i16, i32, i64, f32, f64, i128);

/// Whoever keeps the bytes of a [`Buffer`] alive.
pub type Owner = Arc<dyn Any + Send + Sync>;

/// A window into shared, immutable bytes.
#[derive(Clone)]
pub struct Buffer {
    start: NonNull<u8>,
    len_bytes: usize,
    owner: Option<Owner>,
}

// SAFETY: the bytes are immutable for as long as the owner lives, and the owner is Send and Sync.
unsafe impl Send for Buffer {}
// SAFETY: as above.
unsafe impl Sync for Buffer {}

impl Buffer {
    /// A buffer without bytes.
    pub fn empty() -> Buffer {
        // An aligned, dangling start, so that empty typed views are well formed.
        let start = std::ptr::without_provenance_mut(BUFFER_ALIGN_BYTES);
        Buffer {
            start: NonNull::new(start).unwrap_or(NonNull::dangling()),
            len_bytes: 0,
            owner: None,
        }
    }

    /// Wraps bytes that `owner` keeps alive and unchanged.
    ///
    /// # Safety
    /// - `start` is valid for reads of `len_bytes` bytes until `owner` is dropped.
    /// - Nobody writes these bytes while `owner` lives.
    pub unsafe fn from_owner(start: NonNull<u8>, len_bytes: usize, owner: Owner) -> Buffer {
        Buffer { start, len_bytes, owner: Some(owner) }
    }

    /// A window over a whole mapped file, which it keeps open.
    ///
    /// The bytes start on a page, so on every alignment that a buffer needs.
    pub fn from_mapped(file: Arc<MappedFile>) -> Buffer {
        let bytes = file.as_bytes();
        if bytes.is_empty() {
            return Buffer::empty();
        }
        let (start, len_bytes) = (NonNull::from(bytes).cast::<u8>(), bytes.len());
        // SAFETY: the map stays in place and read only until the file, the owner, is dropped; what
        // other processes may do to the file is told in `bytes::source`.
        unsafe { Buffer::from_owner(start, len_bytes, file) }
    }

    /// Copies values into a new aligned buffer.
    pub fn from_slice<T: Native>(values: &[T]) -> Buffer {
        let mut buffer = MutableBuffer::with_capacity(size_of_val(values));
        buffer.extend_from_slice(values);
        buffer.freeze()
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        // SAFETY: `start` is valid for `len_bytes` while the owner lives (`from_owner`), and
        // `self` holds the owner.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.len_bytes) }
    }

    /// Address of the first byte; stable for the buffer's life.
    pub fn as_ptr(&self) -> *const u8 {
        self.start.as_ptr()
    }

    /// Number of bytes.
    pub fn len_bytes(&self) -> usize {
        self.len_bytes
    }

    /// A window of `len_bytes` from `offset_bytes`, sharing the owner.
    ///
    /// Panics when the window leaves the buffer.
    pub fn slice(&self, offset_bytes: usize, len_bytes: usize) -> Buffer {
        assert!(offset_bytes <= self.len_bytes && len_bytes <= self.len_bytes - offset_bytes);
        // SAFETY: the offset is within the allocation, checked above.
        let start = unsafe { self.start.add(offset_bytes) };
        Buffer { start, len_bytes, owner: self.owner.clone() }
    }

    /// Whether `next` starts where this buffer ends, in the same allocation.
    pub fn is_followed_by(&self, next: &Buffer) -> bool {
        let same_owner = match (&self.owner, &next.owner) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            _ => false,
        };
        same_owner && self.start.as_ptr().wrapping_add(self.len_bytes) == next.start.as_ptr()
    }

    /// One window over this buffer and the `extra_bytes` that follow it in the same allocation.
    ///
    /// `None` unless `last` is a window of the same owner that ends exactly there.
    pub fn joined_to(&self, last: &Buffer) -> Option<Buffer> {
        let same_owner = match (&self.owner, &last.owner) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            _ => false,
        };
        let end = last.start.as_ptr() as usize + last.len_bytes;
        let len_bytes = end.checked_sub(self.start.as_ptr() as usize)?;
        (same_owner && len_bytes >= self.len_bytes).then(|| Buffer {
            start: self.start,
            len_bytes,
            owner: self.owner.clone(),
        })
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Buffer({} bytes)", self.len_bytes)
    }
}

/// A typed window: values of one width over a [`Buffer`]. Reads as a slice.
#[derive(Clone)]
pub struct Values<T: Native> {
    buffer: Buffer,
    kind: PhantomData<T>,
}

impl<T: Native> Values<T> {
    /// Views a buffer as values.
    ///
    /// Panics when the length is not whole or the start is not aligned for `T`.
    pub fn new(buffer: Buffer) -> Values<T> {
        assert_eq!(buffer.len_bytes % size_of::<T>(), 0);
        assert_eq!(buffer.start.as_ptr() as usize % align_of::<T>(), 0);
        Values { buffer, kind: PhantomData }
    }

    /// The bytes below.
    pub fn buffer(&self) -> &Buffer {
        &self.buffer
    }

    /// Values from `offset` on, without a copy.
    pub fn slice(&self, offset: usize, len: usize) -> Values<T> {
        Values::new(self.buffer.slice(offset * size_of::<T>(), len * size_of::<T>()))
    }
}

impl<T: Native> Deref for Values<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        let len = self.buffer.len_bytes / size_of::<T>();
        // SAFETY: alignment and whole length are checked in `new`; any bits are a valid `Native`.
        unsafe { std::slice::from_raw_parts(self.buffer.start.as_ptr().cast::<T>(), len) }
    }
}

impl<T: Native + fmt::Debug> fmt::Debug for Values<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.iter().take(32)).finish()
    }
}

impl<T: Native> From<Vec<T>> for Values<T> {
    fn from(values: Vec<T>) -> Values<T> {
        Values::new(Buffer::from_slice(&values))
    }
}

/// Memory that several threads fill, each its own window; then one shared [`Buffer`].
///
/// Reserve for the most that may come: what is never written costs address space only. Until it is
/// written, a value is any value.
pub struct PlacedBuffer {
    memory: Memory,
    /// Byte ranges of the live windows: a few, at most one for each thread and column.
    claims: Mutex<Vec<Range<usize>>>,
}

impl PlacedBuffer {
    /// Room for `size_bytes`, of which the first `likely_bytes` are going to be written.
    ///
    /// Errors: `LimitExceeded` when the system has no such room.
    pub fn reserve(size_bytes: usize, likely_bytes: usize) -> Result<PlacedBuffer> {
        match Memory::try_arbitrary(size_bytes, likely_bytes) {
            Some(memory) => Ok(PlacedBuffer { memory, claims: Mutex::new(Vec::new()) }),
            None => Err(Error::new(
                ErrorKind::LimitExceeded,
                format!("no room for {size_bytes} bytes of a column"),
            )),
        }
    }

    /// `len` values from the value at `start` on, for the caller alone.
    ///
    /// Panics when the window leaves the memory or overlaps one that is still open.
    pub fn window<T: Native>(&self, start: usize, len: usize) -> Window<'_, T> {
        let end_bytes = start.checked_add(len).and_then(|end| end.checked_mul(size_of::<T>()));
        assert!(end_bytes.is_some_and(|end| end <= self.memory.size_bytes));
        let range = start * size_of::<T>()..(start + len) * size_of::<T>();
        let mut claims = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
        let is_free = claims.iter().all(|held| range.end <= held.start || held.end <= range.start);
        assert!(is_free, "two windows of one buffer overlap");
        claims.push(range.clone());
        Window { buffer: self, range, kind: PhantomData }
    }

    /// Ends writing: the first `len_bytes`, shared and immutable; the rest goes back to the system.
    pub fn freeze(mut self, len_bytes: usize) -> Buffer {
        assert!(len_bytes <= self.memory.size_bytes);
        self.memory.release_tail(len_bytes);
        // SAFETY: the memory is valid for `len_bytes` until the owner drops; windows borrow `self`,
        // which ends here, so no writer is left.
        unsafe { Buffer::from_owner(self.memory.start, len_bytes, Arc::new(self.memory)) }
    }
}

/// Values of a [`PlacedBuffer`] that one thread may read and write.
pub struct Window<'a, T: Native> {
    buffer: &'a PlacedBuffer,
    range: Range<usize>,
    kind: PhantomData<&'a mut [T]>,
}

impl<T: Native> Window<'_, T> {
    fn start(&self) -> *mut T {
        // SAFETY: `window` checked that the range is within the memory.
        unsafe { self.buffer.memory.start.as_ptr().add(self.range.start).cast::<T>() }
    }
}

impl<T: Native> Deref for Window<'_, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: in range and free of other windows while this one is claimed (`window`); the
        // start is on 64 bytes plus whole values; the bytes are initialised (`try_arbitrary`).
        unsafe { std::slice::from_raw_parts(self.start(), self.range.len() / size_of::<T>()) }
    }
}

impl<T: Native> DerefMut for Window<'_, T> {
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as in `deref`; `self` is borrowed alone.
        unsafe { std::slice::from_raw_parts_mut(self.start(), self.range.len() / size_of::<T>()) }
    }
}

impl<T: Native> Drop for Window<'_, T> {
    fn drop(&mut self) {
        let mut claims = self.buffer.claims.lock().unwrap_or_else(PoisonError::into_inner);
        claims.retain(|held| *held != self.range || held.is_empty());
    }
}

/// Turns many small byte strings into [`Buffer`]s that share a few large allocations: a fresh
/// allocation each would pay a page fault for every 4 KiB.
#[derive(Default)]
pub struct Arena {
    segment: Option<Arc<Memory>>,
    used_bytes: usize,
}

impl Arena {
    /// Copies bytes to memory on 64 bytes that lives as long as the buffer or a sibling does.
    pub fn copy<T: Native>(&mut self, values: &[T]) -> Buffer {
        let len_bytes = size_of_val(values);
        if len_bytes == 0 {
            return Buffer::empty();
        }
        let segment = self.segment_for(len_bytes);
        // SAFETY: `segment_for` left room for `len_bytes` behind `used_bytes`.
        let start = unsafe { segment.start.add(self.used_bytes) };
        // SAFETY: as above; no buffer covers these bytes yet, each part is handed out once.
        unsafe {
            std::ptr::copy_nonoverlapping(values.as_ptr().cast::<u8>(), start.as_ptr(), len_bytes);
        }
        self.used_bytes = (self.used_bytes + len_bytes).next_multiple_of(BUFFER_ALIGN_BYTES);
        // SAFETY: the bytes live as long as the segment and are not written again.
        unsafe { Buffer::from_owner(start, len_bytes, segment) }
    }

    /// Room for as many bytes, in memory on 64 bytes that lives as long as the buffer made of it
    /// or a sibling does.
    pub fn room(&mut self, len_bytes: usize) -> Room {
        let segment = self.segment_for(len_bytes);
        // SAFETY: `segment_for` left room for `len_bytes` behind `used_bytes`.
        let start = unsafe { segment.start.add(self.used_bytes) };
        self.used_bytes = (self.used_bytes + len_bytes).next_multiple_of(BUFFER_ALIGN_BYTES);
        Room { segment, start, size_bytes: len_bytes, used_bytes: 0 }
    }

    fn segment_for(&mut self, len_bytes: usize) -> Arc<Memory> {
        let current_bytes = self.segment.as_ref().map_or(0, |segment| segment.size_bytes);
        match &self.segment {
            Some(segment) if len_bytes <= current_bytes - self.used_bytes => segment.clone(),
            _ => {
                let doubled = (current_bytes * 2).min(ARENA_SEGMENT_BYTES_MAX);
                let segment = Arc::new(Memory::uninitialised(doubled.max(len_bytes)));
                self.used_bytes = 0;
                self.segment = Some(segment.clone());
                segment
            }
        }
    }
}

/// Part of an arena that one writer fills: the arena itself is free for others meanwhile.
pub struct Room {
    segment: Arc<Memory>,
    /// `size_bytes` of the segment from here on are nobody else's.
    start: NonNull<u8>,
    size_bytes: usize,
    used_bytes: usize,
}

impl Room {
    /// Appends values. Panics where there is no room.
    pub fn extend_from_slice<T: Native>(&mut self, values: &[T]) {
        let extra = size_of_val(values);
        assert!(extra <= self.size_bytes - self.used_bytes);
        // SAFETY: room for `extra` bytes behind `used_bytes` was just checked; the arena hands each
        // part out once, so nobody else refers to these bytes.
        unsafe {
            let target = self.start.as_ptr().add(self.used_bytes);
            std::ptr::copy_nonoverlapping(values.as_ptr().cast::<u8>(), target, extra);
        }
        self.used_bytes += extra;
    }

    /// Ends writing: what was appended, shared and immutable.
    pub fn freeze(self) -> Buffer {
        if self.used_bytes == 0 {
            return Buffer::empty();
        }
        // SAFETY: the bytes were written, live as long as the segment, and are not written again.
        unsafe { Buffer::from_owner(self.start, self.used_bytes, self.segment) }
    }
}

/// Growable bytes with one writer; `freeze` makes them a shared [`Buffer`] without a copy.
pub struct MutableBuffer {
    memory: Memory,
    len_bytes: usize,
}

impl MutableBuffer {
    /// Room for `capacity_bytes`, none of it in use.
    pub fn with_capacity(capacity_bytes: usize) -> MutableBuffer {
        MutableBuffer { memory: Memory::uninitialised(capacity_bytes), len_bytes: 0 }
    }

    /// `count` zero values of `T`.
    pub fn zeroed<T: Native>(count: usize) -> MutableBuffer {
        let len_bytes = count * size_of::<T>();
        MutableBuffer { memory: Memory::zeroed(len_bytes), len_bytes }
    }

    /// Number of bytes in use.
    pub fn len_bytes(&self) -> usize {
        self.len_bytes
    }

    /// The bytes in use as values. Panics when they are not whole values.
    pub fn as_mut_slice<T: Native>(&mut self) -> &mut [T] {
        assert_eq!(self.len_bytes % size_of::<T>(), 0);
        let len = self.len_bytes / size_of::<T>();
        // SAFETY: the start is on 64 bytes, bytes below `len_bytes` are initialised (zeroed or
        // written), `self` is unique.
        unsafe { std::slice::from_raw_parts_mut(self.memory.start.as_ptr().cast::<T>(), len) }
    }

    /// Appends values; grows by doubling.
    pub fn extend_from_slice<T: Native>(&mut self, values: &[T]) {
        let extra = size_of_val(values);
        self.reserve(extra);
        // SAFETY: room for `extra` bytes behind `len_bytes` was just made; no overlap, since the
        // memory is ours alone.
        unsafe {
            let target = self.memory.start.as_ptr().add(self.len_bytes);
            std::ptr::copy_nonoverlapping(values.as_ptr().cast::<u8>(), target, extra);
        }
        self.len_bytes += extra;
    }

    /// Appends one value.
    #[inline]
    pub fn push<T: Native>(&mut self, value: T) {
        self.extend_from_slice(std::slice::from_ref(&value));
    }

    fn reserve(&mut self, extra_bytes: usize) {
        let needed = self.len_bytes + extra_bytes;
        if needed <= self.memory.size_bytes {
            return;
        }
        let memory = Memory::uninitialised(needed.max(self.memory.size_bytes * 2));
        // SAFETY: both ranges hold at least `len_bytes` and are distinct allocations.
        unsafe {
            let (source, target) = (self.memory.start.as_ptr(), memory.start.as_ptr());
            std::ptr::copy_nonoverlapping(source, target, self.len_bytes);
        }
        self.memory = memory;
    }

    /// Drops the bytes from `len_bytes` on.
    pub fn truncate(&mut self, len_bytes: usize) {
        self.len_bytes = self.len_bytes.min(len_bytes);
    }

    /// Ends writing: the same memory, shared and immutable.
    pub fn freeze(self) -> Buffer {
        let (start, len_bytes) = (self.memory.start, self.len_bytes);
        // SAFETY: the memory is valid for `len_bytes` until the owner drops, and the only writer
        // was `self`, which ends here.
        unsafe { Buffer::from_owner(start, len_bytes, Arc::new(self.memory)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::HUGE_PAGE_BYTES_MIN;

    #[test]
    fn rooms_of_an_arena_are_apart_and_outlive_it() {
        let mut arena = Arena::default();
        let mut rooms: Vec<Room> = [0, 8, 100_000, 3 << 20, 24].map(|len| arena.room(len)).into();
        drop(arena);
        for (value, room) in rooms.iter_mut().enumerate() {
            while room.used_bytes + 8 <= room.size_bytes {
                room.extend_from_slice(&[value as i64]);
            }
        }
        let sizes: Vec<usize> = rooms.iter().map(|room| room.size_bytes).collect();
        for (value, room) in rooms.into_iter().enumerate() {
            let values = Values::<i64>::new(room.freeze());
            assert_eq!(values.len(), sizes[value] / 8);
            assert!(values.iter().all(|other| *other == value as i64));
            assert_eq!(values.buffer().as_ptr() as usize % BUFFER_ALIGN_BYTES, 0);
        }
    }

    #[test]
    #[should_panic(expected = "extra <= self.size_bytes")]
    fn a_room_takes_no_more_than_it_has() {
        Arena::default().room(8).extend_from_slice(&[1_i64, 2]);
    }

    #[test]
    fn growth_keeps_values_and_alignment() {
        let mut buffer = MutableBuffer::with_capacity(0);
        for value in 0..100_000_i64 {
            buffer.push(value);
        }
        let values = Values::<i64>::new(buffer.freeze());
        assert!(values.iter().enumerate().all(|(index, value)| *value == index as i64));
        assert_eq!(values.buffer().as_ptr() as usize % BUFFER_ALIGN_BYTES, 0);
    }

    #[test]
    fn slices_of_one_owner_join() {
        let buffer = Buffer::from_slice(&[1_u8, 2, 3, 4]);
        let (head, tail) = (buffer.slice(0, 2), buffer.slice(2, 2));
        assert!(head.is_followed_by(&tail));
        assert_eq!(
            head.joined_to(&tail).map(|joined| joined.as_bytes().to_vec()),
            Some(vec![1, 2, 3, 4])
        );
        assert!(!head.is_followed_by(&Buffer::from_slice(&[3_u8])));
    }

    #[test]
    fn windows_of_many_threads_make_one_buffer() {
        for count in [1000, HUGE_PAGE_BYTES_MIN / 4] {
            let placed = PlacedBuffer::reserve(count * 16, count * 8).expect("room");
            std::thread::scope(|scope| {
                for part in 0..4 {
                    let placed = &placed;
                    scope.spawn(move || {
                        let mut window = placed.window::<i64>(part * count / 4, count / 4);
                        for (index, slot) in window.iter_mut().enumerate() {
                            *slot = (part * count / 4 + index) as i64;
                        }
                    });
                }
            });
            let values = Values::<i64>::new(placed.freeze(count * 8));
            assert_eq!(values.len(), count);
            assert!(values.iter().enumerate().all(|(index, value)| *value == index as i64));
        }
    }

    #[test]
    #[should_panic(expected = "two windows of one buffer overlap")]
    fn windows_may_not_overlap() {
        let placed = PlacedBuffer::reserve(64, 64).expect("room");
        let _first = placed.window::<u8>(0, 10);
        let _second = placed.window::<u8>(9, 1);
    }

    #[test]
    fn a_closed_window_may_be_opened_again() {
        let placed = PlacedBuffer::reserve(64, 64).expect("room");
        placed.window::<u8>(0, 10)[3] = 7;
        let empty = placed.window::<u8>(0, 0);
        assert_eq!(placed.window::<u8>(3, 1)[0], 7);
        drop(empty);
    }

    #[test]
    fn arena_keeps_every_copy() {
        let mut arena = Arena::default();
        let texts: Vec<Vec<u8>> = (0..500).map(|index| vec![index as u8; index * 3]).collect();
        let buffers: Vec<Buffer> = texts.iter().map(|text| arena.copy(text)).collect();
        drop(arena);
        for (text, buffer) in texts.iter().zip(&buffers) {
            assert_eq!(buffer.as_bytes(), text);
            assert_eq!(buffer.as_ptr() as usize % BUFFER_ALIGN_BYTES, 0);
        }
    }

    #[test]
    fn empty_buffer_views_as_any_type() {
        assert!(Values::<i128>::new(Buffer::empty()).is_empty());
    }
}
