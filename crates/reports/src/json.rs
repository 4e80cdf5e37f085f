//! JSON read as a stream: only one element of the list that matters is in memory.

use std::fmt;
use std::io::BufRead;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::detect::skip_bom;
use crate::error::Error;

/// Hands each element of the list at `path` to `each`. A list that is absent has none.
pub(crate) fn each<T: DeserializeOwned>(
    source: &mut impl BufRead,
    path: &[&str],
    each: impl FnMut(T),
) -> Result<(), Error> {
    skip_bom(source)?;
    let mut json = serde_json::Deserializer::from_reader(source);
    let at = At {
        path,
        each,
        element: PhantomData,
    };
    at.deserialize(&mut json)
        .and_then(|_| json.end())
        .map_err(|error| Error::json(error, 0))
}

/// The rest of the way to the list.
struct At<'p, F, T> {
    path: &'p [&'p str],
    each: F,
    element: PhantomData<T>,
}

impl<'de, F: FnMut(T), T: DeserializeOwned> DeserializeSeed<'de> for At<'_, F, T> {
    type Value = Self;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self, D::Error> {
        if self.path.is_empty() {
            deserializer.deserialize_seq(self)
        } else {
            deserializer.deserialize_map(self)
        }
    }
}

impl<'de, F: FnMut(T), T: DeserializeOwned> Visitor<'de> for At<'_, F, T> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.first() {
            Some(key) => write!(f, "an object with the key `{key}`"),
            None => f.write_str("a list"),
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self, A::Error> {
        let path = self.path;
        while let Some(key) = map.next_key::<String>()? {
            if path.first() == Some(&key.as_str()) {
                self.path = &path[1..];
                self = map.next_value_seed(self)?;
                self.path = path;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Self, A::Error> {
        while let Some(element) = list.next_element::<T>()? {
            (self.each)(element);
        }
        Ok(self)
    }
}

/// Texts of which there may be none, one or several.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(untagged)]
pub(crate) enum Texts {
    One(String),
    Many(Vec<String>),
    #[default]
    None,
}

impl Texts {
    /// One text, the pieces with `between` them.
    pub(crate) fn joined(&self, between: &str) -> String {
        match self {
            Texts::One(text) => text.clone(),
            Texts::Many(texts) => texts.join(between),
            Texts::None => String::new(),
        }
    }
}
