//! Which cases a page of the repository shows, as its address says it. Every state of the list has an address of its own.

use model::{FolderId, ProjectId};
use serde::Deserialize;
use store::case::{Filter, Sort};

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Query {
    #[serde(default)]
    folder: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    template: String,
    #[serde(default)]
    tag: String,
    #[serde(default)]
    automation: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    page: String,
}

/// Columns to sort by: name in the address, sort key.
const SORTS: [(&str, Sort); 5] = [
    ("id", Sort::Id),
    ("name", Sort::Name),
    ("state", Sort::State),
    ("type", Sort::Template),
    ("updated", Sort::UpdatedAt),
];

/// A part of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The project.
    pub project: ProjectId,
    /// The folder that is open; none for the whole project.
    pub folder: Option<FolderId>,
    /// Words that people look for.
    pub words: String,
    /// Only cases in this state.
    pub state: Option<i64>,
    /// Only cases with this template.
    pub template: Option<i64>,
    /// Only cases with this tag.
    pub tag: String,
    /// Only cases with an automated test, or only those without.
    pub automation: Option<bool>,
    /// Column of [`Place::sorted`], and whether the smallest is first; none for the order of the folder.
    pub sort: Option<(&'static str, bool)>,
    /// From 1.
    pub page: i64,
}

impl Place {
    /// From an address. What makes no sense is left out.
    pub fn read(project: ProjectId, query: &Query) -> Place {
        let ascending = !query.sort.starts_with('-');
        let column = query.sort.trim_start_matches('-');
        let column = SORTS.iter().find(|(name, _)| *name == column);
        Place {
            project,
            folder: query.folder.parse().ok(),
            words: query.q.trim().chars().take(200).collect(),
            state: query.state.parse().ok(),
            template: query.template.parse().ok(),
            tag: query.tag.trim().to_owned(),
            automation: match query.automation.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            sort: column.map(|(name, _)| (*name, ascending)),
            page: crate::respond::page_number(&query.page),
        }
    }

    /// The whole repository of a project.
    pub fn root(project: ProjectId) -> Place {
        Place::read(project, &Query::default())
    }

    /// A folder, without any filter.
    pub fn folder(project: ProjectId, folder: Option<FolderId>) -> Place {
        Place {
            folder,
            ..Place::root(project)
        }
    }

    /// Another page of the same list.
    #[must_use]
    pub fn at(&self, page: i64) -> Place {
        Place { page, ..self.clone() }
    }

    /// The same list sorted by a column, or the other way round when it is sorted by it.
    #[must_use]
    pub fn sorted(&self, column: &'static str) -> Place {
        let ascending = self.sort != Some((column, true));
        Place {
            sort: Some((column, ascending)),
            ..self.at(1)
        }
    }

    /// Whether anything but the folder chooses the cases.
    pub fn is_filtered(&self) -> bool {
        !self.words.is_empty()
            || self.state.is_some()
            || self.template.is_some()
            || !self.tag.is_empty()
            || self.automation.is_some()
    }

    /// `sort` as the address has it.
    pub fn order(&self) -> Option<String> {
        self.sort.map(|(column, ascending)| {
            if ascending {
                column.to_owned()
            } else {
                format!("-{column}")
            }
        })
    }

    /// The address.
    pub fn href(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value.filter(|v| !v.is_empty()) {
                query.append_pair(name, &value);
            }
        };
        put("folder", self.folder.map(|id| id.to_string()));
        put("q", Some(self.words.clone()));
        put("state", self.state.map(|id| id.to_string()));
        put("template", self.template.map(|id| id.to_string()));
        put("tag", Some(self.tag.clone()));
        put(
            "automation",
            self.automation
                .map(|yes| if yes { "yes" } else { "no" }.to_owned()),
        );
        put("sort", self.order());
        put("page", (self.page > 1).then(|| self.page.to_string()));
        let query = query.finish();
        let path = format!("/repositories/{}", self.project);
        if query.is_empty() {
            path
        } else {
            format!("{path}?{query}")
        }
    }

    /// What is asked of the store; `inside` are the open folder and all below it.
    pub fn filter(&self, inside: &[i64]) -> Filter {
        let (sort, ascending) = match self.sort {
            Some((column, ascending)) => {
                let sort = SORTS.iter().find(|(name, _)| *name == column);
                (sort.map_or(Sort::CreatedAt, |(_, sort)| *sort), ascending)
            }
            None if self.folder.is_some() => (Sort::DisplayOrder, true),
            None => (Sort::CreatedAt, true),
        };
        Filter {
            folder_ids: inside.to_vec(),
            state_ids: self.state.into_iter().collect(),
            template_ids: self.template.into_iter().collect(),
            tags: Some(self.tag.clone())
                .filter(|t| !t.is_empty())
                .into_iter()
                .collect(),
            has_automation: self.automation,
            search: Some(self.words.clone()).filter(|w| !w.is_empty()),
            sort,
            ascending,
            ..Filter::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(query: &str) -> Place {
        let pairs: std::collections::HashMap<String, String> =
            form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let get = |name: &str| pairs.get(name).cloned().unwrap_or_default();
        let query = Query {
            folder: get("folder"),
            q: get("q"),
            state: get("state"),
            template: get("template"),
            tag: get("tag"),
            automation: get("automation"),
            sort: get("sort"),
            page: get("page"),
        };
        Place::read(ProjectId(4), &query)
    }

    #[test]
    fn an_address_says_the_same_again() {
        for query in [
            "",
            "?folder=7",
            "?folder=7&q=card+%26+cash&state=4&template=1&tag=a%2Fb&automation=no&sort=-name&page=3",
            "?sort=updated",
        ] {
            let read = place(query.trim_start_matches('?'));
            assert_eq!(read.href(), format!("/repositories/4{query}"));
        }
    }

    #[test]
    fn nonsense_is_left_out() {
        let read = place("folder=x&state=&sort=;drop&page=-5&automation=maybe&q=+");
        assert_eq!(read, Place::root(ProjectId(4)));
        assert!(!read.is_filtered());
    }

    #[test]
    fn a_second_click_turns_the_order() {
        let once = Place::root(ProjectId(4)).at(3).sorted("name");
        assert_eq!((once.page, once.sort), (1, Some(("name", true))));
        assert_eq!(once.sorted("name").sort, Some(("name", false)));
        assert_eq!(once.sorted("name").sorted("id").sort, Some(("id", true)));
    }
}
