//! What errors mean: access denied, not found, conflict, quota exceeded, for the codes of many services.

use attache_security_ir::error::{ConflictException, ServiceQuotaExceededException};
use attache_security_ir::{Client, Error, ServiceError};
use attache_support::error::CaseCreationLimitExceeded;
use attache_tests::transport::Answers;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Class {
    Denied,
    NotFound,
    Conflict,
    Quota,
    None,
}

macro_rules! class {
    ($error:expr) => {{
        let error = $error;
        let found = [
            (error.is_access_denied(), Class::Denied),
            (error.is_not_found(), Class::NotFound),
            (error.is_conflict(), Class::Conflict),
            (error.is_quota_exceeded(), Class::Quota),
        ];
        let mut found = found.into_iter().filter(|(is_true, _)| *is_true);
        let class = found.next().map_or(Class::None, |(_, class)| class);
        assert!(found.next().is_none(), "two classes: {error:#}");
        class
    }};
}

/// Codes with the statuses that come with them. `None` in the place of the code is a response without one.
const RESPONSES: &[(Class, u16, Option<&str>, &str)] = &[
    (
        Class::Denied,
        400,
        Some("AccessDeniedException"),
        "DynamoDB",
    ),
    (Class::Denied, 403, Some("AccessDenied"), "S3"),
    (Class::Denied, 403, Some("UnauthorizedOperation"), "EC2"),
    (Class::Denied, 403, Some("AuthorizationError"), "SNS"),
    (Class::Denied, 403, Some("ForbiddenException"), "App Mesh"),
    (Class::Denied, 401, Some("UnauthorizedException"), "Amplify"),
    (
        Class::Denied,
        502,
        Some("KMSAccessDeniedException"),
        "Lambda",
    ),
    (Class::Denied, 403, Some("KMS.AccessDeniedException"), "SQS"),
    (Class::Denied, 403, None, "a gateway"),
    (
        Class::NotFound,
        400,
        Some("ResourceNotFoundException"),
        "DynamoDB",
    ),
    (
        Class::NotFound,
        409,
        Some("ResourceNotFoundException"),
        "a misleading status",
    ),
    (Class::NotFound, 404, Some("NoSuchBucket"), "S3"),
    (Class::NotFound, 404, Some("NoSuchEntity"), "IAM"),
    (
        Class::NotFound,
        400,
        Some("InvalidInstanceID.NotFound"),
        "EC2",
    ),
    (
        Class::NotFound,
        400,
        Some("AWS.SimpleQueueService.NonExistentQueue"),
        "SQS",
    ),
    (Class::NotFound, 400, Some("QueueDoesNotExist"), "SQS"),
    (Class::NotFound, 404, Some("DBClusterNotFoundFault"), "RDS"),
    (
        Class::NotFound,
        400,
        Some("WAFNonexistentItemException"),
        "WAF",
    ),
    (Class::NotFound, 400, Some("UnknownResourceFault"), "SWF"),
    (Class::NotFound, 400, Some("CaseIdNotFound"), "Support"),
    (Class::NotFound, 404, None, "HEAD of S3"),
    (Class::Conflict, 409, Some("ConflictException"), "many"),
    (Class::Conflict, 409, Some("EntityAlreadyExists"), "IAM"),
    (Class::Conflict, 409, Some("DeleteConflict"), "IAM"),
    (Class::Conflict, 409, Some("BucketAlreadyOwnedByYou"), "S3"),
    (
        Class::Conflict,
        400,
        Some("ResourceInUseException"),
        "DynamoDB",
    ),
    (
        Class::Conflict,
        400,
        Some("RepositoryNameExistsException"),
        "CodeCommit",
    ),
    (Class::Conflict, 400, Some("InvalidGroup.Duplicate"), "EC2"),
    (
        Class::Conflict,
        404,
        Some("ReservedDBInstanceAlreadyExists"),
        "RDS",
    ),
    (
        Class::Conflict,
        400,
        Some("ConcurrentModificationException"),
        "Organizations",
    ),
    (
        Class::Conflict,
        409,
        Some("InvalidStateException"),
        "the status alone says so",
    ),
    (
        Class::Quota,
        402,
        Some("ServiceQuotaExceededException"),
        "many",
    ),
    (Class::Quota, 400, Some("InstanceLimitExceeded"), "EC2"),
    (Class::Quota, 409, Some("LimitExceeded"), "IAM"),
    (Class::Quota, 403, Some("TopicLimitExceeded"), "SNS"),
    (
        Class::Quota,
        403,
        Some("DBClusterQuotaExceededFault"),
        "RDS",
    ),
    (
        Class::Quota,
        400,
        Some("QuotaExceeded.CacheSecurityGroup"),
        "ElastiCache",
    ),
    (
        Class::Quota,
        400,
        Some("NodeQuotaForClusterExceeded"),
        "ElastiCache",
    ),
    (Class::Quota, 400, Some("TooManyBuckets"), "S3"),
    (
        Class::Quota,
        400,
        Some("MaxNumberOfConfigRulesExceededException"),
        "Config",
    ),
    (Class::Quota, 409, Some("NumberDomainsExceeded"), "SimpleDB"),
    (Class::Quota, 402, None, "no code"),
    (Class::None, 400, Some("ThrottlingException"), "many"),
    (Class::None, 503, Some("RequestLimitExceeded"), "EC2"),
    (Class::None, 429, Some("TooManyRequestsException"), "Lambda"),
    (Class::None, 403, Some("ExpiredTokenException"), "many"),
    (Class::None, 403, Some("SignatureDoesNotMatch"), "S3"),
    (Class::None, 403, Some("InvalidClientTokenId"), "STS"),
    (
        Class::None,
        403,
        Some("InsufficientDBClusterCapacityFault"),
        "RDS",
    ),
    (
        Class::None,
        400,
        Some("ItemSizeLimitExceededException"),
        "AppConfig",
    ),
    (Class::None, 400, Some("ValidationException"), "many"),
    (Class::None, 500, Some("InternalServerError"), "many"),
    (Class::None, 500, None, "no code"),
];

