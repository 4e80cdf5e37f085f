//! Rows of uploaded files: whose they are, what goes with what, and which blobs nobody needs.

use model::page::PageRequest;
use model::{Action, Area, AttachmentId, CaseId, ProjectId, Right, Scope, Timestamp, UserId};
use store::access::{self, Caller, Proof, Target, Via};
use store::attachment::{self, Filter, NewAttachment, Owner};
use store::blob::{self, REST};
use store::user::NewUser;
use store::{Db, Error, Result, Tx, args};
use testkit::db::Database;

const SALT: i64 = 7;
const NOW: Timestamp = Timestamp(1_000_000);
const EDIT: Right = Right(Area::Cases, Action::Edit);
/// Cases 1 and 2 are in the first project, case 3 in the second.
const CASE: CaseId = CaseId(1);
const NEIGHBOUR: CaseId = CaseId(2);
const ELSEWHERE: CaseId = CaseId(3);

fn sha256(digit: char) -> String {
    digit.to_string().repeat(64)
}

fn file(name: &str, digit: char) -> NewAttachment {
    NewAttachment {
        sha256: sha256(digit),
        name: name.to_owned(),
        note: None,
        media_type: "image/png".to_owned(),
        size: 3,
    }
}

fn proof(tx: &mut Tx<'_>, project: i64) -> Result<Proof> {
    let caller = Caller {
        user: UserId(1),
        via: Via::System,
        scope: Scope::Full,
        is_admin: true,
    };
    let target = Target::Project(ProjectId(project));
    Ok(access::require(tx, &caller, target, EDIT, NOW)?.unwrap())
}

/// A person, two projects and three cases.
async fn world() -> Database {
    let database = Database::new().await;
    let make = |tx: &mut Tx<'_>| {
        store::role::seed(tx, NOW)?;
        let new = NewUser {
            is_api: false,
            name: "ada",
            email: "ada@demo.example",
            password_hash: None,
            role_id: store::role::by_name(tx, "Lead")?.ok_or(Error::NoRow)?,
            is_admin: true,
        };
        let user = store::user::insert(tx, &new, None, NOW)?;
        for name in ["Storefront", "Other"] {
            store::project::insert(tx, name, None, false, user, NOW)?;
        }
        for (id, project) in [(CASE, 1), (NEIGHBOUR, 1), (ELSEWHERE, 2)] {
            tx.execute(
                "INSERT INTO cases (id, project_id, number, template_id, state_id, status_id, name, name_key,
                    display_order, has_automation, has_automation_status, custom, version, created_at)
                 VALUES ($1, $2, $1, 1, 1, 1, 'c', 'c', 1, FALSE, FALSE, '{}', 1, 0)",
                args![id.0, project],
            )?;
        }
        Ok::<_, Error>(())
    };
    database.db().write(make).await.unwrap();
    database
}

async fn add(db: &Db, project: i64, case: CaseId, name: &'static str, digit: char) -> AttachmentId {
    db.write(move |tx| {
        let proof = proof(tx, project)?;
        assert!(blob::claim(tx, &sha256(digit), 3, SALT, NOW)?.is_some());
        attachment::insert(tx, &proof, Owner::Case(case), &file(name, digit), NOW).map(|a| a.id)
    })
    .await
    .unwrap()
}

/// Names of a page of the case, and how many there are over all pages.
async fn names(db: &Db, case: CaseId, filter: Filter, page: i64) -> (Vec<String>, i64) {
    let found = db
        .read(move |tx| {
            let proof = proof(tx, 1)?;
            let request = PageRequest { page, per_page: 2 };
            attachment::page(tx, &proof, Owner::Case(case), &filter, request)
        })
        .await
        .unwrap();
    (found.rows.into_iter().map(|a| a.file.name).collect(), found.total)
}

