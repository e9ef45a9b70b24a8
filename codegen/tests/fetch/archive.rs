//! Small releases of botocore, made in memory, and where they stand on a server.

use std::io::{Cursor, Write as _};

use sha2::{Digest as _, Sha256};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::server::{Answer, Server};

/// A service in C2J with one operation, whose request has these members, all of them strings.
pub(crate) fn service(id: &str, members: &[&str]) -> String {
    let members: Vec<String> = members
        .iter()
        .map(|name| format!(r#""{name}": {{"shape": "Text"}}"#))
        .collect();
    format!(
        r#"{{"version": "2.0",
  "metadata": {{"apiVersion": "2020-01-01", "endpointPrefix": "{prefix}", "jsonVersion": "1.1", "protocol": "json",
    "protocols": ["json"], "serviceFullName": "Example {id}", "serviceId": "{id}", "signatureVersion": "v4",
    "targetPrefix": "Example", "uid": "{prefix}-2020-01-01"}},
  "operations": {{"GetThing": {{"name": "GetThing", "http": {{"method": "POST", "requestUri": "/"}},
    "input": {{"shape": "GetThingRequest"}}, "output": {{"shape": "GetThingResponse"}}}}}},
  "shapes": {{"GetThingRequest": {{"type": "structure", "members": {{{members}}}}},
    "GetThingResponse": {{"type": "structure", "members": {{}}}},
    "Text": {{"type": "string"}}}}}}"#,
        prefix = id.to_ascii_lowercase().replace(' ', "-"),
        members = members.join(", "),
    )
}

/// A wheel with these files.
pub(crate) fn wheel(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Puts releases on a server: their archives, and the page of the project at `/simple/botocore/`.
pub(crate) fn publish(server: &Server, releases: &[(&str, Vec<u8>)]) {
    let mut files = Vec::new();
    for (version, archive) in releases {
        let name = format!("botocore-{version}-py3-none-any.whl");
        let path = format!("/files/{name}");
        server.replace(
            &path,
            Answer::new(200, archive.clone()).with("ETag", &format!("\"{version}\"")),
        );
        files.push(format!(
            r#"{{"filename": "{name}", "url": "../../files/{name}", "hashes": {{"sha256": "{}"}}}}"#,
            sha256(archive)
        ));
    }
    let page = format!(r#"{{"name": "botocore", "files": [{}]}}"#, files.join(", "));
    let tag = format!("\"{}\"", sha256(page.as_bytes()));
    server.replace(
        "/simple/botocore/",
        Answer::new(200, page).with("ETag", &tag),
    );
}
