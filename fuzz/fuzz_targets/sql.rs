//! Statements and expressions from anywhere over two small tables: refused with a place in the
//! text, or turned into nodes that are their own canonical form.
//!
//! Run: `cargo +nightly fuzz run sql fuzz/corpus/sql fuzz/seeds/sql -- -max_total_time=60`

#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use pardox_engine::context::Context;
use pardox_engine::engine;
use pardox_engine::plan::document::{
    Document, Expression, FilterNode, Node, Params, SqlNode, ValuesColumn, ValuesNode,
};

fn table(names: &[&str]) -> Node {
    let column = |name: &&str| ValuesColumn {
        name: (*name).to_owned(),
        dtype: "int64".to_owned(),
        values: vec![Some("1".to_owned()), None],
    };
    Node::Values(ValuesNode { columns: names.iter().map(column).collect() })
}

fn check(plan: Node) {
    let context = Context::default();
    let document = Document { schema: 1, engine: "0.1".to_owned(), plan };
    let Ok(canonical) = engine::canonical(&document, &[], &context) else { return };
    let again = engine::canonical(&canonical, &[], &context).expect("nodes have no texts left");
    assert!(again == canonical, "the canonical form is not its own");
    let _ = engine::explain(&document, &[], &Params::new(), &context);
}

fuzz_target!(|text: &str| {
    let tables = BTreeMap::from([
        ("t".to_owned(), table(&["a", "b"])),
        ("u".to_owned(), table(&["a", "c"])),
    ]);
    check(Node::Sql(SqlNode { query: text.to_owned(), tables }));
    let predicate = Expression::Text(text.to_owned());
    check(Node::Filter(FilterNode { input: Box::new(table(&["a", "b"])), predicate }));
});
