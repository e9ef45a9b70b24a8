//! Names that were given once stay when a model grows, shrinks, or is planned anew from what was recorded.

use std::collections::{BTreeMap, BTreeSet};

use attache_codegen::analyse;
use attache_codegen::plan::{End, GivenNames, Names, outline, plan_with};
use proptest::prelude::*;
use proptest::sample::subsequence;
use proptest::test_runner::RngSeed;
use serde_json::{Map, Value, json};

use crate::model::{generate_toys, input, manifest, toys};

/// All names of a model, and what of them is recorded.
#[derive(Debug)]
struct Planned {
    all: Names,
    recorded: Names,
}

fn planned(model: &Value, given: &GivenNames) -> Planned {
    let text = model.to_string();
    let manifest = manifest("attache-toys");
    let service = analyse(&input(&text, &manifest)).expect("the model is fine");
    let plan = outline(&service, given).expect("each has a name");
    Planned {
        all: plan.names(),
        recorded: plan.recorded,
    }
}

fn new(model: &Value) -> Planned {
    planned(model, &GivenNames::default())
}

/// As `update` does it: the old names are known from the old model.
fn updated(old: &Planned, model: &Value) -> Planned {
    let given = GivenNames {
        file: "names.json".to_owned(),
        recorded: old.recorded.clone(),
        previous: old.all.clone(),
    };
    planned(model, &given)
}

/// As `generate` does it: only what was recorded is known.
fn generated(old: &Planned, model: &Value) -> Planned {
    planned(
        model,
        &GivenNames::recorded("names.json", old.recorded.clone()),
    )
}

/// What a model is made of, by the kind of name that each part has.
#[derive(Clone, Debug, Default)]
struct Parts {
    structures: BTreeSet<String>,
    errors: BTreeSet<String>,
    operations: BTreeSet<String>,
    waiters: BTreeSet<String>,
    fields: BTreeSet<String>,
    variants: BTreeSet<String>,
    values: BTreeSet<String>,
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

impl Parts {
    fn structures(names: &[&str]) -> Self {
        Self {
            structures: set(names),
            ..Self::default()
        }
    }

    fn operations(names: &[&str]) -> Self {
        Self {
            operations: set(names),
            ..Self::default()
        }
    }

    fn values(values: &[&str]) -> Self {
        Self {
            values: set(values),
            ..Self::default()
        }
    }

