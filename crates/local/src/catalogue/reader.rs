//! Reads recorded responses, and reports the place of each mistake.
//!
//! The types of the model would accept a response without its members, so a mistyped name would go unnoticed. This
//! reader therefore requires each member of a catalogue by name.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::CatalogueError;
use crate::api::support::types::{
    Category, CommunicationTypeOptions, DateInterval, Service, SeverityLevel, SupportedHour,
    SupportedLanguage, TrustedAdvisorCheckDescription,
};

/// A part of a catalogue.
pub(super) enum Answer {
    Services(Vec<Service>),
    SeverityLevels(Vec<SeverityLevel>),
    Languages(Vec<SupportedLanguage>),
    Checks(Vec<TrustedAdvisorCheckDescription>),
    CommunicationTypes(Vec<CommunicationTypeOptions>),
    LanguageAvailability(String),
}

type Result<T> = std::result::Result<T, CatalogueError>;

const KNOWN: &str = "a catalogue has the members `services`, `severityLevels`, `supportedLanguages`, `checks`, \
                     `communicationTypes` and `languageAvailability`, or the names of the operations that return them";

/// The responses in a text.
pub(super) fn answers(name: &str, json: &str) -> Result<Vec<Answer>> {
    // Some shells write a byte order mark when output is redirected.
    let json = json.trim_start_matches('\u{feff}');
    let value: Value = serde_json::from_str(json)
        .map_err(|error| CatalogueError(format!("{name} is not JSON: {error}")))?;
    let root = Node {
        file: name,
        path: String::new(),
        value: &value,
    };
    let mut found = Vec::new();
    for (member, node) in root.members()? {
        match member {
            "DescribeServices"
            | "DescribeSeverityLevels"
            | "DescribeSupportedLanguages"
            | "DescribeTrustedAdvisorChecks"
            | "DescribeCreateCaseOptions" => {
                for (member, node) in node.members()? {
                    found.extend(answer(member, &node)?);
                }
            }
            member => found.extend(answer(member, &node)?),
        }
    }
    match found.is_empty() {
        true => Err(CatalogueError(format!(
            "{name} has no part of a catalogue: {KNOWN}"
        ))),
        false => Ok(found),
    }
}

fn answer(member: &str, node: &Node<'_>) -> Result<Option<Answer>> {
    Ok(Some(match member {
        "services" => Answer::Services(node.coded(service, |service| service.code.as_deref())?),
        "severityLevels" => {
            Answer::SeverityLevels(node.coded(severity_level, |level| level.code.as_deref())?)
        }
        "supportedLanguages" => {
            Answer::Languages(node.coded(language, |language| language.code.as_deref())?)
        }
        "checks" => Answer::Checks(node.coded(check, |check| Some(&check.id))?),
        "communicationTypes" => Answer::CommunicationTypes(node.each(communication_type)?),
        "languageAvailability" => Answer::LanguageAvailability(node.text()?),
        // The member that boto3 adds to every response.
        "ResponseMetadata" => return Ok(None),
        _ => return node.wrong(&format!("is not known: {KNOWN}")),
    }))
}

fn service(node: &Node<'_>) -> Result<Service> {
    let categories = node.member("categories")?;
    Ok(Service {
        categories: Some(categories.coded(category, |category| category.code.as_deref())?),
        code: Some(node.member("code")?.text()?),
        name: Some(node.member("name")?.text()?),
    })
}

fn category(node: &Node<'_>) -> Result<Category> {
    Ok(Category {
        code: Some(node.member("code")?.text()?),
        name: Some(node.member("name")?.text()?),
    })
}

fn severity_level(node: &Node<'_>) -> Result<SeverityLevel> {
    Ok(SeverityLevel {
        code: Some(node.member("code")?.text()?),
        name: Some(node.member("name")?.text()?),
    })
}

fn language(node: &Node<'_>) -> Result<SupportedLanguage> {
    let text = |name| node.optional(name).map(|node| node.text()).transpose();
    Ok(SupportedLanguage {
        code: Some(node.member("code")?.text()?),
        display: text("display")?,
        language: text("language")?,
    })
}

fn check(node: &Node<'_>) -> Result<TrustedAdvisorCheckDescription> {
    let name = node.member("name")?.text()?;
    // The built-in checks have no prose.
    let description = node.optional("description").map(|node| node.text());
    Ok(TrustedAdvisorCheckDescription {
        category: node.member("category")?.text()?,
        description: description.transpose()?.unwrap_or_else(|| name.clone()),
        id: node.member("id")?.text()?,
        metadata: node.member("metadata")?.each(|column| match column.value {
            Value::Null => Ok(None),
            _ => column.text().map(Some),
        })?,
        name,
    })
}

fn communication_type(node: &Node<'_>) -> Result<CommunicationTypeOptions> {
    let hours = node.optional("supportedHours");
    let dates = node.optional("datesWithoutSupport");
    Ok(CommunicationTypeOptions {
        dates_without_support: dates
            .map(|dates| {
                dates.each(|node| {
                    Ok(DateInterval {
                        end_date_time: Some(node.member("endDateTime")?.text()?),
                        start_date_time: Some(node.member("startDateTime")?.text()?),
                    })
                })
            })
            .transpose()?,
        supported_hours: hours
            .map(|hours| {
                hours.each(|node| {
                    Ok(SupportedHour {
                        end_time: Some(node.member("endTime")?.text()?),
                        start_time: Some(node.member("startTime")?.text()?),
                    })
                })
            })
            .transpose()?,
        type_: Some(node.member("type")?.text()?),
    })
}

