//! The setting of the view of the wire.

use super::ConfigBuilder;

impl ConfigBuilder {
    /// Shows requests and responses as events at `TRACE`, with bodies of up to `body_limit` characters; by default
    /// they are never shown, whatever a subscriber takes. [`telemetry`](crate::telemetry) says what is left out.
    ///
    /// Messages contain what the model does not call sensitive: names, e-mail addresses, texts of cases. So there is no
    /// variable and no setting of a profile for this. Use it while you look for a fault.
    #[must_use]
    #[inline]
    pub fn trace_wire(mut self, body_limit: usize) -> Self {
        crate::plumbing::json::marks::record();
        self.calls.wire_limit = Some(body_limit);
        self
    }
}
