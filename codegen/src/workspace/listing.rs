//! The services of a release: their names, their protocols, and how much of them can be generated.

use crate::workspace::quantity::counted;
use crate::workspace::table::Table;

/// The services of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The name of the release.
    pub release: String,
    /// The services, in the order of their names.
    pub services: Vec<Entry>,
}

/// One service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its protocols.
    pub protocols: String,
    /// The ways to authenticate its requests, in its order, as `auth_scheme_preference` names them.
    pub authentication: String,
    /// How many operations it has.
    pub operations: usize,
    /// `all`, or what cannot be generated.
    pub generated: String,
    /// Whether the workspace has it already.
    pub is_added: bool,
}

impl Listing {
    pub(crate) fn text(&self) -> String {
        let rows = self.services.iter().map(|entry| {
            [
                entry.name.clone(),
                entry.protocols.clone(),
                entry.authentication.clone(),
                entry.operations.to_string(),
                entry.generated.clone(),
                if entry.is_added { "added" } else { "" }.to_owned(),
            ]
        });
        let titles = [
            "service",
            "protocol",
            "authentication",
            "operations",
            "generated",
            "",
        ];
        let count = counted(self.services.len(), "service");
        format!(
            "{}{count} of {}\n",
            Table::new(titles, rows).text(),
            self.release
        )
    }
}

#[cfg(feature = "fetch")]
pub use models::list;

/// Only programs with the feature `fetch` can list releases.
#[cfg(feature = "fetch")]
mod models {
    use std::sync::{Mutex, mpsc};
    use std::thread;

    use anyhow::{Context, Result, bail};
    use serde_json::Value;

    use super::{Entry, Listing};
    use crate::ast::own_traits::OwnTraits;
    use crate::ast::{Model, ledger, trait_id};
    use crate::escape;
    use crate::json;
    use crate::model;
    use crate::model::authentication::SCHEMES;
    use crate::nearest::did_you_mean;
    use crate::workspace::config::Config;
    use crate::workspace::fetch::progress;
    use crate::workspace::fetch::releases::Releases;
    use crate::workspace::import::source::Texts;
    use crate::workspace::quantity::counted;

    /// The most characters of a reason in the table.
    const REASON: usize = 90;

