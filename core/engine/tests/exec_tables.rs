//! Aggregates, joins, sorts, distinct, describe and writes: edges by hand, and what must not depend
//! on threads and blocks.

mod exec_support;

use exec_support::*;
use pardox_engine::column::{Array, ArrayData, Bitmap, Frame, Values};
use pardox_engine::error::ErrorKind;
use pardox_engine::exec;
use pardox_engine::plan::functions::AggregateFunction as A;
use pardox_engine::plan::node::{JoinKind, Plan, Step, described_schema, written_schema};

/// Pseudo-random words, the same in every run.
fn words(count: usize, seed: u64) -> impl Iterator<Item = u64> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) ^ (state << 7)
    })
    .take(count)
}

/// k: int64 in a range, f: floats of mixed size, with nulls in both; t: the key as text.
fn random_table(count: usize, range: u64) -> Frame {
    let validity =
        |seed: u64| Some(Bitmap::from_fn(count, |row| !(row as u64 * seed).is_multiple_of(17)));
    let keys: Vec<i64> = words(count, 1).map(|word| (word % range) as i64).collect();
    let floats: Vec<f64> = words(count, 2)
        .map(|word| (word % 1_000_003) as f64 * 10_f64.powi((word % 41) as i32 - 20))
        .collect();
    let texts: Vec<String> = keys.iter().map(|key| format!("key {key}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    Frame::from_arrays(vec![
        ("k", Array::new(ArrayData::Int64(Values::from(keys)), validity(3))),
        ("f", Array::new(ArrayData::Float64(Values::from(floats)), validity(5))),
        ("t", array(TEXT, &texts)),
    ])
    .expect("names are unique")
}

fn bits(frame: &Frame) -> Vec<Vec<String>> {
    use pardox_engine::column::Scalar;
    let value = |value: Scalar| match value {
        Scalar::Float64(number) => format!("{:x}", number.to_bits()),
        other => show(&other),
    };
    frame
        .blocks()
        .iter()
        .flat_map(|block| {
            (0..block.row_count()).map(|row| {
                (0..block.schema().len())
                    .map(|index| value(block.array(index).expect("loaded").scalar(row)))
                    .collect()
            })
        })
        .collect()
}

#[test]
fn aggregates_do_not_depend_on_threads_or_blocks() {
    for range in [7, 50_000, u64::MAX] {
        let whole = random_table(70_000, range);
        for keys in
            [vec![], vec![("k", col(0, INT))], vec![("t", col(2, TEXT)), ("k", col(0, INT))]]
        {
            let mut expected = None;
            for (block_rows, threads) in [(1_000_000, 1), (65_536, 2), (10_000, 5), (777, 2)] {
                let f = || col(1, FLOAT);
                let plan = aggregate(
                    source(&cut(&whole, block_rows)),
                    keys.clone(),
                    vec![
                        ("sum", agg(A::Sum, f())),
                        ("mean", agg(A::Mean, f())),
                        ("std", agg(A::Std, f())),
                        ("median", agg(A::Median, f())),
                        ("distinct", agg(A::NUnique, f())),
                        ("first", agg(A::First, f())),
                        ("last", agg(A::Last, f())),
                        ("text", agg(A::Max, col(2, TEXT))),
                    ],
                );
                let answer = bits(&exec::run(&plan, &context(threads)).expect("it runs"));
                match &expected {
                    None => expected = Some(answer),
                    Some(expected) => assert!(&answer == expected, "{block_rows} {threads}"),
                }
            }
        }
    }
}

#[test]
fn float_sums_are_exact_to_the_last_bit_but_one() {
    // Expected: Python 3.11 math.fsum([0.1] * 1_000_000).
    let values = Array::new(ArrayData::Float64(Values::from(vec![0.1; 1_000_000])), None);
    let table = Frame::from_arrays(vec![("f", values)]).expect("one name");
    let plan = aggregate(source(&table), vec![], vec![("s", agg(A::Sum, col(0, FLOAT)))]);
    assert_eq!(text(&run(&plan)), "100000.0");
}

