//! What people are told about what others do, and which kinds of it they do not want.
//!
//! Whether its reader may see one is decided when it is read, by the same rules as [`crate::access::require`].

use crate::access::Proof;
use crate::filter::{self, in_list};
use crate::{Arg, Result, Row, Tx, args, statements};
use model::page::{Page, PageRequest};
use model::{Action, Area, NoticeKind, ProjectId, Right, Rights, Timestamp, UserId};

/// What the bell counts to.
const COUNTED: i64 = 100;

/// The right without which notifications about closed runs are not shown.
const CLOSED: i64 = Rights::of(Right(Area::ClosedRuns, Action::View)).to_i64();

/// What a notification is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A case.
    Case(i64),
    /// A manual run.
    Run(i64),
    /// The project as a whole, such as many of its cases.
    Project(i64),
}

impl About {
    /// Its kind in the API and in the database, and its id.
    pub fn parts(self) -> (&'static str, i64) {
        match self {
            About::Case(id) => ("case", id),
            About::Run(id) => ("run", id),
            About::Project(id) => ("project", id),
        }
    }

    fn from_parts(kind: &str, id: i64) -> Option<About> {
        match kind {
            "case" => Some(About::Case(id)),
            "run" => Some(About::Run(id)),
            "project" => Some(About::Project(id)),
            _ => None,
        }
    }
}

/// Something to tell.
#[derive(Debug, Clone, Copy)]
pub struct Notice<'a> {
    /// Why.
    pub kind: NoticeKind,
    /// The project in which it happened, with the right that its reader needs there; none for what lies in no project.
    pub place: Option<(ProjectId, Right)>,
    /// What it is about.
    pub about: About,
    /// The test of the run, when it is about one.
    pub part: Option<i64>,
    /// How many things.
    pub count: i64,
    /// The name of what it is about.
    pub title: &'a str,
}

/// A notification as its reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Its id.
    pub id: i64,
    /// Why.
    pub kind: NoticeKind,
    /// The project with its name.
    pub project: Option<(ProjectId, String)>,
    /// What it is about; none for what this version does not know.
    pub about: Option<About>,
    /// The test of the run, when it is about one.
    pub part: Option<i64>,
    /// How many things.
    pub count: i64,
    /// The name of what it is about, as it is now.
    pub title: String,
    /// Who did it; none for the instance itself.
    pub actor: Option<(UserId, String)>,
    /// When it was written, or renewed.
    pub created_at: Timestamp,
    /// When it was read.
    pub read_at: Option<Timestamp>,
}

/// Who reads, and by what.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// The person.
    pub user: UserId,
    /// The key, if it is one: what lies outside of its projects is not shown.
    pub key: Option<i64>,
    /// What its scope lets through.
    pub scope: Rights,
}

impl Reader {
    fn args(&self) -> [Arg<'static>; 4] {
        [
            self.user.0.into(),
            CLOSED.into(),
            self.scope.to_i64().into(),
            self.key.into(),
        ]
    }
}

/// The place of the user `u` in the project `p`.
macro_rules! place {
    () => {
        " LEFT JOIN roles own ON own.id = u.role_id
          LEFT JOIN roles dr ON dr.id = p.default_role_id
          LEFT JOIN project_users pu ON pu.project_id = p.id AND pu.user_id = u.id
          LEFT JOIN roles ur ON ur.id = pu.role_id"
    };
}

