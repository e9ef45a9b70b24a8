//! Settings from the environment.

use attache_runtime::FixedEnvironment;

use crate::stage::{Answer, Network, READ, call, config, core};

fn with(variables: &'static [(&'static str, &'static str)]) -> Result<(), String> {
    build(&Network::default(), variables).map(drop)
}

fn build(
    network: &Network,
    variables: &'static [(&'static str, &'static str)],
) -> Result<attache_runtime::ConfigBuilder, String> {
    let mut environment = FixedEnvironment::default();
    for (name, value) in variables {
        environment = environment.with_variable(*name, *value);
    }
    let builder = config(network)
        .from_environment(environment)
        .map_err(|error| format!("{error:#}"))?;
    builder
        .clone()
        .build()
        .map_err(|error| format!("{error:#}"))?;
    Ok(builder)
}

async fn attempts(variables: &'static [(&'static str, &'static str)], of_code: Option<u32>) -> u32 {
    let network = Network::new((0..10).map(|_| Answer::Status(500, "")));
    let mut builder = build(&network, variables).unwrap();
    if let Some(attempts) = of_code {
        builder = builder.max_attempts(attempts);
    }
    call(&core(builder), &READ).await.unwrap_err().attempts()
}

#[tokio::test(start_paused = true)]
async fn max_attempts_of_code_override_those_of_the_environment() {
    assert_eq!(attempts(&[("AWS_MAX_ATTEMPTS", "5")], None).await, 5);
    assert_eq!(attempts(&[("AWS_MAX_ATTEMPTS", "5")], Some(2)).await, 2);
    assert_eq!(attempts(&[("AWS_MAX_ATTEMPTS", "")], None).await, 3);
}

#[test]
fn the_error_for_an_invalid_variable_names_the_variable() {
    for (variables, complaint) in [
        (
            &[("AWS_RETRY_MODE", "legacy")],
            "AWS_RETRY_MODE cannot be used: the retry mode must be `standard` or `adaptive`",
        ),
        (
            &[("AWS_MAX_ATTEMPTS", "0")],
            "AWS_MAX_ATTEMPTS must be a whole number of at least 1",
        ),
        (
            &[("AWS_MAX_ATTEMPTS", "many")],
            "AWS_MAX_ATTEMPTS must be a whole number of at least 1",
        ),
        (
            &[("AWS_DISABLE_CLOCK_SKEW_CORRECTION", "1")],
            "AWS_DISABLE_CLOCK_SKEW_CORRECTION must be `true` or `false`",
        ),
        (
            &[(
                "AWS_SDK_UA_APP_ID",
                "123456789 123456789 123456789 123456789 123456789 1",
            )],
            "the application id (AWS_SDK_UA_APP_ID) must have at most 50 characters",
        ),
    ] {
        assert_eq!(with(variables), Err(complaint.to_owned()));
    }
    for variables in [
        &[("AWS_RETRY_MODE", "Standard")],
        &[("AWS_RETRY_MODE", "adaptive")],
        &[(
            "AWS_SDK_UA_APP_ID",
            "123456789 123456789 123456789 123456789 123456789 ",
        )],
    ] {
        assert_eq!(with(variables), Ok(()));
    }
}
