//! Shows the memberships of the account, each with its response team: `cargo run --example membership`.

use attache_security_ir::{Client, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env().await?;
    let mut memberships = client.list_memberships().items();
    let mut count = 0;
    while let Some(membership) = memberships.next().await {
        let id = membership?.membership_id;
        let membership = client.get_membership().membership_id(&id).send().await?;
        let status = membership
            .membership_status
            .map(|status| status.to_string());
        println!(
            "{id}  {}  {}, {} accounts",
            membership.membership_name.unwrap_or_default(),
            status.unwrap_or_default(),
            membership.number_of_accounts_covered.unwrap_or_default()
        );
        for person in membership.incident_response_team.unwrap_or_default() {
            println!("  {}, {}, {}", person.name, person.job_title, person.email);
        }
        count += 1;
    }
    println!("{count} memberships");
    Ok(())
}
