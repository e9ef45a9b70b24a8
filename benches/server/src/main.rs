//! The server that all contestants call. It selects a fixed response by `X-Amz-Target`, the action of a
//! form, or the path.
//!
//! It prints its URL, on a port that the system chose, and serves until its standard input ends. It does little work
//! and uses one thread, so that the clients dominate the measurement. With `--faults` it opens support cases, fails in
//! one of five requests, and prints at its end how many cases have each subject. With `--tls FILE` it serves over TLS,
//! writes the certificate to trust to the file, and prints at its end what the clients agreed on.

mod answers;
mod cases;
mod desk;
mod query;
mod s3;
mod tls;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};

use self::answers::Answers;
use self::desk::Desk;
use self::tls::Tls;

type Failure = Box<dyn Error + Send + Sync>;

/// How the server serves.
enum Manner {
    /// Fixed responses over plain HTTP.
    Plain,
    /// The same over TLS; the file gets the certificate to trust.
    Tls(PathBuf),
    /// Support cases, with faults.
    Faults,
}

impl Manner {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, Failure> {
        match arguments.next().as_deref() {
            None => Ok(Self::Plain),
            Some("--faults") => Ok(Self::Faults),
            Some("--tls") => match arguments.next() {
                Some(file) => Ok(Self::Tls(file.into())),
                None => Err("--tls needs the name of a file for the certificate".into()),
            },
            Some(other) => Err(format!(
                "`{other}` is no option of the server; it has --faults and --tls FILE"
            )
            .into()),
        }
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let manner = Manner::read(std::env::args().skip(1))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(serve(manner))
}

async fn serve(manner: Manner) -> Result<(), Failure> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    match manner {
        Manner::Plain => {
            println!("http://{address}");
            let answers = Arc::new(Answers::new());
            tokio::spawn(accept(listener, move |stream| {
                connection(stream, Arc::clone(&answers), Answers::answer)
            }));
            stopped().await
        }
        Manner::Faults => {
            println!("http://{address}");
            let desk = Arc::new(Desk::default());
            let shared = Arc::clone(&desk);
            tokio::spawn(accept(listener, move |stream| {
                connection(stream, Arc::clone(&shared), Desk::answer)
            }));
            stopped().await?;
            print!("{}", desk.ledger());
            Ok(())
        }
        Manner::Tls(file) => {
            let tls = Arc::new(Tls::new(&file)?);
            println!("https://{address}");
            let answers = Arc::new(Answers::new());
            let shared = Arc::clone(&tls);
            tokio::spawn(accept(listener, move |stream| {
                let (tls, answers) = (Arc::clone(&shared), Arc::clone(&answers));
                async move {
                    // A client reports when its handshake fails.
                    if let Ok(stream) = tls.accept(stream).await {
                        connection(stream, answers, Answers::answer).await;
                    }
                }
            }));
            stopped().await?;
            print!("{}", tls.ledger());
            Ok(())
        }
    }
}

/// Waits until the program that started this server closes the standard input.
async fn stopped() -> Result<(), Failure> {
    tokio::io::copy(&mut tokio::io::stdin(), &mut tokio::io::sink()).await?;
    Ok(())
}

async fn accept<F>(listener: TcpListener, serve: impl Fn(TcpStream) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let _ = stream.set_nodelay(true);
        tokio::spawn(serve(stream));
    }
}

/// Serves a connection. A client reports when its connection breaks.
async fn connection<T, S, B, E, F>(
    stream: T,
    state: Arc<S>,
    answer: fn(Arc<S>, Request<Incoming>) -> F,
) where
    T: AsyncRead + AsyncWrite + Unpin,
    S: Send + Sync + 'static,
    B: hyper::body::Body<Error: Into<Failure>> + Send + 'static,
    B::Data: Send,
    E: Into<Failure> + 'static,
    F: Future<Output = Result<Response<B>, E>> + Send + 'static,
{
    let service = service_fn(move |request| answer(Arc::clone(&state), request));
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let _: Result<(), hyper::Error> = connection.await;
}
