//! Opens a case about a security incident: `cargo run --example open_incident -- 123456789012 jane.doe@example.com`.

use std::error::Error;
use std::time::{Duration, SystemTime};

use attache_security_ir::enums::{AwsRegion, EngagementType, ResolverType};
use attache_security_ir::types::{ImpactedAwsRegion, Watcher};
use attache_security_ir::{Client, Timestamp};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(account), Some(email)) = (arguments.next(), arguments.next()) else {
        return Err("say which account is affected, and who gets news by e-mail".into());
    };
    let client = Client::from_env().await?;
    let began = Timestamp::try_from(SystemTime::now() - Duration::from_secs(3600))?;
    let call = client
        .create_case()
        .title("Unknown access key in use")
        .description("CloudTrail shows calls from 198.51.100.7 with a key that is not ours.")
        // The team of AWS handles it; with `SelfValue`, your own team does.
        .resolver_type(ResolverType::Aws)
        .engagement_type(EngagementType::SecurityIncident)
        .reported_incident_start_date(began)
        .impacted_accounts([account])
        .impacted_aws_regions([ImpactedAwsRegion::new(AwsRegion::UsEast1)])
        .watchers([Watcher::new(email).name("Jane Doe")]);
    // The builder adds an idempotency token, so a retry cannot open a second case.
    let case_id = call.send().await?.case_id;
    let case = client.get_case().case_id(&case_id).send().await?;
    let status = case.case_status.map(|status| status.to_string());
    println!("opened {case_id}: {}", status.unwrap_or_default());
    Ok(())
}