#[test]
fn aggregates_of_nothing() {
    let table = frame(&[("k", INT, "1 1 2"), ("v", FLOAT, "null null 5"), ("t", TEXT, "a null b")]);
    let all = |input: Plan, keys| {
        let v = || col(1, FLOAT);
        aggregate(
            input,
            keys,
            vec![
                ("n", count_rows()),
                ("c", agg(A::Count, v())),
                ("sum", agg(A::Sum, v())),
                ("mean", agg(A::Mean, v())),
                ("min", agg(A::Min, v())),
                ("std", agg(A::Std, v())),
                ("median", agg(A::Median, v())),
                ("u", agg(A::NUnique, v())),
                ("first", agg(A::First, v())),
                ("max", agg(A::Max, col(2, TEXT))),
            ],
        )
    };
    let nothing = filter(source(&table), lit(BOOL, "false"));
    assert_eq!(
        text(&run(&all(nothing.clone(), vec![]))),
        "0 0 null null null null null 0 null null"
    );
    assert_eq!(run(&all(nothing, vec![("k", col(0, INT))])).row_count(), 0);
    assert_eq!(
        text(&run(&all(source(&table), vec![("k", col(0, INT))]))),
        "1 2 0 null null null null null 0 null a\n2 1 1 5.0 5.0 5.0 null 5.0 1 5.0 b"
    );
}

#[test]
fn int_sums_are_exact_or_refused() {
    let big = "9223372036854775807";
    let table = frame(&[("v", INT, &format!("{big} {big} -{big} -1"))]);
    let total = |input| aggregate(input, vec![], vec![("s", agg(A::Sum, col(0, INT)))]);
    assert_eq!(text(&run(&total(source(&table)))), "9223372036854775806");
    let two = limit(source(&table), 0, Some(2));
    let error = run_error(&total(two));
    assert_eq!(error.kind(), ErrorKind::Overflow);
    assert!(error.to_string().contains("18446744073709551614"), "{error}");
}

#[test]
fn a_group_key_shows_its_first_value() {
    let table = frame(&[("f", FLOAT, "-0.0 0.0 NaN NaN null null")]);
    let plan = aggregate(source(&table), vec![("f", col(0, FLOAT))], vec![("n", count_rows())]);
    assert_eq!(text(&run(&plan)), "-0.0 2\nNaN 2\nnull 2");
}

#[test]
fn joins_match_many_to_many_in_order() {
    let left = frame(&[("k", INT, "2 1 null 2 9"), ("l", TEXT, "a b c d e")]);
    let right = frame(&[("k", INT, "1 2 2 null"), ("r", TEXT, "u v w x")]);
    let joined = |kind| text(&run(&join(source(&left), source(&right), &[(0, 0)], kind)));
    assert_eq!(joined(JoinKind::Inner), "2 a v\n2 a w\n1 b u\n2 d v\n2 d w");
    assert_eq!(joined(JoinKind::Left), "2 a v\n2 a w\n1 b u\nnull c null\n2 d v\n2 d w\n9 e null");
    assert_eq!(joined(JoinKind::Semi), "2 a\n1 b\n2 d");
    assert_eq!(joined(JoinKind::Anti), "null c\n9 e");
    let none = filter(source(&right), lit(BOOL, "false"));
    let plan = join(source(&left), none, &[(0, 0)], JoinKind::Left);
    assert_eq!(rows(&run(&plan)).len(), 5);
}

