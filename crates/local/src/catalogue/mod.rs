//! What an account of AWS Support can choose from: services, severities, languages, communication types, and checks of
//! Trusted Advisor.
//!
//! It has the form of the service's responses: two files of that form are built in, and the recorded responses of an
//! account can replace any part of them.

mod reader;

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use attache_runtime::plumbing::causes;

use crate::api::support::types::{
    CommunicationTypeOptions, Service, SeverityLevel, SupportedLanguage,
    TrustedAdvisorCheckDescription,
};

use reader::Answer;

const SERVICES: &str = include_str!("services.json");
const CHECKS: &str = include_str!("trusted-advisor-checks.json");

/// The severities of a plan that has all of them: code and name.
const SEVERITIES: [(&str, &str); 5] = [
    ("low", "Low"),
    ("normal", "Normal"),
    ("high", "High"),
    ("urgent", "Urgent"),
    ("critical", "Critical"),
];

/// Languages: code, name in English, and name in itself.
const LANGUAGES: [(&str, &str, &str); 8] = [
    ("en", "English", "English"),
    ("ja", "Japanese", "日本語"),
    ("zh", "Chinese", "中文"),
    ("ko", "Korean", "한국어"),
    ("es", "Spanish", "Español"),
    ("fr", "French", "Français"),
    ("pt", "Portuguese", "Português"),
    ("tr", "Turkish", "Türkçe"),
];

/// What the account can choose from: see [`Builder::catalogue`](crate::Builder::catalogue).
///
/// The one that is built in ([`Catalogue::default`]) has 43 services with several categories each, five severities,
/// eight languages and 104 checks of Trusted Advisor. Recorded responses of an account replace any part of it. They are
/// JSON, as `aws support describe-services > services.json` writes it:
///
/// | operation | member of its response |
/// |---|---|
/// | `DescribeServices` | `services` |
/// | `DescribeSeverityLevels` | `severityLevels` |
/// | `DescribeSupportedLanguages` | `supportedLanguages` |
/// | `DescribeTrustedAdvisorChecks` | `checks` |
/// | `DescribeCreateCaseOptions` | `communicationTypes` and `languageAvailability` |
///
/// A text may be one such response, an object with the members of several, or an object with the names of operations
/// and their responses. Parts that it does not contain stay unchanged.
///
/// ```
/// use attache_local::{Catalogue, Local};
///
/// let catalogue = Catalogue::default().with_json(
///     "services.json",
///     r#"{"services": [{"code": "our-service", "name": "Ours", "categories": [{"code": "other", "name": "Other"}]}]}"#,
/// )?;
/// let builder = Local::builder().catalogue(catalogue);
/// # Ok::<(), attache_local::CatalogueError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    pub(crate) services: Vec<Service>,
    pub(crate) severity_levels: Vec<SeverityLevel>,
    pub(crate) languages: Vec<SupportedLanguage>,
    pub(crate) checks: Vec<TrustedAdvisorCheckDescription>,
    /// The recorded response, if there is one; otherwise each response is computed.
    pub(crate) case_options: Option<CaseOptions>,
}

/// The recorded response of `DescribeCreateCaseOptions`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct CaseOptions {
    pub(crate) communication_types: Option<Vec<CommunicationTypeOptions>>,
    pub(crate) language_availability: Option<String>,
}

/// A catalogue that cannot be read. It names the file and the member.
#[derive(Clone, PartialEq, Eq)]
pub struct CatalogueError(String);

impl fmt::Display for CatalogueError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for CatalogueError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            formatter
                .debug_tuple("CatalogueError")
                .field(&self.0)
                .finish()
        })
    }
}

impl std::error::Error for CatalogueError {}

impl Default for Catalogue {
    /// The catalogue that is built in.
    fn default() -> Self {
        let text = |text: &str| Some(text.to_owned());
        let severity_levels = SEVERITIES.map(|(code, name)| SeverityLevel {
            code: text(code),
            name: text(name),
        });
        let languages = LANGUAGES.map(|(code, language, display)| SupportedLanguage {
            code: text(code),
            display: text(display),
            language: text(language),
        });
        let mut built_in = Self {
            services: Vec::new(),
            severity_levels: severity_levels.to_vec(),
            languages: languages.to_vec(),
            checks: Vec::new(),
            case_options: None,
        };
        for file in [SERVICES, CHECKS] {
            let answers = reader::answers("the built-in catalogue", file);
            built_in.replace(answers.expect("the built-in catalogue is read by the tests"));
        }
        built_in
    }
}

impl Catalogue {
    /// Replaces the parts that a text of recorded responses contains. Errors show `name`.
    ///
    /// # Errors
    /// A text of another form; the error has the name and the path of the member.
    pub fn with_json(mut self, name: &str, json: &str) -> Result<Self, CatalogueError> {
        self.replace(reader::answers(name, json)?);
        Ok(self)
    }

    /// Replaces the parts that a file of recorded responses contains.
    ///
    /// # Errors
    /// A file that cannot be read, and as [`with_json`](Self::with_json).
    pub fn with_file(self, path: impl AsRef<Path>) -> Result<Self, CatalogueError> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let json = std::fs::read_to_string(path)
            .map_err(|error| CatalogueError(format!("could not read {name}: {error}")))?;
        self.with_json(&name, &json)
    }

    fn replace(&mut self, answers: Vec<Answer>) {
        for answer in answers {
            match answer {
                Answer::Services(services) => self.services = services,
                Answer::SeverityLevels(levels) => self.severity_levels = levels,
                Answer::Languages(languages) => self.languages = languages,
                Answer::Checks(checks) => self.checks = checks,
                Answer::CommunicationTypes(types) => {
                    self.case_options
                        .get_or_insert_default()
                        .communication_types = Some(types);
                }
                Answer::LanguageAvailability(availability) => {
                    self.case_options
                        .get_or_insert_default()
                        .language_availability = Some(availability);
                }
            }
        }
    }

    /// The service with a code.
    pub(crate) fn service(&self, code: &str) -> Option<&Service> {
        self.services
            .iter()
            .find(|service| service.code.as_deref() == Some(code))
    }

    pub(crate) fn has_severity(&self, code: &str) -> bool {
        self.severity_levels
            .iter()
            .any(|level| level.code.as_deref() == Some(code))
    }

    pub(crate) fn has_language(&self, code: &str) -> bool {
        self.languages
            .iter()
            .any(|language| language.code.as_deref() == Some(code))
    }

    /// The check with an id.
    pub(crate) fn check(&self, id: &str) -> Option<&TrustedAdvisorCheckDescription> {
        self.checks.iter().find(|check| check.id == id)
    }
}

/// Recorded responses that replace the built-in ones.
impl FromStr for Catalogue {
    type Err = CatalogueError;

    fn from_str(json: &str) -> Result<Self, CatalogueError> {
        Self::default().with_json("the catalogue", json)
    }
}
