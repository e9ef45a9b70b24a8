//! Presigned URLs: which requests they permit, and for how long.

use attache_local::Fault;

use crate::stage::{Stage, security_ir_case, send};

async fn upload_url(stage: &Stage, size: i64) -> String {
    let call = stage
        .support
        .get_attachment_upload_links()
        .file_name("a.log")
        .file_size_bytes(size);
    let links = call.send().await.expect("there are links");
    links.upload_urls[0].url.clone()
}

#[tokio::test]
async fn a_part_must_have_its_size() {
    let stage = Stage::new().await;
    let url = upload_url(&stage, 10).await;
    for (length, code) in [
        (9, "EntityTooSmall"),
        (11, "EntityTooLarge"),
        (0, "EntityTooSmall"),
    ] {
        let (status, _, text) = stage.put(&url, vec![b'a'; length]).await;
        assert!(status == 400 && text.contains(code), "{length}: {text}");
    }
    let digest = [("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==")];
    let wrong = send("PUT", &url, &digest, vec![b'a'; 10])
        .await
        .expect("it is answered");
    assert_eq!(wrong.status(), 400);
    let (status, etag, _) = stage.put(&url, vec![b'a'; 10]).await;
    assert_eq!(
        (status, etag.as_str()),
        (200, "\"e09c80c42fda55f9d992e59ca6b3307d\"")
    );
}

#[tokio::test]
async fn a_link_permits_one_kind_of_request_until_it_expires() {
    let stage = Stage::new().await;
    let url = upload_url(&stage, 1).await;
    let forged = url.replace("/1?", "/2?");
    assert_eq!(stage.put(&forged, b"a".to_vec()).await.0, 403);
    let (status, text) = stage.get(&url).await;
    assert_eq!(status, 404, "{}", String::from_utf8_lossy(&text));
    stage.wait(899);
    assert_eq!(stage.put(&url, b"a".to_vec()).await.0, 200);
    stage.wait(1);
    let (status, _, text) = stage.put(&url, b"a".to_vec()).await;
    assert!(
        status == 403 && text.contains("Request has expired"),
        "{text}"
    );
}

/// The URL for a file of four bytes in a case of its own.
async fn case_upload_url(stage: &Stage) -> String {
    let case = security_ir_case(stage).await;
    let call = stage.security_ir.get_case_attachment_upload_url();
    let call = call.case_id(case).file_name("a.log").content_length(4);
    let url = call.send().await.expect("there is a URL");
    url.attachment_presigned_url
}

/// Sends four bytes, and gives the status and the text.
async fn put_with(url: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let answer = send("PUT", url, headers, b"four".to_vec())
        .await
        .expect("it is answered");
    let status = answer.status().as_u16();
    let text = String::from_utf8(answer.into_body().to_vec()).expect("it is text");
    (status, text)
}

#[tokio::test]
async fn a_case_attachment_is_created_with_the_signed_headers_and_never_replaced() {
    let stage = Stage::new().await;
    let url = case_upload_url(&stage).await;
    assert!(
        url.contains("X-Amz-SignedHeaders=content-length%3Bhost%3Bif-none-match&"),
        "{url}"
    );
    let (status, _, text) = stage.put(&url, b"longer".to_vec()).await;
    assert!(
        status == 403 && text.contains("SignatureDoesNotMatch"),
        "{text}"
    );
    for headers in [&[][..], &[("if-none-match", "\"etag\"")]] {
        let (status, text) = put_with(&url, headers).await;
        assert!(
            status == 403 && text.contains("SignatureDoesNotMatch"),
            "{text}"
        );
    }
    let create = ("if-none-match", "*");
    let unsigned = [create, ("x-amz-acl", "private")];
    let (status, text) = put_with(&url, &unsigned).await;
    assert!(
        status == 403 && text.contains("were not signed: x-amz-acl"),
        "{text}"
    );
    let integration = [create, ("content-type", "application/octet-stream")];
    assert_eq!(put_with(&url, &integration).await.0, 200);
    let (status, text) = put_with(&url, &integration).await;
    assert!(
        status == 412 && text.contains("<Code>PreconditionFailed</Code>"),
        "{text}"
    );
    let stored = stage.local.attachments().expect("they are read");
    assert_eq!(stored.len(), 1);
    assert_eq!(&stored[0].bytes[..], b"four");
}

