//! Makes files of a known dialect: a table of one of several trades, printed in a dialect, then
//! polluted in one way.

/// Numbers that are the same on every machine (xorshift64*).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// A file and what it was made of.
#[derive(Clone, Debug)]
pub struct Made {
    pub bytes: Vec<u8>,
    pub delimiter: String,
    pub quote: Option<u8>,
    pub escape: Option<u8>,
    pub comment: Option<String>,
    pub skip_lines: u64,
    pub header: bool,
    pub encoding: &'static str,
    pub decimal: char,
    pub thousands: Option<char>,
    /// Not checked where the values allow several.
    pub date_order: Option<&'static str>,
}

/// Makes a record of a trade.
type Record = fn(&mut Random, usize) -> Vec<String>;
/// Cells of a table, the header first.
type Cells = Vec<Vec<String>>;

/// How cells are printed.
#[derive(Clone)]
struct Print {
    delimiter: String,
    quote: char,
    /// Written before a quote within quotes; the quote itself when it is doubled.
    escape: char,
    line_end: &'static str,
    /// Text columns are always in quotes.
    quotes_text: bool,
}

impl Print {
    fn field(&self, cell: &str, is_text: bool) -> String {
        let is_special = cell.contains(&self.delimiter)
            || cell.contains(self.quote)
            || cell.contains(['\n', '\r'])
            || self.delimiter == ", " && cell.contains(',');
        if !(is_special || is_text && self.quotes_text) {
            return cell.to_owned();
        }
        let mut out = String::from(self.quote);
        for letter in cell.chars() {
            if letter == self.quote || letter == self.escape {
                out.push(self.escape);
            }
            out.push(letter);
        }
        out.push(self.quote);
        out
    }

    fn record(&self, cells: &[String]) -> String {
        let fields: Vec<String> = cells
            .iter()
            .map(|cell| self.field(cell, cell.contains(' ') && cell.len() > 6))
            .collect();
        fields.join(&self.delimiter)
    }

    fn lines(&self, cells: &Cells) -> Vec<String> {
        cells.iter().map(|record| self.record(record)).collect()
    }
}

/// Every kind of pollution, as `make` knows them.
pub fn pollutions() -> Vec<&'static str> {
    vec![
        "none",
        "one_data_row",
        "header_only",
        "no_header",
        "no_trailing_newline",
        "double_trailing_newline",
        "line_end_lf",
        "line_end_cr",
        "preamble_padded",
        "preamble_lines",
        "preamble_blank",
        "comment_above",
        "comment_within",
        "footer",
        "multitable_less",
        "multitable_same",
        "multitable_more",
        "header_twice",
        "delimiter_semicolon",
        "delimiter_tab",
        "delimiter_pipe",
        "delimiter_space",
        "delimiter_comma_blank",
        "delimiter_long",
        "delimiter_rare",
        "quote_single",
        "quote_backtick",
        "quote_all",
        "escape_backslash",
        "row_less_separator",
        "row_more_separator",
        "row_extra_quote",
        "row_delimiter_space",
        "row_delimiter_tab",
        "row_delimiter_semicolon",
        "header_delimiter_space",
        "many_ragged",
        "multi_line",
        "decimal_comma",
        "thousands",
        "date_dmy",
        "date_mdy",
        "encoding_1252",
        "encoding_bom",
        "encoding_utf16le",
        "encoding_utf16be",
        "encoding_utf16_no_mark",
        "single_column",
        "two_columns",
        "text_only",
        "combined",
        "large",
    ]
}

/// Makes one file.
pub fn make(pollution: &str, random: &mut Random) -> Made {
    let row_count = 4 + random.below(40);
    let mut cells = table(random, row_count);
    let mut print = Print {
        delimiter: ",".to_owned(),
        quote: '"',
        escape: '"',
        line_end: random.pick(&["\r\n", "\n"]),
        quotes_text: random.chance(50),
    };
    let mut made = Made {
        bytes: Vec::new(),
        delimiter: ",".to_owned(),
        quote: Some(b'"'),
        escape: None,
        comment: None,
        skip_lines: 0,
        header: true,
        encoding: "utf-8",
        decimal: '.',
        thousands: None,
        date_order: None,
    };
    change_dialect(pollution, random, &mut print, &mut made);
    change_cells(pollution, random, &mut cells, &mut made);
    let mut lines = print.lines(&cells);
    change_lines(pollution, random, &mut lines, &cells, &print, &mut made);
    let mut text = lines.join(print.line_end);
    match pollution {
        "no_trailing_newline" => {}
        "double_trailing_newline" => text.push_str(&print.line_end.repeat(2)),
        _ => text.push_str(print.line_end),
    }
    made.delimiter = print.delimiter;
    made.bytes = encode(pollution, &text, &mut made.encoding);
    made
}

