//! The ten group-by questions and the joins and sorts of the corpus `groupby-join-small`: answers
//! by DuckDB 1.5.6, most of them confirmed by SQLite. The corpus lies in `PARDOX_CORPORA`, by
//! default `../shared/corpora` beside the repository; where it is absent the test says so and
//! passes.

mod exec_support;

use std::path::PathBuf;

use exec_support::*;
use pardox_engine::column::{Array, ArrayBuilder, DataType, Frame, Scalar};
use pardox_engine::plan::expr::Expr;
use pardox_engine::plan::functions::AggregateFunction as A;
use pardox_engine::plan::node::{JoinKind, Plan};

fn corpus() -> Option<PathBuf> {
    let repository = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::var_os("PARDOX_CORPORA")
        .map_or_else(|| repository.join("../shared/corpora"), PathBuf::from)
        .join("groupby-join-small");
    if !folder.join("G_small.csv").exists() {
        eprintln!("skipped: no corpus at {} (set PARDOX_CORPORA)", folder.display());
        return None;
    }
    Some(folder)
}

fn lines(path: PathBuf) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn column(lines: &[Vec<String>], index: usize, dtype: DataType) -> Array {
    let mut builder = ArrayBuilder::new(dtype.clone(), lines.len());
    for line in lines {
        let value = match line[index].as_str() {
            "" => Scalar::Null,
            text => scalar(dtype.clone(), text),
        };
        builder.push(&value).expect("small text fits");
    }
    builder.finish()
}

const G: [(&str, DataType); 10] = [
    ("id1", TEXT),
    ("id2", TEXT),
    ("id3", TEXT),
    ("id4", INT),
    ("id5", INT),
    ("id6", INT),
    ("v1", INT),
    ("v2", INT),
    ("v3", FLOAT),
    ("rid", INT),
];

/// `G_small.csv` with the row number as `rid`.
fn x(folder: &std::path::Path) -> Plan {
    let lines = lines(folder.join("G_small.csv"));
    let mut columns: Vec<(&str, Array)> = G[..9]
        .iter()
        .enumerate()
        .map(|(index, (name, dtype))| (*name, column(&lines[1..], index, dtype.clone())))
        .collect();
    let numbers: Vec<String> = (1..lines.len()).map(|number| number.to_string()).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    columns.push(("rid", array(INT, &numbers)));
    source(&cut(&Frame::from_arrays(columns).expect("names are unique"), 999))
}

/// `J_small.csv`: id4, id1, w.
fn y(folder: &std::path::Path) -> Plan {
    let lines = lines(folder.join("J_small.csv"));
    let columns = [("id4", INT), ("id1", TEXT), ("w", FLOAT)]
        .into_iter()
        .enumerate()
        .map(|(index, (name, dtype))| (name, column(&lines[1..], index, dtype)))
        .collect();
    source(&Frame::from_arrays(columns).expect("names are unique"))
}

fn g(name: &str) -> Expr {
    let index = G.iter().position(|(other, _)| *other == name).expect("a column of G");
    col(index, G[index].1.clone())
}

fn keys<'a>(names: &[&'a str]) -> Vec<(&'a str, Expr)> {
    names.iter().map(|name| (*name, g(name))).collect()
}

fn check(folder: &std::path::Path, name: &str, plan: &Plan, in_order: bool) {
    let mut expected = lines(folder.join(format!("expected/{name}.csv")));
    expected.remove(0);
    let answer = run_any_threads(plan).expect("the plan runs");
    let mut found: Vec<Vec<String>> = rows(&answer)
        .into_iter()
        .map(|row| {
            row.into_iter().map(|text| if text == "null" { String::new() } else { text }).collect()
        })
        .collect();
    assert_eq!(found.len(), expected.len(), "{name}: rows");
    if !in_order {
        // By all cells as numbers with few digits where they are numbers: near ones sort alike.
        let order = |row: &Vec<String>| -> Vec<String> {
            row.iter()
                .map(|cell| match (cell.contains('.'), cell.parse::<f64>()) {
                    (true, Ok(number)) => format!("{number:.6e}"),
                    (false, Ok(number)) => format!("{number:.6e}"),
                    _ => cell.clone(),
                })
                .collect()
        };
        found.sort_by_key(order);
        expected.sort_by_key(order);
    }
    for (found, expected) in found.iter().zip(&expected) {
        let is_equal = found.len() == expected.len()
            && found.iter().zip(expected).all(|(a, b)| match (a.parse(), b.parse()) {
                (Ok(a), Ok(b)) => near(a, b),
                _ => a == b,
            });
        assert!(is_equal, "{name}: {found:?}, expected {expected:?}");
    }
}

