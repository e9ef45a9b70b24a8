//! The two published sources of the same services agree, but for what is written down here.
//!
//! The Smithy files are older than the botocore data and carry what C2J drops. Every difference needs an entry with
//! its reason, and an entry that no longer meets a difference has to go, so that the lists stay true.

use std::collections::BTreeSet;

use attache_codegen::ast::{Model, ShapeId, ShapeKind, read_overlay};
use attache_codegen::import::from_smithy;

use crate::difference::differences;
use crate::reference;

/// Differences (`*` stands for anything) and their reason.
type Expected = (&'static [&'static str], &'static str);

const SUPPORT: &[Expected] = &[
    (
        &[
            "*: trait smithy.api#input only in Smithy",
            "*: trait smithy.api#output only in Smithy",
            "*: trait smithy.api#default only in Smithy",
            "*: trait smithy.api#sparse only in Smithy",
            "*: trait smithy.rules#endpointTests only in Smithy",
        ],
        "dropped by C2J; what a client needs of it is in the overlay",
    ),
    (
        &[
            "AWSSupport_20130415: trait smithy.api#xmlNamespace only in Smithy",
            "AWSSupport_20130415: trait aws.api#service differs: *",
        ],
        "dropped by C2J: an XML namespace that awsJson1_1 never uses, and the names of the service in resource names, \
         audit logs and templates. C2J always writes the endpoint prefix, Smithy leaves out what is the default",
    ),
    (
        &[
            "ThrottlingException: trait aws.protocols#awsQueryError only in Smithy",
            "ThrottlingException: trait smithy.api#httpError only in Smithy",
            "ThrottlingException: trait attache#synthetic only in botocore",
        ],
        "C2J marks this error as synthetic and drops its code and status, which awsJson1_1 does not need",
    ),
    (
        &[
            "AWSSupport_20130415: operation CompleteAttachmentUpload only in botocore",
            "AWSSupport_20130415: operation DescribeAttachmentUploadStatus only in botocore",
            "AWSSupport_20130415: operation GetAttachmentDownloadLink only in botocore",
            "AWSSupport_20130415: operation GetAttachmentUploadLinks only in botocore",
            "AddCommunicationToCaseRequest: member uploadIds only in botocore",
            "CreateCaseRequest: member uploadIds only in botocore",
            "Communication: member attachments only in botocore",
        ],
        "newer model: large attachments",
    ),
    (
        &[
            "*: error DryRunOperationException only in botocore",
            "*: member dryRun only in botocore",
        ],
        "newer model: dry runs",
    ),
    (
        &[
            "CreateCaseRequest$serviceCode: trait smithy.api#pattern only in Smithy",
            "DescribeCreateCaseOptionsRequest$serviceCode: trait smithy.api#pattern only in Smithy",
            "ServiceCodeList$member: trait smithy.api#pattern only in Smithy",
        ],
        "newer model: these members target `ServiceCode`, which has no pattern, and no longer `ServiceCode2`",
    ),
    (
        &["ThrottlingException: member throttlingReasons only in botocore"],
        "newer model: reasons of throttling",
    ),
    (
        &["AWSSupport_20130415: trait smithy.rules#endpointRuleSet differs: *"],
        "newer model: every endpoint names the region to sign for",
    ),
];

const SECURITY_IR: &[Expected] = &[
    (
        &[
            "*: trait smithy.api#input only in Smithy",
            "*: trait smithy.api#output only in Smithy",
            "*: trait smithy.api#default only in Smithy",
            "*: trait smithy.api#clientOptional only in Smithy",
            "*: trait smithy.api#uniqueItems only in Smithy",
            "*: trait smithy.rules#endpointTests only in Smithy",
        ],
        "dropped by C2J; what a client needs of it is in the overlay",
    ),
    (
        &[
            "*: trait aws.api#data only in Smithy",
            "*: trait aws.iam#iamAction only in Smithy",
            "*: trait aws.iam#conditionKeys only in Smithy",
            "SecurityIncidentResponse: trait aws.iam#* only in Smithy",
            "*: trait smithy.api#notProperty only in Smithy",
            "*: trait smithy.api#references only in Smithy",
            "SecurityIncidentResponse: trait smithy.api#cors only in Smithy",
            "SecurityIncidentResponse: trait aws.api#service differs: *",
        ],
        "dropped by C2J: authorization, resources and gateways, which no client needs. C2J always writes the endpoint \
         prefix, Smithy leaves out what is the default",
    ),
    (
        &[
            "SecurityIncidentResponse: trait aws.endpoints#dualStackOnlyEndpoints only in Smithy",
            "SecurityIncidentResponse: trait aws.endpoints#standardRegionalEndpoints only in Smithy",
        ],
        "dropped by C2J: the endpoint rules are made from these, and the rules agree",
    ),
    (
        &["SecurityIncidentResponse: trait smithy.api#paginated only in Smithy"],
        "dropped by C2J: defaults of pagination, which each operation repeats",
    ),
    (
        &["*: trait smithy.api#box only in botocore"],
        "C2J says which numbers are boxed; in Smithy 2.0 all are that have no default",
    ),
    (
        &[
            "*$nextToken: trait smithy.api#length differs: {\"max\":2000} and {\"max\":2000,\"min\":0}",
            "TagMap: trait smithy.api#length differs: {\"max\":200} and {\"max\":200,\"min\":0}",
        ],
        "C2J writes the least length 0 where Smithy writes none; both mean the same",
    ),
    (
        &["List*: trait attache#paginated only in botocore"],
        "botocore's extras name output members that are the same on every page; Smithy has no trait for that",
    ),
    (
        &["IPAddress: an alternative escapes the anchors in Smithy"],
        "the Smithy pattern is `^A|B|C$` and accepts what only begins like A; C2J's means `^(?:A|B|C)$`",
    ),
    (
        &["PrincipalId: another pattern"],
        "newer model: principals are named by their ARNs",
    ),
    (
        &[
            "SecurityIncidentResponse: operation GetFindingMetrics only in botocore",
            "SecurityIncidentResponse: operation ListInvestigations only in botocore",
            "SecurityIncidentResponse: operation SendFeedback only in botocore",
        ],
        "newer model: investigations and metrics",
    ),
    (
        &[
            "AwsRegion: value ap-southeast-6 only in botocore",
            "GetCaseResponse: member caseMetadata only in botocore",
            "UpdateCaseRequest: member caseMetadata only in botocore",
            "IncidentResponder: member communicationPreferences only in botocore",
        ],
        "newer model: a region, metadata of cases, preferences of responders",
    ),
];

