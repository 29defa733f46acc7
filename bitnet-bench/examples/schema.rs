//! Prints the JSON Schema of records, which `docs/schema/record-1.json` holds.
//!
//! ```text
//! cargo run -p bitnet-bench --features schema --example schema > docs/schema/record-1.json
//! ```

fn main() -> serde_json::Result<()> {
    let schema = schemars::schema_for!(bitnet_bench::record::Record);
    println!("{}", serde_json::to_string_pretty(&schema)?);
    Ok(())
}