    /// `toys` with all of them. Each kind has a namespace of its own, so that any names go together.
    fn model(&self) -> Value {
        let string = || json!({ "target": "smithy.api#String" });
        let structure = |trait_id: &str| json!({ "type": "structure", "members": { "a": string() }, "traits": { trait_id: "client" } });
        let members = |names: &BTreeSet<String>| -> Map<String, Value> {
            let names = names.iter();
            names.map(|name| (name.clone(), string())).collect()
        };
        let mut model = toys();
        let shapes = model["shapes"].as_object_mut().expect("it has shapes");
        let mut parts = members(&self.fields);
        for name in &self.structures {
            let id = format!("example.shapes#{name}");
            shapes.insert(id.clone(), structure("smithy.api#documentation"));
            parts.insert(format!("part{name}"), json!({ "target": id }));
        }
        shapes.insert("example.toys#Union".to_owned(), {
            let mut variants = members(&self.variants);
            variants.insert("any".to_owned(), string());
            json!({ "type": "union", "members": variants })
        });
        parts.insert(
            "oneOf".to_owned(),
            json!({ "target": "example.toys#Union" }),
        );
        let values = self.values.iter().enumerate().map(|(index, value)| {
            let traits = json!({ "smithy.api#enumValue": value });
            // Names of values are made up of the values, as the importer makes them.
            let name = value.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
            let member = json!({ "target": "smithy.api#Unit", "traits": traits });
            let prefix = if name.starts_with('1') { "_" } else { "" };
            (format!("{prefix}{name}{}", "_".repeat(index)), member)
        });
        let mut values: Map<String, Value> = values.collect();
        values.insert("ANY".to_owned(), json!({ "target": "smithy.api#Unit" }));
        shapes.insert(
            "example.toys#Enum".to_owned(),
            json!({ "type": "enum", "members": values }),
        );
        parts.insert("level".to_owned(), json!({ "target": "example.toys#Enum" }));
        shapes["example.toys#MakeToyInput"]["members"] = parts.into();
        let mut operations = vec![json!({ "target": "example.toys#MakeToy" })];
        for name in &self.operations {
            let id = format!("example.operations#{name}");
            let http = json!({ "method": "POST", "uri": format!("/{name}"), "code": 200 });
            let operation = json!({ "type": "operation", "traits": { "smithy.api#http": http } });
            shapes.insert(id.clone(), operation);
            operations.push(json!({ "target": id }));
        }
        shapes["example.toys#Toys"]["operations"] = operations.into();
        let mut errors = Vec::new();
        for name in &self.errors {
            let id = format!("example.errors#{name}");
            shapes.insert(id.clone(), structure("smithy.api#error"));
            errors.push(json!({ "target": id }));
        }
        shapes["example.toys#MakeToy"]["errors"] = errors.into();
        let waiter =
            json!({ "acceptors": [{ "state": "success", "matcher": { "success": true } }] });
        let waiters = self.waiters.iter();
        let waiters: Map<String, Value> =
            waiters.map(|name| (name.clone(), waiter.clone())).collect();
        shapes["example.toys#MakeToy"]["traits"]["smithy.waiters#waitable"] = waiters.into();
        model
    }
}

const INPUT: &str = "example.toys#MakeToy$input";
const ENUM: &str = "example.toys#Enum";

#[track_caller]
fn has(names: &BTreeMap<String, String>, expected: &[(&str, &str)]) {
    for (key, name) in expected {
        assert_eq!(
            names.get(*key).map(String::as_str),
            Some(*name),
            "{key}: {names:?}"
        );
    }
}

#[test]
fn a_value_that_comes_later_leaves_the_old_one_its_name() {
    let old = new(&Parts::values(&["110"]).model());
    has(&old.all.members[ENUM], &[("110", "V110")]);
    assert!(old.recorded.is_empty(), "{:?}", old.recorded);

    let both = updated(&old, &Parts::values(&["110", "1.10"]).model());
    let expected = [("110", "V110"), ("1.10", "V110_2")];
    has(&both.all.members[ENUM], &expected);
    assert_eq!(both.recorded.members[ENUM].len(), 2, "{:?}", both.recorded);

    // The name does not move when the collision is gone, and waits for a value that comes back.
    let one = generated(&both, &Parts::values(&["1.10"]).model());
    has(&one.all.members[ENUM], &[("1.10", "V110_2")]);
    let third = generated(&one, &Parts::values(&["1.10", "11.0"]).model());
    has(
        &third.all.members[ENUM],
        &[("1.10", "V110_2"), ("11.0", "V110_3")],
    );
    let again = generated(&third, &Parts::values(&["11.0", "110"]).model());
    has(
        &again.all.members[ENUM],
        &[("11.0", "V110_3"), ("110", "V110")],
    );
}

#[test]
fn of_values_that_are_new_together_none_has_the_short_name() {
    let both = new(&Parts::values(&["110", "1.10", "1-2", "UNKNOWN"]).model());
    let expected = [
        ("1.10", "V110_1"),
        ("110", "V110_2"),
        ("1-2", "V12"),
        ("UNKNOWN", "UnknownValue"),
    ];
    has(&both.all.members[ENUM], &expected);
    assert_eq!(both.recorded.members[ENUM].len(), 2, "{:?}", both.recorded);
}

/// The importer numbers equal names of values in the order in which the model lists them.
#[test]
fn a_value_keeps_its_name_whatever_it_is_called_in_the_model() {
    let model = |names: [&str; 2]| {
        let mut model = Parts::default().model();
        let member = |value: &str| json!({ "target": "smithy.api#Unit", "traits": { "smithy.api#enumValue": value } });
        model["shapes"][ENUM]["members"] =
            json!({ names[0]: member("a-b"), names[1]: member("a_b") });
        model
    };
    let old = new(&model(["A_B", "A_B_2"]));
    has(&old.all.members[ENUM], &[("a-b", "AB"), ("a_b", "AB2")]);
    let turned = updated(&old, &model(["A_B_2", "A_B"]));
    has(&turned.all.members[ENUM], &[("a-b", "AB"), ("a_b", "AB2")]);
    let again = generated(&turned, &model(["A_B_2", "A_B"]));
    assert_eq!(again.all, turned.all);
}

#[test]
fn fields_and_variants_stay() {
    let parts = |names: &[&str]| Parts {
        fields: set(names),
        variants: set(names),
        ..Parts::default()
    };
    let old = new(&parts(&["userId", "clone"]).model());
    has(
        &old.all.members[INPUT],
        &[("userId", "user_id"), ("clone", "clone")],
    );
    let grown = parts(&["userId", "UserID", "clone", "setClone"]);
    let grown = updated(&old, &grown.model());
    has(
        &grown.all.members[INPUT],
        &[
            ("userId", "user_id"),
            ("UserID", "user_id_2"),
            ("clone", "clone"),
            ("setClone", "set_clone_2"),
        ],
    );
    let union = "example.toys#Union";
    has(
        &grown.all.members[union],
        &[
            ("userId", "UserId"),
            ("UserID", "UserId2"),
            ("setClone", "SetClone"),
        ],
    );
    // The setter of `clone` is `set_clone`.
    let fresh = new(&parts(&["userId", "UserID", "clone", "setClone"]).model());
    has(
        &fresh.all.members[INPUT],
        &[
            ("userId", "user_id_2"),
            ("UserID", "user_id_1"),
            ("clone", "clone_1"),
            ("setClone", "set_clone_1"),
        ],
    );
}

#[test]
fn types_of_shapes_and_errors_stay() {
    let parts = |structures: &[&str], errors: &[&str]| Parts {
        structures: set(structures),
        errors: set(errors),
        ..Parts::default()
    };
    let old = new(&parts(&["ToyBox"], &["Broken"]).model());
    let grown = parts(&["ToyBox", "TOYBox", "BROKEN"], &["Broken"]);
    let grown = updated(&old, &grown.model());
    has(
        &grown.all.types,
        &[
            ("example.shapes#ToyBox", "ToyBox"),
            ("example.shapes#TOYBox", "ToyBox2"),
            ("example.errors#Broken$error", "Broken"),
            ("example.shapes#BROKEN", "Broken2"),
        ],
    );
    let fresh = new(&parts(&["ToyBox", "TOYBox"], &["ToyBOX"]).model());
    has(
        &fresh.all.types,
        &[
            ("example.errors#ToyBOX$error", "ToyBox1"),
            ("example.shapes#TOYBox", "ToyBox2"),
            ("example.shapes#ToyBox", "ToyBox3"),
        ],
    );
}

/// In a crate that was generated before, what attache made up is as much a name as any other.
#[test]
fn a_name_that_was_made_up_stays_when_the_model_gains_a_shape_of_that_name() {
    let old = new(&Parts::structures(&["Client"]).model());
    let shapes = [
        "Client",
        "ClientShape",
        "MakeToyRequest",
        "MakeToyResponse",
        "MAKEToy",
    ];
    let grown = updated(&old, &Parts::structures(&shapes).model());
    let expected = [
        ("example.toys#MakeToy$input", "MakeToyRequest"),
        ("example.shapes#MakeToyRequest", "MakeToyRequestShape"),
        ("example.toys#MakeToy$output", "MakeToyResponse"),
        ("example.shapes#MakeToyResponse", "MakeToyResponseShape"),
        ("example.toys#MakeToy", "MakeToy"),
        ("example.shapes#MAKEToy", "MakeToyShape"),
        ("example.shapes#Client", "ClientShape"),
        ("example.shapes#ClientShape", "ClientShapeShape"),
    ];
    has(&grown.all.types, &expected);

    // Where all are new, the model's own names go before; they stay when the shapes go.
    let fresh = new(&Parts::structures(&shapes).model());
    let made_up = [
        ("example.toys#MakeToy$input", "MakeToyCallRequest"),
        ("example.toys#MakeToy$output", "MakeToyCallResponse"),
        ("example.toys#MakeToy", "MakeToyCall"),
        ("example.shapes#Client", "ClientShape2"),
    ];
    has(&fresh.all.types, &made_up);
    let shrunk = generated(&fresh, &Parts::structures(&["Client"]).model());
    has(&shrunk.all.types, &made_up);
}

#[test]
fn functions_and_builders_of_operations_stay() {
    let old = new(&Parts::operations(&["Send", "Aux"]).model());
    let id = |name: &str| format!("example.operations#{name}");
    has(
        &old.all.operations,
        &[(&id("Send"), "send_operation"), (&id("Aux"), "aux")],
    );
    let all = ["Send", "SendOperation", "AUX", "Aux", "MAKEToy"];
    let grown = updated(&old, &Parts::operations(&all).model());
    let functions = [
        (id("Send"), "send_operation"),
        (id("SendOperation"), "send_operation_operation"),
        (id("Aux"), "aux"),
        (id("AUX"), "aux_2"),
        (id("MAKEToy"), "make_toy_2"),
        ("example.toys#MakeToy".to_owned(), "make_toy"),
    ];
    let functions = functions
        .each_ref()
        .map(|(key, name)| (key.as_str(), *name));
    has(&grown.all.operations, &functions);
    has(
        &grown.all.types,
        &[
            ("example.toys#MakeToy", "MakeToy"),
            (&id("MAKEToy"), "MakeToy2"),
            ("example.toys#MakeToy$input", "MakeToyRequest"),
            (&id("MAKEToy$input"), "MakeToyRequest2"),
        ],
    );
    let fresh = new(&Parts::operations(&["MAKEToy"]).model());
    has(
        &fresh.all.operations,
        &[
            (&id("MAKEToy"), "make_toy_1"),
            ("example.toys#MakeToy", "make_toy_2"),
        ],
    );
    generate_toys(&Parts::operations(&all).model().to_string(), None).expect("it can be written");
}

#[test]
fn functions_of_waiters_stay() {
    let parts = |names: &[&str]| Parts {
        waiters: set(names),
        ..Parts::default()
    };
    let operation = "example.toys#MakeToy";
    let old = new(&parts(&["DbReady"]).model());
    let grown = updated(&old, &parts(&["DBReady", "DbReady"]).model());
    let expected = [
        ("DbReady", "until_db_ready"),
        ("DBReady", "until_db_ready_2"),
    ];
    has(&grown.all.waiters[operation], &expected);
    let fresh = new(&parts(&["DBReady", "DbReady"]).model());
    let expected = [
        ("DBReady", "until_db_ready_1"),
        ("DbReady", "until_db_ready_2"),
    ];
    has(&fresh.all.waiters[operation], &expected);
}

/// A structure whose fields were recorded becomes a union: its variants are new.
#[test]
fn recorded_fields_are_no_variants() {
    let mut model = Parts::default().model();
    let string = json!({ "target": "smithy.api#String" });
    let members = json!({ "userId": string, "UserID": string });
    model["shapes"][ENUM] = json!({ "type": "structure", "members": members });
    let old = new(&model);
    model["shapes"][ENUM]["type"] = json!("union");
    let union = updated(&old, &model);
    let expected = [("UserID", "UserId1"), ("userId", "UserId2")];
    has(&union.all.members[ENUM], &expected);
    has(&union.recorded.members[ENUM], &expected);

    let text = model.to_string();
    let manifest = manifest("attache-toys");
    let service = analyse(&input(&text, &manifest)).expect("the model is fine");
    let given = GivenNames::recorded("models/toys/names.json", old.recorded);
    let refused = plan_with(&service, End::Client, &given).expect_err("they are of another kind");
    assert_eq!(
        refused.to_string(),
        "models/toys/names.json: members: example.toys#Enum: UserID: `user_id_1` is the name of a field, but the \
         shape has variants; remove what the file says about the shape"
    );
}

#[test]
fn names_follow_their_namespace() {
    let old = new(&Parts::values(&["110", "1.10"]).model());
    let moved = old.recorded.moved("example.toys", "example.games");
    let expected = [("1.10", "V110_1"), ("110", "V110_2")];
    has(&moved.members["example.games#Enum"], &expected);
    assert_eq!(moved.clone().moved("example", "other"), moved);
}

fn some(names: &'static [&'static str]) -> impl Strategy<Value = BTreeSet<String>> {
    subsequence(names, 0..=names.len()).prop_map(|names| set(&names))
}

