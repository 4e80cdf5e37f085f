//! Pages of lists.

use serde::Deserialize;

/// One page of a list, as the API's envelope has it.
#[derive(Debug, Clone, Deserialize)]
pub struct Page<T> {
    /// Number of this page, from 1; none when there is nothing at all.
    #[serde(default)]
    pub page: Option<u32>,
    /// Number of the next page; none on the last one.
    #[serde(default)]
    pub next_page: Option<u32>,
    /// Number of the last page; none when there is nothing at all.
    #[serde(default)]
    pub last_page: Option<u32>,
    /// Most rows of a page.
    pub per_page: u32,
    /// Rows of all pages.
    pub total: u64,
    /// The rows.
    pub result: Vec<T>,
}

/// How many rows a page may have. The API knows these four sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PageSize {
    /// 15 rows.
    Fifteen,
    /// 25 rows.
    TwentyFive,
    /// 50 rows.
    Fifty,
    /// 100 rows.
    #[default]
    Hundred,
}

impl PageSize {
    /// As the query parameter `per_page`.
    pub fn rows(self) -> u32 {
        match self {
            PageSize::Fifteen => 15,
            PageSize::TwentyFive => 25,
            PageSize::Fifty => 50,
            PageSize::Hundred => 100,
        }
    }

    pub(crate) fn query(self, page: u32) -> [(&'static str, String); 2] {
        [("page", page.to_string()), ("per_page", self.rows().to_string())]
    }
}

/// The envelope of a single object.
#[derive(Debug, Deserialize)]
pub(crate) struct Row<T> {
    pub(crate) result: T,
}
