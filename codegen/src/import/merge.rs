//! Merges botocore's `*.sdk-extras.json` into the corresponding file.
//!
//! Extras repair or extend a published file. botocore merges the value of their key `merge`, objects into objects and
//! any other value over the existing one (botocore, `loaders.py` and `utils.deep_merge`). This module does the same, so
//! that all readers of the files agree.

use serde_json::Value;

use crate::error::{Error, Result};
use crate::json;

/// Merges the text of one extras file into the file that it extends.
pub(super) fn merge_extras(base: &mut Value, extras: &str) -> Result<()> {
    let Value::Object(mut root) = json::parse(extras)? else {
        return Err(Error::new("an extras file is a JSON object"));
    };
    root.remove("version");
    let merge = root.remove("merge");
    if let Some(key) = root.keys().next() {
        return Err(Error::new(format!(
            "unknown key `{key}`: extras are known to hold `version` and `merge` only"
        )));
    }
    if let Some(merge) = merge {
        deep_merge(base, merge);
    }
    Ok(())
}

fn deep_merge(base: &mut Value, extra: Value) {
    match (base, extra) {
        (Value::Object(base), Value::Object(extra)) => {
            for (key, value) in extra {
                match base.get_mut(&key) {
                    Some(existing) => deep_merge(existing, value),
                    None => {
                        base.insert(key, value);
                    }
                }
            }
        }
        (base, extra) => *base = extra,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::merge_extras;

    #[test]
    fn extras_extend_objects_and_replace_values() {
        let mut base = json!({"metadata": {"serviceId": "old", "uid": "x"}, "shapes": {}});
        let extras = r#"{"version": 1.0, "merge": {"metadata": {"serviceId": "EKS"}, "shapes": {"A": {"type": "string"}}}}"#;
        merge_extras(&mut base, extras).expect("the extras are sound");
        assert_eq!(
            base,
            json!({"metadata": {"serviceId": "EKS", "uid": "x"}, "shapes": {"A": {"type": "string"}}})
        );
    }

    #[test]
    fn another_key_than_merge_is_refused() {
        let error =
            merge_extras(&mut json!({}), r#"{"replace": {}}"#).expect_err("the key is unknown");
        assert!(error.to_string().contains("`replace`"), "{error}");
    }
}
