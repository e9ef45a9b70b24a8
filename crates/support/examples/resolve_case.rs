//! Resolves a case: `cargo run --example resolve_case -- CASE-ID`.

use attache_support::{Client, ServiceError};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let case = std::env::args().nth(1).ok_or("say which case")?;
    let client = Client::from_env().await?;
    match client.resolve_case().case_id(&case).send().await {
        Ok(resolved) => println!(
            "{case}: {} -> {}",
            resolved.initial_case_status.unwrap_or_default(),
            resolved.final_case_status.unwrap_or_default()
        ),
        Err(error) => match error.service() {
            Some(ServiceError::CaseIdNotFound(_)) => {
                return Err(format!("there is no case {case}").into());
            }
            _ => return Err(error.into()),
        },
    }
    Ok(())
}
