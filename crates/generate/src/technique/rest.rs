//! Coverage criteria for REST interfaces (Martin-Lopez, Segura, Ruiz-Cortés 2019): paths, operations, parameters,
//! content types, status classes, sign-in and flows of operations. Values come from the schemas: one partition or
//! boundary after the other, and never two rules broken at once.

mod answer;
mod wrong;

use crate::api::{Api, Direction, Operation, Parameter, Place, Response};
use crate::case::Polarity;
use crate::data::edges;
use crate::say::short;
use crate::technique::draft::with_data;
use crate::technique::request::{Request, place_name, value_of};
use crate::technique::sentence::MAX_TITLE;
use crate::technique::{Draft, Plan, Technique};

/// Lists items of every operation and proposes requests.
pub(super) fn plan(plan: &mut Plan<'_>, api: &Api) {
    for operation in &api.operations {
        if operation.direction == Direction::Path {
            Of { api, operation }.plan(plan);
        }
    }
}

/// One operation.
#[derive(Clone, Copy)]
struct Of<'a> {
    api: &'a Api,
    operation: &'a Operation,
}

impl Of<'_> {
    fn of(&self) -> String {
        format!("{} {}", self.operation.method, self.operation.path)
    }

    fn item(&self, plan: &mut Plan<'_>, technique: Technique, key: &str, text: String) -> Option<String> {
        plan.item(technique, &self.of(), key, text, self.operation.span)
    }

    fn plan(&self, plan: &mut Plan<'_>) {
        let (of, operation) = (self.of(), self.operation);
        let first = plan.drafts.len();
        let valid = match Request::valid(self.api, operation) {
            Ok(valid) => valid,
            Err(why) => {
                plan.infeasible(Technique::Rest, &of, "operation", of.clone(), operation.span, why);
                return;
            }
        };
        self.works(plan, &valid);
        self.optional(plan, &valid);
        self.content_types(plan, &valid);
        self.edges(plan, &valid);
        self.parameter_faults(plan, &valid);
        self.body_faults(plan, &valid);
        self.sign_in(plan, &valid);
        self.unknown(plan, &valid);
        self.flows(plan, &valid);
        self.rest(plan, first);
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a case")]
    fn propose(
        &self,
        plan: &mut Plan<'_>,
        technique: Technique,
        items: Vec<String>,
        title: &str,
        request: &Request,
        answer: Option<&Response>,
        class: &str,
        polarity: Polarity,
    ) {
        let (more, criteria) = self.answered(plan, answer);
        let mut items = items;
        items.extend(
            more.into_iter()
                .filter(|item| !items.contains(item))
                .collect::<Vec<_>>(),
        );
        let status = answer.map_or(class, |answer| {
            if answer.status == "default" {
                class
            } else {
                answer.status.as_str()
            }
        });
        let verb = if polarity == Polarity::Negative {
            "is refused with"
        } else {
            "answers"
        };
        let first = items
            .first()
            .and_then(|first| plan.items.iter().rev().find(|item| item.id == *first));
        let technique = first.map_or(technique, |item| item.technique);
        let draft = Draft {
            technique,
            items,
            requirement: self.requirement(plan),
            criteria,
            polarity,
            risk: match (polarity, self.operation.method.as_str()) {
                (Polarity::Positive, "GET" | "HEAD" | "OPTIONS") => 2,
                (Polarity::Positive, _) => 3,
                (Polarity::Negative, _) if title.contains("sign") => 3,
                (Polarity::Negative, _) => 2,
            },
            title: short(&format!("{}: {title} {verb} {status}", self.of()), MAX_TITLE),
            preconditions: self.preconditions(title, polarity),
            steps: vec![with_data(
                format!("Send {}.", request.line()),
                request.data(),
                Self::seen(answer, class),
            )],
            spans: vec![self.operation.span],
        };
        plan.propose(draft);
    }

    /// What a path names must be there, unless the case is about one that is not.
    fn preconditions(&self, title: &str, polarity: Polarity) -> Vec<String> {
        let names: Vec<&str> = self
            .operation
            .parameters
            .iter()
            .filter(|one| one.place == Place::Path)
            .map(|one| one.name.as_str())
            .collect();
        let wrong = polarity == Polarity::Negative && title.starts_with("path.");
        if names.is_empty() || title.contains("does not exist") || wrong {
            return Vec::new();
        }
        vec![format!("What the path names exists ({}).", names.join(", "))]
    }

    fn works(&self, plan: &mut Plan<'_>, valid: &Request) {
        let of = self.of();
        let mut items = Vec::new();
        items.extend(plan.item(
            Technique::Rest,
            &self.operation.path,
            "path",
            format!("path {}", self.operation.path),
            self.operation.span,
        ));
        items.extend(self.item(plan, Technique::Rest, "operation", format!("operation {of}")));
        for parameter in self
            .operation
            .parameters
            .iter()
            .filter(|one| one.required || one.place == Place::Path)
        {
            items.extend(self.parameter(plan, parameter));
        }
        if let Some(media) = &valid.media {
            items.extend(self.item(
                plan,
                Technique::Rest,
                &format!("content.{media}"),
                format!("{of} takes {media}"),
            ));
        }
        self.propose(
            plan,
            Technique::Rest,
            items,
            "a request with what is required",
            valid,
            self.success(),
            "2XX",
            Polarity::Positive,
        );
    }

    fn parameter(&self, plan: &mut Plan<'_>, parameter: &Parameter) -> Option<String> {
        let key = format!("parameter.{}.{}", place_name(parameter.place), parameter.name);
        self.item(
            plan,
            Technique::Rest,
            &key,
            format!("parameter {} of {}", parameter.name, self.of()),
        )
    }

    fn optional(&self, plan: &mut Plan<'_>, valid: &Request) {
        let mut request = valid.clone();
        let mut items = Vec::new();
        for parameter in self
            .operation
            .parameters
            .iter()
            .filter(|one| !one.required && one.place != Place::Path)
        {
            if let Some(value) = value_of(self.api, parameter) {
                request.set(parameter, value);
                items.extend(self.parameter(plan, parameter));
            } else {
                let key = format!("parameter.{}.{}", place_name(parameter.place), parameter.name);
                plan.infeasible(
                    Technique::Rest,
                    &self.of(),
                    &key,
                    parameter.name.clone(),
                    parameter.span,
                    "no value after its schema can be made",
                );
            }
        }
        self.propose(
            plan,
            Technique::Rest,
            items.clone(),
            "a request with every optional parameter",
            &request,
            self.success().filter(|_| !items.is_empty()),
            "2XX",
            Polarity::Positive,
        );
    }

    fn content_types(&self, plan: &mut Plan<'_>, valid: &Request) {
        for media in self.operation.body.iter().flat_map(|body| &body.content) {
            if Some(&media.media_type) == valid.media.as_ref() {
                continue;
            }
            let key = format!("content.{}", media.media_type);
            let text = format!("{} takes {}", self.of(), media.media_type);
            let mut request = valid.clone();
            if let Err(why) = request.with_body(self.api, media) {
                plan.infeasible(Technique::Rest, &self.of(), &key, text, self.operation.span, why);
                continue;
            }
            let items = self.item(plan, Technique::Rest, &key, text).into_iter().collect();
            self.propose(
                plan,
                Technique::Rest,
                items,
                &format!("a body of {}", media.media_type),
                &request,
                self.success(),
                "2XX",
                Polarity::Positive,
            );
        }
    }

    /// Valid values at the edges of parameters and of properties of the body, one in each request.
    fn edges(&self, plan: &mut Plan<'_>, valid: &Request) {
        for parameter in &self.operation.parameters {
            for (text, value) in edges(&self.api.schemas, parameter.schema) {
                let empty =
                    value.as_str().is_some_and(str::is_empty) || value.as_array().is_some_and(Vec::is_empty);
                if empty && parameter.place == Place::Path {
                    continue;
                }
                let mut request = valid.clone();
                request.set(parameter, value);
                self.edge(
                    plan,
                    &format!("{}.{}", place_name(parameter.place), parameter.name),
                    &text,
                    &request,
                );
            }
        }
        let body = self.operation.body.as_ref().and_then(|body| {
            body.content
                .iter()
                .find(|media| Some(&media.media_type) == valid.media.as_ref())?
                .schema
        });
        let Some(merged) = body.and_then(|schema| crate::data::merged(&self.api.schemas, schema)) else {
            return;
        };
        for (name, property) in &merged.properties {
            if self
                .api
                .schemas
                .get(*property)
                .is_some_and(|property| property.read_only)
            {
                continue;
            }
            for (text, value) in edges(&self.api.schemas, *property) {
                let mut request = valid.clone();
                if let Some(object) = request.body.as_mut().and_then(serde_json::Value::as_object_mut) {
                    object.insert(name.clone(), value);
                    self.edge(plan, &format!("body.{name}"), &text, &request);
                }
            }
        }
    }

    fn edge(&self, plan: &mut Plan<'_>, name: &str, text: &str, request: &Request) {
        let technique = if text.starts_with("value ") {
            Technique::EquivalencePartitioning
        } else {
            Technique::BoundaryValue
        };
        let items = self.item(
            plan,
            technique,
            &format!("{name}.{text}"),
            format!("{name} of {}: {text}", self.of()),
        );
        let items: Vec<String> = items.into_iter().collect();
        if !items.is_empty() {
            self.propose(
                plan,
                technique,
                items,
                &format!("{name} with {text}"),
                request,
                self.success(),
                "2XX",
                Polarity::Positive,
            );
        }
    }

    /// Operations that an answer leads to: by its links, and from making something to reading it.
    fn flows(&self, plan: &mut Plan<'_>, valid: &Request) {
        let mut targets: Vec<(&str, &Operation)> = Vec::new();
        for link in self.operation.responses.iter().flat_map(|answer| &answer.links) {
            let named = self
                .api
                .operations
                .iter()
                .find(|one| one.id.as_deref() == Some(link.operation.as_str()));
            targets.extend(named.map(|target| (link.name.as_str(), target)));
        }
        if self.operation.method == "POST" && targets.is_empty() {
            let below = format!("{}/{{", self.operation.path.trim_end_matches('/'));
            let reads = |one: &&Operation| {
                one.method == "GET"
                    && one.path.starts_with(&below)
                    && one.path.ends_with('}')
                    && one.path.matches('/').count() == below.matches('/').count()
            };
            targets.extend(
                self.api
                    .operations
                    .iter()
                    .find(reads)
                    .map(|target| ("made", target)),
            );
        }
        for (name, target) in targets {
            let Ok(then) = Request::valid(self.api, target) else {
                continue;
            };
            let key = format!("flow.{name}.{} {}", target.method, target.path);
            let text = format!("{} then {} {}", self.of(), target.method, target.path);
            let Some(item) = self.item(plan, Technique::Rest, &key, text.clone()) else {
                continue;
            };
            let next = Of {
                api: self.api,
                operation: target,
            };
            let mut data = then.data();
            // What the first path names already is the same in the second.
            let before = valid.data();
            for datum in data.iter_mut().filter(|datum| datum.name.starts_with("path.")) {
                let known = before.iter().find(|known| known.name == datum.name);
                let value = known.map_or("from the answer before", |known| known.value.as_str());
                datum.value = value.to_owned();
            }
            let (_, criteria) = self.answered(plan, self.success());
            let draft = Draft {
                technique: Technique::Rest,
                items: vec![item],
                requirement: self.requirement(plan),
                criteria,
                polarity: Polarity::Positive,
                risk: 3,
                title: short(&format!("{text}: what was made is answered"), MAX_TITLE),
                preconditions: self.preconditions(&text, Polarity::Positive),
                steps: vec![
                    with_data(
                        format!("Send {}.", valid.line()),
                        valid.data(),
                        Self::seen(self.success(), "2XX"),
                    ),
                    with_data(
                        format!("Send {}.", then.line()),
                        data,
                        Self::seen(next.success(), "2XX"),
                    ),
                ],
                spans: vec![self.operation.span, target.span],
            };
            plan.propose(draft);
        }
    }

    /// Documented answers that nothing in the description says how to cause.
    fn rest(&self, plan: &mut Plan<'_>, first: usize) {
        let own = plan.drafts.get(first..).unwrap_or_default();
        let reached: Vec<String> = own.iter().flat_map(|draft| draft.items.clone()).collect();
        for answer in &self.operation.responses {
            let key = format!("status.{}", answer.status);
            let id = format!("{}:{}:{key}", Technique::Rest.prefix(), self.of());
            if reached.contains(&id) {
                continue;
            }
            let why = "the description does not say what causes it";
            plan.infeasible(
                Technique::Rest,
                &self.of(),
                &key,
                format!("{} answers {}", self.of(), answer.status),
                answer.span,
                why,
            );
            for criterion in self.criterion(plan, &answer.status) {
                plan.infeasible(
                    Technique::RequirementsBased,
                    &criterion,
                    "met",
                    answer.description.clone(),
                    answer.span,
                    why,
                );
                let requirement = self.requirement(plan);
                let text = format!(
                    "What causes the answer {} of {} ({})?",
                    answer.status,
                    self.of(),
                    answer.description.trim()
                );
                plan.ask(&requirement, Some(&criterion), answer.span, text);
            }
        }
    }
}