/// Traits that only the Smithy files know and that a client needs: the overlays hold them.
const OVERLAID: [&str; 4] = [
    "smithy.api#default",
    "smithy.api#sparse",
    "smithy.api#uniqueItems",
    "smithy.rules#endpointTests",
];

struct Pair {
    smithy: Model,
    botocore: Model,
    overlay: Model,
}

#[track_caller]
fn pair(service: &str) -> Option<Pair> {
    let text = reference_data::path(&format!("models/{service}.smithy-2025-09.json"))?;
    let text = reference::read(&text);
    let imported = from_smithy(&text).expect("the Smithy file is sound");
    let parse = |text: &str| Model::parse(service, text).expect("the model is sound");
    let overlay = reference::committed(&format!("{service}/overlay.json"));
    Some(Pair {
        smithy: parse(&imported.model_json),
        botocore: parse(&reference::committed(&format!("{service}/model.json"))),
        overlay: read_overlay(service, &overlay)
            .and_then(Model::from_value)
            .expect("the overlay is sound"),
    })
}

fn check(service: &str, lists: &[Expected]) {
    let Some(pair) = pair(service) else {
        return;
    };
    let mut unused: BTreeSet<&str> = lists.iter().flat_map(|(list, _)| *list).copied().collect();
    let mut unexpected = Vec::new();
    for difference in differences(&pair.smithy, &pair.botocore) {
        let entries = lists.iter().flat_map(|(list, _)| *list);
        let matching: Vec<&&str> = entries.filter(|entry| meets(entry, &difference)).collect();
        for entry in &matching {
            unused.remove(**entry);
        }
        if matching.is_empty() {
            unexpected.push(difference);
        }
    }
    assert!(
        unexpected.is_empty() && unused.is_empty(),
        "{service}: the sources differ without a reason:\n{unexpected:#?}\nentries that meet nothing:\n{unused:#?}"
    );
}

/// Whether a text has the form of a pattern in which `*` stands for anything.
fn meets(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, rest)) => text.strip_prefix(before).is_some_and(|text| {
            (0..=text.len()).any(|at| text.is_char_boundary(at) && meets(rest, &text[at..]))
        }),
    }
}

#[test]
fn support_agrees_between_the_sources() {
    check("support", SUPPORT);
}

#[test]
fn security_ir_agrees_between_the_sources() {
    check("security-ir", SECURITY_IR);
}

#[test]
fn every_list_has_a_reason() {
    for (list, reason) in SUPPORT.iter().chain(SECURITY_IR) {
        assert!(!list.is_empty() && !reason.is_empty());
    }
}

/// What the overlays say of these traits the Smithy files say too, and the other way round. The tests of endpoint rules
/// belong to the rules, so they are compared where both sources have the same ones.
#[test]
fn the_overlays_hold_what_only_the_smithy_files_know() {
    for service in ["support", "security-ir"] {
        let Some(pair) = pair(service) else {
            return;
        };
        let mut known = statements(&pair.smithy, |id| {
            pair.botocore.shapes.contains_key(&id.shape())
        });
        let mut said = statements(&pair.overlay, |id| {
            pair.smithy.shapes.contains_key(&id.shape())
        });
        if rules(&pair.smithy) != rules(&pair.botocore) {
            for statements in [&mut known, &mut said] {
                statements.retain(|statement| !statement.contains(" smithy.rules#endpointTests "));
            }
        }
        assert_eq!(said, known, "{service}");
    }
}

/// The endpoint rules of the service.
fn rules(model: &Model) -> Option<&serde_json::Value> {
    let mut traits = model.shapes.values().map(|shape| &shape.traits);
    traits.find_map(|traits| traits.get("smithy.rules#endpointRuleSet"))
}

/// The overlaid traits of a model or an overlay, as `place trait value`.
fn statements(model: &Model, counts: impl Fn(&ShapeId) -> bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut add = |id: &ShapeId, traits: &attache_codegen::ast::Traits| {
        for (name, value) in traits.iter().filter(|(name, _)| OVERLAID.contains(name)) {
            found.insert(format!("{id} {name} {value}"));
        }
    };
    for (id, shape) in model.shapes.iter().filter(|(id, _)| counts(id)) {
        // The default of a simple shape only binds the members that target it, and each of them has its own.
        if !matches!(shape.kind, ShapeKind::Simple(_)) {
            add(id, &shape.traits);
        }
        for (name, member) in shape.members() {
            add(&id.with_member(name), &member.traits);
        }
    }
    found
}
