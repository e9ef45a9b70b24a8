//! The table of partitions: how the patterns of regions are translated, and what is refused.

use attache_codegen::endpoint::partitions_module;
use attache_codegen::print;
use serde_json::{Value, json};

fn partitions(regex: &str) -> Value {
    json!({"version": "1.1", "partitions": [{
        "id": "aws",
        "regionRegex": regex,
        "regions": {"b-1": {}, "a-1": {}},
        "outputs": {
            "name": "aws", "dnsSuffix": "amazonaws.com", "dualStackDnsSuffix": "api.aws",
            "implicitGlobalRegion": "us-east-1", "supportsFIPS": true, "supportsDualStack": false,
        },
    }]})
}

#[test]
fn region_patterns_become_prefixes() {
    for (regex, expected) in [
        (r"^cn\-\w+\-\d+$", r#"region_prefixes: &["cn"],"#),
        (r"^(us|eu)\-\w+\-\d+$", r#"region_prefixes: &["us", "eu"],"#),
        (
            r"^eusc\-(de|fr)\-\w+\-\d+$",
            r#"region_prefixes: &["eusc-de", "eusc-fr"],"#,
        ),
    ] {
        let tokens =
            partitions_module(&partitions(regex)).unwrap_or_else(|error| panic!("{error}"));
        let text = print::items(tokens).unwrap_or_else(|error| panic!("{error}"));
        assert!(text.contains(expected), "{text}\ndoes not hold: {expected}");
        assert!(text.contains(r#"regions: &["a-1", "b-1"],"#), "{text}");
    }
}

#[test]
fn other_region_patterns_are_refused() {
    for regex in [
        r"cn\-\w+\-\d+$",
        r"^cn\-\w+\-\d+",
        r"^cn\-\w+$",
        r"^(us|eu\-\w+\-\d+$",
        r"^(us|)\-\w+\-\d+$",
        r"^us?\-\w+\-\d+$",
        r"^\-\w+\-\d+$",
    ] {
        let error = partitions_module(&partitions(regex))
            .expect_err("refused")
            .to_string();
        assert!(error.starts_with("aws: regionRegex: "), "{error}");
        assert!(error.contains("is not of the form"), "{error}");
    }
}

#[test]
fn wrong_documents_are_refused() {
    let mut other = partitions(r"^cn\-\w+\-\d+$");
    other["partitions"][0]["id"] = json!("aws-cn");
    let error = partitions_module(&other).expect_err("refused").to_string();
    assert!(
        error.contains("the first partition must be `aws`"),
        "{error}"
    );

    let mut newer = partitions(r"^cn\-\w+\-\d+$");
    newer["version"] = json!("2.0");
    let error = partitions_module(&newer).expect_err("refused").to_string();
    assert!(
        error.contains("version 2.0 of the partitions is not supported"),
        "{error}"
    );
}
