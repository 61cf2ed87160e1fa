//! Any bytes as a `.prdx` file: opened and touched to the last value, they give a table or an
//! error, never a panic or a read out of bounds.
//!
//! Run: `cargo +nightly fuzz run prdx fuzz/corpus/prdx fuzz/seeds/prdx -- -max_total_time=60`
//!
//! Damage that checksums show is found at the first of them. So each input is tried twice: as it
//! is, and with the checksums made right, which lets the damage through to what the checksums
//! cover.

#![no_main]

use std::path::PathBuf;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use pardox_engine::column::Frame;
use pardox_engine::error::{ErrorKind, Result};
use pardox_engine::format::prdx::open_prdx;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

fuzz_target!(|bytes: &[u8]| {
    check(bytes);
    let mut sealed = bytes.to_vec();
    if seal(&mut sealed).is_some() {
        check(&sealed);
    }
});

fn check(bytes: &[u8]) {
    static PATH: OnceLock<String> = OnceLock::new();
    let path = PATH.get_or_init(|| {
        let directory = Some(PathBuf::from("/dev/shm")).filter(|path| path.is_dir());
        let directory = directory.unwrap_or_else(std::env::temp_dir);
        let file = directory.join(format!("pardox-fuzz-{}.prdx", std::process::id()));
        file.to_str().expect("a UTF-8 path").to_owned()
    });
    std::fs::write(path, bytes).expect("written");
    if let Err(error) = open_prdx(path).and_then(|frame| touch(&frame)) {
        let kind = error.kind();
        assert!(matches!(kind, ErrorKind::CorruptFile | ErrorKind::UnsupportedVersion), "{error}");
        assert!(error.location().byte_offset.is_some(), "{error}");
    }
}

/// Reads every value; the last error met, for columns fail on their own.
fn touch(frame: &Frame) -> Result<()> {
    let mut outcome = Ok(());
    for block in frame.blocks() {
        for column in 0..frame.schema().len() {
            match block.array(column) {
                Err(error) => outcome = Err(error.clone()),
                Ok(array) => {
                    assert_eq!(array.len(), block.row_count());
                    (0..array.len()).for_each(|index| drop(array.scalar(index)));
                }
            }
        }
    }
    outcome
}

/// Makes the checksums right that can be found, from the data up, as `docs/prdx.md` places them.
fn seal(bytes: &mut [u8]) -> Option<()> {
    let trailer = bytes.len().checked_sub(64).filter(|offset| *offset >= 64)?;
    let footer = u64_at(bytes, trailer)? as usize;
    let columns = u32_at(bytes, footer.checked_add(8)?)?.min(64) as usize;
    let groups = u32_at(bytes, footer.checked_add(12)?)?.min(64) as usize;
    let segments = u32_at(bytes, footer.checked_add(16)?)?.min(64) as usize;
    for group in 0..groups {
        let extent = footer + 32 + group * 32 + 8;
        let directory = u64_at(bytes, extent)? as usize;
        for buffer in 0..columns * 3 {
            let entry = directory.checked_add(buffer / 3 * 80 + 8 + buffer % 3 * 24)?;
            seal_extent(bytes, entry);
        }
        seal_extent(bytes, extent);
    }
    for segment in 0..segments {
        seal_extent(bytes, footer + 32 + groups * 32 + segment * 32 + 8);
    }
    let len = u64_at(bytes, trailer + 8)? as usize;
    let hash = xxh3_128(bytes.get(footer..footer.checked_add(len)?)?);
    bytes[trailer + 16..trailer + 32].copy_from_slice(&hash.to_le_bytes());
    for (start, len) in [(0, 56), (trailer, 48)] {
        let checksum = xxh3_64(&bytes[start..start + len]);
        bytes[start + len..start + len + 8].copy_from_slice(&checksum.to_le_bytes());
    }
    Some(())
}

/// An extent of zeros is an absent buffer and stays one.
fn seal_extent(bytes: &mut [u8], extent: usize) -> Option<()> {
    let (offset, len) = (u64_at(bytes, extent)? as usize, u64_at(bytes, extent + 8)? as usize);
    let content = bytes.get(offset..offset.checked_add(len)?).filter(|_| offset > 0)?;
    let checksum = xxh3_64(content).to_le_bytes();
    bytes.get_mut(extent + 16..extent + 24)?.copy_from_slice(&checksum);
    Some(())
}

fn u64_at(bytes: &[u8], offset: usize) -> Option<u64> {
    let field = bytes.get(offset..offset.checked_add(8)?)?;
    Some(u64::from_le_bytes(field.try_into().ok()?))
}

fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    let field = bytes.get(offset..offset.checked_add(4)?)?;
    Some(u32::from_le_bytes(field.try_into().ok()?))
}
