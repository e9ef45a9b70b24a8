//! The ids of the traits that the generator knows.
//!
//! Each id is written here and nowhere else, so that all stages use the same text and a misspelled id does not compile.
//! The [ledger](super::ledger) says what the generator does with each.

// `aws.api`
pub(crate) const ARN: &str = "aws.api#arn";
pub(crate) const ARN_REFERENCE: &str = "aws.api#arnReference";
pub(crate) const CLIENT_DISCOVERED_ENDPOINT: &str = "aws.api#clientDiscoveredEndpoint";
pub(crate) const CLIENT_ENDPOINT_DISCOVERY: &str = "aws.api#clientEndpointDiscovery";
pub(crate) const CLIENT_ENDPOINT_DISCOVERY_ID: &str = "aws.api#clientEndpointDiscoveryId";
pub(crate) const CONTROL_PLANE: &str = "aws.api#controlPlane";
pub(crate) const DATA: &str = "aws.api#data";
pub(crate) const DATA_PLANE: &str = "aws.api#dataPlane";
pub(crate) const SERVICE: &str = "aws.api#service";
pub(crate) const TAG_ENABLED: &str = "aws.api#tagEnabled";
pub(crate) const TAGGABLE: &str = "aws.api#taggable";

// `aws.auth`
pub(crate) const SIGV4: &str = "aws.auth#sigv4";
pub(crate) const SIGV4A: &str = "aws.auth#sigv4a";
pub(crate) const UNSIGNED_PAYLOAD: &str = "aws.auth#unsignedPayload";

// `aws.cloudformation`
pub(crate) const CFN_ADDITIONAL_IDENTIFIER: &str = "aws.cloudformation#cfnAdditionalIdentifier";
pub(crate) const CFN_EXCLUDE_PROPERTY: &str = "aws.cloudformation#cfnExcludeProperty";
pub(crate) const CFN_MUTABILITY: &str = "aws.cloudformation#cfnMutability";
pub(crate) const CFN_RESOURCE: &str = "aws.cloudformation#cfnResource";

// `aws.customizations`
pub(crate) const S3_UNWRAPPED_XML_OUTPUT: &str = "aws.customizations#s3UnwrappedXmlOutput";

// `aws.endpoints`
pub(crate) const DUAL_STACK_ONLY_ENDPOINTS: &str = "aws.endpoints#dualStackOnlyEndpoints";
pub(crate) const ENDPOINTS_MODIFIER: &str = "aws.endpoints#endpointsModifier";
pub(crate) const RULES_BASED_ENDPOINTS: &str = "aws.endpoints#rulesBasedEndpoints";
pub(crate) const STANDARD_PARTITIONAL_ENDPOINTS: &str =
    "aws.endpoints#standardPartitionalEndpoints";
pub(crate) const STANDARD_REGIONAL_ENDPOINTS: &str = "aws.endpoints#standardRegionalEndpoints";

// `aws.iam`
pub(crate) const ACTION_NAME: &str = "aws.iam#actionName";
pub(crate) const ACTION_PERMISSION_DESCRIPTION: &str = "aws.iam#actionPermissionDescription";
pub(crate) const CONDITION_KEY_VALUE: &str = "aws.iam#conditionKeyValue";
pub(crate) const CONDITION_KEYS: &str = "aws.iam#conditionKeys";
pub(crate) const DEFINE_CONDITION_KEYS: &str = "aws.iam#defineConditionKeys";
pub(crate) const DISABLE_CONDITION_KEY_INFERENCE: &str = "aws.iam#disableConditionKeyInference";
pub(crate) const IAM_ACTION: &str = "aws.iam#iamAction";
pub(crate) const IAM_RESOURCE: &str = "aws.iam#iamResource";
pub(crate) const REQUIRED_ACTIONS: &str = "aws.iam#requiredActions";
pub(crate) const SERVICE_RESOLVED_CONDITION_KEYS: &str = "aws.iam#serviceResolvedConditionKeys";
pub(crate) const SUPPORTED_PRINCIPAL_TYPES: &str = "aws.iam#supportedPrincipalTypes";

