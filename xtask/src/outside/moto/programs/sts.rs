//! Calls STS. moto has seven operations of it.

mod steps;

use anyhow::{Context, Result, ensure};
use attache_runtime::validation::Level;
use attache_sts::Client;
use steps::{agreed, refused, same};

const ROLE: &str = "arn:aws:iam::123456789012:role/path/some-role";

fn main() -> Result<()> {
    let client = Client::new(&steps::config()?);
    let identity = client.get_caller_identity().send().wait()?;
    same("Account", identity.account.as_deref(), Some("123456789012"))?;
    agreed("GetCallerIdentity");
    roles(&client)?;
    tokens(&client)?;
    errors(&client)
}

fn roles(client: &Client) -> Result<()> {
    let assumed = client
        .assume_role()
        .role_arn(ROLE)
        .role_session_name("session=1,a@b.c-d")
        .duration_seconds(900)
        .external_id("an-id:1+1=2/@")
        .send()
        .wait()?;
    let credentials = assumed.credentials.context("no Credentials")?;
    ensure!(credentials.access_key_id.len() >= 16, "AccessKeyId is `{}`", credentials.access_key_id);
    let user = assumed.assumed_role_user.context("no AssumedRoleUser")?;
    ensure!(user.arn.ends_with("/session=1,a@b.c-d"), "Arn is `{}`", user.arn);
    agreed("AssumeRole");
    let web = client
        .assume_role_with_web_identity()
        .role_arn(ROLE)
        .role_session_name("session")
        .web_identity_token("header.payload+/=.signature")
        .send()
        .wait()?;
    ensure!(web.credentials.is_some(), "no Credentials of a web identity");
    agreed("AssumeRoleWithWebIdentity");
    Ok(())
}

fn tokens(client: &Client) -> Result<()> {
    let token = client.get_session_token().duration_seconds(900).send().wait()?;
    ensure!(token.credentials.is_some(), "no Credentials of a session");
    agreed("GetSessionToken");
    let token = client
        .get_federation_token()
        .name("bob@a.b")
        .policy(r#"{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}"#)
        .send()
        .wait()?;
    let user = token.federated_user.context("no FederatedUser")?;
    ensure!(user.arn.ends_with("bob@a.b"), "Arn is `{}`", user.arn);
    agreed("GetFederationToken");
    let key = client.get_access_key_info().access_key_id("AKIAIOSFODNN7EXAMPLE").send().wait()?;
    ensure!(key.account.is_some(), "no Account");
    agreed("GetAccessKeyInfo");
    Ok(())
}

/// moto refuses what is too long; ours would, too, so that the validation is off.
fn errors(client: &Client) -> Result<()> {
    let long = "a".repeat(3000);
    refused(
        "AssumeRole",
        "ValidationError",
        client.assume_role().validation(Level::Off).role_arn(ROLE).role_session_name(&long).send().wait(),
    )?;
    refused(
        "GetFederationToken",
        "ValidationError",
        client.get_federation_token().validation(Level::Off).name("bob").policy(&long).send().wait(),
    )
}
