//! The errors of the service, in short.

use crate::api::security_ir::SERVICE;
use crate::api::security_ir::enums::ValidationExceptionReason;
use crate::api::security_ir::error::{
    ConflictException, ResourceNotFoundException, ServiceQuotaExceededException,
    ValidationException,
};
use crate::api::security_ir::types::ValidationExceptionField;
use crate::wire::Refusal;

pub(super) fn not_found(kind: &str, id: &str) -> Refusal {
    ResourceNotFoundException {
        message: format!("No {kind} with the ID {id} was found."),
    }
    .into()
}

pub(super) fn conflict(message: &str, id: &str, kind: &str) -> Refusal {
    ConflictException {
        message: message.to_owned(),
        resource_id: id.to_owned(),
        resource_type: kind.to_owned(),
    }
    .into()
}

pub(super) fn quota_exceeded(message: &str, id: &str, kind: &str, quota: &str) -> Refusal {
    ServiceQuotaExceededException {
        message: message.to_owned(),
        quota_code: quota.to_owned(),
        resource_id: id.to_owned(),
        resource_type: kind.to_owned(),
        service_code: SERVICE.signing_name.to_owned(),
    }
    .into()
}

pub(super) fn field_invalid(name: &str, message: &str) -> Refusal {
    ValidationException {
        field_list: Some(vec![ValidationExceptionField {
            message: message.to_owned(),
            name: name.to_owned(),
        }]),
        message: message.to_owned(),
        reason: ValidationExceptionReason::FieldValidationFailed,
    }
    .into()
}

pub(super) fn not_allowed(message: &str) -> Refusal {
    ValidationException {
        field_list: None,
        message: message.to_owned(),
        reason: ValidationExceptionReason::Other,
    }
    .into()
}
