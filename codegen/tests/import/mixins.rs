//! Mixins and `apply` statements: a model with them is the same as the model in which all is written out.
//!
//! The models are those of the page "Mixins" of the Smithy specification, as JSON.

use attache_codegen::import::{from_smithy, read_smithy};
use serde_json::{Value, json};

fn model(shapes: &Value) -> String {
    let mut all = json!({"a#Service": {"type": "service", "version": "1"}});
    for (id, shape) in shapes.as_object().expect("shapes are an object") {
        all[id] = shape.clone();
    }
    json!({"smithy": "2.0", "shapes": all}).to_string()
}

/// Both models have one normal form.
#[track_caller]
fn same(short: Value, written_out: Value) {
    let read = |shapes: &Value| read_smithy(&model(shapes)).map_err(|error| error.to_string());
    assert_eq!(read(&short), read(&written_out), "{short}");
}

#[track_caller]
fn refused(shapes: Value, expected: &str) {
    let error = from_smithy(&model(&shapes)).expect_err("the model is refused");
    assert_eq!(error.to_string(), expected);
}

fn string() -> Value {
    json!({"target": "smithy.api#String"})
}

fn string_with(traits: Value) -> Value {
    json!({"target": "smithy.api#String", "traits": traits})
}

fn mixin(kind: &str, parts: Value) -> Value {
    let mut shape = json!({"type": kind, "traits": {"smithy.api#mixin": {}}});
    merge(&mut shape, parts);
    shape
}

