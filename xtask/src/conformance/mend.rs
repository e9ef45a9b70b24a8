//! Corrects errors in the Smithy files of the suites.
//!
//! They come from a converter that applies the traits of a shape to the previous shape. An operation then has the HTTP
//! binding of the next one and lacks its own, and an error is not marked as an error. The specification decides: a
//! binding must fit the requests of the operation's cases, and every shape that an operation lists as an error is one, as
//! every shape that another one names as a mixin is a mixin.
//! Nothing else is changed, and nothing at all in a correct model.

use serde_json::{Map, Value, json};

use super::members::text;

const HTTP: &str = "smithy.api#http";
const ERROR: &str = "smithy.api#error";
const MIXIN: &str = "smithy.api#mixin";
const XML: [&str; 2] = ["smithy.api#xmlName", "smithy.api#xmlNamespace"];
const REQUESTS: &str = "smithy.test#httpRequestTests";
const RESPONSES: &str = "smithy.test#httpResponseTests";

/// Corrects the shapes of a model; returns the names of those that were wrong.
pub(super) fn mend(shapes: &mut Map<String, Value>) -> Vec<String> {
    let mut mended = errors(shapes);
    mended.extend(mixins(shapes));
    mended.extend(elements(shapes));
    let is_rest = shapes.values().any(|shape| {
        let has = |protocol: &str| shape["traits"].get(protocol).is_some();
        has("aws.protocols#restJson1") || has("aws.protocols#restXml")
    });
    if is_rest {
        mended.extend(bindings(shapes));
    }
    mended
}

/// Every shape that another one names as a mixin is one.
fn mixins(shapes: &mut Map<String, Value>) -> Vec<String> {
    let named: Vec<String> = shapes
        .values()
        .filter_map(|shape| shape.get("mixins")?.as_array())
        .flatten()
        .filter_map(|mixin| text(mixin, "target"))
        .collect();
    let mut mended = Vec::new();
    for (id, shape) in shapes {
        if !named.contains(id)
            && let Some(traits) = shape.get_mut("traits").and_then(Value::as_object_mut)
        {
            traits.remove(MIXIN);
        }
        if named.contains(id) && shape["traits"].get(MIXIN).is_none() {
            shape["traits"][MIXIN] = json!({});
            mended.push(id.clone());
        }
    }
    mended
}

/// An operation is no element of XML: a trait that names one belongs to its input, or to the mixin that it is made of.
fn elements(shapes: &mut Map<String, Value>) -> Vec<String> {
    let mut moved = Vec::new();
    for shape in shapes.values_mut() {
        if shape["type"] != "operation" {
            continue;
        }
        let input = text(&shape["input"], "target");
        let traits = shape.get_mut("traits").and_then(Value::as_object_mut);
        if let (Some(input), Some(traits)) = (input, traits) {
            let found = XML.iter().filter_map(|id| Some((*id, traits.remove(*id)?)));
            moved.extend(found.map(|(id, value)| (input.clone(), id, value)));
        }
    }
    let mut mended = Vec::new();
    for (input, id, value) in moved {
        let mixin = shapes
            .get(&input)
            .and_then(|shape| text(&shape["mixins"][0], "target"));
        let owner = mixin.unwrap_or(input);
        if let Some(shape) = shapes.get_mut(&owner) {
            shape["traits"][id] = value;
            mended.push(owner);
        }
    }
    mended
}

fn errors(shapes: &mut Map<String, Value>) -> Vec<String> {
    let listed: Vec<String> = shapes
        .values()
        .filter_map(|shape| shape.get("errors")?.as_array())
        .flatten()
        .filter_map(|error| text(error, "target"))
        .collect();
    let mut mended = Vec::new();
    for (id, shape) in shapes {
        if shape["type"] == "operation"
            && let Some(traits) = shape["traits"].as_object_mut()
        {
            traits.remove(ERROR);
        }
        if listed.contains(id) && shape["traits"].get(ERROR).is_none() {
            shape["traits"][ERROR] = json!("client");
            mended.push(id.clone());
        }
    }
    mended
}

