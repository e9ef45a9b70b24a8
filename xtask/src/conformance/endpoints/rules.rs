//! The program with the generated rules of services: written below `target/`, built, and asked.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use attache_codegen::{endpoint, print};
use flate2::read::GzDecoder;
use serde_json::Value;

use super::super::program;
use super::answer::Answer;
use super::question::Question;
use crate::import::source;
use crate::tools;

/// The hand-written part of the program.
const DRIVER: &str = include_str!("driver.rs");

/// The built-ins that are fields of the runtime's `Parameters`, and these fields.
const BUILT_INS: [(&str, &str); 4] = [
    ("AWS::Region", "region"),
    ("AWS::UseFIPS", "use_fips"),
    ("AWS::UseDualStack", "use_dual_stack"),
    ("SDK::Endpoint", "endpoint"),
];

/// The rules of a service.
#[derive(Clone, Debug)]
pub struct RuleSet {
    /// The name of the service.
    pub name: String,
    document: Value,
    /// The fields of the parameters; the others are set by name.
    fields: BTreeMap<String, Option<&'static str>>,
}

impl RuleSet {
    /// The rules of a document.
    ///
    /// # Errors
    /// A document without parameters.
    pub fn new(name: &str, document: Value) -> Result<Self> {
        let parameters = document.get("parameters").and_then(Value::as_object);
        let parameters = parameters.context("the rules have no parameters")?;
        let fields = parameters.iter().map(|(name, parameter)| {
            let built_in = parameter.get("builtIn").and_then(Value::as_str);
            let field = BUILT_INS.iter().find(|(known, _)| Some(*known) == built_in);
            (name.clone(), field.map(|(_, field)| *field))
        });
        Ok(Self {
            name: name.to_owned(),
            fields: fields.collect(),
            document,
        })
    }

    /// Whether the rules have a parameter.
    pub fn has(&self, parameter: &str) -> bool {
        self.fields.contains_key(parameter)
    }

    /// The module of the rules, with every parameter as one that a client may set.
    fn module(&self) -> Result<String> {
        let others = self.fields.iter().filter(|(_, field)| field.is_none());
        let context = others.map(|(name, _)| name.clone()).collect();
        let tokens = endpoint::endpoint_module(&self.document, None, &context)?;
        Ok(print::file("The rules of a service.", tokens)?)
    }
}

/// The rules of a service in botocore's data.
///
/// # Errors
/// A service that is not there, or that has no rules.
pub fn from_botocore(data: &Path, name: &str) -> Result<RuleSet> {
    let folder = source::version_folder(&data.join(name))?;
    let plain = folder.join("endpoint-rule-set-1.json");
    let path = if plain.exists() {
        plain
    } else {
        folder.join("endpoint-rule-set-1.json.gz")
    };
    RuleSet::new(name, json(&path)?)
}

/// A file of JSON, which may be compressed.
pub(super) fn json(path: &Path) -> Result<Value> {
    let bytes = fs::read(path).with_context(|| format!("could not read {}", path.display()))?;
    let mut text = Vec::new();
    match path.extension().is_some_and(|extension| extension == "gz") {
        true => GzDecoder::new(bytes.as_slice()).read_to_end(&mut text)?,
        false => {
            text = bytes;
            0
        }
    };
    serde_json::from_slice(&text).with_context(|| format!("{} is not JSON", path.display()))
}

/// The built program.
#[derive(Debug)]
pub struct Program {
    path: PathBuf,
    /// How many lines the generated rules have.
    pub lines: usize,
    fields: BTreeMap<String, BTreeMap<String, Option<&'static str>>>,
}

impl Program {
    /// Generates the rules of services and builds the program.
    ///
    /// # Errors
    /// Rules that cannot be generated, and generated code that does not compile.
    pub fn build(workspace: &Path, rule_sets: &[&RuleSet]) -> Result<Self> {
        let root = tools::target(workspace).join("conformance/endpoints");
        let sources = root.join("src");
        if sources.exists() {
            fs::remove_dir_all(&sources)
                .with_context(|| format!("could not remove {}", sources.display()))?;
        }
        let (mut modules, mut arms, mut lines) = (String::new(), String::new(), 0);
        for (index, rules) in rule_sets.iter().enumerate() {
            let text = rules
                .module()
                .with_context(|| format!("the rules of {} cannot be generated", rules.name))?;
            lines += text.lines().count();
            program::write(&sources.join(format!("rules_{index}.rs")), &text)?;
            modules.push_str(&format!("mod rules_{index};\n"));
            let name = Value::from(rules.name.as_str());
            arms.push_str(&format!("        {name} => rules_{index}::resolve,\n"));
        }
        let main = format!(
            "//! The rules of services, and a program that evaluates them.\n#![allow(warnings)]\n\nmod driver;\n{modules}\n\
             fn main() {{\n    driver::run(|service| Some(match service {{\n{arms}        _ => return None,\n    }}));\n}}\n"
        );
        program::write(&sources.join("main.rs"), &main)?;
        program::write(&sources.join("driver.rs"), DRIVER)?;
        program::write(&root.join("Cargo.toml"), &manifest(workspace))?;
        program::lock(workspace, &root)?;
        let command = program::build(&root, "endpoint-rules")?;
        let fields = rule_sets.iter();
        Ok(Self {
            path: command.get_program().into(),
            lines,
            fields: fields
                .map(|rules| (rules.name.clone(), rules.fields.clone()))
                .collect(),
        })
    }

    /// The answers to questions, in their order.
    ///
    /// # Errors
    /// A program that does not answer all of them.
    pub fn ask<'a>(&self, questions: impl Iterator<Item = Question<'a>>) -> Result<Vec<Answer>> {
        let mut input = String::new();
        let mut count = 0;
        for question in questions {
            input.push_str(&self.line(&question).to_string());
            input.push('\n');
            count += 1;
        }
        let mut child = Command::new(&self.path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("could not start the program of the rules")?;
        let mut stdin = child.stdin.take().context("the program has no input")?;
        let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let output = child.wait_with_output()?;
        writer
            .join()
            .map_err(|_| anyhow::anyhow!("the questions could not be written"))??;
        ensure!(output.status.success(), "the program of the rules failed");
        let text = String::from_utf8(output.stdout)?;
        let answers = text
            .lines()
            .map(|line| {
                serde_json::from_str(line).with_context(|| format!("not an answer: {line}"))
            })
            .collect::<Result<Vec<Answer>>>()?;
        ensure!(
            answers.len() == count,
            "the program of the rules gave {} answers to {count} questions",
            answers.len()
        );
        Ok(answers)
    }

    /// A question in the form that the program reads.
    fn line(&self, question: &Question<'_>) -> Value {
        let fields = self.fields.get(question.service);
        let mut line = serde_json::json!({"service": question.service, "values": {}});
        for (name, value) in question.parameters {
            match fields
                .and_then(|fields| fields.get(name))
                .copied()
                .flatten()
            {
                Some(field) => line[field] = value.clone(),
                None => line["values"][name] = value.clone(),
            }
        }
        line
    }
}

fn manifest(workspace: &Path) -> String {
    let runtime = workspace.join("crates/runtime");
    let runtime = Value::from(runtime.to_string_lossy());
    format!(
        "[package]\nname = \"endpoint-rules\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\n\
         attache-runtime = {{ path = {runtime}, default-features = false }}\n\
         serde_json = \"1\"\n\n\
         [profile.dev]\ndebug = false\n\n\
         [workspace]\n"
    )
}
