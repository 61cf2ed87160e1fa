//! What the text of a cell looks like, for judging readings against each other.
//!
//! This is wider than the types of the reader: money, addresses and codes are no column types, but
//! a reading that gives such cells is likelier than one that gives `0","https`.
//!
//! Source: van den Burg, Nazabal, Sutton, "Wrangling messy CSV files by detecting row and type
//! patterns", 2019, section 4.2 (type score); the kinds and weights are our own.

/// Kinds of cells, from nothing to nonsense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// No text, or blanks.
    Empty,
    /// Digits, perhaps with a sign.
    Whole,
    /// A number with a fraction, an exponent or marks between groups.
    Number,
    /// A truth value.
    Bool,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A day and a time.
    Moment,
    /// A number with a currency or a percent sign.
    Money,
    /// A web, mail or network address.
    Address,
    /// One word: letters, digits and what binds them.
    Code,
    /// Words with blanks and the usual marks.
    Text,
    /// Anything else.
    Odd,
}

impl Kind {
    /// How much a cell of this kind speaks for the reading that made it, 0 to 1.
    pub fn weight(self) -> f64 {
        match self {
            Kind::Empty => 0.6,
            Kind::Whole
            | Kind::Number
            | Kind::Bool
            | Kind::Date
            | Kind::Time
            | Kind::Moment
            | Kind::Money
            | Kind::Address => 1.0,
            Kind::Code => 0.95,
            Kind::Text => 0.8,
            Kind::Odd => 0.1,
        }
    }

    /// Whether a name is hardly ever of this kind.
    pub fn is_typed(self) -> bool {
        !matches!(self, Kind::Empty | Kind::Code | Kind::Text | Kind::Odd)
    }

    /// The family that cells of one column share: all numbers, all days and moments.
    pub fn family(self) -> Kind {
        match self {
            Kind::Number => Kind::Whole,
            Kind::Moment => Kind::Date,
            Kind::Odd => Kind::Text,
            other => other,
        }
    }
}

/// The kind of a cell; blanks around it do not count.
pub(super) fn kind(text: &[u8]) -> Kind {
    let text = text.trim_ascii();
    let Some(first) = text.first() else { return Kind::Empty };
    if text.iter().all(u8::is_ascii_digit) {
        return Kind::Whole;
    }
    if first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.' | b',' | b'(') {
        if let Some(number) = number_kind(text) {
            return number;
        }
        if let Some(kind) = moment(text) {
            return kind;
        }
    }
    if is_word(text, &["true", "false", "yes", "no", "y", "n", "t", "f"]) {
        return Kind::Bool;
    }
    if is_word(text, &["na", "n/a", "nan", "null", "none", "nil", "\\n", "-", "--", "?"]) {
        return Kind::Empty;
    }
    if is_money(text) {
        return Kind::Money;
    }
    if is_address(text) {
        return Kind::Address;
    }
    words(text)
}