fn bindings(shapes: &mut Map<String, Value>) -> Vec<String> {
    // A binding that fits its operation belongs to this operation only.
    let misplaced: Vec<Value> = shapes
        .values()
        .filter_map(|shape| {
            let http = shape["traits"].get(HTTP)?;
            let fits = requests(shape).iter().any(|request| matches(http, request));
            (!fits).then(|| http.clone())
        })
        .collect();
    let mut mended = Vec::new();
    for (id, shape) in shapes {
        if shape["type"] != "operation" {
            continue;
        }
        let requests = requests(shape);
        let http = shape["traits"].get(HTTP);
        let fits = |http: &Value| requests.iter().any(|request| matches(http, request));
        match (http, requests.first()) {
            (Some(http), Some(_)) if fits(http) => continue,
            (Some(_), None) => continue,
            (_, Some((method, path))) => {
                let found = misplaced.iter().find(|http| fits(http)).cloned();
                let lost = || json!({"method": method, "uri": path});
                shape["traits"][HTTP] = found.unwrap_or_else(lost);
            }
            (None, None) if shape["traits"].get(RESPONSES).is_some() => {
                shape["traits"][HTTP] = json!({"method": "POST", "uri": "/"});
            }
            (None, None) => continue,
        }
        mended.push(id.clone());
    }
    mended
}

/// The requests of an operation's cases.
fn requests(operation: &Value) -> Vec<(String, String)> {
    let tests = operation["traits"].get(REQUESTS).and_then(Value::as_array);
    tests.into_iter().flatten().filter_map(request).collect()
}

/// The method and the path of a case, without the prefix of its endpoint.
fn request(test: &Value) -> Option<(String, String)> {
    let path = text(test, "uri")?;
    let host = text(test, "host").unwrap_or_default();
    // Where the endpoint rules put a label into the host, the path has not all of the binding.
    if text(test, "resolvedHost").is_some_and(|resolved| resolved != host) {
        return None;
    }
    let prefix = host.find('/').map_or("", |slash| &host[slash..]);
    let path = path.strip_prefix(prefix).unwrap_or(&path).to_owned();
    Some((text(test, "method")?, path))
}

/// Whether a binding results in such a request.
fn matches(http: &Value, (method, path): &(String, String)) -> bool {
    let pattern = http["uri"].as_str().unwrap_or_default();
    let pattern = pattern.split('?').next().unwrap_or(pattern);
    let pattern: Vec<&str> = pattern.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    http["method"] == **method && segments_match(&pattern, &path)
}

fn segments_match(pattern: &[&str], path: &[&str]) -> bool {
    let Some((first, rest)) = pattern.split_first() else {
        return path.is_empty();
    };
    let is_label = first.starts_with('{');
    let most = match (first.ends_with("+}"), path.len()) {
        (_, 0) => return false,
        (true, length) => length,
        (false, _) => 1,
    };
    (is_label || *first == path[0]) && (1..=most).any(|taken| segments_match(rest, &path[taken..]))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{matches, mend};

    #[test]
    fn labels_match_segments_and_greedy_ones_several() {
        for (pattern, path, fits) in [
            ("/a/{b}", "/a/x", true),
            ("/a/{b}", "/a/x/y", false),
            ("/a/{b+}/c?q", "/a/x/y/c", true),
            ("/a/{b+}/c", "/a/c", false),
            ("/", "/", true),
            ("/a", "/b", false),
        ] {
            let http = json!({"method": "GET", "uri": pattern});
            let request = ("GET".to_owned(), path.to_owned());
            assert_eq!(matches(&http, &request), fits, "{pattern} {path}");
        }
    }

    #[test]
    fn bindings_go_back_to_their_operations() {
        let operation = |uri: Option<&str>, tested: &str| {
            let tests = json!([{"method": "GET", "uri": tested}]);
            let mut operation =
                json!({"type": "operation", "traits": {"smithy.test#httpRequestTests": tests}});
            if let Some(uri) = uri {
                operation["traits"]["smithy.api#http"] = json!({"method": "GET", "uri": uri});
            }
            operation
        };
        let mut model = json!({
            "a#One": operation(Some("/two/{x}"), "/one"),
            "a#Right": operation(Some("/{x}"), "/right"),
            "a#Service": {"type": "service", "traits": {"aws.protocols#restJson1": {}}},
            "a#Two": operation(None, "/two/2"),
        });
        let shapes = model.as_object_mut().expect("it is an object");
        assert_eq!(mend(shapes), ["a#One", "a#Two"]);
        let uri = |name: &str| -> &Value { &shapes[name]["traits"]["smithy.api#http"]["uri"] };
        assert_eq!(uri("a#One"), "/one");
        assert_eq!(uri("a#Right"), "/{x}");
        assert_eq!(uri("a#Two"), "/two/{x}");
        assert!(mend(shapes).is_empty());
    }
}