/// What the sweeper finds at this instant.
async fn swept(db: &Db, now: Timestamp) -> Vec<String> {
    db.write(move |tx| {
        blob::begin_deleting(tx, now, 100)?;
        let places = blob::deleting(tx, 100)?;
        Ok::<_, Error>(places.into_iter().map(|place| place.sha256).collect())
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn a_file_keeps_what_was_said_about_it_and_stays_in_its_project() {
    let database = world().await;
    let db = database.db();
    let id = add(db, 1, CASE, "Bild ☂.png", 'a').await;
    let found = db
        .read(move |tx| {
            let (one, two) = (proof(tx, 1)?, proof(tx, 2)?);
            Ok::<_, Error>((
                attachment::among(tx, &one, Owner::Case(CASE), &[id])?,
                attachment::among(tx, &one, Owner::Case(NEIGHBOUR), &[id])?,
                attachment::among(tx, &two, Owner::Case(CASE), &[id])?,
            ))
        })
        .await
        .unwrap();
    let mine = &found.0[0];
    assert_eq!(mine.file, file("Bild ☂.png", 'a'));
    assert_eq!((mine.created_at, mine.created_by), (NOW, Some(UserId(1))));
    assert_eq!(
        (found.1, found.2),
        (vec![], vec![]),
        "neither another case nor another project opens it"
    );
}

#[tokio::test]
async fn pages_have_their_order_filter_and_total() {
    let database = world().await;
    let db = database.db();
    for name in ["1", "2", "3"] {
        add(db, 1, CASE, name, 'a').await;
    }
    add(db, 1, NEIGHBOUR, "neighbour", 'a').await;
    let by = |created_by: &[i64], ascending| Filter {
        created_by: created_by.to_vec(),
        ascending,
    };
    for (filter, page, expected) in [
        (by(&[], false), 1, (vec!["3", "2"], 3)),
        (by(&[], false), 2, (vec!["1"], 3)),
        (by(&[], true), 1, (vec!["1", "2"], 3)),
        (by(&[7, 1], true), 2, (vec!["3"], 3)),
        (by(&[11], true), 1, (vec![], 0)),
    ] {
        let (found, total) = names(db, CASE, filter.clone(), page).await;
        assert_eq!(
            (found, total),
            (expected.0.iter().map(|n| (*n).to_owned()).collect(), expected.1),
            "{filter:?}"
        );
    }
    let (found, total) = names(db, ELSEWHERE, Filter::default(), 1).await;
    assert_eq!((found.len(), total), (0, 0), "a case of another project");
}

#[tokio::test]
async fn only_files_of_the_case_are_deleted() {
    let database = world().await;
    let db = database.db();
    let mine = add(db, 1, CASE, "mine", 'a').await;
    let neighbour = add(db, 1, NEIGHBOUR, "neighbour", 'a').await;
    let elsewhere = add(db, 2, ELSEWHERE, "elsewhere", 'a').await;
    let ids = [mine, neighbour, elsewhere, AttachmentId(99)];
    let (found, deleted, left) = db
        .write(move |tx| {
            let proof = proof(tx, 1)?;
            let found = attachment::among(tx, &proof, Owner::Case(CASE), &ids)?;
            let deleted = attachment::delete(tx, &proof, Owner::Case(CASE), &ids)?;
            let left: i64 = tx.one("SELECT COUNT(*) FROM attachments", args![], |r| r.get(0))?;
            Ok::<_, Error>((found, deleted, left))
        })
        .await
        .unwrap();
    assert_eq!(found.iter().map(|a| a.id).collect::<Vec<_>>(), [mine]);
    assert_eq!((deleted, left), (1, 2));
}

#[tokio::test]
async fn the_sweeper_takes_what_no_file_has_and_nobody_claimed_lately() {
    let database = world().await;
    let db = database.db();
    let later = NOW.plus(REST);
    let one = add(db, 1, CASE, "one", 'a').await;
    add(db, 2, ELSEWHERE, "the same bytes", 'a').await;
    db.write(|tx| blob::claim(tx, &sha256('b'), 3, SALT, NOW.plus(1)))
        .await
        .unwrap();
    assert_eq!(
        swept(db, later).await,
        [""; 0],
        "an upload may still be under way"
    );
    assert_eq!(swept(db, later.plus(1)).await, [sha256('b')]);
    db.write(move |tx| {
        let proof = proof(tx, 1)?;
        attachment::delete(tx, &proof, Owner::Case(CASE), &[one])
    })
    .await
    .unwrap();
    assert_eq!(
        swept(db, later.plus(1)).await,
        [sha256('b')],
        "another project still has it"
    );
    db.write(|tx| tx.execute("DELETE FROM cases WHERE id = 3", args![]))
        .await
        .unwrap();
    assert_eq!(
        swept(db, later.plus(1)).await,
        [sha256('a'), sha256('b')],
        "files go with their case"
    );
}

#[tokio::test]
async fn what_is_being_deleted_can_neither_be_claimed_nor_named() {
    let database = world().await;
    let db = database.db();
    let later = NOW.plus(REST);
    db.write(|tx| blob::claim(tx, &sha256('a'), 3, SALT, NOW))
        .await
        .unwrap();
    assert_eq!(swept(db, later).await, [sha256('a')]);
    let claim = move |tx: &mut Tx<'_>| {
        Ok::<_, Error>((
            blob::claim(tx, &sha256('a'), 3, SALT + 1, later)?.map(|place| place.salt),
            blob::touch(tx, &[sha256('a')], later)?,
        ))
    };
    assert_eq!(db.write(claim).await.unwrap(), (None, false));
    db.write(|tx| blob::delete(tx, &[sha256('a')])).await.unwrap();
    assert_eq!(
        db.write(claim).await.unwrap(),
        (Some(SALT + 1), true),
        "in another place"
    );
    assert_eq!(swept(db, later).await, [""; 0], "it was claimed again");
}

#[tokio::test]
async fn the_schema_refuses_files_of_nothing_and_broken_ones() {
    let database = world().await;
    let db = database.db();
    db.write(|tx| blob::claim(tx, &sha256('a'), 3, SALT, NOW))
        .await
        .unwrap();
    for (owner, case, hash, size, is_right) in [
        ("case", Some(1), sha256('a'), 0, true),
        ("case", None, sha256('a'), 0, false),
        ("result", Some(1), sha256('a'), 0, false),
        ("folder", Some(1), sha256('a'), 0, false),
        ("case", Some(1), sha256('b'), 0, false),
        ("case", Some(1), sha256('a'), -1, false),
    ] {
        let what = format!("{owner} {case:?} {hash} {size}");
        let done = db
            .write(move |tx| {
                tx.execute(
                    "INSERT INTO attachments (project_id, owner, owner_id, case_id, sha256, name, media_type, size, created_at)
                     VALUES (1, $4, 1, $1, $2, 'n', 'text/plain', $3, 0)",
                    args![case, &hash, size, owner],
                )
            })
            .await;
        assert_eq!(done.is_ok(), is_right, "{what}: {done:?}");
    }
}
