//! What a request says about its destination: a URL of its own, and parameters of the endpoint rules.

use super::HttpRequest;
use crate::plumbing::endpoint::ParameterValue;
use crate::texts::ToText as _;

impl HttpRequest {
    /// If a URL is given, sends the request to it instead of the endpoint of the client.
    #[inline]
    pub fn endpoint(&mut self, url: Option<&str>) {
        self.endpoint = url.filter(|url| !url.is_empty()).map(str::to_text);
    }

    /// Sends the request to a sensitive URL: see [`endpoint`](Self::endpoint).
    #[inline]
    pub fn sensitive_endpoint(&mut self, url: Option<&str>) {
        self.hides_host |= url.is_some();
        self.endpoint(url);
    }

    /// Gives a text to a parameter of the endpoint rules (`smithy.rules#contextParam`, `smithy.rules#operationContextParams`).
    #[inline]
    pub fn endpoint_string(&mut self, parameter: &'static str, value: Option<&str>) {
        let value = value.map(|text| ParameterValue::String(text.to_text()));
        self.parameter(parameter, value);
    }

    /// Gives a flag to a parameter of the endpoint rules.
    #[inline]
    pub fn endpoint_boolean(&mut self, parameter: &'static str, value: Option<bool>) {
        self.parameter(parameter, value.map(ParameterValue::Boolean));
    }

    /// Gives a list of texts to a parameter of the endpoint rules.
    #[inline]
    pub fn endpoint_strings(&mut self, parameter: &'static str, values: Option<Vec<String>>) {
        self.parameter(parameter, values.map(ParameterValue::Strings));
    }

    /// The host, and an error of the rules, may contain a sensitive member.
    pub fn sensitive_endpoint_parameters(&mut self) {
        self.hides_host = true;
    }

    /// A member that the endpoint depends on, where the service names it (`aws.api#clientEndpointDiscoveryId`).
    #[inline]
    pub fn endpoint_identifier(&mut self, member: &'static str, value: Option<&str>) {
        let value = value.map(|value| (member, value.to_text()));
        self.question.identifiers.extend(value);
    }

    /// The operation is part of what an endpoint is looked for only together with identifiers.
    pub(crate) fn question_by(&mut self, operation: &'static str) {
        self.question.operation = match self.question.identifiers.is_empty() {
            true => None,
            false => Some(operation),
        };
    }

    #[inline]
    fn parameter(&mut self, name: &'static str, value: Option<ParameterValue>) {
        let value = value.map(|value| (name, value));
        self.endpoint_parameters.extend(value);
    }
}