fn merge(base: &mut Value, part: Value) {
    match (base, part) {
        (Value::Object(base), Value::Object(part)) => {
            for (key, value) in part {
                merge(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (base, part) => *base = part,
    }
}

fn target(id: &str) -> Value {
    json!([{"target": id}])
}

#[test]
fn members_of_mixins_of_mixins_become_members() {
    same(
        json!({
            "a#C": {"type": "structure", "mixins": target("a#B"), "members": {"c": string()}},
            "a#B": mixin("structure", json!({"mixins": target("a#A"), "members": {"b": string()}})),
            "a#A": mixin("structure", json!({"members": {"a": string()}})),
        }),
        json!({"a#C": {"type": "structure", "members": {"a": string(), "b": string(), "c": string()}}}),
    );
}

#[test]
fn later_mixins_override_earlier_ones_and_the_shape_both() {
    let titled = |title: &str, more: Value| {
        let mut traits = more;
        traits["smithy.api#title"] = json!(title);
        traits
    };
    same(
        json!({
            "a#A": mixin("structure", json!({"traits": titled("A", json!({"smithy.api#sensitive": {}}))})),
            "a#B": mixin("structure", json!({"traits": titled("B", json!({"smithy.api#since": "1"}))})),
            "a#C": mixin("structure", json!({"mixins": [{"target": "a#A"}, {"target": "a#B"}]})),
            "a#D": {"type": "structure", "mixins": target("a#C"), "members": {}},
            "a#E": {"type": "structure", "mixins": target("a#C"), "members": {}, "traits": {"smithy.api#title": "E"}},
        }),
        json!({
            "a#D": {"type": "structure", "traits": titled("B", json!({"smithy.api#sensitive": {}, "smithy.api#since": "1"}))},
            "a#E": {"type": "structure", "traits": titled("E", json!({"smithy.api#sensitive": {}, "smithy.api#since": "1"}))},
        }),
    );
}

#[test]
fn local_traits_stay_on_the_mixin() {
    same(
        json!({
            "a#Mixin": mixin("structure", json!({"members": {"a": string_with(json!({"smithy.api#private": {}}))}, "traits": {
                "smithy.api#mixin": {"localTraits": ["smithy.api#private"]}, "smithy.api#private": {}, "smithy.api#sensitive": {}}})),
            "a#A": {"type": "structure", "mixins": target("a#Mixin")},
        }),
        // The list does not apply to the traits of members.
        json!({"a#A": {"type": "structure", "members": {"a": string_with(json!({"smithy.api#private": {}}))},
                       "traits": {"smithy.api#sensitive": {}}}}),
    );
}

#[test]
fn a_member_may_be_defined_again_or_get_traits_by_a_statement() {
    let mixins = || {
        json!({
            "a#A1": mixin("structure", json!({"members": {"a": string_with(json!({"smithy.api#title": "A1"}))}})),
            "a#A2": mixin("structure", json!({"members": {"a": string_with(json!({"smithy.api#required": {}}))}})),
        })
    };
    let both = || json!([{"target": "a#A1"}, {"target": "a#A2"}]);
    let expected = json!({"a#A": {"type": "structure", "members": {
        "a": string_with(json!({"smithy.api#required": {}, "smithy.api#title": "own"}))}}});
    let mut again = mixins();
    again["a#A"] = json!({"type": "structure", "mixins": both(), "members": {"a": string_with(json!({"smithy.api#title": "own"}))}});
    same(again, expected.clone());
    let mut applied = mixins();
    applied["a#A"] = json!({"type": "structure", "mixins": both(), "members": {}});
    applied["a#A$a"] = json!({"type": "apply", "traits": {"smithy.api#title": "own"}});
    same(applied, expected);
}

#[test]
fn what_is_applied_to_a_mixin_or_its_copied_member_is_copied() {
    same(
        json!({
            "a#A": mixin("structure", json!({"members": {"a": string()}})),
            "a#B": mixin("structure", json!({"mixins": target("a#A")})),
            "a#A$a": {"type": "apply", "traits": {"smithy.api#required": {}}},
            "a#B$a": {"type": "apply", "traits": {"smithy.api#title": "B"}},
            "a#C": {"type": "structure", "mixins": target("a#B")},
        }),
        json!({"a#C": {"type": "structure", "members": {
            "a": string_with(json!({"smithy.api#required": {}, "smithy.api#title": "B"}))}}}),
    );
}

#[test]
fn every_type_of_shape_can_use_mixins() {
    same(
        json!({
            "a#StringMixin": mixin("string", json!({"traits": {"smithy.api#pattern": "^a"}})),
            "a#String": {"type": "string", "mixins": target("a#StringMixin"), "traits": {"smithy.api#length": {"min": 1}}},
            "a#ListMixin": mixin("list", json!({"member": string()})),
            "a#List": {"type": "list", "mixins": target("a#ListMixin")},
            "a#List$member": {"type": "apply", "traits": {"smithy.api#length": {"min": 2}}},
            "a#MapMixin": mixin("map", json!({"key": string(), "value": string()})),
            "a#Map": {"type": "map", "mixins": target("a#MapMixin")},
            "a#UnionMixin": mixin("union", json!({"members": {"a": string()}})),
            "a#Union": {"type": "union", "mixins": target("a#UnionMixin"), "members": {"b": string()}},
            "a#EnumMixin": mixin("intEnum", json!({"members": {"A": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": 1}}}})),
            "a#Enum": {"type": "intEnum", "mixins": target("a#EnumMixin"), "members": {}},
            "a#OperationMixin": mixin("operation", json!({"input": {"target": "smithy.api#Unit"}, "errors": target("a#One")})),
            "a#Operation": {"type": "operation", "mixins": target("a#OperationMixin"), "input": {"target": "a#In"}, "errors": target("a#Two")},
            "a#In": {"type": "structure"},
            "a#One": {"type": "structure", "traits": {"smithy.api#error": "client"}},
            "a#Two": {"type": "structure", "traits": {"smithy.api#error": "client"}},
        }),
        json!({
            "a#String": {"type": "string", "traits": {"smithy.api#pattern": "^a", "smithy.api#length": {"min": 1}}},
            "a#List": {"type": "list", "member": string_with(json!({"smithy.api#length": {"min": 2}}))},
            "a#Map": {"type": "map", "key": string(), "value": string()},
            "a#Union": {"type": "union", "members": {"a": string(), "b": string()}},
            "a#Enum": {"type": "intEnum", "members": {"A": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": 1}}}},
            "a#Operation": {"type": "operation", "input": {"target": "a#In"}, "errors": [{"target": "a#One"}, {"target": "a#Two"}]},
            "a#In": {"type": "structure"},
            "a#One": {"type": "structure", "traits": {"smithy.api#error": "client"}},
            "a#Two": {"type": "structure", "traits": {"smithy.api#error": "client"}},
        }),
    );
}

#[test]
fn services_join_what_their_mixins_list_and_keep_their_own_values() {
    same(
        json!({
            "a#Base": mixin("service", json!({"version": "A", "operations": target("a#One"), "rename": {"a#X": "BaseX", "a#Y": "BaseY"}})),
            "a#Service": {"type": "service", "version": "2", "mixins": target("a#Base"), "operations": target("a#Two"),
                          "rename": {"a#X": "OwnX"}},
            "a#One": {"type": "operation"},
            "a#Two": {"type": "operation"},
        }),
        json!({
            "a#Service": {"type": "service", "version": "2", "operations": [{"target": "a#One"}, {"target": "a#Two"}],
                          "rename": {"a#X": "OwnX", "a#Y": "BaseY"}},
            "a#One": {"type": "operation"},
            "a#Two": {"type": "operation"},
        }),
    );
}

#[test]
fn a_statement_adds_traits_joins_lists_and_repeats_what_is_said() {
    same(
        json!({
            "a#A": {"type": "structure", "members": {"a": string_with(json!({"smithy.api#tags": ["x"], "smithy.api#required": {}}))}},
            "a#A$a": {"type": "apply", "traits": {"smithy.api#tags": ["y"], "smithy.api#required": {}, "smithy.api#title": "t"}},
        }),
        json!({"a#A": {"type": "structure", "members": {"a": string_with(
            json!({"smithy.api#tags": ["x", "y"], "smithy.api#required": {}, "smithy.api#title": "t"}))}}}),
    );
}

#[test]
fn statements_that_say_something_else_or_apply_to_nothing() {
    let titled = json!({"type": "structure", "traits": {"smithy.api#title": "A"}});
    refused(
        json!({"a#A": titled, "a#A$b": {"type": "apply", "traits": {}}}),
        "a#A$b: this `apply` statement applies to nothing: the model has no such shape or member",
    );
    refused(
        json!({"a#B": {"type": "apply", "traits": {}}}),
        "a#B: this `apply` statement applies to nothing: the model has no such shape or member",
    );
    refused(
        json!({"a#A": {"type": "structure", "members": {"a": string_with(json!({"smithy.api#title": "A"}))}},
               "a#A$a": {"type": "apply", "traits": {"smithy.api#title": "B"}}}),
        "a#A$a: the shape says \"A\" for the trait `smithy.api#title`, and this `apply` statement \"B\": remove one",
    );
    refused(
        json!({"a#A$a": {"type": "apply", "members": {}}}),
        "a#A$a: an `apply` statement has the key `traits` only, not `members`",
    );
}

#[test]
fn mixins_that_do_not_fit() {
    let with = |mixins: Value, others: Value| {
        let mut shapes = others;
        shapes["a#A"] = json!({"type": "structure", "mixins": mixins, "members": {"a": string()}});
        shapes
    };
    refused(
        with(target("a#Gone"), json!({})),
        "a#A: names the mixin `a#Gone`, which the model lacks",
    );
    refused(
        with(target("a#B"), json!({"a#B": {"type": "structure"}})),
        "a#A: a#B: is named as a mixin, but lacks the trait `smithy.api#mixin`",
    );
    refused(
        with(target("a#B"), json!({"a#B": mixin("union", json!({}))})),
        "a#A: a#B: a mixin of a union cannot be mixed into a structure",
    );
    let number = json!({"members": {"a": {"target": "smithy.api#Integer"}}});
    refused(
        with(target("a#B"), json!({"a#B": mixin("structure", number)})),
        "a#A: $a: a mixin has this member with the target \"smithy.api#Integer\", and the shape or another mixin with \
         \"smithy.api#String\"",
    );
    refused(
        with(json!("a#B"), json!({})),
        "a#A: the key `mixins` is a list of objects with the key `target`",
    );
    refused(
        json!({"a#A": {"type": "structure", "members": {"a": {"target": "a#B"}}}, "a#B": mixin("structure", json!({}))}),
        "a#A: refers to `a#B`, which is a mixin: shapes can name it in `mixins` only",
    );
    refused(
        json!({"a#A": {"type": "operation", "mixins": target("a#B")}, "a#C": {"type": "structure"},
               "a#B": mixin("operation", json!({"input": {"target": "a#C"}}))}),
        "a#A: a#B: a mixin of this type has no `input`",
    );
}
