//! As many requests as possible over kept connections, with as little work as possible on the client's side.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

/// Requests per second over `connections` for `time`. Any answer but 200 is an error.
#[expect(
    clippy::cast_precision_loss,
    reason = "a count of some seconds stays far below 2^52"
)]
pub(super) fn rate(
    address: SocketAddr,
    request: &[u8],
    connections: usize,
    time: Duration,
) -> anyhow::Result<f64> {
    let stop = AtomicBool::new(false);
    let start = Instant::now();
    let counts: Vec<anyhow::Result<u64>> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..connections)
            .map(|_| scope.spawn(|| one(address, request, &stop)))
            .collect();
        std::thread::sleep(time);
        stop.store(true, Ordering::Relaxed);
        clients
            .into_iter()
            .map(|client| client.join().unwrap_or_else(|_| bail!("a client panicked")))
            .collect()
    });
    let took = start.elapsed();
    let mut all = 0;
    for count in counts {
        all += count?;
    }
    Ok(all as f64 / took.as_secs_f64())
}

fn one(address: SocketAddr, request: &[u8], stop: &AtomicBool) -> anyhow::Result<u64> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut buffer = vec![0; 16 << 10];
    let mut count = 0;
    let mut length = 0;
    while !stop.load(Ordering::Relaxed) {
        stream.write_all(request)?;
        let mut filled = 0;
        // All answers have one length up to a few digits; the head is only searched when the first read wasn't enough.
        loop {
            let read = stream.read(&mut buffer[filled..])?;
            if read == 0 {
                bail!("the server closed a connection");
            }
            filled += read;
            if length != 0 && filled == length {
                break;
            }
            if let Some(whole) = whole(&buffer[..filled])? {
                length = whole;
                if filled >= whole {
                    break;
                }
            }
        }
        if !buffer.starts_with(b"HTTP/1.1 200") {
            bail!("not a 200: {}", String::from_utf8_lossy(&buffer[..filled]));
        }
        count += 1;
    }
    Ok(count)
}

/// The length of head and body together, once the head is complete.
fn whole(bytes: &[u8]) -> anyhow::Result<Option<usize>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let (_, rest) = head
        .split_once("content-length:")
        .context("an answer without a length")?;
    let body: usize = rest.lines().next().unwrap_or_default().trim().parse()?;
    Ok(Some(end + 4 + body))
}
