//! The files of settings that the pages show.

use libtest_mimic::Failed;

use crate::pages;

/// Every block of TOML and of JSON is one.
pub(crate) fn check() -> Result<(), Failed> {
    let mut wrong = Vec::new();
    for page in pages()? {
        for block in &page.blocks {
            let error = match block.language.as_str() {
                "toml" => block
                    .code
                    .parse::<toml_edit::DocumentMut>()
                    .err()
                    .map(|error| error.to_string()),
                "json" => serde_json::from_str::<serde_json::Value>(&block.code)
                    .err()
                    .map(|error| error.to_string()),
                _ => None,
            };
            wrong.extend(
                error.map(|error| format!("{}:{}: {error}", page.path.display(), block.line)),
            );
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n").into())
    }
}
