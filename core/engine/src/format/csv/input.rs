//! Where the bytes of a CSV table come from: files by name or pattern, or what a host pushes; and
//! what is done to them before they are records.
//!
//! ```text
//! path, pattern, list, feed -> mapped file, or the feed's spool
//!   -> unpacked, where the content is gzip, zstd or bzip2      Spool
//!   -> decoded, where option encoding says so                  Spool of UTF-8
//!   -> CsvInput: a name for messages, bytes, and the way back to an offset in the original
//! ```
//! UTF-8 that is not packed goes through untouched and uncopied.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::options::CsvReadOptions;
use crate::bytes::decompress::{Codec, decompress};
use crate::bytes::encoding::{TextEncoding, WayBack};
use crate::bytes::feed::Feed;
use crate::bytes::glob;
use crate::bytes::source::MappedFile;
use crate::bytes::spool::Spool;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};

/// What a question names as the place of a CSV table.
#[derive(Clone, Debug)]
pub enum CsvSource {
    /// A file, or a pattern (`*`, `?`, `[...]`, `**`) where no file has that very name.
    Path(String),
    /// Several of them, in this order.
    Paths(Vec<String>),
    /// Bytes that the host pushes.
    Feed(Arc<Feed>),
}

impl From<&str> for CsvSource {
    fn from(path: &str) -> CsvSource {
        CsvSource::Path(path.to_owned())
    }
}

impl PartialEq for CsvSource {
    fn eq(&self, other: &CsvSource) -> bool {
        match (self, other) {
            (CsvSource::Path(one), CsvSource::Path(two)) => one == two,
            (CsvSource::Paths(one), CsvSource::Paths(two)) => one == two,
            (CsvSource::Feed(one), CsvSource::Feed(two)) => Arc::ptr_eq(one, two),
            (CsvSource::Path(_) | CsvSource::Paths(_) | CsvSource::Feed(_), _) => false,
        }
    }
}

/// As `explain` shows it: `"sales.csv"`, `3 paths`, `feed "upload"`.
impl fmt::Display for CsvSource {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CsvSource::Path(path) => write!(out, "{path:?}"),
            CsvSource::Paths(paths) => match &paths[..] {
                [path] => write!(out, "{path:?}"),
                paths => write!(out, "{} paths", paths.len()),
            },
            CsvSource::Feed(feed) => write!(out, "feed {:?}", feed.name()),
        }
    }
}

/// One file of a source, or its feed, not opened yet.
#[derive(Clone, Debug)]
pub enum CsvPart {
    /// A file by its path.
    File(String),
    /// What the host pushes.
    Feed(Arc<Feed>),
}

impl CsvPart {
    /// What messages and the file column call it.
    pub fn name(&self) -> &str {
        match self {
            CsvPart::File(path) => path,
            CsvPart::Feed(feed) => feed.name(),
        }
    }

    /// Bytes of text that it may hold, for a choice that costs only time when it is wrong: a packed
    /// file is taken to be packed well, and one that cannot be looked at is nothing.
    pub fn likely_bytes(&self) -> u64 {
        let CsvPart::File(path) = self else { return 0 };
        let Ok(file) = MappedFile::open(path) else { return 0 };
        let is_packed = Codec::of(file.as_bytes()).is_ok_and(|codec| codec.is_some());
        file.as_bytes().len() as u64 * if is_packed { LIKELY_RATIO } else { 1 }
    }
}

/// How much larger than its file a packed text is taken to be.
const LIKELY_RATIO: u64 = 8;

impl CsvSource {
    /// The files that it stands for, at least one, in order.
    ///
    /// Errors: those of `glob::expand`; `InvalidOption` for a list without paths.
    pub fn parts(&self, context: &Context) -> Result<Vec<CsvPart>> {
        let paths = match self {
            CsvSource::Feed(feed) => return Ok(vec![CsvPart::Feed(feed.clone())]),
            CsvSource::Path(path) => std::slice::from_ref(path),
            CsvSource::Paths(paths) => &paths[..],
        };
        if paths.is_empty() {
            return Err(Error::new(
                ErrorKind::InvalidOption,
                "expected at least one path, found none",
            ));
        }
        let mut parts = Vec::new();
        for path in paths {
            let is_literal = !glob::is_pattern(path) || std::fs::symlink_metadata(path).is_ok();
            match is_literal {
                true => parts.push(CsvPart::File(path.clone())),
                false => parts.extend(glob::expand(path, context)?.into_iter().map(CsvPart::File)),
            }
        }
        Ok(parts)
    }
}

