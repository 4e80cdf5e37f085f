//! Envelopes and parts that several resources share (contract §1.1 to §1.3, §3).

use model::page::Page;
use model::status::{Counts, Statuses};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

/// A page of rows.
#[derive(Serialize)]
pub(crate) struct PageOf<T, E> {
    page: Option<i64>,
    prev_page: Option<i64>,
    next_page: Option<i64>,
    last_page: Option<i64>,
    per_page: i64,
    total: i64,
    result: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expands: Option<E>,
}

impl<T, E> PageOf<T, E> {
    pub(crate) fn new(page: Page<T>, expands: E) -> Self {
        PageOf {
            page: (page.total > 0).then_some(page.request.page),
            prev_page: page.prev_page(),
            next_page: page.next_page(),
            last_page: page.last_page(),
            per_page: page.request.per_page,
            total: page.total,
            result: page.rows,
            expands: Some(expands),
        }
    }
}

impl<T> PageOf<T, ()> {
    /// A page of rows that refer to nothing.
    pub(crate) fn bare(page: Page<T>) -> Self {
        PageOf {
            expands: None,
            ..PageOf::new(page, ())
        }
    }
}

/// One object.
#[derive(Serialize)]
pub(crate) struct RowOf<T, E> {
    pub(crate) result: T,
    pub(crate) expands: E,
}

/// One object, or a whole list, with nothing beside it.
#[derive(Serialize)]
pub(crate) struct Only<T> {
    pub(crate) result: T,
}

/// The answer to a creation.
#[derive(Serialize)]
pub(crate) struct Created {
    pub(crate) id: i64,
}

/// An object that expands show by id and name.
#[derive(Serialize)]
pub(crate) struct Named {
    pub(crate) id: i64,
    pub(crate) name: String,
}

/// Counters of a run or thread (contract §4.2): `statusN_count` belongs to the status with id N + 1.
pub(crate) struct Counters<'a> {
    pub(crate) counts: &'a Counts,
    pub(crate) statuses: &'a Statuses,
}

/// Counters by status: the first belongs to id 2.
pub(crate) const STATUS_COUNTS: [&str; 24] = [
    "status1_count",
    "status2_count",
    "status3_count",
    "status4_count",
    "status5_count",
    "status6_count",
    "status7_count",
    "status8_count",
    "status9_count",
    "status10_count",
    "status11_count",
    "status12_count",
    "status13_count",
    "status14_count",
    "status15_count",
    "status16_count",
    "status17_count",
    "status18_count",
    "status19_count",
    "status20_count",
    "status21_count",
    "status22_count",
    "status23_count",
    "status24_count",
];

impl Serialize for Counters<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let derived = self.statuses.derive(self.counts);
        let mut map = s.serialize_map(Some(STATUS_COUNTS.len() + 5))?;
        map.serialize_entry("untested_count", &self.counts.of(model::status::UNTESTED))?;
        for (name, id) in STATUS_COUNTS.iter().zip(2..) {
            map.serialize_entry(name, &self.counts.of(id))?;
        }
        map.serialize_entry("success_count", &derived.success)?;
        map.serialize_entry("failure_count", &derived.failure)?;
        map.serialize_entry("completed_count", &derived.completed)?;
        map.serialize_entry("total_count", &derived.total)?;
        map.end()
    }
}
