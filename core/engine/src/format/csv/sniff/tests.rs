//! Readings of small texts that one knows at a glance, and of bytes that mean nothing.

use std::collections::BTreeSet;

use super::super::options::{CsvReadOptions, Dialect};
use super::*;
use crate::error::ErrorKind;

fn sniff(text: &str) -> Sniffed {
    sniff_bytes(text.as_bytes(), &Given::default())
}

/// Delimiter, columns, header and lines to skip.
fn shape(text: &str) -> (String, u64, bool, u64) {
    let found = sniff(text);
    (found.delimiter, found.columns, found.header, found.skip_lines)
}

fn check(text: &str, delimiter: &str, columns: u64, header: bool, skip_lines: u64) {
    assert_eq!(shape(text), (delimiter.to_owned(), columns, header, skip_lines), "{text}");
}

#[test]
fn delimiters_are_told_from_what_text_holds() {
    check("id,name\n1,a\n2,b\n", ",", 2, true, 0);
    check("root:x:0:0:root:/root:/bin/sh\nbin:x:1:1:bin:/bin:/bin/no\n", ":", 7, false, 0);
    check("2020-01-01 00:01:01\n2020-01-02 10:01:01\n", ",", 1, false, 0);
    check("Hello, world\nIt is late, and cold, too\nGood\nSo, well\n", ";", 1, true, 0);
    check("preis;menge\n1,5;2,5\n3,25;1,0\n", ";", 2, true, 0);
    check("a||b||c\n1||||3\n||2||3\n", "||", 3, true, 0);
    check("a,,c\n1,,3\n4,,6\n", ",", 3, true, 0);
    check("x\ty\n1,2 and more\t3\nalso, this\t4\n", "\t", 2, true, 0);
    check("id, name, age\n1, a, 5\n2, b, 6\n", ", ", 3, true, 0);
    check("id, name, age\n1,a, 5\n2, b, 6\n", ",", 3, true, 0);
    check("https://a.invalid/x\nhttps://b.invalid/y\n", ",", 1, false, 0);
    check("John Smith\nJane Doe\nAnn Lee\n", ",", 1, true, 0);
    check("name\n", ",", 1, true, 0);
    check("a|b\n", "|", 2, true, 0);
}

#[test]
fn header_is_told_by_contrast() {
    check("region,2019,2020,2021\nNorth,12,15,17\nSouth,11,9,8\n", ",", 4, true, 0);
    check("1,2\n3,4\n", ",", 2, false, 0);
    check("a,a\n1,2\n", ",", 2, true, 0);
    check("x,y,z\n1,2,3,4\n5,6,7,8\n", ",", 4, true, 0);
    let all_text = sniff("a,b\nc,d\ne,f\n");
    assert!(all_text.header);
    assert!(all_text.doubt.expect("unclear").contains("may be values"));
    assert!(all_text.confidence < 0.8);
}

#[test]
fn lines_above_the_table_are_counted() {
    check("Report\n\nid,n\n1,2\n3,4\n", ",", 2, true, 2);
    check("Report, made by A, B and C\nid,num\n1,2\n3,4\n", ",", 2, true, 1);
    check("Report,,\n,,\nid,n,m\n1,2,3\n", ",", 3, true, 2);
    check("\n\nid,n\n1,2\n", ",", 2, true, 2);
    check("# c\nid,n\n1,2\n", ",", 2, true, 0);
    check("#id,n,m\n1,2,3\n4,5,6\n", ",", 3, true, 0);
    // A sparse record is no title when values follow it.
    check("a,,\nb,2,3\nc,4,5\nd,6,7\n", ",", 3, false, 0);
    assert_eq!(sniff("# c\nid,n\n1,2\n").comment.as_deref(), Some("#"));
    assert_eq!(sniff("#id,n,m\n1,2,3\n4,5,6\n").comment, None);
    assert_eq!(sniff("id,n\n1,2\n#3,4\n5,6\n").comment.as_deref(), Some("#"));
    assert_eq!(sniff("tag,n\n#a,2\n#b,4\nc,6\n").comment, None);
}

#[test]
fn quotes_and_escapes_are_found() {
    let marks = |text: &str| {
        let found = sniff(text);
        (found.quote.map(char::from), found.escape.map(char::from))
    };
    assert_eq!(marks("a,b\n\"x, y\",1\n\"z\",2\n"), (Some('"'), None));
    assert_eq!(marks("a,b\n'x, y',1\n'z',2\n"), (Some('\''), None));
    assert_eq!(marks("a,b\nit's,1\n'tis,2\nso,3\n"), (Some('"'), None));
    assert_eq!(marks("a,b\n\"x \\\"y\\\" z\",1\n\"z\",2\n"), (Some('"'), Some('\\')));
    assert_eq!(marks("a,b\nx\\, y,1\nz,2\nz,3\nu,4\n"), (Some('"'), Some('\\')));
    assert_eq!(marks("a,b\n\"C:\\dir\\\",1\n\"C:\\x\\\",2\n"), (Some('"'), None));
    assert_eq!(marks("a,b\n\"5 wide,1\n\"6 wide,2\n\"7 high,3\n"), (None, None));
}

