//! Patterns of dates and times in text: `%d/%m/%Y %H:%M`, as `strftime` has them, from a closed
//! list of specifiers.
//!
//! A pattern is taken apart once; what it then writes and reads is stated by [`SPECIFIERS`]. Read
//! strictly: a padded number has all its digits, a blank is a blank, names are English and take any
//! case, nothing is left over, and what says a thing twice must say the same.

mod fixed;
mod read;
mod write;

pub use fixed::Fixed;
pub use read::Miss;

/// Names of the months.
pub const MONTH_NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Names of the days of the week, Monday first.
pub const DAY_NAMES: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Bytes that the name of a month or a day is cut to.
const SHORT_BYTES: usize = 3;

/// Longest pattern, in bytes: what it writes stays small enough for one row of a batch.
pub const PATTERN_BYTES_MAX: usize = 256;

/// What a specifier stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// Four digits; written with a sign and more where the year needs it.
    Year,
    /// The last two digits of the year; read as 1969 to 2068.
    YearOfCentury,
    /// 01 to 12.
    Month,
    /// 01 to 31.
    Day,
    /// 001 to 366.
    DayOfYear,
    /// The year of the ISO week, as `Year`.
    IsoYear,
    /// 01 to 53.
    IsoWeek,
    /// 1 for Monday to 7 for Sunday.
    Weekday,
    /// `January`.
    MonthName,
    /// `Jan`.
    MonthShort,
    /// `Monday`.
    DayName,
    /// `Mon`.
    DayShort,
    /// 00 to 23.
    Hour,
    /// 01 to 12, with `Meridiem`.
    HourOfHalf,
    /// `AM` or `PM`.
    Meridiem,
    /// 00 to 59.
    Minute,
    /// 00 to 59.
    Second,
    /// Six digits of a second; read with one to six.
    Fraction,
    /// Three digits of a second.
    Milliseconds,
    /// What clocks are ahead of UTC: `+0200`; read as `+02:00` and `Z` too.
    Offset,
}

/// The specifiers and what they stand for. Those of one letter may stand between `%` and it as
/// `%-d`: without padding. `%F` is `%Y-%m-%d`, `%T` is `%H:%M:%S`, `%R` is `%H:%M`, `%%` is `%`.
pub const SPECIFIERS: &[(&str, Field)] = &[
    ("%Y", Field::Year),
    ("%y", Field::YearOfCentury),
    ("%m", Field::Month),
    ("%d", Field::Day),
    ("%j", Field::DayOfYear),
    ("%G", Field::IsoYear),
    ("%V", Field::IsoWeek),
    ("%u", Field::Weekday),
    ("%B", Field::MonthName),
    ("%b", Field::MonthShort),
    ("%A", Field::DayName),
    ("%a", Field::DayShort),
    ("%H", Field::Hour),
    ("%I", Field::HourOfHalf),
    ("%p", Field::Meridiem),
    ("%M", Field::Minute),
    ("%S", Field::Second),
    ("%f", Field::Fraction),
    ("%3f", Field::Milliseconds),
    ("%z", Field::Offset),
];

impl Field {
    fn specifier(self) -> &'static str {
        let found = SPECIFIERS.iter().find(|(_, field)| *field == self);
        found.map_or("", |(specifier, _)| *specifier)
    }

    /// Whether it tells of the time of day.
    fn is_of_clock(self) -> bool {
        matches!(
            self,
            Field::Hour
                | Field::HourOfHalf
                | Field::Meridiem
                | Field::Minute
                | Field::Second
                | Field::Fraction
                | Field::Milliseconds
                | Field::Offset
        )
    }

    /// Digits of its padded form; 0 for names, fractions and offsets.
    fn digit_count(self) -> usize {
        match self {
            Field::Year | Field::IsoYear => 4,
            Field::DayOfYear | Field::Milliseconds => 3,
            Field::Weekday => 1,
            Field::MonthName | Field::MonthShort | Field::DayName | Field::DayShort => 0,
            Field::Meridiem | Field::Fraction | Field::Offset => 0,
            _ => 2,
        }
    }

    /// Whether `%-` may stand before it.
    fn has_bare_form(self) -> bool {
        matches!(
            self,
            Field::Month
                | Field::Day
                | Field::DayOfYear
                | Field::IsoWeek
                | Field::Hour
                | Field::HourOfHalf
                | Field::Minute
                | Field::Second
        )
    }
}

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// Bytes that stand for themselves.
    Literal(Vec<u8>),
    /// A value, padded or not.
    Value { field: Field, is_bare: bool },
}

