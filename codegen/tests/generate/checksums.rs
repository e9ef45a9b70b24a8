//! Code and features for `aws.protocols#httpChecksum` and `smithy.api#httpChecksumRequired`.

use serde_json::{Value, json};

use crate::model::{generate_toys, toys, toys_with};

/// The names of the features of the runtime, and what is said of the model otherwise.
fn features(pointer: &str, value: Value) -> Result<String, String> {
    let files =
        generate_toys(&toys_with(pointer, value), None).map_err(|error| error.to_string())?;
    let manifest = files.iter().find(|file| file.path.ends_with("Cargo.toml"));
    let manifest = &manifest.expect("a crate has a manifest").text;
    let runtime = manifest
        .lines()
        .find(|line| line.starts_with("attache-runtime"));
    Ok(runtime.expect("it depends on the runtime").to_owned())
}

#[test]
fn only_a_service_with_checksums_switches_them_on() {
    let (trait_of, older) = (
        "aws.protocols#httpChecksum",
        "smithy.api#httpChecksumRequired",
    );
    for (id, value, has_checksums, has_md5) in [
        (
            trait_of,
            json!({"requestChecksumRequired": true}),
            true,
            false,
        ),
        (older, json!({}), false, true),
        ("smithy.api#readonly", json!({}), false, false),
    ] {
        let line = features(&format!("MakeToy/traits/{id}"), value).expect("the model is fine");
        assert_eq!(
            line.contains("http-checksum"),
            has_checksums,
            "{id}: {line}"
        );
        assert_eq!(line.contains("content-md5"), has_md5, "{id}: {line}");
    }
}

#[test]
fn an_overlay_says_that_a_required_checksum_is_a_crc32() {
    let required = toys_with("MakeToy/traits/smithy.api#httpChecksumRequired", json!({}));
    let encode_and_manifest = |overlay: Option<&str>| {
        let files = generate_toys(&required, overlay).expect("the model is fine");
        let text = |end: &str| {
            let file = files.iter().find(|file| file.path.ends_with(end));
            file.expect("the file is there").text.clone()
        };
        (text("operation/make_toy.rs"), text("Cargo.toml"))
    };
    let (encode, manifest) = encode_and_manifest(None);
    assert!(encode.contains("request.content_md5()"), "{encode}");
    assert!(manifest.contains("content-md5"), "{manifest}");

    let overlay = json!({ "smithy": "2.0", "shapes": { "example.toys#Toys": {
        "type": "apply",
        "traits": { "attache#crc32Required": {} }
    } } });
    let (encode, manifest) = encode_and_manifest(Some(&overlay.to_string()));
    assert!(!encode.contains("content_md5"), "{encode}");
    assert!(encode.contains("algorithm_header: None"), "{encode}");
    assert!(encode.contains("is_required: true"), "{encode}");
    assert!(manifest.contains("http-checksum"), "{manifest}");
    assert!(!manifest.contains("content-md5"), "{manifest}");
}

#[test]
fn only_a_service_that_lists_the_xxh_family_computes_it() {
    for (listed, of_request, of_response) in [
        (false, "CRC32", "SHA1"),
        (true, "XXHASH3", "SHA1"),
        (true, "CRC32", "XXHASH64"),
    ] {
        let mut model = toys();
        let shapes = &mut model["shapes"];
        let header = |target: &str, name: &str| json!({ "target": target, "traits": { "smithy.api#httpHeader": name } });
        shapes["example.toys#Algorithm"] = json!({ "type": "enum", "members": {
            "ONE": { "target": "smithy.api#Unit", "traits": { "smithy.api#enumValue": of_request } }
        } });
        shapes["example.toys#MakeToyInput"]["members"] = json!({
            "algorithm": header("example.toys#Algorithm", "x-algorithm"),
            "mode": header("smithy.api#String", "x-mode")
        });
        shapes["example.toys#MakeToy"]["traits"]["aws.protocols#httpChecksum"] = json!({
            "requestAlgorithmMember": "algorithm",
            "requestValidationModeMember": "mode",
            "responseAlgorithms": ["CRC32", of_response]
        });
        let files = generate_toys(&model.to_string(), None).expect("the model is fine");
        let manifest = files.iter().find(|file| file.path.ends_with("Cargo.toml"));
        let manifest = &manifest.expect("a crate has a manifest").text;
        assert_eq!(manifest.contains("\"xxhash\""), listed, "{manifest}");
    }
}

#[test]
fn members_of_checksums_are_headers() {
    for (value, expected) in [
        (
            json!({"requestAlgorithmMember": "nothing"}),
            "no member `nothing`",
        ),
        (
            json!({"requestAlgorithmMember": "name"}),
            "is not sent in a header",
        ),
        (
            json!({"requestValidationModeMember": "name", "responseAlgorithms": ["SHA1"]}),
            "is not sent in a header",
        ),
        (json!({"requestAlgorithm": "name"}), "unknown field"),
    ] {
        let error = features("MakeToy/traits/aws.protocols#httpChecksum", value);
        let error = error.expect_err("it is refused");
        assert!(
            error.contains(expected) && error.contains("MakeToy"),
            "{error}"
        );
        assert!(error.contains("httpChecksum"), "{error}");
    }
}
