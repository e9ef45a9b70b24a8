//! The `User-Agent` header, in the grammar that AWS parses.

use std::sync::{Mutex, PoisonError};

use http::HeaderValue;

use crate::call_options::Feature;
use crate::config::CallSettings;
use crate::plumbing::operation::Service;
use crate::retry::RetryMode;
use crate::texts::{join, split_at};

/// The header of a client of this service. It names attache, and no AWS SDK.
fn header(service: &Service, calls: &CallSettings) -> HeaderValue {
    let mut service_id = String::with_capacity(service.sdk_id.len());
    for letter in service.sdk_id.chars() {
        service_id.push(match letter {
            ' ' => '_',
            other => other.to_ascii_lowercase(),
        });
    }
    let service_id = token(&service_id);
    let mut text = format!(
        "attache/{} ua/2.1 api/{service_id}/{} os/{} lang/rust",
        env!("CARGO_PKG_VERSION"),
        token(service.version),
        operating_system(),
    );
    let mut add = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            text.push_str(name);
            text.push_str(&token(value));
        }
    };
    add(" exec-env/", calls.execution_environment.as_deref());
    add(" m/", calls.retry_mode().map(feature_id));
    add(" app/", calls.app_id.as_deref());
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("attache"))
}

/// The header of the calls of a client. Nearly all of them have the same features, so that of the last call is kept.
pub(crate) struct UserAgent {
    header: HeaderValue,
    last: Mutex<Option<(Vec<&'static str>, HeaderValue)>>,
}

impl UserAgent {
    pub(crate) fn new(service: &Service, calls: &CallSettings) -> Self {
        Self {
            header: header(service, calls),
            last: Mutex::new(None),
        }
    }

    /// The header of a call: whether a part of a client makes it by itself, and what authenticates it.
    pub(crate) fn of_call(
        &self,
        feature: Option<Feature>,
        mut ids: Vec<&'static str>,
    ) -> HeaderValue {
        match feature {
            Some(Feature::Waiter) => ids.insert(0, "B"),
            Some(Feature::Paginator) => ids.insert(0, "C"),
            None => {}
        }
        if ids.is_empty() {
            return self.header.clone();
        }
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((last_ids, value)) = &*last
            && *last_ids == ids
        {
            return value.clone();
        }
        let value = with_ids(&self.header, &join(&ids, ","));
        *last = Some((ids, value.clone()));
        value
    }
}

/// The header with identifiers of features.
fn with_ids(header: &HeaderValue, id: &str) -> HeaderValue {
    let text = String::from_utf8_lossy(header.as_bytes());
    // The grammar requires the metrics before the name of the application.
    let text = if let Some((before, after)) = split_at(&text, " m/") {
        format!("{before} m/{id},{after}")
    } else if let Some((before, after)) = split_at(&text, " app/") {
        format!("{before} m/{id} app/{after}")
    } else {
        format!("{text} m/{id}")
    };
    HeaderValue::from_str(&text).unwrap_or_else(|_| header.clone())
}

/// The identifier under which AWS counts the use of a feature.
fn feature_id(mode: RetryMode) -> &'static str {
    match mode {
        RetryMode::Standard => "E",
        RetryMode::Adaptive => "F",
    }
}

fn operating_system() -> &'static str {
    match std::env::consts::OS {
        known @ ("linux" | "macos" | "windows" | "android" | "ios") => known,
        _ => "other",
    }
}

/// Replaces characters that the grammar does not permit in a token.
fn token(text: &str) -> String {
    let mut token = String::with_capacity(text.len());
    for letter in text.chars() {
        let is_allowed = letter.is_ascii_alphanumeric()
            || matches!(
                letter,
                '!' | '#'..='\'' | '*'..='.' | '^'..='`' | '|' | '~'
            );
        token.push(if is_allowed { letter } else { '-' });
    }
    token
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_does_not_get_the_header_of_a_call_with_other_features() {
        let agent = UserAgent {
            header: HeaderValue::from_static("attache/0 ua/2.1 m/E app/desk"),
            last: Mutex::new(None),
        };
        let of_call = |feature, ids: &[&'static str]| agent.of_call(feature, ids.to_vec());
        for _ in 0..2 {
            let paged = of_call(Some(Feature::Paginator), &["e"]);
            assert_eq!(paged, "attache/0 ua/2.1 m/C,e,E app/desk");
            assert_eq!(of_call(None, &["e"]), "attache/0 ua/2.1 m/e,E app/desk");
            assert_eq!(of_call(None, &["e"]), "attache/0 ua/2.1 m/e,E app/desk");
            assert_eq!(of_call(None, &[]), "attache/0 ua/2.1 m/E app/desk");
        }
    }
}
