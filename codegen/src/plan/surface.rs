//! The public API of a generated crate as a list of items.
//!
//! The items of the API, field by field and setter by setter, are listed here; a test compares them with generated
//! code.

use std::collections::{BTreeMap, BTreeSet};

use super::reserved::constructors::NEW;
use super::reserved::methods::{ITEMS, PAGES, SEND, SEND_DRY_RUN};
use super::reserved::types::{CLIENT, SERVICE_ERROR};
use super::service::{Operation, Plan};
use super::types::{DefaultKind, Definition, Field, Presence, TypeDefinition};
use crate::ast::ShapeId;
use crate::model::{self, Binding, Member, Role};

/// The API of a crate: items by path.
pub type Surface = BTreeMap<String, Item>;

/// An item of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The shape that it comes from.
    pub shape: ShapeId,
    /// The member of the shape that it comes from.
    pub member: Option<String>,
    /// Other shapes on which it depends.
    pub through: BTreeSet<ShapeId>,
    /// What it is.
    pub kind: ItemKind,
    /// The part that must stay the same: types and parameters.
    pub signature: String,
    /// What it stands for: the names of the member in the model and in messages, the value of an enum, the code of an
    /// error, the waiter. Empty if its path or its signature says it.
    pub stands_for: BTreeSet<String>,
    /// Whether it is marked as deprecated.
    pub deprecated: bool,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A structure. It is open to more fields: requests because their literals end with `..Default::default()`, the
    /// others because they are `#[non_exhaustive]`.
    Structure,
    /// An enum that is open to more variants.
    Enum,
    /// A field.
    Field,
    /// A variant.
    Variant,
    /// A function.
    Function,
    /// An implemented trait.
    Trait,
}

impl Item {
    /// Whether both stand for the same. A member may change its name in the model or in messages, but not both: otherwise
    /// programs compile and send something else.
    pub fn is_same_thing(&self, other: &Self) -> bool {
        let is_unknown = self.stands_for.is_empty() && other.stands_for.is_empty();
        is_unknown || !self.stands_for.is_disjoint(&other.stands_for)
    }
}

impl Plan<'_> {
    /// The API of the crate.
    pub fn surface(&self) -> Surface {
        let mut builder = Builder {
            plan: self,
            items: Surface::new(),
        };
        for operation in &self.operations {
            builder.operation(operation);
        }
        for definition in &self.types {
            builder.definition(definition);
        }
        for id in &self.model.errors {
            let definition = self.type_definition(*id);
            let name = &definition.name;
            let id = &definition.model.id;
            let item = Item::new(id, None, ItemKind::Variant, name.clone()).standing_for(id.name());
            builder.add(format!("error::{SERVICE_ERROR}::{name}"), item);
        }
        builder.items
    }
}

struct Builder<'a> {
    plan: &'a Plan<'a>,
    items: Surface,
}

impl Item {
    fn new(shape: &ShapeId, field: Option<&Field<'_>>, kind: ItemKind, signature: String) -> Self {
        Self {
            shape: shape.clone(),
            member: field.map(|field| field.model.name.clone()),
            through: BTreeSet::new(),
            kind,
            signature,
            stands_for: field
                .map(|field| wire_names(field.model))
                .unwrap_or_default(),
            deprecated: false,
        }
    }

    fn standing_for(mut self, name: impl ToString) -> Self {
        self.stands_for.insert(name.to_string());
        self
    }

    fn through(mut self, shapes: impl IntoIterator<Item = ShapeId>) -> Self {
        self.through.extend(shapes);
        self
    }

    fn deprecated(mut self, deprecated: &Option<String>) -> Self {
        self.deprecated = deprecated.is_some();
        self
    }
}

