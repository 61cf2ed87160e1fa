//! Runs of up to 64 fields of one column to values at once, where the fields are plain.
//!
//! Bytes and the places of fields in, values out, and a bit for each field that is not plain: the
//! caller reads those one by one (`number`, `civil`), and so it reads all of them on a CPU that has
//! no file here. The quick way knows just the spellings that make up nearly all of nearly every
//! file; what it does take it takes exactly as the slow way would.

#[cfg(target_arch = "x86_64")]
mod x86_64;
#[cfg(target_arch = "x86_64")]
mod x86_64_fixed;
#[cfg(target_arch = "x86_64")]
mod x86_64_floats;

use super::pattern::Fixed;
use super::scan::Level;

/// Fields in a run.
pub const RUN_FIELDS: usize = 64;

/// Where the fields of a run stand; those behind the last repeat it.
#[derive(Clone, Debug)]
pub struct Run {
    /// Offset of each field's first byte.
    pub starts: [u32; RUN_FIELDS],
    /// Offset behind each field's last byte.
    pub ends: [u32; RUN_FIELDS],
}

impl Default for Run {
    fn default() -> Run {
        Run { starts: [0; RUN_FIELDS], ends: [0; RUN_FIELDS] }
    }
}

/// Values of a run.
pub type RunValues<T> = [T; RUN_FIELDS];

/// Whole numbers: fields of up to 16 bytes, canonical, and not `-0`.
///
/// Gives the bits of the fields that are not; their values mean nothing. An empty field counts as
/// plain and gives 0: who cares asks before.
pub fn integers(level: Level, bytes: &[u8], run: &Run, values: &mut RunValues<i64>) -> u64 {
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::V3 | Level::V4 => x86_64::integers(bytes, run, values),
        _ => all_odd(bytes, run, values),
    }
}

/// Floats: canonical, digits and at most one point, in up to 28 bytes and a sign, at most 19 digits
/// behind leading zeros; without a point, up to 2^53.
///
/// Gives the bits of the fields that are not, as [`integers`] does; an empty field counts as plain.
pub fn floats(level: Level, bytes: &[u8], run: &Run, values: &mut RunValues<f64>) -> u64 {
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::V3 | Level::V4 => x86_64_floats::floats(bytes, run, values),
        _ => all_odd(bytes, run, values),
    }
}

/// Days since 1970: `YYYY-MM-DD`, a day that exists. Gives the bits of the fields that are not.
pub fn dates(level: Level, bytes: &[u8], run: &Run, values: &mut RunValues<i32>) -> u64 {
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::V3 | Level::V4 => x86_64::dates(bytes, run, values),
        _ => all_odd(bytes, run, values),
    }
}

/// Microseconds since 1970: `YYYY-MM-DD[T ]HH:MM:SS`, a time that exists. Gives the bits of the
/// fields that are not.
pub fn timestamps(level: Level, bytes: &[u8], run: &Run, values: &mut RunValues<i64>) -> u64 {
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::V3 | Level::V4 => x86_64::timestamps(bytes, run, values),
        _ => all_odd(bytes, run, values),
    }
}

/// Days since 1970 and seconds of that day: texts of a pattern of one length, of a day and a time
/// that exist. Gives the bits of the fields that are not.
pub fn fixed(
    level: Level,
    bytes: &[u8],
    run: &Run,
    pattern: &Fixed,
    days: &mut RunValues<i32>,
    seconds: &mut RunValues<i32>,
) -> u64 {
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::V3 | Level::V4 => x86_64_fixed::fixed(bytes, run, pattern, days, seconds),
        _ => u64::MAX,
    }
}

/// The bits of the fields that hold `byte`.
pub fn holding(level: Level, bytes: &[u8], run: &Run, byte: u8) -> u64 {
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::V3 | Level::V4 => x86_64::holding(bytes, run, byte),
        _ => holding_plain(bytes, run, byte),
    }
}

