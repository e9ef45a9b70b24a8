//! The values of an example request: those that the words of the service have, or else ones that satisfy the constraints
//! of the model.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::case::field_name;
use super::noun::Noun;
use super::realistic;
use super::service::{Example, Operation, Plan};
use super::types::{Definition, Field, Presence, TypeDefinition};
use super::value::{Type, TypeKind};
use crate::model::{Constraints, RuleKind};
use crate::pattern::{Automaton, sample};

/// How deep an example nests.
const DEPTH: usize = 8;

/// A moment at midnight in UTC, and the next one.
const MOMENTS: [&str; 2] = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"];

impl Plan<'_> {
    /// The example request of an operation. Several files have it, and a search for texts of its patterns takes long, so it
    /// is made once.
    pub fn example<'o>(&self, operation: &'o Operation<'_>) -> &'o Example {
        operation
            .example
            .get_or_init(|| self.new_example(operation))
    }

    fn new_example(&self, operation: &Operation<'_>) -> Example {
        let request = self.type_definition(operation.model.request);
        let words = self.model.words.operations.get(operation.model.id.name());
        let given = words.map(|words| words.example.clone()).unwrap_or_default();
        let given = given.into_iter().collect();
        let mut is_complete = true;
        let members = self.members(request, given, Turn::default(), &mut is_complete);
        Example {
            members,
            is_complete,
        }
    }

    /// The members of a structure: those that are given, and those that must be there.
    fn members(
        &self,
        definition: &TypeDefinition<'_>,
        given: Map<String, Value>,
        turn: Turn,
        is_complete: &mut bool,
    ) -> Map<String, Value> {
        let mut members = given;
        for field in definition.fields() {
            let name = &field.model.name;
            if let Some(value) = members.remove(name) {
                let value = self.completed(&field.ty, value, turn, is_complete);
                members.insert(name.clone(), value);
                continue;
            }
            let must_be_there = field.model.required || field.presence == Presence::Required;
            let is_wanted = must_be_there || field.model.recommended.is_some();
            // A token is filled in when the request is sent.
            if !is_wanted || field.model.idempotency_token.is_some() {
                continue;
            }
            match self.member(definition, field, turn) {
                Some(value) => {
                    members.insert(name.clone(), value);
                }
                None if must_be_there => *is_complete = false,
                None => {}
            }
        }
        for rule in &definition.model.rules {
            self.follow(definition, &rule.kind, turn, &mut members);
        }
        members
    }

    /// Adds or changes members so that a rule about several of them holds.
    fn follow(
        &self,
        definition: &TypeDefinition<'_>,
        rule: &RuleKind,
        turn: Turn,
        members: &mut Map<String, Value>,
    ) {
        match rule {
            RuleKind::AtLeastOneOf { members: names, .. } => {
                if names.iter().any(|name| members.contains_key(name)) {
                    return;
                }
                let mut fields = names.iter().filter_map(|name| definition.field(name));
                let found = fields.find_map(|field| {
                    let value = self.member(definition, field, turn)?;
                    Some((field.model.name.clone(), value))
                });
                members.extend(found);
            }
            RuleKind::Ordered {
                first,
                second,
                may_be_equal,
                ..
            } => {
                if *may_be_equal || members.get(first) != members.get(second) {
                    return;
                }
                let next = match members.get(first) {
                    Some(Value::Number(number)) => number.as_i64().map(|number| json!(number + 1)),
                    Some(Value::String(_)) => Some(json!(MOMENTS[1])),
                    _ => None,
                };
                members.extend(next.map(|next| (second.clone(), next)));
            }
        }
    }

    /// The value of a member: that of the words, or one that its type accepts.
    fn member(
        &self,
        definition: &TypeDefinition<'_>,
        field: &Field<'_>,
        turn: Turn,
    ) -> Option<Value> {
        let shapes = &self.model.words.shapes;
        let given = shapes.get(definition.model.id.name());
        let given = given.and_then(|words| words.examples.get(&field.model.name));
        match given.filter(|_| turn.number == 0) {
            Some(value) => {
                let mut is_complete = true;
                let value = self.completed(&field.ty, value.clone(), turn, &mut is_complete);
                is_complete.then_some(value)
            }
            None => self.value(&field.ty, &field.model.name, turn),
        }
    }

    /// A given value, with the members that it lacks.
    fn completed(&self, ty: &Type<'_>, value: Value, turn: Turn, is_complete: &mut bool) -> Value {
        match (&ty.kind, value) {
            (TypeKind::Structure(id), Value::Object(members)) => {
                let definition = self.type_definition(*id);
                Value::Object(self.members(definition, members, turn.deeper(), is_complete))
            }
            (TypeKind::List { element, .. }, Value::Array(values)) => {
                let values = values.into_iter();
                Value::Array(
                    values
                        .map(|value| self.completed(element, value, turn, is_complete))
                        .collect(),
                )
            }
            (_, value) => value,
        }
    }

    /// A value that satisfies the constraints of a type. `hint` is the name of the member.
    fn value(&self, ty: &Type<'_>, hint: &str, turn: Turn) -> Option<Value> {
        if turn.depth > DEPTH {
            return None;
        }
        let constraints = &ty.model.constraints;
        if let Some(value) = &constraints.must_equal {
            return Some(value.clone());
        }
        let words = self.model.words.shapes.get(ty.model.shape.name());
        if let Some(value) = words.and_then(|words| words.example.as_ref())
            && turn.number == 0
        {
            return Some(value.clone());
        }
        Some(match &ty.kind {
            TypeKind::Boolean => json!(true),
            TypeKind::Byte | TypeKind::Short | TypeKind::Integer | TypeKind::Long => {
                let (least, most) = range(constraints);
                let wanted = 1_i64.max(least).checked_add(turn.number as i64)?;
                json!(wanted.min(most))
            }
            TypeKind::Float | TypeKind::Double => float(constraints)?,
            TypeKind::BigInteger | TypeKind::BigDecimal => json!(1 + turn.number as i64),
            TypeKind::String { .. } => json!(self.text(constraints, hint, turn)?),
            TypeKind::Blob { .. } | TypeKind::StreamingBlob { .. } => {
                json!(fitted(words_of(hint, turn), constraints))
            }
            TypeKind::Timestamp(_) => json!(MOMENTS[0]),
            TypeKind::Document => json!(words_of(hint, turn)),
            TypeKind::List { element, sparse } if !sparse => self.list(ty, element, hint, turn)?,
            TypeKind::Map { value, key, sparse } if !sparse => {
                let mut entries = Map::new();
                for number in 0..least(constraints).max(1) {
                    let turn = turn.at(number);
                    let key = self.value(key, "key", turn)?.as_str()?.to_owned();
                    entries.insert(key, self.value(value, "value", turn)?);
                }
                (entries.len() >= least(constraints)).then_some(Value::Object(entries))?
            }
            TypeKind::List { .. } | TypeKind::Map { .. } => return None,
            TypeKind::Enum(id)
            | TypeKind::IntEnum(id)
            | TypeKind::Structure(id)
            | TypeKind::Union(id)
            | TypeKind::EventStream(id) => self.named(self.type_definition(*id), turn)?,
        })
    }

    /// A list with as few elements as may be, but with one.
    fn list(&self, ty: &Type<'_>, element: &Type<'_>, hint: &str, turn: Turn) -> Option<Value> {
        let constraints = &ty.model.constraints;
        let count = least(constraints).max(1);
        // What a list is called says what it holds.
        let one = Noun::of_collection(hint).map(|noun| noun.singular.replace(' ', "-"));
        let one = one.as_deref().unwrap_or(hint);
        let numbers = 0..count;
        let values = numbers.map(|number| self.value(element, one, turn.at(number)));
        let values: Vec<Value> = values.collect::<Option<_>>()?;
        let is_distinct = |key: &dyn Fn(&Value) -> String| {
            let keys: BTreeSet<String> = values.iter().map(key).collect();
            keys.len() == values.len()
        };
        let unique = !constraints.unique_items || is_distinct(&Value::to_string);
        let member = constraints.unique_member.as_ref();
        let unique_member =
            member.is_none_or(|member| is_distinct(&|value| value[member].to_string()));
        (unique && unique_member).then_some(Value::Array(values))
    }

    /// A value of a generated type.
    fn named(&self, definition: &TypeDefinition<'_>, turn: Turn) -> Option<Value> {
        Some(match &definition.definition {
            Definition::Enum(values) => json!(values.get(turn.number % values.len())?.model.value),
            Definition::IntEnum(values) => {
                json!(values.get(turn.number % values.len())?.model.value)
            }
            Definition::Structure(_) => {
                let mut is_complete = true;
                let turn = turn.deeper();
                let members = self.members(definition, Map::new(), turn, &mut is_complete);
                is_complete.then_some(Value::Object(members))?
            }
            Definition::Union(fields) => {
                let mut fields = fields.iter();
                fields.find_map(|field| {
                    let value = self.member(definition, field, turn.deeper())?;
                    Some(json!({ field.model.name.as_str(): value }))
                })?
            }
        })
    }

    /// A text of the right length that the patterns accept.
    fn text(&self, constraints: &Constraints, hint: &str, turn: Turn) -> Option<String> {
        let listed = &constraints.allowed_values;
        if let Some(value) = listed.get(turn.number % listed.len().max(1)) {
            return Some(value.clone());
        }
        let patterns = [&constraints.pattern, &constraints.recommended_pattern];
        let compiled: Vec<Option<&Automaton>> = patterns
            .into_iter()
            .flatten()
            .map(|pattern| self.patterns.automaton(pattern))
            .collect();
        let automata: Vec<&Automaton> = compiled.into_iter().collect::<Option<_>>()?;
        let length = constraints.length;
        let service = &self.model.signing_name;
        let mut candidates = realistic::candidates(hint, service, turn.number).into_iter();
        let fits = |text: &String| {
            let count = text.chars().count() as u64;
            let (min, max) = length.map_or((None, None), |length| (length.min, length.max));
            min.is_none_or(|min| count >= min)
                && max.is_none_or(|max| count <= max)
                && automata.iter().all(|automaton| automaton.is_match(text))
        };
        if let Some(text) = candidates.find(fits) {
            return Some(text);
        }
        if automata.is_empty() {
            return Some(fitted(words_of(hint, turn), constraints));
        }
        let least = length.and_then(|length| length.min).unwrap_or(0).max(1);
        let most = length.and_then(|length| length.max);
        let look = match realistic::is_id(hint) {
            true => sample::Look::Id,
            false => sample::Look::Word,
        };
        sample::text(&automata, least, most, look, turn.number)
    }
}

