//! Calls over real sockets of this machine: what arrives, and how a client reports invalid answers.

mod calls;
mod configuration;
mod invalid_answers;
mod requests;

use attache_support::{Client, Config, ConfigBuilder, Credentials, Timestamp};

fn builder(url: &str) -> ConfigBuilder {
    Config::builder()
        .region("eu-central-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
        .time_source(Timestamp::UNIX_EPOCH)
        .endpoint_url(url)
}

fn support(url: &str) -> Client {
    Client::new(&builder(url).build().expect("nothing is missing"))
}

fn security_ir(url: &str) -> attache_security_ir::Client {
    attache_security_ir::Client::new(&builder(url).build().expect("nothing is missing"))
}

const SERVICES: &str = r#"{"services":[{"code":"ec2","name":"EC2","categories":[]}]}"#;
