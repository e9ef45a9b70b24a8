//! What an endpoint is looked for. Requests know it before anything is looked for.

/// What an endpoint is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Question {
    /// The name of the operation, if its requests have identifiers.
    pub operation: Option<&'static str>,
    /// The members of the request that choose the endpoint (`aws.api#clientEndpointDiscoveryId`), with their values.
    pub identifiers: Vec<(&'static str, String)>,
}

impl Question {
    /// The identifiers as a map, if there are any.
    pub fn into_map<M: FromIterator<(String, String)>>(self) -> Option<M> {
        let identifiers = self.identifiers.into_iter();
        let pairs = identifiers.map(|(name, value)| (name.to_owned(), value));
        self.operation.map(|_| pairs.collect())
    }
}
