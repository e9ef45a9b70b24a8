//! The front page of a crate: what the service is, the first call, what the crate has besides calls, and where to go on.
//!
//! It must help with any service, so it is made of the model; `docs.json` adds what the service is, which operation to
//! begin with, and links.

use super::manifest::Manifest;
use super::operation_page::example;
use super::text_lines::{plain_lines, text_lines};
use crate::escape::markdown::{code, sentence, text};
use crate::plan::{Operation, Plan};

/// The region of the example where the service has none of its own.
const REGION: &str = "us-east-1";

/// What the crate is for, in the documentation of the crate.
pub(super) fn front_page(plan: &Plan<'_>, manifest: &Manifest) -> Vec<String> {
    let mut lines = vec![title(plan)];
    if let Some(words) = &plan.model.words.service.documentation {
        lines.push(String::new());
        lines.extend(text_lines(plan, words));
    }
    lines.extend([
        String::new(),
        "A [`Client`] has a function for each operation. It returns a builder; `send` sends the request."
            .to_owned(),
    ]);
    section(&mut lines, "The first call", first_call(plan, manifest));
    section(
        &mut lines,
        "Region and credentials",
        settings(plan, manifest),
    );
    section(&mut lines, "Requests", paragraphs(&REQUESTS));
    section(&mut lines, "Errors", paragraphs(&ERRORS));
    section(&mut lines, "Features", features(plan, manifest));
    section(&mut lines, "Examples", examples(manifest));
    if let Some(words) = &plan.model.words.service.related {
        section(&mut lines, "Further reading", text_lines(plan, words));
    }
    section(&mut lines, "Serde", paragraphs(&SERDE));
    lines
}

/// The beginning of `README.md`, below its title: there are no links to items of the crate.
pub(super) fn readme_page(plan: &Plan<'_>, manifest: &Manifest) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(words) = &plan.model.words.service.documentation {
        lines.push(String::new());
        lines.extend(plain_lines(plan, words));
    }
    lines.extend([
        String::new(),
        "attache generates this crate. Its documentation (`cargo doc --open`) explains every operation, with an example, and \
         settings, errors and features."
            .to_owned(),
    ]);
    let call = first_call(plan, manifest);
    let shown = call.iter().filter(|line| !line.starts_with("# "));
    let shown = shown.map(|line| line.replace("```no_run", "```rust"));
    headed(&mut lines, "## ", "The first call", shown.collect());
    headed(&mut lines, "## ", "Examples", examples(manifest));
    if let Some(words) = &plan.model.words.service.related {
        headed(
            &mut lines,
            "## ",
            "Further reading",
            plain_lines(plan, words),
        );
    }
    lines
}

fn title(plan: &Plan<'_>) -> String {
    let operations = match plan.operations.len() {
        1 => "1 operation".to_owned(),
        count => format!("{count} operations"),
    };
    format!(
        "A client of {}: {operations}, version {} of its API.",
        text(&plan.model.title),
        text(&plan.model.version)
    )
}

fn section(lines: &mut Vec<String>, heading: &str, text: Vec<String>) {
    headed(lines, "# ", heading, text);
}

/// A section; nothing without text.
fn headed(lines: &mut Vec<String>, level: &str, heading: &str, text: Vec<String>) {
    if !text.is_empty() {
        lines.extend([String::new(), format!("{level}{heading}"), String::new()]);
        lines.extend(text);
    }
}

fn paragraphs(texts: &[&str]) -> Vec<String> {
    let mut lines = Vec::new();
    for text in texts {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push((*text).to_owned());
    }
    lines
}

/// A program that makes a client and calls an operation.
fn first_call(plan: &Plan<'_>, manifest: &Manifest) -> Vec<String> {
    let library = manifest.library();
    let Some(operation) = first_operation(plan) else {
        return Vec::new();
    };
    let call = example(plan, &library, operation);
    let mut lines = vec!["```no_run".to_owned(), format!("use {library}::Client;")];
    lines.extend(call.uses.iter().map(|path| format!("use {path};")));
    lines.extend([
        String::new(),
        format!("# async fn example() -> Result<(), {library}::Error> {{"),
        "let client = Client::from_env().await?;".to_owned(),
    ]);
    lines.extend(call.lines);
    lines.extend(["# Ok(())".to_owned(), "# }".to_owned(), "```".to_owned()]);
    lines
}

