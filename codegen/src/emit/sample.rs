//! Example values as Rust expressions, as a user would write them.

use serde_json::{Map, Value};

use crate::model::TypeId;
use crate::plan::{Definition, Example, Field, Parameter, Plan, Presence, Type, TypeKind};
use crate::plan::{Operation, TypeDefinition};

/// Prints expressions in a crate, which code inside of it calls `crate`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample<'p, 'm> {
    pub(super) plan: &'p Plan<'m>,
    pub(super) crate_name: &'p str,
}

impl Sample<'_, '_> {
    /// The calls of a builder's setters: names and arguments.
    pub(super) fn calls(
        &self,
        operation: &Operation<'_>,
        example: &Example,
    ) -> Vec<(String, String)> {
        let request = self.plan.type_definition(operation.model.request);
        self.setters(request, &example.members, |_| true)
    }

    /// The fields of a literal: names and values.
    pub(super) fn fields(
        &self,
        operation: &Operation<'_>,
        example: &Example,
    ) -> Vec<(String, String)> {
        let request = self.plan.type_definition(operation.model.request);
        let fields = request.fields().iter().filter_map(|field| {
            let value = self.exact(&field.ty, example.members.get(&field.model.name)?)?;
            let value = if field.boxed {
                format!("Box::new({value})")
            } else {
                value
            };
            let value = match field.presence {
                Presence::Optional => format!("Some({value})"),
                _ => value,
            };
            Some((field.name.clone(), value))
        });
        fields.collect()
    }