/// Names that become one, with those that are made up and numbered.
const TYPES: &[&str] = &[
    "MAKEToyRequest",
    "MakeToyRequest",
    "MakeToyCallRequest",
    "MakeToyCall",
    "MakeToy",
    "MAKEToy",
    "MakeToy2",
    "Client",
    "CLIENT",
    "ClientShape",
    "Client1",
    "Toy",
    "TOY",
    "Toy1",
    "Toy2",
    "ToyShape",
    "SendRequest",
    "Union",
];
const OPERATIONS: &[&str] = &[
    "MAKEToy",
    "Make_Toy",
    "Send",
    "SEND",
    "SendOperation",
    "Send2",
    "Aux",
    "AUX",
    "Toy",
    "TOY",
    "Enum",
    "New",
];
const FIELDS: &[&str] = &[
    "a",
    "A",
    "a1",
    "a_1",
    "A1",
    "type",
    "Type",
    "type_",
    "clone",
    "Clone",
    "setClone",
    "set_clone",
    "untilA",
    "set_until_a",
];
const VARIANTS: &[&str] = &[
    "a",
    "A",
    "a1",
    "a_1",
    "A1",
    "Unknown",
    "unknown",
    "UnknownMember",
    "self",
    "SelfMember",
    "A_2",
];
const VALUES: &[&str] = &[
    "1.10",
    "110",
    "11.0",
    "110_2",
    "unknown",
    "Unknown",
    "UNKNOWN_VALUE",
    "a-b",
    "a_b",
    "a.b",
    "A.B2",
];
const WAITERS: &[&str] = &[
    "DBReady",
    "DbReady",
    "DbReady1",
    "DbReady2",
    "DbReady_2",
    "WaitForDbReady",
];

