//! Which cases a page of the repository shows, as its address says it. Every state of the list has an address of its own.

pub use super::query::Query;
use model::{CaseId, FolderId, ProjectId};
use store::case::{Filter, Sort};

/// Most cases that can be picked one by one.
const PICKED_MAX: usize = 200;

/// Columns that can be left out: name in the address, and its head.
pub const COLUMNS: [(&str, &str); 4] = [
    ("state", "State"),
    ("type", "Type"),
    ("updated", "Changed"),
    ("by", "By"),
];
/// In place of all of them.
const NO_COLUMN: &str = "none";

/// Columns to sort by: name in the address, sort key.
const SORTS: [(&str, Sort); 5] = [
    ("id", Sort::Id),
    ("name", Sort::Name),
    ("state", Sort::State),
    ("type", Sort::Template),
    ("updated", Sort::UpdatedAt),
];

/// What rows can be grouped by: name in the address, sort key, and words.
pub const GROUPS: [(&str, Sort, &str); 3] = [
    ("folder", Sort::Folder, "Folder"),
    ("state", Sort::State, "State"),
    ("type", Sort::Template, "Type"),
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
    /// The name in [`GROUPS`] of what rows are grouped by; it sorts them too.
    pub group: Option<&'static str>,
    /// The columns of [`COLUMNS`] that are shown beside number and title, in their order; none for all of them.
    pub columns: Option<Vec<&'static str>>,
    /// From 1.
    pub page: i64,
    /// The cases that are picked, each once; they choose nothing in the list itself.
    pub picked: Vec<CaseId>,
    /// The case that is open beside the list.
    pub open: Option<CaseId>,
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
            group: GROUPS
                .iter()
                .map(|(name, ..)| *name)
                .find(|name| *name == query.group),
            page: crate::respond::page_number(&query.page),
            columns: columns(query),
            picked: picked(query),
            open: query.open.parse().ok(),
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
        Place {
            page,
            picked: Vec::new(),
            open: None,
            ..self.clone()
        }
    }

    /// The same list with a case open beside it.
    #[must_use]
    pub fn opened(&self, case: CaseId) -> Place {
        Place {
            open: Some(case),
            ..self.clone()
        }
    }

    /// The same list alone.
    #[must_use]
    pub fn closed(&self) -> Place {
        Place {
            open: None,
            ..self.clone()
        }
    }

    /// The same list sorted by a column, or the other way round when it is sorted by it.
    #[must_use]
    pub fn sorted(&self, column: &'static str) -> Place {
        let ascending = self.sort != Some((column, true));
        Place {
            sort: Some((column, ascending)),
            group: None,
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

    /// Whether a column is shown.
    pub fn shows(&self, column: &str) -> bool {
        self.columns.as_ref().is_none_or(|shown| shown.contains(&column))
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

    /// What stands behind the question mark of the address, by name.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let id = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
        let automation = match self.automation {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        };
        let mut pairs = vec![
            ("folder", id(self.folder.map(|f| f.0))),
            ("q", self.words.clone()),
            ("state", id(self.state)),
            ("template", id(self.template)),
            ("tag", self.tag.clone()),
            ("automation", automation.to_owned()),
            ("sort", self.order().unwrap_or_default()),
            ("group", self.group.unwrap_or_default().to_owned()),
            ("page", id((self.page > 1).then_some(self.page))),
        ];
        if let Some(columns) = &self.columns {
            let none = columns.is_empty().then_some(NO_COLUMN);
            let shown = columns.iter().copied().chain(none);
            pairs.extend(shown.map(|column| ("column", column.to_owned())));
        }
        pairs.extend(self.picked.iter().map(|case| ("case", case.to_string())));
        pairs.retain(|(_, value)| !value.is_empty());
        pairs
    }

    /// The address.
    pub fn href(&self) -> String {
        let list = self.href_of(&format!("/repositories/{}", self.project));
        match self.open {
            Some(case) => format!("{list}{}open={case}", if list.contains('?') { '&' } else { '?' }),
            None => list,
        }
    }

    /// The address of another page about the same cases.
    pub fn href_of(&self, path: &str) -> String {
        let query = self.query();
        if query.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{query}")
        }
    }

    /// What stands behind the question mark.
    pub fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(self.pairs())
            .finish()
    }

    /// What is asked of the store; `inside` are the open folder and all below it.
    pub fn filter(&self, inside: &[i64]) -> Filter {
        let group = GROUPS.iter().find(|(name, ..)| Some(*name) == self.group);
        let (sort, ascending) = match self.sort {
            _ if group.is_some() => (group.map_or(Sort::Folder, |(_, sort, _)| *sort), true),
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

fn columns(query: &Query) -> Option<Vec<&'static str>> {
    let is_shown = |name: &str| query.columns.iter().any(|shown| shown == name);
    let names = COLUMNS.iter().map(|(name, _)| *name);
    let shown: Vec<&str> = names.filter(|name| is_shown(name)).collect();
    let is_all = shown.len() == COLUMNS.len();
    (!is_all && (!shown.is_empty() || is_shown(NO_COLUMN))).then_some(shown)
}

fn picked(query: &Query) -> Vec<CaseId> {
    let mut picked: Vec<CaseId> = Vec::new();
    for id in query.cases.iter().filter_map(|id| id.parse().ok()) {
        if !query.is_all() && picked.len() < PICKED_MAX && !picked.contains(&id) {
            picked.push(id);
        }
    }
    picked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(query: &str) -> Place {
        Place::read(ProjectId(4), &Query::parse(query))
    }

    #[test]
    fn an_address_says_the_same_again() {
        for query in [
            "",
            "?folder=7",
            "?folder=7&q=card+%26+cash&state=4&template=1&tag=a%2Fb&automation=no&sort=-name&page=3",
            "?sort=updated",
            "?page=2&case=5&case=3",
            "?q=pay&column=state&column=by",
            "?column=none",
            "?group=state&column=by",
            "?open=7",
            "?folder=7&page=2&open=7",
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
    fn what_was_done_is_read_or_left_out() {
        assert_eq!(Query::parse("done=move.3.2").done(), Some(("move", 3, 2)));
        for nonsense in ["", "done=move", "done=move.3", "done=move.x.y", "done=move.3.2.1"] {
            assert_eq!(Query::parse(nonsense).done(), None, "{nonsense}");
        }
        assert!(place("case=5&case=5&case=x&all=yes").picked.is_empty());
        assert_eq!(place("case=5&case=5&case=x").picked, [CaseId(5)]);
    }

    #[test]
    fn all_columns_are_as_none_named() {
        let all = place("column=by&column=updated&column=type&column=state&column=none");
        assert_eq!(all, Place::root(ProjectId(4)));
        let none = place("column=none");
        assert!(COLUMNS.iter().all(|(name, _)| !none.shows(name)));
        assert!(place("column=by&column=x").shows("by") && !place("column=by").shows("state"));
    }

    #[test]
    fn a_second_click_turns_the_order() {
        let once = Place::root(ProjectId(4)).at(3).sorted("name");
        assert_eq!((once.page, once.sort), (1, Some(("name", true))));
        assert_eq!(once.sorted("name").sort, Some(("name", false)));
        assert_eq!(once.sorted("name").sorted("id").sort, Some(("id", true)));
    }
}
