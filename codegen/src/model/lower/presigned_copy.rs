//! Requests that carry a presigned URL of themselves to another region (`attache#presignedCopy`).
//!
//! The trait names other members, and only forms can be moved into a URL. Both are checked here, because a client that sends
//! no URL is refused by its service with an error that does not say why.

use crate::ast::trait_id::attache::PRESIGNED_COPY;
use crate::error::{Error, Result};
use crate::model::{Member, Protocol, Role, TypeKind};

/// Checks the trait on the members of a structure.
///
/// # Errors
/// A place in which nothing would read it, or a member that the structure lacks.
pub(super) fn validate(members: &[Member], role: &Role, protocol: Protocol) -> Result<()> {
    for member in members {
        let Some(copy) = &member.presigned_copy else {
            continue;
        };
        let has_form = matches!(protocol, Protocol::AwsQuery | Protocol::Ec2Query);
        let is_text = matches!(member.ty.kind, TypeKind::String { .. });
        if !matches!(role, Role::Request(_)) || !has_form || !is_text {
            return Err(Error::new(format!(
                "trait `{PRESIGNED_COPY}` belongs on a string of an input, in awsQuery and ec2Query"
            ))
            .at(format!("${}", member.name)));
        }
        if !members.iter().any(|other| other.name == copy.url) {
            return Err(Error::new(format!(
                "trait `{PRESIGNED_COPY}` names the member `{}`, which the structure lacks",
                copy.url
            ))
            .at(format!("${}", member.name)));
        }
    }
    Ok(())
}