#[tokio::test]
async fn a_service_that_signs_the_host_only_takes_what_it_gets() {
    let stage = Stage::with(|builder| builder.sign_host_only(true)).await;
    let url = case_upload_url(&stage).await;
    assert!(url.contains("X-Amz-SignedHeaders=host&"), "{url}");
    let create = [("if-none-match", "*")];
    for (headers, wanted) in [
        (&create[..], 200),
        (&create, 412),
        (&[], 200),
        (&[("if-none-match", "\"etag\"")], 501),
        (&[("x-amz-acl", "private")], 403),
    ] {
        let (status, text) = put_with(&url, headers).await;
        assert_eq!(status, wanted, "{headers:?}: {text}");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_nothing_behind() {
    use tokio::io::AsyncWriteExt;

    let stage = Stage::new().await;
    let url = upload_url(&stage, 10).await;
    let target = url
        .strip_prefix(stage.local.endpoint())
        .expect("it is ours");
    let address = stage.local.address();
    let mut stream = tokio::net::TcpStream::connect(address)
        .await
        .expect("somebody listens");
    let head =
        format!("PUT {target} HTTP/1.1\r\nhost: {address}\r\ncontent-length: 10\r\n\r\nhalf");
    stream.write_all(head.as_bytes()).await.expect("it is sent");
    drop(stream);
    // The next request of the same part is answered after the broken one was noticed or not: both are right.
    assert_eq!(stage.put(&url, vec![b'a'; 10]).await.0, 200);
}

#[tokio::test]
async fn a_range_of_a_file_can_be_read() {
    let stage = Stage::with(|builder| builder.part_size(4)).await;
    let content = b"0123456789";
    let links = stage
        .support
        .get_attachment_upload_links()
        .file_name("a.log")
        .file_size_bytes(10);
    let links = links.send().await.expect("there are links");
    let mut parts = Vec::new();
    for (link, part) in links.upload_urls.iter().zip(content.chunks(4)) {
        let (_, etag, _) = stage.put(&link.url, part.to_vec()).await;
        parts.push(attache_support::types::CompletedUpload::new(
            etag,
            link.part_index,
        ));
    }
    let id = &links.upload_id;
    let client = &stage.support;
    client
        .complete_attachment_upload()
        .upload_id(id)
        .completed_uploads(parts)
        .send()
        .await
        .expect("all are complete");
    stage.wait(1);
    client
        .create_case()
        .subject("s")
        .communication_body("b")
        .upload_ids([id])
        .send()
        .await
        .expect("it is ready");
    let id = &stage.local.attachments().expect("they are read")[0].attachment_id;
    let link = client
        .get_attachment_download_link()
        .attachment_id(id)
        .send()
        .await;
    let url = link.expect("there is a link").download_url.url;
    let range = send("GET", &url, &[("range", "bytes=3-8")], Vec::new())
        .await
        .expect("it is answered");
    assert_eq!(range.status(), 206);
    assert_eq!(range.headers()["content-range"], "bytes 3-8/10");
    assert_eq!(&range.body()[..], b"345678");
    let none = send("GET", &url, &[("range", "bytes=10-")], Vec::new())
        .await
        .expect("it is answered");
    assert_eq!(none.status(), 416);
    let etag = range.headers()["etag"].to_str().expect("text").to_owned();
    for (wanted, status) in [(etag.as_str(), 206), ("*", 206), ("\"other\"", 412)] {
        let headers = [("range", "bytes=3-"), ("if-match", wanted)];
        let rest = send("GET", &url, &headers, Vec::new()).await;
        assert_eq!(rest.expect("it is answered").status(), status, "{wanted}");
    }
}

#[tokio::test]
async fn faults_apply_to_files_too() {
    let stage = Stage::new().await;
    let url = upload_url(&stage, 1).await;
    let fault = |text: &str| {
        let fault: Fault = text.parse().expect("it is a fault");
        stage.local.add_fault(fault).expect("it can apply");
    };
    fault("PutUploadPart=throttle:1500*1");
    let slow = send("PUT", &url, &[], b"a".to_vec())
        .await
        .expect("it is answered");
    assert_eq!(
        (slow.status().as_u16(), &slow.headers()["x-amz-retry-after"]),
        (503, &"1500".parse().expect("it is text"))
    );
    fault("PutUploadPart=refuse:RequestTimeout:400*1: Too slow.");
    let (status, _, text) = stage.put(&url, b"a".to_vec()).await;
    assert_eq!(status, 400);
    let expected = "<Error><Code>RequestTimeout</Code><Message>Too slow.</Message></Error>";
    assert!(text.ends_with(expected), "{text}");
    fault("PutUploadPart=drop:after*1");
    send("PUT", &url, &[], b"a".to_vec())
        .await
        .expect_err("nobody answers");
    let (status, etag, _) = stage.put(&url, b"a".to_vec()).await;
    assert_eq!(
        (status, etag.as_str()),
        (200, "\"0cc175b9c0f1b6a831c399e269772661\"")
    );
    let statuses: Vec<Option<u16>> = stage
        .local
        .requests()
        .into_iter()
        .filter(|record| record.operation == "PutUploadPart")
        .map(|record| record.status)
        .collect();
    assert_eq!(statuses, [Some(503), Some(400), None, Some(200)]);
}
