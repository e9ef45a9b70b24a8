//! The same service seen from its other end: what a client writes, a server reads.
//!
//! A server must be able to say that a required member is missing, so that everything in a request is optional to it.
//! What it answers with keeps its required members: a handler that forgets one does not compile.

use crate::model::{Presence, Service};

/// The service as its server sees it, its modules standing below those of `root`.
pub fn server_view(service: &Service, root: &[&str]) -> Service {
    let mut service = service.clone();
    service.root = root.iter().map(|module| (*module).to_owned()).collect();
    for definition in &mut service.types {
        if definition.usage.checked {
            for field in definition.fields_mut() {
                field.presence = Presence::Optional;
            }
        }
        let usage = &mut definition.usage;
        std::mem::swap(&mut usage.sent, &mut usage.received);
    }
    service
}
