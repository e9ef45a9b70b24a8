//! The client of EC2 alone: `cargo xtask bench` measures the cost of building it.

pub use aws_sdk_ec2 as ec2;
