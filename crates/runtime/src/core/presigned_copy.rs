//! The URL that a request to copy from another region carries: a presigned request of the same operation to that region.
//!
//! The region of the client calls the URL to be let in by the other one. What is signed has to be complete, so this is done
//! when the form is written, and once for all attempts.

use std::ops::Range;

use http::Method;

use super::resolve::{Given, resolve};
use super::shared::Shared;
use crate::body::Body;
use crate::error::{ErrorKind, Failure};
use crate::plumbing::message::{HttpRequest, PresignedCopy};
use crate::plumbing::operation::Operation;
use crate::plumbing::uri;
use crate::texts::ToText as _;

/// For how long the URL is valid, in seconds, as botocore has it.
const VALIDITY: u32 = 3_600;

impl Shared {
    /// Adds the URL to a request that needs one.
    pub(super) async fn add_presigned_copy(
        &self,
        operation: &'static Operation,
        request: &mut HttpRequest,
    ) -> Result<(), Failure> {
        let (Some(copy), Body::Bytes(bytes)) = (request.presigned_copy.take(), &request.body)
        else {
            return Ok(());
        };
        #[cfg(feature = "tracing")]
        let sensitive = request.marks.sensitive_form();
        #[cfg(not(feature = "tracing"))]
        let sensitive: &[Range<usize>] = &[];
        let mut form = Form::read(&String::from_utf8_lossy(bytes), sensitive);
        let Some(source) = form.value(copy.source).filter(|source| !source.is_empty()) else {
            return Ok(());
        };
        if !copy.names_regions {
            form.remove(copy.source);
        }
        if form.value(copy.url).is_none() {
            self.sign_copy(operation, request, &copy, &source, &mut form)
                .await?;
        }
        let (text, _sensitive) = form.write();
        request.body = Body::Bytes(text.into());
        #[cfg(feature = "tracing")]
        request.marks.keep_form(&request.body, _sensitive);
        Ok(())
    }

    async fn sign_copy(
        &self,
        operation: &'static Operation,
        request: &HttpRequest,
        copy: &PresignedCopy,
        source: &str,
        form: &mut Form,
    ) -> Result<(), Failure> {
        let Some(region) = self.settings().parameters.region.clone() else {
            // The request itself says what is missing.
            return Ok(());
        };
        form.set(copy.destination, &region, false);
        let mut url = HttpRequest::new(Method::GET);
        url.path("/");
        url.query = form.query();
        url.schemes = request.schemes;
        url.signature_version = request.signature_version;
        let given = Given {
            region: Some(source.to_text()),
            context: operation.endpoint_context,
            values: self
                .values(Vec::new())
                .map_err(|message| Failure::new(ErrorKind::Configuration, message))?,
            ..Given::default()
        };
        let destination = resolve(self.service, self.settings(), given).map_err(|message| {
            let place = format!("the region `{source}` to copy from");
            Failure::new(ErrorKind::Request, format!("{place}: {message}"))
        })?;
        let signed = self.signed_url(operation, &destination, &mut url, VALIDITY);
        let signed = signed.await?;
        if !copy.names_regions {
            form.remove(copy.destination);
        }
        form.set(copy.url, &signed.url, true);
        Ok(())
    }
}

/// A form that was written: its parameters, percent-encoded.
struct Form(Vec<Parameter>);

struct Parameter {
    name: String,
    value: String,
    is_sensitive: bool,
}

impl Form {
    fn read(text: &str, sensitive: &[Range<usize>]) -> Self {
        let mut end = 0;
        let parameters = text.split('&').map(|pair| {
            let start = end;
            end += pair.len() + 1;
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Parameter {
                name: name.to_text(),
                value: value.to_text(),
                is_sensitive: sensitive
                    .iter()
                    .any(|range| range.start < end && range.end > start),
            }
        });
        Self(parameters.collect())
    }

    /// The value of a parameter.
    fn value(&self, name: &str) -> Option<String> {
        let found = self.0.iter().find(|parameter| parameter.name == name)?;
        let text = percent_encoding::percent_decode_str(&found.value);
        Some(text.decode_utf8_lossy().into_owned())
    }

    fn remove(&mut self, name: &str) {
        self.0.retain(|parameter| parameter.name != name);
    }

    fn set(&mut self, name: &str, value: &str, is_sensitive: bool) {
        self.remove(name);
        let mut encoded = String::with_capacity(value.len() + 64);
        uri::push_query_component(&mut encoded, value);
        self.0.push(Parameter {
            name: name.to_text(),
            value: encoded,
            is_sensitive,
        });
    }

    /// The query of a URL with the same parameters, in which a space has another form.
    fn query(&self) -> String {
        self.write().0.replace('+', "%20")
    }

    /// The text, and the values in it that must not be shown.
    fn write(&self) -> (String, Vec<Range<usize>>) {
        let (mut text, mut sensitive) = (String::new(), Vec::new());
        for parameter in &self.0 {
            if !text.is_empty() {
                text.push('&');
            }
            text.push_str(&parameter.name);
            text.push('=');
            let start = text.len();
            text.push_str(&parameter.value);
            if parameter.is_sensitive {
                sensitive.push(start..text.len());
            }
        }
        (text, sensitive)
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn what_is_sensitive_of_a_form_stays_so_and_the_url_is() {
        let text = "Action=Copy&Password=a+b&Region=eu&Name=c";
        let password = text.find("a+b").map(|start| start..start + 3);
        let mut form = Form::read(text, &[password.unwrap_or_default()]);
        form.remove("Action");
        form.set("Url", "https://a/?X-Amz-Signature=1", true);
        let (text, sensitive) = form.write();
        let hidden: Vec<&str> = sensitive.iter().map(|range| &text[range.clone()]).collect();
        let url = "https%3A%2F%2Fa%2F%3FX-Amz-Signature%3D1";
        assert_eq!(hidden, ["a+b", url]);
        assert_eq!(text, format!("Password=a+b&Region=eu&Name=c&Url={url}"));
        assert_eq!(form.query(), text.replace("a+b", "a%20b"));
    }
}