fn near(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

#[test]
fn group_by_questions() {
    let Some(folder) = corpus() else { return };
    let sum = |name| (name, agg(A::Sum, g(name)));
    let mean = |name| (name, agg(A::Mean, g(name)));
    let ask = |name: &str, by: &[&str], items| {
        check(&folder, name, &aggregate(x(&folder), keys(by), items), false);
    };
    ask("q01", &["id1"], vec![sum("v1")]);
    ask("q02", &["id1", "id2"], vec![sum("v1")]);
    ask("q03", &["id3"], vec![sum("v1"), mean("v3")]);
    ask("q04", &["id4"], vec![mean("v1"), mean("v2"), mean("v3")]);
    ask("q05", &["id6"], vec![sum("v1"), sum("v2"), sum("v3")]);
    ask(
        "q06",
        &["id4", "id5"],
        vec![("median", agg(A::Median, g("v3"))), ("sd", agg(A::Std, g("v3")))],
    );
    let all = ["id1", "id2", "id3", "id4", "id5", "id6"];
    ask("q10", &all, vec![sum("v3"), ("cnt", count_rows())]);
    ask(
        "n01_count_nulls",
        &["id1"],
        vec![
            ("n", count_rows()),
            ("nv1", agg(A::Count, g("v1"))),
            ("dv2", agg(A::NUnique, g("v2"))),
            ("mn", agg(A::Min, g("v3"))),
            ("mx", agg(A::Max, g("v3"))),
        ],
    );
    let extremes = aggregate(
        x(&folder),
        keys(&["id3"]),
        vec![("high", agg(A::Max, g("v1"))), ("low", agg(A::Min, g("v2")))],
    );
    let range = call("sub", vec![col(1, INT), col(2, INT)], INT);
    let plan = project(extremes, vec![("id3", col(0, TEXT)), ("range", range)]);
    check(&folder, "q07", &plan, false);
}

#[test]
fn joins_and_sorts() {
    let Some(folder) = corpus() else { return };
    let joined = |name: &str, pairs: &[(usize, usize)], kind, drop_id1: bool| {
        let right = match drop_id1 {
            true => project(y(&folder), vec![("id4", col(0, INT)), ("w", col(2, FLOAT))]),
            false => y(&folder),
        };
        let plan = join(x(&folder), right, pairs, kind);
        let columns = match kind {
            JoinKind::Inner | JoinKind::Left => vec![("rid", col(9, INT)), ("w", col(10, FLOAT))],
            JoinKind::Semi | JoinKind::Anti => vec![("rid", col(9, INT))],
        };
        check(&folder, name, &project(plan, columns), false);
    };
    joined("j01_inner", &[(3, 0)], JoinKind::Inner, true);
    joined("j02_left", &[(3, 0)], JoinKind::Left, true);
    joined("j05_two_keys", &[(3, 0), (0, 1)], JoinKind::Inner, false);
    joined("j06_semi", &[(3, 0)], JoinKind::Semi, true);
    joined("j07_anti", &[(3, 0)], JoinKind::Anti, true);
    let sorted = |name: &str, keys| {
        let plan = project(sort(x(&folder), keys), vec![("rid", col(9, INT))]);
        check(&folder, name, &plan, true);
    };
    sorted("s01_sort", vec![key(g("id1"), false, false), key(g("v3"), true, false)]);
    sorted("s02_sort", vec![key(g("id4"), true, true), key(g("id2"), false, true)]);
}
