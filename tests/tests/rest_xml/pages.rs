//! Pages whose token may be missing: the last key takes its place.

use attache_tests::transport::Answers;

use super::client;

fn page(next: Option<&str>, is_truncated: bool, keys: &[&str]) -> String {
    let next = next.map(|next| format!("<NextMarker>{next}</NextMarker>"));
    let keys = keys
        .iter()
        .map(|key| format!("<Contents><Key>{key}</Key></Contents>"));
    format!(
        "<ListThingsResult><EncodingType>url</EncodingType><IsTruncated>{is_truncated}</IsTruncated>{}{}</ListThingsResult>",
        next.unwrap_or_default(),
        keys.collect::<String>()
    )
}

#[tokio::test]
async fn the_last_key_is_the_token_of_a_page_without_one() {
    let answers = Answers::default()
        .then(200, &[], &page(None, true, &["a", "b+%2B"]))
        .then(200, &[], &page(Some("m%2Fn"), true, &["c"]))
        .then(200, &[], &page(Some(""), true, &["d"]))
        .then(200, &[], &page(None, false, &["e"]));
    let items = client(&answers).list_things().bucket("chest").items();
    let items = items.collect().await.expect("four pages");
    let keys: Vec<_> = items.into_iter().filter_map(|thing| thing.key).collect();
    assert_eq!(keys, ["a", "b +", "c", "d", "e"]);
    let markers: Vec<String> = answers
        .sent()
        .iter()
        .map(|sent| marker(&sent.url))
        .collect();
    assert_eq!(markers, ["", "b%20%2B", "m%2Fn", "d"]);
}

/// The parameter of a query.
fn marker(url: &str) -> String {
    let (_, query) = url.split_once('?').unwrap_or_default();
    let mut pairs = query.split('&');
    let marker = pairs.find_map(|pair| pair.strip_prefix("marker="));
    marker.unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_page_without_anything_is_the_last_one() {
    let answers = Answers::default().then(200, &[], &page(None, true, &[]));
    let mut pages = client(&answers).list_things().bucket("chest").pages();
    assert!(pages.next().await.expect("a page").is_ok());
    assert!(pages.next().await.is_none());
}
