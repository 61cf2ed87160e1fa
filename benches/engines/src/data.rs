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
    let (header, record): (&str, fn(&mut Random, u64) -> String) = match shape {
        "mixed" => ("id,quantity,price,ratio,day,seen,ok,name,kind,note", mixed),
        "ints" => ("a,b,c,d,e,f,g,h", ints),
        "floats" => ("a,b,c,d,e,f", floats),
        "texts" => ("a,b,c,d", texts),
        "quoted" => ("a,b,c,d", quoted),
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

fn quoted(random: &mut Random, row: u64) -> String {
    let mut word = || WORDS[random.below(12) as usize];
    let (a, b, c, d) = (word(), word(), word(), word());
    format!("\"{a}, {b}\",\"{c}\",\"order \"\"{row}\"\"\",\"{d}\"")
}
