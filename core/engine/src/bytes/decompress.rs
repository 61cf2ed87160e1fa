//! Compressed bytes to plain ones: gzip, zstd and bzip2, told by their content, never by a name.
//!
//! ```text
//! bytes -> magic -> member, member, ... (all checksums checked) -> Spool
//! ```
//! A file may hold several members, one after the other, as the tools of these formats write and
//! read them. Formats that are known and not read are named, so that nobody reads them as text.

use std::io::{self, BufRead, Read};

use bzip2::bufread::BzDecoder;
use flate2::bufread::GzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::spool::{Spool, SpoolWriter};
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{
    DECOMPRESS_STEP_BYTES, DECOMPRESSED_FREE_BYTES, DECOMPRESSED_RATIO_MAX, ZSTD_WINDOW_BYTES_MAX,
};

/// How bytes are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// The format of Julian Seward's program.
    Bzip2,
}

const BZIP2_BLOCK: [u8; 6] = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
const BZIP2_END: [u8; 6] = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90];

impl Codec {
    /// How these bytes are compressed; `None` when they are not.
    ///
    /// Errors: `Unsupported` for formats that are known and not read.
    pub fn of(bytes: &[u8]) -> Result<Option<Codec>> {
        let other = match bytes {
            [0x1F, 0x8B, 0x08, ..] => return Ok(Some(Codec::Gzip)),
            // A frame, or one of the kind that readers skip.
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => {
                return Ok(Some(Codec::Zstd));
            }
            [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..]
                if rest.starts_with(&BZIP2_BLOCK) || rest.starts_with(&BZIP2_END) =>
            {
                return Ok(Some(Codec::Bzip2));
            }
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => "xz data",
            [b'P', b'K', 3, 4, ..] => "a zip archive",
            [b'7', b'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => "a 7z archive",
            [0x04, 0x22, 0x4D, 0x18, ..] => "lz4 data",
            _ => return Ok(None),
        };
        Err(Error::mismatch(
            ErrorKind::Unsupported,
            "text, or text compressed with gzip, zstd or bzip2",
            other,
        )
        .hint("unpack it first"))
    }

    fn name(self) -> &'static str {
        match self {
            Codec::Gzip => "gzip",
            Codec::Zstd => "zstd",
            Codec::Bzip2 => "bzip2",
        }
    }
}

/// Decompresses bytes whole.
///
/// Errors: `CorruptFile` with the offset in the compressed bytes about where the damage is;
/// `LimitExceeded` for bytes that grow beyond `DECOMPRESSED_RATIO_MAX`; `Unsupported` for zstd with
/// a dictionary; those of the spool; `Cancelled`.
/// Cost: one pass by one thread; memory as the spool takes it.
pub fn decompress(codec: Codec, bytes: &[u8], context: &Context) -> Result<Spool> {
    context.expect_bytes(bytes.len() as u64);
    let whole_bytes = bytes.len();
    let mut input = Input { rest: bytes, step_bytes: 0, context };
    let mut output = Output {
        codec,
        whole_bytes,
        spool: SpoolWriter::new(),
        buffer: vec![0; DECOMPRESS_STEP_BYTES],
        context,
    };
    while !input.rest.is_empty() {
        context.check()?;
        let is_padding = input.rest.len() < whole_bytes && input.rest.iter().all(|byte| *byte == 0);
        if is_padding {
            break;
        }
        if !matches!(Codec::of(input.rest), Ok(Some(found)) if found == codec) {
            let summary = format!("bytes that are no {} data follow the end of it", codec.name());
            return Err(output.corrupt(&input, summary));
        }
        match codec {
            Codec::Gzip => {
                let mut member = GzDecoder::new(input);
                output.drain(&mut member, |member| member.get_ref())?;
                input = member.into_inner();
            }
            Codec::Bzip2 => {
                let mut member = BzDecoder::new(input);
                output.drain(&mut member, |member| member.get_ref())?;
                input = member.into_inner();
            }
            Codec::Zstd => input = output.zstd_frame(input)?,
        }
    }
    output.spool.finish()
}

/// The compressed bytes, given out in steps, so that a cancel is seen and progress shown.
struct Input<'a> {
    rest: &'a [u8],
    /// Bytes of the step that are left.
    step_bytes: usize,
    context: &'a Context,
}

