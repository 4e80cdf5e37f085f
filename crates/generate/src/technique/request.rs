//! Requests of an interface: a valid one to begin with, and what is changed in it.

use serde_json::Value;

use crate::api::{Api, Media, Operation, Parameter, Place};
use crate::case::Datum;
use crate::data::{Fault, sample, spoil};

/// A request.
#[derive(Clone, Debug, Default)]
pub(super) struct Request {
    method: String,
    path: String,
    parameters: Vec<(Place, String, Value)>,
    pub(super) media: Option<String>,
    pub(super) body: Option<Value>,
    /// How it signs in; `None` where nothing is needed.
    pub(super) sign_in: Option<String>,
}

impl Request {
    /// The request with what is required; the reason if that is beyond the rules that are understood.
    pub(super) fn valid(api: &Api, operation: &Operation) -> Result<Self, String> {
        let mut request = Self {
            method: operation.method.clone(),
            path: operation.path.clone(),
            ..Self::default()
        };
        for parameter in &operation.parameters {
            if parameter.required || parameter.place == Place::Path {
                let value = value_of(api, parameter)
                    .ok_or_else(|| format!("no value of the parameter {} can be made", parameter.name))?;
                request.set(parameter, value);
            }
        }
        if let Some(body) = &operation.body {
            let media = body
                .content
                .iter()
                .find(|media| is_json(&media.media_type))
                .or(body.content.first());
            if let Some(media) = media {
                request.with_body(api, media)?;
            }
        }
        request.sign_in = sign_in(api, operation);
        Ok(request)
    }

    /// The request with a body of a media type.
    pub(super) fn with_body(&mut self, api: &Api, media: &Media) -> Result<(), String> {
        let value = match media.schema {
            Some(schema) => sample(&api.schemas, schema)
                .or_else(|| media.examples.first().cloned())
                .ok_or_else(|| format!("no body of {} can be made", media.media_type))?,
            None => media
                .examples
                .first()
                .cloned()
                .unwrap_or_else(|| Value::String("text".to_owned())),
        };
        self.media = Some(media.media_type.clone());
        self.body = Some(value);
        Ok(())
    }

    /// Gives a parameter a value.
    pub(super) fn set(&mut self, parameter: &Parameter, value: Value) {
        self.parameters
            .retain(|(place, name, _)| *place != parameter.place || *name != parameter.name);
        self.parameters
            .push((parameter.place, parameter.name.clone(), value));
    }

    /// Leaves a parameter out.
    pub(super) fn unset(&mut self, parameter: &Parameter) {
        self.parameters
            .retain(|(place, name, _)| *place != parameter.place || *name != parameter.name);
    }

    /// Breaks one rule of the body; `false` if the place is not there.
    pub(super) fn spoil(&mut self, api: &Api, operation: &Operation, fault: &Fault) -> bool {
        let schema = operation.body.as_ref().and_then(|body| {
            let media = body
                .content
                .iter()
                .find(|media| Some(&media.media_type) == self.media.as_ref())?;
            media.schema
        });
        let (Some(body), Some(schema)) = (self.body.as_mut(), schema) else {
            return false;
        };
        spoil(&api.schemas, schema, body, &fault.path, &fault.wrong)
    }

    /// What a tester calls it.
    pub(super) fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Everything that is sent, by name.
    pub(super) fn data(&self) -> Vec<Datum> {
        let mut data: Vec<Datum> = self
            .parameters
            .iter()
            .map(|(place, name, value)| Datum::new(format!("{}.{name}", place_name(*place)), plain(value)))
            .collect();
        if let Some(media) = &self.media {
            data.push(Datum::new("content-type", media));
        }
        if let Some(body) = &self.body {
            data.push(Datum::new("body", body.to_string()));
        }
        if let Some(sign_in) = &self.sign_in {
            data.push(Datum::new("sign-in", sign_in));
        }
        data
    }
}

/// The value of a parameter. An empty text in a path would be another path.
pub(super) fn value_of(api: &Api, parameter: &Parameter) -> Option<Value> {
    let value = sample(&api.schemas, parameter.schema)?;
    let empty = value.as_str().is_some_and(str::is_empty);
    Some(if empty {
        Value::String("a".to_owned())
    } else {
        value
    })
}

/// How the first way to sign in is told; `None` if none is needed.
fn sign_in(api: &Api, operation: &Operation) -> Option<String> {
    let uses = operation.security.first().filter(|uses| !uses.is_empty())?;
    let named = uses.iter().map(|one| {
        let kind = api
            .security_schemes
            .get(&one.scheme)
            .map_or("", |scheme| scheme.kind.as_str());
        let scopes = if one.scopes.is_empty() {
            String::new()
        } else {
            format!(" with {}", one.scopes.join(", "))
        };
        if kind.is_empty() {
            format!("{}{scopes}", one.scheme)
        } else {
            format!("{} ({kind}){scopes}", one.scheme)
        }
    });
    Some(named.collect::<Vec<_>>().join(" and "))
}

pub(super) fn place_name(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
        Place::Cookie => "cookie",
    }
}

pub(super) fn is_json(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or_default().trim();
    essence == "application/json" || essence.ends_with("+json")
}

/// A value as it stands in an address.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}
