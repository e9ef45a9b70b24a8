//! Pagination: `smithy.api#paginated` of operations, completed by that of the service and by `attache#paginated`.
//!
//! If the description cannot be followed, the operation gets no streams, and a warning is reported; single pages can
//! still be requested.

use serde::Deserialize;
use serde_json::Value;

use super::Lowering;
use crate::ast::trait_id;
use crate::ast::traits::Paginated;
use crate::error::{Context, Result};
use crate::model::{MemberId, Operation, Pagination, Path, Type, TypeKind};

/// The parts of C2J for which Smithy has no place.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Completion {
    items: Option<Vec<String>>,
    more_results: Option<String>,
    /// A text, or a list where there are several.
    input_token: Option<Value>,
    output_token: Option<Value>,
    page_size: Option<String>,
}

impl Completion {
    /// The parts that Smithy has a place for, where one of them is no path of Smithy and all stand here.
    fn standard(&self) -> Paginated {
        let text = |token: &Option<Value>| Some(token.as_ref()?.as_str()?.to_owned());
        Paginated {
            input_token: text(&self.input_token),
            output_token: text(&self.output_token),
            page_size: self.page_size.clone(),
            ..Paginated::default()
        }
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
            let completion = completion.unwrap_or_default();
            let paginated = own.or(&completion.standard()).or(&of_service);
            match self.pagination(operation, &paginated, &completion) {
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
        let (Some(input), Some(output)) = (&paginated.input_token, &paginated.output_token) else {
            return Err("it has several tokens, or none".to_owned());
        };
        let request = &self.service.types[operation.request.0];
        let (index, input_token) = request
            .member(input)
            .ok_or_else(|| format!("the request has no member `{input}`"))?;
        // botocore writes `NextMarker || Contents[-1].Key` where a page may lack its token.
        let paths = output.split("||").map(|output| {
            let output = output.trim();
            let (path, token) = self.path(operation.response, output)?;
            if !is_same(&input_token.ty, token) {
                return Err(format!("`{input}` is of another type than `{output}`"));
            }
            match path.has_each() {
                true => Err(format!("`{output}` is several tokens")),
                false => Ok(path),
            }
        });
        let output_token = paths.collect::<std::result::Result<Vec<Path>, String>>()?;
        let items = paginated
            .items
            .as_ref()
            .or_else(|| completion.items.as_ref()?.first());
        Ok(Pagination {
            input_token: MemberId {
                owner: operation.request,
                index,
            },
            output_token,
            items: items
                .map(|items| self.items(operation, items))
                .transpose()?,
            more_results: match &completion.more_results {
                None => None,
                Some(text) => Some(self.more_results(operation, text)?),
            },
            page_size: paginated.page_size.clone(),
        })
    }

    fn items(&self, operation: &Operation, text: &str) -> std::result::Result<Path, String> {
        let (path, ty) = self.path(operation.response, text)?;
        match ty.kind {
            TypeKind::List { .. } | TypeKind::Map { .. } if path.is_of_members() => Ok(path),
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
