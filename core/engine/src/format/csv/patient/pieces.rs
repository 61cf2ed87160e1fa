//! A window by all workers, where each line is a record: no quote stands in it, and there is no
//! escape. A fault, whatever its policy, needs the records before it counted: then one worker reads
//! the window in order instead.

use super::super::infer::{Looks, add_looks};
use super::super::lines::{find, has_byte};
use super::{FaultLog, PatientText, Place};
use crate::column::{Frame, HyperBlock};
use crate::error::{ErrorKind, Result};
use crate::limits::CSV_UNIT_BYTES;

impl PatientText<'_> {
    /// As [`PatientText::read_part`]; `None` where the records have to be read in order.
    ///
    /// Errors: `Cancelled`.
    pub fn read_in_pieces(
        &self,
        place: &mut Place,
        end: usize,
        looks: &[Looks],
    ) -> Result<Option<(Frame, Vec<Looks>)>> {
        let Some(cuts) = self.cuts(place.offset, end)? else { return Ok(None) };
        let mut looks = looks.to_vec();
        loop {
            let read = |piece: usize| {
                let mut start = Place { offset: cuts[piece], ..*place };
                let mut log = FaultLog::default();
                let read = self.read_part(&mut start, cuts[piece + 1], &looks, &mut log);
                Ok(read.map(|(frame, looks)| (frame, looks, log.is_empty())))
            };
            let mut frames = Vec::with_capacity(cuts.len());
            let mut found = looks.clone();
            for outcome in self.context.parallel(cuts.len() - 1, read)? {
                let (frame, seen) = match outcome {
                    Ok((frame, seen, true)) => (frame, seen),
                    Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
                    Ok(_) | Err(_) => return Ok(None),
                };
                add_looks(&mut found, &seen);
                frames.push(frame);
            }
            let is_same = frames.iter().all(|frame| frame.schema() == frames[0].schema());
            if is_same {
                let schema = frames[0].schema().clone();
                let blocks = frames.iter().flat_map(Frame::blocks);
                let blocks: Vec<HyperBlock> =
                    blocks.map(|block| block.with_schema(schema.clone())).collect();
                let frame = Frame::new(schema, blocks);
                let number = place.number + frame.row_count() as u64;
                *place = Place { offset: cuts[cuts.len() - 1], number, ..*place };
                return Ok(Some((frame, found)));
            }
            // Once more with the types of all: a set of looks only grows.
            looks = found;
        }
    }

    /// Where the pieces start, and where the last one ends; `None` where a line may be no record,
    /// or one worker does as well.
    fn cuts(&self, start: usize, end: usize) -> Result<Option<Vec<usize>>> {
        let (bytes, context) = (self.table.bytes, self.context);
        let is_small = end - start < 2 * CSV_UNIT_BYTES;
        if is_small || context.threads() < 2 || !self.grammar.has_lines() {
            return Ok(None);
        }
        let piece_bytes = ((end - start) / (context.threads() * 2)).max(CSV_UNIT_BYTES);
        let mut cuts = vec![start];
        while let Some(at) = cuts.last().map(|last| last + piece_bytes).filter(|at| *at < end) {
            match find(bytes, at, |byte| byte == b'\n', context)? {
                Some(newline) => cuts.push(newline + 1),
                None => break,
            }
        }
        let last = find(bytes, end - 1, |byte| byte == b'\n', context)?;
        let behind = last.map_or(bytes.len(), |newline| newline + 1);
        if cuts.last().is_some_and(|last| *last < behind) {
            cuts.push(behind);
        }
        let has_quote = match self.options.quote {
            Some(quote) => has_byte(&bytes[start..behind], quote, context)?,
            None => false,
        };
        Ok((!has_quote && cuts.len() > 2).then_some(cuts))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::options::{CsvReadOptions, Policy};
    use super::super::super::table::TableBytes;
    use super::super::super::tests::{cells, context, dtypes};
    use super::super::{Grammar, read_header};
    use super::*;
    use crate::column::DataType;

    /// The same window in pieces and in order; `None` where it is not read in pieces.
    fn in_pieces(text: &str, options: &CsvReadOptions) -> Option<Frame> {
        let table = TableBytes {
            name: "f.csv",
            bytes: text.as_bytes(),
            original_offset: &|offset| offset,
            unchanged: &|| Ok(()),
        };
        let context = &context(2);
        let grammar = &Grammar::new(options, table.bytes, context).expect("not cancelled");
        let header = &read_header(table.bytes, grammar, options, context).expect("a header");
        let whole = PatientText { table: &table, grammar, header, options, context };
        let start = Place::at_start(header, grammar);
        let looks = vec![Looks::NONE; header.selected.len()];
        let (mut place, mut expected_place) = (start, start);
        // Not quite to the end: the record that starts before it is read whole.
        let end = text.len() - 3;
        let (found, found_looks) =
            whole.read_in_pieces(&mut place, end, &looks).expect("well formed")?;
        let mut log = FaultLog::default();
        let (expected, looks) =
            whole.read_part(&mut expected_place, end, &looks, &mut log).expect("well formed");
        assert_eq!((place.offset, place.number), (expected_place.offset, expected_place.number));
        let types = |looks: Vec<Looks>| looks.into_iter().map(Looks::dtype).collect::<Vec<_>>();
        assert_eq!(types(found_looks), types(looks));
        assert_eq!(found.schema(), expected.schema());
        let flat = |frame: &Frame| cells(frame);
        assert!(flat(&found) == flat(&expected));
        Some(found)
    }

    #[test]
    fn a_window_may_be_read_in_pieces() {
        let options = CsvReadOptions {
            delimiter: ";".into(),
            decimal: b',',
            comment: Some("#".into()),
            on_short: Policy::Pad,
            ..Default::default()
        };
        let rows = 160_000;
        let mut text = "a;late;seldom;note\n".to_owned();
        for row in 0..rows {
            let late = if row == rows - 9 { "x".to_owned() } else { row.to_string() };
            let seldom = if row == rows / 2 { "0,5" } else { "" };
            text += &format!("{row},25;{late};{seldom};note\r\n");
            if row % 1_000 == 1 {
                text += "# no record\n\n";
            }
        }
        let frame = in_pieces(&text, &options).expect("lines are records");
        use DataType::{Float64, Utf8};
        assert_eq!(dtypes(&frame), [Float64, Utf8, Float64, Utf8]);
        // A quote, a fault and a small window need the order.
        assert!(in_pieces(&text.replace("159000,25;159000;", "\"1\";2;"), &options).is_none());
        assert!(in_pieces(&text.replace("159000,25;159000;", "1;"), &options).is_none());
        assert!(in_pieces(&text[..200_000], &options).is_none());
    }
}
