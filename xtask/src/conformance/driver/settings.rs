//! The settings of endpoint tests and of some cases, which stand in place of a URL: one in each line, a name and a value.

use std::collections::BTreeMap;

use attache_runtime::{AccountIdEndpointMode, ConfigBuilder, Credentials, FixedEnvironment};

/// Sets everything, and the credentials with their account.
pub(super) fn apply(mut builder: ConfigBuilder, settings: &str, mut credentials: Credentials) -> ConfigBuilder {
    let mut environment = FixedEnvironment::default().with_variable("AWS_CONFIG_FILE", "/config");
    let mut profile: BTreeMap<&str, String> = BTreeMap::new();
    for setting in settings.lines() {
        let (name, value) = setting.split_once(' ').expect("a setting has a value");
        builder = match name {
            "region" => builder.region(value),
            "url" => builder.endpoint_url(value),
            "fips" => builder.use_fips(value == "true"),
            "dual-stack" => builder.use_dual_stack(value == "true"),
            "mode" => builder.account_id_endpoint_mode(match value {
                "disabled" => AccountIdEndpointMode::Disabled,
                "required" => AccountIdEndpointMode::Required,
                _ => AccountIdEndpointMode::Preferred,
            }),
            "account" => {
                credentials = credentials.account_id(value);
                builder
            }
            "variable" => {
                let (name, value) = value.split_once(' ').expect("a variable has a value");
                environment = environment.with_variable(name, value);
                builder
            }
            "profile" => {
                let (name, value) = value.split_once(' ').expect("a setting has a value");
                match name.split_once('.') {
                    Some((outer, nested)) => {
                        let lines = profile.entry(outer).or_default();
                        lines.push_str(&format!("\n  {nested} = {value}"));
                    }
                    None => drop(profile.insert(name, format!(" {value}"))),
                }
                builder
            }
            other => panic!("`{other}` is no setting"),
        };
    }
    let profile: Vec<String> = profile.iter().map(|(name, value)| format!("{name} ={value}\n")).collect();
    let environment = environment.with_file("/config", format!("[default]\n{}", profile.concat()));
    let builder = builder.credentials(credentials);
    builder.from_environment(environment).expect("the environment can be read")
}