// `aws.protocols`
pub(crate) const AWS_JSON_1_0: &str = "aws.protocols#awsJson1_0";
pub(crate) const AWS_JSON_1_1: &str = "aws.protocols#awsJson1_1";
pub(crate) const AWS_QUERY: &str = "aws.protocols#awsQuery";
pub(crate) const AWS_QUERY_COMPATIBLE: &str = "aws.protocols#awsQueryCompatible";
pub(crate) const AWS_QUERY_ERROR: &str = "aws.protocols#awsQueryError";
pub(crate) const EC2_QUERY: &str = "aws.protocols#ec2Query";
pub(crate) const EC2_QUERY_NAME: &str = "aws.protocols#ec2QueryName";
pub(crate) const HTTP_CHECKSUM: &str = "aws.protocols#httpChecksum";
pub(crate) const REST_JSON_1: &str = "aws.protocols#restJson1";
pub(crate) const REST_XML: &str = "aws.protocols#restXml";

// `smithy.api`
pub(crate) const ADDED_DEFAULT: &str = "smithy.api#addedDefault";
pub(crate) const AUTH: &str = "smithy.api#auth";
pub(crate) const AUTH_DEFINITION: &str = "smithy.api#authDefinition";
pub(crate) const BOX: &str = "smithy.api#box";
pub(crate) const CLIENT_OPTIONAL: &str = "smithy.api#clientOptional";
pub(crate) const CORS: &str = "smithy.api#cors";
pub(crate) const DEFAULT: &str = "smithy.api#default";
pub(crate) const DEPRECATED: &str = "smithy.api#deprecated";
pub(crate) const DOCUMENTATION: &str = "smithy.api#documentation";
pub(crate) const ENDPOINT: &str = "smithy.api#endpoint";
pub(crate) const ENUM: &str = "smithy.api#enum";
pub(crate) const ENUM_VALUE: &str = "smithy.api#enumValue";
pub(crate) const ERROR: &str = "smithy.api#error";
pub(crate) const EVENT_HEADER: &str = "smithy.api#eventHeader";
pub(crate) const EVENT_PAYLOAD: &str = "smithy.api#eventPayload";
pub(crate) const EXAMPLES: &str = "smithy.api#examples";
pub(crate) const EXTERNAL_DOCUMENTATION: &str = "smithy.api#externalDocumentation";
pub(crate) const HOST_LABEL: &str = "smithy.api#hostLabel";
pub(crate) const HTTP: &str = "smithy.api#http";
pub(crate) const HTTP_API_KEY_AUTH: &str = "smithy.api#httpApiKeyAuth";
pub(crate) const HTTP_BASIC_AUTH: &str = "smithy.api#httpBasicAuth";
pub(crate) const HTTP_BEARER_AUTH: &str = "smithy.api#httpBearerAuth";
pub(crate) const HTTP_CHECKSUM_REQUIRED: &str = "smithy.api#httpChecksumRequired";
pub(crate) const HTTP_DIGEST_AUTH: &str = "smithy.api#httpDigestAuth";
pub(crate) const HTTP_ERROR: &str = "smithy.api#httpError";
pub(crate) const HTTP_HEADER: &str = "smithy.api#httpHeader";
pub(crate) const HTTP_LABEL: &str = "smithy.api#httpLabel";
pub(crate) const HTTP_PAYLOAD: &str = "smithy.api#httpPayload";
pub(crate) const HTTP_PREFIX_HEADERS: &str = "smithy.api#httpPrefixHeaders";
pub(crate) const HTTP_QUERY: &str = "smithy.api#httpQuery";
pub(crate) const HTTP_QUERY_PARAMS: &str = "smithy.api#httpQueryParams";
pub(crate) const HTTP_RESPONSE_CODE: &str = "smithy.api#httpResponseCode";
pub(crate) const ID_REF: &str = "smithy.api#idRef";
pub(crate) const IDEMPOTENCY_TOKEN: &str = "smithy.api#idempotencyToken";
pub(crate) const IDEMPOTENT: &str = "smithy.api#idempotent";
pub(crate) const INPUT: &str = "smithy.api#input";
pub(crate) const INTERNAL: &str = "smithy.api#internal";
pub(crate) const JSON_NAME: &str = "smithy.api#jsonName";
pub(crate) const LENGTH: &str = "smithy.api#length";
pub(crate) const MEDIA_TYPE: &str = "smithy.api#mediaType";
pub(crate) const MIXIN: &str = "smithy.api#mixin";
pub(crate) const NESTED_PROPERTIES: &str = "smithy.api#nestedProperties";
/// No trait of a shape: `smithy.api#auth` and `metadata.auth` name it among the schemes, for requests without any.
pub(crate) const NO_AUTH: &str = "smithy.api#noAuth";
pub(crate) const NO_REPLACE: &str = "smithy.api#noReplace";
pub(crate) const NOT_PROPERTY: &str = "smithy.api#notProperty";
pub(crate) const OPTIONAL_AUTH: &str = "smithy.api#optionalAuth";
pub(crate) const OUTPUT: &str = "smithy.api#output";
pub(crate) const PAGINATED: &str = "smithy.api#paginated";
pub(crate) const PATTERN: &str = "smithy.api#pattern";
pub(crate) const PRIVATE: &str = "smithy.api#private";
pub(crate) const PROPERTY: &str = "smithy.api#property";
pub(crate) const PROTOCOL_DEFINITION: &str = "smithy.api#protocolDefinition";
pub(crate) const RANGE: &str = "smithy.api#range";
pub(crate) const READONLY: &str = "smithy.api#readonly";
pub(crate) const RECOMMENDED: &str = "smithy.api#recommended";
pub(crate) const REFERENCES: &str = "smithy.api#references";
pub(crate) const REQUEST_COMPRESSION: &str = "smithy.api#requestCompression";
pub(crate) const REQUIRED: &str = "smithy.api#required";
pub(crate) const REQUIRES_LENGTH: &str = "smithy.api#requiresLength";
pub(crate) const RESOURCE_IDENTIFIER: &str = "smithy.api#resourceIdentifier";
pub(crate) const RETRYABLE: &str = "smithy.api#retryable";
pub(crate) const SENSITIVE: &str = "smithy.api#sensitive";
pub(crate) const SINCE: &str = "smithy.api#since";
pub(crate) const SPARSE: &str = "smithy.api#sparse";
pub(crate) const STREAMING: &str = "smithy.api#streaming";
pub(crate) const SUPPRESS: &str = "smithy.api#suppress";
pub(crate) const TAGS: &str = "smithy.api#tags";
pub(crate) const TIMESTAMP_FORMAT: &str = "smithy.api#timestampFormat";
pub(crate) const TITLE: &str = "smithy.api#title";
pub(crate) const TRAIT: &str = "smithy.api#trait";
pub(crate) const TRAIT_VALIDATORS: &str = "smithy.api#traitValidators";
pub(crate) const UNIQUE_ITEMS: &str = "smithy.api#uniqueItems";
pub(crate) const UNIT_TYPE: &str = "smithy.api#unitType";
pub(crate) const UNSTABLE: &str = "smithy.api#unstable";
pub(crate) const XML_ATTRIBUTE: &str = "smithy.api#xmlAttribute";
pub(crate) const XML_FLATTENED: &str = "smithy.api#xmlFlattened";
pub(crate) const XML_NAME: &str = "smithy.api#xmlName";
pub(crate) const XML_NAMESPACE: &str = "smithy.api#xmlNamespace";

