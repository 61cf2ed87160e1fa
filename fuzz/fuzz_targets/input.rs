//! Any bytes as a packed file, as text of any encoding, and as a pattern for paths: they give an
//! answer or an error, never a panic, and places lead back into the bytes.
//!
//! Run: `cargo +nightly fuzz run input fuzz/corpus/input fuzz/seeds/input -- -max_total_time=60`
//!
//! The first byte of an input chooses the door and the encoding; the rest is the file.

#![no_main]

use encoding_rs::{Encoding, UTF_16LE};
use libfuzzer_sys::fuzz_target;
use pardox_engine::bytes::decompress::{Codec, decompress};
use pardox_engine::bytes::encoding::{MALFORMED_MARK, TextEncoding};
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
        1 | 2 => decode(LABELS[usize::from(choice >> 2 & 7)], bytes, &context),
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

/// The text is what the decoder makes of all bytes at once, and places rise with those of the text.
fn decode(label: &str, bytes: &[u8], context: &Context) {
    let Ok(Some(encoding)) = TextEncoding::of(label, bytes) else { return };
    let spool = encoding.decode(bytes, context).expect("any bytes decode");
    let mut text = Vec::new();
    for byte in spool.as_bytes() {
        match *byte {
            MALFORMED_MARK => text.extend_from_slice("\u{FFFD}".as_bytes()),
            byte => text.push(byte),
        }
    }
    let by_mark = || Encoding::for_bom(bytes).map_or(UTF_16LE, |(encoding, _)| encoding);
    let known = match label {
        "utf-16" => by_mark(),
        label => Encoding::for_label(label.as_bytes()).expect("a label"),
    };
    let (expected, _) = known.decode_with_bom_removal(bytes);
    assert_eq!(String::from_utf8(text).expect("UTF-8"), expected);

    let (mut way_back, mut last) = (encoding.way_back(), 0);
    let len = spool.as_bytes().len() as u64;
    for place in [0, len / 3, len / 2, len] {
        let offset = way_back.original_offset(bytes, place, context).expect("not cancelled");
        assert!(last <= offset && offset <= bytes.len() as u64);
        let again = encoding.way_back().original_offset(bytes, place, context);
        assert_eq!(again.expect("not cancelled"), offset);
        last = offset;
    }
}
