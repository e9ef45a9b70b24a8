//! Metadata and operations.

use serde_json::{Value, json};

use super::shapes;

#[test]
fn metadata_becomes_the_service_shape() {
    let shape = shapes(json!({}))("AWSToyShop");
    assert_eq!(
        shape,
        json!({
            "type": "service", "version": "2020-01-02",
            "operations": [{"target": "com.amazonaws.toyshop#Do"}],
            "traits": {
                "aws.api#service": {"endpointPrefix": "toys", "sdkId": "Toy Shop"},
                "aws.auth#sigv4": {"name": "toys"},
                "aws.protocols#restJson1": {},
                "smithy.api#title": "AWS Toy-Shop"
            }
        })
    );
}

/// Metadata, the service shape it makes, a trait of this shape and the value of the trait.
fn metadata_becomes<const N: usize>(cases: [(Value, &str, &str, Value); N]) {
    for (metadata, name, id, value) in cases {
        let shape = shapes(
            json!({"metadata": metadata.clone(), "operations": {"Do": {"http": {"requestUri": "/"}}}}),
        );
        assert_eq!(shape(name)["traits"][id], value, "{metadata}");
    }
}

#[test]
fn protocols_and_their_traits() {
    metadata_becomes([
        (
            json!({"protocols": ["smithy-rpc-v2-cbor", "json"], "jsonVersion": "1.0", "targetPrefix": "Toys_2020"}),
            "Toys_2020",
            "aws.protocols#awsJson1_0",
            json!({}),
        ),
        (
            json!({"protocols": ["smithy-rpc-v2-cbor", "json"], "jsonVersion": "1.0", "targetPrefix": "Toys_2020"}),
            "Toys_2020",
            "smithy.protocols#rpcv2Cbor",
            json!({}),
        ),
        (
            json!({"protocols": null, "protocol": "json", "jsonVersion": "1.1", "targetPrefix": "com.toys.v1.Toys_2020"}),
            "Toys_2020",
            "attache#targetPrefix",
            json!("com.toys.v1.Toys_2020"),
        ),
        (
            json!({"protocols": ["json", "query"], "jsonVersion": "1.1", "targetPrefix": "T", "awsQueryCompatible": {}}),
            "T",
            "aws.protocols#awsQueryCompatible",
            json!({}),
        ),
    ]);
}

#[test]
fn authentication_and_other_metadata() {
    metadata_becomes([
        (
            json!({"signingName": "play"}),
            "AWSToyShop",
            "aws.auth#sigv4",
            json!({"name": "play"}),
        ),
        (
            json!({"uid": "other-2020"}),
            "AWSToyShop",
            "aws.api#service",
            json!({"endpointPrefix": "toys", "sdkId": "Toy Shop", "docId": "other-2020"}),
        ),
        (
            json!({"xmlNamespace": "http://toys/"}),
            "AWSToyShop",
            "smithy.api#xmlNamespace",
            json!({"uri": "http://toys/"}),
        ),
        (
            json!({"auth": ["aws.auth#sigv4", "smithy.api#httpBearerAuth"]}),
            "AWSToyShop",
            "smithy.api#auth",
            json!(["aws.auth#sigv4", "smithy.api#httpBearerAuth"]),
        ),
        (
            json!({"signatureVersion": "bearer"}),
            "AWSToyShop",
            "smithy.api#httpBearerAuth",
            json!({}),
        ),
        // The name of the service's token.
        (
            json!({"signatureVersion": "bearer", "signingName": "play"}),
            "AWSToyShop",
            "aws.auth#sigv4",
            json!({"name": "play"}),
        ),
        (
            json!({"signatureVersion": "bearer", "signingName": "play"}),
            "AWSToyShop",
            "smithy.api#auth",
            json!(["smithy.api#httpBearerAuth"]),
        ),
        (
            json!({"serviceAbbreviation": "Toys", "protocolSettings": {"h2": "optional"}}),
            "AWSToyShop",
            "attache#metadata",
            json!({"protocolSettings": {"h2": "optional"}, "serviceAbbreviation": "Toys"}),
        ),
    ]);
}

#[test]
fn the_signature_of_s3() {
    metadata_becomes([
        (
            json!({"signatureVersion": "s3v4"}),
            "AWSToyShop",
            "aws.auth#sigv4",
            json!({"name": "toys"}),
        ),
        (
            json!({"signatureVersion": "s3v4"}),
            "AWSToyShop",
            "attache#signatureVersion",
            json!("s3v4"),
        ),
        (
            json!({"signatureVersion": "s3"}),
            "AWSToyShop",
            "attache#signatureVersion",
            json!("s3v4"),
        ),
    ]);
}

