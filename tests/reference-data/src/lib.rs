//! Published models, protocol suites and recorded answers: data that tests read and that is not part of the repository.
//!
//! The data is in the folder that the environment variable `ATTACHE_REFERENCE_DATA` names. If the variable is not set, it
//! is in `../shared/data` beside the repository.

use std::ffi::OsString;
use std::io::Write;
use std::panic::Location;
use std::path::{Path, PathBuf};

/// The variable that names the folder. If it is set, tests that read the data fail without the data.
pub const VARIABLE: &str = "ATTACHE_REFERENCE_DATA";

/// The path of a file or folder of the reference data, such as `recorded-answers/support`.
///
/// `None` if it is absent and [`VARIABLE`] is not set. The test then has nothing to check, and this function says so on
/// the standard error output, also for a test that passes.
///
/// # Panics
/// If the data is absent and [`VARIABLE`] is set, as `.ci/run` does where the data is there.
#[track_caller]
pub fn path(part: &str) -> Option<PathBuf> {
    let found = find(std::env::var_os(VARIABLE), part);
    let message = match found {
        Ok(path) => return Some(path),
        Err(Absent::Demanded(message)) => panic!("{message}"),
        Err(Absent::Optional(message)) => message,
    };
    // The test harness captures what `eprintln` writes, and shows it only for tests that fail.
    let place = Location::caller().file();
    let _ = writeln!(std::io::stderr(), "NOT TESTED: {place}: {message}");
    None
}

/// Why there is no data.
#[derive(Debug)]
enum Absent {
    /// The variable asks for it.
    Demanded(String),
    /// Nobody asks for it.
    Optional(String),
}

fn find(folder: Option<OsString>, part: &str) -> Result<PathBuf, Absent> {
    let is_demanded = folder.is_some();
    let folder = folder.map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = folder.join(part);
    if path.exists() {
        return Ok(path);
    }
    if is_demanded {
        let message = format!(
            "there is no {}, although {VARIABLE} says that the reference data is there",
            path.display()
        );
        return Err(Absent::Demanded(message));
    }
    Err(Absent::Optional(format!(
        "there is no {}; set {VARIABLE} to the folder of the reference data",
        path.display()
    )))
}

#[cfg(test)]
mod tests {
    use super::{Absent, find};

    #[test]
    fn data_that_is_there_is_found_below_the_folder_of_the_variable() {
        let folder = env!("CARGO_MANIFEST_DIR");
        let found = find(Some(folder.into()), "src/lib.rs").expect("it is there");
        assert_eq!(found.to_string_lossy(), format!("{folder}/src/lib.rs"));
    }

    #[test]
    fn absent_data_is_a_failure_where_the_variable_asks_for_it_only() {
        let folder = env!("CARGO_MANIFEST_DIR");
        let demanded = find(Some(folder.into()), "nothing");
        assert!(matches!(demanded, Err(Absent::Demanded(_))), "{demanded:?}");
        let optional = find(None, "nothing");
        assert!(matches!(optional, Err(Absent::Optional(_))), "{optional:?}");
    }
}
