//! Kernels of text, held to Python 3.11 where it has the same rule, else to what is documented.

use super::case::{initcap, length, length_bytes, lower, upper};
use super::cut::{Origin, cut_chars, left, reverse, right, split_part};
use super::encode::{decode, encode, sha256, xxh3};
use super::join::{concat, concat_ws};
use super::json::json_extract;
use super::like::LikeMatcher;
use super::normalize::normalize;
use super::pad::{Side, pad, repeat};
use super::pattern::Matcher;
use super::replace::replace;
use super::search::{Search, count_matches, find, row_of, search};
use super::similar::{jaro_winkler, levenshtein};
use super::trim::{Ends, trim, trim_chars};
use crate::column::{Array, ArrayBuilder, DataType, Scalar};
use crate::error::{ErrorKind, Result};
use crate::exec::kernels::Datum;
use crate::plan::text::like::Like;
use crate::plan::text::pattern::Pattern;
use crate::plan::text::pointer::Pointer;
use crate::plan::text::template::Template;
use crate::plan::text::{Encoding, Form};

fn texts(values: &[Option<&str>]) -> Array {
    let mut builder = ArrayBuilder::new(DataType::Utf8, values.len());
    for value in values {
        match value {
            Some(text) => builder.push_text(text).expect("short"),
            None => builder.push_null(),
        }
    }
    builder.finish()
}

/// The values between two others, so that the first offset is not 0.
fn sliced(values: &[Option<&str>]) -> Array {
    let around = [&[Some("aé!")], values, &[Some("abc")]].concat();
    texts(&around).slice(1, values.len())
}

fn one(text: &str) -> Datum {
    Datum::Value(Scalar::Utf8(text.to_owned()))
}

fn number(value: i64) -> Datum {
    Datum::Value(Scalar::Int64(value))
}

fn shown(array: &Array) -> Vec<Option<String>> {
    let text = |value| match value {
        Scalar::Null => None,
        Scalar::Utf8(text) => Some(text),
        Scalar::Int64(number) => Some(number.to_string()),
        Scalar::Float64(number) => Some(number.to_string()),
        Scalar::Bool(bit) => Some(bit.to_string()),
        other => panic!("no such result here: {other:?}"),
    };
    (0..array.len()).map(|row| text(array.scalar(row))).collect()
}

/// Runs a kernel on values alone, and as a part of a longer array with a null among them.
fn check(
    what: &str,
    inputs: &[&str],
    kernel: impl Fn(&Array) -> Result<Array>,
    expected: &[Option<&str>],
) {
    let mut values: Vec<Option<&str>> = inputs.iter().copied().map(Some).collect();
    let mut expected: Vec<Option<String>> =
        expected.iter().map(|value| value.map(str::to_owned)).collect();
    assert_eq!(shown(&kernel(&texts(&values)).expect(what)), expected, "{what}");
    values.insert(values.len() / 2, None);
    expected.insert(expected.len() / 2, None);
    assert_eq!(shown(&kernel(&sliced(&values)).expect(what)), expected, "{what} with a null");
    let none = kernel(&texts(&[])).expect(what);
    assert!(none.is_empty(), "{what} of nothing");
}

/// Rows of true and false, written as 1 and 0.
fn bits(bits: &str) -> Vec<Option<&'static str>> {
    bits.bytes().map(|bit| Some(if bit == b'1' { "true" } else { "false" })).collect()
}

fn some<'a>(values: &[&'a str]) -> Vec<Option<&'a str>> {
    values.iter().copied().map(Some).collect()
}

#[test]
fn case_follows_unicode() {
    let inputs = ["straße", "ΑΣ", "abc", "", "ŉǆ"];
    check("upper", &inputs, upper, &some(&["STRASSE", "ΑΣ", "ABC", "", "ʼNǄ"]));
    check("lower", &inputs, lower, &some(&["straße", "ας", "abc", "", "ŉǆ"]));
    check("upper", &["ab", "", "Cd"], upper, &some(&["AB", "", "CD"]));
    check(
        "initcap",
        &["déjà VU, 3rd", "ǆ ŉ ß ﬁ", "ᾳ ὈΔΥΣΣΕΎΣ", "they're", "e\u{301}A", "", "აბ"],
        initcap,
        &some(&["Déjà Vu, 3rd", "ǅ ʼN Ss Fi", "ᾼ Ὀδυσσεύς", "They'Re", "E\u{301}a", "", "აბ"]),
    );
}