fn change_dialect(pollution: &str, random: &mut Random, print: &mut Print, made: &mut Made) {
    match pollution {
        "line_end_lf" => print.line_end = "\n",
        "line_end_cr" => print.line_end = "\r",
        "delimiter_semicolon" | "decimal_comma" => print.delimiter = ";".to_owned(),
        "delimiter_tab" => print.delimiter = "\t".to_owned(),
        "delimiter_pipe" => print.delimiter = "|".to_owned(),
        "delimiter_space" => print.delimiter = " ".to_owned(),
        "delimiter_comma_blank" => {
            print.delimiter = ", ".to_owned();
            print.quotes_text = true;
        }
        "delimiter_long" => {
            print.delimiter = random.pick(&["||", "::", "~|~", "|~|", "^|^", "<>"]).to_owned();
        }
        "delimiter_rare" => {
            print.delimiter = random.pick(&["~", "^", "\u{1}", "\u{1f}", ":", "¦"]).to_owned();
        }
        "quote_single" | "quote_backtick" => {
            let quote = if pollution == "quote_single" { '\'' } else { '`' };
            (print.quote, print.escape, print.quotes_text) = (quote, quote, true);
            made.quote = Some(quote as u8);
        }
        "quote_all" | "multi_line" => print.quotes_text = true,
        "combined" => {
            print.delimiter = random.pick(&[",", ";", "\t", "|", "~|~"]).to_owned();
            print.quotes_text = true;
            if random.chance(30) {
                (print.quote, print.escape, made.quote) = ('\'', '\'', Some(b'\''));
            }
            if random.chance(30) {
                (print.escape, made.escape) = ('\\', Some(b'\\'));
            }
        }
        "escape_backslash" => {
            (print.escape, made.escape) = ('\\', Some(b'\\'));
        }
        _ => {}
    }
}

fn change_cells(pollution: &str, random: &mut Random, cells: &mut Cells, made: &mut Made) {
    let width = cells[0].len();
    let empty = || vec![String::new(); width];
    match pollution {
        "one_data_row" => cells.truncate(2),
        "header_only" => cells.truncate(1),
        "no_header" => {
            cells.remove(0);
            made.header = false;
        }
        "preamble_padded" => {
            let mut title = empty();
            title[0] = random.pick(&["PREAMBLE", "Sales report", "Exported data"]).to_owned();
            cells.insert(0, title);
            cells.insert(1, empty());
            made.skip_lines = 2;
        }
        "header_twice" => cells.insert(1, cells[0].clone()),
        "escape_backslash" => {
            let row = 1 + random.below(cells.len() - 1);
            add_text(cells, "note", |index| match index % 3 == 0 || index == row {
                true => format!("the \"{index}\" one, so called"),
                false => "plain words".to_owned(),
            });
        }
        "quote_single" | "quote_backtick" => {
            add_text(cells, "Details", |index| format!("oak, item {index}"));
        }
        "multi_line" => {
            add_text(cells, "address", |index| format!("{index} High Street\nTown, Land"))
        }
        "decimal_comma" => {
            made.decimal = ',';
            add_text(cells, "betrag", |index| format!("{},{:02}", index * 7 + 1, index % 97));
            swap_points(cells);
        }
        "thousands" => {
            made.thousands = Some(',');
            add_text(cells, "turnover", |index| {
                format!("1,{:03},{:03}.5", index % 1000, index * 7 % 1000)
            });
        }
        "date_dmy" => {
            made.date_order = Some("dmy");
            add_text(cells, "day", |index| {
                format!("{:02}/{:02}/2021", index % 28 + 1, index % 12 + 1)
            });
            made.date_order = (cells.len() > 14).then_some("dmy");
        }
        "date_mdy" => {
            add_text(cells, "day", |index| {
                format!("{:02}/{:02}/2021", index % 12 + 1, index % 28 + 1)
            });
            made.date_order = (cells.len() > 14).then_some("mdy");
        }
        "encoding_1252" => add_text(cells, "ort", |index| {
            ["Zürich", "Genève", "Málaga", "Köln"][index % 4].to_owned()
        }),
        "delimiter_comma_blank" => {
            add_text(cells, "Details", |index| format!("oak, item {index}"));
        }
        "combined" => {
            if made.escape.is_some() || made.quote == Some(b'\'') {
                let quote = made.quote.map_or('"', char::from);
                add_text(cells, "said", |index| {
                    format!("so {quote}{index}{quote} it is, they say")
                });
            }
            if random.chance(30) {
                cells.remove(0);
                made.header = false;
            }
        }
        "two_columns" => {
            cells.iter_mut().for_each(|record| record.truncate(2));
        }
        "text_only" => {
            let rows = cells.len();
            *cells = (0..rows).map(|_| text_record(random)).collect();
            let names = ["name", "street", "town", "remark"];
            cells[0] = names.map(str::to_owned).to_vec();
        }
        "single_column" => {
            let words: Vec<String> =
                (0..cells.len()).map(|index| format!("C{index:04}x")).collect();
            *cells = words.into_iter().map(|word| vec![word]).collect();
            cells[0][0] = "code".to_owned();
        }
        "large" => {
            let body: Cells = cells[1..].to_vec();
            while cells.len() < 6000 {
                cells.extend(body.iter().cloned());
            }
        }
        _ => {}
    }
}

