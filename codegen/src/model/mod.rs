//! The model of a service, in types.
//!
//! No value here is a string that must be parsed again, and nothing here depends on the form of generated code. Types
//! are in an arena ([`Service::types`]) and refer to each other by [`TypeId`], so recursive shapes need no special
//! handling. Every container is ordered, so that the output is the same on every run by construction.

pub(crate) mod authentication;
mod checksum;
mod continuation;
mod discovery;
mod endpoint;
mod endpoint_settings;
mod expression;
mod id;
mod lower;
mod members;
mod path;
mod reach;
mod service;
mod types;
mod usage;
mod xml;

pub use self::authentication::{Scheme, SignatureVersion};
pub use self::checksum::{HttpChecksum, RequestChecksum, ResponseChecksum};
pub use self::continuation::{
    Acceptor, AcceptorState, Expected, Matcher, PageToken, Pagination, TokenPlace, Waiter,
};
pub use self::discovery::{Discovery, EndpointFinder};
pub use self::endpoint::{
    ClientParameter, ClientParameterType, ContextValue, EndpointInput, EndpointInputSource,
    RequestParameter, RequestValue,
};
pub use self::endpoint_settings::EndpointSetting;
pub use self::expression::{Expression, ExpressionKind, TextPart, ValueType};
pub use self::id::{MemberId, TypeId};
pub use self::lower::lower;
pub use self::path::{Path, Step};
pub(crate) use self::reach::reach;
pub use self::service::{DryRun, Http, Http2, Operation, Protocol, Segment, Service};
pub use self::types::{
    Binding, Constraints, Definition, EnumValue, ErrorFacts, EventException, EventStream, Member,
    PresignedCopy, Role, Rule, RuleKind, TokenForm, Type, TypeDefinition, TypeKind, Usage,
};
pub use self::xml::{Xml, XmlNamespace};
pub use crate::ast::traits::TimestampFormat;
