//! What an error of a service means, for programs that handle errors of any service.

use super::Error;
use super::class::Class;
use crate::operation::ServiceError;

/// What the error of a service means. The names of errors differ between services and the statuses between protocols, so
/// these functions look at the name of the modelled error, the code, and the status. They are `false` for an error that
/// no service caused, such as a broken connection.
///
/// ```
/// # fn example<S: attache_runtime::operation::ServiceError>(error: attache_runtime::Error<S>) -> Result<(), attache_runtime::Error<S>> {
/// match error {
///     error if error.is_not_found() => Ok(()), // It is deleted already.
///     error if error.is_access_denied() => panic!("the role of this program lacks a permission: {error:#}"),
///     error => Err(error),
/// }
/// # }
/// ```
impl<S: ServiceError> Error<S> {
    /// Whether the caller is known and lacks a permission: `AccessDeniedException`, `UnauthorizedOperation`, status 403.
    ///
    /// `false` if the caller is not known, for example with expired credentials or a wrong signature.
    pub fn is_access_denied(&self) -> bool {
        self.class() == Some(Class::AccessDenied)
    }

    /// Whether something that the request names does not exist: `ResourceNotFoundException`, `NoSuchBucket`,
    /// `InvalidInstanceID.NotFound`, status 404.
    pub fn is_not_found(&self) -> bool {
        self.class() == Some(Class::NotFound)
    }

    /// Whether the request contradicts the present state: what it creates exists already, what it changes is in use or
    /// was changed by another request. `ConflictException`, `EntityAlreadyExists`, `ResourceInUseException`, status 409.
    pub fn is_conflict(&self) -> bool {
        self.class() == Some(Class::Conflict)
    }

    /// Whether a quota of the account or a limit of a resource is reached: `ServiceQuotaExceededException`,
    /// `CaseCreationLimitExceeded`, `TooManyBuckets`, status 402.
    ///
    /// Requests that are too many in a time are [throttled](Self::is_throttled) instead. Some services use
    /// `LimitExceededException` for both, and both functions return `true` for it. A single value that is too long or
    /// too large exceeds no quota.
    pub fn is_quota_exceeded(&self) -> bool {
        self.class() == Some(Class::QuotaExceeded)
    }

    fn class(&self) -> Option<Class> {
        if !self.is_service() {
            return None;
        }
        let facts = &self.0.facts;
        let modelled = self.service().and_then(ServiceError::modelled);
        let names = [facts.shape.as_deref(), facts.code.as_deref()];
        let statuses = [modelled.map(|modelled| modelled.status), facts.status];
        Class::of(names.into_iter().flatten(), statuses.into_iter().flatten())
    }
}