/// The bytes of one part, UTF-8 unless they are wrong.
#[derive(Debug)]
pub struct CsvInput {
    name: String,
    bytes: Bytes,
    decoded: Option<Decoded>,
    /// Whose wish to stop ends the way back from a place to an original offset.
    context: Context,
}

/// What the bytes were decoded from.
#[derive(Debug)]
struct Decoded {
    original: Bytes,
    encoding: TextEncoding,
    way_back: Mutex<WayBack>,
}

#[derive(Debug)]
enum Bytes {
    Mapped(MappedFile),
    Spool(Arc<Spool>),
}

impl Bytes {
    fn as_slice(&self) -> &[u8] {
        match self {
            Bytes::Mapped(file) => file.as_bytes(),
            Bytes::Spool(spool) => spool.as_bytes(),
        }
    }

    fn check_unchanged(&self) -> Result<()> {
        match self {
            Bytes::Mapped(file) => file.check_unchanged(),
            Bytes::Spool(_) => Ok(()),
        }
    }
}

impl CsvInput {
    /// Decodes the bytes of a part, where that has to be.
    fn open(
        part: &CsvPart,
        bytes: Bytes,
        options: &CsvReadOptions,
        context: &Context,
    ) -> Result<CsvInput> {
        let mut bytes = bytes;
        let mut decoded = None;
        if let Some(encoding) = TextEncoding::of(&options.encoding, bytes.as_slice())? {
            let spool = encoding.decode(bytes.as_slice(), context);
            bytes.check_unchanged()?;
            let way_back = Mutex::new(encoding.way_back());
            decoded = Some(Decoded { original: bytes, encoding, way_back });
            bytes = Bytes::Spool(Arc::new(spool?));
        }
        Ok(CsvInput { name: part.name().to_owned(), bytes, decoded, context: context.clone() })
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.as_slice()
    }

    /// What messages and the file column call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Fails when the file is not what it was when it was opened.
    ///
    /// Errors: `FileChanged`, `Io`.
    pub fn check_unchanged(&self) -> Result<()> {
        self.bytes.check_unchanged()
    }

    /// Fills a buffer with the bytes of a range without touching a map; `false` where there is
    /// none, or where the system does not give them.
    pub fn copy(&self, range: Range<usize>, target: &mut [u8]) -> bool {
        match &self.bytes {
            Bytes::Mapped(file) => file.copy(range.start, target),
            Bytes::Spool(_) => false,
        }
    }

    /// Says that bytes are not needed soon: see [`MappedFile::forget`].
    pub fn forget(&self, range: Range<usize>) {
        match &self.bytes {
            Bytes::Mapped(file) => file.forget(range),
            Bytes::Spool(spool) => spool.forget(range),
        }
    }

    /// Whether opening it again costs as much as reading it.
    fn is_made(&self) -> bool {
        matches!(self.bytes, Bytes::Spool(_))
    }

    /// The offset in the file, unpacked where it is packed, of what stands at `offset` here; this
    /// one itself once the work is cancelled.
    pub fn original_offset(&self, offset: u64) -> u64 {
        let Some(Decoded { original, way_back, .. }) = &self.decoded else { return offset };
        lock(way_back).original_offset(original.as_slice(), offset, &self.context).unwrap_or(offset)
    }

    /// An error of the records with the file's name and its own offset; `Cancelled` where that is
    /// what came meanwhile.
    pub fn locate(&self, error: Error) -> Error {
        let mut located = error.at(|place| {
            place.byte_offset = place.byte_offset.map(|offset| self.original_offset(offset));
        });
        if let (Some(decoded), ErrorKind::InvalidUtf8) = (&self.decoded, located.kind()) {
            // The mark of bytes that are no text says nothing of them.
            let place = located.location().clone();
            let offset = place.byte_offset.and_then(|offset| usize::try_from(offset).ok());
            let bytes = decoded.original.as_slice();
            located = decoded.encoding.malformed_error(bytes, offset.unwrap_or(bytes.len()));
            located = located.at(|found| *found = place);
        }
        match self.context.check() {
            Err(cancelled) => cancelled,
            Ok(()) => name(located, &self.name),
        }
    }
}