#[test]
fn lengths_count_characters_or_bytes() {
    let inputs = ["é", "e\u{301}", "🦀x", "", "abc"];
    check("length", &inputs, |a| Ok(length(a)), &some(&["1", "2", "2", "0", "3"]));
    check("length_bytes", &inputs, |a| Ok(length_bytes(a)), &some(&["2", "3", "5", "0", "3"]));
}

#[test]
fn trim_takes_white_space_or_some_characters() {
    let inputs = ["  aé \t", "\u{3000}x\u{2003}", "plain", " ", "", "a b"];
    check(
        "trim",
        &inputs,
        |a| Ok(trim(Ends::Both, a)),
        &some(&["aé", "x", "plain", "", "", "a b"]),
    );
    check(
        "trim_start",
        &inputs,
        |a| Ok(trim(Ends::Start, a)),
        &some(&["aé \t", "x\u{2003}", "plain", "", "", "a b"]),
    );
    check(
        "trim_end",
        &inputs,
        |a| Ok(trim(Ends::End, a)),
        &some(&["  aé", "\u{3000}x", "plain", "", "", "a b"]),
    );
    let inputs = ["éxé", "-_a_-", "", "--"];
    let set = one("é-_");
    check("trim of", &inputs, |a| Ok(trim_chars(Ends::Both, a, &set)), &some(&["x", "a", "", ""]));
    check(
        "trim of",
        &inputs,
        |a| Ok(trim_chars(Ends::End, a, &set)),
        &some(&["éx", "-_a", "", ""]),
    );
    check("of none", &["a "], |a| Ok(trim_chars(Ends::Both, a, &one(""))), &some(&["a "]));
}

#[test]
fn windows_are_cut_at_characters() {
    let slice = |start, length: Option<i64>| {
        move |a: &Array| {
            let length = length.map(number);
            cut_chars(Origin::Slice, a, &number(start), length.as_ref())
        }
    };
    for inputs in [["hello", "hé🦀lo", ""], ["hello", "hello", ""]] {
        let is_ascii = inputs[1] == "hello";
        let pick = |ascii: &'static str, other: &'static str| if is_ascii { ascii } else { other };
        for (start, length, first, second) in [
            (1, Some(3), "ell", pick("ell", "é🦀l")),
            (1, None, "ello", pick("ello", "é🦀lo")),
            (-3, None, "llo", pick("llo", "🦀lo")),
            (-3, Some(1), "l", pick("l", "🦀")),
            (-7, Some(4), "he", pick("he", "hé")),
            (9, None, "", ""),
            (0, Some(0), "", ""),
            (i64::MIN, None, "hello", pick("hello", "hé🦀lo")),
            (i64::MAX, Some(i64::MAX), "", ""),
        ] {
            let what = format!("slice {start} {length:?}");
            check(&what, &inputs, slice(start, length), &some(&[first, second, ""]));
        }
        // PostgreSQL 16: select substring('hello', -1, 4), ... (as SQL:2016 has it)
        for (start, length, first, second) in [
            (2, Some(3), "ell", pick("ell", "é🦀l")),
            (-1, Some(4), "he", pick("he", "hé")),
            (0, None, "hello", pick("hello", "hé🦀lo")),
            (i64::MIN, Some(i64::MAX), "", ""),
        ] {
            let length = length.map(number);
            let cut = |a: &Array| cut_chars(Origin::Substring, a, &number(start), length.as_ref());
            check(&format!("substring {start}"), &inputs, cut, &some(&[first, second, ""]));
        }
        for (count, to_left, to_right) in [
            (2, ["he", pick("he", "hé"), ""], ["lo", "lo", ""]),
            (-2, ["hel", pick("hel", "hé🦀"), ""], ["llo", pick("llo", "🦀lo"), ""]),
            (9, ["hello", inputs[1], ""], ["hello", inputs[1], ""]),
            (-9, ["", "", ""], ["", "", ""]),
            (0, ["", "", ""], ["", "", ""]),
            (i64::MIN, ["", "", ""], ["", "", ""]),
        ] {
            check(&format!("left {count}"), &inputs, |a| left(a, &number(count)), &some(&to_left));
            check(
                &format!("right {count}"),
                &inputs,
                |a| right(a, &number(count)),
                &some(&to_right),
            );
        }
    }
    let error = slice(0, Some(-1))(&texts(&[Some("a")])).expect_err("a negative length");
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(slice(0, Some(-1))(&texts(&[None])).is_ok(), "nothing below a null is an error");
    check("reverse", &["aé🦀", "", "ab"], reverse, &some(&["🦀éa", "", "ba"]));
}

