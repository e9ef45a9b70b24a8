//! One of the two files: its path, and whether it could be read.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Settings;
use super::ini;
use crate::config::ConfigError;
use crate::environment::{self, Environment};

/// A profile file.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) path: PathBuf,
    /// The variable that names it.
    variable: Option<&'static str>,
    state: State,
}

#[derive(Clone, Debug)]
enum State {
    Read,
    Absent,
    /// It cannot be read.
    Unreadable(String),
}

impl File {
    /// Reads the file that a variable names, or else the default one, and returns its sections in their order.
    pub(super) fn read(
        environment: &dyn Environment,
        variable: &'static str,
        usual: &str,
    ) -> Result<(Self, Vec<(String, Settings)>), ConfigError> {
        let named = environment::set(environment, variable);
        let path = environment::expand(environment, named.as_deref().unwrap_or(usual));
        let variable = named.map(|_| variable);
        let (state, text) = match environment::read_file(environment, &path) {
            Ok(text) => (State::Read, text),
            Err(error) if is_absent(&error) => (State::Absent, Vec::new()),
            Err(error) if environment::is_refused(&error) => {
                let message = format!("{} cannot be read: {error}", path.display());
                return Err(ConfigError::new(message));
            }
            Err(error) => (State::Unreadable(error.to_string()), Vec::new()),
        };
        let sections = ini::parse(&text)
            .map_err(|problem| ConfigError::new(format!("{}, {problem}", path.display())))?;
        let sections = shared(&path, sections);
        let file = Self {
            path,
            variable,
            state,
        };
        Ok((file, sections))
    }

    /// The remark about the file in an error about something that was not found.
    pub(super) fn remark(&self) -> Option<String> {
        let path = self.path.display();
        match (&self.state, self.variable) {
            (State::Unreadable(reason), _) => Some(format!("{path} cannot be read: {reason}")),
            (State::Absent, Some(variable)) => {
                Some(format!("{path}, which {variable} names, does not exist"))
            }
            _ => None,
        }
    }
}

/// The sections of a file, which share its path and its defaults.
fn shared(path: &Path, sections: ini::Sections) -> Vec<(String, Settings)> {
    let file: Arc<Path> = path.into();
    let defaults = Arc::new(sections.defaults);
    let mut named = Vec::new();
    for (name, section) in sections.named {
        let settings = Settings {
            file: file.clone(),
            own: section.settings,
            defaults: defaults.clone(),
        };
        named.push((name, settings));
    }
    named
}

/// Whether there is no such file. A folder in its place counts as no file, as in botocore.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory
    )
}