#[test]
fn joins_do_not_depend_on_threads_or_blocks() {
    let (left, right) = (random_table(30_000, 5_000), random_table(9_000, 5_000));
    for keys in [&[(0, 0)][..], &[(2, 2)], &[(0, 0), (2, 2)]] {
        let mut expected = None;
        for (block_rows, threads) in [(1_000_000, 1), (1_000, 2), (777, 5)] {
            let right = project(
                source(&cut(&right, block_rows)),
                vec![("k", col(0, INT)), ("g", col(1, FLOAT)), ("t", col(2, TEXT))],
            );
            let keys_left: Vec<usize> = keys.iter().map(|(left, _)| *left).collect();
            let names: Vec<&str> = vec!["lk", "f", "lt"];
            let left = project(
                source(&cut(&left, block_rows)),
                names
                    .into_iter()
                    .enumerate()
                    .map(|(index, name)| (name, col(index, [INT, FLOAT, TEXT][index].clone())))
                    .collect(),
            );
            assert!(!keys_left.is_empty());
            let plan = join(left, right, keys, JoinKind::Left);
            let answer = bits(&exec::run(&plan, &context(threads)).expect("it runs"));
            match &expected {
                None => expected = Some(answer),
                Some(expected) => assert!(&answer == expected, "{block_rows} {threads}"),
            }
        }
    }
}

