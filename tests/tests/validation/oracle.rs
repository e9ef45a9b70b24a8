//! The oracle: judges a request given as JSON, straight from the model.
//!
//! It shares no line with the generator or the runtime: patterns are those of an ECMAScript engine, characters are
//! counted one by one, elements are compared pair by pair.

use attache_runtime::validation::Level;
use serde_json::Value;

use crate::dispatch::Verdict;
use crate::model::Model;

pub(crate) struct Oracle<'a> {
    model: &'a Model,
    level: Level,
    found: Verdict,
}

/// Everything that is wrong with a request.
pub(crate) fn judge(model: &Model, input: &str, request: &Value, level: Level) -> Verdict {
    let mut oracle = Oracle {
        model,
        level,
        found: Vec::new(),
    };
    if level > Level::Off {
        oracle.structure(input, request, "");
    }
    oracle.found
}

impl Oracle<'_> {
    fn say(&mut self, path: &str, kind: &str) {
        self.found.push((path.to_owned(), kind.to_owned()));
    }

    fn documented(&self) -> bool {
        self.level >= Level::Documented
    }

    fn strict(&self) -> bool {
        self.level >= Level::Strict
    }

    fn structure(&mut self, id: &str, value: &Value, path: &str) {
        for (name, member) in self.model.members(id) {
            let place = format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
            let traits = &member["traits"];
            match value.get(name).filter(|value| !value.is_null()) {
                None if traits.get("smithy.api#required").is_some() => self.say(&place, "Required"),
                None => {
                    if traits.get("smithy.api#recommended").is_some() && self.strict() {
                        self.say(&place, "Recommended");
                    }
                }
                Some(value) => self.value(member, value, &place),
            }
        }
        self.rules(&self.model.shape(id)["traits"], value, path);
    }

    fn rules(&mut self, traits: &Value, value: &Value, path: &str) {
        let there = |name: &Value| {
            value
                .get(name.as_str().expect("a name"))
                .is_some_and(|value| !value.is_null())
        };
        for rule in traits["attache#atLeastOneOf"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let checked = match rule["strict"] == true {
                true => self.strict(),
                false => self.documented(),
            };
            let names = rule["members"].as_array().expect("members");
            if checked && !names.iter().any(there) {
                self.say(path, "AtLeastOneOf");
            }
        }
        for rule in traits["attache#ordered"].as_array().into_iter().flatten() {
            if !self.documented() || !there(&rule["first"]) || !there(&rule["second"]) {
                continue;
            }
            let name = rule["second"].as_str().expect("a name");
            let place = format!("{path}/{name}");
            let (first, second) = (
                number(&value[rule["first"].as_str().expect("a name")]),
                number(&value[name]),
            );
            let fits = first < second || rule["mayBeEqual"] == true && first == second;
            if !fits {
                self.say(&place, "Ordered");
            }
            if rule["span"]
                .as_f64()
                .is_some_and(|span| second - first > span)
            {
                self.say(&place, "Span");
            }
        }
    }

    fn value(&mut self, member: &Value, value: &Value, path: &str) {
        let target = member["target"].as_str().expect("a target");
        let shape = self.model.shape(target);
        if self.documented() {
            self.documented_traits(member, shape, value, path);
        }
        if self.strict() {
            self.strict_traits(member, shape, value, path);
        }
        match shape["type"].as_str().expect("a type") {
            "structure" => self.structure(target, value, path),
            "union" => {
                for (name, member) in self.model.members(target) {
                    if let Some(value) = value.get(name) {
                        self.value(member, value, &format!("{path}/{name}"));
                    }
                }
            }
            "list" => {
                for (index, element) in value.as_array().into_iter().flatten().enumerate() {
                    if !element.is_null() {
                        self.value(&shape["member"], element, &format!("{path}/{index}"));
                    }
                }
            }
            "map" => {
                for (key, element) in value.as_object().into_iter().flatten() {
                    self.value(&shape["key"], &Value::from(key.as_str()), path);
                    let shown: String = key.chars().take(64).collect();
                    let cut = if key.chars().count() > 64 { "…" } else { "" };
                    let shown = shown.replace('~', "~0").replace('/', "~1");
                    self.value(&shape["value"], element, &format!("{path}/{shown}{cut}"));
                }
            }
            _ => {}
        }
    }

    fn documented_traits(&mut self, member: &Value, shape: &Value, value: &Value, path: &str) {
        let get = |id: &str| self.model.trait_of(member, id);
        let mut found = Vec::new();
        if let Some(length) = get("smithy.api#length") {
            let count = length_of(shape, value);
            let below = length["min"].as_u64().is_some_and(|min| count < min);
            let above = length["max"].as_u64().is_some_and(|max| count > max);
            if below || above {
                found.push("Length");
            }
        }
        if let Some(range) = get("smithy.api#range") {
            let value = number(value);
            let below = range["min"].as_f64().is_some_and(|min| value < min);
            let above = range["max"].as_f64().is_some_and(|max| value > max);
            if below || above {
                found.push("Range");
            }
        }
        if get("smithy.api#uniqueItems").is_some() && has_twins(value, |value| value) {
            found.push("UniqueItems");
        }
        if let Some(unique) = get("attache#uniqueMember") {
            let name = unique["member"].as_str().expect("a name");
            if has_twins(value, |value| &value[name]) {
                found.push("UniqueMember");
            }
        }
        if get("attache#mustEqual").is_some_and(|it| it["value"] != *value) {
            found.push("MustEqual");
        }
        if get("attache#dayAligned").is_some() && number(value) % 86_400.0 != 0.0 {
            found.push("DayAligned");
        }
        if let Some(pattern) = get("smithy.api#pattern")
            && !self.is_match(pattern.as_str().expect("a pattern"), value)
        {
            found.push("Pattern");
        }
        for kind in found {
            self.say(path, kind);
        }
    }

    fn strict_traits(&mut self, member: &Value, shape: &Value, value: &Value, path: &str) {
        if let Some(allowed) = self.model.trait_of(member, "attache#allowedValues")
            && !allowed["values"]
                .as_array()
                .expect("values")
                .contains(value)
        {
            self.say(path, "AllowedValues");
        }
        if let Some(form) = self.model.trait_of(member, "attache#recommendedPattern")
            && !self.is_match(form["pattern"].as_str().expect("a pattern"), value)
        {
            self.say(path, "RecommendedPattern");
        }
        if shape["type"] == "enum" {
            let members = shape["members"].as_object().expect("members");
            let known = members
                .values()
                .any(|known| known["traits"]["smithy.api#enumValue"] == *value);
            if !known {
                self.say(path, "Enum");
            }
        }
    }

    fn is_match(&self, pattern: &str, value: &Value) -> bool {
        let text = value.as_str().expect("a pattern is on a string");
        self.model.regex(pattern).find(text).is_some()
    }
}

