//! The files of a command: what is listed, what is refused, and the manifest.

use std::path::PathBuf;

use attache_evidence::folder::Listing;
use attache_evidence::manifest::Manifest;
use serde_json::{Value, json};

use crate::arguments::{Note, Sending};
use crate::failure::{Failure, Kind, Result};
use crate::job::{Job, write_whole};

const STDIN: &str = "-";

/// The arguments as absolute paths, for the state: another run may have another current folder.
pub(crate) fn absolute(sending: &Sending) -> Result<Vec<String>> {
    let paths = sending.files.iter().map(|path| {
        if path.as_os_str() == STDIN {
            return Ok(format!("{STDIN} {}", sending.stdin_name));
        }
        let absolute = std::path::absolute(path);
        let absolute = absolute.map_err(|error| Failure::of_file(path.display(), error))?;
        Ok(absolute.to_string_lossy().into_owned())
    });
    paths.collect()
}

/// Lists the files, and refuses those that the service would refuse. A later run gets the same list.
pub(crate) async fn list(sending: &Sending, job: &mut Job, limit: u64) -> Result<Listing> {
    let mut paths = Vec::new();
    for path in &sending.files {
        if path.as_os_str() == STDIN {
            paths.push(keep_stdin(&sending.stdin_name, job, limit)?);
        } else {
            paths.push(path.clone());
        }
    }
    if let Some(listing) = &job.state.listing {
        return Ok(listing.clone());
    }
    let listing = Listing::of(paths).await?;
    if let Some(file) = listing.files.iter().find(|file| file.length > limit) {
        return Err(Failure::new(
            Kind::File,
            format!(
                "`{}` has {} bytes, and the service accepts {limit} at most; nothing was sent",
                file.path, file.length
            ),
        ));
    }
    if listing.files.is_empty() && !sending.files.is_empty() {
        let message = "the folders have no files with content; nothing was sent";
        return Err(Failure::new(Kind::File, message));
    }
    job.state.listing = Some(listing.clone());
    job.write()?;
    Ok(listing)
}

/// Writes the standard input to the state, so that it can be sent again after a break.
fn keep_stdin(name: &str, job: &mut Job, limit: u64) -> Result<PathBuf> {
    use std::io::{IsTerminal as _, Read as _};
    let is_plain = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\']);
    if !is_plain {
        return Err(Failure::new(
            Kind::Usage,
            format!("`--stdin-name {name}` is no name of a file"),
        ));
    }
    let path = job.stdin(name)?;
    let known = job.state.stdin_sha256.clone();
    if known.is_some() && std::io::stdin().is_terminal() {
        return Ok(path);
    }
    // The limits of both services are below what a machine has as memory.
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::of_file("the standard input", error))?;
    if bytes.is_empty() && known.is_some() {
        return Ok(path);
    }
    let hash = sha256(&bytes);
    if known.as_ref().is_some_and(|known| *known != hash) {
        return Err(Failure::new(
            Kind::State,
            "the standard input is not the one with which this command began; choose another file with --manifest",
        ));
    }
    if known.is_none() {
        write_whole(&path, &bytes)?;
        job.state.stdin_sha256 = Some(hash);
        job.write()?;
    }
    Ok(path)
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The text of a note.
pub(crate) fn text(note: &Note) -> Result<Option<String>> {
    match (&note.note, &note.note_file) {
        (Some(text), _) => Ok(Some(text.clone())),
        (None, Some(path)) => std::fs::read_to_string(path)
            .map(Some)
            .map_err(|error| Failure::of_file(path.display(), error)),
        (None, None) => Ok(None),
    }
}

/// The manifest of a command: that of its files, the case, and where each file was.
pub(crate) fn manifest(job: &Job, files: &Listing, command: &str, case: Value) -> Result<Value> {
    let mut all = Manifest::default();
    for batch in job.state.batches.values() {
        all.files.extend(batch.files.iter().cloned());
    }
    all.skipped.clone_from(&files.skipped);
    let failed = |error: serde_json::Error| Failure::new(Kind::Other, error.to_string());
    let mut value = serde_json::to_value(&all).map_err(failed)?;
    let sent = value.get_mut("files").and_then(Value::as_array_mut);
    for entry in sent.into_iter().flatten() {
        let path = entry.get("path").and_then(Value::as_str);
        let listed = files.files.iter().find(|file| Some(&*file.path) == path);
        let kept = listed.filter(|file| !job.has(&file.source));
        if let (Some(file), Some(entry)) = (kept, entry.as_object_mut()) {
            let source = file.source.to_string_lossy();
            entry.insert("source".to_owned(), json!(source));
        }
    }
    if let Some(object) = value.as_object_mut() {
        object.insert("command".to_owned(), json!(command));
        object.insert("case".to_owned(), case);
        object.insert("began".to_owned(), json!(job.state.began));
        object.insert(
            "finished".to_owned(),
            json!(attache_runtime::Timestamp::now()),
        );
    }
    Ok(value)
}
