//! The embedded files under `/assets/`: names that change with the content, so that browsers keep them for a year.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};

/// An embedded file.
struct File {
    name: &'static str,
    bytes: &'static [u8],
    /// Whether the bytes are brotli. What is compressed is embedded in that form alone: every browser takes it, and others
    /// wait for it to be unpacked.
    is_brotli: bool,
}

impl File {
    fn unpacked(&self) -> Vec<u8> {
        let mut raw = Vec::new();
        if self.is_brotli {
            brotli_decompressor::BrotliDecompress(&mut &*self.bytes, &mut raw).unwrap_or_default();
        } else {
            raw.extend_from_slice(self.bytes);
        }
        raw
    }
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// One file, compressed when the browser takes brotli.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(file) = FILES.iter().find(|file| file.name == name) else {
        return (StatusCode::NOT_FOUND, "no such asset; load the page again").into_response();
    };
    let mut response = match (file.is_brotli, takes_brotli(&headers)) {
        (true, true) => ([(CONTENT_ENCODING, HeaderValue::from_static("br"))], file.bytes).into_response(),
        (true, false) => file.unpacked().into_response(),
        (false, _) => file.bytes.into_response(),
    };
    let out = response.headers_mut();
    out.insert(CONTENT_TYPE, media_type(file.name));
    out.insert(CACHE_CONTROL, FOREVER);
    out.insert(VARY, HeaderValue::from_name(ACCEPT_ENCODING));
    response
}

fn takes_brotli(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|one| {
            let (coding, weight) = one.split_once(';').unwrap_or((one, ""));
            coding.trim().eq_ignore_ascii_case("br")
                && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
}

fn media_type(name: &str) -> HeaderValue {
    HeaderValue::from_static(match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    })
}

/// Bytes of each embedded file and of its compressed form, for the test of the budgets.
pub fn sizes() -> impl Iterator<Item = (&'static str, usize, Option<usize>)> {
    FILES.iter().map(|file| {
        (
            file.name,
            file.unpacked().len(),
            file.is_brotli.then_some(file.bytes.len()),
        )
    })
}
