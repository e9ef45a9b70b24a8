//! `models/attache.toml`: reading is deterministic, names are valid, and an error names the file.

#![no_main]

use attache_codegen::workspace::config;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let config = match config::fuzzed(text) {
        Ok(config) => config,
        Err(error) => {
            let message = format!("{error:#}");
            assert!(message.contains("models/attache.toml"), "{message}");
            return;
        }
    };
    assert!(config.services.is_sorted_by(|one, two| one.name < two.name));
    for service in &config.services {
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        assert!(
            !service.crate_name.is_empty() && service.crate_name.chars().all(is_name),
            "the crate {:?}",
            service.crate_name
        );
        assert!(config.service(&service.name).is_some());
    }
    // Comments and blank lines have no meaning.
    let again = config::fuzzed(&format!("{text}\n\n# a comment\n"));
    assert_eq!(again.ok().as_ref(), Some(&config));
});
