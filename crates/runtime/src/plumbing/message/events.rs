//! Requests whose body is events.

use super::HttpRequest;

impl HttpRequest {
    /// Whether its body is events, which only the feature `event-stream` makes possible.
    pub(crate) fn has_events(&self) -> bool {
        #[cfg(feature = "event-stream")]
        let has_events = self.events.is_some();
        #[cfg(not(feature = "event-stream"))]
        let has_events = false;
        has_events
    }
}