fn holding_plain(bytes: &[u8], run: &Run, byte: u8) -> u64 {
    let fields = run.starts.iter().zip(&run.ends).enumerate();
    fields.fold(0, |bits, (index, (start, end))| {
        let field = &bytes[*start as usize..*end as usize];
        bits | u64::from(field.contains(&byte)) << index
    })
}

fn all_odd<T>(_: &[u8], _: &Run, _: &mut RunValues<T>) -> u64 {
    u64::MAX
}

#[cfg(test)]
mod tests {
    use super::super::calendar::Day;
    use super::super::civil::{DAY_MICROSECONDS, parse_date, parse_timestamp};
    use super::super::number::{EXACT_INTEGER_MAX, parse_float, parse_integer};
    use super::super::pattern::{Pattern, Purpose};
    use super::*;

    /// Texts one behind the other, as the fields of a file are, and with what may stand around
    /// them.
    fn lay_out(texts: &[String], before: &str, between: &str) -> (Vec<u8>, Run) {
        let mut bytes = before.as_bytes().to_vec();
        let mut run = Run::default();
        for index in 0..RUN_FIELDS {
            run.starts[index] = bytes.len() as u32;
            bytes.extend_from_slice(texts[index.min(texts.len() - 1)].as_bytes());
            run.ends[index] = bytes.len() as u32;
            bytes.extend_from_slice(between.as_bytes());
        }
        (bytes, run)
    }

    const BEFORE: [&str; 4] =
        ["", "1", "99999999999999999999999999999999999", "-.-.,0\"\u{e9}-0.-"];
    const BETWEEN: [&str; 6] = [",", "-", ".", "0", "\"-", "\u{e9}"];

    /// A value is that of the pattern's own reader, and nearly all texts of the pattern have one.
    #[test]
    fn texts_of_one_length_are_read_as_the_pattern_reads_them() {
        for text in ["%Y-%m-%d", "%d/%m/%Y", "%Y%m%d%H%M%S", "%dé%m %Y at %R", "%S|%M|%H|%m|%d|%Y"]
        {
            let pattern = Pattern::new(text, Purpose::ReadTimestamp).expect(text);
            let fixed_form = pattern.fixed().expect(text);
            let mut texts = Vec::new();
            for number in 0..192_i64 {
                let mut out = Vec::new();
                let day = Day::of((number * 37_813 - 700_000) as i32 % 2_900_000);
                pattern.write(day, number * 449_999_999, &mut out);
                texts.push(String::from_utf8_lossy(&out).into_owned());
                let at = number as usize % out.len();
                if out[at] < 128 && number % 3 == 0 {
                    out[at] = b"0129/-: x"[number as usize % 9];
                    texts.push(String::from_utf8_lossy(&out).into_owned());
                }
                texts.push(text.to_owned());
            }
            check_all(&texts, |part, bytes, run, before| {
                for level in Level::ALL.iter().filter(|level| **level <= Level::supported()) {
                    let (mut days, mut seconds) = ([7; RUN_FIELDS], [7; RUN_FIELDS]);
                    let odd = fixed(*level, bytes, run, &fixed_form, &mut days, &mut seconds);
                    for (index, text) in part.iter().enumerate() {
                        let expected = pattern.read(text.as_bytes()).ok();
                        let ticks = i64::from(days[index]) * DAY_MICROSECONDS
                            + i64::from(seconds[index]) * 1_000_000;
                        let is_odd = odd >> index & 1 == 1;
                        assert!(is_odd || expected == Some(ticks), "{text} {level:?}");
                        let is_quick = *level >= Level::V3 && before.len() >= 32;
                        assert!(!is_quick || is_odd == expected.is_none(), "{text}");
                    }
                }
            });
        }
    }

    fn check_all(texts: &[String], check: impl Fn(&[String], &[u8], &Run, &str)) {
        for part in texts.chunks(RUN_FIELDS) {
            for before in BEFORE {
                for between in BETWEEN {
                    let (bytes, run) = lay_out(part, before, between);
                    check(part, &bytes, &run, before);
                }
            }
        }
    }

