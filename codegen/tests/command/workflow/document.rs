//! A workflow as a YAML parser reads it.

use saphyr::{LoadableYamlNode as _, Yaml};

/// The parts that the tests look at.
pub(super) struct Workflow {
    pub(super) schedule: String,
    pub(super) permissions: Vec<(String, String)>,
    pub(super) shell: String,
    /// The folder that all scripts run in; empty for the root of the repository.
    pub(super) directory: String,
    pub(super) jobs: Vec<Job>,
}

pub(super) struct Job {
    pub(super) name: String,
    pub(super) runner: String,
    pub(super) timeout: i64,
    pub(super) condition: String,
    pub(super) permissions: Vec<(String, String)>,
    pub(super) steps: Vec<Step>,
}

/// Texts that a step does not have are empty.
pub(super) struct Step {
    pub(super) name: String,
    pub(super) uses: String,
    pub(super) run: String,
    pub(super) condition: String,
    pub(super) with: Vec<(String, String)>,
    pub(super) env: Vec<(String, String)>,
}

impl Workflow {
    pub(super) fn read(text: &str) -> Self {
        let documents = Yaml::load_from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let [document] = documents.as_slice() else {
            panic!("one document: {text}");
        };
        let jobs = document["jobs"].as_mapping().expect("jobs");
        Self {
            schedule: self::text(&document["on"]["schedule"][0], "cron"),
            permissions: pairs(document, "permissions"),
            shell: self::text(&document["defaults"]["run"], "shell"),
            directory: self::text(&document["defaults"]["run"], "working-directory"),
            jobs: jobs
                .iter()
                .map(|(name, job)| Job::read(name.as_str().expect("a name"), job))
                .collect(),
        }
    }

    pub(super) fn job(&self, name: &str) -> &Job {
        let found = self.jobs.iter().find(|job| job.name == name);
        found.unwrap_or_else(|| panic!("no job {name}"))
    }
}

impl Job {
    fn read(name: &str, job: &Yaml<'_>) -> Self {
        let steps = job["steps"].as_sequence().expect("steps");
        Self {
            name: name.to_owned(),
            runner: text(job, "runs-on"),
            timeout: job["timeout-minutes"].as_integer().expect("minutes"),
            condition: text(job, "if"),
            permissions: pairs(job, "permissions"),
            steps: steps.iter().map(Step::read).collect(),
        }
    }

    pub(super) fn step(&self, name: &str) -> &Step {
        let found = self.steps.iter().find(|step| step.name == name);
        found.unwrap_or_else(|| panic!("no step {name}"))
    }
}

impl Step {
    fn read(step: &Yaml<'_>) -> Self {
        Self {
            name: text(step, "name"),
            uses: text(step, "uses"),
            run: text(step, "run"),
            condition: text(step, "if"),
            with: pairs(step, "with"),
            env: pairs(step, "env"),
        }
    }
}

fn text(node: &Yaml<'_>, key: &str) -> String {
    node.as_mapping_get(key).map(scalar).unwrap_or_default()
}

fn scalar(node: &Yaml<'_>) -> String {
    match (node.as_str(), node.as_bool()) {
        (Some(text), _) => text.to_owned(),
        (None, Some(value)) => value.to_string(),
        (None, None) => panic!("neither text nor a Boolean: {node:?}"),
    }
}

fn pairs(node: &Yaml<'_>, key: &str) -> Vec<(String, String)> {
    let mapping = node.as_mapping_get(key).map(|found| {
        let mapping = found.as_mapping();
        mapping.unwrap_or_else(|| panic!("{key} is no mapping: {found:?}"))
    });
    let pairs = mapping.into_iter().flatten();
    pairs
        .map(|(key, value)| (scalar(key), scalar(value)))
        .collect()
}
