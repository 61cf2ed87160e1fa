//! Any bytes as a packed file, as text of any encoding, and as a pattern for paths: they give an
//! answer or an error, never a panic, and places lead back into the bytes.
//!
//! Run: `cargo +nightly fuzz run input fuzz/corpus/input fuzz/seeds/input -- -max_total_time=60`
//!
//! The first byte of an input chooses the door and the encoding; the rest is the file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pardox_engine::bytes::decompress::{Codec, decompress};
use pardox_engine::bytes::encoding::{Malformed, TextEncoding};
use pardox_engine::bytes::glob;
use pardox_engine::context::Context;
use pardox_engine::error::ErrorKind;

const LABELS: [&str; 8] =
    ["utf-16", "utf-16be", "windows-1252", "shift_jis", "gb18030", "big5", "euc-kr", "iso-2022-jp"];

fuzz_target!(|input: &[u8]| {
    let Some((choice, bytes)) = input.split_first() else { return };
    let context = Context::default();
    match choice % 4 {
        0 => unpack(bytes, &context),
        1 => decode(LABELS[usize::from(choice >> 2 & 7)], bytes, Malformed::Refuse, &context),
        2 => decode(LABELS[usize::from(choice >> 2 & 7)], bytes, Malformed::Replace, &context),
        _ => {
            if let Ok(text) = std::str::from_utf8(bytes)
                && let Some((pattern, name)) = text.split_once('/')
            {
                let found = glob::matches(pattern, name);
                let is_special = glob::is_pattern(pattern) || name.starts_with('.');
                assert!(found || pattern != name || is_special);
            }
        }
    }
});

fn unpack(bytes: &[u8], context: &Context) {
    let Ok(Some(codec)) = Codec::of(bytes) else { return };
    if let Err(error) = decompress(codec, bytes, context) {
        match error.kind() {
            ErrorKind::CorruptFile => {
                assert!(error.location().byte_offset.is_some_and(|at| at <= bytes.len() as u64));
            }
            ErrorKind::LimitExceeded | ErrorKind::Unsupported => {}
            _ => panic!("{error}"),
        }
    }
}

fn decode(label: &str, bytes: &[u8], malformed: Malformed, context: &Context) {
    let Ok(Some(encoding)) = TextEncoding::of(label, bytes, malformed) else { return };
    match encoding.decode(bytes, context) {
        Ok(spool) => {
            let text = std::str::from_utf8(spool.as_bytes()).expect("UTF-8");
            let middle = text.len() as u64 / 2;
            assert!(encoding.way_back().original_offset(bytes, middle) <= bytes.len() as u64);
        }
        Err(error) => {
            assert!(malformed == Malformed::Refuse && error.kind() == ErrorKind::InvalidUtf8);
            assert!(error.location().byte_offset.is_some_and(|at| at < bytes.len() as u64));
        }
    }
}
