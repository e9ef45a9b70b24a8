//! Paths into responses, as pagination and waiters use them.
//!
//! The models write JMESPath. The expressions are nearly always a name, names with dots, or each element of a list
//! (`items[].status`), which become plain field access. Anything else (filters, functions, indices) is not lowered, and
//! the caller says which part of the client is missing for it.

use super::Lowering;
use crate::model::{Definition, MemberId, Path, Step, Type, TypeId, TypeKind};

impl Lowering<'_> {
    /// Resolves a path from a type on. The error says why it cannot be followed.
    pub(super) fn path(
        &self,
        root: TypeId,
        text: &str,
    ) -> std::result::Result<(Path, &Type), String> {
        let mut owner = Some(root);
        let mut steps = Vec::new();
        let mut end = None;
        for part in text.split('.') {
            let Some(id) = owner else {
                return Err(format!(
                    "`{part}` of `{text}` follows a value without members"
                ));
            };
            let definition = &self.service.types[id.0];
            let Definition::Structure(_) = &definition.definition else {
                return Err(format!("`{text}` goes through `{}`", definition.id));
            };
            let (name, each) = match part.strip_suffix("[]") {
                Some(name) => (name, true),
                None => (part, false),
            };
            let Some((index, member)) = definition.member(name) else {
                return Err(format!(
                    "`{text}` is more than names of members, or `{}` has no member `{name}`",
                    definition.id
                ));
            };
            let ty = if each {
                element(&member.ty)
                    .ok_or_else(|| format!("`{name}` of `{text}` is not a dense list"))?
            } else {
                &member.ty
            };
            owner = match ty.kind {
                TypeKind::Named(id) => Some(id),
                _ => None,
            };
            steps.push(Step {
                member: MemberId { owner: id, index },
                each,
            });
            end = Some(ty);
        }
        end.map(|ty| (Path(steps), ty))
            .ok_or_else(|| "the path is empty".to_owned())
    }
}

/// The element of a list without nulls.
fn element(ty: &Type) -> Option<&Type> {
    match &ty.kind {
        TypeKind::List {
            element,
            sparse: false,
        } => Some(element),
        _ => None,
    }
}