// `smithy.protocols`
pub(crate) const RPC_V2_CBOR: &str = "smithy.protocols#rpcv2Cbor";

// `smithy.rules`
pub(crate) const CLIENT_CONTEXT_PARAMS: &str = "smithy.rules#clientContextParams";
pub(crate) const CONTEXT_PARAM: &str = "smithy.rules#contextParam";
pub(crate) const ENDPOINT_BDD: &str = "smithy.rules#endpointBdd";
pub(crate) const ENDPOINT_RULE_SET: &str = "smithy.rules#endpointRuleSet";
pub(crate) const ENDPOINT_TESTS: &str = "smithy.rules#endpointTests";
pub(crate) const OPERATION_CONTEXT_PARAMS: &str = "smithy.rules#operationContextParams";
pub(crate) const STATIC_CONTEXT_PARAMS: &str = "smithy.rules#staticContextParams";

// `smithy.test`
pub(crate) const HTTP_MALFORMED_REQUEST_TESTS: &str = "smithy.test#httpMalformedRequestTests";
pub(crate) const HTTP_REQUEST_TESTS: &str = "smithy.test#httpRequestTests";
pub(crate) const HTTP_RESPONSE_TESTS: &str = "smithy.test#httpResponseTests";
pub(crate) const SMOKE_TESTS: &str = "smithy.test#smokeTests";

