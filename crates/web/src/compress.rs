//! Compression of pages. Assets are compressed beforehand, and a page that shows a secret is never compressed, so that its
//! length says nothing about it (`security.md` B34).

use http::header::{CONTENT_TYPE, HeaderMap};
use tower_http::CompressionLevel;
use tower_http::compression::{CompressionLayer, Predicate};

/// Marks an answer that shows a secret.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Secret;

/// Whole pages in brotli or gzip, at a level that costs less than it saves.
pub(crate) fn layer() -> CompressionLayer<Pages> {
    CompressionLayer::new()
        .br(true)
        .gzip(true)
        .quality(CompressionLevel::Precise(4))
        .compress_when(Pages)
}

/// Which answers are compressed: HTML without a secret.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pages;

impl Predicate for Pages {
    fn should_compress<B>(&self, response: &http::Response<B>) -> bool
    where
        B: http_body::Body,
    {
        is_page(response.headers()) && response.extensions().get::<Secret>().is_none()
    }
}

fn is_page(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}