/// Numbers with a decimal comma instead of a point.
fn swap_points(cells: &mut Cells) {
    for record in cells.iter_mut().skip(1) {
        for cell in record {
            if cell.parse::<f64>().is_ok() && cell.contains('.') {
                *cell = cell.replace('.', ",");
            }
        }
    }
}

fn add_text(cells: &mut Cells, name: &str, value: impl Fn(usize) -> String) {
    for (index, record) in cells.iter_mut().enumerate() {
        record.push(if index == 0 { name.to_owned() } else { value(index) });
    }
}

fn change_lines(
    pollution: &str,
    random: &mut Random,
    lines: &mut Vec<String>,
    cells: &Cells,
    print: &Print,
    made: &mut Made,
) {
    let row = 1 + random.below(lines.len().max(2) - 1);
    let delimiter = print.delimiter.as_str();
    match pollution {
        "preamble_lines" | "preamble_blank" => {
            let mut above = vec![
                random
                    .pick(&["Report of sales", "Quarterly figures 2021", "Source: ERP"])
                    .to_owned(),
            ];
            if random.chance(50) {
                above.push("Created by the finance department, all rights reserved".to_owned());
            }
            if pollution == "preamble_blank" {
                above.push(String::new());
            }
            made.skip_lines = above.len() as u64;
            lines.splice(0..0, above);
        }
        "combined" => {
            // Names above values: without names nothing tells a title from a record.
            let title_count = if made.header { random.below(3) } else { 0 };
            for _ in 0..title_count {
                lines.insert(0, "Figures of the last year".to_owned());
            }
            made.skip_lines = title_count as u64;
            if title_count == 0 && random.chance(30) {
                made.comment = Some("#".to_owned());
                lines.insert(0, "# made by a program, see there".to_owned());
            }
            if random.chance(30) {
                lines.push("End of file".to_owned());
            }
        }
        "comment_above" | "comment_within" => {
            let prefix = random.pick(&["#", "//", "--", "%"]);
            made.comment = Some(prefix.to_owned());
            lines.insert(0, format!("{prefix} written by a program"));
            lines.insert(1, format!("{prefix} version 2, do not edit"));
            if pollution == "comment_within" {
                lines.insert(3, format!("{prefix} the rest follows"));
            }
        }
        "footer" => {
            lines.push(String::new());
            lines.push(format!("Total: {} rows", lines.len()));
        }
        "multitable_less" | "multitable_same" | "multitable_more" => {
            let mut other = cells.clone();
            for record in &mut other {
                match pollution {
                    "multitable_less" => drop(record.pop()),
                    "multitable_more" => record.push("x1".to_owned()),
                    _ => {}
                }
            }
            lines.push(String::new());
            lines.extend(print.lines(&other));
        }
        "row_less_separator" => {
            // The last separator of a line is no part of a quoted field.
            if let Some(at) = lines[row].find(delimiter) {
                lines[row].replace_range(at..at + delimiter.len(), "");
            }
        }
        "row_more_separator" => {
            let at = lines[row].find(delimiter).expect("several columns");
            lines[row].insert_str(at, delimiter);
        }
        "row_extra_quote" => {
            let at = lines[row].find(delimiter).expect("several columns");
            lines[row].insert(at + delimiter.len(), print.quote);
        }
        "row_delimiter_space" | "row_delimiter_tab" | "row_delimiter_semicolon" => {
            let other = match pollution {
                "row_delimiter_space" => " ",
                "row_delimiter_tab" => "\t",
                _ => ";",
            };
            let print = Print { delimiter: other.to_owned(), ..print.clone() };
            lines[row] = print.record(&cells[row]);
        }
        "header_delimiter_space" => {
            let print = Print { delimiter: " ".to_owned(), ..print.clone() };
            lines[0] = print.record(&cells[0]);
        }
        "many_ragged" => {
            for index in (3..lines.len()).step_by(5) {
                lines[index].push_str(delimiter);
            }
        }
        _ => {}
    }
}