/// A value, and its place.
struct Node<'a> {
    file: &'a str,
    /// A JSON Pointer.
    path: String,
    value: &'a Value,
}

impl<'a> Node<'a> {
    fn wrong<T>(&self, problem: &str) -> Result<T> {
        let (file, path) = (self.file, &self.path);
        Err(CatalogueError(match path.is_empty() {
            true => format!("{file}: the response {problem}"),
            false => format!("{file}: `{path}` {problem}"),
        }))
    }

    fn below(&self, name: &str, value: &'a Value) -> Self {
        let name = name.replace('~', "~0").replace('/', "~1");
        Self {
            file: self.file,
            path: format!("{}/{name}", self.path),
            value,
        }
    }

    fn object(&self) -> Result<&'a Map<String, Value>> {
        match self.value {
            Value::Object(members) => Ok(members),
            other => self.wrong(&format!("must be an object, not {}", kind(other))),
        }
    }

    fn members(&self) -> Result<Vec<(&'a str, Self)>> {
        let members = self.object()?.iter();
        Ok(members
            .map(|(name, value)| (name.as_str(), self.below(name, value)))
            .collect())
    }

    fn member(&self, name: &str) -> Result<Self> {
        match self.object()?.get(name) {
            Some(value) => Ok(self.below(name, value)),
            None => self.wrong(&format!("lacks the member `{name}`")),
        }
    }

    /// A member that may be missing or null.
    fn optional(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        Some(self.below(name, value))
    }

    fn text(&self) -> Result<String> {
        match self.value {
            Value::String(text) => Ok(text.clone()),
            other => self.wrong(&format!("must be a string, not {}", kind(other))),
        }
    }

    fn each<T>(&self, read: impl Fn(&Self) -> Result<T>) -> Result<Vec<T>> {
        let Value::Array(elements) = self.value else {
            return self.wrong(&format!("must be a list, not {}", kind(self.value)));
        };
        elements
            .iter()
            .enumerate()
            .map(|(index, value)| read(&self.below(&index.to_string(), value)))
            .collect()
    }

    /// Elements with distinct codes.
    fn coded<T>(
        &self,
        read: impl Fn(&Self) -> Result<T>,
        code: impl Fn(&T) -> Option<&str>,
    ) -> Result<Vec<T>> {
        let elements = self.each(read)?;
        let mut codes = BTreeSet::new();
        for (index, element) in elements.iter().enumerate() {
            let code = code(element).unwrap_or_default();
            if code.is_empty() || !codes.insert(code) {
                let problem = format!("must have a unique code, not `{code}`");
                return self.below(&index.to_string(), self.value).wrong(&problem);
            }
        }
        Ok(elements)
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::super::Catalogue;

    #[test]
    fn the_built_in_catalogue_is_whole() {
        let catalogue = Catalogue::default();
        assert_eq!(catalogue.checks.len(), 104);
        assert!(catalogue.services.len() >= 30);
        for service in &catalogue.services {
            let categories = service.categories.as_ref().map_or(0, Vec::len);
            assert!(categories >= 2, "{service:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        for (json, problem) in [
            ("", "a.json is not JSON"),
            ("[]", "a.json: the response must be an object, not a list"),
            ("{}", "a.json has no part of a catalogue"),
            (
                r#"{"severitylevels": []}"#,
                "a.json: `/severitylevels` is not known",
            ),
            (
                r#"{"services": {}}"#,
                "a.json: `/services` must be a list, not an object",
            ),
            (
                r#"{"services": [{"code": "a", "name": "A"}]}"#,
                "a.json: `/services/0` lacks the member `categories`",
            ),
            (
                r#"{"services": [{"code": "a", "name": "A", "categories": [{"code": 1, "name": ""}]}]}"#,
                "a.json: `/services/0/categories/0/code` must be a string, not a number",
            ),
            (
                r#"{"severityLevels": [{"code": "a", "name": ""}, {"code": "a", "name": ""}]}"#,
                "a.json: `/severityLevels/1` must have a unique code, not `a`",
            ),
            (
                r#"{"DescribeTrustedAdvisorChecks": {"checks": [{"id": "a", "name": "A", "category": null}]}}"#,
                "a.json: `/DescribeTrustedAdvisorChecks/checks/0/category` must be a string, not null",
            ),
            (
                r#"{"communicationTypes": [{"type": "web", "supportedHours": [{"endTime": "1"}]}]}"#,
                "a.json: `/communicationTypes/0/supportedHours/0` lacks the member `startTime`",
            ),
            (
                r#"{"languageAvailability": true}"#,
                "a.json: `/languageAvailability` must be a string, not a boolean",
            ),
        ] {
            let error = Catalogue::default().with_json("a.json", json);
            let error = error.expect_err("it is wrong").to_string();
            assert!(error.starts_with(problem), "{json}: {error}");
        }
    }
}