#[test]
fn sort_places_nulls_and_nan_as_asked() {
    let table = frame(&[("f", FLOAT, "2 null NaN -0.0 0.0 -inf 1"), ("n", INT, "1 2 3 4 5 6 7")]);
    let order = |descending, nulls_first| {
        let plan = sort(source(&table), vec![key(col(0, FLOAT), descending, nulls_first)]);
        rows(&run(&plan)).iter().map(|row| row[1].clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(order(false, false), "6 4 5 7 1 3 2");
    assert_eq!(order(true, false), "3 1 7 4 5 6 2");
    assert_eq!(order(false, true), "2 6 4 5 7 1 3");
    assert_eq!(order(true, true), "2 3 1 7 4 5 6");
}

#[test]
fn sort_orders_text_by_bytes_beyond_eight() {
    let table = frame(&[("t", TEXT, "abcdefghi abcdefgh abcdefgha ab a\u{0} a é Z null")]);
    let plan = sort(source(&table), vec![key(col(0, TEXT), false, false)]);
    assert_eq!(text(&run(&plan)), "Z\na\na\u{0}\nab\nabcdefgh\nabcdefgha\nabcdefghi\né\nnull");
    let plan = sort(source(&table), vec![key(col(0, TEXT), true, false)]);
    assert_eq!(text(&run(&plan)), "é\nabcdefghi\nabcdefgha\nabcdefgh\nab\na\u{0}\na\nZ\nnull");
}

#[test]
fn large_sorts_agree_with_the_standard_library() {
    let count = 300_000;
    let table = random_table(count, 1_000);
    let keys = vec![key(col(0, INT), true, false), key(col(1, FLOAT), false, true)];
    let answer = run_any_threads(&sort(source(&cut(&table, 65_536)), keys)).expect("it runs");
    let mut expected: Vec<usize> = (0..count).collect();
    let column = |index: usize| table.column(index).expect("loaded")[0].clone();
    let (k, f) = (column(0), column(1));
    let (ArrayData::Int64(ks), ArrayData::Float64(fs)) = (k.data(), f.data()) else {
        panic!("the table has these types")
    };
    expected.sort_by(|a, b| {
        let nulls_last = |row: usize| (!k.is_valid(row), std::cmp::Reverse(ks[row]));
        let by_k = match (k.is_valid(*a), k.is_valid(*b)) {
            (true, true) => nulls_last(*a).cmp(&nulls_last(*b)),
            (a, b) => b.cmp(&a),
        };
        let by_f = || match (f.is_valid(*a), f.is_valid(*b)) {
            (true, true) => fs[*a].total_cmp(&fs[*b]),
            (a, b) => a.cmp(&b),
        };
        by_k.then_with(by_f)
    });
    let texts = column(2);
    let expected: Vec<&str> = expected.iter().map(|row| texts.as_text().get(*row)).collect();
    let found: Vec<String> = rows(&answer).into_iter().map(|mut row| row.remove(2)).collect();
    assert!(found == expected);
}

#[test]
fn distinct_keeps_first_rows() {
    let table = frame(&[("a", INT, "1 2 1 null null 2"), ("b", TEXT, "x y z x x y")]);
    assert_eq!(text(&run(&distinct(source(&table), &[0]))), "1 x\n2 y\nnull x");
    assert_eq!(text(&run(&distinct(source(&table), &[0, 1]))), "1 x\n2 y\n1 z\nnull x");
    let large = random_table(150_000, 3_000);
    let plan = |rows| distinct(source(&cut(&large, rows)), &[0]);
    let first = run_any_threads(&plan(1_000_000)).expect("it runs");
    assert_eq!(bits(&first), bits(&run(&plan(999))));
    assert_eq!(first.row_count(), 3_001);
}

#[test]
fn describe_summarizes_each_column() {
    let table = frame(&[
        ("i", INT, "1 2 3 4 null"),
        ("f", FLOAT, "0.5 NaN 1 1.5 2"),
        ("t", TEXT, "b a null c b"),
        ("d", DATE, "2024-01-02 2024-01-01 null null null"),
        ("e", INT, "null null null null null"),
    ]);
    let step = Step::Describe { input: Box::new(source(&table)) };
    let plan = Plan { schema: described_schema(), step };
    // Quartiles: pandas 3.1.1, Series([1, 2, 3, 4]).quantile([.25, .5, .75]); NaN is the largest
    // value here, where pandas takes it for a null.
    assert_eq!(
        text(&run(&plan)),
        "i int64 4 1 2.5 1.2909944487358056 1 1.75 2.5 3.25 4\n\
         f float64 5 0 NaN NaN 0.5 1.0 1.5 2.0 NaN\n\
         t utf8 4 1 null null a null null null c\n\
         d date 2 3 null null 2024-01-01 null null null 2024-01-02\n\
         e int64 0 5 null null null null null null null"
    );
}

#[test]
fn writes_say_where_and_how_much() {
    use pardox_engine::format::csv::CsvWriteOptions;
    use pardox_engine::format::prdx::open_prdx;
    let table = frame(&[("a", INT, "1 null 3"), ("b", TEXT, "x y z")]);
    let folder = std::env::temp_dir().join(format!("pardox-exec-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    let path = |name: &str| folder.join(name).to_str().expect("UTF-8").to_owned();
    let options = CsvWriteOptions::default();
    let csv = Step::WriteCsv { input: Box::new(source(&table)), path: path("a.csv"), options };
    let answer = run(&Plan { schema: written_schema(), step: csv });
    let written = std::fs::read_to_string(path("a.csv")).expect("it was written");
    assert_eq!(written, "a,b\n1,x\n,y\n3,z\n");
    assert_eq!(text(&answer), format!("{} 3 {}", path("a.csv"), written.len()));

    let prdx = Step::WritePrdx { input: Box::new(source(&table)), path: path("a.prdx") };
    let answer = run(&Plan { schema: written_schema(), step: prdx });
    let size = std::fs::metadata(path("a.prdx")).expect("it was written").len();
    assert_eq!(text(&answer), format!("{} 3 {size}", path("a.prdx")));
    let back = open_prdx(&path("a.prdx")).expect("it opens");
    let doubled = call("mul", vec![col(0, INT), lit(INT, "2")], INT);
    assert_eq!(text(&run(&project(source(&back), vec![("r", doubled)]))), "2\nnull\n6");
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
}

#[test]
fn deep_expressions_run_on_workers() {
    let table = cut(&random_table(20_000, 10), 5_000);
    let mut sum = col(0, INT);
    for _ in 0..900 {
        sum = call("add", vec![sum, lit(INT, "1")], INT);
    }
    let plan = limit(project(source(&table), vec![("r", sum)]), 1, Some(1));
    let expected = rows(&run(&limit(source(&table), 1, Some(1))))[0][0].parse::<i64>();
    let deep = std::thread::Builder::new().stack_size(64 << 20).spawn(move || text(&run(&plan)));
    let found = deep.expect("a thread").join().expect("no overflow of the stack");
    assert_eq!(found.parse::<i64>(), expected.map(|value| value + 900));
}
