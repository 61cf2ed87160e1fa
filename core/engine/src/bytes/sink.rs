//! Where bytes go: a path and bytes in order in, a complete file out, or no file at all.
//!
//! ```text
//! create: orders.csv.tmp.<pid>.<n>   a new name in the same directory
//! write:  buffered, in order; full buffers are written by a thread of their own
//! finish: fsync file -> rename over orders.csv -> fsync directory
//! drop without finish: the temporary name is removed
//! ```
//! A reader sees the old file or the whole new one, never a part; one who has the old file mapped
//! keeps the old bytes.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::behind::WriteBehind;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{SINK_BUFFER_BYTES, TEMPORARY_NAMES_MAX};

/// A file under construction. Complete only after [`FileSink::finish`].
#[derive(Debug)]
pub struct FileSink {
    /// As the caller gave it, for messages.
    path: String,
    /// What the rename replaces: `path` with symbolic links followed.
    target: PathBuf,
    temporary: PathBuf,
    file: File,
    buffer: Vec<u8>,
    /// From the first full buffer on: a small file needs no thread.
    behind: Option<WriteBehind>,
    offset_bytes: u64,
    has_failed: bool,
    is_finished: bool,
}

impl FileSink {
    /// Starts a file that will stand at `path` once it is finished.
    ///
    /// Errors: `NotFound` for a missing directory, `PermissionDenied`, `IsDirectory`, `Unsupported`
    /// for a pipe or a device, `Io`.
    pub fn create(path: &str) -> Result<FileSink> {
        let fail = |error: io::Error| Error::io(&error, path);
        // A link is followed, so that it stays a link; the file it names is replaced.
        let target = match std::fs::symlink_metadata(path) {
            Ok(metadata) if metadata.is_symlink() => std::fs::canonicalize(path).map_err(fail)?,
            _ => PathBuf::from(path),
        };
        let replaced = std::fs::metadata(&target).ok();
        if let Some(metadata) = &replaced {
            require_replaceable(metadata, path)?;
        }
        let (temporary, file) = create_temporary(&target).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Error::new(ErrorKind::NotFound, "no such directory")
                .in_file(path)
                .hint("create the directory first"),
            _ => Error::io(&error, path),
        })?;
        let sink = FileSink::over(path, target, temporary, file);
        if let Some(metadata) = replaced {
            sink.file.set_permissions(metadata.permissions()).map_err(fail)?;
        }
        Ok(sink)
    }

    fn over(path: &str, target: PathBuf, temporary: PathBuf, file: File) -> FileSink {
        let buffer = Vec::with_capacity(SINK_BUFFER_BYTES);
        let path = path.to_owned();
        FileSink {
            path,
            target,
            temporary,
            file,
            buffer,
            behind: None,
            offset_bytes: 0,
            has_failed: false,
            is_finished: false,
        }
    }

    /// Bytes written so far: the offset of the next one.
    pub fn offset_bytes(&self) -> u64 {
        self.offset_bytes
    }

    /// Appends bytes.
    ///
    /// Errors: `DiskFull`, `Io`, of these bytes or of some before them; what is found later,
    /// `finish` tells. After an error the file cannot be finished; drop it.
    pub fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        self.offset_bytes += bytes.len() as u64;
        while self.buffer.len() + bytes.len() > SINK_BUFFER_BYTES {
            let (now, later) = bytes.split_at(SINK_BUFFER_BYTES - self.buffer.len());
            self.buffer.extend_from_slice(now);
            if let Err(error) = self.flush() {
                self.has_failed = true;
                return Err(Error::io(&error, &self.path));
            }
            bytes = later;
        }
        self.buffer.extend_from_slice(bytes);
        Ok(())
    }

    /// Appends zeros until the offset is a multiple of `align_bytes`, a power of two up to 4 KiB.
    ///
    /// Errors: as `write`.
    pub fn pad_to(&mut self, align_bytes: usize) -> Result<()> {
        const ZEROS: [u8; 4096] = [0; 4096];
        assert!(align_bytes.is_power_of_two() && align_bytes <= ZEROS.len());
        let past = (self.offset_bytes % align_bytes as u64) as usize;
        match past {
            0 => Ok(()),
            _ => self.write(&ZEROS[..align_bytes - past]),
        }
    }

    /// Gives the full buffer away; writes it here where the system refuses a thread.
    fn flush(&mut self) -> io::Result<()> {
        if self.behind.is_none() {
            self.behind = WriteBehind::start(&self.file).ok();
        }
        match &mut self.behind {
            Some(behind) => {
                self.buffer = behind.write(std::mem::take(&mut self.buffer))?;
                self.buffer.reserve_exact(SINK_BUFFER_BYTES);
                Ok(())
            }
            None => self.write_rest(),
        }
    }

    fn write_rest(&mut self) -> io::Result<()> {
        self.file.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    /// Makes the file durable and puts it in its place; returns its size.
    ///
    /// Errors: `DiskFull`, `PermissionDenied`, `Io`; what stood at the path before then stands
    /// there still, unless it is only the last step, the directory's own fsync, that failed.
    pub fn finish(mut self) -> Result<u64> {
        self.put_in_place().map_err(|error| Error::io(&error, &self.path))?;
        self.is_finished = true;
        sync_directory(&self.target).map_err(|error| Error::io(&error, &self.path))?;
        Ok(self.offset_bytes)
    }

    fn put_in_place(&mut self) -> io::Result<()> {
        if self.has_failed {
            return Err(io::Error::other("an earlier write failed"));
        }
        if let Some(mut behind) = self.behind.take() {
            behind.finish()?;
        }
        self.write_rest()?;
        self.file.sync_all()?;
        std::fs::rename(&self.temporary, &self.target)
    }
}

