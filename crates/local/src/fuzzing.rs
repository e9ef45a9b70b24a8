//! A server without a socket, for the fuzz targets. It is compiled with `--cfg fuzzing` only and is no API.

use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::front::Front;

/// Both services.
#[derive(Debug)]
pub struct Server(pub(crate) Arc<Front>);

impl Server {
    /// Serves one connection until it ends.
    pub async fn serve(&self, stream: impl AsyncRead + AsyncWrite + Unpin) {
        let service = service_fn(|request| self.0.clone().answer(request));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            // The whole input is written before the first response is read.
            .half_close(true)
            .serve_connection(TokioIo::new(stream), service);
        // An invalid request ends the connection, and a fault may do so as well.
        let _ = connection.await;
    }

    /// All data of the services.
    pub fn state(&self) -> String {
        format!("{:?}", *self.0.world())
    }
}