impl Builder<'_> {
    fn add(&mut self, path: String, item: Item) {
        self.items.insert(path, item);
    }

    fn operation(&mut self, operation: &Operation<'_>) {
        let request = self.plan.type_definition(operation.model.request);
        let response = self.plan.type_definition(operation.model.response);
        let builder = &operation.name;
        let function =
            |signature: String| Item::new(&operation.model.id, None, ItemKind::Function, signature);
        self.add(
            format!("{CLIENT}::{}", operation.function),
            function(format!("-> {builder}")).deprecated(&operation.model.deprecated),
        );
        let path = format!("operation::{builder}");
        self.add(
            path.clone(),
            Item::new(
                &operation.model.id,
                None,
                ItemKind::Structure,
                format!("of {}", operation.model.id),
            ),
        );
        self.add(
            format!("{path}::{SEND}"),
            function(format!("-> {}", response.name)),
        );
        if operation.model.dry_run.is_some() {
            let through = [request.model.id.clone(), self.plan.model.id.clone()];
            self.add(
                format!("{path}::{SEND_DRY_RUN}"),
                function(String::new()).through(through),
            );
        }
        self.continuations(operation, &path);
        for field in request.fields() {
            let item = self
                .field(
                    request,
                    field,
                    ItemKind::Function,
                    field.setter.parameter.to_string(),
                )
                .through([operation.model.id.clone()]);
            self.add(format!("{path}::{}", field.setter.name), item);
        }
    }

    /// Pages and waiters of an operation.
    fn continuations(&mut self, operation: &Operation<'_>, path: &str) {
        let request = self.plan.type_definition(operation.model.request);
        let response = self.plan.type_definition(operation.model.response);
        let function =
            |signature: String| Item::new(&operation.model.id, None, ItemKind::Function, signature);
        if let Some(pagination) = &operation.model.pagination {
            let through = [request.model.id.clone(), response.model.id.clone()];
            let item = function(String::new()).through(through.clone());
            self.add(format!("{path}::{PAGES}"), item);
            if let Some(items) = &pagination.items {
                let steps = items
                    .0
                    .iter()
                    .map(|step| self.plan.model.member(step.member).name.as_str());
                let signature = steps.collect::<Vec<_>>().join(".");
                let owners = items.0.iter();
                let owners = owners.map(|step| {
                    self.plan
                        .model
                        .type_definition(step.member.owner)
                        .id
                        .clone()
                });
                let item = function(signature).through(through).through(owners);
                self.add(format!("{path}::{ITEMS}"), item);
            }
        }
        for waiter in &operation.waiters {
            let mut item = function(String::new()).through([response.model.id.clone()]);
            item = item.standing_for(&waiter.model.name);
            item.deprecated = waiter.model.deprecated;
            self.add(format!("{path}::{}", waiter.function), item);
        }
    }

    fn definition(&mut self, definition: &TypeDefinition<'_>) {
        let path = format!("{}::{}", definition.module.path(), definition.name);
        match &definition.definition {
            Definition::Structure(fields) => self.structure(&path, definition, fields),
            Definition::Union(fields) => {
                let kind = ItemKind::Enum;
                let item = self.whole(definition, kind, "union");
                self.add(path.clone(), item);
                for field in fields {
                    let mut ty = field.ty.rust.to_string();
                    if field.boxed {
                        ty = format!("Box<{ty}>");
                    }
                    let item = self.field(definition, field, ItemKind::Variant, ty);
                    self.add(format!("{path}::{}", field.name), item);
                }
            }
            Definition::Enum(values) => {
                let item = self.whole(definition, ItemKind::Enum, "enum of strings");
                self.add(path.clone(), item);
                for value in values {
                    let item = variant(definition, value.model, &value.model.deprecated);
                    self.add(format!("{path}::{}", value.name), item);
                }
            }
            Definition::IntEnum(values) => {
                let item = self.whole(definition, ItemKind::Enum, "enum of integers");
                self.add(path.clone(), item);
                for value in values {
                    // Variants of integer enums have no attribute.
                    let item = variant(definition, value.model, &None);
                    self.add(format!("{path}::{}", value.name), item);
                }
            }
        }
    }

    fn structure(&mut self, path: &str, definition: &TypeDefinition<'_>, fields: &[Field<'_>]) {
        let item = self.whole(definition, ItemKind::Structure, "struct");
        self.add(path.to_owned(), item);
        for field in fields {
            let item = self
                .field(definition, field, ItemKind::Field, field.rust.to_string())
                .through(self.operation_of(definition));
            self.add(format!("{path}.{}", field.name), item);
        }
        let stream = fields.iter().find(|field| field.ty.is_stream());
        if stream.is_none() {
            self.add_trait(path, definition, fields, "Clone");
        }
        if definition.default != DefaultKind::None {
            self.add_trait(path, definition, fields, "Default");
        }
        if definition.has_constructor() {
            let parameters: Vec<String> = fields
                .iter()
                .filter(|field| field.presence == Presence::Required)
                .map(|field| {
                    let ty = field.setter.parameter.to_string();
                    format!("{}: {ty}", field.name)
                })
                .collect();
            let signature = format!("({})", parameters.join(", "));
            let item = Item::new(&definition.model.id, None, ItemKind::Function, signature)
                .through(required_members(fields));
            self.add(format!("{path}::{NEW}"), item);
        }
        for field in definition.fields_with_setters() {
            let ty = field.setter.parameter.to_string();
            let item = self
                .field(definition, field, ItemKind::Function, ty)
                .through(self.operation_of(definition));
            self.add(format!("{path}::{}", field.setter.name), item);
        }
    }

    fn add_trait(
        &mut self,
        path: &str,
        definition: &TypeDefinition<'_>,
        fields: &[Field<'_>],
        name: &str,
    ) {
        let item = Item::new(&definition.model.id, None, ItemKind::Trait, String::new())
            .through(self.operation_of(definition))
            .through(required_members(fields));
        self.add(format!("{path}: {name}"), item);
    }

    fn whole(&self, definition: &TypeDefinition<'_>, kind: ItemKind, signature: &str) -> Item {
        Item::new(&definition.model.id, None, kind, signature.to_owned())
            .deprecated(&definition.model.deprecated)
            .through(self.operation_of(definition))
    }

    /// The operation whose request or response this is.
    fn operation_of(&self, definition: &TypeDefinition<'_>) -> Option<ShapeId> {
        match definition.model.role {
            Role::Request(index) | Role::Response(index) => {
                Some(self.plan.model.operations[index].id.clone())
            }
            Role::Error(_) | Role::Nested => None,
        }
    }

    fn field(
        &self,
        definition: &TypeDefinition<'_>,
        field: &Field<'_>,
        kind: ItemKind,
        signature: String,
    ) -> Item {
        let mut through = BTreeSet::new();
        shapes_of(&field.model.ty, &mut through);
        // Variants of unions have no attribute.
        let deprecated = match definition.definition {
            Definition::Union(_) => &None,
            _ => &field.model.deprecated,
        };
        Item::new(&definition.model.id, Some(field), kind, signature)
            .through(through)
            .deprecated(deprecated)
    }
}

