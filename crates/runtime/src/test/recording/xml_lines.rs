//! Lines of XML as values, in which two documents are compared.

use crate::document::Document;

/// The lines of a document that was written with a line for each element, so that they can be compared: of a line with a
/// text, the tags and the text are apart.
pub(super) fn xml_lines(text: &str) -> Vec<Document> {
    let line = |line: &str| {
        let start = line.find('>').map(|at| at + 1);
        let parts = start.zip(line.rfind("</"));
        match parts.filter(|(start, end)| start <= end) {
            Some((start, end)) => [&line[..start], &line[start..end], &line[end..]]
                .into_iter()
                .map(Document::from)
                .collect(),
            None => line.into(),
        }
    };
    text.lines().map(line).collect()
}
