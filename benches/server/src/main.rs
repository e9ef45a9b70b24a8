//! The server that all contestants call. It selects a fixed response by `X-Amz-Target`, the action of a
//! form, or the path.
//!
//! It prints its URL, on a port that the system chose, and serves until its standard input ends. It does little work
//! and uses one thread, so that the clients dominate the measurement. With `--faults` it opens support cases, fails in
//! one of five requests, and prints at its end how many cases have each subject.

mod answers;
mod cases;
mod desk;
mod query;
mod s3;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use self::answers::Answers;
use self::desk::Desk;

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> ExitCode {
    let faults = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--faults") => true,
        Some(other) => {
            eprintln!("error: `{other}` is no option of the server; it has --faults");
            return ExitCode::FAILURE;
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(serve(faults)))
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(faults: bool) -> Result<(), Failure> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("http://{}", listener.local_addr()?);
    let answers = Arc::new(Answers::new());
    let desk = faults.then(|| Arc::new(Desk::default()));
    tokio::spawn(accept(listener, answers, desk.clone()));
    // The program that started this server closes the standard input to end it.
    tokio::io::copy(&mut tokio::io::stdin(), &mut tokio::io::sink()).await?;
    if let Some(desk) = desk {
        print!("{}", desk.ledger());
    }
    Ok(())
}

async fn accept(listener: TcpListener, answers: Arc<Answers>, desk: Option<Arc<Desk>>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let _ = stream.set_nodelay(true);
        match &desk {
            Some(desk) => spawn(stream, Arc::clone(desk), Desk::answer),
            None => spawn(stream, Arc::clone(&answers), Answers::answer),
        }
    }
}

/// Serves a connection. A client reports when its connection breaks.
fn spawn<S, B, E, F>(stream: TcpStream, state: Arc<S>, answer: fn(Arc<S>, Request<Incoming>) -> F)
where
    S: Send + Sync + 'static,
    B: hyper::body::Body<Error: Into<Failure>> + Send + 'static,
    B::Data: Send,
    E: Into<Failure> + 'static,
    F: Future<Output = Result<Response<B>, E>> + Send + 'static,
{
    tokio::spawn(async move {
        let service = service_fn(move |request| answer(Arc::clone(&state), request));
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        let _: Result<(), hyper::Error> = connection.await;
    });
}
