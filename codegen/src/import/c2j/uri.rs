//! URI patterns. C2J labels contain the wire name of a member, Smithy labels its own name.

use std::collections::BTreeMap;

use crate::error::{Error, Result};

/// Rewrites the labels of a pattern; `members` maps the wire names of the members that are bound to the URI to their
/// own names.
pub(super) fn with_member_names(
    pattern: &str,
    mut members: BTreeMap<String, String>,
) -> Result<String> {
    let mut uri = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (label, after) = after
            .split_once('}')
            .ok_or_else(|| Error::new(format!("the URI `{pattern}` has a label without an end")))?;
        let (name, greedy) = label
            .strip_suffix('+')
            .map_or((label, ""), |name| (name, "+"));
        let member = members.remove(name).ok_or_else(|| {
            Error::new(format!(
                "the URI `{pattern}` has the label `{name}`, to which no member of the input is bound"
            ))
        })?;
        uri.push_str(&format!("{before}{{{member}{greedy}}}"));
        rest = after;
    }
    uri.push_str(rest);
    match members.into_iter().next() {
        None => Ok(uri),
        Some((name, member)) => Err(Error::new(format!(
            "the member `{member}` is bound to the label `{name}`, which the URI `{pattern}` lacks"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::with_member_names;

    fn members(pairs: &[(&str, &str)]) -> std::collections::BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(wire, own)| ((*wire).to_owned(), (*own).to_owned()))
            .collect()
    }

    #[test]
    fn labels_take_the_names_of_members() {
        for (pattern, bound, uri) in [
            ("/", vec![], "/"),
            ("/a/{id}/b", vec![("id", "id")], "/a/{id}/b"),
            (
                "/a/{api_id}?mode=import",
                vec![("api_id", "apiId")],
                "/a/{apiId}?mode=import",
            ),
            (
                "/{Bucket}/{key+}",
                vec![("Bucket", "bucket"), ("key", "Key")],
                "/{bucket}/{Key+}",
            ),
        ] {
            assert_eq!(
                with_member_names(pattern, members(&bound)).as_deref(),
                Ok(uri)
            );
        }
    }

    #[test]
    fn labels_and_members_belong_together() {
        for (pattern, bound) in [
            ("/{id}", vec![]),
            ("/", vec![("id", "id")]),
            ("/{id", vec![("id", "id")]),
            ("/{id}/{id}", vec![("id", "id")]),
        ] {
            assert!(
                with_member_names(pattern, members(&bound)).is_err(),
                "{pattern}"
            );
        }
    }
}
