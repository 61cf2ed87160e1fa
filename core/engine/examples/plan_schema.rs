//! Prints the JSON Schema of the plan document: `abi/include/plan.schema.json` is its output.

fn main() {
    print!("{}", pardox_engine::plan::document::json_schema());
}
