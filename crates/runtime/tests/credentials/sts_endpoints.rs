//! Which endpoint of STS the chain calls, and for which region it signs.

use attache_runtime::Config;

use crate::roles::{SOURCE, STS, assumed, role};
use crate::stage::{Clock, Hourglass, Network, answer, builder, core, error, files, key, key_of};

#[tokio::test]
async fn the_endpoint_of_sts_is_configured_like_any_other() {
    let url = "http://127.0.0.1:7/sts/";
    let network = Network::default().answering(url, [answer(200, assumed("ROLE", "AssumeRole"))]);
    let environment = files(&role(""), SOURCE).with_variable("AWS_ENDPOINT_URL_STS", url);
    assert_eq!(key(&network, environment).await.unwrap(), "ROLE T+");
    assert!(
        network.seen()[0]
            .body
            .contains("RoleSessionName=attache%2Dsession%2D1795348800")
    );
}

#[tokio::test]
async fn the_legacy_endpoint_of_sts_is_used_where_botocore_uses_it() {
    let (global, custom) = ("https://sts.amazonaws.com/", "http://127.0.0.1:7/sts/");
    let (fips, taiwan) = (
        "https://sts-fips.eu-central-1.amazonaws.com/",
        "https://sts.ap-east-2.amazonaws.com/",
    );
    let legacy = "sts_regional_endpoints = legacy\n";
    let word = "AWS_STS_REGIONAL_ENDPOINTS";
    let (here, there) = ("eu-central-1", "us-east-1");
    for (profile, variable, region, url, signed) in [
        (legacy, (word, ""), here, global, there),
        ("", (word, "legacy"), here, global, there),
        (legacy, (word, "regional"), here, STS, here),
        (legacy, (word, ""), "ap-east-2", taiwan, "ap-east-2"),
        (legacy, ("AWS_USE_FIPS_ENDPOINT", "true"), here, fips, here),
        (legacy, ("AWS_ENDPOINT_URL_STS", custom), here, custom, here),
    ] {
        let network =
            Network::default().answering(url, [answer(200, assumed("ROLE", "AssumeRole"))]);
        let environment = files(&role(profile), SOURCE).with_variable(variable.0, variable.1);
        let builder = builder(&network).region(region);
        let core = core(builder.from_environment(environment).unwrap());
        assert_eq!(key_of(&network, &core).await.as_deref(), Ok("ROLE T+"));
        let asked = network.seen();
        assert_eq!(asked[0].url, url);
        let scope = format!("/{signed}/sts/aws4_request");
        assert!(asked[0].header("authorization").contains(&scope), "{url}");
    }
    let environment = files(&role(""), SOURCE).with_variable(word, "global");
    let found = error(&Network::default(), environment).await;
    assert!(
        found.contains("AWS_STS_REGIONAL_ENDPOINTS must be one of: legacy, regional"),
        "{found}"
    );
}

#[tokio::test]
async fn without_a_region_the_global_endpoint_of_sts_is_used() {
    let url = "https://sts.amazonaws.com/";
    let network = Network::default().answering(url, [answer(200, assumed("ROLE", "AssumeRole"))]);
    let builder = Config::builder()
        .transport(network.clone())
        .time_source(Clock::default())
        .timer(Hourglass::default());
    let core = core(builder.from_environment(files(&role(""), SOURCE)).unwrap());
    assert_eq!(key_of(&network, &core).await.unwrap(), "ROLE T+");
    let asked = network.seen();
    assert_eq!(asked[0].url, url);
    assert!(asked[0].header("authorization").contains("/us-east-1/sts/"));
}

/// The endpoint of STS in a process with these variables, whose client reads no other setting from them.
#[cfg(unix)]
fn called_by_a_process(name: &str, profile: &str, variables: &[(&str, &str)], wanted: &str) {
    let folder = crate::real_files::Folder::new(name);
    let (config, credentials) = (folder.0.join("config"), folder.0.join("credentials"));
    std::fs::write(&config, role(profile)).unwrap();
    std::fs::write(&credentials, SOURCE).unwrap();
    let mut process = std::process::Command::new(std::env::current_exe().unwrap());
    for (variable, _) in std::env::vars_os() {
        if variable.to_string_lossy().starts_with("AWS_") {
            process.env_remove(variable);
        }
    }
    let status = process
        .args([
            "--exact",
            "sts_endpoints::call_an_endpoint",
            "--ignored",
            "--nocapture",
        ])
        .env("HOME", &folder.0)
        .env("AWS_CONFIG_FILE", config)
        .env("AWS_SHARED_CREDENTIALS_FILE", credentials)
        .env("WANTED_ENDPOINT", wanted)
        .envs(variables.iter().copied())
        .status();
    assert!(status.unwrap().success(), "{name}");
}

/// As in botocore, the switch and the endpoints are both those of the environment and the profile, although the client is
/// configured in code.
#[cfg(unix)]
#[test]
fn the_switch_that_ignores_endpoints_is_read_for_sts_by_clients_of_code_too() {
    let url = "endpoint_url = http://127.0.0.1:7/\n";
    let off = format!("{url}ignore_configured_endpoint_urls = true\n");
    let custom = ("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:7/");
    let switch = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";
    called_by_a_process("profile", url, &[], custom.1);
    called_by_a_process("variable", "", &[custom], custom.1);
    called_by_a_process("switch-of-profile", &off, &[], STS);
    called_by_a_process("switch-of-variable", "", &[custom, (switch, "TRUE")], STS);
    called_by_a_process("switched-on", &off, &[(switch, "false")], custom.1);
    // Code decides.
    for (code, wanted) in [("false", custom.1), ("true", STS)] {
        let code = ("SWITCH_OF_CODE", code);
        called_by_a_process("code", url, &[(switch, "true"), code], wanted);
    }
}

#[cfg(unix)]
#[tokio::test]
#[ignore = "run by the_switch_that_ignores_endpoints_is_read_for_sts_by_clients_of_code_too"]
async fn call_an_endpoint() {
    let wanted = std::env::var("WANTED_ENDPOINT").unwrap();
    let network =
        Network::default().answering(&wanted, [answer(200, assumed("ROLE", "AssumeRole"))]);
    let mut builder = builder(&network);
    if let Ok(code) = std::env::var("SWITCH_OF_CODE") {
        builder = builder.ignore_configured_endpoint_urls(code == "true");
    }
    let found = key_of(&network, &core(builder)).await;
    assert_eq!(found.as_deref(), Ok("ROLE T+"), "{:?}", network.asked());
    // The endpoint of the profile is not that of the client.
    assert_eq!(
        network.asked(),
        [
            format!("POST {wanted}"),
            "POST https://test.example.com/".to_owned()
        ]
    );
}
