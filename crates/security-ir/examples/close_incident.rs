//! Closes a case: `cargo run --example close_incident -- 0123456789`.

use attache_security_ir::{Client, ServiceError};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let case = std::env::args().nth(1).ok_or("say which case")?;
    let client = Client::from_env().await?;
    match client.close_case().case_id(&case).send().await {
        Ok(closed) => {
            let status = closed.case_status.map(|status| status.to_string());
            let date = closed.closed_date.map(|date| date.to_string());
            println!(
                "{case}: {} at {}",
                status.unwrap_or_default(),
                date.unwrap_or_default()
            );
        }
        Err(error) => match error.service() {
            Some(ServiceError::ResourceNotFoundException(_)) => {
                return Err(format!("there is no case {case}").into());
            }
            _ => return Err(error.into()),
        },
    }
    Ok(())
}