impl BufRead for Input<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.step_bytes == 0 {
            self.context.check().map_err(|_| io::Error::from(io::ErrorKind::Other))?;
            self.step_bytes = self.rest.len().min(DECOMPRESS_STEP_BYTES);
        }
        Ok(&self.rest[..self.step_bytes])
    }

    fn consume(&mut self, count: usize) {
        self.rest = &self.rest[count..];
        self.step_bytes -= count;
        self.context.advance(count as u64, 0);
    }
}

impl Read for Input<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let step = self.fill_buf()?;
        let count = step.len().min(target.len());
        target[..count].copy_from_slice(&step[..count]);
        self.consume(count);
        Ok(count)
    }
}

struct Output<'a> {
    codec: Codec,
    whole_bytes: usize,
    spool: SpoolWriter,
    buffer: Vec<u8>,
    context: &'a Context,
}

impl Output<'_> {
    /// Everything that a member holds.
    fn drain<'i, M: Read>(
        &mut self,
        member: &mut M,
        input: impl Fn(&M) -> &Input<'i>,
    ) -> Result<()> {
        loop {
            self.context.check()?;
            let count = match member.read(&mut self.buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => count,
                Err(error) => return Err(self.damage(input(member), &error)),
            };
            self.spool.write(&self.buffer[..count])?;
            self.check_size(input(member))?;
        }
    }

    fn zstd_frame<'i>(&mut self, mut input: Input<'i>) -> Result<Input<'i>> {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(ZSTD_WINDOW_BYTES_MAX);
        match decoder.init(&mut input) {
            Ok(()) => {}
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length,
                ..
            })) => {
                let length = length as usize;
                if length > input.rest.len() {
                    return Err(self.corrupt(&input, cut_off(self.codec)));
                }
                self.context.advance(length as u64, 0);
                return Ok(Input { rest: &input.rest[length..], step_bytes: 0, ..input });
            }
            Err(error) => return Err(self.zstd_error(&input, &error)),
        }
        let content_bytes = decoder.content_size();
        let before = self.spool.len_bytes();
        // The decoder took the header already, so the reader around it starts behind it.
        let mut frame = ZstdFrame { decoder, input };
        self.drain(&mut frame, |frame| &frame.input)?;
        let ZstdFrame { decoder, input } = frame;
        let found = self.spool.len_bytes() - before;
        if content_bytes != 0 && content_bytes != found {
            let summary = format!("the zstd data should hold {content_bytes} bytes, found {found}");
            return Err(self.corrupt(&input, summary));
        }
        match decoder.get_checksum_from_data() {
            Some(sum) if Some(sum) != decoder.get_calculated_checksum() => {
                let summary = "the zstd data is damaged: its checksum differs".to_owned();
                Err(self.corrupt(&input, summary))
            }
            _ => Ok(input),
        }
    }

    fn zstd_error(&self, input: &Input, error: &FrameDecoderError) -> Error {
        match error {
            FrameDecoderError::DictNotProvided { .. } => {
                Error::new(ErrorKind::Unsupported, "the zstd data needs a dictionary")
                    .hint("unpack it first, with its dictionary")
            }
            FrameDecoderError::WindowSizeTooBig { requested, max } => Error::mismatch(
                ErrorKind::LimitExceeded,
                format!("a zstd window of at most {max} bytes"),
                requested.to_string(),
            )
            .hint("compress it again without --ultra and --long, or unpack it first"),
            _ => self.damage(input, &io::Error::other(error.to_string())),
        }
    }

    fn damage(&self, input: &Input, error: &io::Error) -> Error {
        if let Err(cancelled) = self.context.check() {
            return cancelled;
        }
        let is_cut = error.kind() == io::ErrorKind::UnexpectedEof || input.rest.is_empty();
        let summary = match is_cut {
            true => cut_off(self.codec),
            false => {
                let reason = error.to_string().to_lowercase();
                format!("the {} data is damaged: {reason}", self.codec.name())
            }
        };
        self.corrupt(input, summary)
    }

    fn corrupt(&self, input: &Input, summary: String) -> Error {
        let offset = self.whole_bytes - input.rest.len();
        Error::new(ErrorKind::CorruptFile, summary)
            .at(|place| place.byte_offset = Some(offset as u64))
            .hint(format!("fetch the file again; {} -t checks it", self.codec.name()))
    }

    /// Stops what grows as no table does.
    fn check_size(&self, input: &Input) -> Result<()> {
        let taken = (self.whole_bytes - input.rest.len()) as u64;
        let bound = DECOMPRESSED_FREE_BYTES.max(taken.saturating_mul(DECOMPRESSED_RATIO_MAX));
        match self.spool.len_bytes() <= bound {
            true => Ok(()),
            false => Err(Error::new(
                ErrorKind::LimitExceeded,
                format!(
                    "the {} data grows to more than {DECOMPRESSED_RATIO_MAX} times its size and \
                     {DECOMPRESSED_FREE_BYTES} bytes",
                    self.codec.name()
                ),
            )
            .at(|place| place.byte_offset = Some(taken))
            .hint("if it is meant to, unpack it first")),
        }
    }
}