fn is_word(text: &[u8], words: &[&str]) -> bool {
    text.len() <= 5 && words.iter().any(|word| text.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whole or broken numbers, with marks of either habit.
fn number_kind(text: &[u8]) -> Option<Kind> {
    let inner = match text {
        [b'(', inner @ .., b')'] => inner,
        [b'+' | b'-', rest @ ..] => rest,
        all => all,
    };
    if !inner.is_empty() && inner.iter().all(u8::is_ascii_digit) {
        return Some(Kind::Whole);
    }
    number_form(inner).map(|_| Kind::Number)
}

/// How a number with marks is built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct NumberForm {
    /// Mark before a fraction: the last of its kind, and nothing tells it from one between groups
    /// when `is_ambiguous`.
    pub decimal: Option<char>,
    /// Mark between groups of three digits.
    pub thousands: Option<char>,
    /// One mark, at most three digits before it and just three behind: a fraction or a group.
    pub is_ambiguous: bool,
}

/// Reads digits with marks: `1.5`, `1,5`, `1.234,56`, `1'234`, `12e-3`; no sign.
pub(super) fn number_form(text: &[u8]) -> Option<NumberForm> {
    let mut form = NumberForm::default();
    let (mut at, mut digits, mut any) = (0, 0usize, false);
    let mut groups = 0usize;
    let mut first_digits = 0;
    while at < text.len() {
        let byte = text[at];
        if byte.is_ascii_digit() {
            digits += 1;
            any = true;
            at += 1;
            continue;
        }
        if matches!(byte, b'e' | b'E') && any {
            let exponent = match &text[at + 1..] {
                [b'+' | b'-', rest @ ..] => rest,
                rest => rest,
            };
            let is_number = !exponent.is_empty() && exponent.iter().all(u8::is_ascii_digit);
            // `1,234e5`: nobody groups the digits of a mantissa.
            if groups == 1 && form.decimal.is_none() && form.is_ambiguous {
                (form.decimal, form.thousands) = (form.thousands, None);
            }
            form.is_ambiguous = false;
            return is_number.then_some(form);
        }
        let (mark, length) = mark_at(&text[at..])?;
        if form.decimal.is_some() {
            return None;
        }
        at += length;
        let next = text[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let is_group =
            next == 3 && (groups > 0 && digits == 3 || groups == 0 && (1..=3).contains(&digits));
        match form.thousands {
            Some(thousands) if thousands == mark => {
                if !is_group {
                    return None;
                }
                groups += 1;
            }
            None if is_group => {
                form.thousands = Some(mark);
                groups += 1;
                first_digits = digits;
            }
            _ => {
                if !matches!(mark, '.' | ',') || form.thousands.is_some() && digits != 3 {
                    return None;
                }
                form.decimal = Some(mark);
            }
        }
        digits = 0;
    }
    if !any {
        return None;
    }
    let leading_zero = text.first() == Some(&b'0');
    if groups == 1 && form.decimal.is_none() && matches!(form.thousands, Some('.' | ',')) {
        match leading_zero && first_digits == 1 {
            // `0,125` is no group.
            true => (form.decimal, form.thousands) = (form.thousands, None),
            false => form.is_ambiguous = true,
        }
    }
    Some(form)
}

fn mark_at(text: &[u8]) -> Option<(char, usize)> {
    match text {
        [b'.', ..] => Some(('.', 1)),
        [b',', ..] => Some((',', 1)),
        [b'\'', ..] => Some(('\'', 1)),
        [b' ', ..] => Some((' ', 1)),
        [0xC2, 0xA0, ..] => Some(('\u{A0}', 2)),
        [0xE2, 0x80, 0xAF, ..] => Some(('\u{202F}', 3)),
        _ => None,
    }
}

/// A day of numbers: its three parts in order, the mark between them, and what follows.
pub(super) fn day_parts(text: &[u8]) -> Option<([u32; 3], u8, &[u8])> {
    let mut parts = [0u32; 3];
    let mut rest = text;
    let mut mark = 0;
    let mut lengths = [0usize; 3];
    for index in 0..3 {
        let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=4).contains(&length) {
            return None;
        }
        lengths[index] = length;
        for digit in &rest[..length] {
            parts[index] = parts[index] * 10 + u32::from(digit - b'0');
        }
        rest = &rest[length..];
        if index < 2 {
            let (found, behind) = rest.split_first()?;
            if !matches!(found, b'/' | b'-' | b'.') || index == 1 && *found != mark {
                return None;
            }
            mark = *found;
            rest = behind;
        }
    }
    let is_small = |index: usize| lengths[index] <= 2 && (1..=31).contains(&parts[index]);
    let is_day = match lengths {
        [4, _, _] => is_small(1) && is_small(2),
        [_, _, 4] => is_small(0) && is_small(1) && (parts[0] <= 12 || parts[1] <= 12),
        [_, _, 2] => lengths[0] <= 2 && lengths[1] <= 2 && parts[1] >= 1 && parts[1] <= 31,
        _ => false,
    };
    is_day.then_some((parts, mark, rest))
}

fn moment(text: &[u8]) -> Option<Kind> {
    if is_time(text) {
        return Some(Kind::Time);
    }
    let rest = match day_parts(text) {
        Some((_, _, rest)) => rest,
        None => named_day(text)?,
    };
    match rest {
        [] => Some(Kind::Date),
        [b' ' | b'T', time @ ..] => is_time(time.trim_ascii()).then_some(Kind::Moment),
        [b',', b' ', time @ ..] => is_time(time).then_some(Kind::Moment),
        _ => None,
    }
}

/// `31-OCT-2023` or `3 March 2021`: what follows it.
fn named_day(text: &[u8]) -> Option<&[u8]> {
    const MONTHS: [&[u8]; 12] = [
        b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov",
        b"dec",
    ];
    let day = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = text.get(day..)?;
    let (mark, rest) = rest.split_first()?;
    let letters = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let month = rest.get(..3)?.to_ascii_lowercase();
    let behind = rest.get(letters..)?.strip_prefix(&[*mark])?;
    let year = behind.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is_day = matches!(day, 1 | 2)
        && matches!(mark, b'-' | b' ' | b'/')
        && letters >= 3
        && MONTHS.contains(&month.as_slice())
        && matches!(year, 2 | 4);
    is_day.then(|| &behind[year..])
}

/// `12:30`, `12:30:59.123`, with `AM`, `PM`, `Z`, a zone's offset or its short name behind.
fn is_time(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let hour = digits(text);
    if !matches!(hour, 1 | 2) || text.get(hour) != Some(&b':') || digits(&text[hour + 1..]) != 2 {
        return false;
    }
    let mut rest = &text[hour + 3..];
    if rest.first() == Some(&b':') && digits(&rest[1..]) == 2 {
        rest = &rest[3..];
    }
    if matches!(rest.first(), Some(b'.' | b',')) {
        let fraction = digits(&rest[1..]);
        if fraction == 0 {
            return false;
        }
        rest = &rest[1 + fraction..];
    }
    let zone = rest.trim_ascii();
    let is_offset = |zone: &[u8]| {
        matches!(zone.first(), Some(b'+' | b'-'))
            && zone[1..].iter().all(|byte| byte.is_ascii_digit() || *byte == b':')
    };
    zone.len() <= 6 && (zone.iter().all(u8::is_ascii_alphabetic) || is_offset(zone))
}

fn is_money(text: &[u8]) -> bool {
    let signed = text.strip_prefix(b"-").unwrap_or(text);
    let signs: [&[u8]; 5] = [b"$", b"%", "€".as_bytes(), "£".as_bytes(), "¥".as_bytes()];
    let Some(rest) = signs
        .iter()
        .find_map(|sign| signed.strip_prefix(*sign).or_else(|| signed.strip_suffix(*sign)))
    else {
        return false;
    };
    let rest = rest.trim_ascii();
    let rest = rest.strip_prefix(b"-").unwrap_or(rest);
    number_kind(rest).is_some()
}

fn is_address(text: &[u8]) -> bool {
    if text.iter().any(|byte| matches!(byte, b' ' | b'"' | b'<' | b'\t')) {
        return false;
    }
    let lower: Vec<u8> = text.iter().take(8).map(u8::to_ascii_lowercase).collect();
    let is_web = [&b"http://"[..], b"https://", b"ftp://", b"www."];
    if is_web.iter().any(|start| lower.starts_with(start)) {
        return !text.windows(2).any(|pair| matches!(pair, b",," | b";;"));
    }
    let mut halves = text.split(|byte| *byte == b'@');
    let (Some(user), Some(host), None) = (halves.next(), halves.next(), halves.next()) else {
        return is_network_address(text);
    };
    let is_plain = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+') || *byte >= 0x80
    };
    !user.is_empty() && host.contains(&b'.') && user.iter().chain(host).all(is_plain)
}

