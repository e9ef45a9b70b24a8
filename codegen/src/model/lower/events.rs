//! Event streams: unions whose members are sent one by one, each as a message (Smithy specification, "Event streams").
//!
//! A stream is a member of an input or an output. The structures of its union are events, whose members are headers, the
//! payload, or parts of it. The errors of the union end a stream: a client reads them as errors of the operation, and
//! writes them as events where it may send them.

use std::collections::{BTreeMap, BTreeSet};

use super::Lowering;
use crate::ast::{Aggregate, Operation, Reference, ShapeId, ShapeKind, Traits, trait_id};
use crate::error::{Context, Error, Result};
use crate::model::{
    Binding, Definition, EventException, EventStream, Member, Role, TypeId, TypeKind,
};

/// The streams that the generated operations have, by their unions.
#[derive(Debug, Default)]
pub(super) struct Streams {
    sent: BTreeSet<ShapeId>,
    received: BTreeSet<ShapeId>,
}

impl Lowering<'_> {
    /// Finds out which streams are sent and which are received.
    pub(super) fn collect_streams<'i>(
        &mut self,
        operations: impl Iterator<Item = &'i ShapeId>,
    ) -> Result<()> {
        for id in operations {
            let ShapeKind::Operation(operation) = &self.model.shape(id)?.kind else {
                continue;
            };
            let sent = self.streams_of(operation.input.as_ref());
            self.streams.sent.extend(sent);
            let received = self.streams_of(operation.output.as_ref());
            self.streams.received.extend(received);
        }
        Ok(())
    }

    /// The unions of the streams in an input or an output.
    fn streams_of(&self, message: Option<&Reference>) -> Vec<ShapeId> {
        let shape = message.and_then(|message| self.model.shapes.get(&message.target));
        let members = shape.map(|shape| shape.members()).unwrap_or_default();
        let targets = members.into_iter().map(|(_, member)| &member.target);
        targets
            .filter(|target| self.is_event_stream(target))
            .cloned()
            .collect()
    }

    fn is_event_stream(&self, id: &ShapeId) -> bool {
        let shape = self.model.shapes.get(id);
        shape.is_some_and(|shape| {
            matches!(shape.kind, ShapeKind::Union(_)) && shape.traits.has(trait_id::STREAMING)
        })
    }

    /// Why the streams of an operation cannot be generated.
    pub(super) fn refuse_streams(&self, operation: &Operation) -> Option<String> {
        for message in [&operation.input, &operation.output].into_iter().flatten() {
            let streams = self.streams_of(Some(message));
            let [stream, rest @ ..] = streams.as_slice() else {
                continue;
            };
            let name = stream.name();
            if !self.service.protocol.has_streams() {
                return Some(format!(
                    "`{name}` is an event stream, and the protocol has none"
                ));
            }
            if let Some(second) = rest.first() {
                return Some(format!(
                    "`{name}` and `{}` are both event streams, and a message has one",
                    second.name()
                ));
            }
        }
        self.nested_stream(operation).map(|id| {
            format!(
                "`{}` is an event stream, and it is a part of another member than the input and the output",
                id.name()
            )
        })
    }

    /// A stream that is not a member of the input or the output itself.
    fn nested_stream(&self, operation: &Operation) -> Option<ShapeId> {
        let targets = |id: &ShapeId| -> Vec<ShapeId> {
            // A missing target is an error where it is lowered, with its place.
            let shape = self.model.shapes.get(id);
            let members = shape.map(|shape| shape.members()).unwrap_or_default();
            let targets = members.into_iter().map(|(_, member)| member.target.clone());
            targets.collect()
        };
        let messages = [&operation.input, &operation.output].into_iter().flatten();
        let mut queue: Vec<ShapeId> = Vec::new();
        for message in messages {
            for target in targets(&message.target) {
                match self.is_event_stream(&target) {
                    true => queue.extend(targets(&target)),
                    false => queue.push(target),
                }
            }
        }
        let mut seen = BTreeSet::new();
        while let Some(id) = queue.pop() {
            if self.is_event_stream(&id) {
                return Some(id);
            }
            if seen.insert(id.clone()) {
                queue.extend(targets(&id));
            }
        }
        None
    }

    /// The members of the union of a stream, and what is an exception in it.
    pub(super) fn lower_stream(&mut self, id: &ShapeId, union: &Aggregate) -> Result<Definition> {
        let is_sent = self.streams.sent.contains(id);
        let is_received = self.streams.received.contains(id);
        let mut exceptions = Vec::new();
        let mut kept = Aggregate {
            members: BTreeMap::new(),
        };
        for (name, member) in &union.members {
            let target = self.model.shape(&member.target).at(format!("${name}"))?;
            let is_error = target.traits.error()?.is_some();
            if is_error {
                let error = match is_received {
                    true => Some(self.lower_error(&member.target)?),
                    false => None,
                };
                exceptions.push(EventException {
                    name: name.clone(),
                    error,
                });
            }
            if is_sent || !is_error {
                kept.members.insert(name.clone(), member.clone());
            }
        }
        let members = self.lower_members(id, &kept, &Traits::default(), &Role::Nested)?;
        if let Some(type_id) = self.types.get(id) {
            self.service.types[type_id.0].event_stream = Some(EventStream { exceptions });
        }
        if members.is_empty() {
            return Err(Error::new("the event stream has no events"));
        }
        Ok(Definition::Union(members))
    }

    /// Adds the errors that the stream of a response ends with.
    pub(super) fn add_stream_errors(&self, response: TypeId, errors: &mut Vec<TypeId>) {
        let members = self.service.types[response.0].members().iter();
        let streams = members.filter_map(|member| match member.ty.kind {
            TypeKind::EventStream(id) => self.service.types[id.0].event_stream.as_ref(),
            _ => None,
        });
        let exceptions = streams.flat_map(|stream| &stream.exceptions);
        for error in exceptions.filter_map(|exception| exception.error) {
            if !errors.contains(&error) {
                errors.push(error);
            }
        }
    }

    /// Sets the places of the members of all events, which only their streams give a meaning.
    pub(super) fn bind_events(&mut self) -> Result<()> {
        let is_stream = |id: &usize| self.service.types[*id].event_stream.is_some();
        let streams: Vec<usize> = (0..self.service.types.len()).filter(is_stream).collect();
        let mut bound = BTreeSet::new();
        for stream in &streams {
            for event in self.service.types[*stream].members() {
                if let TypeKind::Named(id) = event.ty.kind {
                    bound.insert(id);
                }
            }
        }
        bound.retain(|id| self.is_bound(*id));
        for id in &bound {
            self.bind_event(*id)?;
        }
        for (index, definition) in self.service.types.iter().enumerate() {
            if streams.contains(&index) {
                continue;
            }
            for member in definition.members() {
                if member.ty.named().iter().any(|id| bound.contains(id)) {
                    return Err(Error::new(
                        "it is an event whose members are headers or the payload, so it cannot be a part of something else",
                    )
                    .at(&member.id));
                }
            }
        }
        Ok(())
    }

    /// Whether a trait puts a member of an event elsewhere than into the body.
    fn is_bound(&self, id: TypeId) -> bool {
        let definition = &self.service.types[id.0];
        let shape = self.model.shapes.get(&definition.id);
        let members = shape.map(|shape| shape.members()).unwrap_or_default();
        members.into_iter().any(|(_, member)| {
            member.traits.has(trait_id::EVENT_HEADER) || member.traits.has(trait_id::EVENT_PAYLOAD)
        })
    }

    fn bind_event(&mut self, id: TypeId) -> Result<()> {
        let shape_id = self.service.types[id.0].id.clone();
        let shape = self.model.shape(&shape_id)?;
        let Definition::Structure(members) = &mut self.service.types[id.0].definition else {
            return Ok(());
        };
        let traits: BTreeMap<&str, &Traits> = shape
            .members()
            .into_iter()
            .map(|(name, member)| (name, &member.traits))
            .collect();
        for member in members.iter_mut() {
            let Some(traits) = traits.get(member.name.as_str()) else {
                continue;
            };
            if traits.has(trait_id::EVENT_HEADER) {
                member.binding = Binding::EventHeader;
                validate_header(member)?;
            } else if traits.has(trait_id::EVENT_PAYLOAD) {
                member.binding = Binding::Payload;
            }
        }
        Ok(())
    }
}

/// Only some types have a form in headers.
fn validate_header(member: &Member) -> Result<()> {
    let fits = matches!(
        member.ty.kind,
        TypeKind::Boolean
            | TypeKind::Byte
            | TypeKind::Short
            | TypeKind::Integer
            | TypeKind::Long
            | TypeKind::Blob { .. }
            | TypeKind::String { .. }
            | TypeKind::Timestamp(_)
            | TypeKind::Named(_)
    );
    match fits {
        true => Ok(()),
        false => {
            Err(Error::new("a value of this type cannot be a header of an event").at(&member.id))
        }
    }
}