/// The members without which a value cannot be built.
fn required_members(fields: &[Field<'_>]) -> impl Iterator<Item = ShapeId> {
    fields
        .iter()
        .filter(|field| field.presence == Presence::Required)
        .map(|field| field.model.id.clone())
}

fn variant<T: ToString>(
    definition: &TypeDefinition<'_>,
    value: &model::EnumValue<T>,
    deprecated: &Option<String>,
) -> Item {
    let mut item = Item::new(&definition.model.id, None, ItemKind::Variant, String::new());
    item.member = Some(value.name.clone());
    item.standing_for(value.value.to_string())
        .deprecated(deprecated)
}

/// The name of a member in the model, and its name and place in messages.
fn wire_names(member: &Member) -> BTreeSet<String> {
    let place = match &member.binding {
        Binding::Body => member.json_name.clone(),
        Binding::Query(name) => format!("{name} in the query"),
        Binding::Header(name) => format!("the header {name}"),
        Binding::PrefixHeaders(prefix) => format!("headers that begin with {prefix}"),
        Binding::QueryParams => "all of the query".to_owned(),
        Binding::Payload => "the body".to_owned(),
        Binding::EventHeader => format!("the header {} of the event", member.name),
        Binding::Status => "the status".to_owned(),
        // The URI has the name of the member.
        Binding::Label => member.name.clone(),
    };
    BTreeSet::from([member.name.clone(), place])
}

/// The named shapes that a type consists of.
fn shapes_of(ty: &model::Type, shapes: &mut BTreeSet<ShapeId>) {
    shapes.insert(ty.shape.clone());
    match &ty.kind {
        model::TypeKind::List { element, .. } => shapes_of(element, shapes),
        model::TypeKind::Map { key, value, .. } => {
            shapes_of(key, shapes);
            shapes_of(value, shapes);
        }
        _ => {}
    }
}