// `smithy.waiters`
pub(crate) const WAITABLE: &str = "smithy.waiters#waitable";

/// Traits of overlays, for facts that the documentation states and the model lacks.
pub(crate) mod attache {
    pub(crate) const ALLOWED_VALUES: &str = "attache#allowedValues";
    pub(crate) const AT_LEAST_ONE_OF: &str = "attache#atLeastOneOf";
    pub(crate) const CRC32_REQUIRED: &str = "attache#crc32Required";
    pub(crate) const DAY_ALIGNED: &str = "attache#dayAligned";
    pub(crate) const DEFAULT_REGION: &str = "attache#defaultRegion";
    pub(crate) const DRY_RUN: &str = "attache#dryRun";
    pub(crate) const ENDPOINT: &str = "attache#endpoint";
    pub(crate) const ENDPOINT_BACKENDS: &str = "attache#endpointBackends";
    pub(crate) const ENDPOINT_LABELS: &str = "attache#endpointLabels";
    pub(crate) const ENDPOINT_REGION: &str = "attache#endpointRegion";
    pub(crate) const ERRORS: &str = "attache#errors";
    pub(crate) const IDEMPOTENT_METHODS: &str = "attache#idempotentMethods";
    pub(crate) const KEY_WITH_MD5: &str = "attache#keyWithMd5";
    pub(crate) const LABEL_DEFAULT: &str = "attache#labelDefault";
    pub(crate) const LAST_SEGMENT: &str = "attache#lastSegment";
    pub(crate) const MEMBER_TARGET: &str = "attache#memberTarget";
    pub(crate) const METADATA: &str = "attache#metadata";
    pub(crate) const MUST_EQUAL: &str = "attache#mustEqual";
    pub(crate) const ORDERED: &str = "attache#ordered";
    pub(crate) const PAGINATED: &str = "attache#paginated";
    pub(crate) const PERCENT_ENCODED: &str = "attache#percentEncoded";
    pub(crate) const PRESIGNED_COPY: &str = "attache#presignedCopy";
    pub(crate) const QUERY_AS_FORM: &str = "attache#queryAsForm";
    pub(crate) const RECOMMENDED_PATTERN: &str = "attache#recommendedPattern";
    pub(crate) const REGION_REDIRECT: &str = "attache#regionRedirect";
    pub(crate) const REQUEST_HEADERS: &str = "attache#requestHeaders";
    pub(crate) const SIGNATURE_VERSION: &str = "attache#signatureVersion";
    pub(crate) const SOURCE: &str = "attache#source";
    pub(crate) const SYNTHETIC: &str = "attache#synthetic";
    pub(crate) const TARGET_PREFIX: &str = "attache#targetPrefix";
    pub(crate) const TEXT_BESIDE: &str = "attache#textBeside";
    pub(crate) const TREE_HASH: &str = "attache#treeHash";
    pub(crate) const UNIQUE_MEMBER: &str = "attache#uniqueMember";
    pub(crate) const UNWRAPPED_ERRORS: &str = "attache#unwrappedErrors";
    pub(crate) const URL_TEXTS: &str = "attache#urlTexts";
    pub(crate) const WAITERS: &str = "attache#waiters";
    pub(crate) const XML_ORDER: &str = "attache#xmlOrder";
}