    /// Lists the services of the release that new services are taken from: those with a word in their names, or all.
    ///
    /// # Errors
    /// A release that cannot be downloaded, or has no such service.
    pub fn list(
        config: &Config,
        word: Option<&str>,
        releases: &mut Releases<'_>,
    ) -> Result<Listing> {
        let source = releases.default_source()?;
        let all = releases.services(&source)?;
        let release = releases.release(&source)?;
        let lower = word.unwrap_or_default().to_lowercase();
        let names: Vec<&String> = all.iter().filter(|name| name.contains(&lower)).collect();
        if names.is_empty() {
            let near = did_you_mean(&lower, all.iter().map(String::as_str));
            bail!("{release} has no service with `{lower}` in its name{near}");
        }
        let bar = progress::bar("{msg} [{bar:30}] {pos}/{len}", &release);
        bar.set_length(names.len() as u64);
        let (sender, receiver) = mpsc::sync_channel::<(String, Texts)>(4);
        let receiver = Mutex::new(receiver);
        let entries = Mutex::new(Vec::new());
        // One thread reads the release, and the others analyse the models.
        thread::scope(|scope| {
            for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
                scope.spawn(|| {
                    loop {
                        let next = receiver.lock().map(|receiver| receiver.recv());
                        let Ok(Ok((name, texts))) = next else { break };
                        let entry = entry(config, name, &without_unread_rules(texts));
                        bar.inc(1);
                        if let Ok(mut entries) = entries.lock() {
                            entries.push(entry);
                        }
                    }
                });
            }
            let sender = sender;
            for name in names {
                let (_, texts) = releases.model(name, &source)?;
                sender
                    .send((name.clone(), texts))
                    .context("a service could not be read")?;
            }
            anyhow::Ok(())
        })?;
        bar.finish_and_clear();
        let mut services = entries.into_inner().unwrap_or_default();
        services.sort_by(|one: &Entry, two| one.name.cmp(&two.name));
        Ok(Listing { release, services })
    }

    /// Texts without the endpoint rules, where no request sets a parameter of them: only then can the rules decide whether an
    /// operation is left out. They are a third of the texts.
    fn without_unread_rules(texts: Texts) -> Texts {
        let Texts::Botocore(mut files) = texts else {
            return texts;
        };
        let sets_parameters = |text: &String| {
            [r#""contextParam""#, r#""operationContextParams""#]
                .iter()
                .any(|key| text.contains(key))
        };
        if !files.get("service-2.json").is_some_and(sets_parameters) {
            files.remove("endpoint-rule-set-1.json");
        }
        Texts::Botocore(files)
    }

    fn entry(config: &Config, name: String, texts: &Texts) -> Entry {
        let is_added = config.service(&name).is_some();
        let (protocols, authentication, operations, generated) = match texts.normal_form() {
            Ok(normal) => (
                protocols(&normal),
                authentication(&normal),
                shapes(&normal, "operation").count(),
                generated(normal, &config.traits),
            ),
            Err(error) => {
                let unknown = || ("-".to_owned(), "-".to_owned(), 0);
                let (protocol, signature, operations) = unconverted(texts).unwrap_or_else(unknown);
                (protocol, signature, operations, no(&error))
            }
        };
        Entry {
            name,
            protocols,
            authentication,
            operations,
            generated,
            is_added,
        }
    }

    /// The protocol, the signature and the number of operations of C2J that has no normal form, in C2J's terms.
    fn unconverted(texts: &Texts) -> Option<(String, String, usize)> {
        let Texts::Botocore(files) = texts else {
            return None;
        };
        let service = json::parse(files.get("service-2.json")?).ok()?;
        let metadata = |key: &str| Some(service["metadata"][key].as_str()?.to_owned());
        let (protocol, signature) = (metadata("protocol")?, metadata("signatureVersion")?);
        Some((
            protocol,
            signature,
            service["operations"].as_object()?.len(),
        ))
    }

    fn shapes<'a>(model: &'a Value, kind: &'static str) -> impl Iterator<Item = &'a Value> {
        let shapes = model["shapes"].as_object().into_iter().flatten();
        shapes
            .map(|(_, shape)| shape)
            .filter(move |shape| shape["type"] == kind)
    }

    fn protocols(model: &Value) -> String {
        let traits = shapes(model, "service").filter_map(|shape| shape["traits"].as_object());
        let names = traits
            .flatten()
            .filter_map(|(id, _)| id.split_once("protocols#"))
            .map(|(_, name)| name)
            .filter(|name| *name != "awsQueryCompatible");
        names.collect::<Vec<_>>().join(", ")
    }

    /// The schemes of the service. Without any, a signature is expected, as usual for AWS.
    fn authentication(model: &Value) -> String {
        let traits = shapes(model, "service").find_map(|shape| shape["traits"].as_object());
        let listed = traits.and_then(|traits| traits.get(trait_id::AUTH)?.as_array());
        let ids: Vec<&str> = match listed {
            Some(ids) => ids.iter().filter_map(Value::as_str).collect(),
            None => {
                let has = |id: &&str| traits.is_some_and(|traits| traits.contains_key(*id));
                SCHEMES.into_iter().filter(has).collect()
            }
        };
        let names = ids.iter().filter_map(|id| Some(id.split_once('#')?.1));
        match ids.is_empty() {
            true => "sigv4".to_owned(),
            false => names.collect::<Vec<_>>().join(", "),
        }
    }

    fn generated(model: Value, own: &OwnTraits) -> String {
        let lowered = Model::from_value(model).and_then(|model| {
            ledger::validate(&model, own)?;
            model::lower(&model, None)
        });
        match lowered {
            Ok(service) if service.left_out.is_empty() => "all".to_owned(),
            Ok(service) => {
                format!("without {}", counted(service.left_out.len(), "operation"))
            }
            Err(error) => no(&error.into()),
        }
    }

    /// The first clause of a reason, which is enough for a table.
    fn no(error: &anyhow::Error) -> String {
        let reason = format!("no: {error:#}");
        let clause = reason.split(';').next().unwrap_or_default();
        escape::shortened(clause, REASON).into_owned()
    }
}
