//! The client of a service in the scratch workspace, with a program that calls it by the names of its operations.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use attache_codegen::ast::own_traits::OwnTraits;
use attache_codegen::emit::Manifest;
use attache_codegen::model::{Operation, Protocol, Service, TypeKind};
use attache_codegen::plan::{End, Plan, TypeDefinition, plan};
use attache_codegen::workspace::add::{Choices, Options, add_model};
use attache_codegen::workspace::incoming::Incoming;
use attache_codegen::workspace::protocol::{BY_COST, only};
use attache_codegen::{Input, analyse};

use super::super::scratch::Scratch;
use super::{Choice, draw};
use crate::import::source;

/// The files of the program that are the same for every service.
const FILES: [(&str, &str); 4] = [
    ("mod.rs", include_str!("../../../../tests/src/wire/mod.rs")),
    (
        "capture.rs",
        include_str!("../../../../tests/src/wire/capture.rs"),
    ),
    (
        "entries.rs",
        include_str!("../../../../tests/src/wire/entries.rs"),
    ),
    (
        "poll.rs",
        include_str!("../../../../tests/src/wire/poll.rs"),
    ),
];

/// A client that was generated.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) service: String,
    /// The protocol, as botocore calls it.
    pub(super) protocol: &'static str,
    /// The operations that are compared.
    pub(super) operations: Vec<String>,
    /// How many operations could be.
    pub(super) of: usize,
    /// The operations that cannot be generated.
    pub(super) left_out: Vec<String>,
    /// The overlay that `add` has written.
    pub(super) overlay: PathBuf,
    package: String,
}

impl Client {
    /// The package of the program.
    pub(super) fn package(&self) -> &str {
        &self.package
    }

    /// Generates the client and writes the program.
    ///
    /// # Errors
    /// A service that has no data, or that cannot be generated.
    pub(super) fn write(
        scratch: &Scratch,
        service: &str,
        data: &Path,
        choice: &Choice,
    ) -> Result<Self> {
        let from = data.join(service);
        ensure!(from.is_dir(), "botocore's data has no {service}");
        let (_, imported) = source::read(&from, &OwnTraits::default())?;
        let package = format!("attache-{service}");
        let chosen = choice.protocol.as_deref();
        let chosen = chosen.map(|name| offered(&imported.model_json, name));
        let chosen = chosen.transpose()?;
        let model = only(&imported.model_json, chosen)?;
        let whole = read(&model, &package, None, None)?;
        let (all, left_out) = compared(&whole);
        let of = all.len();
        let operations = draw(all, choice);
        let sliced = read(&model, &package, Some(&operations), None)?;
        let overlay = format!("models/{service}/overlay.json");
        let client = Self {
            overlay: scratch.folder.join(&overlay),
            service: service.to_owned(),
            protocol: c2j_name(sliced.protocol),
            of,
            left_out,
            package: format!("wire-{service}"),
            operations,
        };
        let options = Options {
            choices: Choices {
                operations: (client.operations.len() < of).then(|| client.operations.clone()),
                protocol: chosen.map(|protocol| protocol.name().to_owned()),
                ..Default::default()
            },
            other_service: true,
            drop_endpoint_tests: true,
            ..Default::default()
        };
        add_model(
            &scratch.folder,
            &Incoming::of_path(service, &from)?,
            &options,
        )?;
        // The overlay that `add` has written may have errors of its own.
        let overlay = scratch.read(&overlay)?;
        let operations = Some(client.operations.as_slice());
        let added = read(&model, &package, operations, Some(&overlay))?;
        client.program(scratch, &table(service, &plan(&added, End::Client)?))?;
        Ok(client)
    }

    fn program(&self, scratch: &Scratch, table: &str) -> Result<()> {
        let folder = format!("crates/{}", self.package);
        let wire = scratch.folder.join(&folder).join("src/wire");
        fs::create_dir_all(&wire)
            .with_context(|| format!("could not create {}", wire.display()))?;
        scratch.write(
            &format!("{folder}/Cargo.toml"),
            &manifest(&self.service, &self.package),
        )?;
        scratch.write(&format!("{folder}/src/main.rs"), MAIN)?;
        for (name, text) in FILES {
            scratch.write(&format!("{folder}/src/wire/{name}"), text)?;
        }
        scratch.write(&format!("{folder}/src/wire/table.rs"), table)
    }
}

/// Whether an operation sends or receives events.
fn has_events(service: &Service, operation: &Operation) -> bool {
    let messages = [operation.request, operation.response].map(|id| service.type_definition(id));
    messages
        .iter()
        .flat_map(|message| message.members())
        .any(|member| matches!(member.ty.kind, TypeKind::EventStream(_)))
}

