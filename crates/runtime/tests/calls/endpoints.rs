//! Endpoint rules that read the request, settings of the client, and the account of the credentials; and what they say
//! about the signature.

use attache_runtime::plumbing::Core;
use attache_runtime::plumbing::endpoint::{
    AuthScheme, DUAL_STACK, Endpoint, EndpointError, FlagSetting, Input, InputSource,
    ParameterValue, Parameters,
};
use attache_runtime::plumbing::message::HttpRequest;
use attache_runtime::plumbing::operation::{Operation, Protocol, Service};
use attache_runtime::{
    AccountIdEndpointMode, CallOptions, Config, ConfigBuilder, Credentials, ErrorKind,
    FixedEnvironment,
};

use crate::stage::{Network, call_with, config};

static SERVICE: Service = Service {
    sdk_id: "Spaces",
    version: "",
    protocol: Protocol::AwsJson,
    signing_name: "spaces",
    default_region: None,
    endpoint: resolve,
    modelled_errors: &[],
    sensitive_messages: &[],
    retryable_errors: &[],
    query_compatible: false,
};

static GET: Operation = Operation {
    service: &SERVICE,
    name: "Get",
    read_only: true,
    idempotent: true,
    signed: true,
    unsigned_payload: false,
    streaming_response: false,
    dry_run_error: None,
    endpoint_region: None,
    endpoint_context: &[],
};

static INPUTS: [Input; 3] = [
    Input {
        parameter: "Account",
        source: InputSource::AccountId,
    },
    Input {
        parameter: "Mode",
        source: InputSource::AccountIdEndpointMode,
    },
    Input {
        parameter: "Global",
        source: InputSource::Setting(FlagSetting {
            variable: Some("AWS_SPACES_GLOBAL"),
            settings: &["spaces_global", "spaces.global"],
            words: &[("legacy", true), ("regional", false)],
        }),
    },
];

fn resolve(parameters: &Parameters) -> Result<Endpoint, EndpointError> {
    if let Some(url) = &parameters.endpoint {
        return Ok(Endpoint::new(url.clone()));
    }
    let region = parameters.region.as_deref().unwrap_or("nowhere");
    if parameters.use_dual_stack {
        return Ok(Endpoint::new("https://dual.example.com"));
    }
    if parameters.context_boolean("Global") == Some(true) {
        return Ok(Endpoint::new("https://global.example.com"));
    }
    if let Some(scheme) = parameters.context_string("Scheme") {
        let scheme = AuthScheme::new(scheme.to_owned())
            .with_signing_name("other")
            .with_signing_region("eu-north-1")
            .without_double_encoding();
        let endpoint = Endpoint::new("https://scheme.example.com");
        return Ok(endpoint.with_auth_scheme(scheme).with_header("x-rule", "1"));
    }
    if let Some(backend) = parameters.context_string("Backend") {
        let endpoint = Endpoint::new("https://user:secret@backend.example.com");
        return Ok(endpoint.with_backend(backend.to_owned()));
    }
    if let Some(space) = parameters.context_string("Space") {
        if space.starts_with('-') {
            return Err(EndpointError::new(format!("`{space}` is no space")));
        }
        return Ok(Endpoint::new(format!(
            "https://{space}.{region}.example.com"
        )));
    }
    match (
        parameters.context_string("Account"),
        parameters.context_string("Mode"),
    ) {
        (Some(account), _) => Ok(Endpoint::new(format!("https://{account}.example.com"))),
        (None, Some("required")) => Err(EndpointError::new("an account is required")),
        _ => Ok(Endpoint::new(format!("https://{region}.example.com"))),
    }
}