#[test]
fn parts_count_from_either_end() {
    let inputs = ["a,b,c", "a", "", ",", "é::ü", "a::"];
    for (separator, index, expected) in [
        (",", 1, ["a", "a", "", "", "é::ü", "a::"]),
        (",", 2, ["b", "", "", "", "", ""]),
        (",", -1, ["c", "a", "", "", "é::ü", "a::"]),
        ("::", 2, ["", "", "", "", "ü", ""]),
        ("::", -2, ["", "", "", "", "é", "a"]),
        ("", 1, ["a,b,c", "a", "", ",", "é::ü", "a::"]),
        ("", 2, ["", "", "", "", "", ""]),
        (",", i64::MIN, ["", "", "", "", "", ""]),
        (",", i64::MAX, ["", "", "", "", "", ""]),
    ] {
        let what = format!("split_part {separator:?} {index}");
        let split = |a: &Array| split_part(a, &one(separator), &number(index));
        check(&what, &inputs, split, &some(&expected));
    }
    let zero = split_part(&texts(&[Some("a")]), &one(","), &number(0)).expect_err("no part 0");
    assert_eq!(zero.kind(), ErrorKind::InvalidArgument);
    let separators = Datum::Array(texts(&[Some("b"), None, Some("")]));
    let rows = texts(&[Some("abc"), Some("abc"), Some("abc")]);
    let parts = split_part(&rows, &separators, &number(1)).expect("parts");
    assert_eq!(shown(&parts), [Some("a".to_owned()), None, Some("abc".to_owned())]);
}

#[test]
fn texts_grow_up_to_a_limit() {
    let inputs = ["é", "abc", ""];
    let pads =
        |side, length, fill: &'static str| move |a: &Array| pad(side, a, &number(length), fill);
    check("pad_start", &inputs, pads(Side::Start, 3, "-"), &some(&["--é", "abc", "---"]));
    check("pad_end", &inputs, pads(Side::End, 4, "xé"), &some(&["éxéx", "abcx", "xéxé"]));
    check("pad less", &inputs, pads(Side::End, -1, "x"), &some(&inputs));
    check("repeat", &inputs, |a| repeat(a, &number(2)), &some(&["éé", "abcabc", ""]));
    check("repeat 0", &inputs, |a| repeat(a, &number(0)), &some(&["", "", ""]));
    let long = repeat(&texts(&[Some("ab")]), &number(10_001)).expect("short enough");
    assert_eq!(long.as_text().get(0), "ab".repeat(10_001));
    check("repeat nothing", &[""], |a| repeat(a, &number(i64::MAX)), &some(&[""]));
    let start = std::time::Instant::now();
    for outcome in [
        repeat(&texts(&[Some("a")]), &number(i64::MAX)),
        repeat(&texts(&[Some("a")]), &number(1 << 30)),
        pad(Side::Start, &texts(&[Some("a")]), &number(i64::MAX), "xyz"),
        pad(Side::End, &texts(&[Some("")]), &number(1 << 30), "é"),
    ] {
        assert_eq!(outcome.expect_err("too long").kind(), ErrorKind::LimitExceeded);
    }
    assert!(start.elapsed().as_millis() < 100, "refused before anything is written");
    assert!(repeat(&texts(&[None]), &number(i64::MAX)).is_ok());
}

