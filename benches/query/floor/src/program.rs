//! A minimal program that calls EC2 and STS with an HTTP client, quick-xml and serde.
//!
//! As the program of `benches/floor`, it has no validation, retries, time limits, error types or endpoint rules, and reads
//! every member that the responses have.

use bench_measure::{Failure, Operation, ROLE_ARN, SESSION_NAME};
use reqwest::Client;
use serde::de::DeserializeOwned;

use self::signature::Signer;
use self::wire::{AssumeRoleResponse, DescribeInstancesResponse};

#[path = "../../../floor/src/signature.rs"]
mod signature;
#[path = "wire.rs"]
mod wire;

/// A client of both services.
#[derive(Clone)]
pub(crate) struct Program {
    http: Client,
    endpoint: String,
    ec2: Signer,
    sts: Signer,
}

const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";

impl bench_measure::Program for Program {
    async fn connect() -> Result<Self, Failure> {
        // Without a TLS provider of its own, reqwest uses that of the process.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let endpoint = std::env::var("AWS_ENDPOINT_URL")?;
        Ok(Self {
            http: Client::builder().build()?,
            ec2: Signer::new("ec2", &endpoint)?,
            sts: Signer::new("sts", &endpoint)?,
            endpoint,
        })
    }

    async fn call(&self, operation: Operation) -> Result<usize, Failure> {
        match operation {
            Operation::DescribeInstances => {
                let body = "Action=DescribeInstances&Version=2016-11-15&MaxResults=100".to_owned();
                let answer: DescribeInstancesResponse = self.send(&self.ec2, body).await?;
                let reservations = answer.reservations.item.iter();
                Ok(reservations
                    .map(|reservation| reservation.instances.item.len())
                    .sum())
            }
            Operation::AssumeRole => {
                let role = ROLE_ARN.replace(':', "%3A").replace('/', "%2F");
                let body = format!(
                    "Action=AssumeRole&Version=2011-06-15&RoleArn={role}&RoleSessionName={SESSION_NAME}"
                );
                let answer: AssumeRoleResponse = self.send(&self.sts, body).await?;
                Ok(usize::from(
                    !answer.result.credentials.session_token.is_empty(),
                ))
            }
            _ => Err("this contestant calls EC2 and STS only".into()),
        }
    }
}

impl Program {
    async fn send<T: DeserializeOwned>(&self, signer: &Signer, body: String) -> Result<T, Failure> {
        let signature = signer.sign("/", &[("content-type", FORM)], body.as_bytes());
        let request = self
            .http
            .post(format!("{}/", self.endpoint))
            .header("content-type", FORM)
            .header("x-amz-date", signature.date)
            .header("authorization", signature.authorization)
            .body(body);
        let response = request.send().await?.error_for_status()?;
        let bytes = response.bytes().await?;
        Ok(quick_xml::de::from_str(std::str::from_utf8(&bytes)?)?)
    }
}
