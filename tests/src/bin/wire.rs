//! Answers questions about our clients, one JSON document a line, from standard input to standard output.
//!
//! `cargo xtask outside` runs it beside botocore and compares.

fn main() -> anyhow::Result<()> {
    attache_tests::wire::converse()
}
