//! Inputs for the fuzz targets that need not be committed: models, rule sets, and the bodies of the protocol suites.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::tools;

/// Texts to begin with, besides the committed ones.
#[derive(Default)]
pub(super) struct Seeds {
    bodies: BTreeSet<String>,
    models: Vec<String>,
    c2j: Vec<String>,
    rules: Vec<String>,
}

impl Seeds {
    pub(super) fn collect(workspace: &Path) -> Result<Self> {
        let mut seeds = Self::default();
        for entry in fs::read_dir(workspace.join("models")).context("could not read models")? {
            let path = entry
                .context("could not read models")?
                .path()
                .join("model.json");
            if let Ok(text) = fs::read_to_string(&path) {
                let value = serde_json::from_str(&text)
                    .with_context(|| format!("{} is not JSON", path.display()))?;
                seeds.rules_of(&value);
                seeds.models.push(text);
            }
        }
        // The suites are a help, not a condition: the models alone make a corpus, too.
        for suites in ["protocol-tests", "protocol-tests-more"] {
            let suites = tools::reference_data(workspace).join(suites);
            if !suites.is_dir() {
                eprintln!(
                    "no inputs from the protocol suites: there is no {}",
                    suites.display()
                );
            }
            seeds.suites(&suites);
        }
        Ok(seeds)
    }

    fn suites(&mut self, suites: &Path) {
        for folder in ["input", "output", "smithy"] {
            let files = fs::read_dir(suites.join(folder));
            for entry in files.into_iter().flatten().flatten() {
                if let Ok(value) =
                    serde_json::from_str(&fs::read_to_string(entry.path()).unwrap_or_default())
                {
                    self.suite(&value);
                }
            }
        }
    }

    fn rules_of(&mut self, model: &Value) {
        let shapes = model
            .get("shapes")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        self.rules.extend(shapes.filter_map(|(_, shape)| {
            Some(
                shape
                    .get("traits")?
                    .get("smithy.rules#endpointRuleSet")?
                    .to_string(),
            )
        }));
    }

    fn suite(&mut self, value: &Value) {
        self.bodies_of(value);
        match value {
            Value::Array(suites) => self.c2j.extend(suites.iter().map(|suite| {
                let operations = suite
                    .get("cases")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten();
                let operations: serde_json::Map<String, Value> = operations
                    .filter_map(|case| case.get("given"))
                    .filter_map(|given| {
                        Some((given.get("name")?.as_str()?.to_owned(), given.clone()))
                    })
                    .collect();
                serde_json::json!({
                    "version": "2.0",
                    "metadata": suite.get("metadata"),
                    "operations": operations,
                    "shapes": suite.get("shapes"),
                })
                .to_string()
            })),
            model => self.models.push(model.to_string()),
        }
    }

    fn bodies_of(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(body)) = fields.get("body") {
                    self.bodies.insert(body.clone());
                }
                fields.values().for_each(|value| self.bodies_of(value));
            }
            Value::Array(values) => values.iter().for_each(|value| self.bodies_of(value)),
            _ => {}
        }
    }

    /// Adds these seeds to the corpus of a target; earlier additions of fuzzing stay.
    pub(super) fn write(&self, target: &str, corpus: &Path) -> Result<()> {
        const TIMES: [&str; 6] = [
            "1985-04-12T23:20:50.52Z",
            "2019-12-16T23:48:18+01:00",
            "Tue, 29 Apr 2014 18:30:38 GMT",
            "Sun, 02 Jan 2000 20:34:56.456 GMT",
            "1515531081.1234",
            "-1e3",
        ];
        fs::create_dir_all(corpus)
            .with_context(|| format!("could not create {}", corpus.display()))?;
        let is_xml = |body: &&String| body.trim_start().starts_with('<');
        let texts: Vec<String> = match target {
            "timestamp" => TIMES.iter().map(|time| (*time).to_owned()).collect(),
            "import_c2j" => self.c2j.clone(),
            "import_smithy" => self.models.clone(),
            "endpoint_rules" => self.rules.clone(),
            "json_reader" => self.bodies.iter().cloned().collect(),
            "xml_reader" => self.bodies.iter().filter(is_xml).cloned().collect(),
            "decode_support" | "decode_security_ir" => self
                .bodies
                .iter()
                .enumerate()
                .map(|(index, body)| decoder_seed(index, body))
                .collect(),
            _ => Vec::new(),
        };
        let texts = texts.into_iter().map(String::into_bytes);
        // A body of CBOR is written in base64 in the suites.
        let bytes = self.bodies.iter().filter(|_| target == "cbor_reader");
        let bytes = bytes.filter_map(|body| base64_simd::STANDARD.decode_to_vec(body).ok());
        for (index, input) in texts.chain(bytes).enumerate() {
            let path = corpus.join(format!("seed-{index}"));
            fs::write(&path, input)
                .with_context(|| format!("could not write {}", path.display()))?;
        }
        Ok(())
    }
}

/// Decoders take two bytes that pick what to decode.
fn decoder_seed(index: usize, body: &str) -> String {
    let letter = char::from(u8::try_from(index % 64).unwrap_or_default() + b' ');
    format!("{letter}{letter}{body}")
}
