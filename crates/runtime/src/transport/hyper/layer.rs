//! What is below TLS with a service: a socket, or a tunnel through a proxy.
//!
//! It is one type, so that the code of TLS is compiled once. A socket is not behind a pointer, because nearly all connections
//! have one.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use tower_service::Service;

use super::connection::Stream;
use super::socket::Socket;
use crate::BoxFuture;
use crate::body::BoxError;

/// An open connection.
pub(super) enum Layer {
    Socket(Socket),
    Tunnel(Box<dyn Stream>),
}

impl Layer {
    fn stream(self: Pin<&mut Self>) -> Pin<&mut dyn Stream> {
        match self.get_mut() {
            Self::Socket(socket) => Pin::new(socket),
            Self::Tunnel(tunnel) => Pin::new(&mut **tunnel),
        }
    }
}

impl Connection for Layer {
    fn connected(&self) -> Connected {
        match self {
            Self::Socket(socket) => socket.connected(),
            Self::Tunnel(tunnel) => tunnel.connected(),
        }
    }
}

impl Read for Layer {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Socket(socket) => Pin::new(socket).poll_read(context, buffer),
            Self::Tunnel(tunnel) => Pin::new(&mut **tunnel).poll_read(context, buffer),
        }
    }
}

impl Write for Layer {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream().poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Socket(socket) => socket.is_write_vectored(),
            Self::Tunnel(tunnel) => tunnel.is_write_vectored(),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream().poll_write_vectored(context, buffers)
    }
}

/// Opens one connection, wherever to: the one that it was made with.
pub(super) struct Opening(Option<BoxFuture<'static, Result<Layer, BoxError>>>);

impl Opening {
    pub(super) fn new(opening: BoxFuture<'static, Result<Layer, BoxError>>) -> Self {
        Self(Some(opening))
    }
}

impl Service<Uri> for Opening {
    type Response = Layer;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Layer, BoxError>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _url: Uri) -> Self::Future {
        self.0
            .take()
            .unwrap_or_else(|| Box::pin(async { Err("the connection is already used".into()) }))
    }
}
