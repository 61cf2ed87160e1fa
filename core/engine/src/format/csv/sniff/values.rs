//! What the values of a table say about numbers and dates: decimal comma, marks between thousands,
//! order of day and month, blanks around fields.

use std::collections::BTreeSet;

use super::DateOrder;
use super::given::Given;
use super::kinds::{day_parts, kind, number_form};
use super::tokens::{Row, Table};

/// What was found in the values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Values {
    /// Mark before the fraction.
    pub decimal: char,
    /// Mark between groups of digits.
    pub thousands: Option<char>,
    /// Order of the parts of dates that are not ISO.
    pub date_order: DateOrder,
    /// Whether fields have blanks around them that mean nothing.
    pub trim: bool,
    /// What may be meant otherwise.
    pub doubts: Vec<String>,
}

/// A piece of the sample as the chosen dialect cuts it: its text and the records below the header.
pub(super) struct Body<'a> {
    /// The text.
    pub sample: &'a [u8],
    /// Its cells.
    pub table: &'a Table,
    /// Records that hold values.
    pub rows: &'a [Row],
}

/// Looks at the values of a table that is `width` columns wide.
pub(super) fn find_values(
    bodies: &[Body<'_>],
    width: u32,
    delimiter: &[u8],
    given: &Given,
) -> Values {
    let (mut numbers, mut dates) = (Numbers::default(), Dates::default());
    let mut blanks = Blanks::default();
    let bodies: Vec<(&Body<'_>, Vec<&Row>)> = bodies
        .iter()
        .map(|body| (body, body.rows.iter().filter(|row| row.width == width).collect()))
        .collect();
    for index in 0..width {
        let column = Column::of(&bodies, index as usize);
        numbers.add(&column);
        dates.add(&column);
        blanks.add(&column);
    }
    let mut doubts = Vec::new();
    let (decimal, thousands) = numbers.decide(delimiter, given, &mut doubts);
    let date_order = given.date_order.unwrap_or_else(|| dates.decide(&mut doubts));
    let trim = given.trim.unwrap_or_else(|| blanks.decide(delimiter));
    Values { decimal, thousands, date_order, trim, doubts }
}

/// The cells of one column that hold text, with blanks around them dropped.
struct Column<'a> {
    texts: Vec<&'a [u8]>,
    /// Cells without quotes that hold text.
    plain: usize,
    /// Those of them with blanks around the text.
    padded: usize,
    /// Those of the padded ones that are numbers, dates or truth values.
    padded_typed: usize,
}

impl<'a> Column<'a> {
    fn of(bodies: &[(&Body<'a>, Vec<&Row>)], index: usize) -> Column<'a> {
        let mut column = Column { texts: Vec::new(), plain: 0, padded: 0, padded_typed: 0 };
        for (body, rows) in bodies {
            for row in rows {
                let cell = body.table.cells(row)[index];
                let text = cell.text(body.sample);
                let trimmed = text.trim_ascii();
                if trimmed.is_empty() {
                    continue;
                }
                column.texts.push(trimmed);
                column.plain += usize::from(!cell.is_quoted);
                if !cell.is_quoted && trimmed.len() < text.len() {
                    column.padded += 1;
                    column.padded_typed += usize::from(kind(trimmed).is_typed());
                }
            }
        }
        column
    }

    /// Whether nearly all cells pass; a word for null among them does no harm.
    fn is_mostly(&self, count: usize) -> bool {
        count > 0 && count * 10 >= self.texts.len() * 8
    }
}

#[derive(Default)]
struct Blanks {
    plain: usize,
    padded: usize,
    padded_typed: usize,
}

impl Blanks {
    fn add(&mut self, column: &Column<'_>) {
        self.plain += column.plain;
        self.padded += column.padded;
        self.padded_typed += column.padded_typed;
    }

    fn decide(&self, delimiter: &[u8]) -> bool {
        // Between blanks that delimit, a blank is a field.
        !delimiter.contains(&b' ')
            && (self.padded_typed > 0 || self.padded * 5 >= self.plain.max(1))
    }
}

#[derive(Default)]
struct Numbers {
    /// Cells that only a decimal point explains, and only a decimal comma.
    point: usize,
    comma: usize,
    /// Cells with a mark between groups beyond doubt, by mark.
    groups: Vec<(char, usize)>,
    /// `1.234` and `1,234`: a fraction or a group.
    unclear_point: usize,
    unclear_comma: usize,
}

impl Numbers {
    fn add(&mut self, column: &Column<'_>) {
        let forms: Vec<_> =
            column.texts.iter().filter_map(|text| number_form(unsigned(text))).collect();
        if !column.is_mostly(forms.len()) {
            return;
        }
        for form in forms {
            match (form.is_ambiguous, form.decimal, form.thousands) {
                (true, _, Some('.')) => self.unclear_point += 1,
                (true, _, _) => self.unclear_comma += 1,
                (false, decimal, thousands) => {
                    self.point += usize::from(decimal == Some('.') || thousands == Some(','));
                    self.comma += usize::from(decimal == Some(',') || thousands == Some('.'));
                    let Some(mark) = thousands else { continue };
                    match self.groups.iter_mut().find(|(known, _)| *known == mark) {
                        Some((_, count)) => *count += 1,
                        None => self.groups.push((mark, 1)),
                    }
                }
            }
        }
    }

    fn decide(
        &self,
        delimiter: &[u8],
        given: &Given,
        doubts: &mut Vec<String>,
    ) -> (char, Option<char>) {
        let decimal = given.decimal.unwrap_or_else(|| self.decimal(delimiter, doubts));
        let thousands = given.thousands.unwrap_or_else(|| self.thousands(decimal, doubts));
        (decimal, thousands)
    }

    fn decimal(&self, delimiter: &[u8], doubts: &mut Vec<String>) -> char {
        if self.point > 0 && self.comma > 0 {
            let (more, less) = if self.comma > self.point { (',', '.') } else { ('.', ',') };
            doubts.push(format!("decimal is {more:?} in most numbers, {less:?} in some"));
            return more;
        }
        if self.point + self.comma > 0 {
            return if self.comma > 0 { ',' } else { '.' };
        }
        match (self.unclear_point, self.unclear_comma) {
            (0, 0) => '.',
            // Nobody groups by points who has a comma for the same.
            (point, 0) => {
                if point > 1 && delimiter == b";" {
                    doubts.push(
                        "numbers like 1.234 are read with decimal '.'; thousands '.' is as likely"
                            .to_owned(),
                    );
                }
                '.'
            }
            (0, _) => {
                doubts.push(
                    "numbers like 1,234 are read with thousands ','; decimal ',' is as likely"
                        .to_owned(),
                );
                '.'
            }
            (_, _) => {
                doubts.push("numbers like 1.234 and 1,234 both occur".to_owned());
                '.'
            }
        }
    }

    fn thousands(&self, decimal: char, doubts: &mut Vec<String>) -> Option<char> {
        let mut groups = self.groups.clone();
        let (mark, unclear) =
            if decimal == '.' { (',', self.unclear_comma) } else { ('.', self.unclear_point) };
        if unclear > 0 && !groups.iter().any(|(known, _)| *known == mark) {
            groups.push((mark, unclear));
        }
        groups.retain(|(mark, _)| *mark != decimal);
        groups.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        if let [(first, _), (second, _), ..] = groups[..] {
            doubts.push(format!("thousands is {first:?} in most numbers, {second:?} in some"));
        }
        groups.first().map(|(mark, _)| *mark)
    }
}

fn unsigned(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text)
}

#[derive(Default)]
struct Dates {
    /// Cells whose first part is beyond 12, and whose second is.
    day_first: usize,
    month_first: usize,
    /// Cells where both may be either.
    unclear: usize,
    /// Different values of the first and of the second part, where both may be either.
    first: BTreeSet<u32>,
    second: BTreeSet<u32>,
    has_slash: bool,
    has_point: bool,
}

impl Dates {
    fn add(&mut self, column: &Column<'_>) {
        let days: Vec<_> = column
            .texts
            .iter()
            .filter_map(|text| day_parts(text))
            .filter(|(parts, _, _)| parts[2] >= 1000)
            .collect();
        if !column.is_mostly(days.len()) {
            return;
        }
        for ([first, second, _], mark, _) in days {
            self.has_slash |= mark == b'/';
            self.has_point |= mark == b'.';
            self.day_first += usize::from(first > 12);
            self.month_first += usize::from(second > 12);
            self.unclear += usize::from(first <= 12 && second <= 12);
            self.first.insert(first);
            self.second.insert(second);
        }
    }

    fn decide(&self, doubts: &mut Vec<String>) -> DateOrder {
        match (self.day_first, self.month_first) {
            (0, 0) if self.unclear == 0 => DateOrder::Ymd,
            (0, 0) => self.guess(doubts),
            (day, 0) if day > 0 => DateOrder::Dmy,
            (0, _) => DateOrder::Mdy,
            (day, month) => {
                doubts.push("some dates have the day first, others the month".to_owned());
                if day >= month { DateOrder::Dmy } else { DateOrder::Mdy }
            }
        }
    }

    /// Days change faster than months; between points, days come first everywhere.
    fn guess(&self, doubts: &mut Vec<String>) -> DateOrder {
        if self.has_point && !self.has_slash {
            return DateOrder::Dmy;
        }
        let order = match self.first.len().cmp(&self.second.len()) {
            std::cmp::Ordering::Greater => DateOrder::Dmy,
            std::cmp::Ordering::Less => DateOrder::Mdy,
            std::cmp::Ordering::Equal if self.has_slash => DateOrder::Mdy,
            std::cmp::Ordering::Equal => DateOrder::Dmy,
        };
        let (found, other) = match order {
            DateOrder::Mdy => ("mdy", "dmy"),
            _ => ("dmy", "mdy"),
        };
        doubts.push(format!(
            "dates are read as {found}; no day is beyond 12, so {other} is possible"
        ));
        order
    }
}
