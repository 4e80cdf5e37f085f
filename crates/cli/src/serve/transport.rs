//! The byte stream of a connection, with its phases reported and slow readers refused.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::pace::Pace;
use super::watch::State;
use crate::config::Limits;

/// A socket or TLS stream that tells [`State`] what happens on it.
pub(crate) struct Transport<IO> {
    io: IO,
    state: Arc<State>,
    pace: Pace,
    closing: bool,
}

impl<IO> Transport<IO> {
    pub(crate) fn new(io: IO, state: Arc<State>, limits: &Limits) -> Transport<IO> {
        Transport {
            io,
            state,
            pace: Pace::new(limits),
            closing: false,
        }
    }

    fn written(&mut self, outcome: Poll<io::Result<usize>>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        match outcome {
            Poll::Ready(Ok(bytes)) => {
                self.state.sent(bytes);
                self.pace.moved(bytes);
                Poll::Ready(Ok(bytes))
            }
            Poll::Ready(failed) => Poll::Ready(failed),
            Poll::Pending => self.pace.poll_wait(cx).map(|_| Err(too_slow())),
        }
    }
}

fn too_slow() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the client takes its answer too slowly")
}

impl<IO: AsyncRead + Unpin> AsyncRead for Transport<IO> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.io).poll_read(cx, buf))?;
        if buf.filled().len() > before {
            self.state.received();
        }
        Poll::Ready(Ok(()))
    }
}

impl<IO: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Transport<IO> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.io).poll_write(cx, buf);
        self.written(outcome, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.io).poll_write_vectored(cx, bufs);
        self.written(outcome, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.io).poll_flush(cx) {
            Poll::Ready(outcome) => {
                if self.pace.is_waiting() {
                    self.pace.moved(0);
                }
                Poll::Ready(outcome)
            }
            Poll::Pending => self.pace.poll_wait(cx).map(|_| Err(too_slow())),
        }
    }

    /// Closes our side, then reads and drops what still comes until the other side closes or the watchdog ends it.
    ///
    /// Without this a client that is still sending (a revoked key, a body that is too large) is reset by the kernel
    /// and never sees the answer.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.closing {
            ready!(Pin::new(&mut self.io).poll_shutdown(cx))?;
            self.closing = true;
            self.state.closing();
        }
        let mut scratch = [0; 8 * 1024];
        loop {
            let mut buf = ReadBuf::new(&mut scratch);
            match ready!(Pin::new(&mut self.io).poll_read(cx, &mut buf)) {
                Ok(()) if !buf.filled().is_empty() => {}
                _ => return Poll::Ready(Ok(())),
            }
        }
    }
}
