//! Pagination: `smithy.api#paginated` of operations, completed by that of the service and by `attache#paginated`.
//!
//! If the description cannot be followed, the operation gets no streams, and a warning is reported; single pages can
//! still be requested.

use serde::Deserialize;

use super::Lowering;
use crate::ast::trait_id;
use crate::ast::traits::Paginated;
use crate::error::{Context, Result};
use crate::jmespath;
use crate::model::{
    MemberId, Operation, PageToken, Pagination, Path, TokenPlace, Type, TypeKind, ValueType,
};

/// The parts of C2J for which Smithy has no place.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Completion {
    input_token: Option<OneOrMore>,
    output_token: Option<OneOrMore>,
    items: Option<Vec<String>>,
    more_results: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

/// The paths of Smithy's trait, or those of the completion.
fn names<'a>(standard: &'a Option<String>, completion: &'a Option<OneOrMore>) -> Vec<&'a str> {
    match (standard, completion) {
        (Some(one), _) | (None, Some(OneOrMore::One(one))) => vec![one],
        (None, Some(OneOrMore::More(all))) => all.iter().map(String::as_str).collect(),
        (None, None) => Vec::new(),
    }
}

impl Lowering<'_> {
    /// Sets the pagination of every paginated operation.
    pub(super) fn lower_paginations(&mut self) -> Result<()> {
        let of_service: Paginated = self
            .service_traits
            .parse(trait_id::PAGINATED)?
            .unwrap_or_default();
        for index in 0..self.service.operations.len() {
            let operation = &self.service.operations[index];
            let traits = &self.model.shape(&operation.id)?.traits;
            let own: Option<Paginated> = traits.parse(trait_id::PAGINATED).at(&operation.id)?;
            let completion: Option<Completion> = traits
                .parse(trait_id::attache::PAGINATED)
                .at(&operation.id)?;
            if own.is_none() && completion.is_none() {
                continue;
            }
            let own = own.unwrap_or_default();
            for key in own.unknown.keys() {
                self.service.warnings.push(format!(
                    "{}: trait `{}`: the unknown key `{key}` is ignored",
                    operation.id,
                    trait_id::PAGINATED
                ));
            }
            let paginated = own.or(&of_service);
            match self.pagination(operation, &paginated, &completion.unwrap_or_default()) {
                Ok(pagination) => self.service.operations[index].pagination = Some(pagination),
                Err(reason) => self.service.warnings.push(format!(
                    "{}: it has no streams of pages: {reason}",
                    operation.id
                )),
            }
        }
        Ok(())
    }

    fn pagination(
        &self,
        operation: &Operation,
        paginated: &Paginated,
        completion: &Completion,
    ) -> std::result::Result<Pagination, String> {
        let inputs = names(&paginated.input_token, &completion.input_token);
        let outputs = names(&paginated.output_token, &completion.output_token);
        if inputs.is_empty() || inputs.len() != outputs.len() {
            let (inputs, outputs) = (inputs.len(), outputs.len());
            return Err(format!(
                "the request has {inputs} tokens, and the response {outputs}"
            ));
        }
        let pairs = inputs.into_iter().zip(outputs);
        let tokens = pairs.map(|(input, output)| self.page_token(operation, input, output));
        let tokens = tokens.collect::<std::result::Result<Vec<_>, _>>()?;
        let items = paginated
            .items
            .as_ref()
            .or_else(|| completion.items.as_ref()?.first());
        Ok(Pagination {
            tokens,
            items: items.and_then(|items| self.items(operation, items).ok()),
            more_results: match &completion.more_results {
                None => None,
                Some(text) => Some(self.more_results(operation, text)?),
            },
            page_size: paginated.page_size.clone(),
        })
    }

    fn page_token(
        &self,
        operation: &Operation,
        input: &str,
        output: &str,
    ) -> std::result::Result<PageToken, String> {
        let request = &self.service.types[operation.request.0];
        let (index, member) = request
            .member(input)
            .ok_or_else(|| format!("the request has no member `{input}`"))?;
        let output = match self.path(operation.response, output) {
            Ok((path, _)) if path.has_each() => {
                return Err(format!("`{output}` is several tokens"));
            }
            Ok((_, ty)) if !is_same(&member.ty, ty) => {
                return Err(format!("`{input}` is of another type than `{output}`"));
            }
            Ok((path, _)) => TokenPlace::Member(path),
            Err(_) => {
                let problem = |problem| format!("`{output}`: {problem}");
                let node = jmespath::parse(output).map_err(problem)?;
                let value = self.response_expression(operation, &node);
                let value = value.map_err(problem)?;
                let is_string = matches!(member.ty.kind, TypeKind::String { .. });
                if !is_string || value.ty != ValueType::Text {
                    return Err(format!("`{output}` is not a string, as `{input}` must be"));
                }
                TokenPlace::Expression(value)
            }
        };
        let input = MemberId {
            owner: operation.request,
            index,
        };
        Ok(PageToken { input, output })
    }

    /// The items of a page. Some models of botocore name a string or a structure, which are not items.
    fn items(&self, operation: &Operation, text: &str) -> std::result::Result<Path, String> {
        let (path, ty) = self.path(operation.response, text)?;
        match ty.kind {
            TypeKind::List { .. } | TypeKind::Map { .. } if !path.has_each() => Ok(path),
            _ => Err(format!("`{text}` is neither a list nor a map")),
        }
    }

    fn more_results(&self, operation: &Operation, text: &str) -> std::result::Result<Path, String> {
        let (path, ty) = self.path(operation.response, text)?;
        match ty.kind {
            TypeKind::Boolean if !path.has_each() => Ok(path),
            _ => Err(format!("`{text}` is not a Boolean")),
        }
    }
}

/// Whether values of both types are of one Rust type.
fn is_same(one: &Type, other: &Type) -> bool {
    match (&one.kind, &other.kind) {
        (TypeKind::String { .. }, TypeKind::String { .. }) => true,
        (
            TypeKind::Map { key, value, sparse },
            TypeKind::Map {
                key: other_key,
                value: other_value,
                sparse: other_sparse,
            },
        ) => is_same(key, other_key) && is_same(value, other_value) && sparse == other_sparse,
        (
            TypeKind::List { element, sparse },
            TypeKind::List {
                element: other_element,
                sparse: other_sparse,
            },
        ) => is_same(element, other_element) && sparse == other_sparse,
        (one, other) => one == other,
    }
}
