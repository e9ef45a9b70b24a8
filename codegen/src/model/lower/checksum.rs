//! Lowers the checksums of an operation.

use crate::ast::traits::HttpChecksum as Stated;
use crate::ast::{Traits, trait_id};
use crate::error::{Context, Error, Result};
use crate::model::checksum::{HttpChecksum, RequestChecksum, ResponseChecksum};
use crate::model::{Binding, Member};

/// `aws.protocols#httpChecksum`, for an operation whose request has these members.
///
/// # Errors
/// A member that is missing, or that is not sent in a header: the runtime reads and sets headers.
pub(super) fn http_checksum(
    traits: &Traits,
    members: &[Member],
    service: &Traits,
) -> Result<Option<HttpChecksum>> {
    let id = trait_id::HTTP_CHECKSUM;
    let Some(stated) = traits.parse::<Stated>(id)? else {
        let is_crc32 = traits.has(trait_id::HTTP_CHECKSUM_REQUIRED)
            && service.has(trait_id::attache::CRC32_REQUIRED);
        // The runtime computes this algorithm where the caller cannot name one.
        return Ok(is_crc32.then_some(HttpChecksum {
            request: Some(RequestChecksum {
                algorithm_header: None,
                required: true,
            }),
            response: None,
        }));
    };
    let header = |name: &Option<String>, key: &str| {
        let header = name.as_deref().map(|name| header_of(name, members));
        header
            .transpose()
            .at(format!("`{key}`"))
            .at(format!("trait `{id}`"))
    };
    let algorithm_header = header(&stated.request_algorithm_member, "requestAlgorithmMember")?;
    let mode_header = header(
        &stated.request_validation_mode_member,
        "requestValidationModeMember",
    )?;
    let required = stated.request_checksum_required;
    Ok(Some(HttpChecksum {
        request: (required || algorithm_header.is_some()).then_some(RequestChecksum {
            algorithm_header,
            required,
        }),
        response: mode_header.map(|mode_header| ResponseChecksum {
            mode_header,
            algorithms: stated.response_algorithms,
        }),
    }))
}

fn header_of(name: &str, members: &[Member]) -> Result<String> {
    match members.iter().find(|member| member.name == name) {
        None => Err(Error::new(format!("the request has no member `{name}`"))),
        Some(member) => match &member.binding {
            Binding::Header(header) => Ok(header.clone()),
            _ => Err(Error::new(format!(
                "the member `{name}` is not sent in a header, and only headers are supported"
            ))),
        },
    }
}
