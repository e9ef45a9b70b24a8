//! The time limits of calls, attempts and bodies.

use std::time::Duration;

use attache_runtime::{ByteStream, Bytes, CallOptions, ErrorKind};

use crate::stage::{Answer, CREATE, Network, READ, STREAM, call, call_with, config, core, request};

/// A body that returns a piece after each pause, and then waits for ever.
struct Drip {
    pause: Duration,
    pieces: u32,
    sleep: std::sync::Mutex<Option<std::pin::Pin<Box<tokio::time::Sleep>>>>,
}

impl Drip {
    fn stream(pause: Duration, pieces: u32) -> ByteStream {
        ByteStream::new(Self {
            pause,
            pieces,
            sleep: None.into(),
        })
    }
}

impl http_body::Body for Drip {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, std::io::Error>>> {
        use std::future::Future;
        use std::task::Poll;
        if self.pieces == 0 {
            return Poll::Pending;
        }
        let pause = self.pause;
        let sleep = self.sleep.get_mut().unwrap();
        let waiting = sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep(pause)));
        if waiting.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        *sleep = None;
        self.pieces -= 1;
        Poll::Ready(Some(Ok(http_body::Frame::data(Bytes::from_static(b"x")))))
    }
}

async fn timed<T>(future: impl Future<Output = T>) -> (T, Duration) {
    let start = tokio::time::Instant::now();
    let output = future.await;
    (output, start.elapsed())
}