/// Maps a part or waits for it, and unpacks it.
fn unpacked(part: &CsvPart, context: &Context) -> Result<Bytes> {
    let bytes = match part {
        CsvPart::File(path) => Bytes::Mapped(MappedFile::open(path)?),
        CsvPart::Feed(feed) => Bytes::Spool(feed.wait(context)?),
    };
    let Some(codec) = Codec::of(bytes.as_slice())? else { return Ok(bytes) };
    let spool = decompress(codec, bytes.as_slice(), context);
    // Bytes that changed meanwhile are no damage.
    bytes.check_unchanged()?;
    Ok(Bytes::Spool(Arc::new(spool?)))
}

/// The files that one question opens: what had to be unpacked or decoded of a source of one file is
/// kept until its end, for a question opens it for its names, for its rows, and again when a type
/// proves too narrow; and so is what was unpacked for sniffing.
#[derive(Debug, Default)]
pub struct CsvInputs {
    made: Mutex<Vec<Made>>,
    unpacked: Mutex<Vec<(CsvPart, Arc<Spool>)>>,
}

#[derive(Debug)]
struct Made {
    source: CsvSource,
    encoding: String,
    input: Arc<CsvInput>,
}

impl CsvInputs {
    /// Opens a part as it is stored, unpacked and not decoded.
    ///
    /// Errors: as [`CsvInputs::open_part`], but those of encodings.
    pub fn open_stored(&self, part: &CsvPart, context: &Context) -> Result<CsvInput> {
        let bytes = self.unpacked(part, context).map_err(|error| name(error, part.name()))?;
        if let (Bytes::Spool(spool), CsvPart::File(_)) = (&bytes, part)
            && self.find_unpacked(part).is_none()
        {
            lock(&self.unpacked).push((part.clone(), spool.clone()));
        }
        let name = part.name().to_owned();
        Ok(CsvInput { name, bytes, decoded: None, context: context.clone() })
    }

    /// Opens a part: maps it or waits for it, unpacks it, decodes it.
    ///
    /// Errors: those of the file or the feed, with its name; `CorruptFile`, `LimitExceeded` and
    /// `Unsupported` of packed bytes, whose offset is one of the packed file; `InvalidOption` for
    /// an encoding that is not known or contradicts the file's mark; `Cancelled`. Bytes that are no
    /// text in it are left to whoever checks the UTF-8.
    /// Cost: none for UTF-8 files; else a pass over the bytes by one thread.
    pub fn open_part(
        &self,
        part: &CsvPart,
        options: &CsvReadOptions,
        context: &Context,
    ) -> Result<CsvInput> {
        self.unpacked(part, context)
            .and_then(|bytes| CsvInput::open(part, bytes, options, context))
            .map_err(|error| name(error, part.name()))
    }

    /// The bytes of a part, unpacked, once for sniffing and for reading.
    fn unpacked(&self, part: &CsvPart, context: &Context) -> Result<Bytes> {
        match self.find_unpacked(part) {
            Some(spool) => Ok(Bytes::Spool(spool)),
            None => unpacked(part, context),
        }
    }

    fn find_unpacked(&self, part: &CsvPart) -> Option<Arc<Spool>> {
        let known = lock(&self.unpacked);
        let is_it = |(one, _): &&(CsvPart, Arc<Spool>)| match (one, part) {
            (CsvPart::File(one), CsvPart::File(two)) => one == two,
            _ => false,
        };
        known.iter().find(is_it).map(|(_, spool)| spool.clone())
    }

    /// Opens the only part of a source, or finds it open.
    ///
    /// Errors: those of [`CsvInputs::open_part`].
    pub fn open(
        &self,
        source: &CsvSource,
        part: &CsvPart,
        options: &CsvReadOptions,
        context: &Context,
    ) -> Result<Arc<CsvInput>> {
        let made = || lock(&self.made);
        let is_it = |one: &&Made| &one.source == source && one.encoding == options.encoding;
        if let Some(one) = made().iter().find(is_it) {
            return Ok(one.input.clone());
        }
        let input = Arc::new(self.open_part(part, options, context)?);
        if input.is_made() {
            made().push(Made {
                source: source.clone(),
                encoding: options.encoding.clone(),
                input: input.clone(),
            });
        }
        Ok(input)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Names the file: what the caller asked, or a caller's own wish, is no matter of the file.
fn name(error: Error, file: &str) -> Error {
    match error.kind() {
        ErrorKind::InvalidOption if error.location().byte_offset.is_none() => error,
        ErrorKind::Cancelled => error,
        _ => error.in_file(file),
    }
}