/// Whether the person `u` has a right in the project `p`. The same rules as `access::require`.
macro_rules! may {
    ($bit:literal) => {
        concat!(
            "CASE WHEN u.is_admin THEN TRUE
                WHEN pu.user_id IS NOT NULL THEN ur.id IS NOT NULL AND (pu.is_admin OR (ur.permissions & ",
            $bit,
            ") <> 0)
                WHEN EXISTS (SELECT 1 FROM project_groups pg JOIN group_members gm ON gm.group_id = pg.group_id
                    WHERE pg.project_id = p.id AND gm.user_id = u.id)
                THEN EXISTS (SELECT 1 FROM project_groups pg JOIN group_members gm ON gm.group_id = pg.group_id
                    JOIN roles r ON r.id = pg.role_id
                    WHERE pg.project_id = p.id AND gm.user_id = u.id AND (r.permissions & ",
            $bit,
            ") <> 0)
                WHEN p.default_access = 'global' THEN (own.permissions & ",
            $bit,
            ") <> 0
                WHEN p.default_access = 'role' THEN dr.id IS NOT NULL AND (dr.permissions & ",
            $bit,
            ") <> 0
                ELSE FALSE END"
        )
    };
}

/// What the user $1 may see now; $2 the right to look at closed runs, $3 what the scope lets through, $4 the key or none.
macro_rules! seen {
    () => {
        concat!(
            " FROM notifications n JOIN users u ON u.id = n.user_id LEFT JOIN projects p ON p.id = n.project_id",
            place!(),
            " LEFT JOIN runs run ON n.target_kind = 'run' AND run.id = n.target_id
              LEFT JOIN cases c ON n.target_kind = 'case' AND c.id = n.target_id
              LEFT JOIN users a ON a.id = n.actor_id
            WHERE n.user_id = $1 AND (n.project_id IS NULL OR ",
            may!("n.needs"),
            ") AND (n.target_kind <> 'run' OR (run.id IS NOT NULL AND (NOT run.is_closed OR ",
            may!("$2"),
            "))) AND (n.target_kind <> 'case' OR c.id IS NOT NULL)
            AND (n.needs = 0 OR (n.needs & $3) <> 0)
            AND (CAST($4 AS BIGINT) IS NULL OR NOT EXISTS (SELECT 1 FROM api_keys k WHERE k.id = $4 AND k.is_limited)
                OR n.project_id IN (SELECT kp.project_id FROM api_key_projects kp WHERE kp.key_id = $4))"
        )
    };
}

/// Unread ones of the users $1 that tell the same: $2 kind, $3 and $4 what it is about, $5 the part of it.
macro_rules! same {
    () => {
        "n.kind = $2 AND n.target_kind = $3 AND n.target_id = $4
            AND COALESCE(n.part_id, 0) = COALESCE(CAST($5 AS BIGINT), 0) AND n.read_at IS NULL"
    };
}

statements! {
    RENEW = concat!("UPDATE notifications AS n SET counted = n.counted + $6, created_at = $7, actor_id = $8
        WHERE n.user_id IN ", in_list!("$1"), " AND ", same!());
    ADD = concat!("INSERT INTO notifications (user_id, kind, target_kind, target_id, part_id, counted, created_at, actor_id,
            project_id, needs, title)
        SELECT u.id, CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT), CAST($5 AS BIGINT), CAST($6 AS BIGINT),
            CAST($7 AS BIGINT), CAST($8 AS BIGINT), CAST($9 AS BIGINT), CAST($10 AS BIGINT), CAST($11 AS TEXT)
        FROM users u WHERE u.id IN ", in_list!("$1"), " AND u.kind = 'person' AND u.is_active AND NOT u.is_forgotten
            AND NOT EXISTS (SELECT 1 FROM notification_mutes q WHERE q.user_id = u.id AND q.kind = $2)
            AND NOT EXISTS (SELECT 1 FROM notifications n WHERE n.user_id = u.id AND ", same!(), ")");
    WHO_MAY = concat!("SELECT u.id FROM projects p JOIN users u ON u.is_active AND u.kind = 'person'", place!(),
        " WHERE p.id = $1 AND ", may!("$2"), " ORDER BY u.id");
    UNREAD = concat!("SELECT COUNT(*) FROM (SELECT 1 AS one", seen!(), " AND n.read_at IS NULL LIMIT $5) AS few");
    COUNT = concat!("SELECT COUNT(*)", seen!(), " AND ($5 OR n.read_at IS NULL)");
    PAGE = concat!("SELECT n.id, n.kind, p.id, p.name, n.target_kind, n.target_id, n.part_id, n.counted,
            COALESCE(run.name, c.name, n.title), a.id, a.name, n.created_at, n.read_at", seen!(),
        " AND ($5 OR n.read_at IS NULL) ORDER BY n.created_at DESC, n.id DESC LIMIT $6 OFFSET $7");
    GET = concat!("SELECT n.id, n.kind, p.id, p.name, n.target_kind, n.target_id, n.part_id, n.counted,
            COALESCE(run.name, c.name, n.title), a.id, a.name, n.created_at, n.read_at", seen!(), " AND n.id = $5");
    READ = "UPDATE notifications SET read_at = $2 WHERE user_id = $1 AND id = $3 AND read_at IS NULL";
    READ_ALL = concat!("UPDATE notifications SET read_at = $5 WHERE id IN (SELECT n.id", seen!(), " AND n.read_at IS NULL)");
    UNREAD_AGAIN = "UPDATE notifications SET read_at = NULL WHERE user_id = $1 AND read_at = $2";
    DELETE_OLD = "DELETE FROM notifications WHERE read_at < $1";
    DELETE_OF = "DELETE FROM notifications WHERE user_id = $1";
    MUTES = "SELECT kind FROM notification_mutes WHERE user_id = $1 ORDER BY kind";
    MUTE = "INSERT INTO notification_mutes (user_id, kind) VALUES ($1, $2) ON CONFLICT (user_id, kind) DO NOTHING";
    UNMUTE = "DELETE FROM notification_mutes WHERE user_id = $1";
}

fn notification(r: &Row<'_>) -> Result<Option<Notification>> {
    // A kind that a newer version wrote is left out.
    let Some(kind) = NoticeKind::from_name(&r.get::<String>(1)?) else {
        return Ok(None);
    };
    let project = r.get::<Option<i64>>(2)?.map(ProjectId);
    let actor = r.get::<Option<i64>>(9)?.map(UserId);
    Ok(Some(Notification {
        id: r.get(0)?,
        kind,
        project: project.zip(r.get::<Option<String>>(3)?),
        about: About::from_parts(&r.get::<String>(4)?, r.get(5)?),
        part: r.get(6)?,
        count: r.get(7)?,
        title: r.get(8)?,
        actor: actor.zip(r.get::<Option<String>>(10)?),
        created_at: Timestamp(r.get(11)?),
        read_at: r.get::<Option<i64>>(12)?.map(Timestamp),
    }))
}

/// Tells people, but those who are inactive or do not want this kind. An unread one that tells the same is renewed, and
/// counts more. Two statements, however many people.
pub fn insert(
    tx: &mut Tx<'_>,
    by: Option<UserId>,
    to: &[UserId],
    notice: &Notice<'_>,
    now: Timestamp,
) -> Result<()> {
    let to = filter::list(&to.iter().map(|u| u.0).collect::<Vec<_>>());
    let (target, id) = notice.about.parts();
    let (project, needs) = notice.place.unzip();
    let given: [Arg<'_>; 11] = [
        (&to).into(),
        notice.kind.name().into(),
        target.into(),
        id.into(),
        notice.part.into(),
        notice.count.into(),
        now.0.into(),
        by.map(|u| u.0).into(),
        project.map(|p| p.0).into(),
        needs.map_or(0, |right| Rights::of(right).to_i64()).into(),
        notice.title.into(),
    ];
    let (renewed, _) = given.split_at(8);
    tx.execute(RENEW, renewed)?;
    tx.execute(ADD, &given).map(drop)
}

/// The active people who have a right in the project that was checked.
pub fn who_may(tx: &mut Tx<'_>, proof: &Proof, right: Right) -> Result<Vec<UserId>> {
    let bit = Rights::of(right).to_i64();
    tx.all(WHO_MAY, args![proof.project().0, bit], |r| r.get(0).map(UserId))
}

/// How many unread ones there are that the reader may see; it counts no further than 100.
pub fn unread(tx: &mut Tx<'_>, reader: &Reader) -> Result<i64> {
    let [user, closed, scope, key] = reader.args();
    tx.one(UNREAD, &[user, closed, scope, key, COUNTED.into()], |r| r.get(0))
}

/// One page of what the reader may see, newest first; all, or unread ones.
pub fn page(tx: &mut Tx<'_>, reader: &Reader, all: bool, request: PageRequest) -> Result<Page<Notification>> {
    let [user, closed, scope, key] = reader.args();
    let total = tx.one(COUNT, &[user, closed, scope, key, all.into()], |r| r.get(0))?;
    let [user, closed, scope, key] = reader.args();
    let given = [
        user,
        closed,
        scope,
        key,
        all.into(),
        request.per_page.into(),
        request.offset().into(),
    ];
    let rows = tx
        .all(PAGE, &given, notification)?
        .into_iter()
        .flatten()
        .collect();
    Ok(Page { request, total, rows })
}

/// One that the reader may see.
pub fn get(tx: &mut Tx<'_>, reader: &Reader, id: i64) -> Result<Option<Notification>> {
    let [user, closed, scope, key] = reader.args();
    let found = tx.opt(GET, &[user, closed, scope, key, id.into()], notification)?;
    Ok(found.flatten())
}

/// Marks one of somebody's as read.
pub fn read(tx: &mut Tx<'_>, user: UserId, id: i64, now: Timestamp) -> Result<()> {
    tx.execute(READ, args![user.0, now.0, id]).map(drop)
}

/// Marks all that the reader may see as read.
pub fn read_all(tx: &mut Tx<'_>, reader: &Reader, now: Timestamp) -> Result<()> {
    let [user, closed, scope, key] = reader.args();
    tx.execute(READ_ALL, &[user, closed, scope, key, now.0.into()])
        .map(drop)
}

/// Takes back that somebody's were marked as read at this time.
pub fn unread_again(tx: &mut Tx<'_>, user: UserId, at: Timestamp) -> Result<()> {
    tx.execute(UNREAD_AGAIN, args![user.0, at.0]).map(drop)
}

/// Removes those that were read before a time.
pub fn delete_old(tx: &mut Tx<'_>, before: Timestamp) -> Result<()> {
    tx.execute(DELETE_OLD, args![before.0]).map(drop)
}

/// Removes all of somebody's.
pub fn delete_of(tx: &mut Tx<'_>, user: UserId) -> Result<()> {
    tx.execute(DELETE_OF, args![user.0]).map(drop)
}

/// The kinds that somebody does not want.
pub fn muted(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<NoticeKind>> {
    let names: Vec<String> = tx.all(MUTES, args![user.0], |r| r.get(0))?;
    Ok(names.iter().filter_map(|n| NoticeKind::from_name(n)).collect())
}

/// Sets the kinds that somebody does not want.
pub fn mute(tx: &mut Tx<'_>, user: UserId, kinds: &[NoticeKind]) -> Result<()> {
    tx.execute(UNMUTE, args![user.0])?;
    for kind in kinds {
        tx.execute(MUTE, args![user.0, kind.name()])?;
    }
    Ok(())
}