#[test]
fn concat_gives_null_and_concat_ws_skips_it() {
    let a = Datum::Array(texts(&[Some("a"), None, Some("")]));
    let b = Datum::Array(texts(&[Some("é"), Some("b"), None]));
    let joined = concat(&[a.clone(), one("-"), b.clone()], 3).expect("short");
    assert_eq!(shown(&joined), [Some("a-é".to_owned()), None, None]);
    let joined = concat_ws(&one(", "), &[a.clone(), Datum::Value(Scalar::Null), b.clone()], 3)
        .expect("short");
    assert_eq!(shown(&joined), ["a, é", "b", ""].map(|text| Some(text.to_owned())));
    let separator = Datum::Array(texts(&[None, Some("-"), Some("-")]));
    let joined = concat_ws(&separator, &[a, b], 3).expect("short");
    assert_eq!(shown(&joined), [None, Some("b".to_owned()), Some(String::new())]);
}

#[test]
fn searches_keep_to_their_rows() {
    let inputs = ["ab", "ab", "", "xaba", "b", "é", "abababab", "ba"];
    let by = |kind, needle: &'static str| {
        move |a: &Array| Ok(search(kind, &Datum::Array(a.clone()), &one(needle), a.len()))
    };
    check("contains ab", &inputs, by(Search::Contains, "ab"), &bits("11010010"));
    check("contains ba", &inputs, by(Search::Contains, "ba"), &bits("00010011"));
    check("contains nothing", &inputs, by(Search::Contains, ""), &bits("11111111"));
    check("contains bx", &inputs, by(Search::Contains, "bx"), &bits("00000000"));
    check("contains é", &inputs, by(Search::Contains, "é"), &bits("00000100"));
    check("starts_with ab", &inputs, by(Search::StartsWith, "ab"), &bits("11000010"));
    check("ends_with ab", &inputs, by(Search::EndsWith, "ab"), &bits("11000010"));
    let finds = |needle: &'static str| {
        move |a: &Array| Ok(find(&Datum::Array(a.clone()), &one(needle), a.len()))
    };
    check(
        "find b",
        &inputs,
        finds("b"),
        &[Some("1"), Some("1"), None, Some("2"), Some("0"), None, Some("1"), Some("0")],
    );
    check("find é", &["éaé", "xéé", "a"], finds("é"), &[Some("0"), Some("1"), None]);
    check("find a", &["ééa", "a"], finds("a"), &some(&["2", "0"]));
    check("find nothing", &["é", ""], finds(""), &some(&["0", "0"]));
    let counts = |needle: &'static str| {
        move |a: &Array| count_matches(&Datum::Array(a.clone()), &one(needle), a.len())
    };
    check("count aba", &inputs, counts("aba"), &some(&["0", "0", "0", "1", "0", "0", "2", "0"]));
    check("count nothing", &["aé", ""], counts(""), &some(&["3", "1"]));
}

#[test]
fn needles_may_differ_by_row() {
    let rows = Datum::Array(texts(&[Some("abc"), Some("abc"), None, Some("")]));
    let needles = Datum::Array(texts(&[Some("c"), None, Some("a"), Some("")]));
    let bit = |bit: &str| Some(bit.to_owned());
    assert_eq!(
        shown(&search(Search::Contains, &rows, &needles, 4)),
        [bit("true"), None, None, bit("true")]
    );
    assert_eq!(shown(&find(&rows, &needles, 4)), [bit("2"), None, None, bit("0")]);
    let counted = count_matches(&one("abcab"), &needles, 4).expect("counts");
    assert_eq!(shown(&counted), [bit("1"), None, bit("2"), bit("6")]);
    let replaced = replace(&rows, &needles, &one("é"), 4).expect("short");
    assert_eq!(shown(&replaced), [bit("abé"), None, None, bit("")]);
}

#[test]
fn rows_of_places_are_found_from_any_row_before() {
    let offsets = [3, 3, 5, 5, 9, 9, 12];
    for from in 0..6 {
        for place in offsets[from].max(3)..12 {
            let plain = (0..6).rev().find(|row| offsets[*row] <= place).expect("a row");
            assert_eq!(row_of(&offsets, from, place as usize), plain, "{from} {place}");
        }
    }
}

