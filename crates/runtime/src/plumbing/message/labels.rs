//! The labels of a path: members of a request that are in its URL.

use super::{EncodeError, HttpRequest};
use crate::plumbing::uri;

/// Removes all before the last `/` of a text (`attache#lastSegment`): some services return identifiers as paths, and do not
/// accept them in this form.
#[inline]
pub fn keep_last_segment(text: &mut Option<String>) {
    if let Some(text) = text
        && let Some(end) = text.rfind('/')
    {
        text.drain(..=end);
    }
}

impl HttpRequest {
    /// Appends a path label (`smithy.api#httpLabel`), percent-encoded whole.
    ///
    /// # Errors
    /// A label that is missing or empty, or that would change the path: `.` and `..`.
    #[inline]
    pub fn label(&mut self, member: &'static str, value: Option<&str>) -> Result<(), EncodeError> {
        let value = Self::label_value(member, value)?;
        if matches!(value, "." | "..") {
            return Err(EncodeError::new(
                member,
                "`.` and `..` would change the path",
            ));
        }
        uri::push_label(&mut self.path, value);
        Ok(())
    }

    /// Appends a greedy path label (`{name+}`), which keeps its slashes.
    ///
    /// # Errors
    /// A label that is missing or empty, or that has a segment `.` or `..`.
    #[inline]
    pub fn greedy_label(
        &mut self,
        member: &'static str,
        value: Option<&str>,
    ) -> Result<(), EncodeError> {
        let value = Self::label_value(member, value)?;
        if value
            .split('/')
            .any(|segment| matches!(segment, "." | ".."))
        {
            return Err(EncodeError::new(
                member,
                "the segments `.` and `..` would change the path",
            ));
        }
        uri::push_greedy_label(&mut self.path, value);
        Ok(())
    }

    /// Appends a greedy path label as it is, with segments `.` and `..`: for services whose names may have them.
    ///
    /// # Errors
    /// A label that is missing or empty.
    #[inline]
    pub fn verbatim_greedy_label(
        &mut self,
        member: &'static str,
        value: Option<&str>,
    ) -> Result<(), EncodeError> {
        let value = Self::label_value(member, value)?;
        uri::push_greedy_label(&mut self.path, value);
        Ok(())
    }

    /// Checks a label that the endpoint rules put into the URL.
    ///
    /// # Errors
    /// A label that is missing or empty.
    #[inline]
    pub fn endpoint_label(
        &self,
        member: &'static str,
        value: Option<&str>,
    ) -> Result<(), EncodeError> {
        Self::label_value(member, value).map(drop)
    }

    #[inline]
    pub(super) fn label_value<'a>(
        member: &'static str,
        value: Option<&'a str>,
    ) -> Result<&'a str, EncodeError> {
        value.filter(|value| !value.is_empty()).ok_or_else(|| {
            EncodeError::new(
                member,
                "it is part of the path, so it must be given and not be empty",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::keep_last_segment;

    #[test]
    fn the_segments_before_the_last_one_are_removed() {
        for (text, kept) in [
            (Some("/hostedzone/Z1"), Some("Z1")),
            (Some("Z1"), Some("Z1")),
            (Some("/ä/é"), Some("é")),
            (Some("Z1/"), Some("")),
            (Some(""), Some("")),
            (None, None),
        ] {
            let mut value = text.map(str::to_owned);
            keep_last_segment(&mut value);
            assert_eq!(value.as_deref(), kept, "{text:?}");
        }
    }
}
