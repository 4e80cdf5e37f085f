//! The audit log is read by the index that fits, whatever the filter.

use store::audit::{Entry, Filter};
use store::{Dialect, args};
use testkit::db::{Database, is_postgres};

/// The plan of a statement of the audit log on SQLite, one step a line.
async fn plan(database: &Database, name: &str) -> String {
    let statements = store::statements();
    let is_it = |s: &&store::Statement| {
        s.module.ends_with("audit::page") && s.name == name && s.dialect == Dialect::Both
    };
    let sql = statements.iter().find(is_it).unwrap().sql;
    let explain: &'static str = Box::leak(format!("EXPLAIN QUERY PLAN {sql}").into_boxed_str());
    let given = sql.matches("$10").count().min(1) * 10;
    let count = if given > 0 {
        given
    } else if sql.contains("$9") {
        9
    } else {
        7
    };
    let read = database.db().read(move |tx| {
        let all = args![1, "a", 1, "k", 1, 0, 9, 0, 9, 5];
        tx.all(explain, &all[..count], |r| r.get::<String>(3))
    });
    read.await.unwrap().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_filter_uses_its_index() {
    if is_postgres() {
        return;
    }
    let database = Database::new().await;
    for (lead, index) in [
        ("TARGET", "audit_target (target_kind=? AND target_id=?"),
        ("ACTOR", "audit_actor (actor_id=?"),
        ("PROJECT", "audit_project (project_id=?"),
        ("ACTION", "audit_action (action=?"),
        ("KIND", "audit_target (target_kind=?"),
        ("TIME", "audit_at (at>? AND at<?"),
    ] {
        for what in ["COUNT", "NEWEST", "OLDEST"] {
            let plan = plan(&database, &format!("{what}_{lead}")).await;
            assert!(plan.contains(index), "{what}_{lead}: {plan}");
        }
        if lead != "TIME" {
            let plan = plan(&database, &format!("NEXT_{lead}")).await;
            assert!(plan.contains(index), "NEXT_{lead}: {plan}");
        }
    }
    for lead in ["TARGET", "ACTOR", "PROJECT", "ACTION"] {
        let plan = plan(&database, &format!("NEWEST_{lead}")).await;
        assert!(!plan.contains("TEMP B-TREE"), "{lead} is read in order: {plan}");
    }
    let plan = plan(&database, "WITHIN").await;
    assert!(plan.contains("COVERING INDEX audit_at"), "{plan}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_of_reading_finds_the_same_rows() {
    let database = Database::new().await;
    let entry = |n: i64| Entry {
        at: model::Timestamp(n * 10),
        actor_id: Some(model::UserId(n % 2)),
        actor_name: "n".to_owned(),
        via: "cli".to_owned(),
        via_id: None,
        ip: None,
        request_id: None,
        action: format!("a.{}", n % 3),
        project_id: Some(model::ProjectId(n % 5)),
        target_kind: format!("k{}", n % 2),
        target_id: Some(n % 7),
        target_name: None,
        detail: None,
    };
    let filling = database.db().write(move |tx| {
        for n in 0..60 {
            store::audit::insert(tx, &entry(n))?;
        }
        Ok::<_, store::Error>(())
    });
    filling.await.unwrap();
    let text = |t: &str| Some(t.to_owned());
    let filters = [
        Filter {
            target_kind: text("k1"),
            target_id: Some(3),
            ..Filter::default()
        },
        Filter {
            actor_id: Some(1),
            action: text("a.2"),
            ..Filter::default()
        },
        Filter {
            project_id: Some(4),
            actor_id: Some(0),
            ..Filter::default()
        },
        Filter {
            action: text("a.1"),
            after: Some(model::Timestamp(200)),
            ..Filter::default()
        },
        Filter {
            target_kind: text("k0"),
            ..Filter::default()
        },
        Filter {
            after: Some(model::Timestamp(95)),
            before: Some(model::Timestamp(300)),
            ..Filter::default()
        },
        Filter::default(),
    ];
    for filter in filters {
        let f = filter.clone();
        let expected: Vec<i64> = (0..60)
            .map(|n| (n, entry(n)))
            .filter(|(_, e)| {
                f.actor_id.is_none_or(|id| e.actor_id == Some(model::UserId(id)))
                    && f.action.as_ref().is_none_or(|a| *a == e.action)
                    && f.project_id
                        .is_none_or(|id| e.project_id == Some(model::ProjectId(id)))
                    && f.target_kind.as_ref().is_none_or(|k| *k == e.target_kind)
                    && f.target_id.is_none_or(|id| e.target_id == Some(id))
                    && f.after.is_none_or(|t| e.at > t)
                    && f.before.is_none_or(|t| e.at < t)
            })
            .map(|(n, _)| n * 10)
            .collect();
        let f = filter.clone();
        let read = database.db().read(move |tx| {
            let request = model::page::PageRequest::default();
            let newest = store::audit::page(tx, &f, request)?;
            let oldest = store::audit::page(
                tx,
                &Filter {
                    ascending: true,
                    ..f.clone()
                },
                request,
            )?;
            let (mut after, last) = store::audit::range(tx, &f)?;
            let mut exported = Vec::new();
            loop {
                let rows = store::audit::next(tx, &f, after, last, 7)?;
                let Some(row) = rows.last() else { break };
                after = row.id;
                exported.extend(rows);
            }
            Ok::<_, store::Error>((newest, oldest, exported))
        });
        let (newest, oldest, exported) = read.await.unwrap();
        let times = |rows: &[store::audit::Recorded]| rows.iter().map(|r| r.entry.at.0).collect::<Vec<_>>();
        assert_eq!(newest.total, i64::try_from(expected.len()).unwrap(), "{filter:?}");
        assert_eq!(times(&oldest.rows), expected, "{filter:?}");
        assert_eq!(times(&exported), expected, "{filter:?}");
        let reversed: Vec<i64> = expected.into_iter().rev().collect();
        assert_eq!(times(&newest.rows), reversed, "{filter:?}");
    }
}