#[test]
fn numbers_and_dates_tell_their_habits() {
    let marks = |text: &str| {
        let found = sniff(text);
        (found.decimal, found.thousands)
    };
    assert_eq!(marks("a;b\n1.234,56;1\n12,5;2\n"), (',', Some('.')));
    assert_eq!(marks("a;b\n1,234.56;1\n12.5;2\n"), ('.', Some(',')));
    assert_eq!(marks("a;b\n1'234.50;1\n12.5;2\n"), ('.', Some('\'')));
    assert_eq!(marks("a;b\n1 234,50;1\n12,5;2\n"), (',', Some(' ')));
    assert_eq!(marks("a,b\n\"1,234,567\",1\n\"12\",2\n"), ('.', Some(',')));
    let unclear = sniff("a|b\n123,000|1\n456,000|2\n");
    assert_eq!((unclear.decimal, unclear.thousands), ('.', Some(',')));
    assert!(unclear.doubt.expect("unclear").contains("decimal ','"));

    let order = |text: &str| sniff(text).date_order;
    assert_eq!(order("a,d\n1,31/01/2020\n2,01/02/2020\n"), DateOrder::Dmy);
    assert_eq!(order("a,d\n1,01/31/2020 10:00\n2,02/01/2020 11:00\n"), DateOrder::Mdy);
    assert_eq!(order("a,d\n1,2020-01-31\n2,2020-02-01\n"), DateOrder::Ymd);
    let unclear = sniff("a,d\n1,01/02/2020\n2,03/02/2020\n");
    assert_eq!(unclear.date_order, DateOrder::Dmy);
    assert!(unclear.doubt.expect("unclear").contains("mdy is possible"));
    assert_eq!(sniff("a,d\n1,01.02.2020\n").doubt, None);
}

#[test]
fn given_options_stand() {
    let text = "a;b,c\n1;2,3\n4;5,6\n";
    let given = Given { delimiter: Some(";".to_owned()), ..Given::default() };
    let found = sniff_bytes(text.as_bytes(), &given);
    assert_eq!((found.delimiter.as_str(), found.columns), (";", 2));
    let given = Given {
        header: Some(false),
        quote: Some(None),
        skip_lines: Some(1),
        comment: Some(Some("%".to_owned())),
        encoding: Some("UTF-8".to_owned()),
        ..Given::default()
    };
    let found = sniff_bytes(b"id,n\n%\n\"1\",2\n", &given);
    assert_eq!((found.header, found.quote, found.skip_lines), (false, None, 1));
    assert_eq!((found.comment.as_deref(), found.encoding.as_str()), (Some("%"), "utf-8"));
}

#[test]
fn files_of_nothing_have_no_confidence() {
    for text in ["", "\n", "\n\n  \n", "\u{FEFF}", "\r", "\r\n"] {
        let found = sniff(text);
        assert_eq!((found.columns, found.header, found.confidence), (0, false, 0.0), "{text:?}");
        assert_eq!(found.delimiter, ",");
    }
    assert_eq!(sniff("x").columns, 1);
}

#[test]
fn two_readings_of_one_text_are_named() {
    let found = sniff("x,y;z\nu,v;w\nr,s;t\n");
    let doubt = found.doubt.expect("both cut all records alike");
    assert!(doubt.contains("fits about as well as"), "{doubt}");
    assert!(found.confidence < 0.7, "{}", found.confidence);
}

#[test]
fn middle_and_end_of_a_large_file_are_looked_at() {
    let mut text = "id,v\n".to_owned();
    (0..40_000).for_each(|row| text.push_str(&format!("{row},7\n")));
    (0..40_000).for_each(|row| text.push_str(&format!("{row},7,8\n")));
    let found = sniff(&text);
    assert_eq!(found.columns, 2);
    assert!(found.doubt.expect("the tail differs").contains("another width"));
    let bytes = [b"a,b\n".repeat(50_000), b"caf\xE9,b\n".repeat(50_000)].concat();
    assert_eq!(sniff_bytes(&bytes, &Given::default()).encoding, "windows-1252");
}

/// Any bytes, of a few kinds that come near to CSV: there is always an answer, and an honest one.
#[test]
fn any_bytes_have_an_answer() {
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut next = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as usize % bound
    };
    let alphabets: [&[u8]; 5] = [
        b"a1,\"\n",
        b"a1;'\\\r\n ,|~",
        b"0123456789.,/-: \n;",
        b"#%-/;\n,ax\"`\t\0\xFF\xFE\xEF\xBB\xBF",
        b"\0a,\n\xE9\x82\xA4\xC3\xA9\x81",
    ];
    for round in 0..4000 {
        let alphabet = alphabets[round % alphabets.len()];
        let length = next(if round % 50 == 0 { 3000 } else { 60 });
        let bytes: Vec<u8> = (0..length).map(|_| alphabet[next(alphabet.len())]).collect();
        let found = sniff_bytes(&bytes, &Given::default());
        assert!((0.0..=1.0).contains(&found.confidence), "{bytes:?}");
        assert!((1..=8).contains(&found.delimiter.len()), "{bytes:?}");
        let sniff = Dialect::Sniff { given: BTreeSet::new() };
        let options = CsvReadOptions { dialect: sniff, ..CsvReadOptions::default() };
        if let Err(error) = resolve(&options, &bytes) {
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}, {bytes:?}");
        }
        assert_eq!(found, sniff_bytes(&bytes, &Given::default()), "the answer is the same again");
    }
}
