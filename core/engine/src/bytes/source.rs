//! Where bytes come from: a path in, a read-only map of the whole file out.
//!
//! A map costs no copy and no memory of its own; pages come when they are touched. The price: a
//! file that shrinks while it is mapped makes the system stop the process when a lost page is
//! touched. Our own writers never change a file in place (`sink`), and readers call
//! [`MappedFile::check_unchanged`] before and between their passes, which turns most such cases
//! into an error.

use std::fs::{File, Metadata};
use std::io;
use std::ops::Range;
use std::time::SystemTime;

use memmap2::Mmap;

use crate::error::{Error, ErrorKind, Result};

/// A whole regular file, mapped read only; closed and unmapped on drop.
#[derive(Debug)]
pub struct MappedFile {
    path: String,
    file: File,
    /// `None` for an empty file: a map has at least one byte.
    map: Option<Mmap>,
    size_bytes: u64,
    modified: Option<SystemTime>,
}

impl MappedFile {
    /// Opens and maps the file at `path`.
    ///
    /// Errors: `NotFound`, `PermissionDenied`, `IsDirectory`, `Unsupported` for a pipe or a device,
    /// `LimitExceeded` for a file larger than the address space, `Io` for the rest.
    pub fn open(path: &str) -> Result<MappedFile> {
        // Opening a pipe would wait for its writer, so the kind is asked for first. A change
        // between the two calls is seen by the second look, on the open file.
        let metadata = std::fs::metadata(path).map_err(|error| Error::io(&error, path))?;
        require_regular(&metadata, path)?;
        let file = File::open(path).map_err(|error| Error::io(&error, path))?;
        let metadata = file.metadata().map_err(|error| Error::io(&error, path))?;
        require_regular(&metadata, path)?;
        let size_bytes = metadata.len();
        if isize::try_from(size_bytes).is_err() {
            let summary = format!("a file of {size_bytes} bytes cannot be mapped");
            return Err(Error::new(ErrorKind::LimitExceeded, summary).in_file(path));
        }
        let map = match size_bytes {
            0 => None,
            // SAFETY: the map is read only and private to this value. That nobody changes the file
            // meanwhile cannot be ensured by a reader; the module comment says what is done.
            _ => Some(unsafe { Mmap::map(&file) }.map_err(|error| Error::io(&error, path))?),
        };
        let modified = metadata.modified().ok();
        Ok(MappedFile { path: path.to_owned(), file, map, size_bytes, modified })
    }

    /// The bytes; empty for an empty file.
    pub fn as_bytes(&self) -> &[u8] {
        self.map.as_deref().unwrap_or_default()
    }

    /// The path, as the caller gave it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Size when the file was opened.
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Time of the last change when the file was opened, where the system keeps it.
    pub fn modified(&self) -> Option<SystemTime> {
        self.modified
    }

    /// Reads bytes from `offset` on into a buffer, without touching the map: for a single look it
    /// takes less of the system than mapping pages. `false` when it does not give that many.
    pub fn copy(&self, offset: usize, target: &mut [u8]) -> bool {
        #[cfg(unix)]
        {
            use std::os::unix::fs::FileExt;
            self.file.read_exact_at(target, offset as u64).is_ok()
        }
        #[cfg(not(unix))]
        {
            let _ = (offset, target);
            false
        }
    }

    /// Says that bytes are not needed soon: their pages no longer count as this process's memory,
    /// and come back when they are touched. Of no effect where the system knows no such advice.
    pub fn forget(&self, range: Range<usize>) {
        #[cfg(unix)]
        if let Some(map) = &self.map
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

    /// Fails when the open file has another size or time of change than when it was mapped.
    ///
    /// Errors: `FileChanged`; `Io` when the system does not answer.
    /// Cost: one system call.
    pub fn check_unchanged(&self) -> Result<()> {
        let metadata = self.file.metadata().map_err(|error| Error::io(&error, &self.path))?;
        if metadata.len() == self.size_bytes && metadata.modified().ok() == self.modified {
            return Ok(());
        }
        let error = match metadata.len() == self.size_bytes {
            true => Error::new(ErrorKind::FileChanged, "the file changed while it was open"),
            false => Error::mismatch(
                ErrorKind::FileChanged,
                format!("the {} bytes that were opened", self.size_bytes),
                format!("{} bytes", metadata.len()),
            ),
        };
        Err(error.in_file(&self.path).hint(
            "let the writer finish, or have it write a new file and rename it, and read again",
        ))
    }
}

fn require_regular(metadata: &Metadata, path: &str) -> Result<()> {
    if metadata.is_dir() {
        return Err(Error::io(&io::Error::from(io::ErrorKind::IsADirectory), path));
    }
    if !metadata.is_file() {
        let summary = "expected a regular file, found a pipe, a socket or a device";
        return Err(Error::new(ErrorKind::Unsupported, summary)
            .in_file(path)
            .hint("copy it to a file first"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn temporary(name: &str) -> String {
        let name = format!("pardox-source-{}-{name}", std::process::id());
        std::env::temp_dir().join(name).to_str().expect("a UTF-8 path").to_owned()
    }

    #[test]
    fn file_comes_back_byte_by_byte() {
        let path = temporary("bytes");
        for bytes in [&b""[..], b"x", &[7; 10_000]] {
            std::fs::write(&path, bytes).expect("written");
            let mapped = MappedFile::open(&path).expect("opened");
            assert_eq!((mapped.as_bytes(), mapped.size_bytes()), (bytes, bytes.len() as u64));
            mapped.check_unchanged().expect("nobody wrote");
        }
        std::fs::remove_file(&path).expect("removed");
    }

    #[test]
    fn forgotten_bytes_come_back() {
        let path = temporary("forgotten");
        let bytes: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
        std::fs::write(&path, &bytes).expect("written");
        let mapped = MappedFile::open(&path).expect("opened");
        assert_eq!(mapped.as_bytes(), bytes);
        for range in [0..bytes.len(), 5000..5001, 0..0, 4097..300_000, 0..bytes.len() + 1] {
            mapped.forget(range);
            assert_eq!(mapped.as_bytes(), bytes);
        }
        std::fs::remove_file(&path).expect("removed");
    }

    #[test]
    fn missing_directory_and_device_are_named() {
        let kind = |path: &str| MappedFile::open(path).expect_err("refused").kind();
        assert_eq!(kind(&temporary("missing")), ErrorKind::NotFound);
        assert_eq!(kind(std::env::temp_dir().to_str().expect("UTF-8")), ErrorKind::IsDirectory);
        if cfg!(unix) {
            assert_eq!(kind("/dev/null"), ErrorKind::Unsupported);
        }
    }

    #[test]
    fn growth_and_rewriting_are_seen() {
        let path = temporary("changed");
        std::fs::write(&path, "abc").expect("written");
        let mapped = MappedFile::open(&path).expect("opened");
        let mut file = std::fs::OpenOptions::new().append(true).open(&path).expect("opened again");
        file.write_all(b"d").expect("appended");
        let error = mapped.check_unchanged().expect_err("one byte more");
        assert_eq!(error.kind(), ErrorKind::FileChanged);
        assert_eq!(error.found(), Some("4 bytes"));

        let mapped = MappedFile::open(&path).expect("opened");
        let later = SystemTime::now() + std::time::Duration::from_secs(5);
        file.set_modified(later).expect("the time is ours to set");
        assert_eq!(mapped.check_unchanged().expect_err("time").kind(), ErrorKind::FileChanged);
        std::fs::remove_file(&path).expect("removed");
    }
}
