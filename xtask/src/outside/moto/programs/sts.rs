//! Calls STS. moto has seven operations of it, and all are called here: it lacks DecodeAuthorizationMessage, AssumeRoot and
//! what is newer.

mod steps;

use anyhow::{Context, Result, ensure};
use attache_runtime::Credentials;
use attache_runtime::validation::Level;
use attache_sts::Client;
use steps::{agreed, refused, same};

const ROLE: &str = "arn:aws:iam::123456789012:role/path/some-role";

/// A response with two attributes: the role, and `bob` as the name of the session.
const SAML: &str = "\
    PHNhbWxwOlJlc3BvbnNlIHhtbG5zOnNhbWxwPSJ1cm46b2FzaXM6bmFtZXM6dGM6U0FNTDoyLjA6cHJvdG9jb2wiPjxzYW1sOkFz\
    c2VydGlvbiB4bWxuczpzYW1sPSJ1cm46b2FzaXM6bmFtZXM6dGM6U0FNTDoyLjA6YXNzZXJ0aW9uIj48c2FtbDpBdHRyaWJ1dGVT\
    dGF0ZW1lbnQ+PHNhbWw6QXR0cmlidXRlIE5hbWU9Imh0dHBzOi8vYXdzLmFtYXpvbi5jb20vU0FNTC9BdHRyaWJ1dGVzL1JvbGVT\
    ZXNzaW9uTmFtZSI+PHNhbWw6QXR0cmlidXRlVmFsdWU+Ym9iPC9zYW1sOkF0dHJpYnV0ZVZhbHVlPjwvc2FtbDpBdHRyaWJ1dGU+\
    PHNhbWw6QXR0cmlidXRlIE5hbWU9Imh0dHBzOi8vYXdzLmFtYXpvbi5jb20vU0FNTC9BdHRyaWJ1dGVzL1JvbGUiPjxzYW1sOkF0\
    dHJpYnV0ZVZhbHVlPmFybjphd3M6aWFtOjoxMjM0NTY3ODkwMTI6cm9sZS9zb21lLXJvbGUsYXJuOmF3czppYW06OjEyMzQ1Njc4\
    OTAxMjpzYW1sLXByb3ZpZGVyL3NvbWUtcHJvdmlkZXI8L3NhbWw6QXR0cmlidXRlVmFsdWU+PC9zYW1sOkF0dHJpYnV0ZT48L3Nh\
    bWw6QXR0cmlidXRlU3RhdGVtZW50Pjwvc2FtbDpBc3NlcnRpb24+PC9zYW1scDpSZXNwb25zZT4=\
    ";

fn main() -> Result<()> {
    let client = Client::new(&steps::config()?);
    let identity = client.get_caller_identity().send().wait()?;
    same("Account", identity.account.as_deref(), Some("123456789012"))?;
    agreed("GetCallerIdentity");
    roles(&client)?;
    documents(&client)?;
    tokens(&client)?;
    errors(&client)?;
    signatures(&client)
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

/// A SAML response in base64; moto reads the role and the name of the session from it.
fn documents(client: &Client) -> Result<()> {
    let assumed = client
        .assume_role_with_saml()
        .role_arn(ROLE)
        .principal_arn("arn:aws:iam::123456789012:saml-provider/some-provider")
        .saml_assertion(SAML)
        .send()
        .wait()?;
    let user = assumed.assumed_role_user.context("no AssumedRoleUser")?;
    ensure!(user.arn.ends_with("/some-role/bob"), "Arn is `{}`", user.arn);
    ensure!(assumed.credentials.is_some(), "no Credentials of a SAML document");
    same("Issuer", assumed.issuer.as_deref(), Some("http://localhost:3000/"))?;
    agreed("AssumeRoleWithSAML");
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

/// moto checks keys and signatures from now on, with the signer of botocore.
fn signatures(client: &Client) -> Result<()> {
    let assumed = client.assume_role().role_arn(ROLE).role_session_name("checked").send().wait()?;
    let given = assumed.credentials.context("no Credentials")?;
    steps::check_signatures()?;
    refused("GetCallerIdentity", "InvalidClientTokenId", client.get_caller_identity().send().wait())?;
    let with_secret = |secret: &str| -> Result<Client> {
        let credentials = Credentials::new(&given.access_key_id, secret).session_token(&given.session_token);
        Ok(Client::new(&steps::builder()?.credentials(credentials).build()?))
    };
    let identity = with_secret(&given.secret_access_key)?.get_caller_identity().send().wait()?;
    ensure!(identity.arn.as_ref().is_some_and(|arn| arn.ends_with("/checked")), "Arn is {:?}", identity.arn);
    let wrong = with_secret("another secret")?;
    refused("GetCallerIdentity", "SignatureDoesNotMatch", wrong.get_caller_identity().send().wait())
}