/// What a pattern is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To write dates: no time of day.
    WriteDate,
    /// To write timestamps without a zone: no offset.
    WriteTimestamp,
    /// To write timestamps with a zone.
    WriteZoned,
    /// To read dates: a whole date and no time of day.
    ReadDate,
    /// To read timestamps: a whole date; what is left out of the time is 0.
    ReadTimestamp,
}

/// A pattern taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    pieces: Vec<Piece>,
}

/// What is wrong with a pattern: a sentence, and what to try.
pub type Flaw = (String, &'static str);

impl Pattern {
    /// Takes a pattern apart.
    ///
    /// Errors: for an unknown specifier, its place; for one that the purpose has no use for, or
    /// lacks, its name.
    pub fn new(text: &str, purpose: Purpose) -> Result<Pattern, Flaw> {
        if text.len() > PATTERN_BYTES_MAX {
            let found = text.len();
            let flaw = format!("a pattern of {found} bytes; {PATTERN_BYTES_MAX} are taken");
            return Err((flaw, "write the parts with several calls"));
        }
        let mut pattern = Pattern { text: text.to_owned(), pieces: Vec::new() };
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if first != '%' {
                let end = rest.find('%').unwrap_or(rest.len());
                pattern.push_literal(&rest[..end]);
                rest = &rest[end..];
                continue;
            }
            rest = pattern.push_specifier(rest, text.len() - rest.len())?;
        }
        pattern.check(purpose)?;
        Ok(pattern)
    }

    /// The pattern as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn push_literal(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Literal(bytes)) => bytes.extend_from_slice(text.as_bytes()),
            _ => self.pieces.push(Piece::Literal(text.as_bytes().to_vec())),
        }
    }

    /// Takes the specifier that `rest` begins with; gives what follows it.
    fn push_specifier<'a>(&mut self, rest: &'a str, at: usize) -> Result<&'a str, Flaw> {
        for (short, long) in [("%F", "%Y-%m-%d"), ("%T", "%H:%M:%S"), ("%R", "%H:%M")] {
            if let Some(behind) = rest.strip_prefix(short) {
                let mut parts = long;
                while !parts.is_empty() {
                    match parts.starts_with('%') {
                        true => parts = self.push_specifier(parts, at)?,
                        false => {
                            self.push_literal(&parts[..1]);
                            parts = &parts[1..];
                        }
                    }
                }
                return Ok(behind);
            }
        }
        if let Some(behind) = rest.strip_prefix("%%") {
            self.push_literal("%");
            return Ok(behind);
        }
        for (specifier, field) in SPECIFIERS {
            if let Some(behind) = rest.strip_prefix(specifier) {
                self.pieces.push(Piece::Value { field: *field, is_bare: false });
                return Ok(behind);
            }
            let bare = rest.strip_prefix("%-").filter(|_| field.has_bare_form());
            if let Some(behind) = bare.and_then(|rest| rest.strip_prefix(&specifier[1..])) {
                self.pieces.push(Piece::Value { field: *field, is_bare: true });
                return Ok(behind);
            }
        }
        let end = rest.char_indices().map(|(index, _)| index).nth(2).unwrap_or(rest.len());
        let flaw =
            format!("unknown specifier {:?} at byte {} of {:?}", &rest[..end], at, self.text);
        Err((flaw, KNOWN))
    }

    fn fields(&self) -> impl Iterator<Item = Field> + '_ {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Literal(_) => None,
            Piece::Value { field, .. } => Some(*field),
        })
    }

    /// Whether a text of it says the offset of its clock.
    pub fn has_offset(&self) -> bool {
        self.has(Field::Offset)
    }

    fn has(&self, field: Field) -> bool {
        self.fields().any(|other| other == field)
    }

    fn check(&self, purpose: Purpose) -> Result<(), Flaw> {
        if matches!(purpose, Purpose::WriteDate | Purpose::ReadDate)
            && let Some(field) = self.fields().find(|field| field.is_of_clock())
        {
            let flaw =
                format!("a date has no time of day for {} of {:?}", field.specifier(), self.text);
            return Err((flaw, "use a timestamp"));
        }
        if purpose == Purpose::WriteTimestamp && self.has_offset() {
            let flaw =
                format!("a timestamp without a zone has no offset for %z of {:?}", self.text);
            return Err((flaw, "at_time_zone gives it a zone"));
        }
        if matches!(purpose, Purpose::WriteDate | Purpose::WriteTimestamp | Purpose::WriteZoned) {
            return Ok(());
        }
        self.check_read()
    }

    /// Whether a text of this pattern says all that a value needs, and nothing that is not looked
    /// at.
    fn check_read(&self) -> Result<(), Flaw> {
        let fields: Vec<Field> = self.fields().collect();
        for (index, field) in fields.iter().enumerate() {
            if fields[..index].contains(field) {
                let flaw = format!("{} stands twice in {:?}", field.specifier(), self.text);
                return Err((flaw, "a value is read once"));
            }
        }
        let any = |fields: &[Field]| fields.iter().any(|field| self.has(*field));
        let has_month = any(&[Field::Month, Field::MonthName, Field::MonthShort]);
        let has_weekday = any(&[Field::Weekday, Field::DayName, Field::DayShort]);
        let has_date = any(&[Field::Year, Field::YearOfCentury])
            && (has_month && self.has(Field::Day) || self.has(Field::DayOfYear));
        let has_week = self.has(Field::IsoYear) && self.has(Field::IsoWeek) && has_weekday;
        if !has_date && !has_week {
            let flaw = format!("{:?} does not say a whole date", self.text);
            return Err((flaw, "it takes %Y %m %d, or %Y %j, or %G %V %u"));
        }
        if self.has(Field::HourOfHalf) != self.has(Field::Meridiem) {
            let flaw = format!("%I and %p stand together, in {:?} one is missing", self.text);
            return Err((flaw, "use %H for hours from 00 to 23"));
        }
        if self.has(Field::Hour) && self.has(Field::HourOfHalf) {
            return Err((format!("both %H and %I stand in {:?}", self.text), "use one of them"));
        }
        if self.has(Field::Fraction) && self.has(Field::Milliseconds) {
            return Err((format!("both %f and %3f stand in {:?}", self.text), "use one of them"));
        }
        let has_hour = any(&[Field::Hour, Field::HourOfHalf]);
        let gap = (self.has(Field::Minute) && !has_hour)
            || (self.has(Field::Second) && !self.has(Field::Minute))
            || (any(&[Field::Fraction, Field::Milliseconds]) && !self.has(Field::Second))
            || (self.has_offset() && !has_hour);
        if gap {
            let flaw = format!("{:?} leaves out a part of the time above one it has", self.text);
            return Err((flaw, "%M takes %H, %S takes %M, %f takes %S, %z takes %H"));
        }
        Ok(())
    }
}

