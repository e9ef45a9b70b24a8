//! Reading and writing files: what is written is read again, and damage is an error, never a panic.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::strategy::Union;

use super::exchange::{Content, Digest, Exchange, Outcome, Request, Response};
use super::file::{parsed, written};
use super::redaction::Redaction;
use crate::document::Document;
use crate::transport::TransportErrorKind;

fn documents() -> impl Strategy<Value = Document> {
    let leaf = prop_oneof![
        Just(Document::Null),
        any::<bool>().prop_map(Document::from),
        any::<i64>().prop_map(Document::from),
        any::<u64>().prop_map(Document::from),
        prop::num::f64::NORMAL.prop_map(Document::from),
        any::<String>().prop_map(Document::from),
    ];
    leaf.prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Document::from),
            btree_map(any::<String>(), inner, 0..4).prop_map(Document::from),
        ]
    })
}

fn contents() -> impl Strategy<Value = Content> {
    // `prop_oneof!` takes no attributes.
    let strategies = [
        Just(Content::Empty).boxed(),
        Just(Content::Unknown).boxed(),
        documents().prop_map(Content::Json).boxed(),
        any::<String>().prop_map(Content::Text).boxed(),
        documents().prop_map(Content::Form).boxed(),
        #[cfg(feature = "cbor")]
        documents()
            .prop_filter_map("it can be written", |document| {
                let written = crate::plumbing::cbor::Writer::default().readable(&document);
                written.ok().map(|()| Content::Cbor(document))
            })
            .boxed(),
        #[cfg(feature = "xml-core")]
        any::<String>().prop_map(Content::Xml).boxed(),
        any::<Vec<u8>>().prop_map(Content::Bytes).boxed(),
        (any::<u64>(), "[0-9a-f]{64}")
            .prop_map(|(length, sha256)| Content::Digest(Digest { length, sha256 }))
            .boxed(),
    ];
    Union::new(strategies)
}

fn headers() -> impl Strategy<Value = BTreeMap<String, String>> {
    btree_map("[a-z][a-z0-9-]{0,9}", "[ -~é]{0,20}", 0..4)
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    let response = (100..1000_u16, headers(), contents(), any::<bool>());
    let response = response.prop_map(|(status, headers, body, is_broken)| {
        Outcome::Response(Response {
            status,
            headers,
            body,
            is_broken,
        })
    });
    prop_oneof![
        4 => response,
        1 => prop::sample::select(vec![
            TransportErrorKind::Connect,
            TransportErrorKind::Timeout,
            TransportErrorKind::Io,
        ])
        .prop_map(Outcome::Failure),
    ]
}

fn exchanges() -> impl Strategy<Value = Exchange> {
    let text = any::<String>;
    let request = (
        text(),
        any::<Option<String>>(),
        text(),
        text(),
        headers(),
        contents(),
    );
    let request = request.prop_map(|(method, host, path, query, headers, body)| Request {
        method,
        host,
        path,
        query,
        headers,
        body,
    });
    let parts = (any::<Option<String>>(), request, outcomes());
    parts.prop_map(|(operation, request, outcome)| Exchange {
        operation,
        request,
        outcome,
    })
}

fn files() -> impl Strategy<Value = (Vec<Exchange>, Redaction)> {
    let hidden = prop::collection::btree_set(any::<String>(), 0..3);
    (
        vec(exchanges(), 0..4),
        hidden.prop_map(|hidden| Redaction { hidden }),
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_again((exchanges, redaction) in files()) {
        let text = written(&exchanges, &redaction);
        let (read, hidden) = parsed(text.as_bytes()).expect("it was written");
        prop_assert_eq!(&read, &exchanges);
        prop_assert_eq!(&hidden.hidden, &redaction.hidden);
        prop_assert_eq!(written(&read, &hidden), text);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in any::<Vec<u8>>()) {
        prop_assert!(parsed(&bytes).is_err(), "bytes at random are no recording");
    }

    #[test]
    fn a_damaged_file_is_read_or_refused(
        (exchanges, redaction) in files(),
        damages in vec((any::<prop::sample::Index>(), 0..3_u8, any::<u8>()), 1..4),
    ) {
        let mut text = written(&exchanges, &redaction).into_bytes();
        for (place, kind, byte) in damages {
            let at = place.index(text.len().max(1)).min(text.len());
            match kind {
                0 => text.truncate(at),
                1 => text.insert(at, byte),
                _ => text.iter_mut().skip(at).take(1).for_each(|it| *it = byte),
            }
        }
        // What can still be read can be written and read again.
        if let Ok((read, hidden)) = parsed(&text) {
            let again = parsed(written(&read, &hidden).as_bytes());
            prop_assert_eq!(again.expect("it was written").0, read);
        }
    }
}
