//! Units of time, as functions of dates and times name them.

/// A span of the calendar (a year to a month) or one of a fixed length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Twelve months.
    Year,
    /// Three months, from January, April, July or October.
    Quarter,
    /// A month of the calendar.
    Month,
    /// Seven days, from Monday.
    Week,
    /// 24 hours: without a zone, no day has another length.
    Day,
    /// 60 minutes.
    Hour,
    /// 60 seconds: leap seconds are not counted.
    Minute,
    /// A second.
    Second,
    /// A thousandth of a second.
    Millisecond,
    /// A millionth of a second.
    Microsecond,
}

/// Length of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// That many months.
    Months(i64),
    /// That many days.
    Days(i64),
    /// That many microseconds, less than a day.
    Microseconds(i64),
}

impl Unit {
    /// Every unit, longest first.
    pub const ALL: &'static [Unit] = &[
        Unit::Year,
        Unit::Quarter,
        Unit::Month,
        Unit::Week,
        Unit::Day,
        Unit::Hour,
        Unit::Minute,
        Unit::Second,
        Unit::Millisecond,
        Unit::Microsecond,
    ];

    /// The name in plans and text.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Year => "year",
            Unit::Quarter => "quarter",
            Unit::Month => "month",
            Unit::Week => "week",
            Unit::Day => "day",
            Unit::Hour => "hour",
            Unit::Minute => "minute",
            Unit::Second => "second",
            Unit::Millisecond => "millisecond",
            Unit::Microsecond => "microsecond",
        }
    }

    /// The unit of that name.
    pub fn from_name(name: &str) -> Option<Unit> {
        Unit::ALL.iter().copied().find(|unit| unit.name() == name)
    }

    /// How long it is.
    pub fn length(self) -> Length {
        match self {
            Unit::Year => Length::Months(12),
            Unit::Quarter => Length::Months(3),
            Unit::Month => Length::Months(1),
            Unit::Week => Length::Days(7),
            Unit::Day => Length::Days(1),
            Unit::Hour => Length::Microseconds(3_600_000_000),
            Unit::Minute => Length::Microseconds(60_000_000),
            Unit::Second => Length::Microseconds(1_000_000),
            Unit::Millisecond => Length::Microseconds(1_000),
            Unit::Microsecond => Length::Microseconds(1),
        }
    }

    /// Whether it is made of whole days, so that a date can be moved by it.
    pub fn is_of_days(self) -> bool {
        !matches!(self.length(), Length::Microseconds(_))
    }
}

/// What a local time stands for that clocks skip or show twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unclear {
    /// An error.
    Error,
    /// The earlier of the two moments that may be meant.
    Earliest,
    /// The later one.
    Latest,
    /// Null.
    Null,
}

impl Unclear {
    /// Every choice.
    pub const ALL: &'static [Unclear] =
        &[Unclear::Error, Unclear::Earliest, Unclear::Latest, Unclear::Null];

    /// The name in plans and text.
    pub fn name(self) -> &'static str {
        match self {
            Unclear::Error => "error",
            Unclear::Earliest => "earliest",
            Unclear::Latest => "latest",
            Unclear::Null => "null",
        }
    }

    /// The choice of that name.
    pub fn from_name(name: &str) -> Option<Unclear> {
        Unclear::ALL.iter().copied().find(|choice| choice.name() == name)
    }
}
