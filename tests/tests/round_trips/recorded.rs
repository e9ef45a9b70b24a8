//! Answers that the real service gave are read, and written by serde as they were.

use attache_runtime::plumbing::message::HttpResponse;
use attache_tests::operations::support;
use http::HeaderMap;
use serde_json::Value;

/// Name and text of each answer; none if the reference data is absent.
#[track_caller]
fn answers() -> Vec<(String, String)> {
    let Some(folder) = reference_data::path("recorded-answers/support") else {
        return Vec::new();
    };
    let mut answers = Vec::new();
    for entry in std::fs::read_dir(&folder).expect("the folder can be listed") {
        let path = entry.expect("the folder can be listed").path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let text = std::fs::read_to_string(&path).expect("the file can be read");
            let name = path.file_stem().expect("a name").to_string_lossy();
            answers.push((name.into_owned(), text));
        }
    }
    assert!(!answers.is_empty(), "{} holds no answer", folder.display());
    answers
}

#[test]
fn recorded_answers_of_support_are_read_and_written_as_they_were() {
    for (name, text) in answers() {
        let (operation, _) = name.rsplit_once('-').expect("an operation and a number");
        let service = support();
        let operation = service.operations.iter().find(|it| it.name == operation);
        let operation = operation.expect("the client has the operation");
        let response = HttpResponse::new(200, HeaderMap::new(), text.clone());
        let read = (operation.decode)(response).unwrap_or_else(|error| panic!("{name}: {error}"));
        let recorded: Value = serde_json::from_str(&text).expect("the answer is JSON");
        assert_eq!(read, recorded, "{name}");
        assert_eq!((operation.read)(&text), Ok(read.clone()), "{name}");
        assert_eq!((operation.read_known)(&text), Ok(read), "{name}");
    }
}

/// The first list of some elements in a value, the outermost one.
fn first_list(value: &mut Value) -> Option<&mut Vec<Value>> {
    match value {
        Value::Array(elements) => Some(elements).filter(|elements| !elements.is_empty()),
        Value::Object(members) => members.values_mut().find_map(first_list),
        _ => None,
    }
}

/// The value limit is 256 MiB. Answers of a megabyte, with the elements of real ones, take less than eight times their
/// bytes, so that answers of 32 MiB are read, which is more than any service writes into a page.
#[test]
fn what_is_made_of_real_elements_takes_less_than_eight_times_their_bytes() {
    for (name, text) in answers() {
        let mut value: Value = serde_json::from_str(&text).expect("the answer is JSON");
        let Some(list) = first_list(&mut value) else {
            continue;
        };
        let elements = list.clone();
        let copies = (1 << 20) / Value::from(elements.clone()).to_string().len();
        *list = elements.into_iter().cycle().take(copies).collect();
        let text = value.to_string();
        let (operation, _) = name.rsplit_once('-').expect("an operation and a number");
        let service = support();
        let operation = service.operations.iter().find(|it| it.name == operation);
        let limit = 8 * text.len() as u64;
        let response = HttpResponse::new(200, HeaderMap::new(), text).with_value_limit(limit);
        let read = (operation.expect("it is in the list").decode)(response);
        assert!(read.is_ok(), "{name}: {read:?}");
    }
}
