//! Lists all cases, page after page: `cargo run --example list_cases`.
//!
//! Region, credentials and endpoint come from the environment and the profile.

use attache_support::{Client, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env().await?;
    // A stream that asks for the next page when it needs it.
    let mut cases = client
        .describe_cases()
        .include_resolved_cases(true)
        .max_results(100)
        .items();
    let mut count = 0;
    while let Some(case) = cases.next().await {
        let case = case?;
        println!(
            "{}  {}",
            case.display_id.unwrap_or_default(),
            case.status.unwrap_or_default()
        );
        count += 1;
    }
    println!("{count} cases");
    Ok(())
}
