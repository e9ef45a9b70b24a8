//! Everything that can be broken in the requests of an operation.

use serde_json::{Value, json};

use super::change::Change;
use super::place::Breakage;
use crate::model::Model;

/// Texts of which each breaks a constraint of texts.
const WRONG: [&str; 6] = ["", "~", "👍", "\n", "é…", "###########################"];

/// The breakages of every constraint that a request of this shape can reach.
pub(super) fn breakages(model: &Model, input: &str) -> Vec<Breakage> {
    let mut search = Search {
        model,
        path: Vec::new(),
        found: Vec::new(),
    };
    search.structure(input);
    search.found
}

/// A walk through the shapes of a request.
struct Search<'a> {
    model: &'a Model,
    /// Where it is.
    path: Vec<String>,
    found: Vec<Breakage>,
}

impl Search<'_> {
    fn push(&mut self, kind: &'static str, side: &'static str, change: Change, meet: Change) {
        self.found.push(Breakage {
            path: self.path.clone(),
            kind,
            side,
            change,
            meet,
        });
    }

    /// Walks on below the place.
    fn below(&mut self, segment: &str, walk: impl FnOnce(&mut Self)) {
        self.path.push(segment.to_owned());
        walk(self);
        self.path.pop();
    }

    fn structure(&mut self, id: &str) {
        assert!(
            self.path.len() < 12,
            "the models hold no recursive requests yet"
        );
        self.several_members(&self.model.shape(id)["traits"]);
        for (name, member) in self.model.members(id) {
            for (id, kind) in [
                ("smithy.api#required", "Required"),
                ("smithy.api#recommended", "Recommended"),
            ] {
                if member["traits"].get(id).is_some() {
                    self.push(kind, "", Change::Remove(vec![name.clone()]), Change::Keep);
                }
            }
            self.below(name, |search| search.value(member));
        }
    }

    /// The constraints of a structure that concern several of its members.
    fn several_members(&mut self, traits: &Value) {
        for rule in rules(traits, "attache#atLeastOneOf") {
            let names = rule["members"].as_array().expect("members");
            let names = names
                .iter()
                .map(|name| name.as_str().expect("a name").to_owned());
            let names: Vec<String> = names.collect();
            // All but the last one.
            let meet = Change::Remove(names[..names.len() - 1].to_vec());
            self.push("AtLeastOneOf", "", Change::Remove(names), meet);
        }
        for rule in rules(traits, "attache#ordered") {
            let name = |key: &str| rule[key].as_str().expect("a name").to_owned();
            let least = i64::from(rule["mayBeEqual"] != true);
            let swap = |distance| Change::Swap(name("first"), name("second"), distance);
            self.push("Ordered", "", swap(least - 1), swap(least));
            if let Some(span) = rule["span"].as_i64() {
                self.push("Span", "", swap(span + 1), swap(span));
            }
        }
    }

    fn value(&mut self, member: &Value) {
        self.limits(member);
        self.texts(member);
        self.other_constraints(member);
        let target = member["target"].as_str().expect("a target");
        let shape = self.model.shape(target);
        match shape["type"].as_str().expect("a type") {
            "structure" => self.structure(target),
            "list" => self.below("0", |search| search.value(&shape["member"])),
            "map" => {
                // Keys are at the path of their map; the mark says so to `Change::made`.
                self.below("@", |search| search.value(&shape["key"]));
                self.below("*", |search| search.value(&shape["value"]));
            }
            _ => {}
        }
    }

    /// Lengths and ranges, from each side.
    fn limits(&mut self, member: &Value) {
        if let Some(length) = self.model.trait_of(member, "smithy.api#length") {
            let resize = Change::Resize;
            if let Some(min) = length["min"].as_u64().filter(|min| *min > 0) {
                self.push("Length", "below", resize(min - 1), resize(min));
            }
            if let Some(max) = length["max"].as_u64() {
                self.push("Length", "above", resize(max + 1), resize(max));
            }
        }
        if let Some(range) = self.model.trait_of(member, "smithy.api#range") {
            let replace = |number: i64| Change::Replace(vec![json!(number)]);
            if let Some(min) = range["min"].as_i64() {
                self.push("Range", "below", replace(min - 1), replace(min));
            }
            if let Some(max) = range["max"].as_i64() {
                self.push("Range", "above", replace(max + 1), replace(max));
            }
        }
    }

    /// What holds for texts: patterns, and lists of the values that are allowed.
    fn texts(&mut self, member: &Value) {
        let target = member["target"].as_str().expect("a target");
        let is_enum = self.model.shape(target)["type"] == "enum";
        let has = |id: &str| self.model.trait_of(member, id).is_some();
        for (kind, applies) in [
            ("Pattern", has("smithy.api#pattern")),
            ("RecommendedPattern", has("attache#recommendedPattern")),
            ("AllowedValues", has("attache#allowedValues")),
            ("Enum", is_enum),
        ] {
            if applies {
                let wrong = WRONG.map(Value::from).to_vec();
                self.push(kind, "", Change::Replace(wrong), Change::Keep);
            }
        }
    }

    fn other_constraints(&mut self, member: &Value) {
        let get = |id: &str| self.model.trait_of(member, id);
        let is_unique = get("smithy.api#uniqueItems").is_some();
        let has_unique_member = get("attache#uniqueMember").is_some();
        let expected = get("attache#mustEqual");
        let is_day_aligned = get("attache#dayAligned").is_some();
        if is_unique {
            self.push("UniqueItems", "", Change::Twin, Change::Keep);
        }
        if has_unique_member {
            self.push("UniqueMember", "", Change::Twin, Change::Keep);
        }
        if let Some(expected) = expected {
            let other = json!(expected["value"] != true);
            self.push("MustEqual", "", Change::Replace(vec![other]), Change::Keep);
        }
        if is_day_aligned {
            let day = |text: &str| Change::Replace(vec![json!(text)]);
            for (side, text) in [
                ("above", "2024-02-29T00:00:01Z"),
                ("below", "2024-02-28T23:59:59Z"),
            ] {
                self.push("DayAligned", side, day(text), day("2024-02-29T00:00:00Z"));
            }
        }
    }
}

/// The rules that a trait of a structure has.
fn rules<'a>(traits: &'a Value, id: &str) -> impl Iterator<Item = &'a Value> {
    traits[id].as_array().into_iter().flatten()
}