fn is_network_address(text: &[u8]) -> bool {
    let mut parts = text.split(|byte| *byte == b'.');
    let is_byte =
        |part: &[u8]| (1..=3).contains(&part.len()) && part.iter().all(u8::is_ascii_digit);
    parts.clone().count() == 4 && parts.all(is_byte)
}

/// Text in words, or what no one writes into a field.
fn words(text: &[u8]) -> Kind {
    let mut has_blank = false;
    let mut quotes = 0;
    for (index, byte) in text.iter().enumerate() {
        let next = text.get(index + 1).copied();
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | 0x80.. => {}
            b'_' | b'-' | b'.' | b'/' | b'#' | b'+' | b'*' | b'@' | b'$' | b'%' | b'=' => {}
            b'\'' | b'(' | b')' | b'[' | b']' | b'!' | b'?' | b'&' | b'\\' | b'<' | b'>' => {}
            b' ' | b'\n' | b'\r' => has_blank = true,
            b':' if next != Some(b':') => {}
            // Between words of a sentence a blank follows; between fields none does.
            b',' | b';' if matches!(next, Some(b' ' | b'\n' | b'\r')) => has_blank = true,
            b'"' => quotes += 1,
            _ => return Kind::Odd,
        }
    }
    let first = text[0];
    let is_odd = quotes % 2 == 1
        || matches!(first, b'"' | b'\'' | b'`' | b'}' | b']' | b')')
        || text.starts_with(b"//");
    match (is_odd, has_blank || quotes > 0) {
        (true, _) => Kind::Odd,
        (false, true) => Kind::Text,
        (false, false) => Kind::Code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_usual_cells() {
        let check = |kind_expected: Kind, texts: &[&str]| {
            for text in texts {
                assert_eq!(kind(text.as_bytes()), kind_expected, "{text}");
            }
        };
        check(Kind::Empty, &["", "  ", "NA", "null", "-"]);
        check(Kind::Whole, &["0", "42", "-7", "+1", " 567"]);
        check(Kind::Number, &["1.5", "1,5", "1.234,56", "1'234", "12e-3", "1 234 567", ".5", "5."]);
        check(Kind::Bool, &["true", "No", "Y"]);
        check(Kind::Date, &["2021-03-01", "01/03/2021", "3.4.21", "31-OCT-2023", "3 March 2021"]);
        check(Kind::Time, &["00:15", "1:02:03", "12:30:59.123", "11:04 PM"]);
        check(
            Kind::Moment,
            &[
                "2021-03-01 00:15",
                "2012-09-30T23:48:54.208+00:00",
                "1/2/2023, 12:33 PM",
                "2021-05-25 04:55:03.382494 UTC",
            ],
        );
        check(Kind::Money, &["$55.83", "12 €", "-$5", "30%"]);
        check(Kind::Address, &["https://shop.invalid/i/0.html", "a.b@example.org", "10.0.0.1"]);
        check(Kind::Code, &["ZX-3471", "Details", "naïve", "a/b", "C:\\x"]);
        check(Kind::Text, &["Item 1", "oak, pale item", "It's 5\" or 6\" wide"]);
        check(Kind::Odd, &["0,ZX", "a;b", "\"x", "a|b", "//host/x", "x\ty", "a::b"]);
    }

    #[test]
    fn numbers_tell_their_marks() {
        let check = |text: &str, decimal, thousands, is_ambiguous| {
            let form = NumberForm { decimal, thousands, is_ambiguous };
            assert_eq!(number_form(text.as_bytes()), Some(form), "{text}");
        };
        check("1.5", Some('.'), None, false);
        check("1234,5", Some(','), None, false);
        check("1.234.567,8", Some(','), Some('.'), false);
        check("1,234.5", Some('.'), Some(','), false);
        check("123,000", None, Some(','), true);
        check("1.234", None, Some('.'), true);
        check("0,125", Some(','), None, false);
        check("1234.567", Some('.'), None, false);
        check("1'234", None, Some('\''), false);
        check("1\u{202F}234,5", Some(','), Some('\u{202F}'), false);
        for text in ["1,2,3", "1.2.3", "1,23,456", "", ".", "1 2", "12a", "1e", "1234,567,890"] {
            assert_eq!(number_form(text.as_bytes()), None, "{text}");
        }
    }
}
