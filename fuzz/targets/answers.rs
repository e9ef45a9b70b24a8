//! Whole calls: status, headers and body of every response come from the input. A call ends, does not exceed its
//! attempts, and reports correctly whether it may have had an effect.
//!
//! The first byte selects the operation; the rest are responses as in `script`.

#![no_main]

use std::fmt::Debug;

use attache_fuzz::machine::{self, Scripted, assert_free_of};
use attache_fuzz::script;
use attache_runtime::transport::TransportErrorKind::{Connect, Io, Timeout};
use attache_runtime::{Config, Credentials, Error};
use libfuzzer_sys::fuzz_target;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const ATTEMPTS: usize = 3;

fuzz_target!(|input: &[u8]| {
    let [operation, rest @ ..] = input else {
        return;
    };
    let transport = Scripted::new(script::answers(rest));
    let config = machine::config(&transport)
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", SECRET))
        .build()
        .expect("the configuration is complete");
    match operation % 5 {
        0 => judge(describe_cases(&config), &transport, input, false),
        1 => judge(create_support_case(&config), &transport, input, true),
        2 => judge(create_security_ir_case(&config), &transport, input, false),
        3 => judge(list_comments(&config), &transport, input, false),
        _ => judge(resolve_case(&config), &transport, input, false),
    }
});

type Outcome<S> = Result<String, Error<S>>;

fn shown<T: Debug, S>(result: Result<T, Error<S>>) -> Outcome<S> {
    result.map(|response| format!("{response:?}"))
}

fn describe_cases(config: &Config) -> Outcome<attache_support::ServiceError> {
    let client = attache_support::Client::new(config);
    shown(machine::run(client.describe_cases().send()))
}

fn create_support_case(config: &Config) -> Outcome<attache_support::ServiceError> {
    let client = attache_support::Client::new(config);
    let call = client
        .create_case()
        .subject("It broke")
        .communication_body("It did.");
    shown(machine::run(call.send()))
}

fn resolve_case(config: &Config) -> Outcome<attache_support::ServiceError> {
    let client = attache_support::Client::new(config);
    shown(machine::run(client.resolve_case().case_id("case-1").send()))
}

fn create_security_ir_case(config: &Config) -> Outcome<attache_security_ir::ServiceError> {
    use attache_security_ir::enums::{EngagementType, ResolverType};

    let client = attache_security_ir::Client::new(config);
    let call = client
        .create_case()
        .title("Sign-ins")
        .description("Unusual ones.")
        .resolver_type(ResolverType::SelfValue)
        .engagement_type(EngagementType::SecurityIncident)
        .reported_incident_start_date(machine::now())
        .impacted_accounts(["123456789012"])
        .watchers([]);
    shown(machine::run(call.send()))
}

fn list_comments(config: &Config) -> Outcome<attache_security_ir::ServiceError> {
    let client = attache_security_ir::Client::new(config);
    shown(machine::run(
        client.list_comments().case_id("1234567890").send(),
    ))
}

/// The properties of every call. `acts_twice` says that a repeated request would act twice.
fn judge<S: Debug>(outcome: Outcome<S>, transport: &Scripted, input: &[u8], acts_twice: bool) {
    let sent = transport.sent();
    assert!(
        (1..=ATTEMPTS).contains(&sent.len()),
        "sent {} times: {outcome:?}",
        sent.len()
    );
    if acts_twice {
        for earlier in &sent[..sent.len() - 1] {
            let may_have_acted = matches!(earlier.answered, Err(Io | Timeout) | Ok(200..=299));
            assert!(!may_have_acted, "sent again after {:?}", earlier.answered);
        }
    }
    let error = match outcome {
        Ok(text) => return assert_free_of(&text, &[SECRET], "the response"),
        Err(error) => error,
    };
    assert_eq!(error.attempts() as usize, sent.len(), "{error}");
    let last = &sent[sent.len() - 1].answered;
    if acts_twice && matches!(last, Err(Io | Timeout) | Ok(200..=299)) {
        assert!(error.may_have_taken_effect(), "{error} after {last:?}");
    }
    if matches!(last, Err(Connect)) {
        assert!(error.is_connect(), "{error} after {last:?}");
    }
    let line = error.to_string();
    assert!(line.len() <= 8 * input.len() + 1000, "{} bytes", line.len());
    let is_odd = |letter: char| letter.is_control() || ('\u{202a}'..='\u{202e}').contains(&letter);
    assert!(!line.contains(is_odd), "it is not one safe line: {line:?}");
    assert_free_of(&line, &[SECRET], "the error");
    assert_free_of(&format!("{error:?}"), &[SECRET], "the error");
    for request in &sent {
        let authorization = request.headers.get("authorization").expect("it is signed");
        let signature = authorization.to_str().expect("it is text");
        assert_free_of(&format!("{error:?}"), &[signature], "the error");
    }
}