    fn check_integers(texts: &[String]) {
        check_all(texts, |part, bytes, run, before| {
            for level in Level::ALL.iter().filter(|level| **level <= Level::supported()) {
                let mut values = [7; RUN_FIELDS];
                let odd = integers(*level, bytes, run, &mut values);
                for (index, text) in part.iter().enumerate() {
                    let expected = parse_integer(text.as_bytes(), 0, text.len());
                    let is_odd = odd >> index & 1 == 1;
                    if !is_odd && !text.is_empty() {
                        assert_eq!(Some(values[index]), expected, "{text} {level:?}");
                        assert_ne!(text, "-0");
                    }
                    let is_plain = expected.is_some() && text.len() <= 16 && text != "-0";
                    if *level >= Level::V3 && before.len() >= 32 && is_plain {
                        assert!(!is_odd, "{text}");
                    }
                }
            }
        });
    }

    fn check_floats(texts: &[String]) {
        check_all(texts, |part, bytes, run, before| {
            for level in Level::ALL.iter().filter(|level| **level <= Level::supported()) {
                let mut values = [7.0; RUN_FIELDS];
                let odd = floats(*level, bytes, run, &mut values);
                for (index, text) in part.iter().enumerate() {
                    let is_odd = odd >> index & 1 == 1;
                    if !is_odd && !text.is_empty() {
                        let expected = parse_float(text.as_bytes()).expect("a number");
                        assert_eq!(values[index].to_bits(), expected.value.to_bits(), "{text}");
                        assert!(expected.is_canonical, "{text}");
                        let is_exact = expected.value.abs() <= EXACT_INTEGER_MAX as f64;
                        assert!(!expected.is_integer || is_exact, "{text}");
                    }
                    let is_plain = text.bytes().all(|byte| b"-.0123456789".contains(&byte))
                        && text.contains('.')
                        && !text.ends_with('.')
                        && text.bytes().filter(u8::is_ascii_digit).count() <= 19
                        && parse_float(text.as_bytes()).is_some_and(|float| float.is_canonical);
                    if *level >= Level::V3 && before.len() >= 33 && is_plain {
                        assert!(!is_odd, "{text}");
                    }
                }
            }
        });
    }

