//! Bytes that come in pieces and are wanted whole: in memory while they are few, then in a file
//! that has no name.
//!
//! ```text
//! write, write, ...   memory, up to a bound -> a temporary file, deleted as soon as it is open
//! finish              the memory, or the file mapped: one slice either way
//! ```
//! Nobody else can reach the file, so it cannot shrink under its map, and it goes with its last
//! user however the process ends.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::mem;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use memmap2::Mmap;

use crate::error::{Error, ErrorKind, Result};
use crate::limits::{SPOOL_BUFFER_BYTES, SPOOL_MEMORY_BYTES_MAX, TEMPORARY_NAMES_MAX};

/// Whole bytes, in memory or in a nameless file.
#[derive(Debug)]
pub struct Spool {
    held: Held,
}

#[derive(Debug)]
enum Held {
    Memory(Vec<u8>),
    File(Mmap),
}

impl Spool {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.held {
            Held::Memory(bytes) => bytes,
            Held::File(map) => map,
        }
    }

    /// Says that bytes are not needed soon: pages of the file no longer count as this process's
    /// memory, and come back when they are touched.
    pub fn forget(&self, range: Range<usize>) {
        #[cfg(unix)]
        if let Held::File(map) = &self.held
            && range.start < range.end
            && range.end <= map.len()
        {
            // SAFETY: the map is shared and read only, so no page holds anything that the file does
            // not, and the system brings it back from there.
            let advised = unsafe {
                let (offset, len) = (range.start, range.end - range.start);
                map.unchecked_advise_range(memmap2::UncheckedAdvice::DontNeed, offset, len)
            };
            // Advice that is not taken costs memory, and nothing else.
            let _ = advised;
        }
        #[cfg(not(unix))]
        let _ = range;
    }

    /// Bytes of memory that it keeps; those of a file are the system's to keep or to drop.
    pub fn memory_bytes(&self) -> usize {
        match &self.held {
            Held::Memory(bytes) => bytes.capacity(),
            Held::File(_) => 0,
        }
    }
}

/// Gathers a [`Spool`].
#[derive(Debug, Default)]
pub struct SpoolWriter {
    /// All bytes so far, or those that are not in the file yet.
    memory: Vec<u8>,
    file: Option<File>,
    file_bytes: u64,
}

impl SpoolWriter {
    /// Starts without bytes, and without a file.
    pub fn new() -> SpoolWriter {
        SpoolWriter::default()
    }

    /// Number of bytes written.
    pub fn len_bytes(&self) -> u64 {
        self.file_bytes + self.memory.len() as u64
    }

    /// Appends bytes.
    ///
    /// Errors: `DiskFull`, `Io` and what else the system says of the temporary file.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let bound = match self.file {
            None => SPOOL_MEMORY_BYTES_MAX,
            Some(_) => SPOOL_BUFFER_BYTES,
        };
        let fits = self.memory.len() + bytes.len() <= bound;
        if fits && self.memory.try_reserve(bytes.len()).is_ok() {
            self.memory.extend_from_slice(bytes);
            return Ok(());
        }
        let held = mem::take(&mut self.memory);
        self.append_to_file(&held)?;
        if held.capacity() <= SPOOL_BUFFER_BYTES {
            self.memory = held;
            self.memory.clear();
        }
        match bytes.len() < SPOOL_BUFFER_BYTES {
            true => self.memory.extend_from_slice(bytes),
            false => self.append_to_file(bytes)?,
        }
        Ok(())
    }

    fn append_to_file(&mut self, bytes: &[u8]) -> Result<()> {
        let directory = std::env::temp_dir();
        let mut file = match self.file.take() {
            Some(file) => file,
            None => nameless_file(&directory)?,
        };
        file.write_all(bytes).map_err(|error| temporary_error(&error, &directory))?;
        self.file_bytes += bytes.len() as u64;
        self.file = Some(file);
        Ok(())
    }

    /// All bytes, from now on unchanged.
    ///
    /// Errors: as [`SpoolWriter::write`].
    pub fn finish(mut self) -> Result<Spool> {
        if self.file.is_none() {
            self.memory.shrink_to_fit();
            return Ok(Spool { held: Held::Memory(self.memory) });
        }
        let held = mem::take(&mut self.memory);
        self.append_to_file(&held)?;
        let directory = std::env::temp_dir();
        let Some(file) = self.file else { return Ok(Spool { held: Held::Memory(held) }) };
        // SAFETY: the file has no name and no other handle, so nobody changes it: see the module.
        let map =
            unsafe { Mmap::map(&file) }.map_err(|error| temporary_error(&error, &directory))?;
        Ok(Spool { held: Held::File(map) })
    }
}

