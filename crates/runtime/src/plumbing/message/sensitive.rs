//! Members of a request that must not be shown (`smithy.api#sensitive`), outside of JSON.
//!
//! Each function writes what the one without `sensitive` in its name writes, and marks it.

use http::HeaderName;

use super::{EncodeError, HttpRequest};
use crate::plumbing::json::Writer;

impl HttpRequest {
    /// Appends a sensitive path label: see [`label`](Self::label).
    ///
    /// # Errors
    /// Those of [`label`](Self::label).
    #[inline]
    pub fn sensitive_label(
        &mut self,
        member: &'static str,
        value: Option<&str>,
    ) -> Result<(), EncodeError> {
        let start = self.path.len();
        self.label(member, value)?;
        self.hide_path(start);
        Ok(())
    }

    /// Appends a sensitive greedy path label: see [`greedy_label`](Self::greedy_label).
    ///
    /// # Errors
    /// Those of [`greedy_label`](Self::greedy_label).
    #[inline]
    pub fn sensitive_greedy_label(
        &mut self,
        member: &'static str,
        value: Option<&str>,
    ) -> Result<(), EncodeError> {
        let start = self.path.len();
        self.greedy_label(member, value)?;
        self.hide_path(start);
        Ok(())
    }

    /// Appends a sensitive greedy path label: see [`verbatim_greedy_label`](Self::verbatim_greedy_label).
    ///
    /// # Errors
    /// Those of [`verbatim_greedy_label`](Self::verbatim_greedy_label).
    #[inline]
    pub fn sensitive_verbatim_greedy_label(
        &mut self,
        member: &'static str,
        value: Option<&str>,
    ) -> Result<(), EncodeError> {
        let start = self.path.len();
        self.verbatim_greedy_label(member, value)?;
        self.hide_path(start);
        Ok(())
    }

    /// Appends a sensitive parameter to the query; its name is hidden as well.
    #[inline]
    pub fn sensitive_query(&mut self, name: &str, value: &str) {
        let start = match self.query.len() {
            0 => 0,
            length => length + 1,
        };
        self.query(name, value);
        #[cfg(feature = "tracing")]
        self.marks.query.push(start..self.query.len());
        #[cfg(not(feature = "tracing"))]
        let _ = start;
    }

    /// Sets a sensitive header: see [`header`](Self::header).
    ///
    /// # Errors
    /// Those of [`header`](Self::header).
    #[inline]
    pub fn sensitive_header(
        &mut self,
        name: &'static str,
        member: &'static str,
        value: &str,
    ) -> Result<(), EncodeError> {
        self.header(name, member, value)?;
        if let Some(value) = self.headers.get_mut(name) {
            value.set_sensitive(true);
        }
        Ok(())
    }

    /// Sets a header of a sensitive map: see [`prefix_header`](Self::prefix_header). Its name is hidden as well.
    ///
    /// # Errors
    /// Those of [`prefix_header`](Self::prefix_header).
    #[inline]
    pub fn sensitive_prefix_header(
        &mut self,
        prefix: &'static str,
        member: &'static str,
        key: &str,
        value: &str,
    ) -> Result<(), EncodeError> {
        let name = HeaderName::from_bytes(format!("{prefix}{key}").as_bytes())
            .map_err(|_| EncodeError::new(member, "a key is not a header name"))?;
        self.prefix_header(prefix, member, key, value)?;
        if let Some(value) = self.headers.get_mut(&name) {
            value.set_sensitive(true);
        }
        #[cfg(feature = "tracing")]
        self.marks.header_names.push(name);
        Ok(())
    }

    /// Appends a sensitive host label: see [`host_label`](Self::host_label).
    ///
    /// # Errors
    /// Those of [`host_label`](Self::host_label).
    #[inline]
    pub fn sensitive_host_label(
        &mut self,
        member: &'static str,
        value: Option<&str>,
    ) -> Result<(), EncodeError> {
        self.hides_host = true;
        self.host_label(member, value)
    }

    /// Sets a JSON body that is sensitive as a whole: see [`json`](Self::json).
    #[inline]
    pub fn sensitive_json(&mut self, body: Writer) {
        self.json(body);
        #[cfg(feature = "tracing")]
        if let Some(super::Written::Json(_, starts)) = &mut self.marks.body {
            *starts = vec![0];
        }
    }

    #[inline]
    fn hide_path(&mut self, start: usize) {
        #[cfg(feature = "tracing")]
        self.marks.path.push(start..self.path.len());
        #[cfg(not(feature = "tracing"))]
        let _ = start;
    }
}
