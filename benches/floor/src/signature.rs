//! Signature Version 4 in the form that the calls of the benchmark need.

use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use bench_measure::Failure;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Signs for one service.
#[derive(Clone)]
pub(crate) struct Signer {
    service: &'static str,
    host: String,
    region: String,
    id: String,
    secret: String,
}

/// Values of headers.
pub(crate) struct Signature {
    pub(crate) date: String,
    pub(crate) authorization: String,
}

/// What a request is sent to. The path and the query are encoded and in the order of the signature.
pub(crate) struct Target<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
}

impl Signer {
    pub(crate) fn new(service: &'static str, endpoint: &str) -> Result<Self, Failure> {
        let host = endpoint
            .split_once("://")
            .ok_or("AWS_ENDPOINT_URL is no URL")?
            .1;
        Ok(Self {
            service,
            host: host.to_owned(),
            region: std::env::var("AWS_REGION")?,
            id: std::env::var("AWS_ACCESS_KEY_ID")?,
            secret: std::env::var("AWS_SECRET_ACCESS_KEY")?,
        })
    }

    /// The signature of a POST without a query.
    #[allow(dead_code, reason = "the program that calls S3 sends nothing like it")]
    pub(crate) fn sign(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Signature {
        let target = Target {
            method: "POST",
            path,
            query: "",
        };
        self.sign_any(&target, headers, &digest(body))
    }

    /// The signature of any request with these headers, whose body has this digest.
    pub(crate) fn sign_any(
        &self,
        target: &Target<'_>,
        headers: &[(&str, &str)],
        digest: &str,
    ) -> Signature {
        let date = date();
        let day = &date[..8];
        let scope = format!("{day}/{}/{}/aws4_request", self.region, self.service);
        let mut all = vec![("host", self.host.as_str()), ("x-amz-date", &date)];
        all.extend_from_slice(headers);
        all.sort_unstable();
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let Target {
            method,
            path,
            query,
        } = target;
        let mut canonical = format!("{method}\n{path}\n{query}\n");
        for (name, value) in all {
            let _ = writeln!(canonical, "{name}:{value}");
        }
        let _ = write!(canonical, "\n{names}\n{digest}");
        let canonical = hexadecimal(&Sha256::digest(canonical.as_bytes()));
        let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{canonical}");
        let key = hmac(format!("AWS4{}", self.secret).as_bytes(), day);
        let key = hmac(&key, &self.region);
        let key = hmac(&key, self.service);
        let key = hmac(&key, "aws4_request");
        let signature = hexadecimal(&hmac(&key, &text));
        let id = &self.id;
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}"
        );
        Signature {
            date,
            authorization,
        }
    }
}

/// The SHA-256 of a body, in hexadecimal digits.
pub(crate) fn digest(body: &[u8]) -> String {
    hexadecimal(&Sha256::digest(body))
}

fn hmac(key: &[u8], text: &str) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().into()
}

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// The current time as `YYYYMMDDThhmmssZ`.
fn date() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = now.map_or(0, |since| since.as_secs());
    let (day, second) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = calendar(day);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

/// The year, month and day of a day number since 1970. The years of the calculation begin in March, so that a leap day
/// is the last day of its year.
fn calendar(day: u64) -> (u64, u64, u64) {
    let day = day + 719_468;
    let (era, day) = (day / 146_097, day % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day_of_month = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (era * 400 + year + next, month, day_of_month)
}
