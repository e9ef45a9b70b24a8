//! The page `attache_runtime::telemetry` and the clients agree about all targets, levels and fields.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::credentials_and_clock::{credentials, shifted_clock};
use super::throttled_once;
use super::transfers::{download_twice, failed_upload};
use super::workflows::{pages, waiter};

const PAGE: &str = include_str!("../../../crates/runtime/src/telemetry/mod.rs");

/// Names of fields, by target and level.
type Fields = BTreeMap<(String, String), BTreeSet<String>>;

/// The targets, levels and fields of what happens.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Fields>>);

impl Seen {
    fn note(&self, metadata: &Metadata<'_>) {
        if !metadata.target().starts_with("attache::") {
            return;
        }
        let key = (metadata.target().to_owned(), metadata.level().to_string());
        let fields = metadata
            .fields()
            .iter()
            .map(|field| field.name().to_owned());
        let mut seen = self.0.lock().expect("no panic");
        seen.entry(key)
            .or_default()
            .extend(fields.filter(|name| name != "message"));
    }
}

impl Subscriber for Seen {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        self.note(attributes.metadata());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.note(event.metadata());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// The cells of the rows of a table of the page, without marks of code.
fn rows(heading: &str, first_cell: &str) -> Vec<Vec<String>> {
    let section = PAGE
        .split("//! # ")
        .find(|section| section.starts_with(heading))
        .expect("the page has the section");
    let mut rows = section
        .lines()
        .map(|line| line.trim_start_matches("//! "))
        .skip_while(|line| !line.starts_with(&format!("| {first_cell} |")))
        .take_while(|line| line.starts_with('|'));
    let cells = |row: &str| {
        row.trim_matches('|')
            .split(" | ")
            .map(|cell| cell.replace('`', "").trim().to_owned())
            .collect()
    };
    rows.by_ref().take(2).for_each(drop);
    rows.map(cells).collect()
}

/// The fields of the page, and the last names of the targets that have them; `None` for all but some.
fn fields_of_page() -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    for row in rows("Events", "field") {
        for name in row[0].split(", ") {
            fields.insert(name.to_owned(), row[1].clone());
        }
    }
    fields
}

async fn everything() {
    let config = super::builder(&throttled_once()).trace_wire(100).build();
    let client = attache_support::Client::new(&config.expect("nothing is missing"));
    let call = client.create_case().subject("x").communication_body("x");
    call.send().await.expect("the second attempt succeeds");
    let client = attache_support::Client::new(&super::Answers::default().config());
    drop(client.create_case().send().await);
    credentials().await;
    shifted_clock().await;
    waiter().await;
    pages().await;
    download_twice().await;
    failed_upload().await;
}

#[tokio::test]
async fn the_page_lists_what_clients_report_and_nothing_else() {
    attache_tests::traced::prepare();
    let seen = Seen::default();
    let guard = tracing::subscriber::set_default(seen.clone());
    everything().await;
    drop(guard);
    let seen = seen.0.lock().expect("no panic").clone();

    let mut listed: BTreeSet<(String, String)> = rows("Events", "target")
        .into_iter()
        .map(|row| (row[0].clone(), row[1].clone()))
        .collect();
    let spans = rows("Spans", "span");
    listed.extend(spans.iter().map(|row| (row[1].clone(), row[2].clone())));
    let reported: BTreeSet<_> = seen.keys().cloned().collect();
    assert_eq!(reported, listed, "reported, and listed by the page");

    let of_events = fields_of_page();
    let of_spans: BTreeSet<String> = rows("Spans", "field")
        .into_iter()
        .flat_map(|row| row[0].split(", ").map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let mut used = BTreeSet::new();
    for ((target, level), fields) in &seen {
        let name = target.trim_start_matches("attache::");
        for field in fields {
            let is_of_span = spans
                .iter()
                .any(|row| row[1] == *target && row[2] == *level);
            let is_of_event = of_events.get(field).is_some_and(|targets| {
                let (has, except) = match targets.split_once("except") {
                    Some((_, except)) => (true, except),
                    None => (targets.split(", ").any(|it| it.starts_with(name)), ""),
                };
                has && !except.contains(name)
            });
            assert!(
                is_of_event || (is_of_span && of_spans.contains(field)),
                "`{field}` of {level} {target} is not on the page"
            );
            used.insert(field.clone());
        }
    }
    let unused: Vec<_> = of_events
        .keys()
        .chain(&of_spans)
        .filter(|field| !used.contains(*field))
        .collect();
    assert!(unused.is_empty(), "{unused:?} are on the page only");
}