fn request(parameters: &[(&'static str, &str)]) -> HttpRequest {
    let mut request = HttpRequest::new(attache_runtime::http::Method::GET);
    request.path("/a%20b");
    for (name, value) in parameters {
        request.endpoint_string(name, Some(value));
    }
    request
}

/// The host of the request and its credential scope, or the text of the error.
async fn sent(
    builder: impl FnOnce(ConfigBuilder) -> ConfigBuilder,
    client: impl FnOnce(Core) -> Core,
    request: HttpRequest,
) -> Result<(String, String), String> {
    let network = Network::default();
    let core = Core::new(&SERVICE, &builder(config(&network)).build().unwrap());
    let core = client(core.with_endpoint_inputs(&INPUTS));
    let answer = call_with(&core, &GET, Ok(request), CallOptions::default()).await;
    if let Err(error) = answer {
        let kind = error.kind();
        assert!(network.seen().is_empty(), "a refused request was sent");
        return Err(format!("{kind:?}: {error:#}"));
    }
    let seen = network.seen().remove(0);
    let authorization = seen.header("authorization");
    let scope = authorization.split(['/', ',']).skip(2).take(2);
    let scope: Vec<&str> = scope.collect();
    let host = seen.uri.host().unwrap_or_default().to_owned();
    Ok((host, scope.join("/")))
}

fn same<T>(value: T) -> T {
    value
}

#[tokio::test]
async fn a_member_decides_the_host_of_its_request_only() {
    let host = async |parameters| sent(same, same, request(parameters)).await.unwrap().0;
    assert_eq!(
        host(&[("Space", "sp-1")]).await,
        "sp-1.us-east-1.example.com"
    );
    assert_eq!(
        host(&[("Space", "sp-2")]).await,
        "sp-2.us-east-1.example.com"
    );
    assert_eq!(host(&[]).await, "us-east-1.example.com");
}

#[tokio::test]
async fn an_endpoint_of_the_user_takes_precedence() {
    let of_user = |builder: ConfigBuilder| builder.endpoint_url("https://own.example.org");
    let sent = sent(of_user, same, request(&[("Space", "sp-1")])).await;
    assert_eq!(sent.unwrap().0, "own.example.org");
}

#[tokio::test]
async fn a_request_that_the_rules_refuse_is_not_sent() {
    let refused = sent(same, same, request(&[("Space", "-")]))
        .await
        .unwrap_err();
    assert!(refused.contains("`-` is no space"), "{refused}");
    assert!(
        refused.starts_with(&format!("{:?}", ErrorKind::Request)),
        "{refused}"
    );
    let mut request = request(&[("Space", "-secret")]);
    request.sensitive_endpoint_parameters();
    let refused = sent(same, same, request).await.unwrap_err();
    assert!(!refused.contains("secret"), "{refused}");
}

#[tokio::test]
async fn a_request_to_a_backend_is_refused_by_name() {
    let refused = sent(same, same, request(&[("Backend", "Robots")])).await;
    assert_eq!(
        refused.unwrap_err(),
        "Request: Get: the request cannot be sent: requests to endpoints of Robots are not supported, and \
         https://** redacted **@backend.example.com is one of them"
    );
}

#[tokio::test]
async fn the_account_of_the_credentials_is_an_input() {
    let credentials = Credentials::new("AKID", "SECRET").account_id("111122223333");
    let host = async |mode, has_account| {
        let builder = |builder: ConfigBuilder| {
            let builder = builder.account_id_endpoint_mode(mode);
            match has_account {
                true => builder.credentials(credentials.clone()),
                false => builder,
            }
        };
        sent(builder, same, request(&[])).await.map(|sent| sent.0)
    };
    let regional = Ok("us-east-1.example.com".to_owned());
    let account = Ok("111122223333.example.com".to_owned());
    assert_eq!(host(AccountIdEndpointMode::Preferred, true).await, account);
    assert_eq!(host(AccountIdEndpointMode::Required, true).await, account);
    assert_eq!(
        host(AccountIdEndpointMode::Preferred, false).await,
        regional
    );
    assert_eq!(host(AccountIdEndpointMode::Disabled, true).await, regional);
    let error = host(AccountIdEndpointMode::Required, false).await;
    assert!(error.unwrap_err().contains("an account is required"));
}

/// botocore 1.44.8, `ProcessProvider`.
#[cfg(unix)]
#[tokio::test]
async fn the_account_of_a_profile_is_that_of_its_process_unless_it_prints_one() {
    let host = async |printed: &str| {
        let keys =
            format!(r#"{{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "B"{printed}}}"#);
        let profile = format!(
            "[default]\naws_account_id = 444455556666\ncredential_process = echo '{keys}'\n"
        );
        let environment = FixedEnvironment::default()
            .with_variable("AWS_CONFIG_FILE", "/home/.aws/config")
            .with_file("/home/.aws/config", profile);
        let network = Network::default();
        let builder = Config::builder()
            .region("us-east-1")
            .transport(network.clone())
            .from_environment(environment)
            .unwrap();
        let core = Core::new(&SERVICE, &builder.build().unwrap()).with_endpoint_inputs(&INPUTS);
        let answer = call_with(&core, &GET, Ok(request(&[])), CallOptions::default()).await;
        answer.map(drop).unwrap();
        let seen = network.seen().remove(0);
        seen.uri.host().unwrap_or_default().to_owned()
    };
    assert_eq!(host("").await, "444455556666.example.com");
    let printed = r#", "AccountId": "111122223333""#;
    assert_eq!(host(printed).await, "111122223333.example.com");
}

#[tokio::test]
async fn settings_come_from_code_then_from_variables_then_from_the_profile() {
    let environment = |variable: &'static str, profile: &'static str| {
        move |builder: ConfigBuilder| {
            let environment = FixedEnvironment::default()
                .with_variable("AWS_SPACES_GLOBAL", variable)
                .with_variable("AWS_CONFIG_FILE", "/home/.aws/config")
                .with_file("/home/.aws/config", format!("[default]\n{profile}"));
            builder.from_environment(environment).unwrap()
        }
    };
    let host = async |variable, profile| {
        let sent = sent(environment(variable, profile), same, request(&[])).await;
        sent.map(|sent| sent.0)
    };
    let (global, regional) = ("global.example.com", "us-east-1.example.com");
    assert_eq!(host("Legacy", "").await.unwrap(), global);
    assert_eq!(host("", "").await.unwrap(), regional);
    assert_eq!(host("", "spaces_global = legacy").await.unwrap(), global);
    let nested = "spaces =\n  global = legacy\n";
    assert_eq!(host("", nested).await.unwrap(), global);
    assert_eq!(host("regional", nested).await.unwrap(), regional);
    let both = "spaces_global = regional\nspaces =\n  global = legacy\n";
    assert_eq!(host("", both).await.unwrap(), regional);
    let of_code =
        |core: Core| core.with_endpoint_parameters([("Global", ParameterValue::Boolean(false))]);
    let sent = sent(environment("legacy", ""), of_code, request(&[])).await;
    assert_eq!(sent.unwrap().0, regional);
    let error = host("perhaps", "").await.unwrap_err();
    let wanted = "AWS_SPACES_GLOBAL must be one of: legacy, regional";
    assert!(error.contains(wanted), "{error}");
    let error = host("", "spaces =\n  global = perhaps\n").await;
    let error = error.unwrap_err();
    let wanted =
        "`global` of `spaces` (/home/.aws/config, line 2) must be one of: legacy, regional";
    assert!(error.contains(wanted), "{error}");
}

/// Where a service has a setting of its own for it, either of both is enough, as in botocore.
#[tokio::test]
async fn a_setting_of_a_service_may_ask_for_dual_stack() {
    static INPUTS: [Input; 1] = [Input {
        parameter: DUAL_STACK,
        source: InputSource::Setting(FlagSetting {
            variable: None,
            settings: &["spaces.use_dualstack_endpoint"],
            words: &[("true", true), ("false", false)],
        }),
    }];
    for (profile, of_all, is_dual) in [
        ("spaces =\n  use_dualstack_endpoint = true", false, true),
        ("spaces =\n  use_dualstack_endpoint = TRUE", true, true),
        ("spaces =\n  use_dualstack_endpoint = false", true, true),
        ("spaces =\n  use_dualstack_endpoint = false", false, false),
        ("", false, false),
    ] {
        let environment = FixedEnvironment::default()
            .with_variable("AWS_CONFIG_FILE", "/home/.aws/config")
            .with_file("/home/.aws/config", format!("[default]\n{profile}\n"));
        let changed = |builder: ConfigBuilder| {
            let builder = builder.use_dual_stack(of_all);
            builder.from_environment(environment).unwrap()
        };
        let with = |core: Core| core.with_endpoint_inputs(&INPUTS);
        let (host, _) = sent(changed, with, request(&[])).await.unwrap();
        assert_eq!(host.starts_with("dual."), is_dual, "{profile:?} {of_all}");
    }
}

#[tokio::test]
async fn the_rules_choose_the_signature() {
    let scope = async |scheme| {
        let sent = sent(same, same, request(&[("Scheme", scheme)])).await;
        sent.map(|(_, scope)| scope)
    };
    assert_eq!(scope("sigv4").await.unwrap(), "eu-north-1/other");
    assert_eq!(scope("none").await.unwrap(), "", "no signature");
    let error = scope("sigv9").await.unwrap_err();
    assert!(error.contains("sigv9, which is not supported"), "{error}");
}

/// botocore 1.44.8, `_register_endpoint_feature_ids` and `useragent.py`.
#[tokio::test]
async fn the_user_agent_names_the_mode_of_accounts_and_whether_one_is_known() {
    for (mode, account, features) in [
        (
            AccountIdEndpointMode::Preferred,
            Some("111122223333"),
            "e,P,T,E",
        ),
        (AccountIdEndpointMode::Preferred, None, "e,P,E"),
        (
            AccountIdEndpointMode::Required,
            Some("111122223333"),
            "e,R,T,E",
        ),
        (
            AccountIdEndpointMode::Disabled,
            Some("111122223333"),
            "e,Q,E",
        ),
    ] {
        let network = Network::default();
        let mut credentials = Credentials::new("AKID", "SECRET");
        if let Some(account) = account {
            credentials = credentials.account_id(account);
        }
        let config = config(&network).credentials(credentials);
        let config = config.account_id_endpoint_mode(mode).build().unwrap();
        for (core, expected) in [
            (
                Core::new(&SERVICE, &config).with_endpoint_inputs(&INPUTS),
                features,
            ),
            // Its rules do not ask for accounts.
            (Core::new(&SERVICE, &config), "e,E"),
        ] {
            call_with(&core, &GET, Ok(request(&[])), CallOptions::default())
                .await
                .unwrap();
            let agent = network.seen()[0].header("user-agent").to_owned();
            assert!(agent.ends_with(&format!(" m/{expected}")), "{agent}");
        }
    }
}
