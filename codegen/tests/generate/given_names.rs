//! Names that were given once stay when a model grows or shrinks: each kind of name that a collision settles.

use std::collections::BTreeMap;

use attache_codegen::analyse;
use attache_codegen::plan::{End, GivenNames, plan_with};
use serde_json::json;

use crate::collisions::{Parts, generated, new, set, updated};
use crate::model::{generate_toys, input, manifest};

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
    let moved = old
        .recorded
        .moved("example.toys#Toys", "example.games#Games");
    let expected = [("1.10", "V110_1"), ("110", "V110_2")];
    has(&moved.members["example.games#Enum"], &expected);
    assert_eq!(moved.clone().moved("example#Toys", "other#Toys"), moved);
}
