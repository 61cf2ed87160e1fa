//! CSV files of a given shape and size, the same on every run.

use std::io::{BufWriter, Write};

type Outcome = Result<(), Box<dyn std::error::Error>>;

struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 8) % bound
    }
}

const WORDS: [&str; 12] = [
    "amber", "birch", "cobalt", "delta", "ember", "fjord", "granite", "harbour", "indigo",
    "juniper", "kelp", "lagoon",
];

/// Writes a file of at least `megabytes` million bytes.
pub fn make_csv(shape: &str, megabytes: u64, path: &str) -> Outcome {
    let (header, record): (String, fn(&mut Random, u64) -> String) = match shape {
        "mixed" => ("id,quantity,price,ratio,day,seen,ok,name,kind,note".to_owned(), mixed),
        "ints" => (names(8), ints),
        "integers" => (names(10), integers),
        "floats" => (names(6), floats),
        "long-floats" => (names(8), long_floats),
        "decimals" => (names(8), decimals),
        "orders" => (
            "order,placed,shipped,customer,email,region,status,product,note,quantity,price,total"
                .to_owned(),
            orders,
        ),
        "texts" => (names(4), texts),
        "texts-quoted" => (names(4), texts_quoted),
        "quoted" => (names(4), quoted),
        "words" => ("s".to_owned(), words),
        "moments" => ("d,t,s".to_owned(), moments),
        "groupby" => ("id1,id2,id3,id4,id5,id6,v1,v2,v3".to_owned(), groupby),
        "wide" => (names(1000), wide),
        _ => return Err(format!("no shape is named {shape}").into()),
    };
    let mut out = BufWriter::with_capacity(1 << 20, std::fs::File::create(path)?);
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut size = header.len() as u64 + 1;
    writeln!(out, "{header}")?;
    for row in 0.. {
        let text = record(&mut random, row);
        writeln!(out, "{text}")?;
        size += text.len() as u64 + 1;
        if size >= megabytes * 1_000_000 {
            break;
        }
    }
    Ok(out.flush()?)
}

/// `a`, `b` and so on; `c26` behind `z`.
fn names(count: usize) -> String {
    let name = |index: usize| match u8::try_from(index) {
        Ok(letter) if letter < 26 => char::from(b'a' + letter).to_string(),
        _ => format!("c{index}"),
    };
    (0..count).map(name).collect::<Vec<_>>().join(",")
}

fn fields<T: ToString>(count: usize, field: impl FnMut(usize) -> T) -> String {
    (0..count).map(field).map(|field| field.to_string()).collect::<Vec<_>>().join(",")
}

fn mixed(random: &mut Random, row: u64) -> String {
    let word = |random: &mut Random| WORDS[random.below(12) as usize];
    let quantity = match random.below(50) {
        0 => String::new(),
        _ => random.below(1000).to_string(),
    };
    let price = random.below(10_000_000) as f64 / 100.0;
    let ratio = random.below(1_000_000_000) as f64 / 1e9;
    let day = 1 + random.below(28);
    let second = random.below(60);
    let name = format!("{} {} {}", word(random), word(random), random.below(100_000));
    let note = match random.below(8) {
        0 => format!("\"{}, {}\"", word(random), word(random)),
        1 => String::new(),
        _ => word(random).to_owned(),
    };
    format!(
        "{row},{quantity},{price:.2},{ratio},2024-{:02}-{day:02},2024-05-{day:02}T10:{second:02}:07\
         ,{},{name},{},{note}",
        1 + random.below(12),
        random.below(2) == 0,
        word(random),
    )
}

fn ints(random: &mut Random, _: u64) -> String {
    let fields = [10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 1_000_000_000];
    fields.map(|bound| random.below(bound).to_string()).join(",")
}

fn floats(random: &mut Random, _: u64) -> String {
    let mut value = |bound: u64, scale: f64| (random.below(bound) as f64 / scale).to_string();
    [
        value(100_000, 1e2),
        value(10_000_000, 1e4),
        value(1_000_000_000, 1e6),
        value(1_000_000_000_000, 1e6),
        value(10_000_000_000, 1e9),
        value(100_000_000, 1e3),
    ]
    .join(",")
}

fn texts(random: &mut Random, row: u64) -> String {
    let mut word = || WORDS[random.below(12) as usize];
    format!("{} {} {},{},order-{row},{}", word(), word(), word(), word(), word())
}

