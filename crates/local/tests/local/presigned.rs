//! Presigned URLs under attack: whatever is changed about one, nothing is stored and nothing is read.

use crate::stage::{Stage, security_ir_case, send};

const CONTENT: &[u8] = b"four";

/// A URL, its method, and the headers that it demands.
struct Link {
    method: &'static str,
    url: String,
    headers: Vec<(&'static str, &'static str)>,
}

impl Link {
    fn body(&self) -> Vec<u8> {
        match self.method {
            "PUT" => CONTENT.to_vec(),
            _ => Vec::new(),
        }
    }

    async fn status(&self, method: &str, url: &str, headers: &[(&str, &str)]) -> u16 {
        let answer = send(method, url, headers, self.body()).await;
        answer.expect("it is answered").status().as_u16()
    }
}

/// One URL of each kind; the files of the downloads are there.
async fn links(stage: &Stage) -> Vec<Link> {
    let case = security_ir_case(stage).await;
    let upload_url = |name: &'static str| {
        let call = stage.security_ir.get_case_attachment_upload_url();
        let call = call.case_id(&case).file_name(name).content_length(4);
        async { call.send().await.expect("a URL").attachment_presigned_url }
    };
    let put = |url: String, headers: &[(&'static str, &'static str)]| Link {
        method: "PUT",
        url,
        headers: headers.to_vec(),
    };
    let get = |url: String| Link {
        method: "GET",
        url,
        headers: Vec::new(),
    };
    let stored = upload_url("stored.log").await;
    assert_eq!(stage.put(&stored, CONTENT.to_vec()).await.0, 200);
    stage.wait(1);
    let shown = stage.security_ir.get_case().case_id(&case).send().await;
    let files = shown.expect("the case").case_attachments;
    let id = files.expect("files")[0].attachment_id.clone();
    let call = stage.security_ir.get_case_attachment_download_url();
    let call = call.case_id(&case).attachment_id(id);
    let download = call.send().await.expect("a URL").attachment_presigned_url;
    let call = stage.support.get_attachment_upload_links();
    let part = call.file_name("a.log").file_size_bytes(4).send().await;
    let part = part.expect("links").upload_urls[0].url.clone();
    vec![
        put(upload_url("new.log").await, &[("if-none-match", "*")]),
        get(download),
        put(part, &[]),
    ]
}

/// Another letter of the same kind.
fn another(letter: u8) -> u8 {
    match letter {
        b'9' => b'0',
        b'z' => b'a',
        b'Z' => b'A',
        b'0'..=b'8' | b'a'..=b'y' | b'A'..=b'Y' => letter + 1,
        _ => b'x',
    }
}

/// URLs that differ from a good one in one place.
fn variants(url: &str) -> Vec<String> {
    let (address, query) = url.split_once('?').expect("a query");
    let start = address.find("/_files/").expect("a path");
    let mut variants = Vec::new();
    for place in start + 1..url.len() {
        let mut bytes = url.as_bytes().to_vec();
        let is_text = bytes[place].is_ascii_alphanumeric();
        // Of an escape only the digits are text, and those of either case mean the same.
        let is_escape = place >= 2 && (bytes[place - 1] == b'%' || bytes[place - 2] == b'%');
        if is_text && !is_escape {
            bytes[place] = another(bytes[place]);
            variants.push(String::from_utf8(bytes).expect("it is text"));
        }
    }
    let pairs: Vec<&str> = query.split('&').collect();
    for (index, pair) in pairs.iter().enumerate() {
        let (name, _) = pair.split_once('=').expect("a value");
        let with = |replacement: &[String]| {
            let mut changed: Vec<String> = pairs.iter().map(|pair| (*pair).to_owned()).collect();
            changed.splice(index..=index, replacement.iter().cloned());
            format!("{address}?{}", changed.join("&"))
        };
        variants.extend([
            with(&[]),
            with(&[format!("{name}=")]),
            with(&[name.to_owned()]),
            with(&[(*pair).to_owned(), (*pair).to_owned()]),
            with(&[format!("{pair}0")]),
            with(&[format!("{pair}%00")]),
        ]);
    }
    for extra in [
        "x=1",
        "X-Amz-Expires=999999",
        "versionId=1",
        "X-Amz-Security-Token=t",
    ] {
        variants.push(format!("{url}&{extra}"));
    }
    for (from, to) in [
        ("content-length%3Bhost%3Bif-none-match", "host"),
        ("X-Amz-Expires=900", "X-Amz-Expires=604800"),
        ("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"),
        ("/_files/", "/_files/./"),
        ("/_files/", "/x/../_files/"),
        ("/_files/", "//_files/"),
        ("%2Fs3%2F", "%2Fsupport%2F"),
    ] {
        if url.contains(from) {
            variants.push(url.replace(from, to));
        }
    }
    variants
}

#[tokio::test]
async fn a_url_that_was_changed_in_any_place_is_refused() {
    let stage = Stage::new().await;
    let (mut tried, mut accepted) = (0, Vec::new());
    for link in links(&stage).await {
        for variant in variants(&link.url) {
            tried += 1;
            if link.status(link.method, &variant, &link.headers).await < 400 {
                accepted.push(variant);
            }
        }
        for method in ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"] {
            // A file that may be read may be requested with HEAD.
            if method != link.method {
                tried += 1;
                if link.status(method, &link.url, &link.headers).await < 400 {
                    accepted.push(format!("{method} {}", link.url));
                }
            }
        }
        for header in [
            ("x-amz-acl", "public-read"),
            ("x-amz-security-token", "t"),
            ("x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
            ("x-amz-copy-source", "/a/b"),
        ] {
            tried += 1;
            let headers: Vec<_> = link.headers.iter().copied().chain([header]).collect();
            if link.status(link.method, &link.url, &headers).await < 400 {
                accepted.push(format!("{header:?}"));
            }
        }
        assert!(accepted.is_empty(), "{accepted:#?}");
        // The original URL was valid all the time.
        let status = link.status(link.method, &link.url, &link.headers).await;
        assert_eq!(status, 200, "{}", link.url);
    }
    println!("{tried} changes of presigned URLs, none accepted");
    assert!(tried > 900, "{tried}");
    let files = stage.local.attachments().expect("they are read");
    assert_eq!(files.len(), 2, "the file that was there, and the new one");
}