fn length_of(shape: &Value, value: &Value) -> u64 {
    let count = match (shape["type"].as_str(), value) {
        (Some("blob"), Value::String(text)) => base64_simd::STANDARD
            .decode_to_vec(text)
            .expect("a blob is base64")
            .len(),
        (_, Value::String(text)) => text.chars().count(),
        (_, Value::Array(values)) => values.len(),
        (_, Value::Object(values)) => values.len(),
        _ => 0,
    };
    count as u64
}

/// Whether two elements have the same key, each compared with each.
fn has_twins<'a>(value: &'a Value, key: impl Fn(&'a Value) -> &'a Value) -> bool {
    let keys: Vec<&Value> = value.as_array().into_iter().flatten().map(key).collect();
    (0..keys.len()).any(|index| keys[..index].contains(&keys[index]))
}

/// A number, or a `date-time` as a number of seconds.
fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => seconds(text),
        other => other.as_f64().expect("a number"),
    }
}

/// Seconds since 1970 of `YYYY-MM-DDThh:mm:ss[.fff]Z`, by counting days.
fn seconds(text: &str) -> f64 {
    let part = |from: usize, to: usize| text[from..to].parse::<i64>().expect("a date-time");
    let (year, month, day) = (part(0, 4), part(5, 7), part(8, 10));
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_of = |year: i64| if is_leap(year) { 366 } else { 365 };
    let mut days = (1970..year).map(days_of).sum::<i64>() - (year..1970).map(days_of).sum::<i64>();
    let february = if is_leap(year) { 29 } else { 28 };
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30];
    days += lengths.iter().take(month as usize - 1).sum::<i64>() + day - 1;
    let whole = days * 86_400 + part(11, 13) * 3_600 + part(14, 16) * 60 + part(17, 19);
    let fraction = text[19..].trim_end_matches('Z');
    whole as f64 + format!("0{fraction}").parse::<f64>().expect("a fraction")
}
