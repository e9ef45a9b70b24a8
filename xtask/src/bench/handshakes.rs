//! What the server says at its end about the connections with TLS that it had.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::workshop::number;

/// What some connections agreed on.
#[derive(Debug, PartialEq)]
pub(super) struct Agreement {
    pub(super) text: String,
    connections: f64,
}

/// What the server prints at its end.
pub(super) fn agreements(ledger: &str) -> Result<Vec<Agreement>> {
    ledger
        .lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line)
                .with_context(|| format!("the server's ledger is no JSON: {line}"))?;
            let text = |name: &str| match line.get(name).and_then(Value::as_str) {
                Some("") | None => "nothing",
                Some(text) => text,
            };
            Ok(Agreement {
                text: format!(
                    "{}, {}, key exchange {}; offers {}, uses {}",
                    text("version"),
                    text("suite"),
                    text("group"),
                    text("offered"),
                    text("protocol"),
                ),
                connections: number(&line, "handshakes")?,
            })
        })
        .collect()
}

/// How many connections a contestant opened.
///
/// # Errors
/// None: then the contestant did not use the server at all.
pub(super) fn connections(ledger: &str, name: &str) -> Result<f64> {
    let connections: f64 = agreements(ledger)?.iter().map(|one| one.connections).sum();
    ensure!(connections > 0.0, "{name} opened no connection with TLS");
    Ok(connections)
}

#[cfg(test)]
mod tests {
    use super::{agreements, connections};

    const LEDGER: &str = r#"{"version":"TLSv1_3","suite":"TLS13_AES_256_GCM_SHA384","group":"X25519","kind":"Full","offered":"h2 http/1.1","protocol":"http/1.1","handshakes":16}
{"version":"TLSv1_3","suite":"TLS13_AES_256_GCM_SHA384","group":"X25519","kind":"Resumed","offered":"","protocol":"","handshakes":2}
"#;

    #[test]
    fn a_ledger_is_read() {
        let lines = agreements(LEDGER).expect("it is one");
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        let same = "TLSv1_3, TLS13_AES_256_GCM_SHA384, key exchange X25519";
        assert_eq!(
            texts,
            [
                format!("{same}; offers h2 http/1.1, uses http/1.1"),
                format!("{same}; offers nothing, uses nothing"),
            ]
        );
        assert_eq!(connections(LEDGER, "attache").ok(), Some(18.0));
    }

    #[test]
    fn a_run_without_tls_is_an_error() {
        let error = connections("", "lean").expect_err("nothing was opened");
        assert_eq!(error.to_string(), "lean opened no connection with TLS");
        assert!(connections("http", "lean").is_err());
    }
}
