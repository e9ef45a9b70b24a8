//! Random requests, and who signs them.

use attache_runtime::plumbing::sigv4::PathForm;
use attache_runtime::plumbing::uri;
use attache_runtime::timestamp::Timestamp;
use aws_sigv4::http_request::{PercentEncodingMode, SigningSettings, UriPathNormalizationMode};
use proptest::prelude::*;

pub(crate) const ACCESS_KEY_ID: &str = "AKIDEXAMPLE";
pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// A request, owned, and the scope to sign it for.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) form: PathForm,
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) token: Option<String>,
    pub(crate) region: String,
    pub(crate) seconds: i64,
}

impl Case {
    /// The settings of the official signer for this form of the path.
    pub(crate) fn settings(&self) -> SigningSettings {
        let mut settings = SigningSettings::default();
        if self.form.encoded_once {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
        }
        if self.form.keeps_segments {
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        }
        settings
    }

    pub(crate) fn time(&self) -> Timestamp {
        Timestamp::from_epoch_seconds(self.seconds).unwrap()
    }
}

fn encoded_paths() -> impl Strategy<Value = String> {
    let segment = prop_oneof![
        4 => any::<String>(),
        1 => prop::sample::select(vec!["", ".", "..", "...", "a b", "%", "a/b", "+", "é", "~-_."])
            .prop_map(str::to_owned),
    ];
    (prop::collection::vec(segment, 0..5), any::<bool>()).prop_map(|(segments, slash)| {
        let mut path = String::new();
        for segment in &segments {
            path.push('/');
            uri::push_label(&mut path, segment);
        }
        if slash || path.is_empty() {
            path.push('/');
        }
        path
    })
}

fn forms() -> impl Strategy<Value = PathForm> {
    (any::<bool>(), any::<bool>()).prop_map(|(keeps_segments, encoded_once)| PathForm {
        keeps_segments,
        encoded_once,
    })
}

/// Queries in the form of AWS's clients, and some in forms of other clients.
fn queries() -> impl Strategy<Value = String> {
    let component = prop_oneof![any::<String>(), "[ab+&= %é~]{0,4}"].prop_map(|text| {
        let mut encoded = String::new();
        uri::push_query_component(&mut encoded, &text);
        encoded
    });
    let parameter = prop_oneof![
        (component.clone(), component.clone()).prop_map(|(name, value)| format!("{name}={value}")),
        component,
        prop::sample::select(vec![
            "",
            "a=",
            "=",
            "=a",
            "a=b=c",
            "a+b=c+d",
            "a%2fb=%7e",
            "a=1",
            "A=1"
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(parameter, 0..6).prop_map(|parameters| parameters.join("&"))
}

fn headers() -> impl Strategy<Value = Vec<(String, String)>> {
    let names = vec![
        "a",
        "a-b",
        "ab",
        "content-type",
        "x-amz-target",
        "x-amz-user-agent",
        "user-agent",
        "z",
        "x-amzn-trace-id",
    ];
    let name = prop::sample::select(names).prop_map(str::to_owned);
    prop::collection::vec((name, "[ ]{0,3}[a-z,;=\"\t ]{0,12}[ ]{0,3}"), 0..6)
}

pub(crate) fn cases() -> impl Strategy<Value = Case> {
    (
        prop::sample::select(vec!["GET", "POST", "DELETE"]),
        (encoded_paths(), forms(), queries(), headers()),
        prop::collection::vec(any::<u8>(), 0..40),
        prop::option::of("[A-Za-z0-9+/=]{1,20}"),
        "[a-z]{2}-[a-z]{4,9}-[1-9]",
        0..253_402_300_799_i64,
    )
        .prop_map(
            |(method, (path, form, query, headers), body, token, region, seconds)| Case {
                method,
                path,
                form,
                query,
                headers,
                body,
                token,
                region,
                seconds,
            },
        )
}

pub(crate) fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 1000,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20),
        ..ProptestConfig::default()
    }
}
