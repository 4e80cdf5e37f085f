//! Requests that break one rule, sign in wrongly or ask for what is not there.

use super::Of;
use crate::api::{Api, Parameter, Place, Response};
use crate::case::Polarity;
use crate::data::{edges, faults};
use crate::say::english;
use crate::technique::request::{Request, place_name, value_of};
use crate::technique::{Plan, Technique};

/// A valid value of a parameter that nothing has.
fn absent(api: &Api, parameter: &Parameter) -> serde_json::Value {
    use serde_json::json;
    match value_of(api, parameter) {
        Some(serde_json::Value::Number(_)) => {
            let limited = edges(&api.schemas, parameter.schema)
                .into_iter()
                .find(|(text, _)| text.contains("greatest"));
            limited.map_or(json!(999_999_999), |(_, value)| value)
        }
        Some(serde_json::Value::String(text)) if text == "text" => json!("does-not-exist"),
        Some(value) => value,
        None => json!("does-not-exist"),
    }
}

impl Of<'_> {
    /// The documented refusal of a wrong request.
    pub(super) fn refusal(&self) -> Option<&Response> {
        self.answer(&["400", "422", "4XX", "405", "default"])
    }

    pub(super) fn refuse(
        &self,
        plan: &mut Plan<'_>,
        technique: Technique,
        key: &str,
        text: &str,
        request: &Request,
    ) {
        let items: Vec<String> = self
            .item(plan, technique, key, format!("{}: {text}", self.of()))
            .into_iter()
            .collect();
        if !items.is_empty() {
            self.propose(
                plan,
                technique,
                items,
                text,
                request,
                self.refusal(),
                "4XX",
                Polarity::Negative,
            );
        }
    }

    pub(super) fn parameter_faults(&self, plan: &mut Plan<'_>, valid: &Request) {
        for parameter in &self.operation.parameters {
            let name = format!("{}.{}", place_name(parameter.place), parameter.name);
            if parameter.required && parameter.place != Place::Path {
                let mut request = valid.clone();
                request.unset(parameter);
                self.refuse(
                    plan,
                    Technique::EquivalencePartitioning,
                    &format!("{name}.required"),
                    &format!("without {name}"),
                    &request,
                );
            }
            for fault in faults(&self.api.schemas, parameter.schema, true) {
                if let (true, crate::data::Wrong::Value(value)) = (fault.path.is_empty(), &fault.wrong) {
                    let mut request = valid.clone();
                    request.set(parameter, value.clone());
                    self.refuse(
                        plan,
                        fault.technique,
                        &format!("{name}.{}", fault.rule),
                        &format!("{name} with {}", fault.text),
                        &request,
                    );
                }
            }
        }
    }

    pub(super) fn body_faults(&self, plan: &mut Plan<'_>, valid: &Request) {
        let Some(body) = &self.operation.body else { return };
        if body.required && valid.body.is_some() {
            let mut request = valid.clone();
            request.body = None;
            self.refuse(
                plan,
                Technique::EquivalencePartitioning,
                "body.required",
                "without a body",
                &request,
            );
        }
        let media = body
            .content
            .iter()
            .find(|media| Some(&media.media_type) == valid.media.as_ref());
        let Some(schema) = media.and_then(|media| media.schema) else {
            return;
        };
        for fault in faults(&self.api.schemas, schema, false) {
            let mut request = valid.clone();
            if request.spoil(self.api, self.operation, &fault) {
                let name = std::iter::once("body".to_owned())
                    .chain(fault.path.clone())
                    .collect::<Vec<_>>()
                    .join(".");
                let text = if fault.rule == "required" {
                    format!("without {name}")
                } else {
                    format!("{name} with {}", fault.text)
                };
                self.refuse(
                    plan,
                    fault.technique,
                    &format!("{name}.{}", fault.rule),
                    &text,
                    &request,
                );
            }
        }
    }

    pub(super) fn sign_in(&self, plan: &mut Plan<'_>, valid: &Request) {
        let open = self.operation.security.iter().any(Vec::is_empty);
        if valid.sign_in.is_none() || open {
            return;
        }
        for (key, text, how) in [
            ("auth.none", "without signing in", None),
            ("auth.wrong", "with a wrong sign-in", Some("a wrong one")),
        ] {
            let mut request = valid.clone();
            request.sign_in = how.map(str::to_owned);
            let items = self
                .item(plan, Technique::Rest, key, format!("{} {text}", self.of()))
                .into_iter()
                .collect();
            let answer = self.answer(&["401", "403", "4XX"]);
            self.propose(
                plan,
                Technique::Rest,
                items,
                text,
                &request,
                answer,
                "401",
                Polarity::Negative,
            );
        }
    }

    /// What a path names but is not there.
    pub(super) fn unknown(&self, plan: &mut Plan<'_>, valid: &Request) {
        let Some(answer) = self.answer(&["404"]) else {
            return;
        };
        let Some(parameter) = self
            .operation
            .parameters
            .iter()
            .rev()
            .find(|one| one.place == Place::Path)
        else {
            return;
        };
        let mut request = valid.clone();
        request.set(parameter, absent(self.api, parameter));
        let items = self
            .item(
                plan,
                Technique::Rest,
                "unknown",
                format!("{} with an unknown {}", self.of(), parameter.name),
            )
            .into_iter()
            .collect();
        let text = format!("{} that does not exist", english::article(&parameter.name));
        self.propose(
            plan,
            Technique::Rest,
            items,
            &text,
            &request,
            Some(answer),
            "404",
            Polarity::Negative,
        );
    }
}
