//! A constraint of a model, the place in a request that it holds for, and how it is broken there.

use serde_json::Value;

use super::change::Change;

/// A way to break one constraint.
#[derive(Clone, Debug)]
pub(super) struct Breakage {
    /// The members, with `0` for the first element of a list and `*` for the first value of a map.
    pub(super) path: Vec<String>,
    /// The kind of violation to expect.
    pub(super) kind: &'static str,
    /// Which of the limits of the constraint: `below`, `above`, or nothing where there is one only.
    pub(super) side: &'static str,
    /// What is done to the value.
    pub(super) change: Change,
    /// What makes the value meet the limit exactly.
    pub(super) meet: Change,
}

impl Breakage {
    /// Requests in which it is broken; none where the request lacks the place.
    pub(super) fn broken(&self, request: &Value) -> Vec<Value> {
        self.change.made(request, &self.path)
    }

    /// Requests in which its limit is met exactly.
    pub(super) fn met(&self, request: &Value) -> Vec<Value> {
        self.meet.made(request, &self.path)
    }

    /// The path as a JSON Pointer of this request.
    pub(super) fn pointer(&self, request: &Value) -> String {
        let mut pointer = String::new();
        let mut place = request;
        for segment in &self.path {
            match segment.as_str() {
                "@" => return pointer,
                "*" => {
                    let Some((key, value)) = place.as_object().and_then(|map| map.iter().next())
                    else {
                        return pointer;
                    };
                    let shown: String = key.chars().take(64).collect();
                    pointer += &format!("/{}", shown.replace('~', "~0").replace('/', "~1"));
                    place = value;
                }
                name => {
                    pointer += &format!("/{name}");
                    place = match place {
                        Value::Array(elements) => elements.first().unwrap_or(&Value::Null),
                        other => &other[name],
                    };
                }
            }
        }
        match (&self.change, self.kind) {
            (Change::Remove(names), "Required" | "Recommended") => pointer + "/" + &names[0],
            (Change::Swap(_, second, _), _) => pointer + "/" + second,
            _ => pointer,
        }
    }
}
