//! The server halves of the services, generated from the models like the clients: the types of both directions, a
//! trait with a function for each operation, and the way from a message to it.
//!
//! They are public because a test can want a service of its own: implement `Handler`, and give messages to `call`.

#[rustfmt::skip]
pub mod security_ir;
#[rustfmt::skip]
pub mod support;
