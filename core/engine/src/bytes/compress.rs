//! Plain bytes to compressed ones: gzip, zstd and bzip2, in pieces that are packed side by side.
//!
//! ```text
//! bytes -> pieces of COMPRESS_PIECE_BYTES -> packed by the workers -> in order
//! gzip:  one member: head, the pieces' blocks (each ends on a byte), last block, checksum, size
//! zstd:  a frame for each piece        bzip2: a stream for each piece
//! ```
//! Where a piece ends depends on the bytes alone, so the file does not depend on the workers.

use std::io::Write;

use bzip2::write::BzEncoder;
use flate2::{Compress, Compression, Crc, FlushCompress, Status};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::decompress::Codec;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::COMPRESS_PIECE_BYTES;

/// Deflate, no name, no time, no hint, of an unknown system (RFC 1952, 2.3).
const GZIP_HEAD: [u8; 10] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255];

/// A last block of deflate that holds nothing (RFC 1951, 3.2.3: BFINAL, fixed codes, end of block).
const DEFLATE_END: [u8; 2] = [3, 0];

/// Compresses bytes that come some at a time.
#[derive(Debug)]
pub struct Packer {
    codec: Codec,
    /// Bytes that are not packed yet.
    pending: Vec<u8>,
    /// Of all bytes packed so far.
    crc: Crc,
    is_begun: bool,
}

/// A piece, packed.
struct Packed {
    bytes: Vec<u8>,
    crc: Crc,
}

impl Packer {
    /// Starts with no bytes.
    pub fn new(codec: Codec) -> Packer {
        Packer { codec, pending: Vec::new(), crc: Crc::new(), is_begun: false }
    }

    /// Takes bytes; nothing is packed yet.
    pub fn push(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
    }

    /// Packs the pieces that are whole, and gives their bytes in order to `sink`.
    ///
    /// Errors: those of the sink, `Cancelled`.
    /// Cost: memory of all bytes pushed since the last call.
    pub fn pack(&mut self, context: &Context, sink: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let whole_bytes = self.pending.len() / COMPRESS_PIECE_BYTES * COMPRESS_PIECE_BYTES;
        self.pack_first(whole_bytes, context, sink)
    }

    /// Packs what is left, and gives the end of the compressed bytes as well.
    ///
    /// Errors: as `pack`.
    pub fn finish(
        mut self,
        context: &Context,
        mut sink: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        self.pack_first(self.pending.len(), context, &mut sink)?;
        match self.codec {
            Codec::Gzip => {
                let tail = [self.crc.sum().to_le_bytes(), self.crc.amount().to_le_bytes()].concat();
                self.begin(&mut sink)?;
                sink(&DEFLATE_END)?;
                sink(&tail)
            }
            // No bytes at all are no frame; an empty one says what the file is.
            Codec::Zstd | Codec::Bzip2 if !self.is_begun => {
                sink(&pack_piece(self.codec, &[])?.bytes)
            }
            Codec::Zstd | Codec::Bzip2 => Ok(()),
        }
    }

    fn pack_first(
        &mut self,
        count: usize,
        context: &Context,
        mut sink: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        let pieces: Vec<&[u8]> = self.pending[..count].chunks(COMPRESS_PIECE_BYTES).collect();
        let packed =
            context.parallel(pieces.len(), |index| pack_piece(self.codec, pieces[index]))?;
        for piece in &packed {
            self.begin(&mut sink)?;
            self.crc.combine(&piece.crc);
            sink(&piece.bytes)?;
        }
        self.pending.drain(..count);
        Ok(())
    }

    fn begin(&mut self, sink: &mut impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        match (std::mem::replace(&mut self.is_begun, true), self.codec) {
            (false, Codec::Gzip) => sink(&GZIP_HEAD),
            _ => Ok(()),
        }
    }
}

