//! What downloads take from the machine: variables, the installed pip, and the time limits.

use std::process::{Command, Stdio};
use std::time::Duration;

/// Where pip's settings and those of attache come from.
pub trait Environment {
    /// The value of a variable; `None` where it is not set or empty.
    fn variable(&self, name: &str) -> Option<String>;

    /// The default index of the pip that is installed, where there is one.
    fn default_index(&self) -> Option<String> {
        None
    }

    /// How long downloads wait for a server.
    fn patience(&self) -> Patience {
        Patience::default()
    }
}

/// How long downloads wait for a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The longest time until a connection is established.
    pub connect: Duration,
    /// The longest time without a byte.
    pub silence: Duration,
    /// The pauses before further attempts, of which there are as many.
    pub pauses: Vec<Duration>,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            silence: Duration::from_secs(30),
            pauses: vec![
                Duration::from_millis(500),
                Duration::from_secs(2),
                Duration::from_secs(5),
            ],
        }
    }
}

/// The environment of the process.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    }

    fn default_index(&self) -> Option<String> {
        const PROGRAM: &str = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)";
        ["python3", "python"].into_iter().find_map(|python| {
            let output = Command::new(python)
                .args(["-I", "-c", PROGRAM])
                .stdin(Stdio::null())
                .stderr(Stdio::null())
                .output()
                .ok()?;
            let text = String::from_utf8(output.stdout).ok()?;
            let text = text.trim();
            (output.status.success() && text.starts_with("http")).then(|| text.to_owned())
        })
    }
}
