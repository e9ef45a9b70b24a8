//! Lists severity levels and cases without `async`: `cargo run --example blocking --features blocking`.

#[cfg(feature = "blocking")]
fn main() -> Result<(), attache_support::Error> {
    let client = attache_support::Client::from_env_blocking()?;
    let levels = client
        .describe_severity_levels()
        .language("en")
        .send()
        .wait()?;
    for level in levels.severity_levels.unwrap_or_default() {
        println!("{}", level.code.unwrap_or_default());
    }
    for case in client.describe_cases().items().wait() {
        println!("{}", case?.display_id.unwrap_or_default());
    }
    Ok(())
}

#[cfg(not(feature = "blocking"))]
fn main() {
    eprintln!("this example needs `--features blocking`");
    std::process::exit(1);
}
