//! Lists all incidents, page after page: `cargo run --example list_incidents`.

use attache_security_ir::{Client, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env().await?;
    let mut cases = client.list_cases().max_results(25).items();
    while let Some(case) = cases.next().await {
        let case = case?;
        let status = case.case_status.map(|status| status.to_string());
        println!("{}  {}", case.case_id, status.unwrap_or_default());
    }
    Ok(())
}