const MAIN: &str = "mod wire;\n\nfn main() -> anyhow::Result<()> {\n    wire::converse()\n}\n";

fn manifest(service: &str, package: &str) -> String {
    format!(
        r#"[package]
name = "{package}"
version.workspace = true
edition.workspace = true
publish = false

[dependencies]
anyhow.workspace = true
attache-runtime = {{ workspace = true, default-features = false, features = ["bearer", "sigv4a"] }}
attache-{service} = {{ path = "../{service}", default-features = false, features = ["serde"] }}
ciborium.workspace = true
serde = {{ workspace = true, features = ["derive"] }}
serde_json = {{ workspace = true, features = ["float_roundtrip"] }}
"#
    )
}

fn read(
    model: &str,
    package: &str,
    operations: Option<&[String]>,
    overlay: Option<&str>,
) -> Result<Service> {
    let manifest = Manifest {
        crate_name: package.to_owned(),
        runtime: String::new(),
        in_workspace: true,
        has_extension: false,
        has_arbitrary: false,
        has_test_util: false,
        additions: Default::default(),
        package: String::new(),
    };
    Ok(analyse(&Input {
        model_file: "model.json",
        model,
        overlay: overlay.map(|text| ("overlay.json", text)),
        words: None,
        prose: None,
        operations,
        manifest: &manifest,
        header: package,
    })?)
}

/// A protocol, as botocore calls it.
fn c2j_name(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::AwsJson10 | Protocol::AwsJson11 => "json",
        Protocol::RestJson1 => "rest-json",
        Protocol::AwsQuery => "query",
        Protocol::Ec2Query => "ec2",
        Protocol::RpcV2Cbor => "smithy-rpc-v2-cbor",
        Protocol::RestXml => "rest-xml",
    }
}

/// The protocol that botocore calls so, of those that the service offers.
fn offered(model: &str, name: &str) -> Result<Protocol> {
    let named = BY_COST
        .into_iter()
        .filter(|protocol| c2j_name(*protocol) == name);
    let mut refusal = None;
    for protocol in named {
        match only(model, Some(protocol)) {
            Ok(_) => return Ok(protocol),
            Err(error) => refusal = Some(error),
        }
    }
    Err(refusal.with_context(|| format!("there is no protocol {name}"))?)
}

/// The table of the service: what `services!` in `tests/src/wire/entries.rs` takes.
fn table(service: &str, plan: &Plan<'_>) -> String {
    let client = format!("attache_{}", service.replace('-', "_"));
    let mut text = format!(
        "use super::entries::{{Service, services}};\n\n\
         pub(super) fn service(name: &str) -> Option<&'static Service> {{\n    \
         SERVICES.iter().find(|service| service.name == name)\n}}\n\n\
         services! {{\n    \"{service}\" service {client}\n    operations {{\n"
    );
    for operation in &plan.operations {
        let request = plan.type_definition(operation.model.request);
        let _ = write!(text, "        {}", request.name);
        let sent = stream("sends", plan.type_definition(operation.model.request));
        let received = stream("receives", plan.type_definition(operation.model.response));
        let _ = match sent.is_empty() && received.is_empty() {
            true => writeln!(text),
            false => writeln!(text, " {{{sent}{received} }}"),
        };
    }
    text.push_str("    }\n    errors {\n");
    for id in &plan.model.errors {
        let error = plan.type_definition(*id);
        let _ = writeln!(
            text,
            "        {} = \"{}\"",
            error.name,
            error.model.id.name()
        );
    }
    text.push_str("    }\n}\n");
    text
}

/// What the table says about a type with a stream.
fn stream(verb: &str, definition: &TypeDefinition<'_>) -> String {
    let streams = definition
        .fields()
        .iter()
        .filter(|field| field.ty.is_stream());
    streams
        .map(|field| format!(" {verb} {} \"{}\";", field.name, field.model.name))
        .collect()
}

/// The operations that can be compared, and what is left out.
///
/// The suites test events. A question of this comparison has one message in each direction.
fn compared(whole: &Service) -> (Vec<String>, Vec<String>) {
    let mut left_out = whole.left_out.clone();
    let mut compared = Vec::new();
    for operation in &whole.operations {
        let name = &operation.name;
        if has_events(whole, operation) {
            left_out.push(format!(
                "the operation `{name}` is not compared: its messages are event streams, which the suites test"
            ));
        } else {
            compared.push(name.clone());
        }
    }
    (compared, left_out)
}