#[test]
fn replace_goes_from_the_start() {
    let inputs = ["ab", "ab", "", "xaba", "b", "é", "aaaaa", "ba"];
    let by = |old: &'static str, new: &'static str| {
        move |a: &Array| replace(&Datum::Array(a.clone()), &one(old), &one(new), a.len())
    };
    check(
        "ab by é",
        &inputs,
        by("ab", "é"),
        &some(&["é", "é", "", "xéa", "b", "é", "aaaaa", "ba"]),
    );
    check(
        "aa by b",
        &inputs,
        by("aa", "b"),
        &some(&["ab", "ab", "", "xaba", "b", "é", "bba", "ba"]),
    );
    check("a by none", &inputs, by("a", ""), &some(&["b", "b", "", "xb", "b", "é", "", "b"]));
    check(
        "é by éé",
        &inputs,
        by("é", "éé"),
        &some(&["ab", "ab", "", "xaba", "b", "éé", "aaaaa", "ba"]),
    );
    check("none by x", &inputs, by("", "x"), &some(&inputs));
    check("absent", &inputs, by("zz", "x"), &some(&inputs));
}

#[test]
fn like_is_of_the_whole_text() {
    let inputs = ["abc", "ABC", "a", "", "ab\nc", "a%c", "aéc", "abcabc"];
    for (pattern, escape, ignores_case, expected) in [
        ("abc", None, false, "10000000"),
        ("a%", None, false, "10101111"),
        ("%c", None, false, "10001111"),
        ("%b%", None, false, "10001001"),
        ("a%c", None, false, "10001111"),
        ("%b%c%", None, false, "10001001"),
        ("abc%abc", None, false, "00000001"),
        ("a_c", None, false, "10000110"),
        ("_%_%_", None, false, "11001111"),
        ("%", None, false, "11111111"),
        ("", None, false, "00010000"),
        ("a!%c", Some("!"), false, "00000100"),
        ("ABC", None, true, "11000000"),
        ("%É%", None, true, "00000010"),
        ("ab_c", None, false, "00001000"),
    ] {
        let matcher = LikeMatcher::new(Like::new(pattern, escape, ignores_case).expect(pattern));
        let like = |a: &Array| Ok(matcher.matches(a));
        check(&format!("like {pattern}"), &inputs, like, &bits(expected));
    }
}

#[test]
fn patterns_of_every_shape_give_what_re_gives() {
    let inputs = ["order 12 é", "12", "", "no digits", "a1b22c333", "order", "xorder 7", "éé"];
    // An empty match right behind another one counts with Python, not here (nor with RE2): "éé".
    // Python 3.11: re.search(p, t), its group(1), and len(re.findall(p, t)).
    for (source, matches, counts, first) in [
        ("order", "10000110", [1, 0, 0, 0, 0, 1, 1, 0], None),
        ("^order", "10000100", [1, 0, 0, 0, 0, 1, 0, 0], None),
        ("order$", "00000100", [0, 0, 0, 0, 0, 1, 0, 0], None),
        ("^order$", "00000100", [0, 0, 0, 0, 0, 1, 0, 0], None),
        ("order|digits|é", "10010111", [2, 0, 0, 1, 0, 1, 1, 2], None),
        (
            r"order (\d)",
            "10000010",
            [1, 0, 0, 0, 0, 0, 1, 0],
            Some(["1", "", "", "", "", "", "7", ""]),
        ),
        (
            r"(\d+)",
            "11001010",
            [1, 1, 0, 0, 3, 0, 1, 0],
            Some(["12", "12", "", "", "1", "", "7", ""]),
        ),
        (
            r"\b(\w)r",
            "10000100",
            [1, 0, 0, 0, 0, 1, 0, 0],
            Some(["o", "", "", "", "", "o", "", ""]),
        ),
        ("(?i)ORDER", "10000110", [1, 0, 0, 0, 0, 1, 1, 0], None),
        ("é*", "11111111", [10, 3, 1, 10, 10, 6, 9, 1], None),
        ("", "11111111", [11, 3, 1, 10, 10, 6, 9, 3], None),
    ] {
        let matcher = Matcher::new(Pattern::new(source).expect(source));
        check(source, &inputs, |a| Ok(matcher.matches(a)), &bits(matches));
        let counts = counts.map(|count: i64| count.to_string());
        let counts: Vec<Option<&str>> = counts.iter().map(|count| Some(count.as_str())).collect();
        check(source, &inputs, |a| Ok(matcher.count(a)), &counts);
        if let Some(first) = first {
            let first = first.map(|text| (!text.is_empty()).then_some(text));
            check(source, &inputs, |a| Ok(matcher.extract(a, 1)), &first);
        }
    }
}

