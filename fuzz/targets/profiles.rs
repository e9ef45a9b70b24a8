//! Profile files: parsed files can be written and parsed again, an error names a line, and no secret is shown.

#![no_main]

use attache_fuzz::machine::{self, Scripted, assert_free_of, everything_of};
use attache_runtime::FixedEnvironment;
use attache_runtime::fuzzing::{FuzzedSection, sections};
use libfuzzer_sys::fuzz_target;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

fuzz_target!(|file: &[u8]| {
    match sections(file) {
        Ok(found) => {
            let size: usize = found.iter().map(size).sum();
            // A lower-case letter may take three bytes where the upper-case one takes two, and nested settings are
            // stored twice.
            let most = 4 * file.len() + "DEFAULT".len();
            assert!(size <= most, "{size} bytes out of {}", file.len());
            if let Some(text) = written(&found) {
                assert_eq!(sections(text.as_bytes()).as_ref(), Ok(&found), "{text:?}");
            }
        }
        Err((line, message)) => {
            let lines = file.iter().filter(|byte| **byte == b'\n').count() + 1;
            assert!((1..=lines).contains(&line), "line {line} of {lines}");
            assert!(message.len() <= 4 * file.len() + 200);
        }
    }
    configure(file);
});

fn size(section: &FuzzedSection) -> usize {
    let settings = section.settings.iter().map(|setting| {
        let nested = setting.nested.iter();
        let nested: usize = nested.map(|(name, value)| name.len() + value.len()).sum();
        setting.name.len() + setting.text.len() + nested
    });
    section.name.len() + settings.sum::<usize>()
}

/// The sections as a file; `None` if the written text would be parsed differently: a continuation looks like a comment,
/// or contains another kind of line break.
fn written(sections: &[FuzzedSection]) -> Option<String> {
    let mut text = String::new();
    for section in sections {
        text.push_str(&format!("[{}]\n", section.name));
        for setting in &section.settings {
            let mut lines = setting.text.split('\n');
            let first = lines.next().unwrap_or_default();
            text.push_str(&format!("{} = {first}\n", setting.name));
            for line in lines {
                if line.starts_with(['#', ';']) || line.ends_with('\r') {
                    return None;
                }
                text.push_str(&format!("  {line}\n"));
            }
        }
    }
    Some(text)
}

/// Both files, with the input after a profile that has a secret.
fn configure(file: &[u8]) {
    let mut text = format!(
        "[profile known]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = {SECRET}\n"
    )
    .into_bytes();
    text.extend_from_slice(file);
    let environment = FixedEnvironment::default()
        .with_variable("HOME", "/home/someone")
        .with_file("/home/someone/.aws/config", text.clone())
        .with_file("/home/someone/.aws/credentials", file);
    let environment = std::sync::Arc::new(environment);
    for profile in ["known", "default"] {
        let builder = machine::config(&Scripted::default()).profile(profile);
        match builder.from_environment(environment.clone()) {
            Ok(builder) => {
                assert_free_of(&format!("{builder:?}"), &[SECRET], "the builder");
                match builder.build() {
                    Ok(config) => {
                        assert_free_of(&format!("{config:?}"), &[SECRET], "the configuration");
                    }
                    Err(error) => assert_free_of(&everything_of(&error), &[SECRET], "the error"),
                }
            }
            Err(error) => assert_free_of(&everything_of(&error), &[SECRET], "the error"),
        }
    }
}
