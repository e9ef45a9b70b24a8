//! The client of S3 alone: `cargo xtask bench` measures the cost of building it.

pub use aws_sdk_s3 as s3;
