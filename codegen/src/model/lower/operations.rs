//! Lowers the operations of a service.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Lowering;
use super::checksum::http_checksum;
use super::constraint::rules;
use super::http::{Meaning, host_prefix_of, http_of, meaning_of_method};
use crate::ast::traits::RequestCompression;
use crate::ast::{self, Reference, ShapeId, ShapeKind, Traits, UNIT, trait_id};
use crate::error::{Context, Error, Result};
use crate::model::authentication::{Authentication, Scheme, authentication};
use crate::model::{
    ContextValue, Definition, Http, Operation, Role, TypeDefinition, TypeId, Usage,
};
use crate::nearest::did_you_mean;

impl Lowering<'_> {
    /// Lowers the operations of the service and its resources, in the order of their names.
    pub(super) fn lower_operations(&mut self, only: Option<&[String]>) -> Result<()> {
        let mut operations = self.collect_operations()?;
        if let Some(only) = only {
            let missing = only
                .iter()
                .find(|name| !operations.contains_key(name.as_str()));
            if let Some(name) = missing {
                let near = did_you_mean(name, operations.keys().map(String::as_str));
                return Err(Error::new(format!(
                    "the service has no operation `{name}` to select{near}"
                )));
            }
            let mut selected = operations.clone();
            selected.retain(|name, _| only.contains(name));
            self.add_finder(&mut selected, &operations)?;
            operations = selected;
        }
        self.leave_out(&mut operations, only.is_some())?;
        self.collect_streams(operations.values())?;
        for (index, (_, id)) in operations.into_iter().enumerate() {
            let operation = self.lower_operation(index, &id).at(&id)?;
            self.service.operations.push(operation);
        }
        let mut errors: Vec<TypeId> = self
            .service
            .operations
            .iter()
            .flat_map(|operation| operation.errors.iter().copied())
            .collect();
        errors.sort_by_key(|id| self.service.types[id.0].id.clone());
        errors.dedup();
        self.refuse_equal_codes(&errors)?;
        self.service.errors = errors;
        Ok(())
    }

    /// On the wire an error is the name of its shape, without namespace and whatever the service renames it to, so two
    /// errors with the same name cannot be distinguished.
    fn refuse_equal_codes(&self, errors: &[TypeId]) -> Result<()> {
        let mut codes: BTreeMap<&str, &ShapeId> = BTreeMap::new();
        for error in errors {
            let id = &self.service.types[error.0].id;
            if let Some(other) = codes.insert(id.name(), id) {
                return Err(Error::new(format!(
                    "the errors `{other}` and `{id}` are both `{}` on the wire, so that a client cannot tell which of \
                     them it was answered with",
                    id.name()
                ))
                .at(id));
            }
        }
        Ok(())
    }

    fn collect_operations(&self) -> Result<BTreeMap<String, ShapeId>> {
        let mut found: BTreeMap<String, ShapeId> = BTreeMap::new();
        let mut add = |reference: &Reference| {
            let id = &reference.target;
            match found.insert(id.name().to_owned(), id.clone()) {
                Some(other) if other != *id => Err(Error::new(format!(
                    "the service has another operation of this name, `{other}`"
                ))
                .at(id)),
                _ => Ok(()),
            }
        };
        let ast::Service {
            version: _,
            operations,
            resources,
            errors: _,
            rename: _,
        } = self.service_shape;
        operations.iter().try_for_each(&mut add)?;
        let mut queue: Vec<Reference> = resources.clone();
        let mut seen = BTreeSet::new();
        while let Some(reference) = queue.pop() {
            if !seen.insert(reference.target.clone()) {
                continue;
            }
            let shape = self.model.shape(&reference.target)?;
            let ShapeKind::Resource(resource) = &shape.kind else {
                return Err(
                    Error::new(format!("is a {}, not a resource", shape.type_name()))
                        .at(&reference.target),
                );
            };
            resource.all_operations().try_for_each(&mut add)?;
            queue.extend(resource.resources.iter().cloned());
        }
        Ok(found)
    }

    fn lower_operation(&mut self, index: usize, id: &ShapeId) -> Result<Operation> {
        let shape = self.model.shape(id)?;
        let ShapeKind::Operation(ast::Operation {
            input,
            output,
            errors,
        }) = &shape.kind
        else {
            let kind = shape.type_name();
            return Err(Error::new(format!("is a {kind}, not an operation")));
        };
        let traits = &shape.traits;
        let request = self.lower_message(id, input.as_ref(), Role::Request(index))?;
        let response = self.lower_message(id, output.as_ref(), Role::Response(index))?;
        let mut errors = self.lower_errors(errors, traits)?;
        self.define_pending()?;
        self.add_stream_errors(response, &mut errors);
        let endpoint_context = endpoint_context(traits)?;
        let request_parameters = self.request_parameters(traits, input.as_ref(), request)?;
        let http = http_of(self.service.protocol, traits, self.service_traits)?;
        let (read_only, idempotent) = self.repetition(traits, &http, request)?;
        let members = self.service.types[request.0].members();
        let http_checksum = http_checksum(traits, members, self.service_traits)?;
        Ok(Operation {
            id: id.clone(),
            name: id.name().to_owned(),
            http,
            request,
            response,
            errors,
            read_only,
            idempotent,
            schemes: schemes(traits, self.service_traits),
            unwrapped_output: traits.has(trait_id::S3_UNWRAPPED_XML_OUTPUT),
            unsigned_payload: traits.has(trait_id::UNSIGNED_PAYLOAD),
            host_prefix: host_prefix_of(traits, &endpoint_context)?,
            content_md5: traits.has(trait_id::HTTP_CHECKSUM_REQUIRED) && http_checksum.is_none(),
            http_checksum,
            query_as_form: traits.has(trait_id::attache::QUERY_AS_FORM),
            tree_hash: traits.has(trait_id::attache::TREE_HASH),
            endpoint_region: traits.string(trait_id::attache::ENDPOINT_REGION)?,
            endpoint_context,
            customization: self.customization(
                traits,
                input.as_ref(),
                (request, response),
                &request_parameters,
            )?,
            request_parameters,
            discovery: None,
            gzip: takes_gzip(traits)?,
            has_input: is_shape(input.as_ref()),
            has_output: is_shape(output.as_ref()),
            deprecated: deprecation(traits),
            dry_run: self.dry_run(request)?,
            pagination: None,
            waiters: Vec::new(),
        })
    }

    /// Whether an operation only reads, and whether it may be repeated.
    fn repetition(&self, traits: &Traits, http: &Http, request: TypeId) -> Result<(bool, bool)> {
        let by_method = meaning_of_method(self.service.protocol, http, self.service_traits)?;
        let members = self.service.types[request.0].members();
        let has_token = members
            .iter()
            .any(|member| member.idempotency_token.is_some());
        let read_only = traits.has(trait_id::READONLY) || by_method == Some(Meaning::ReadOnly);
        let idempotent =
            traits.has(trait_id::IDEMPOTENT) || has_token || by_method == Some(Meaning::Idempotent);
        Ok((read_only, idempotent))
    }

    /// The type of an input or output: a copy of its shape, named after the operation.
    fn lower_message(
        &mut self,
        operation: &ShapeId,
        reference: Option<&Reference>,
        role: Role,
    ) -> Result<TypeId> {
        let suffix = if matches!(role, Role::Request(_)) {
            "Request"
        } else {
            "Response"
        };
        let target = reference
            .map(|reference| &reference.target)
            .filter(|target| target.as_str() != UNIT);
        let (fields, traits, id) = match target {
            None => (Vec::new(), Traits::default(), operation.clone()),
            Some(target) => {
                let shape = self.model.shape(target)?;
                let ShapeKind::Structure(structure) = &shape.kind else {
                    return Err(Error::new(format!(
                        "its input or output `{target}` is a {}, not a structure",
                        shape.type_name()
                    )));
                };
                let fields = self
                    .lower_members(target, structure, &shape.traits, &role)
                    .at(target)?;
                (fields, shape.traits.clone(), target.clone())
            }
        };
        Ok(self.add_type(TypeDefinition {
            id,
            name: format!("{}{suffix}", operation.name()),
            definition: Definition::Structure(fields),
            role,
            usage: Usage::default(),
            sensitive: traits.sensitive(),
            xml_name: traits.string(trait_id::XML_NAME)?,
            xml_namespace: traits.parse(trait_id::XML_NAMESPACE)?,
            deprecated: None,
            rules: rules(&traits)?,
            event_stream: None,
        }))
    }

    /// The errors of an operation: its own, those of the service, and those that the overlay adds to either.
    fn lower_errors(&mut self, own: &[Reference], traits: &Traits) -> Result<Vec<TypeId>> {
        let added = traits
            .added_errors()?
            .into_iter()
            .chain(self.service_traits.added_errors()?);
        let all: BTreeSet<ShapeId> = own
            .iter()
            .chain(&self.service_shape.errors)
            .cloned()
            .chain(added)
            .map(|reference| reference.target)
            .collect();
        self.budget.take(all.len())?;
        all.iter().map(|id| self.lower_error(id)).collect()
    }
}

