//! Reading the audit log: pages and exports, by the index that fits the filter.
//!
//! A condition that may be absent, `($1 IS NULL OR …)`, lets no engine use an index. So each statement exists once for each
//! column that can lead: the leading condition stands bare, the others filter what it finds.

use super::{Filter, Recorded, recorded};
use crate::{Arg, Result, Tx, args, statements};
use model::page::{Page, PageRequest};

/// $1 actor, $2 action, $3 project, $4 kind and $5 id of the target, each NULL for any; written after $6 and before $7.
/// The plus signs keep SQLite from an index that is not the leading one.
macro_rules! filtered {
    ($lead:literal) => {
        concat!(
            " FROM audit a WHERE (CAST($1 AS BIGINT) IS NULL OR a.actor_id = $1)
                AND (CAST($2 AS TEXT) IS NULL OR a.action = $2)
                AND (CAST($3 AS BIGINT) IS NULL OR a.project_id = $3)
                AND (CAST($4 AS TEXT) IS NULL OR a.target_kind = $4)
                AND (CAST($5 AS BIGINT) IS NULL OR a.target_id = $5)
                AND +a.at > $6 AND +a.at < $7",
            $lead
        )
    };
}
macro_rules! count {
    ($lead:literal) => {
        concat!("SELECT COUNT(*)", filtered!($lead))
    };
}
macro_rules! newest {
    ($lead:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            filtered!($lead),
            " ORDER BY a.id DESC LIMIT $8 OFFSET $9"
        )
    };
}
macro_rules! oldest {
    ($lead:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            filtered!($lead),
            " ORDER BY a.id LIMIT $8 OFFSET $9"
        )
    };
}
macro_rules! next {
    ($lead:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            filtered!($lead),
            " AND a.id > $8 AND a.id <= $9 ORDER BY a.id LIMIT $10"
        )
    };
}

statements! {
    COUNT = count!("");
    COUNT_TARGET = count!(" AND a.target_kind = $4 AND a.target_id = $5");
    COUNT_ACTOR = count!(" AND a.actor_id = $1");
    COUNT_PROJECT = count!(" AND a.project_id = $3");
    COUNT_ACTION = count!(" AND a.action = $2");
    COUNT_KIND = count!(" AND a.target_kind = $4");
    COUNT_TIME = count!(" AND a.at > $6 AND a.at < $7");
    NEWEST = newest!("");
    NEWEST_TARGET = newest!(" AND a.target_kind = $4 AND a.target_id = $5");
    NEWEST_ACTOR = newest!(" AND a.actor_id = $1");
    NEWEST_PROJECT = newest!(" AND a.project_id = $3");
    NEWEST_ACTION = newest!(" AND a.action = $2");
    NEWEST_KIND = newest!(" AND a.target_kind = $4");
    OLDEST = oldest!("");
    OLDEST_TARGET = oldest!(" AND a.target_kind = $4 AND a.target_id = $5");
    OLDEST_ACTOR = oldest!(" AND a.actor_id = $1");
    OLDEST_PROJECT = oldest!(" AND a.project_id = $3");
    OLDEST_ACTION = oldest!(" AND a.action = $2");
    OLDEST_KIND = oldest!(" AND a.target_kind = $4");
    NEWEST_TIME = concat!("SELECT ", columns!(), filtered!(" AND a.at > $6 AND a.at < $7"),
        " ORDER BY +a.id DESC LIMIT $8 OFFSET $9");
    OLDEST_TIME = concat!("SELECT ", columns!(), filtered!(" AND a.at > $6 AND a.at < $7"),
        " ORDER BY +a.id LIMIT $8 OFFSET $9");
    NEXT = next!("");
    NEXT_TARGET = next!(" AND a.target_kind = $4 AND a.target_id = $5");
    NEXT_ACTOR = next!(" AND a.actor_id = $1");
    NEXT_PROJECT = next!(" AND a.project_id = $3");
    NEXT_ACTION = next!(" AND a.action = $2");
    NEXT_KIND = next!(" AND a.target_kind = $4");
    LAST = "SELECT COALESCE(MAX(id), 0) FROM audit";
    WITHIN = "SELECT COALESCE(MIN(id), 1), COALESCE(MAX(id), 0) FROM audit WHERE at > $1 AND at < $2";
}

/// The statements of a filter, by the column that finds the fewest rows: count, newest first, oldest first, the next ones.
fn lead(f: &Filter) -> [&'static str; 4] {
    if f.target_kind.is_some() && f.target_id.is_some() {
        [COUNT_TARGET, NEWEST_TARGET, OLDEST_TARGET, NEXT_TARGET]
    } else if f.actor_id.is_some() {
        [COUNT_ACTOR, NEWEST_ACTOR, OLDEST_ACTOR, NEXT_ACTOR]
    } else if f.project_id.is_some() {
        [COUNT_PROJECT, NEWEST_PROJECT, OLDEST_PROJECT, NEXT_PROJECT]
    } else if f.action.is_some() {
        [COUNT_ACTION, NEWEST_ACTION, OLDEST_ACTION, NEXT_ACTION]
    } else if f.target_kind.is_some() {
        [COUNT_KIND, NEWEST_KIND, OLDEST_KIND, NEXT_KIND]
    } else if f.after.is_some() || f.before.is_some() {
        [COUNT_TIME, NEWEST_TIME, OLDEST_TIME, NEXT]
    } else {
        [COUNT, NEWEST, OLDEST, NEXT]
    }
}

fn given(f: &Filter) -> Vec<Arg<'_>> {
    args![
        f.actor_id,
        f.action.as_deref(),
        f.project_id,
        f.target_kind.as_deref(),
        f.target_id,
        f.after.map_or(i64::MIN, |t| t.0),
        f.before.map_or(i64::MAX, |t| t.0)
    ]
    .to_vec()
}

/// One page of the rows of the instance. The caller was checked to be a site admin.
pub fn page(tx: &mut Tx<'_>, f: &Filter, request: PageRequest) -> Result<Page<Recorded>> {
    let [count, newest, oldest, _] = lead(f);
    let mut given = given(f);
    let total = tx.one(count, &given, |r| r.get(0))?;
    given.extend_from_slice(args![request.per_page, request.offset()]);
    let sql = if f.ascending { oldest } else { newest };
    let rows = tx.all(sql, &given, |r| recorded(r, 0))?;
    Ok(Page { request, total, rows })
}

/// Ids between which an export of a filter lies: after the first number, up to the second. Rows that come later stay out.
pub fn range(tx: &mut Tx<'_>, f: &Filter) -> Result<(i64, i64)> {
    if f.after.is_none() && f.before.is_none() {
        return Ok((0, tx.one(LAST, args![], |r| r.get(0))?));
    }
    let times = [
        f.after.map_or(i64::MIN, |t| t.0).into(),
        f.before.map_or(i64::MAX, |t| t.0).into(),
    ];
    tx.one(WITHIN, &times, |r| Ok((r.get::<i64>(0)? - 1, r.get(1)?)))
}

/// At most `most` rows of a filter after the id `after` up to `last`, oldest first.
pub fn next(tx: &mut Tx<'_>, f: &Filter, after: i64, last: i64, most: i64) -> Result<Vec<Recorded>> {
    let [.., next] = lead(f);
    let mut given = given(f);
    given.extend_from_slice(args![after, last, most]);
    tx.all(next, &given, |r| recorded(r, 0))
}