/// How deep a value is, and its number among the elements of a list, which must differ.
#[derive(Clone, Copy, Debug, Default)]
struct Turn {
    depth: usize,
    number: usize,
}

impl Turn {
    fn deeper(self) -> Self {
        Self {
            depth: self.depth + 1,
            ..self
        }
    }

    fn at(self, number: usize) -> Self {
        Self {
            depth: self.depth + 1,
            number: self.number + number,
        }
    }
}

/// The words of a name, with a number where it is not the first.
fn words_of(hint: &str, turn: Turn) -> String {
    let words = field_name(hint).replace('_', " ");
    let words = words.trim().to_owned();
    match turn.number {
        0 => words,
        number => format!("{words} {}", number + 1),
    }
}

/// A text with as many characters as the constraints allow.
fn fitted(text: String, constraints: &Constraints) -> String {
    let most = constraints.length.and_then(|length| length.max);
    let most = most.map_or(usize::MAX, |most| {
        usize::try_from(most).unwrap_or(usize::MAX)
    });
    let mut text: String = text.chars().take(most).collect();
    let missing = least(constraints).saturating_sub(text.chars().count());
    text.extend(std::iter::repeat_n('.', missing));
    text
}

/// The least length; one that no example has counts as the longest that an example may have.
fn least(constraints: &Constraints) -> usize {
    let least = constraints
        .length
        .and_then(|length| length.min)
        .unwrap_or(0);
    usize::try_from(least).unwrap_or(usize::MAX).min(1_000)
}

/// The bounds of an integer.
fn range(constraints: &Constraints) -> (i64, i64) {
    let range = constraints.range.as_ref();
    let least = range.and_then(|range| range.min.as_ref()?.as_i64());
    let most = range.and_then(|range| range.max.as_ref()?.as_i64());
    (least.unwrap_or(i64::MIN), most.unwrap_or(i64::MAX))
}

/// A number within the bounds.
fn float(constraints: &Constraints) -> Option<Value> {
    let range = constraints.range.as_ref();
    let least = range.and_then(|range| range.min.as_ref()?.as_f64());
    let most = range.and_then(|range| range.max.as_ref()?.as_f64());
    let value = 1.0_f64.max(least.unwrap_or(f64::MIN));
    Some(json!(value.min(most.unwrap_or(f64::MAX))))
}
