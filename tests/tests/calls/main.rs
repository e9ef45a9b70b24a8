//! Calls of the generated clients: what users write, the requests and responses of each operation, pages, waiters, and
//! what the query protocols answer. They are one program, because each program is linked with all clients.

mod api;
mod endpoint_region;
mod operations;
mod pages;
mod query_calls;
mod waiters;
mod xml_answers;