/// A key of an operation, its value, a trait of the operation and the value of the trait.
fn operation_becomes<const N: usize>(cases: [(&str, Value, &str, Value); N]) {
    for (key, value, id, expected) in cases {
        let shape = shapes(json!({"operations": {"Do": {key: value}}}));
        assert_eq!(shape("Do")["traits"][id], expected, "{key}");
    }
}

#[test]
fn http_and_deprecation_of_operations() {
    operation_becomes([
        (
            "http",
            json!({"method": "PUT", "requestUri": "/do", "responseCode": 201}),
            "smithy.api#http",
            json!({"code": 201, "method": "PUT", "uri": "/do"}),
        ),
        (
            "http",
            json!({"method": "POST", "requestUri": "/do?mode=all"}),
            "smithy.api#http",
            json!({"code": 200, "method": "POST", "uri": "/do?mode=all"}),
        ),
        (
            "idempotent",
            json!(true),
            "smithy.api#idempotent",
            json!({}),
        ),
        ("readonly", json!(true), "smithy.api#readonly", json!({})),
        (
            "deprecated",
            json!(true),
            "smithy.api#deprecated",
            json!({}),
        ),
        (
            "deprecatedMessage",
            json!("use Make"),
            "smithy.api#deprecated",
            json!({"message": "use Make"}),
        ),
    ]);
}

#[test]
fn authentication_of_operations() {
    operation_becomes([
        ("authtype", json!("none"), "smithy.api#auth", json!([])),
        (
            "auth",
            json!(["smithy.api#noAuth"]),
            "smithy.api#auth",
            json!([]),
        ),
        (
            "auth",
            json!(["aws.auth#sigv4", "smithy.api#noAuth"]),
            "smithy.api#optionalAuth",
            json!({}),
        ),
        (
            "auth",
            json!(["smithy.api#noAuth", "aws.auth#sigv4"]),
            "smithy.api#auth",
            json!(["smithy.api#noAuth", "aws.auth#sigv4"]),
        ),
        (
            "authtype",
            json!("v4-unsigned-body"),
            "aws.auth#unsignedPayload",
            json!({}),
        ),
        (
            "unsignedPayload",
            json!(true),
            "aws.auth#unsignedPayload",
            json!({}),
        ),
    ]);
}

#[test]
fn endpoints_checksums_and_compression_of_operations() {
    operation_becomes([
        (
            "endpoint",
            json!({"hostPrefix": "data."}),
            "smithy.api#endpoint",
            json!({"hostPrefix": "data."}),
        ),
        (
            "staticContextParams",
            json!({"Kind": {"value": "toy"}}),
            "smithy.rules#staticContextParams",
            json!({"Kind": {"value": "toy"}}),
        ),
        (
            "operationContextParams",
            json!({"Kind": {"path": "kind"}}),
            "smithy.rules#operationContextParams",
            json!({"Kind": {"path": "kind"}}),
        ),
        (
            "httpChecksumRequired",
            json!(true),
            "smithy.api#httpChecksumRequired",
            json!({}),
        ),
        (
            "httpChecksum",
            json!({"requestChecksumRequired": true}),
            "aws.protocols#httpChecksum",
            json!({"requestChecksumRequired": true}),
        ),
        (
            "requestcompression",
            json!({"encodings": ["gzip"]}),
            "smithy.api#requestCompression",
            json!({"encodings": ["gzip"]}),
        ),
    ]);
}

#[test]
fn labels_required_members_and_payload() {
    let shape = shapes(json!({
        "operations": {"Do": {"http": {"method": "PUT", "requestUri": "/do/{the_id}/{Path+}"}}},
        "shapes": {"In": {
            "required": ["id", "path"], "payload": "body",
            "members": {
                "id": {"shape": "String", "location": "uri", "locationName": "the_id"},
                "path": {"shape": "String", "location": "uri", "locationName": "Path"},
                "body": {"shape": "String", "locationName": "Body"}
            }
        }}
    }));
    assert_eq!(
        shape("Do")["traits"]["smithy.api#http"]["uri"],
        "/do/{id}/{path+}"
    );
    assert_eq!(
        shape("In$id")["traits"],
        json!({"smithy.api#httpLabel": {}, "smithy.api#required": {}})
    );
    assert_eq!(
        shape("In$body")["traits"],
        json!({"smithy.api#httpPayload": {}})
    );
}