impl Drop for FileSink {
    fn drop(&mut self) {
        self.behind = None;
        if !self.is_finished {
            // Nothing more can be done about a failure here: the error that led here is on its way.
            let _ = std::fs::remove_file(&self.temporary);
        }
    }
}

/// Replacing a device by a file would take it from everybody else.
fn require_replaceable(metadata: &std::fs::Metadata, path: &str) -> Result<()> {
    if metadata.is_dir() {
        return Err(Error::io(&io::Error::from(io::ErrorKind::IsADirectory), path));
    }
    if !metadata.is_file() {
        let summary = "expected a regular file to replace, found a pipe, a socket or a device";
        return Err(Error::new(ErrorKind::Unsupported, summary).in_file(path));
    }
    Ok(())
}

fn create_temporary(target: &Path) -> io::Result<(PathBuf, File)> {
    let Some(name) = target.file_name() else {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    };
    let mut attempt = 0;
    loop {
        let mut candidate = name.to_owned();
        candidate.push(format!(".tmp.{}.{attempt}", std::process::id()));
        let temporary = target.with_file_name(candidate);
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Ok(file) => return Ok((temporary, file)),
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            Err(error) if attempt == TEMPORARY_NAMES_MAX => return Err(error),
            Err(_) => attempt += 1,
        }
    }
}

