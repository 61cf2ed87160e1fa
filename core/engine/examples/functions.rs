//! Prints the list of functions: `abi/include/functions.json` is its output.

fn main() {
    print!("{}", pardox_engine::plan::functions::functions_json());
}
