//! Every operation of the API as a method, with its query, body and answer as types.
//!
//! They are made from `docs/openapi.json` when this crate is built (`build/`), so neither a method nor a field can be
//! missing. A generator from elsewhere was no choice: progenitor reads OpenAPI 3.0 only, and the types of typify can't tell
//! null from absent, which is the difference between removing a value and keeping it.

use std::fmt::{Display, Write as _};

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Client, Error, Page, RequestKey};

/// Bodies and answers, named as the schemas of the description.
pub mod types {
    use serde::{Deserialize, Deserializer, Serialize};
    use serde_json::Value;
    use std::collections::BTreeMap;

    /// A value that may be null, where null is not the same as absent.
    fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
        d: D,
    ) -> std::result::Result<Option<Option<T>>, D::Error> {
        Option::<T>::deserialize(d).map(Some)
    }

    include!(concat!(env!("OUT_DIR"), "/types.rs"));
}

use types::*;

/// What a call gives. One of the types is called `Result`.
pub type Answer<T> = std::result::Result<T, Error>;

/// All operations of a [`Client`].
#[derive(Clone, Copy)]
pub struct Api<'a> {
    client: &'a Client,
}

impl Client {
    /// Every operation of the API, by its name in the description.
    pub fn api(&self) -> Api<'_> {
        Api { client: self }
    }
}

include!(concat!(env!("OUT_DIR"), "/operations.rs"));

/// A file that is uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its name; quotes and line breaks become `_`.
    pub name: String,
    /// Its media type, such as `image/png`.
    pub media_type: String,
    /// Its content.
    pub content: Bytes,
}

/// What a query says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pairs(Vec<(&'static str, String)>);

impl Pairs {
    fn one(&mut self, name: &'static str, value: Option<&impl Display>) {
        self.0.extend(value.map(|value| (name, value.to_string())));
    }

    /// A list is one value with commas (contract §1).
    fn list(&mut self, name: &'static str, values: &[impl Display]) {
        if !values.is_empty() {
            let all: Vec<String> = values.iter().map(ToString::to_string).collect();
            self.0.push((name, all.join(",")));
        }
    }
}

/// A request that is to be sent.
pub(crate) struct Sent {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) content_type: String,
    pub(crate) body: Option<Bytes>,
    pub(crate) key: Option<RequestKey>,
}

impl Sent {
    fn new(method: Method, path: String, query: Pairs) -> Sent {
        Sent {
            method,
            path,
            query: query.0,
            content_type: "application/json".to_owned(),
            body: None,
            key: None,
        }
    }

    fn json(mut self, body: &impl Serialize) -> Answer<Sent> {
        self.body = Some(crate::transport::encode(body)?);
        Ok(self)
    }

    /// `multipart/form-data` (RFC 7578), as one piece so that it can be sent again.
    fn form(mut self, part: &str, files: &[Upload]) -> Answer<Sent> {
        let boundary = RequestKey::random().map_err(|error| Error::Request(error.to_string()))?;
        let boundary = boundary.as_str();
        let safe = |text: &str| text.replace(['"', '\r', '\n'], "_");
        let mut body = Vec::new();
        for file in files {
            let mut head = String::new();
            let _ = write!(
                head,
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"{}\"\r\n\
                 Content-Type: {}\r\n\r\n",
                safe(&file.name),
                safe(&file.media_type)
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(&file.content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        self.content_type = format!("multipart/form-data; boundary={boundary}");
        self.body = Some(body.into());
        Ok(self)
    }

    fn once(mut self, key: &RequestKey) -> Sent {
        self.key = Some(key.clone());
        self
    }
}

impl Api<'_> {
    async fn read<T: DeserializeOwned>(&self, sent: Sent) -> Answer<T> {
        let answer = self.client.send_sent(&sent).await?;
        self.client.parse(&answer)
    }

    async fn bytes(&self, sent: Sent) -> Answer<Bytes> {
        self.client.send_sent(&sent).await
    }

    async fn done(&self, sent: Sent) -> Answer<()> {
        self.client.send_sent(&sent).await.map(drop)
    }
}

/// The rows of a list. A page is asked for when the rows of the one before are used up.
pub struct Rows<'a, T> {
    client: &'a Client,
    path: String,
    query: Vec<(&'static str, String)>,
    /// None after the last page.
    page: Option<u32>,
    left: std::vec::IntoIter<T>,
}

impl<'a, T: DeserializeOwned> Rows<'a, T> {
    fn new(client: &'a Client, path: String, query: Pairs) -> Rows<'a, T> {
        let (page, query): (Vec<_>, Vec<_>) = query.0.into_iter().partition(|(name, _)| *name == "page");
        let page = page.first().and_then(|(_, n)| n.parse().ok()).unwrap_or(1);
        Rows {
            client,
            path,
            query,
            page: Some(page),
            left: Vec::new().into_iter(),
        }
    }

    /// The next row, none after the last one. After an error the same page is asked for again.
    pub async fn next(&mut self) -> Answer<Option<T>> {
        loop {
            if let Some(row) = self.left.next() {
                return Ok(Some(row));
            }
            let Some(page) = self.page else {
                return Ok(None);
            };
            let mut query = self.query.clone();
            query.push(("page", page.to_string()));
            let found: Page<T> = self.client.get(&self.path, &query).await?;
            self.page = found.next_page;
            self.left = found.result.into_iter();
        }
    }
}
