//! The public API of a generated crate as a list of items, made from the representation.
//!
//! The types of fields and parameters come from the functions that the emitter itself uses, so that the list cannot
//! say another type than the code. What the API consists of, field by field and setter by setter, is repeated here; a
//! test holds it against generated code.

mod compare;

use std::collections::{BTreeMap, BTreeSet};

use crate::ast::ShapeId;
use crate::emit::{
    Module, conversion_type, default_is_there, field_type_text, is_stream, setter_name,
    value_type_text,
};
use crate::model::{Definition, Field, Operation, Presence, Role, Service, TypeDefinition};

pub(super) use compare::{ApiChange, compare};

/// The API of a crate: items by path.
pub type Surface = BTreeMap<String, Item>;

/// An item of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The shape that it comes from.
    pub shape: ShapeId,
    /// The member of the shape that it comes from.
    pub member: Option<String>,
    /// Other shapes that make it what it is.
    pub through: BTreeSet<ShapeId>,
    /// What it is.
    pub kind: ItemKind,
    /// What of it must stay the same: types and parameters.
    pub signature: String,
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

/// The API of the crate that is generated for a service.
pub fn surface(service: &Service) -> Surface {
    let mut builder = Builder {
        service,
        items: Surface::new(),
    };
    for operation in &service.operations {
        builder.operation(operation);
    }
    for definition in &service.types {
        builder.definition(definition);
    }
    for id in &service.errors {
        let definition = service.type_definition(*id);
        let name = &definition.name.rust;
        let item = Item::new(&definition.id, None, ItemKind::Variant, name.clone());
        builder.add(format!("error::ServiceError::{name}"), item);
    }
    builder.items
}

struct Builder<'a> {
    service: &'a Service,
    items: Surface,
}