#[test]
fn matches_never_cross_rows() {
    let inputs = ["ab", "cd", "abc", "d", "éa", "bcd"];
    for (source, expected) in
        [("bc", "001001"), ("abcd|bc|d", "011101"), ("b.?c", "001001"), (r"\bb|d\b", "010101")]
    {
        let matcher = Matcher::new(Pattern::new(source).expect(source));
        check(source, &inputs, |a| Ok(matcher.matches(a)), &bits(expected));
    }
}

#[test]
fn extract_tells_absent_from_empty() {
    let matcher = Matcher::new(Pattern::new(r"(a)?(?<rest>b*)c").expect("a pattern"));
    let inputs = ["abbc", "c", "x", "bc"];
    let group = |group| {
        let matcher = &matcher;
        move |a: &Array| Ok(matcher.extract(a, group))
    };
    check("whole", &inputs, group(0), &[Some("abbc"), Some("c"), None, Some("bc")]);
    check("(a)", &inputs, group(1), &[Some("a"), None, None, None]);
    check("rest", &inputs, group(2), &[Some("bb"), Some(""), None, Some("b")]);
}

#[test]
fn replacements_hold_groups() {
    // Python 3.11: re.sub(pattern, replacement, text), groups written its way; of "x*"
    // DuckDB 1.5.6: regexp_replace(text, 'x*', '-', 'g').
    for (source, replacement, inputs, expected) in [
        (
            r"(\d+)-(\d+)",
            "$2-$1",
            ["1-22, 3-4", "é1-2", "none", ""],
            ["22-1, 4-3", "é2-1", "none", ""],
        ),
        ("order", "x$$", ["order order", "é", "", "reorder"], ["x$ x$", "é", "", "rex$"]),
        ("o", "<$0>", ["foo", "", "é", "o"], ["f<o><o>", "", "é", "<o>"]),
        ("", "-", ["é🦀", "", "a", "ab"], ["-é-🦀-", "-", "-a-", "-a-b-"]),
        ("x*", "-", ["abxd", "é", "xx", ""], ["-a-b-d-", "-é-", "-", "-"]),
        ("(a)|(b)", "[$1|$2]", ["ab", "", "c", "é"], ["[a|][|b]", "", "c", "é"]),
        ("foo|bar", "é", ["foobar", "ba", "xbar", ""], ["éé", "ba", "xé", ""]),
        ("^a", "b", ["aa", "ba", "a", ""], ["ba", "ba", "b", ""]),
    ] {
        let pattern = Pattern::new(source).expect(source);
        let template = Template::new(replacement, &pattern).expect(replacement);
        let matcher = Matcher::new(pattern);
        check(source, &inputs, |a| matcher.replace(a, &template), &some(&expected));
    }
}

#[test]
fn normal_forms_are_unicodes() {
    let inputs = ["ﬁé", "e\u{301}", "Å", "abc", ""];
    for (form, expected) in [
        (Form::Nfc, ["ﬁé", "é", "Å", "abc", ""]),
        (Form::Nfd, ["ﬁe\u{301}", "e\u{301}", "A\u{30A}", "abc", ""]),
        (Form::Nfkc, ["fié", "é", "Å", "abc", ""]),
        (Form::Nfkd, ["fie\u{301}", "e\u{301}", "A\u{30A}", "abc", ""]),
    ] {
        check("normalize", &inputs, |a| normalize(a, form), &some(&expected));
    }
}