/// A date, a timestamp of that day, and the same in another form, from 1970 to 2029.
fn moments(random: &mut Random, _: u64) -> String {
    let (year, month, day) =
        (1970 + random.below(60), 1 + random.below(12), 1 + random.below(28));
    let (hour, minute, second) = (random.below(24), random.below(60), random.below(60));
    let (date, time) = (
        format!("{year}-{month:02}-{day:02}"),
        format!("{hour:02}:{minute:02}:{second:02}"),
    );
    format!("{date},{date}T{time},{day:02}/{month:02}/{year} {time}")
}

/// One short text a record, with blanks around one of eight.
fn words(random: &mut Random, _: u64) -> String {
    let blank = if random.below(8) == 0 { " " } else { "" };
    let mut word = || WORDS[random.below(12) as usize];
    let (first, second, third) = (word(), word(), word());
    format!("{blank}{first}-{}/{second}.{third}{blank}", random.below(1000))
}

fn quoted(random: &mut Random, row: u64) -> String {
    let mut word = || WORDS[random.below(12) as usize];
    let (a, b, c, d) = (word(), word(), word(), word());
    format!("\"{a}, {b}\",\"{c}\",\"order \"\"{row}\"\"\",\"{d}\"")
}

/// The same records as `texts`, every field between quotes.
fn texts_quoted(random: &mut Random, row: u64) -> String {
    let quoted = |field: &str| format!("\"{field}\"");
    texts(random, row).split(',').map(quoted).collect::<Vec<_>>().join(",")
}

/// Ten whole numbers of 1 to 12 digits, a few below zero.
fn integers(random: &mut Random, row: u64) -> String {
    fields(10, |column| match column {
        0 => row as i64,
        1 | 2 => random.below(100) as i64,
        3 | 4 => random.below(100_000) as i64 - 50_000,
        5..8 => random.below(10_000_000) as i64,
        _ => random.below(1_000_000_000_000) as i64,
    })
}

/// Eight floats with as many digits as tell them apart: 15 to 17.
fn long_floats(random: &mut Random, _: u64) -> String {
    fields(8, |column| {
        let unit = random.below(1 << 53) as f64 / (1_u64 << 53) as f64;
        (unit - 0.25) * [1.0, 1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6][column]
    })
}

/// Eight amounts with two decimals.
fn decimals(random: &mut Random, _: u64) -> String {
    fields(8, |column| {
        let bound = [1_000, 10_000, 100_000, 1_000_000][column % 4];
        format!("{:.2}", random.below(bound * 100) as f64 / 100.0)
    })
}

/// A shop's orders: dates, words from a short list, e-mails, quoted text, nulls, amounts.
fn orders(random: &mut Random, row: u64) -> String {
    let word = |random: &mut Random| WORDS[random.below(12) as usize];
    let (day, month) = (1 + random.below(28), 1 + random.below(12));
    let (hour, minute, second) = (random.below(24), random.below(60), random.below(60));
    let shipped = match random.below(10) {
        0 => String::new(),
        _ => format!("2025-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"),
    };
    let customer = random.below(1_000_000);
    let (first, last) = (word(random), word(random));
    let note = match random.below(6) {
        0 => format!("\"{}, then {}\"", word(random), word(random)),
        1 => format!("\"call \"\"{}\"\" first\"", word(random)),
        2 => word(random).to_owned(),
        _ => String::new(),
    };
    let status = ["open", "paid", "shipped", "returned"][random.below(4) as usize];
    let (quantity, cents) = (1 + random.below(20), 99 + random.below(50_000));
    format!(
        "{row},2025-{month:02}-{day:02},{shipped},{customer},{first}.{last}{customer}@example.com,\
         {},{status},{}-{:04},{note},{quantity},{:.2},{:.2}",
        word(random),
        word(random),
        random.below(5_000),
        cents as f64 / 100.0,
        (cents * quantity) as f64 / 100.0,
    )
}

/// The table of the db-benchmark's group-by questions, 100 groups.
fn groupby(random: &mut Random, _: u64) -> String {
    let mut below = |bound: u64| 1 + random.below(bound);
    format!(
        "id{:03},id{:03},id{:010},{},{},{},{},{},{:.6}",
        below(100),
        below(100),
        below(100_000),
        below(100),
        below(100),
        below(100_000),
        below(5),
        below(15),
        below(100_000_000) as f64 / 1e6,
    )
}

/// A thousand columns: whole numbers, amounts and words in turn.
fn wide(random: &mut Random, _: u64) -> String {
    fields(1000, |column| match column % 4 {
        0 | 1 => random.below(100_000).to_string(),
        2 => format!("{:.2}", random.below(1_000_000) as f64 / 100.0),
        _ => WORDS[random.below(12) as usize].to_owned(),
    })
}