/// A new file that no name leads to.
fn nameless_file(directory: &Path) -> Result<File> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{Mode, OFlags, open};
        // Not every filesystem can; where it cannot, the way below is as good but for a crash
        // between its two calls.
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC | OFlags::EXCL;
        if let Ok(descriptor) = open(directory, flags, Mode::RUSR | Mode::WUSR) {
            return Ok(File::from(descriptor));
        }
    }
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let mut tries = 0;
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = directory.join(format!("pardox-{}-{number}.tmp", std::process::id()));
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        tries += 1;
        match options.open(&path) {
            Ok(file) => {
                std::fs::remove_file(&path).map_err(|error| temporary_error(&error, directory))?;
                return Ok(file);
            }
            Err(error)
                if error.kind() == std::io::ErrorKind::AlreadyExists
                    && tries < TEMPORARY_NAMES_MAX => {}
            Err(error) => return Err(temporary_error(&error, directory)),
        }
    }
}

fn temporary_error(error: &std::io::Error, directory: &Path) -> Error {
    let known = Error::io(error, &directory.to_string_lossy());
    let kind = match known.kind() {
        // It is the directory that is not there, and not what was asked for.
        ErrorKind::NotFound => ErrorKind::Io,
        kind => kind,
    };
    let summary = format!("a temporary file cannot be written: {}", known.summary());
    Error::new(kind, summary)
        .in_file(&directory.to_string_lossy())
        .hint("make room there, or let TMPDIR name another directory")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_back_whole_from_memory_and_from_the_file() {
        for (piece_bytes, pieces) in [
            (0, 3),
            (1, 1000),
            (100_000, 3),
            (SPOOL_BUFFER_BYTES + 7, 70),
            (3_333_333, 25),
            (SPOOL_MEMORY_BYTES_MAX, 1),
            (SPOOL_MEMORY_BYTES_MAX + 1, 1),
        ] {
            let mut writer = SpoolWriter::new();
            let mut expected = Vec::new();
            for piece in 0..pieces {
                let bytes = vec![piece as u8 ^ 0x5A; piece_bytes];
                writer.write(&bytes).expect("written");
                expected.extend_from_slice(&bytes);
                assert_eq!(writer.len_bytes(), expected.len() as u64);
            }
            let is_file = writer.file.is_some();
            assert_eq!(is_file, expected.len() > SPOOL_MEMORY_BYTES_MAX);
            let spool = writer.finish().expect("finished");
            assert!(spool.as_bytes() == expected, "{piece_bytes} x {pieces}");
            spool.forget(0..expected.len());
            assert!(spool.as_bytes() == expected, "forgotten bytes come back");
            assert_eq!(spool.memory_bytes() == 0, is_file || expected.is_empty());
        }
    }

    #[test]
    fn nothing_stays_in_the_directory() {
        let directory = std::env::temp_dir().join(format!("pardox-spool-{}", std::process::id()));
        std::fs::create_dir(&directory).expect("made");
        let file = nameless_file(&directory).expect("opened");
        assert_eq!(std::fs::read_dir(&directory).expect("listed").count(), 0);
        drop(file);
        std::fs::remove_dir(&directory).expect("empty");
        let error = nameless_file(&directory).expect_err("the directory is gone");
        assert_eq!(error.kind(), ErrorKind::Io);
        assert!(error.hint_text().expect("a hint").contains("TMPDIR"));
    }
}
