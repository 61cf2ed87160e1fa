//! The committed JSON Schema is the one that the wire types give.

use pardox_engine::plan::document::json_schema;

#[test]
fn committed_schema_is_current() {
    let committed = include_str!("../../../abi/include/plan.schema.json");
    assert!(
        committed == json_schema(),
        "abi/include/plan.schema.json is stale; print it again with \
         `cargo run -p pardox-engine --example plan_schema`"
    );
}