fn parts() -> impl Strategy<Value = Parts> {
    let types = (some(TYPES), some(TYPES), some(OPERATIONS), some(WAITERS));
    let members = (some(FIELDS), some(VARIANTS), some(VALUES));
    (types, members).prop_map(|(types, (fields, variants, values))| {
        let (structures, errors, operations, waiters) = types;
        Parts {
            structures,
            errors,
            operations,
            waiters,
            fields,
            variants,
            values,
        }
    })
}

/// Each scope: what is called how in it.
fn scopes(names: &Names) -> BTreeMap<String, &BTreeMap<String, String>> {
    let mut scopes = BTreeMap::from([
        ("types".to_owned(), &names.types),
        ("operations".to_owned(), &names.operations),
    ]);
    let members = names.members.iter().chain(&names.waiters);
    scopes.extend(members.map(|(key, scope)| (key.clone(), scope)));
    scopes
}

#[track_caller]
fn different(names: &Names) {
    for (key, scope) in scopes(names) {
        let different: BTreeSet<&String> = scope.values().collect();
        assert_eq!(different.len(), scope.len(), "{key}: {scope:?}");
    }
}

/// What is there before and after has the same name.
#[track_caller]
fn kept(before: &Names, after: &Names) {
    let after = scopes(after);
    for (key, scope) in scopes(before) {
        for (stands_for, name) in scope {
            let now = after.get(&key).and_then(|scope| scope.get(stands_for));
            assert!(
                now.is_none_or(|now| now == name),
                "{key} {stands_for}: {name}, {now:?}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(17), failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn whatever_a_model_becomes_what_stays_in_it_keeps_its_name(models in proptest::collection::vec(parts(), 2..5)) {
        let mut before = new(&models[0].model());
        different(&before.all);
        for parts in &models[1..] {
            let model = parts.model();
            let after = updated(&before, &model);
            different(&after.all);
            kept(&before.all, &after.all);
            kept(&before.recorded, &after.all);
            // What is recorded is never forgotten, and it is enough to find all names again.
            kept(&before.recorded, &after.recorded);
            let again = generated(&after, &model);
            prop_assert_eq!(&again.all, &after.all);
            prop_assert_eq!(&again.recorded, &after.recorded);
            let read = Names::parse(&after.recorded.text());
            prop_assert_eq!(read.as_ref(), Ok(&after.recorded));
            before = after;
        }
    }

    /// Of names that were recorded, none moves when the model shrinks or grows without its predecessor.
    #[test]
    fn recorded_names_stay_without_the_model_before(first in parts(), second in parts()) {
        let first = new(&first.model());
        let second = generated(&first, &second.model());
        different(&second.all);
        kept(&first.recorded, &second.all);
    }
}

/// What a model with collisions becomes is Rust, and the same whatever is asked for first.
#[test]
fn a_model_of_collisions_is_written() {
    let all = Parts {
        structures: set(TYPES),
        errors: set(TYPES),
        operations: set(OPERATIONS),
        waiters: set(WAITERS),
        fields: set(FIELDS),
        variants: set(VARIANTS),
        values: set(VALUES),
    };
    let files = generate_toys(&all.model().to_string(), None).expect("it can be written");
    let paths: BTreeSet<String> = files.iter().map(|file| file.path.to_lowercase()).collect();
    assert_eq!(paths.len(), files.len(), "files of one name");
    for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
        syn::parse_file(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.path));
    }
}