/// The operation to begin with: that of the words, or one that reads, needs few members and returns items.
fn first_operation<'p, 'm>(plan: &'p Plan<'m>) -> Option<&'p Operation<'m>> {
    let named = plan.model.words.service.first.as_deref();
    let mut operations = plan.operations.iter();
    if let Some(found) = operations.find(|one| Some(one.model.id.name()) == named) {
        return Some(found);
    }
    plan.operations.iter().min_by_key(|operation| {
        let example = plan.example(operation);
        let has_items = operation
            .model
            .pagination
            .as_ref()
            .is_some_and(|one| one.items.is_some());
        (
            !example.is_complete,
            operation.model.deprecated.is_some(),
            !operation.model.read_only,
            example.members.len(),
            !has_items,
        )
    })
}

/// Where region and credentials come from.
fn settings(plan: &Plan<'_>, manifest: &Manifest) -> Vec<String> {
    let library = manifest.library();
    let region = plan.model.default_region.as_deref().unwrap_or(REGION);
    let mut lines = vec![
        // No links: without the feature `hyper` there is none of the two.
        "`Client::from_env` takes region, credentials and endpoint from the environment, the profile files or the machine: \
         `Config::from_env` lists the settings. A program can set them itself:"
            .to_owned(),
        String::new(),
        "```no_run".to_owned(),
        format!("use {library}::{{Client, Config, Credentials}};"),
        String::new(),
        format!("# fn example() -> Result<(), {library}::ConfigError> {{"),
        "let config = Config::builder()".to_owned(),
        format!("    .region({region:?})"),
        "    .credentials(Credentials::new(\"AKIDEXAMPLE\", \"wJalrXUtnFEMI/K7MDENG\"))".to_owned(),
        "    .build()?;".to_owned(),
        "let client = Client::new(&config);".to_owned(),
        "println!(\"{client:?}\");".to_owned(),
        "# Ok(())".to_owned(),
        "# }".to_owned(),
        "```".to_owned(),
        String::new(),
    ];
    if let Some(region) = &plan.model.default_region {
        lines.extend([
            format!("Without a region, the client uses {}.", code(region)),
            String::new(),
        ]);
    }
    lines.push(
        "Code that is not asynchronous uses the feature `blocking`: `Client::from_env_blocking()?`, and `wait()` instead of \
         `await` after `send()`."
            .to_owned(),
    );
    lines
}

const REQUESTS: [&str; 3] = [
    "Requests are plain structures too: [`Client::send`] takes any of those in [`operation`]. A literal ends with \
     `..Default::default()`, so that it compiles when the service adds a member.",
    "Each request is validated before it is sent. [`validation`] describes the levels of validation, and how to switch it \
     off.",
    "A test can build every value: all structures, unions and enums of the model have `Default`, and responses, errors and \
     their parts have a setter for each member.",
];

const ERRORS: [&str; 1] = [
    "Every call fails with an [`Error`]. [`Error::service`] gives the error of the service as a [`ServiceError`], \
     [`Error::violations`] what is wrong with a request that was not sent. [`Error::may_have_taken_effect`] says whether \
     a failed call may have changed something, [`Error::is_throttled`] whether waiting helps. `{:#}` shows an error with its \
     causes.",
];

const SERDE: [&str; 3] = [
    "With the feature `serde`, all structures, unions and enums of the model have `Serialize` and `Deserialize`. A body \
     that the service sent is read as the client reads it: all formats of time, base64 with and without padding, `null`, \
     and what the model lacks, which is ignored. Members that are sent in headers or in the URL are read by their names in \
     the model. A wrong value is reported with its path.",
    "The written form has the names of the model, times in RFC 3339, and no absent members. A float that is not finite is \
     written as the format writes it, in JSON as `null`. Formats that do not describe themselves, such as postcard, can \
     write these types, but not read them. A format that gives numbers as `f64`, as serde_json does, keeps microseconds of \
     a number of seconds.",
    "With `test-util`, too, `runtime::test::from_json_deny_unknown` reads a fixture and refuses unknown members.",
];

/// The features as a table.
fn features(plan: &Plan<'_>, manifest: &Manifest) -> Vec<String> {
    let mut lines = vec![
        "| feature | what it adds |".to_owned(),
        "|---|---|".to_owned(),
    ];
    for (names, what) in manifest.feature_groups() {
        let on: Vec<&str> = manifest.switched_on(&plan.default_features);
        let names = names.iter().map(|name| match on.contains(name) {
            true => format!("{} (default)", code(name)),
            false => code(name),
        });
        let names: Vec<String> = names.collect();
        let what = what.trim_end_matches('.');
        lines.push(format!("| {} | {what} |", names.join(", ")));
    }
    lines
}

/// The hand-written examples of the crate.
fn examples(manifest: &Manifest) -> Vec<String> {
    let examples = manifest.additions.examples.iter();
    let items = examples.map(|(name, what)| format!("* {}: {}", code(name), sentence(what)));
    items.collect()
}
