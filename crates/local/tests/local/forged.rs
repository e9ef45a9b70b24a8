//! Signatures that are almost right: no variant of a signed request is accepted.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use crate::stage::Stage;

/// The body that our client sends.
const BODY: &str = r#"{"communicationBody":"b","subject":"s"}"#;

/// A request of CreateCase: headers by their names in lower case, path and body.
#[derive(Clone, Debug, PartialEq)]
struct Request {
    headers: Vec<(String, String)>,
    path: &'static str,
    body: &'static str,
}

impl Request {
    /// The request that our client signs for a server, recorded by a listener.
    async fn signed(stage: &Stage) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
        let address = listener.local_addr().expect("it has an address");
        let heard = std::thread::spawn(move || hear(&listener));
        let config = stage
            .local
            .config()
            .endpoint_url(format!("http://{address}"));
        let config = config.max_attempts(1).build().expect("it is whole");
        let client = attache_support::Client::new(&config);
        let call = client.create_case().subject("s").communication_body("b");
        call.send().await.expect_err("nobody answers");
        let head = heard.join().expect("it has been heard");
        let lines = head.lines().skip(1).take_while(|line| !line.is_empty());
        let headers = lines.map(|line| {
            let (name, value) = line.split_once(':').expect("it is a header");
            (name.to_ascii_lowercase(), value.trim().to_owned())
        });
        Self {
            headers: headers
                .filter(|(name, _)| name != "content-length")
                .collect(),
            path: "/",
            body: BODY,
        }
    }

    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(found, _)| found == name);
        &found.expect("the header is there").1
    }

    fn changed(&self, name: &str, change: impl FnOnce(&str) -> String) -> Self {
        let mut request = self.clone();
        let found = request.headers.iter_mut().find(|(found, _)| found == name);
        let (_, value) = found.expect("the header is there");
        *value = change(value);
        assert_ne!(*self, request, "{name} is changed");
        request
    }

    fn without(&self, name: &str) -> Self {
        let mut request = self.clone();
        request.headers.retain(|(found, _)| found != name);
        request
    }

    fn with(&self, name: &str, value: &str) -> Self {
        let mut request = self.clone();
        request.headers.push((name.to_owned(), value.to_owned()));
        request
    }

    /// Sends it, and returns the status.
    fn send(&self, stage: &Stage) -> u16 {
        let mut text = format!("POST {} HTTP/1.1\r\nconnection: close\r\n", self.path);
        for (name, value) in &self.headers {
            text += &format!("{name}: {value}\r\n");
        }
        text += &format!("content-length: {}\r\n\r\n{}", self.body.len(), self.body);
        let mut stream = TcpStream::connect(stage.local.address()).expect("somebody listens");
        stream.write_all(text.as_bytes()).expect("it is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it is answered");
        let status = answer.split(' ').nth(1).expect("it has a status");
        status.parse().expect("it is a number")
    }
}

/// The head of the first request that comes.
fn hear(listener: &TcpListener) -> String {
    let (mut stream, _) = listener.accept().expect("somebody comes");
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    while !bytes.windows(4).any(|end| end == b"\r\n\r\n") {
        let length = stream.read(&mut buffer).expect("it is sent");
        bytes.extend_from_slice(&buffer[..length]);
    }
    String::from_utf8(bytes).expect("it is text")
}

/// What is changed in the header `Authorization`: a text, and what it is replaced with.
const AUTHORIZATION: [(&str, &str); 22] = [
    ("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"),
    ("AWS4-HMAC-SHA256", "aws4-hmac-sha256"),
    ("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"),
    ("AWS4-HMAC-SHA256", ""),
    ("Signature=", "Signature=0"),
    ("Signature=", "signature="),
    ("Signature=", "Signature=, Other="),
    ("Credential=", "credential="),
    ("SignedHeaders=", "Signedheaders="),
    ("aws4_request", "aws5_request"),
    ("/support/", "/s3/"),
    ("/support/", "/security-ir/"),
    ("/support/", "//"),
    ("/us-east-1/", "/eu-west-1/"),
    ("/us-east-1/", "//"),
    ("20260101", "20260102"),
    ("20260101", ""),
    ("AKIDATTACHELOCAL", "AKIDSOMEBODYELSE"),
    ("AKIDATTACHELOCAL", "ATTACHELOCALLINKS"),
    ("AKIDATTACHELOCAL", ""),
    (";x-amz-target", ""),
    ("x-amz-date;", ""),
];

fn variants(whole: &Request) -> Vec<Request> {
    let mut variants: Vec<Request> = AUTHORIZATION
        .iter()
        .map(|(text, other)| whole.changed("authorization", |all| all.replace(text, other)))
        .collect();
    // Every third digit of the signature, one digit less, and one more.
    let authorization = whole.header("authorization");
    let (before, signature) = authorization.split_at(authorization.len() - 64);
    for place in (0..signature.len()).step_by(3) {
        let digit = if &signature[place..=place] == "0" {
            "1"
        } else {
            "0"
        };
        let (first, last) = (&signature[..place], &signature[place + 1..]);
        variants.push(whole.changed("authorization", |_| format!("{before}{first}{digit}{last}")));
    }
    for other in [
        before,
        &authorization[..authorization.len() - 1],
        "",
        &authorization.to_uppercase(),
    ] {
        variants.push(whole.changed("authorization", |_| other.to_owned()));
    }
    variants.push(whole.changed("authorization", |all| format!("{all}0")));
    for date in ["20260101T000001Z", "20251231T235959Z", "tomorrow", ""] {
        variants.push(whole.changed("x-amz-date", |_| date.to_owned()));
    }
    for name in ["authorization", "x-amz-date", "x-amz-target"] {
        variants.push(whole.without(name));
    }
    for (name, value) in [
        ("x-amz-security-token", "token"),
        ("x-amz-target", "AWSSupport_20130415.CreateCase"),
        ("x-amz-other", ""),
    ] {
        variants.push(whole.with(name, value));
    }
    variants.push(whole.changed("x-amz-target", |target| {
        target.replace("CreateCase", "ResolveCase")
    }));
    variants.push(whole.changed("host", |_| "example.com".to_owned()));
    let messages = [
        ("/", r#"{"communicationBody":"b","subject":"t"}"#),
        ("/", ""),
        ("/?a=b", BODY),
        ("/?a", BODY),
        ("/?x=%2B", BODY),
    ];
    variants.extend(messages.map(|(path, body)| Request {
        path,
        body,
        ..whole.clone()
    }));
    variants
}

#[tokio::test]
async fn sixty_signatures_that_are_almost_right_open_no_case() {
    let stage = Stage::new().await;
    let whole = Request::signed(&stage).await;
    assert_eq!(whole.send(&stage), 200);
    let variants = variants(&whole);
    assert!(variants.len() >= 60, "{}", variants.len());
    for variant in variants {
        let status = variant.send(&stage);
        assert!((400..500).contains(&status), "{status}: {variant:?}");
    }
    let listed = stage.support.describe_cases().send().await;
    let cases = listed.expect("they are listed").cases;
    assert_eq!(cases.map(|cases| cases.len()), Some(1));
}
