//! Names of files that come from a service.
//!
//! Another person chose the name, perhaps the attacker whom the evidence is about. Only the last component of a path is
//! used, with the separators of any system. A name that would be hidden, or that would be displayed as another one, is
//! refused; the caller must then name the file.

use attache_runtime::plumbing::safe_line::is_unsafe;

use crate::error::{Error, ErrorKind};

/// The longest name that common file systems accept, in bytes.
const LONGEST: usize = 255;

/// The last component of a name, if it is a valid name of a file.
///
/// # Errors
/// An empty name, a name that begins with a dot, and a name with characters that are not displayed as they are. The
/// message does not repeat the name.
pub fn plain_name(name: &str) -> Result<&str, Error> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let why = match last {
        "" => "no last part",
        last if last.starts_with('.') => "a dot at its beginning",
        last if last.chars().any(char::is_control) => "control characters",
        last if last.chars().any(is_unsafe) => {
            "characters that are not displayed, such as those that change the direction of text"
        }
        last if last.len() > LONGEST => "more than 255 bytes",
        last if last.contains(':') => "a colon, which denotes a stream or a drive on some systems",
        last if is_windows_name(last) => "a form with a special meaning on Windows",
        _ => return Ok(last),
    };
    Err(Error::new(
        ErrorKind::Target,
        format!("the name of the attachment has {why}; give the complete path of the target"),
    ))
}

/// Devices, and names whose end Windows cuts off ("Naming Files, Paths, and Namespaces").
fn is_windows_name(name: &str) -> bool {
    if !cfg!(windows) {
        return false;
    }
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let is_numbered = |device: &str| {
        let rest = stem
            .get(..3)
            .filter(|start| start.eq_ignore_ascii_case(device));
        rest.is_some() && stem[3..].parse::<u8>().is_ok()
    };
    name.ends_with(['.', ' '])
        || name.contains(['<', '>', '"', '|', '?', '*'])
        || ["con", "prn", "aux", "nul"]
            .iter()
            .any(|device| stem.eq_ignore_ascii_case(device))
        || is_numbered("com")
        || is_numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn of_a_path_the_last_part_counts() {
        for (name, plain) in [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            ("/etc/passwd", "passwd"),
            ("C:\\Users\\me\\dump.bin", "dump.bin"),
            ("a/b\\c.log", "c.log"),
            ("Bericht vom 3. März.pdf", "Bericht vom 3. März.pdf"),
            ("報告.pdf", "報告.pdf"),
        ] {
            assert_eq!(plain_name(name).expect("a name"), plain);
        }
    }

    #[test]
    fn names_that_hide_something_are_refused() {
        for (name, why) in [
            ("", "no last part"),
            ("dir/", "no last part"),
            (".", "a dot"),
            ("..", "a dot"),
            ("a/..", "a dot"),
            (".bashrc", "a dot"),
            ("x/.ssh", "a dot"),
            ("a\0b", "control"),
            ("a\nb", "control"),
            ("a\u{1b}[31mb", "control"),
            ("a\u{85}b", "control"),
            ("invoice\u{202e}fdp.exe", "not displayed"),
            ("a\u{2066}b", "not displayed"),
            ("a\u{200f}b", "not displayed"),
            ("a\u{61c}b", "not displayed"),
            ("a\u{200b}b", "not displayed"),
            ("a\u{2028}b", "not displayed"),
            ("\u{feff}a", "not displayed"),
            ("a:stream", "colon"),
        ] {
            let error = plain_name(name).expect_err("it is refused").to_string();
            assert!(error.contains(why), "{name:?}: {error}");
            assert!(name.len() < 3 || !error.contains(name), "{error}");
        }
        assert!(plain_name(&"a".repeat(256)).is_err());
        assert!(plain_name(&"a".repeat(255)).is_ok());
    }
}