fn cut_off(codec: Codec) -> String {
    format!("the {} data ends too early", codec.name())
}

/// A zstd frame whose header was read.
struct ZstdFrame<'a> {
    decoder: FrameDecoder,
    input: Input<'a>,
}

impl Read for ZstdFrame<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let decoder = &mut self.decoder;
        while decoder.can_collect() == 0 && !decoder.is_finished() {
            decoder
                .decode_blocks(&mut self.input, BlockDecodingStrategy::UptoBlocks(1))
                .map_err(|error| io::Error::other(error.to_string()))?;
        }
        decoder.read(target)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const TEXT: &[u8] = b"a,b\n1,2\n";

    /// `printf 'a,b\n1,2\n' | zstd -19`, zstd 1.5.4: a frame with a checksum.
    const ZSTD: &[u8] = &[
        0x28, 0xB5, 0x2F, 0xFD, 0x24, 0x08, 0x41, 0x00, 0x00, 0x61, 0x2C, 0x62, 0x0A, 0x31, 0x2C,
        0x32, 0x0A, 0x35, 0xE7, 0xCA, 0xCE,
    ];

    /// The same with `gzip -n`, gzip 1.13.
    const GZIP: &[u8] = &[
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x4B, 0xD4, 0x49, 0xE2, 0x32,
        0xD4, 0x31, 0xE2, 0x02, 0x00, 0x7B, 0x07, 0x97, 0x0A, 0x08, 0x00, 0x00, 0x00,
    ];

    /// The same with bzip2 1.0.8.
    const BZIP2: &[u8] = &[
        0x42, 0x5A, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 0xBF, 0x87, 0x40, 0x7F, 0x00,
        0x00, 0x03, 0x59, 0x00, 0x00, 0x10, 0x00, 0x04, 0x30, 0x00, 0x30, 0x00, 0x20, 0x00, 0x30,
        0xC0, 0x08, 0x69, 0xB2, 0x88, 0x23, 0x27, 0x8B, 0xB9, 0x22, 0x9C, 0x28, 0x48, 0x5F, 0xC3,
        0xA0, 0x3F, 0x80,
    ];

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).expect("in memory");
        encoder.finish().expect("in memory")
    }

    fn bzip2(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        encoder.write_all(bytes).expect("in memory");
        encoder.finish().expect("in memory")
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
    }

    fn unpack(bytes: &[u8]) -> Result<Vec<u8>> {
        let codec = Codec::of(bytes)?.expect("compressed");
        Ok(decompress(codec, bytes, &Context::default())?.as_bytes().to_vec())
    }

    /// A skippable frame of zstd with 5 bytes.
    const SKIPPED: &[u8] = &[0x53, 0x2A, 0x4D, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5];

    #[test]
    fn members_of_other_programs_are_read_one_after_the_other() {
        for sample in [GZIP, ZSTD, BZIP2] {
            assert_eq!(unpack(sample).expect("whole"), TEXT);
            assert_eq!(unpack(&[sample, sample].concat()).expect("two"), [TEXT, TEXT].concat());
            let padded = [sample, &[0; 700]].concat();
            assert_eq!(unpack(&padded).expect("padding is no member"), TEXT);
        }
        let frames = [SKIPPED, ZSTD, SKIPPED, ZSTD].concat();
        assert_eq!(unpack(&frames).expect("skipped"), [TEXT, TEXT].concat());
    }

    #[test]
    fn large_data_comes_back() {
        let text: Vec<u8> = (0..200_000_u32)
            .flat_map(|n| format!("{n},{}\n", n.wrapping_mul(n) % 977).into_bytes())
            .collect();
        for packed in [gzip(&text), bzip2(&text), zstd(&text)] {
            assert!(unpack(&packed).expect("whole") == text);
        }
    }

    #[test]
    fn what_is_not_compressed_so_is_left_or_refused_by_name() {
        for bytes in
            [&b""[..], b"a,b\n", b"BZh9,b\n1,2\n", b"\x1F\x8B", b"PK,b\n", b"\xFF\xFEa\x00"]
        {
            assert_eq!(Codec::of(bytes), Ok(None), "{bytes:?}");
        }
        for (bytes, name) in [
            (&b"\xFD7zXZ\0\0"[..], "xz"),
            (b"PK\x03\x04\x14\0", "zip"),
            (b"7z\xBC\xAF\x27\x1C\0", "7z"),
            (b"\x04\x22\x4D\x18\x64", "lz4"),
        ] {
            let error = Codec::of(bytes).expect_err("refused");
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            assert!(error.to_string().contains(name), "{error}");
        }
    }

    #[test]
    fn data_cut_anywhere_is_corrupt_and_never_short() {
        for sample in [GZIP, ZSTD, BZIP2] {
            for len in 0..sample.len() {
                let codec = Codec::of(sample).expect("known").expect("compressed");
                let cut = &sample[..len];
                match decompress(codec, cut, &Context::default()) {
                    Ok(spool) => assert!(len == 0 && spool.as_bytes().is_empty(), "{len}"),
                    Err(error) => {
                        assert_eq!(error.kind(), ErrorKind::CorruptFile, "{codec:?} {len} {error}");
                        assert!(error.location().byte_offset.expect("a place") <= len as u64);
                    }
                }
            }
        }
    }

    #[test]
    fn a_changed_byte_never_gives_other_text() {
        for sample in [GZIP, ZSTD, BZIP2] {
            let codec = Codec::of(sample).expect("known").expect("compressed");
            for at in 0..sample.len() {
                for bit in 0..8 {
                    let mut changed = sample.to_vec();
                    changed[at] ^= 1 << bit;
                    match decompress(codec, &changed, &Context::default()) {
                        // Some bits of the heads are of no effect: the name, the time, the system.
                        Ok(spool) => assert_eq!(spool.as_bytes(), TEXT, "{codec:?} {at}"),
                        Err(error) => assert!(
                            matches!(
                                error.kind(),
                                ErrorKind::CorruptFile
                                    | ErrorKind::Unsupported
                                    | ErrorKind::LimitExceeded
                            ),
                            "{error}"
                        ),
                    }
                }
            }
        }
    }

    #[test]
    fn other_bytes_behind_the_end_are_corrupt() {
        for sample in [GZIP, ZSTD, BZIP2] {
            let error = unpack(&[sample, b"a,b\n"].concat()).expect_err("what is that");
            assert_eq!(error.kind(), ErrorKind::CorruptFile);
            assert_eq!(error.location().byte_offset, Some(sample.len() as u64));
        }
    }

    #[test]
    fn a_bomb_ends_at_the_bound_and_a_cancel_at_once() {
        // Blocks of one byte repeated 128 KiB times: 4 bytes each.
        let block = |is_last: u32| ((128 << 10) << 3 | 1 << 1 | is_last).to_le_bytes();
        let mut bomb = vec![0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x58];
        for number in 0..20_000 {
            bomb.extend_from_slice(&block(u32::from(number == 19_999))[..3]);
            bomb.push(b'1');
        }
        let error = unpack(&bomb).expect_err("2.6 GB of 80 KB");
        assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{error}");
        let context = Context::default();
        context.cancel();
        for sample in [GZIP, ZSTD, BZIP2] {
            let codec = Codec::of(sample).expect("known").expect("compressed");
            let error = decompress(codec, sample, &context).expect_err("cancelled");
            assert_eq!(error.kind(), ErrorKind::Cancelled);
        }
    }
}