#[test]
fn encodings_go_there_and_back() {
    let inputs = ["aé?", "", "a b/é~-_.+%", "abc"];
    for (encoding, expected) in [
        (Encoding::Hex, ["61c3a93f", "", "6120622fc3a97e2d5f2e2b25", "616263"]),
        (Encoding::Base64, ["YcOpPw==", "", "YSBiL8Opfi1fLisl", "YWJj"]),
        (Encoding::Url, ["a%C3%A9%3F", "", "a%20b%2F%C3%A9~-_.%2B%25", "abc"]),
    ] {
        check("encode", &inputs, |a| encode(a, encoding), &some(&expected));
        check("decode", &expected, |a| decode(a, encoding, false), &some(&inputs));
    }
    for (encoding, text) in [
        (Encoding::Hex, "6"),
        (Encoding::Hex, "6g"),
        (Encoding::Hex, "ff"),
        (Encoding::Base64, "YQ"),
        (Encoding::Base64, "YR=="),
        (Encoding::Base64, "Y Q="),
        (Encoding::Url, "%4"),
        (Encoding::Url, "%zz"),
        (Encoding::Url, "%ff"),
    ] {
        let array = texts(&[Some(text)]);
        let error = decode(&array, encoding, false).expect_err(text);
        assert_eq!(error.kind(), ErrorKind::BadCast, "{text}");
        assert_eq!(shown(&decode(&array, encoding, true).expect(text)), [None], "{text}");
    }
    check("upper digits", &["C3A9"], |a| decode(a, Encoding::Hex, false), &some(&["é"]));
    check("a plus is a plus", &["a+b"], |a| decode(a, Encoding::Url, false), &some(&["a+b"]));
}

#[test]
fn digests_are_the_standards() {
    check(
        "sha256",
        &["é", ""],
        sha256,
        &some(&[
            "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ]),
    );
    // xxhash 3.6 of Python: xxhash.xxh3_64_hexdigest
    check("xxh3", &["", "abc"], xxh3, &some(&["2d06800538d394c2", "78af5f94892f3950"]));
}

#[test]
fn likeness_counts_characters() {
    let distance = |other: &'static str| {
        move |a: &Array| levenshtein(&Datum::Array(a.clone()), &one(other), a.len())
    };
    check(
        "levenshtein",
        &["kitten", "", "sitting", "é"],
        distance("sitting"),
        &some(&["3", "7", "0", "7"]),
    );
    let likeness = |other: &'static str| {
        move |a: &Array| jaro_winkler(&Datum::Array(a.clone()), &one(other), a.len())
    };
    // DuckDB 1.5.6: jaro_winkler_similarity
    check(
        "jaro_winkler",
        &["MARTHA", "MARHTA", "", "xyz"],
        likeness("MARHTA"),
        &some(&["0.9611111111111111", "1", "0", "0"]),
    );
    let long = texts(&[Some(&"a".repeat(10_001))]);
    let error = levenshtein(&Datum::Array(long), &one("a"), 1).expect_err("too long");
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
}

#[test]
fn json_values_come_as_they_are_written() {
    let text = r#" {"a": {"b": [1.10, "é\u00e9\n", null, {"c": [ ]}]}, "a/b": true, "": 5} "#;
    for (pointer, expected) in [
        ("", Some(text.trim())),
        ("/a/b/0", Some("1.10")),
        ("/a/b/1", Some("éé\n")),
        ("/a/b/2", None),
        ("/a/b/3", Some(r#"{"c": [ ]}"#)),
        ("/a/b/3/c", Some("[ ]")),
        ("/a/b/4", None),
        ("/a/b/-", None),
        ("/a~1b", Some("true")),
        ("/", Some("5")),
        ("/a/x/y", None),
        ("/a~1b/0", None),
    ] {
        let pointer = Pointer::new(pointer).expect(pointer);
        check("json", &[text], |a| json_extract(a, &pointer, false), &[expected]);
    }
    let pointer = Pointer::new("/a/b").expect("a pointer");
    let extract = |a: &Array| json_extract(a, &pointer, false);
    check(
        "the last",
        &[r#"{"a":{"b":1},"a":{"b":2}}"#, r#"{"a":{"b":1},"a":3}"#],
        extract,
        &[Some("2"), None],
    );
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for text in
        ["", "{", "{\"a\":1}x", "{'a':1}", "[01]", "nul", &deep[1..], r#"{"a":{"b":"\ud800"}}"#]
    {
        let array = texts(&[Some(text)]);
        let error = json_extract(&array, &pointer, false).expect_err("no JSON");
        assert_eq!(error.kind(), ErrorKind::BadCast);
        assert_eq!(shown(&json_extract(&array, &pointer, true).expect("null")), [None]);
    }
    check("deep", &[&deep], extract, &[None]);
}