fn pack_piece(codec: Codec, piece: &[u8]) -> Result<Packed> {
    let mut crc = Crc::new();
    let bytes = match codec {
        Codec::Gzip => {
            crc.update(piece);
            deflate(piece)?
        }
        Codec::Zstd => compress_to_vec(piece, CompressionLevel::Fastest),
        Codec::Bzip2 => {
            let mut encoder = BzEncoder::new(Vec::new(), bzip2::Compression::best());
            let outcome = encoder.write_all(piece).and_then(|()| encoder.finish());
            outcome.map_err(|error| broken(&error.to_string()))?
        }
    };
    Ok(Packed { bytes, crc })
}

/// Blocks of deflate that stand alone and end on a whole byte.
fn deflate(piece: &[u8]) -> Result<Vec<u8>> {
    let mut compress = Compress::new(Compression::default(), false);
    let mut out = Vec::with_capacity(piece.len() / 2 + 64);
    loop {
        let rest = &piece[compress.total_in() as usize..];
        let status = compress
            .compress_vec(rest, &mut out, FlushCompress::Sync)
            .map_err(|error| broken(&error.to_string()))?;
        // All is out once there is room left over.
        if compress.total_in() as usize == piece.len() && out.len() < out.capacity() {
            return Ok(out);
        }
        if status == Status::StreamEnd {
            return Err(broken("the stream ended early"));
        }
        out.reserve(out.capacity().max(64));
    }
}

fn broken(what: &str) -> Error {
    Error::new(ErrorKind::Internal, format!("a compressor failed: {what}"))
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::super::decompress::decompress;
    use super::*;

    fn packed(codec: Codec, bytes: &[u8], step_bytes: usize, threads: usize) -> Vec<u8> {
        let context = Context::new(NonZeroUsize::new(threads));
        let mut packer = Packer::new(codec);
        let mut out = Vec::new();
        for step in bytes.chunks(step_bytes) {
            packer.push(step);
            packer
                .pack(&context, |bytes| {
                    out.extend_from_slice(bytes);
                    Ok(())
                })
                .expect("packed");
        }
        let sink = |bytes: &[u8]| {
            out.extend_from_slice(bytes);
            Ok(())
        };
        packer.finish(&context, sink).expect("finished");
        out
    }

    /// Text that packs, and noise that does not.
    fn sample(len: usize) -> Vec<u8> {
        let mut state = 1_u64;
        (0..len)
            .map(|index| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                match index / 300_000 % 2 {
                    0 => b"orders,1.5\n"[index % 11],
                    _ => (state >> 33) as u8,
                }
            })
            .collect()
    }

    #[test]
    fn what_is_packed_unpacks_the_same() {
        for codec in [Codec::Gzip, Codec::Zstd, Codec::Bzip2] {
            for len in [0, 1, 1000, COMPRESS_PIECE_BYTES + 7] {
                let bytes = sample(len);
                let one = packed(codec, &bytes, 1 << 20, 1);
                assert_eq!(Codec::of(&one), Ok(Some(codec)), "{codec:?} {len}");
                assert_eq!(packed(codec, &bytes, 77_777, 3), one, "{codec:?} {len}");
                let spool = decompress(codec, &one, &Context::default()).expect("unpacked");
                assert!(spool.as_bytes() == bytes, "{codec:?} {len}");
            }
        }
    }

    #[test]
    fn a_failing_sink_and_a_cancel_stop() {
        let mut packer = Packer::new(Codec::Gzip);
        packer.push(&sample(COMPRESS_PIECE_BYTES));
        let context = Context::default();
        let full = |_: &[u8]| Err(Error::new(ErrorKind::DiskFull, "full"));
        assert_eq!(packer.pack(&context, full).expect_err("full").kind(), ErrorKind::DiskFull);
        context.cancel();
        let error = packer.finish(&context, |_| Ok(())).expect_err("cancelled");
        assert_eq!(error.kind(), ErrorKind::Cancelled);
    }
}