#[test]
fn the_meaning_of_a_code_does_not_depend_on_the_service() {
    for (class, status, code, service) in RESPONSES {
        let body = code.map_or_else(String::new, |code| format!(r#"{{"code":"{code}"}}"#));
        let answers = Answers::default().then(*status, &[], &body);
        let config = answers.builder().max_attempts(1).build();
        let client = Client::new(&config.expect("nothing is missing"));
        let error = client.list_cases().send().wait().expect_err("it failed");
        assert_eq!(class!(&error), *class, "{service}: {error:#}");
        if let Some(code) = code {
            let made = Error::from_code(*code, "made by a test").with_status(*status);
            assert_eq!(class!(&made), *class, "{service}: {made:#}");
        }
    }
}

#[test]
fn modelled_errors_have_the_meaning_of_their_names() {
    let conflict = ServiceError::ConflictException(ConflictException::default());
    assert_eq!(class!(Error::from_service(conflict)), Class::Conflict);
    let quota =
        ServiceError::ServiceQuotaExceededException(ServiceQuotaExceededException::default());
    assert_eq!(class!(Error::from_service(quota)), Class::Quota);
    let limit = attache_support::ServiceError::CaseCreationLimitExceeded(
        CaseCreationLimitExceeded::default(),
    );
    assert_eq!(
        class!(attache_support::Error::from_service(limit)),
        Class::Quota
    );
}

/// Where the name has no meaning, the status that the model states counts before that of the response.
#[test]
fn the_status_of_the_model_counts_where_the_response_has_another() {
    use golden_rest_json::error::Private;
    let modelled = golden_rest_json::ServiceError::Private(Private::default());
    let error = golden_rest_json::Error::from_service(modelled).with_status(400);
    assert_eq!(error.status(), Some(400));
    assert_eq!(class!(&error), Class::Denied);
}

#[test]
fn an_error_that_no_service_caused_has_no_meaning_of_a_service() {
    for error in [
        Error::timeout().with_status(403),
        Error::io("reset").with_code("AccessDeniedException"),
        Error::credentials("none").with_status(404),
    ] {
        assert_eq!(class!(&error), Class::None, "{error:#}");
    }
}

#[test]
fn an_exceeded_limit_may_be_a_quota_and_throttling() {
    let answers = Answers::default().then(400, &[], r#"{"code":"LimitExceededException"}"#);
    let config = answers.builder().max_attempts(1).build();
    let client = Client::new(&config.expect("nothing is missing"));
    let error = client.list_cases().send().wait().expect_err("it failed");
    assert!(error.is_quota_exceeded() && error.is_throttled());
}