fn roughly(measured: Duration, expected: Duration) {
    let difference = measured.abs_diff(expected);
    assert!(
        difference <= Duration::from_millis(10),
        "{measured:?}, not {expected:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_attempt_without_a_response_ends_after_a_minute() {
    let network = Network::new([Answer::Silence]);
    let core = core(config(&network));
    let (result, elapsed) = timed(call(&core, &CREATE)).await;
    let error = result.unwrap_err();
    assert!(
        error.is_timeout() && error.may_have_taken_effect(),
        "{error}"
    );
    roughly(elapsed, Duration::from_secs(60));
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_an_attempt_grows_with_the_length_of_its_request() {
    let network = Network::new([Answer::Silence]);
    let core = core(config(&network));
    let mut request = request().unwrap();
    request.bytes("application/json", Bytes::from(vec![b'x'; 640 * 1024]));
    let (result, elapsed) = timed(call_with(
        &core,
        &CREATE,
        Ok(request),
        CallOptions::default(),
    ))
    .await;
    assert!(result.unwrap_err().is_timeout());
    roughly(elapsed, Duration::from_secs(70));
}

#[tokio::test(start_paused = true)]
async fn attempt_timeouts_come_from_the_call_then_the_client() {
    for (of_call, seconds) in [(None, 7), (Some(3), 3)] {
        let network = Network::new([Answer::Silence]);
        let core = core(config(&network).attempt_timeout(Duration::from_secs(7)));
        let mut options = CallOptions::default();
        options.attempt_timeout = of_call.map(Duration::from_secs);
        let (result, elapsed) = timed(call_with(&core, &CREATE, request(), options)).await;
        assert!(result.unwrap_err().is_timeout());
        roughly(elapsed, Duration::from_secs(seconds));
    }
}

/// Refuses a request for now.
fn busy() -> Answer {
    Answer::Status(
        400,
        r#"{"__type":"ThrottlingException","message":"slow down"}"#,
    )
}

#[tokio::test(start_paused = true)]
async fn the_operation_timeout_ends_a_call_in_any_attempt() {
    let before = "the attempt before failed: ThrottlingException: slow down (status 400)";
    for (answers, attempts, text) in [
        (vec![Answer::Silence], 1, "no response in time"),
        (vec![busy(), Answer::Silence], 2, before),
    ] {
        let limit = 5_000;
        let network = Network::new(answers);
        let core = core(config(&network));
        let options = CallOptions::default().operation_timeout(Duration::from_millis(limit));
        let (result, elapsed) = timed(call_with(&core, &CREATE, request(), options)).await;
        let error = result.unwrap_err();
        assert!(error.is_timeout());
        assert_eq!(
            (error.attempts(), error.may_have_taken_effect()),
            (attempts, true),
            "{error}"
        );
        assert!(error.to_string().contains(text), "{error}");
        roughly(elapsed, Duration::from_millis(limit));
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_and_its_attempts_that_take_too_long_have_a_text_for_each_limit() {
    let network = Network::new([Answer::Silence, Answer::Silence]);
    let core = core(config(&network).attempt_timeout(Duration::from_secs(3)));
    let options = CallOptions::default().operation_timeout(Duration::from_secs(5));
    let error = call_with(&core, &READ, request(), options)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "Read: no response in time: the call may take 5s, and it took longer; the attempt before failed: no response from \
         test.example.com:443 in time: an attempt may take 3s, and this one took longer (after 2 attempts)"
    );
}

/// After a pause that is longer than the time left, nothing could be sent.
#[tokio::test(start_paused = true)]
async fn a_pause_that_the_operation_timeout_would_end_is_not_begun() {
    let core = core(config(&Network::new([busy()])));
    let options = CallOptions::default().operation_timeout(Duration::from_millis(400));
    let (result, elapsed) = timed(call_with(&core, &CREATE, request(), options)).await;
    let error = result.unwrap_err();
    assert!(error.is_throttled(), "{error}");
    assert_eq!(
        (error.attempts(), error.may_have_taken_effect()),
        (1, false)
    );
    roughly(elapsed, Duration::ZERO);
    let text = error.to_string();
    let why = "the request was not sent again, because the pause before it is 500ms, and 400ms are left of the time limit of \
               the call";
    assert!(text.contains(why), "{text}");
}

#[tokio::test(start_paused = true)]
async fn three_attempts_without_a_response_take_three_minutes() {
    let network = Network::new([Answer::Silence, Answer::Silence, Answer::Silence]);
    let core = core(config(&network));
    let (result, elapsed) = timed(call(&core, &READ)).await;
    assert_eq!(result.unwrap_err().attempts(), 3);
    roughly(elapsed, Duration::from_millis(180_075));
}

#[tokio::test(start_paused = true)]
async fn a_body_without_progress_ends_after_half_a_minute() {
    let drip = Drip::stream(Duration::from_secs(10), 2);
    let network = Network::new([Answer::Body(drip)]);
    let core = core(config(&network));
    let (result, elapsed) = timed(call(&core, &CREATE)).await;
    let error = result.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(error.status(), Some(200));
    roughly(elapsed, Duration::from_secs(10 + 10 + 30));
}

#[tokio::test(start_paused = true)]
async fn a_slow_body_ends_with_the_timeout_of_its_attempt() {
    let drip = Drip::stream(Duration::from_secs(20), u32::MAX);
    let network = Network::new([Answer::Body(drip)]);
    let core = core(config(&network));
    let (result, elapsed) = timed(call(&core, &CREATE)).await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Timeout);
    roughly(elapsed, Duration::from_secs(60));
}

#[tokio::test(start_paused = true)]
async fn a_streamed_response_has_no_time_limit_but_must_make_progress() {
    let drip = Drip::stream(Duration::from_secs(20), 30);
    let network = Network::new([Answer::Body(drip)]);
    let core = core(config(&network));
    let mut stream = call(&core, &STREAM).await.unwrap().into_stream();
    let start = tokio::time::Instant::now();
    for _ in 0..30 {
        // The time between two reads does not count.
        tokio::time::advance(Duration::from_secs(60)).await;
        assert!(stream.next().await.expect("a piece").is_ok());
    }
    assert!(start.elapsed() > Duration::from_secs(600));
    let (last, elapsed) = timed(stream.next()).await;
    let error = last.expect("an error").unwrap_err().to_string();
    assert!(
        error.contains(": no byte of the response arrived for 30s after 30 bytes of"),
        "{error}"
    );
    roughly(elapsed, Duration::from_secs(30));
}