    /// Texts of every length made of `alphabet`, and what a few changes make of numbers.
    fn random_texts(count: usize, alphabet: &[u8], len_max: u64) -> Vec<String> {
        let mut seed = 99_u64;
        let mut below = |bound: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % bound
        };
        let mut text = || {
            let len = below(len_max + 1);
            let bytes = (0..len).map(|_| alphabet[below(alphabet.len() as u64) as usize]);
            bytes.map(char::from).collect::<String>()
        };
        (0..count).map(|_| text()).collect()
    }

    #[test]
    fn integers_equal_the_plain_way() {
        let mut texts: Vec<String> =
            ["", "-", "--1", "-0", "00", "-01", "1-", "9-9", "0", "-9"].map(str::to_owned).to_vec();
        let mut power = 1_i64;
        while let Some(next) = power.checked_mul(10) {
            texts.extend([power - 1, power, -power, 1 - power].map(|value| value.to_string()));
            power = next;
        }
        texts.extend(random_texts(2000, b"0123456789", 20));
        texts.extend(random_texts(2000, b"0123456789-", 17));
        texts.extend(random_texts(500, b"01289-./:, \x00\x7f", 16));
        check_integers(&texts);
        // One field among many that is not plain leaves the others plain.
        texts.iter_mut().for_each(|text| *text = "12345".to_owned());
        texts[3] = "x".to_owned();
        check_integers(&texts[..RUN_FIELDS]);
    }

    #[test]
    fn floats_equal_the_plain_way() {
        let mut texts: Vec<String> =
            ["", "-", ".", "-.", "0", "-0", "0.0", "-0.0", "00.5", "1.", ".5", "1.2.3", "1e5"]
                .map(str::to_owned)
                .to_vec();
        texts.extend(
            ["9007199254740992", "9007199254740993", "9007199254740993.0"].map(str::to_owned),
        );
        texts.extend(random_texts(3000, b"0123456789", 21));
        texts.extend(random_texts(3000, b"01234567890123456789.", 34));
        texts.extend(random_texts(500, b"0123456789.-", 12));
        texts.extend(random_texts(500, b"0.", 34));
        texts.extend(random_texts(500, b"019./-:,e \x00\x7f", 16));
        let mut seed = 7_u64;
        for _ in 0..6000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let unit = (seed >> 11) as f64 / (1_u64 << 53) as f64;
            texts.extend([
                format!("{unit}"),
                format!("-{:.2}", unit * 1e5),
                format!("{}", unit * 1e6),
            ]);
        }
        check_floats(&texts);
    }

    #[test]
    fn times_equal_the_plain_way() {
        let mut texts: Vec<String> = ["", "2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29"]
            .map(str::to_owned)
            .to_vec();
        for text in ["0000-01-01", "9999-12-31", "2024-12-31T23:59:59", "1969-07-20 20:17:40"] {
            texts.push(text.to_owned());
            for at in 0..text.len() {
                for byte in b"0123456789-:T /".iter().map(|byte| char::from(*byte)) {
                    let mut changed = text.to_owned();
                    changed.replace_range(at..=at, &byte.to_string());
                    texts.push(changed);
                }
                texts.extend([text[..at].to_owned(), format!("{text}{}", &text[at..])]);
            }
        }
        check_all(&texts, |part, bytes, run, before| {
            for level in Level::ALL.iter().filter(|level| **level <= Level::supported()) {
                let (mut days, mut times) = ([7; RUN_FIELDS], [7; RUN_FIELDS]);
                let odd_days = dates(*level, bytes, run, &mut days);
                let odd_times = timestamps(*level, bytes, run, &mut times);
                for (index, text) in part.iter().enumerate() {
                    let date = parse_date(text.as_bytes());
                    let time = parse_timestamp(text.as_bytes()).filter(|_| text.len() == 19);
                    let is_quick = *level >= Level::V3 && before.len() >= 33;
                    let plain = (odd_days >> index & 1 == 0).then_some(days[index]);
                    assert!(plain == date || (!is_quick && plain.is_none()), "{text}");
                    let plain = (odd_times >> index & 1 == 0).then_some(times[index]);
                    assert!(plain == time || (!is_quick && plain.is_none()), "{text}");
                }
            }
        });
    }

    #[test]
    fn bytes_are_found_where_they_are() {
        let mut texts = random_texts(1000, b"ab\"", 12);
        texts.extend(random_texts(1000, b"abcdefghijklmnopqrstuvwxyz\"\xe9", 80));
        check_all(&texts, |part, bytes, run, _| {
            for level in Level::ALL.iter().filter(|level| **level <= Level::supported()) {
                let bits = holding(*level, bytes, run, b'"');
                for (index, text) in part.iter().enumerate() {
                    assert_eq!(bits >> index & 1 == 1, text.contains('"'), "{text}");
                }
            }
        });
    }

    #[test]
    fn places_beyond_the_bytes_are_odd() {
        let bytes = [b'1'; 40];
        let mut run = Run { starts: [39; RUN_FIELDS], ends: [40; RUN_FIELDS] };
        run.ends[5] = 41;
        for level in Level::ALL.iter().filter(|level| **level <= Level::supported()) {
            assert_eq!(integers(*level, &bytes, &run, &mut [0; RUN_FIELDS]), u64::MAX);
            assert_eq!(floats(*level, &bytes, &run, &mut [0.0; RUN_FIELDS]), u64::MAX);
        }
        run.ends[5] = 38;
        for level in Level::ALL.iter().filter(|level| **level <= Level::supported()) {
            assert!(integers(*level, &bytes, &run, &mut [0; RUN_FIELDS]) >> 5 & 1 == 1);
            assert!(floats(*level, &bytes, &run, &mut [0.0; RUN_FIELDS]) >> 5 & 1 == 1);
        }
    }
}
