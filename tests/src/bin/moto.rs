//! Calls a moto server with our Support client and holds what comes back against what was sent.
//!
//! `cargo xtask outside` starts the server and runs this with its URL. moto remembers cases, so the calls build on each
//! other: what one creates, the next finds.

use anyhow::{Context, Result, bail, ensure};
use attache_support::types::CaseDetails;
use attache_support::{Client, Config, Credentials};

const SUBJECT: &str = "Größe of the “instance” 漢字 \u{1F980}";
const BODY: &str = "line one\nline two\t\"quoted\" \\ back";

fn main() -> Result<()> {
    let Some(url) = std::env::args().nth(1) else {
        bail!("usage: moto URL");
    };
    let config = Config::builder()
        .region("us-east-1")
        .endpoint_url(url)
        .credentials(Credentials::new("AKIDEXAMPLE", "secret").session_token("token"))
        .build()?;
    let client = Client::new(&config);
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(asynchronous(&client))?;
    blocking(&client)
}

async fn asynchronous(client: &Client) -> Result<()> {
    let id = create_case(client).await?;
    describe_cases(client, &id).await?;
    resolve_case(client, &id).await?;
    let check = describe_trusted_advisor_checks(client).await?;
    refresh_trusted_advisor_check(client, &check).await
}

async fn create_case(client: &Client) -> Result<String> {
    let id = client
        .create_case()
        .subject(SUBJECT)
        .communication_body(BODY)
        .service_code("amazon-s3")
        .category_code("other")
        .severity_code("low")
        .language("en")
        .cc_email_addresses(["first@example.com", "second@example.com"])
        .send()
        .await?
        .case_id
        .context("CreateCase gave no caseId")?;
    ensure!(id.starts_with("case-"), "CreateCase gave the id `{id}`");
    agreed("CreateCase");
    Ok(id)
}

async fn describe_cases(client: &Client, id: &str) -> Result<()> {
    let cases = client
        .describe_cases()
        .case_id_list([id])
        .include_resolved_cases(true)
        .send()
        .await?
        .cases
        .context("DescribeCases gave no cases")?;
    let [case] = cases.as_slice() else {
        bail!("DescribeCases gave {} cases, not the one", cases.len());
    };
    check_case(case, id)?;
    agreed("DescribeCases");
    Ok(())
}

fn check_case(case: &CaseDetails, id: &str) -> Result<()> {
    let communication = case
        .recent_communications
        .as_ref()
        .and_then(|recent| recent.communications.as_ref()?.first())
        .context("the case has no communication")?;
    // moto raises the severity of a case each time that it is looked at, so that the low one is normal now.
    for (member, found, wanted) in [
        ("caseId", &case.case_id, id),
        ("subject", &case.subject, SUBJECT),
        ("serviceCode", &case.service_code, "amazon-s3"),
        ("categoryCode", &case.category_code, "other"),
        ("severityCode", &case.severity_code, "normal"),
        ("language", &case.language, "en"),
        ("communication.body", &communication.body, BODY),
        ("communication.caseId", &communication.case_id, id),
    ] {
        ensure!(
            found.as_deref() == Some(wanted),
            "{member} is {found:?}, not {wanted:?}"
        );
    }
    ensure!(
        case.cc_email_addresses.as_deref()
            == Some(&[
                "first@example.com".to_owned(),
                "second@example.com".to_owned()
            ]),
        "ccEmailAddresses is {:?}",
        case.cc_email_addresses
    );
    Ok(())
}

async fn resolve_case(client: &Client, id: &str) -> Result<()> {
    let response = client.resolve_case().case_id(id).send().await?;
    ensure!(
        response.final_case_status.as_deref() == Some("resolved"),
        "finalCaseStatus is {:?}",
        response.final_case_status
    );
    ensure!(
        response.initial_case_status.is_some(),
        "ResolveCase gave no initialCaseStatus"
    );
    agreed("ResolveCase");
    Ok(())
}

/// Gives the id of one check.
async fn describe_trusted_advisor_checks(client: &Client) -> Result<String> {
    let mut checks = client
        .describe_trusted_advisor_checks()
        .language("en")
        .send()
        .await?
        .checks;
    ensure!(checks.len() > 50, "only {} checks", checks.len());
    for check in &checks {
        ensure!(
            !check.id.is_empty() && !check.name.is_empty() && !check.category.is_empty(),
            "a check without id, name or category: {check:?}"
        );
    }
    ensure!(
        checks.iter().any(|check| check.metadata.len() > 3),
        "no check has metadata"
    );
    agreed("DescribeTrustedAdvisorChecks");
    Ok(checks.swap_remove(0).id)
}

async fn refresh_trusted_advisor_check(client: &Client, check: &str) -> Result<()> {
    // moto moves a check one step on with each refresh.
    for wanted in ["none", "enqueued", "processing", "success"] {
        let status = client
            .refresh_trusted_advisor_check()
            .check_id(check)
            .send()
            .await?
            .status;
        ensure!(
            status.check_id == check
                && status.status == wanted
                && status.millis_until_next_refreshable == 123,
            "the refresh gave {status:?}, not `{wanted}`"
        );
    }
    agreed("RefreshTrustedAdvisorCheck");
    Ok(())
}

fn blocking(client: &Client) -> Result<()> {
    let case = client
        .create_case()
        .subject("blocking")
        .communication_body(BODY)
        .send()
        .wait()?
        .case_id
        .context("CreateCase gave no caseId")?;
    let cases = client.describe_cases().send().wait()?.cases;
    let subject = cases
        .iter()
        .flatten()
        .find(|found| found.case_id.as_ref() == Some(&case))
        .and_then(|found| found.subject.as_deref());
    ensure!(
        subject == Some("blocking"),
        "the case that was created blocking has the subject {subject:?}"
    );
    agreed("CreateCase and DescribeCases, blocking");
    Ok(())
}

fn agreed(what: &str) {
    println!("{what}");
}