/// The reason of `smithy.api#deprecated`.
pub(super) fn deprecation(traits: &Traits) -> Option<String> {
    let value = traits.get(trait_id::DEPRECATED)?;
    let message = value.get("message").and_then(serde_json::Value::as_str);
    Some(
        message
            .unwrap_or("the service has deprecated it")
            .to_owned(),
    )
}

/// The trait `smithy.rules#staticContextParams`: the parameters that the operation sets for the endpoint rules.
fn endpoint_context(traits: &Traits) -> Result<BTreeMap<String, ContextValue>> {
    let Some(parameters) = traits.get(trait_id::STATIC_CONTEXT_PARAMS) else {
        return Ok(BTreeMap::new());
    };
    let unexpected = |what: &str| {
        Error::new(format!(
            "trait `{}`: {what}; an object with a `value` that is a string or a Boolean is supported",
            trait_id::STATIC_CONTEXT_PARAMS
        ))
    };
    let parameters = parameters
        .as_object()
        .ok_or_else(|| unexpected("it is not an object"))?;
    let values = parameters.iter().map(|(name, parameter)| {
        let value = match parameter.get("value") {
            Some(Value::String(text)) => ContextValue::String(text.clone()),
            Some(Value::Bool(flag)) => ContextValue::Boolean(*flag),
            _ => return Err(unexpected(&format!("`{name}` is `{parameter}`"))),
        };
        Ok((name.clone(), value))
    });
    values.collect()
}

/// Whether an input or output has a shape.
fn is_shape(reference: Option<&Reference>) -> bool {
    reference.is_some_and(|reference| reference.target.as_str() != UNIT)
}

/// The ways in which an operation can be authenticated. One without any of them is left out before.
fn schemes(traits: &Traits, service: &Traits) -> Vec<Scheme> {
    match authentication(traits, service) {
        Authentication::By(schemes) => schemes,
        Authentication::Unsupported(_) => Vec::new(),
    }
}

/// Whether bodies may be compressed with gzip.
fn takes_gzip(traits: &Traits) -> Result<bool> {
    let compression: Option<RequestCompression> = traits.parse(trait_id::REQUEST_COMPRESSION)?;
    Ok(compression
        .is_some_and(|compression| compression.encodings.iter().any(|name| name == "gzip")))
}
