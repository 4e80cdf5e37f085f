//! Documented answers: which one a request gets, what is seen of it, and which items and criteria it shows.

use super::Of;
use crate::api::Response;
use crate::technique::{Plan, Technique};

impl Of<'_> {
    /// The documented answer to one of some status codes, tried in their order; `default` and classes count last.
    pub(super) fn answer(&self, wanted: &[&str]) -> Option<&Response> {
        wanted.iter().find_map(|status| {
            self.operation
                .responses
                .iter()
                .find(|answer| answer.status.eq_ignore_ascii_case(status))
        })
    }

    /// The documented success: the first code of the class 2, else of 3, else `default`.
    pub(super) fn success(&self) -> Option<&Response> {
        let class = |first| {
            self.operation
                .responses
                .iter()
                .find(|answer| answer.status.starts_with(first))
        };
        class('2')
            .or_else(|| class('3'))
            .or_else(|| self.answer(&["default"]))
    }

    /// Items of an answer, and its criterion.
    pub(super) fn answered(
        &self,
        plan: &mut Plan<'_>,
        answer: Option<&Response>,
    ) -> (Vec<String>, Vec<String>) {
        let Some(answer) = answer else {
            return (Vec::new(), Vec::new());
        };
        let mut items = Vec::new();
        items.extend(self.item(
            plan,
            Technique::Rest,
            &format!("status.{}", answer.status),
            format!("{} answers {}", self.of(), answer.status),
        ));
        let criteria = self.criterion(plan, &answer.status);
        for criterion in &criteria {
            let text = format!("{}: {}", answer.status, answer.description);
            items.extend(plan.item(Technique::RequirementsBased, criterion, "met", text, answer.span));
        }
        (items, criteria)
    }

    /// Id of the criterion that the reader made of an answer.
    pub(super) fn criterion(&self, plan: &Plan<'_>, status: &str) -> Vec<String> {
        let requirement = self.requirement(plan);
        let found = plan
            .document
            .requirements
            .iter()
            .filter(|one| one.id == requirement)
            .flat_map(|one| &one.criteria);
        let is = |criterion: &&crate::Criterion| matches!(&criterion.form, crate::Form::Response { status: of } if of == status);
        found
            .filter(is)
            .take(1)
            .map(|criterion| criterion.id.clone())
            .collect()
    }

    pub(super) fn requirement(&self, plan: &Plan<'_>) -> String {
        let inside = |one: &&crate::Requirement| one.span == self.operation.span || one.id == self.of();
        plan.document
            .requirements
            .iter()
            .find(inside)
            .map_or_else(String::new, |one| one.id.clone())
    }

    /// What is seen of an answer.
    pub(super) fn seen(answer: Option<&Response>, class: &str) -> Vec<String> {
        let Some(answer) = answer else {
            let of = if class.ends_with("XX") {
                "of the class "
            } else {
                ""
            };
            return vec![format!("The status is {of}{class}.")];
        };
        let mut seen = vec![match answer.status.as_str() {
            "default" if class.ends_with("XX") => format!("The status is of the class {class}."),
            "default" => format!("The status is {class}."),
            status if status.ends_with(['X', 'x']) => format!("The status is of the class {status}."),
            status => format!("The status is {status}."),
        }];
        match answer.content.as_slice() {
            [] => {}
            [media] if media.schema.is_some() => seen.push(format!(
                "The body is {} and matches its schema.",
                media.media_type
            )),
            many => {
                let types: Vec<&str> = many.iter().map(|media| media.media_type.as_str()).collect();
                seen.push(format!("The body is {}.", types.join(" or ")));
            }
        }
        for (name, _) in &answer.headers {
            seen.push(format!("The header {name} is there."));
        }
        seen
    }
}