    /// Calls of setters for the members that are given and meant.
    fn setters(
        &self,
        definition: &TypeDefinition<'_>,
        members: &Map<String, Value>,
        is_meant: impl Fn(&Field<'_>) -> bool,
    ) -> Vec<(String, String)> {
        let fields = definition.fields().iter().filter(|field| is_meant(field));
        let calls = fields.filter_map(|field| {
            let value = members.get(&field.model.name)?;
            Some((field.setter.name.clone(), self.argument(field, value)?))
        });
        calls.collect()
    }

    /// What a setter of a field, or `new`, takes.
    fn argument(&self, field: &Field<'_>, value: &Value) -> Option<String> {
        match (&field.setter.parameter, &field.ty.kind, value) {
            (Parameter::Value(_), ..) => self.exact(&field.ty, value),
            (Parameter::Into(_), ..) => self.convertible(&field.ty, value),
            (
                Parameter::List { converts, .. },
                TypeKind::List { element, sparse },
                Value::Array(values),
            ) => {
                let elements = values.iter().map(|value| match converts {
                    true => self.convertible(element, value),
                    false => self.element(element, *sparse, value),
                });
                Some(format!(
                    "[{}]",
                    elements.collect::<Option<Vec<_>>>()?.join(", ")
                ))
            }
            (
                Parameter::Map { converts, .. },
                TypeKind::Map {
                    key,
                    value: ty,
                    sparse,
                },
                Value::Object(values),
            ) => {
                let entries = values.iter().map(|(name, value)| {
                    let value = match converts {
                        true => self.convertible(ty, value),
                        false => self.element(ty, *sparse, value),
                    };
                    let key = self.convertible(key, &Value::String(name.clone()));
                    Some(format!("({}, {})", key?, value?))
                });
                Some(format!(
                    "[{}]",
                    entries.collect::<Option<Vec<_>>>()?.join(", ")
                ))
            }
            _ => None,
        }
    }

    /// An expression that converts into the type.
    fn convertible(&self, ty: &Type<'_>, value: &Value) -> Option<String> {
        match (&ty.kind, value) {
            (
                TypeKind::String { .. }
                | TypeKind::Blob { .. }
                | TypeKind::StreamingBlob { .. }
                | TypeKind::Document,
                Value::String(text),
            ) => Some(format!("{text:?}")),
            (TypeKind::BigInteger | TypeKind::BigDecimal, Value::Number(number)) => {
                Some(number.as_i64()?.to_string())
            }
            _ => self.exact(ty, value),
        }
    }

    /// An expression of exactly the type.
    fn exact(&self, ty: &Type<'_>, value: &Value) -> Option<String> {
        let crate_name = self.crate_name;
        Some(match (&ty.kind, value) {
            (TypeKind::Boolean, Value::Bool(flag)) => flag.to_string(),
            (
                TypeKind::Byte | TypeKind::Short | TypeKind::Integer | TypeKind::Long,
                Value::Number(number),
            ) => number.as_i64()?.to_string(),
            (TypeKind::BigInteger | TypeKind::BigDecimal, Value::Number(number)) => {
                format!("{}.into()", number.as_i64()?)
            }
            (TypeKind::Float | TypeKind::Double, Value::Number(number)) => {
                format!("{:?}", number.as_f64()?)
            }
            (
                TypeKind::String { .. }
                | TypeKind::Blob { .. }
                | TypeKind::StreamingBlob { .. }
                | TypeKind::Document,
                Value::String(text),
            ) => format!("{text:?}.into()"),
            (TypeKind::EventStream(id), event) => self.events(*id, event)?,
            (TypeKind::Timestamp(_), Value::String(text)) => {
                format!(
                    "{crate_name}::Timestamp::parse_any({text:?}).expect(\"a date and a time\")"
                )
            }
            (TypeKind::List { element, sparse }, Value::Array(values)) => {
                let values = values
                    .iter()
                    .map(|value| self.element(element, *sparse, value));
                format!("vec![{}]", values.collect::<Option<Vec<_>>>()?.join(", "))
            }
            (
                TypeKind::Map {
                    key,
                    value: ty,
                    sparse,
                },
                Value::Object(values),
            ) => {
                let entries = values.iter().map(|(name, value)| {
                    let key = self.exact(key, &Value::String(name.clone()))?;
                    Some(format!("({key}, {})", self.element(ty, *sparse, value)?))
                });
                let entries = entries.collect::<Option<Vec<_>>>()?.join(", ");
                format!("[{entries}].into()")
            }
            (
                TypeKind::Enum(id)
                | TypeKind::IntEnum(id)
                | TypeKind::Structure(id)
                | TypeKind::Union(id),
                value,
            ) => self.named(*id, value)?,
            _ => return None,
        })
    }

    /// The events of a request: one.
    fn events(&self, id: TypeId, event: &Value) -> Option<String> {
        let (crate_name, event) = (self.crate_name, self.named(id, event)?);
        let input = format!("{crate_name}::runtime::event_stream::EventInput");
        Some(format!("{input}::from_events([{event}])"))
    }

    /// An element of a list, or a value of a map, which may be null where it is sparse.
    fn element(&self, ty: &Type<'_>, sparse: bool, value: &Value) -> Option<String> {
        match (sparse, value) {
            (true, Value::Null) => Some("None".to_owned()),
            (true, value) => Some(format!("Some({})", self.exact(ty, value)?)),
            (false, value) => self.exact(ty, value),
        }
    }

    /// A value of a generated type.
    fn named(&self, id: TypeId, value: &Value) -> Option<String> {
        let definition = self.plan.type_definition(id);
        let name = &definition.name;
        let place = format!("{}::{}::{name}", self.crate_name, definition.module.path());
        Some(match (&definition.definition, value) {
            (Definition::Enum(values), Value::String(text)) => {
                match values.iter().find(|value| value.model.value == *text) {
                    Some(value) => format!("{place}::{}", value.name),
                    None => format!("{place}::from({text:?})"),
                }
            }
            (Definition::IntEnum(values), Value::Number(number)) => {
                let number = i32::try_from(number.as_i64()?).ok()?;
                match values.iter().find(|value| value.model.value == number) {
                    Some(value) => format!("{place}::{}", value.name),
                    None => format!("{place}::from({number})"),
                }
            }
            (Definition::Union(_), Value::Object(members)) => {
                let (member, value) = members.iter().next()?;
                let field = definition.field(member)?;
                let value = self.exact(&field.ty, value)?;
                let value = if field.boxed {
                    format!("Box::new({value})")
                } else {
                    value
                };
                format!("{place}::{}({value})", field.name)
            }
            (Definition::Structure(_), Value::Object(members)) => {
                self.structure(definition, &place, members)?
            }
            _ => return None,
        })
    }

    /// `new` with the required members, and setters for the others.
    fn structure(
        &self,
        definition: &TypeDefinition<'_>,
        place: &str,
        members: &Map<String, Value>,
    ) -> Option<String> {
        let fields = definition.fields().iter();
        let required = fields.filter(|field| field.presence == Presence::Required);
        let arguments = required.map(|field| self.argument(field, members.get(&field.model.name)?));
        let arguments: Vec<String> = arguments.collect::<Option<_>>()?;
        let mut text = format!("{place}::new({})", arguments.join(", "));
        let others = |field: &Field<'_>| field.presence != Presence::Required;
        for (setter, argument) in self.setters(definition, members, others) {
            text.push_str(&format!(".{setter}({argument})"));
        }
        Some(text)
    }
}