impl Item {
    fn new(shape: &ShapeId, member: Option<&Field>, kind: ItemKind, signature: String) -> Self {
        Self {
            shape: shape.clone(),
            member: member.map(|field| field.name.wire.clone()),
            through: BTreeSet::new(),
            kind,
            signature,
            deprecated: false,
        }
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

    fn operation(&mut self, operation: &Operation) {
        let request = self.service.type_definition(operation.request);
        let response = self.service.type_definition(operation.response);
        let builder = &operation.name.rust;
        let function =
            |signature: String| Item::new(&operation.id, None, ItemKind::Function, signature);
        self.add(
            format!("Client::{}", operation.function),
            function(format!("-> {builder}")).deprecated(&operation.deprecated),
        );
        let path = format!("operation::{builder}");
        self.add(
            path.clone(),
            Item::new(
                &operation.id,
                None,
                ItemKind::Structure,
                format!("of {}", operation.id),
            ),
        );
        self.add(
            format!("{path}::send"),
            function(format!("-> {}", response.name.rust)),
        );
        if operation.dry_run.is_some() {
            let through = [request.id.clone(), self.service.id.clone()];
            self.add(
                format!("{path}::send_dry_run"),
                function(String::new()).through(through),
            );
        }
        if let Some(pagination) = &operation.pagination {
            let through = [request.id.clone(), response.id.clone()];
            let item = function(String::new()).through(through.clone());
            self.add(format!("{path}::pages"), item);
            if let Some(items) = &pagination.items {
                let steps = items.0.iter().map(|step| step.member.as_str());
                let signature = steps.collect::<Vec<_>>().join(".");
                let owners = items.0.iter();
                let owners = owners.map(|step| self.service.type_definition(step.owner).id.clone());
                let item = function(signature).through(through).through(owners);
                self.add(format!("{path}::items"), item);
            }
        }
        for waiter in &operation.waiters {
            let mut item = function(String::new()).through([response.id.clone()]);
            item.deprecated = waiter.deprecated;
            self.add(format!("{path}::{}", waiter.name.rust), item);
        }
        for field in request.fields() {
            let item = self
                .field(
                    request,
                    field,
                    ItemKind::Function,
                    conversion_type(self.service, &field.ty),
                )
                .through([operation.id.clone()]);
            self.add(format!("{path}::{}", setter_name(field)), item);
        }
    }

    fn definition(&mut self, definition: &TypeDefinition) {
        let path = format!(
            "{}::{}",
            Module::of(definition).path(),
            definition.name.rust
        );
        match &definition.definition {
            Definition::Structure(fields) => self.structure(&path, definition, fields),
            Definition::Union(fields) => {
                let kind = ItemKind::Enum;
                let item = self.whole(definition, kind, "union");
                self.add(path.clone(), item);
                for field in fields {
                    let mut ty = value_type_text(self.service, &field.ty);
                    if field.boxed {
                        ty = format!("Box<{ty}>");
                    }
                    let item = self.field(definition, field, ItemKind::Variant, ty);
                    self.add(format!("{path}::{}", field.name.rust), item);
                }
            }
            Definition::Enum(values) => {
                let item = self.whole(definition, ItemKind::Enum, "enum of strings");
                self.add(path.clone(), item);
                for value in values {
                    let item = variant(definition, &value.name.wire, &value.deprecated);
                    self.add(format!("{path}::{}", value.name.rust), item);
                }
            }
            Definition::IntEnum(values) => {
                let item = self.whole(definition, ItemKind::Enum, "enum of integers");
                self.add(path.clone(), item);
                for value in values {
                    // Variants of integer enums carry no attribute.
                    let item = variant(definition, &value.name.wire, &None);
                    self.add(format!("{path}::{}", value.name.rust), item);
                }
            }
        }
    }

    fn structure(&mut self, path: &str, definition: &TypeDefinition, fields: &[Field]) {
        let item = self.whole(definition, ItemKind::Structure, "struct");
        self.add(path.to_owned(), item);
        for field in fields {
            let item = self
                .field(
                    definition,
                    field,
                    ItemKind::Field,
                    field_type_text(self.service, field),
                )
                .through(self.operation_of(definition));
            self.add(format!("{path}.{}", field.name.rust), item);
        }
        let stream = fields.iter().find(|field| is_stream(field));
        if stream.is_none() {
            self.add_trait(path, definition, fields, "Clone");
        }
        if default_is_there(definition, fields) {
            self.add_trait(path, definition, fields, "Default");
        }
        if definition.role == Role::Nested && definition.usage.sent {
            let parameters: Vec<String> = fields
                .iter()
                .filter(|field| field.presence == Presence::Required)
                .map(|field| {
                    let ty = conversion_type(self.service, &field.ty);
                    format!("{}: {ty}", field.name.rust)
                })
                .collect();
            let signature = format!("({})", parameters.join(", "));
            let item = Item::new(&definition.id, None, ItemKind::Function, signature)
                .through(required_members(fields));
            self.add(format!("{path}::new"), item);
            for field in fields
                .iter()
                .filter(|field| field.presence != Presence::Required)
            {
                let ty = conversion_type(self.service, &field.ty);
                let item = self.field(definition, field, ItemKind::Function, ty);
                self.add(format!("{path}::{}", setter_name(field)), item);
            }
        }
    }

    fn add_trait(&mut self, path: &str, definition: &TypeDefinition, fields: &[Field], name: &str) {
        let item = Item::new(&definition.id, None, ItemKind::Trait, String::new())
            .through(self.operation_of(definition))
            .through(required_members(fields));
        self.add(format!("{path}: {name}"), item);
    }

    fn whole(&self, definition: &TypeDefinition, kind: ItemKind, signature: &str) -> Item {
        Item::new(&definition.id, None, kind, signature.to_owned())
            .deprecated(&definition.deprecated)
            .through(self.operation_of(definition))
    }

    /// The operation whose request or response this is.
    fn operation_of(&self, definition: &TypeDefinition) -> Option<ShapeId> {
        match definition.role {
            Role::Request(index) | Role::Response(index) => {
                Some(self.service.operations[index].id.clone())
            }
            Role::Error(_) | Role::Nested => None,
        }
    }

    fn field(
        &self,
        definition: &TypeDefinition,
        field: &Field,
        kind: ItemKind,
        signature: String,
    ) -> Item {
        let mut through = BTreeSet::new();
        shapes_of(&field.ty, &mut through);
        // Variants of unions carry no attribute.
        let deprecated = match definition.definition {
            Definition::Union(_) => &None,
            _ => &field.deprecated,
        };
        Item::new(&definition.id, Some(field), kind, signature)
            .through(through)
            .deprecated(deprecated)
    }
}

/// The members without which a value cannot be built.
fn required_members(fields: &[Field]) -> impl Iterator<Item = ShapeId> + '_ {
    fields
        .iter()
        .filter(|field| field.presence == Presence::Required)
        .map(|field| field.id.clone())
}

fn variant(definition: &TypeDefinition, member: &str, deprecated: &Option<String>) -> Item {
    let mut item = Item::new(&definition.id, None, ItemKind::Variant, String::new());
    item.member = Some(member.to_owned());
    item.deprecated(deprecated)
}

/// The shapes that a type is made of, down to the named ones.
fn shapes_of(ty: &crate::model::Type, shapes: &mut BTreeSet<ShapeId>) {
    shapes.insert(ty.shape.clone());
    match &ty.kind {
        crate::model::TypeKind::List { element, .. } => shapes_of(element, shapes),
        crate::model::TypeKind::Map { key, value, .. } => {
            shapes_of(key, shapes);
            shapes_of(value, shapes);
        }
        _ => {}
    }
}
