//! Lists the Trusted Advisor checks that found something, or refreshes one check and shows the resources that it names:
//! `cargo run --example trusted_advisor`, then `cargo run --example trusted_advisor -- CHECK-ID`.

use std::collections::BTreeMap;

use attache_support::operation::DescribeTrustedAdvisorCheckRefreshStatusesRequest;
use attache_support::waiter::State;
use attache_support::{Client, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    // These operations exist in one region only; the client sends them there, whatever its own region is.
    let client = Client::from_env().await?;
    match std::env::args().nth(1) {
        None => list(&client).await,
        Some(check) => refresh(&client, &check).await,
    }
}

/// Every check that found something, with the number of resources.
async fn list(client: &Client) -> Result<(), Error> {
    let checks = client.describe_trusted_advisor_checks();
    let checks = checks.language("en").send().await?.checks;
    let names: BTreeMap<&str, &str> = checks
        .iter()
        .map(|check| (check.id.as_str(), check.name.as_str()))
        .collect();
    let ids = checks.iter().map(|check| Some(check.id.clone()));
    let call = client.describe_trusted_advisor_check_summaries();
    let mut count = 0;
    for summary in call.check_ids(ids).send().await?.summaries {
        if summary.status == "ok" || summary.status == "not_available" {
            continue;
        }
        let name = names.get(summary.check_id.as_str()).unwrap_or(&"");
        let flagged = summary.resources_summary.resources_flagged;
        println!(
            "{:8} {flagged:4}  {}  {name}",
            summary.status, summary.check_id
        );
        count += 1;
    }
    println!("{count} of {} checks found something", checks.len());
    Ok(())
}

/// Runs a check again, waits for it, and shows the resources with a problem.
async fn refresh(client: &Client, check: &str) -> Result<(), Error> {
    let call = client.refresh_trusted_advisor_check();
    call.check_id(check).send().await?;
    let request = DescribeTrustedAdvisorCheckRefreshStatusesRequest {
        check_ids: Some(vec![Some(check.to_owned())]),
        ..Default::default()
    };
    let done = client.waiter(request, |answer| {
        let status = answer.ok()?.statuses.first()?;
        Some(match status.status.as_str() {
            "success" => State::Success,
            "abandoned" => State::Failure,
            _ => State::Retry,
        })
    });
    if let Err(error) = done.await {
        println!("the check was not refreshed: {error:#}");
    }
    let call = client.describe_trusted_advisor_check_result();
    let result = call.check_id(check).language("en").send().await?.result;
    let Some(result) = result else {
        println!("there is no result");
        return Ok(());
    };
    println!("{} at {}", result.status, result.timestamp);
    for resource in result.flagged_resources {
        let cells: Vec<String> = resource.metadata.into_iter().flatten().collect();
        println!("  {:8} {}", resource.status, cells.join(" | "));
    }
    Ok(())
}