fn encode(pollution: &str, text: &str, label: &mut &'static str) -> Vec<u8> {
    let units = |to: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to).collect::<Vec<u8>>();
    match pollution {
        "encoding_1252" => {
            *label = "windows-1252";
            text.chars().map(|letter| u8::try_from(letter as u32).expect("in Latin-1")).collect()
        }
        "encoding_bom" => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        "encoding_utf16le" => {
            *label = "utf-16le";
            [vec![0xFF, 0xFE], units(u16::to_le_bytes)].concat()
        }
        "encoding_utf16be" => {
            *label = "utf-16be";
            [vec![0xFE, 0xFF], units(u16::to_be_bytes)].concat()
        }
        "encoding_utf16_no_mark" => {
            *label = "utf-16le";
            units(u16::to_le_bytes)
        }
        _ => text.as_bytes().to_vec(),
    }
}

const WORDS: [&str; 16] = [
    "oak", "pale", "blue", "steel", "linen", "tin", "glass", "brass", "soft", "round", "clay",
    "large", "thin", "old", "grey", "warm",
];
const PEOPLE: [&str; 10] =
    ["Anna", "Bob", "Carla", "Dmitri", "Eve", "Farid", "Grace", "Hugo", "Ines", "Jon"];
const TOWNS: [&str; 8] =
    ["Berlin", "New York", "Oslo", "Lagos", "Lima", "Kyoto", "Sao Paulo", "Quito"];

/// A table of one of five trades: records of cells under names.
fn table(random: &mut Random, row_count: usize) -> Cells {
    let (names, record): (&[&str], Record) = match random.below(5) {
        0 => (
            &["DATE", "TIME", "Qty", "PRODUCTID", "Price", "ProductType", "Description", "URL"],
            shop,
        ),
        1 => (&["id", "first_name", "last_name", "email", "city", "active"], people),
        2 => (&["sensor", "timestamp", "temperature", "humidity", "status"], sensors),
        3 => (&["Country", "Population", "Area", "Capital", "Notes"], countries),
        _ => (&["order id", "customer", "amount", "paid"], orders),
    };
    let mut cells = vec![names.iter().map(|name| (*name).to_owned()).collect()];
    cells.extend((0..row_count).map(|index| record(random, index)));
    cells
}

fn words(random: &mut Random, count: usize) -> String {
    (0..count).map(|_| random.pick(&WORDS)).collect::<Vec<_>>().join(" ")
}

fn text_record(random: &mut Random) -> Vec<String> {
    let count = 1 + random.below(5);
    vec![
        format!("{} {}son", random.pick(&PEOPLE), random.pick(&PEOPLE)),
        format!("{} Street", random.pick(&WORDS)),
        random.pick(&TOWNS).to_owned(),
        words(random, count),
    ]
}

fn shop(random: &mut Random, index: usize) -> Vec<String> {
    let count = 1 + random.below(4);
    let text = format!("{}, batch {index}", words(random, count));
    vec![
        format!("2021-{:02}-{:02}", index % 12 + 1, index % 28 + 1),
        format!("{:02}:{:02}", index % 24, random.below(60)),
        random.below(20).to_string(),
        format!("ZX-{}", 1000 + random.below(9000)),
        format!("${}.{:02}", random.below(100), random.below(100)),
        format!("Item {index}"),
        text,
        format!("https://shop.invalid/i/{index}.html"),
    ]
}

fn people(random: &mut Random, index: usize) -> Vec<String> {
    let name = random.pick(&PEOPLE);
    vec![
        (index + 1).to_string(),
        name.to_owned(),
        format!("{}son", random.pick(&PEOPLE)),
        format!("{}{index}@example.org", name.to_lowercase()),
        random.pick(&TOWNS).to_owned(),
        random.pick(&["true", "false"]).to_owned(),
    ]
}

fn sensors(random: &mut Random, index: usize) -> Vec<String> {
    vec![
        format!("S{}", random.below(4)),
        format!("2022-03-{:02} {:02}:{:02}:00", index % 28 + 1, index % 24, random.below(60)),
        format!("{}.{}", random.below(40), random.below(10)),
        if random.chance(10) { String::new() } else { random.below(100).to_string() },
        random.pick(&["ok", "fail", "unknown"]).to_owned(),
    ]
}

fn countries(random: &mut Random, index: usize) -> Vec<String> {
    let count = 1 + random.below(6);
    vec![
        format!("Land {}", (b'A' + (index % 26) as u8) as char),
        (10_000 + random.below(900_000)).to_string(),
        format!("{}.{:02}", random.below(5000), random.below(100)),
        random.pick(&TOWNS).to_owned(),
        words(random, count),
    ]
}

fn orders(random: &mut Random, index: usize) -> Vec<String> {
    vec![
        format!("O{:05}", 100 + index * 3),
        format!("{} {}", random.pick(&PEOPLE), random.pick(&PEOPLE)),
        format!("{}.{:02}", random.below(500), random.below(100)),
        random.pick(&["yes", "no", ""]).to_owned(),
    ]
}
