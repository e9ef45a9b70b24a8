//! Tests that cross crates.
//!
//! # Literals of requests
//!
//! A request gains a member in a minor version. So a literal ends with `..Default::default()`:
//!
//! ```
//! use attache_support::operation::DescribeServicesRequest;
//!
//! let request = DescribeServicesRequest { dry_run: None, language: None, service_code_list: None, ..Default::default() };
//! assert_eq!(format!("{request:?}"), format!("{:?}", DescribeServicesRequest::default()));
//! ```
//!
//! One that names every member does not compile:
//!
//! ```compile_fail,E0063
//! use attache_support::operation::DescribeServicesRequest;
//!
//! let request = DescribeServicesRequest { dry_run: None, language: None, service_code_list: None };
//! ```
//!
//! Nothing else can take the place of `..Default::default()`; the type of the hidden field has no value and no name for
//! others:
//!
//! ```compile_fail,E0277
//! use attache_support::operation::DescribeServicesRequest;
//!
//! let request = DescribeServicesRequest {
//!     dry_run: None,
//!     language: None,
//!     service_code_list: None,
//!     _non_exhaustive: Default::default(),
//! };
//! ```
//!
//! ```compile_fail,E0603
//! use attache_support::client::NonExhaustive;
//! ```

pub mod checksums;
pub mod long_run;
pub mod operations;
pub mod sample;
pub mod server;
pub mod settings;
pub mod traced;
pub mod transport;
pub mod wire;