const KNOWN: &str = "the specifiers are %Y %y %m %d %j %G %V %u %B %b %A %a %H %I %p %M %S %f %3f \
                     %z %F %T %R %%, and %-m %-d %-j %-V %-H %-I %-M %-S without padding";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_purpose_cannot_use_or_lacks_is_refused() {
        for (text, purpose, expected) in [
            ("%Y-%m-%Q", Purpose::WriteDate, "unknown specifier \"%Q\" at byte 6 of \"%Y-%m-%Q\""),
            ("%", Purpose::WriteDate, "unknown specifier \"%\" at byte 0 of \"%\""),
            ("é%é", Purpose::WriteDate, "unknown specifier \"%é\" at byte 2 of \"é%é\""),
            ("%-Y", Purpose::WriteDate, "unknown specifier \"%-\" at byte 0 of \"%-Y\""),
            ("%H", Purpose::WriteDate, "a date has no time of day for %H of \"%H\""),
            ("%F %R", Purpose::ReadDate, "a date has no time of day for %H of \"%F %R\""),
            ("%Y-%m", Purpose::ReadDate, "\"%Y-%m\" does not say a whole date"),
            ("%F %d", Purpose::ReadDate, "%d stands twice in \"%F %d\""),
            (
                "%F %I",
                Purpose::ReadTimestamp,
                "%I and %p stand together, in \"%F %I\" one is missing",
            ),
            (
                "%F %z",
                Purpose::ReadTimestamp,
                "\"%F %z\" leaves out a part of the time above one it has",
            ),
            ("%z", Purpose::WriteDate, "a date has no time of day for %z of \"%z\""),
            (
                "%z",
                Purpose::WriteTimestamp,
                "a timestamp without a zone has no offset for %z of \"%z\"",
            ),
            ("%F %H %I %p", Purpose::ReadTimestamp, "both %H and %I stand in \"%F %H %I %p\""),
            (
                "%F %M",
                Purpose::ReadTimestamp,
                "\"%F %M\" leaves out a part of the time above one it has",
            ),
        ] {
            let (flaw, _) = Pattern::new(text, purpose).expect_err(text);
            assert_eq!(flaw, expected);
        }
        let long = "x".repeat(PATTERN_BYTES_MAX + 1);
        assert!(Pattern::new(&long, Purpose::WriteDate).is_err());
        assert!(Pattern::new(&long[1..], Purpose::WriteDate).is_ok());
    }
}
