//! Which columns fit, how wide each is, and the lines of the table.

use super::cell;
use crate::column::{ColumnDef, Frame, HyperBlock};
use crate::error::Result;

/// Blanks between columns.
const GAP: &str = "  ";

/// One column ready to be printed.
pub(super) struct Column {
    header: String,
    dtype: String,
    cells: Vec<String>,
    width: usize,
    is_right: bool,
}

impl Column {
    fn of(frame: &Frame, index: usize, places: &[(&HyperBlock, usize)]) -> Result<Column> {
        let ColumnDef { name, dtype } = frame.schema().column(index);
        let cells = places
            .iter()
            .map(|(block, row)| Ok(cell::text(block.array(index)?, *row)))
            .collect::<Result<Vec<String>>>()?;
        let (header, dtype_name) = (cell::name(name), dtype.to_string());
        Ok(Column::new(header, dtype_name, cells, dtype.is_number()))
    }

    /// What stands for the columns that are left out.
    fn ellipsis(row_count: usize) -> Column {
        let mark = || "…".to_owned();
        Column::new(mark(), mark(), vec![mark(); row_count], false)
    }

    fn new(header: String, dtype: String, cells: Vec<String>, is_right: bool) -> Column {
        let texts = [&header, &dtype].into_iter().chain(&cells);
        let width = texts.map(|text| cell::width(text)).max().unwrap_or(0);
        Column { header, dtype, cells, width, is_right }
    }

    /// Makes the column no wider than `width`.
    fn cut(mut self, width: usize) -> Column {
        if self.width > width {
            for text in [&mut self.header, &mut self.dtype].into_iter().chain(&mut self.cells) {
                *text = cell::cut(text, width);
            }
            self.width = width;
        }
        self
    }
}

/// The columns that fit into `width`: from the left and the right in turn, an ellipsis between.
///
/// Cost: only columns that are shown, and the first that is not, are turned into text.
pub(super) fn choose(
    frame: &Frame,
    places: &[(&HyperBlock, usize)],
    width: usize,
) -> Result<Vec<Column>> {
    let column_count = frame.schema().len();
    let mark = GAP.len() + 1;
    let (mut left, mut right): (Vec<Column>, Vec<Column>) = (Vec::new(), Vec::new());
    let mut used = 0;
    while left.len() + right.len() < column_count {
        let is_left = left.len() <= right.len();
        let index = if is_left { left.len() } else { column_count - 1 - right.len() };
        let column = Column::of(frame, index, places)?;
        let is_first = used == 0;
        let is_last = left.len() + right.len() + 1 == column_count;
        let reserve = if is_last { 0 } else { mark };
        let gap = if is_first { 0 } else { GAP.len() };
        let column = if is_first { column.cut(width - reserve) } else { column };
        if used + gap + column.width + reserve > width {
            left.push(Column::ellipsis(places.len()));
            break;
        }
        used += gap + column.width;
        if is_left { left.push(column) } else { right.push(column) }
    }
    left.extend(right.into_iter().rev());
    Ok(left)
}

/// Appends header, types, rule and rows; a row of ellipses behind `cut_after` rows.
pub(super) fn write(columns: &[Column], cut_after: Option<usize>, out: &mut String) {
    line(columns, |column| &column.header, out);
    line(columns, |column| &column.dtype, out);
    let rules: Vec<String> = columns.iter().map(|column| "-".repeat(column.width)).collect();
    out.push_str(&rules.join(GAP));
    out.push('\n');
    let row_count = columns.first().map_or(0, |column| column.cells.len());
    for row in 0..row_count {
        if cut_after == Some(row) {
            line(columns, |_| "…", out);
        }
        line(columns, |column| &column.cells[row], out);
    }
    if cut_after == Some(row_count) {
        line(columns, |_| "…", out);
    }
}

/// Appends one line; blanks at its end are left out.
fn line<'a>(columns: &'a [Column], text: impl Fn(&'a Column) -> &'a str, out: &mut String) {
    let start = out.len();
    for (index, column) in columns.iter().enumerate() {
        if index > 0 {
            out.push_str(GAP);
        }
        let text = text(column);
        let pad = " ".repeat(column.width.saturating_sub(cell::width(text)));
        let parts = if column.is_right { [&pad, text] } else { [text, &pad] };
        out.extend(parts);
    }
    out.truncate(start + out[start..].trim_end_matches(' ').len());
    out.push('\n');
}
