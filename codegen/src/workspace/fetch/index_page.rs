//! The page of a project in a Python package index, in both forms of the "simple repository API": JSON and HTML.

use anyhow::{Context, Result};
use html5gum::{Token, Tokenizer};
use reqwest::Url;
use serde::Deserialize;
use serde_json::Value;

/// A file of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PublishedFile {
    /// Its name.
    pub(super) name: String,
    /// Its address.
    pub(super) address: String,
    /// Its SHA-256, if the index lists one.
    pub(super) sha256: Option<String>,
    /// Whether the release was withdrawn.
    pub(super) is_yanked: bool,
}

#[derive(Deserialize)]
struct Page {
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    filename: String,
    url: String,
    #[serde(default)]
    hashes: Hashes,
    /// `false`, `true`, or the reason as a text.
    #[serde(default)]
    yanked: Value,
}

#[derive(Default, Deserialize)]
struct Hashes {
    sha256: Option<String>,
}

/// Reads the page at `address`, to which relative addresses in it refer.
///
/// # Errors
/// A page that is neither form.
pub(super) fn read(address: &str, text: &str) -> Result<Vec<PublishedFile>> {
    let base = Url::parse(address).context("the address of the index cannot be read")?;
    let mut files = read_either(&base, text)?;
    for file in &mut files {
        file.address = with_credentials(&base, &file.address);
    }
    Ok(files)
}

/// The address of a file, with the name and the password of the index where the index has the file itself. An index may
/// list full addresses, which have none.
fn with_credentials(base: &Url, address: &str) -> String {
    let Ok(mut file) = Url::parse(address) else {
        return address.to_owned();
    };
    if file.origin() == base.origin() && file.username().is_empty() && file.password().is_none() {
        // Only addresses that cannot have them return an error.
        let _ = file.set_username(base.username());
        let _ = file.set_password(base.password());
    }
    file.into()
}

fn read_either(base: &Url, text: &str) -> Result<Vec<PublishedFile>> {
    let is_json = text
        .trim_start_matches('\u{feff}')
        .trim_start()
        .starts_with('{');
    if is_json {
        read_json(base, text.trim_start_matches('\u{feff}'))
    } else {
        Ok(read_html(base, text))
    }
}

fn read_json(base: &Url, text: &str) -> Result<Vec<PublishedFile>> {
    let page: Page = serde_json::from_str(text).context("the page of the index cannot be read")?;
    let file = |file: File| {
        Some(PublishedFile {
            name: file.filename,
            address: base.join(&file.url).ok()?.into(),
            sha256: file.hashes.sha256,
            is_yanked: file.yanked == Value::Bool(true) || file.yanked.is_string(),
        })
    };
    Ok(page.files.into_iter().filter_map(file).collect())
}

/// Every link is a file: its text is the name, and the fragment of its address the digest.
fn read_html(base: &Url, text: &str) -> Vec<PublishedFile> {
    let mut files = Vec::new();
    let mut open: Option<PublishedFile> = None;
    for token in Tokenizer::new(text) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) if &*tag.name == b"a" => {
                let attribute = |name: &str| {
                    let value = tag.attributes.get(name.as_bytes())?;
                    Some(String::from_utf8_lossy(value).into_owned())
                };
                let is_yanked = attribute("data-yanked").is_some();
                let target = attribute("href").and_then(|target| base.join(target.trim()).ok());
                open = target.map(|mut target| {
                    let digest = target
                        .fragment()
                        .and_then(|text| text.strip_prefix("sha256="));
                    let sha256 = digest.map(str::to_owned);
                    target.set_fragment(None);
                    PublishedFile {
                        name: String::new(),
                        address: target.into(),
                        sha256,
                        is_yanked,
                    }
                });
            }
            Token::EndTag(tag) if &*tag.name == b"a" => files.extend(open.take()),
            Token::String(text) => {
                if let Some(file) = &mut open {
                    file.name.push_str(String::from_utf8_lossy(&text).trim());
                }
            }
            _ => {}
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::read;

    const ADDRESS: &str = "http://index.example/simple/botocore/";

    #[test]
    fn both_forms_say_the_same() {
        let json = r#"{"name": "botocore", "files": [
            {"filename": "botocore-1.0-py3-none-any.whl", "url": "../../files/b-1.0.whl", "hashes": {"sha256": "ab"}},
            {"filename": "botocore-1.1.tar.gz", "url": "http://other.example/b.tgz", "hashes": {}, "yanked": "broken"}]}"#;
        let html = "<!DOCTYPE html><html><body><!-- <a href=no>no</a> -->
            <a href='../../files/b-1.0.whl#sha256=ab'
               data-requires-python='&gt;=3.9'>botocore-1.0-py3-none-any.whl</a><br/>
            <A HREF=\"http://other.example/b.tgz\" data-yanked>botocore-1.1.tar.gz</A>";
        let found = read(ADDRESS, json).unwrap();
        assert_eq!(found, read(ADDRESS, html).unwrap());
        assert_eq!(found[0].address, "http://index.example/files/b-1.0.whl");
        assert_eq!(found[0].sha256.as_deref(), Some("ab"));
        assert!(found[1].is_yanked && !found[0].is_yanked);
    }

    #[test]
    fn a_broken_page_is_an_error_and_an_empty_one_has_no_files() {
        assert!(read(ADDRESS, "{\"files\": 3}").is_err());
        assert_eq!(read(ADDRESS, "").unwrap(), []);
    }
}