#[cfg(unix)]
fn sync_directory(target: &Path) -> io::Result<()> {
    let directory = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    File::open(directory)?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::SINK_BUFFERS_MAX;

    struct Directory(PathBuf);

    impl Directory {
        fn new(name: &str) -> Directory {
            let name = format!("pardox-sink-{}-{name}", std::process::id());
            let path = std::env::temp_dir().join(name);
            std::fs::create_dir_all(&path).expect("made");
            Directory(path)
        }

        fn path(&self, name: &str) -> String {
            self.0.join(name).to_str().expect("a UTF-8 path").to_owned()
        }

        fn names(&self) -> Vec<String> {
            let entries = std::fs::read_dir(&self.0).expect("listed");
            let name = |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
            let mut names: Vec<_> = entries.map(|entry| name(entry.expect("read"))).collect();
            names.sort();
            names
        }
    }

    impl Drop for Directory {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.0).expect("removed");
        }
    }

    #[test]
    fn finish_replaces_and_drop_leaves_nothing() {
        let directory = Directory::new("finish");
        let path = directory.path("out");
        std::fs::write(&path, "old").expect("written");

        let mut sink = FileSink::create(&path).expect("created");
        sink.write(b"half").expect("buffered");
        drop(sink);
        assert_eq!(directory.names(), ["out"]);
        assert_eq!(std::fs::read(&path).expect("read"), b"old");

        let mut sink = FileSink::create(&path).expect("created");
        let mut expected = Vec::new();
        for size in [1, SINK_BUFFER_BYTES - 1, SINK_BUFFER_BYTES, 3 * SINK_BUFFER_BYTES, 5] {
            let bytes = vec![size as u8 ^ 0x5A; size];
            sink.write(&bytes).expect("written");
            expected.extend_from_slice(&bytes);
        }
        sink.pad_to(64).expect("padded");
        expected.resize(expected.len().next_multiple_of(64), 0);
        assert_eq!(sink.offset_bytes(), expected.len() as u64);
        assert_eq!(sink.finish().expect("finished"), expected.len() as u64);
        assert_eq!(directory.names(), ["out"]);
        assert_eq!(std::fs::read(&path).expect("read"), expected);
    }

    #[test]
    fn two_sinks_for_one_path_do_not_meet() {
        let directory = Directory::new("two");
        let path = directory.path("out");
        let mut first = FileSink::create(&path).expect("created");
        let mut second = FileSink::create(&path).expect("created");
        first.write(b"first").expect("written");
        second.write(b"second").expect("written");
        first.finish().expect("finished");
        second.finish().expect("finished");
        assert_eq!(std::fs::read(&path).expect("read"), b"second");
        assert_eq!(directory.names(), ["out"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_a_mode_stays() {
        use std::os::unix::fs::PermissionsExt;
        let directory = Directory::new("link");
        let (path, link) = (directory.path("out"), directory.path("link"));
        std::fs::write(&path, "old").expect("written");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).expect("set");
        std::os::unix::fs::symlink(&path, &link).expect("linked");
        let mut sink = FileSink::create(&link).expect("created");
        sink.write(b"new").expect("written");
        sink.finish().expect("finished");
        assert_eq!(std::fs::read(&path).expect("read"), b"new");
        assert!(std::fs::symlink_metadata(&link).expect("there").is_symlink());
        let mode = std::fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
    }

    #[test]
    fn places_that_cannot_be_written_are_named() {
        let directory = Directory::new("places");
        let kind = |path: &str| FileSink::create(path).expect_err("refused").kind();
        assert_eq!(kind(&directory.path("missing/out")), ErrorKind::NotFound);
        assert_eq!(kind(&directory.path("")), ErrorKind::IsDirectory);
        if cfg!(unix) {
            assert_eq!(kind("/dev/null"), ErrorKind::Unsupported);
        }
    }

    #[cfg(target_os = "linux")]
    fn full_sink(directory: &Directory) -> FileSink {
        let temporary = PathBuf::from(directory.path("out.tmp"));
        std::fs::write(&temporary, "").expect("written");
        let full = OpenOptions::new().write(true).open("/dev/full").expect("a full device");
        FileSink::over("out", PathBuf::from(directory.path("out")), temporary, full)
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_an_error_and_leaves_nothing() {
        let directory = Directory::new("full");
        let mut sink = full_sink(&directory);
        sink.write(b"small").expect("buffered only");
        // More than all buffers hold: the first that fails is heard of before the last is given.
        let bytes = vec![0; SINK_BUFFER_BYTES * (SINK_BUFFERS_MAX + 3)];
        let error = sink.write(&bytes).expect_err("no space");
        assert_eq!(error.kind(), ErrorKind::DiskFull);
        sink.finish().expect_err("what was lost cannot be finished");
        assert!(directory.names().is_empty());

        let mut sink = full_sink(&directory);
        sink.write(&vec![0; SINK_BUFFER_BYTES + 1]).expect("on its way");
        assert_eq!(sink.finish().expect_err("no space").kind(), ErrorKind::DiskFull);
        assert!(directory.names().is_empty());
    }
}
