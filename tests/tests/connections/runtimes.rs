//! One client, and runtimes that come, rest and go.

use std::future::Future;
use std::net::TcpStream;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Duration;

use attache_support::Client;
use attache_tests::server::{Answer, Server};

use super::server::{read_head, serve};
use super::{Over, TRANSPORTS, config, create, current_thread};

async fn read(client: &Client) {
    let result = client.describe_services().send().await;
    assert!(result.is_ok(), "{result:?}");
}

#[test]
fn threads_with_short_runtimes_share_a_client() {
    for over in TRANSPORTS {
        let server = Server::start([]);
        let client = over.client(config(&server.url()));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for call in 0..25 {
                        let runtime = current_thread();
                        if call % 2 == 0 {
                            runtime.block_on(read(&client));
                        } else {
                            runtime.block_on(create(&client)).expect("it is answered");
                        }
                    }
                });
            }
        });
        assert_eq!(server.received().len(), 200);
        assert!(server.connections() < 200, "connections outlive runtimes");
    }
}

#[test]
fn a_runtime_that_rests_holds_nobody_up() {
    for over in TRANSPORTS {
        let server = Server::start([]);
        let client = over.client(config(&server.url()));
        let (one, other) = (current_thread(), current_thread());
        let many = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        for _ in 0..5 {
            one.block_on(read(&client));
            other.block_on(read(&client));
            let call = client.describe_services().send();
            call.wait().expect("it is answered");
            many.block_on(read(&client));
            let spawned = client.clone();
            let spawned = many.spawn(async move { read(&spawned).await });
            one.block_on(spawned).expect("it is answered");
        }
        assert_eq!(server.received().len(), 25);
        // A second one is made when the first is not back yet in the pool.
        assert!(server.connections() < 5, "{}", server.connections());
    }
}

/// Wakes a thread: an executor without Tokio.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn without_a_runtime<F: Future>(future: F) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[test]
fn no_runtime_is_needed_and_none_of_its_drivers() {
    for over in TRANSPORTS {
        // The first answer takes a second attempt, so that there is a pause between two.
        let throttled = r#"{"__type":"ThrottlingException"}"#;
        let answers = || Answer::response(400, "", throttled);
        let server = Server::start([answers(), answers()]);
        let client = over.client(config(&server.url()).max_attempts(3));
        without_a_runtime(read(&client));
        let bare = tokio::runtime::Builder::new_current_thread().build();
        bare.expect("a runtime").block_on(read(&client));
        assert_eq!(server.received().len(), 4);
    }
}

#[test]
fn limits_of_time_hold_without_a_runtime() {
    for over in TRANSPORTS {
        let server = Server::start([Answer::Hold]);
        let limit = Duration::from_millis(30);
        let client = over.client(config(&server.url()).attempt_timeout(limit));
        let error = without_a_runtime(create(&client)).expect_err("nobody answers");
        assert!(
            error.is_timeout() && error.may_have_taken_effect(),
            "{error}"
        );
    }
}

#[test]
fn a_runtime_that_ends_in_the_middle_of_a_call_ends_its_connection_only() {
    for over in TRANSPORTS {
        let (arrived, arrival) = std::sync::mpsc::channel();
        let (ended, end) = std::sync::mpsc::channel();
        let channels = std::sync::Mutex::new((arrived, ended));
        let number = AtomicU32::new(0);
        let server = serve(move |stream: TcpStream| {
            let (arrived, ended) = channels.lock().expect("no thread panics").clone();
            let mut reader = std::io::BufReader::new(stream.try_clone().expect("a handle"));
            let first = number.fetch_add(1, Ordering::SeqCst) == 0;
            while let Some((_, length)) = read_head(&mut reader) {
                let mut body = vec![0; length];
                std::io::Read::read_exact(&mut reader, &mut body).expect("a body");
                if first {
                    arrived.send(()).expect("the test waits");
                } else {
                    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
                    std::io::Write::write_all(&mut &stream, answer).expect("it is read");
                }
            }
            if first {
                ended.send(()).expect("the test waits");
            }
        });
        let client = over.client(config(&server.url()));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let call = client.clone();
        runtime.spawn(async move { create(&call).await });
        arrival.recv().expect("the call arrives");
        runtime.shutdown_background();
        end.recv().expect("its connection ends");
        current_thread().block_on(read(&client));
        current_thread()
            .block_on(create(&client))
            .expect("it is answered");
    }
}

#[test]
fn a_response_that_streams_is_read_to_its_end_on_another_runtime() {
    let body = "x".repeat(300_000);
    let server = Server::start([Answer::response(200, "", &body)]);
    let config = config(&server.url()).build().expect("nothing is missing");
    let client = golden_rest_json::Client::new(&config);
    let one = current_thread();
    let response = one
        .block_on(client.get_stream().send())
        .expect("it is answered");
    let mut stream = response.body;
    let first = one
        .block_on(stream.next())
        .expect("a piece")
        .expect("it came");
    let rest = std::thread::spawn(move || current_thread().block_on(stream.collect()));
    let rest = rest.join().expect("it does not panic").expect("it came");
    assert_eq!(first.len() + rest.len(), body.len());
}

#[test]
fn a_client_may_be_dropped_anywhere() {
    for over in TRANSPORTS {
        let server = Server::start([]);
        let in_use = || {
            let client = over.client(config(&server.url()));
            current_thread().block_on(read(&client));
            client
        };
        drop(in_use());
        let client = in_use();
        current_thread().block_on(async move { drop(client) });
        let client = in_use();
        let runtime = current_thread();
        runtime.spawn(async move {
            std::future::pending::<()>().await;
            drop(client);
        });
        drop(runtime);
        assert_eq!(server.received().len(), 3);
    }
}

#[test]
fn a_client_may_be_a_static() {
    static CLIENT: std::sync::OnceLock<Client> = std::sync::OnceLock::new();
    let server = Server::start([]);
    let client = CLIENT.get_or_init(|| Over::Hyper.client(config(&server.url())));
    for _ in 0..3 {
        let threads: Vec<_> = (0..3)
            .map(|_| std::thread::spawn(move || current_thread().block_on(read(client))))
            .collect();
        for thread in threads {
            thread.join().expect("no call fails");
        }
    }
    assert_eq!(server.received().len(), 9);
}
