//! Making, naming and ending keys (`security.md` A1).

use crate::support::{EMAIL, code, colleague, from, instance, refused, show, sign_in, wrong_fields};
use app::keys::{self, NewKey};
use app::{Actor, Error, Reason};
use model::clock::{DAY, MINUTE};
use model::{KeyId, ProjectId, Scope, UserId};
use store::Tx;
use testkit::app::{BEGINNING, TestApp, UserKind};

pub(crate) fn named(name: &str) -> NewKey {
    NewKey {
        name: name.to_owned(),
        scope: Scope::Full,
        expires_at: None,
        projects: None,
        addresses: None,
    }
}

async fn create(test: &TestApp, actor: &Actor, new: &NewKey) -> app::Result<KeyId> {
    Ok(keys::create(&test.app, actor, new).await?.key.id)
}

async fn names(test: &TestApp, actor: &Actor) -> Vec<String> {
    let listed = keys::list(&test.app, actor).await.unwrap();
    listed.into_iter().map(|k| k.name).collect()
}

#[tokio::test]
async fn a_key_is_made_as_it_was_asked_for() {
    let (test, ada) = instance().await;
    let project = test.project(ada, "Storefront").await;
    let (actor, _) = sign_in(&test, EMAIL).await;
    let new = NewKey {
        name: " Nightly CI ".to_owned(),
        scope: Scope::ResultsWrite,
        expires_at: Some(BEGINNING.plus(90 * DAY)),
        projects: Some(vec![project]),
        addresses: Some(vec![
            " 10.0.0.0/8 ".to_owned(),
            String::new(),
            "2001:db8::7".to_owned(),
        ]),
    };
    let made = keys::create(&test.app, &actor, &new).await.unwrap();
    assert_eq!(model::key::kind(&made.secret), Some(model::key::Kind::User));
    assert!(made.secret.ends_with(&made.key.last4));
    let key = keys::get(&test.app, &actor, made.key.id).await.unwrap();
    assert_eq!(
        (
            key.name.as_str(),
            key.scope,
            key.expires_at,
            key.user_id,
            key.is_api
        ),
        ("Nightly CI", Scope::ResultsWrite, new.expires_at, ada, false)
    );
    assert_eq!(key.projects, new.projects);
    assert_eq!(key.addresses.unwrap(), ["10.0.0.0/8", "2001:db8::7"]);
    assert_eq!(
        (key.created_at, key.last_used_at, key.previous_id),
        (BEGINNING, None, None)
    );
    assert_eq!(names(&test, &actor).await, ["Nightly CI"]);

    let shown = keys::authenticate(&test.app, &made.secret, &from("10.1.2.3"))
        .await
        .unwrap();
    assert_eq!((shown.user.id, shown.caller.scope), (ada, Scope::ResultsWrite));
    assert_eq!(shown.key_expires_at, new.expires_at);
    assert!(
        !shown.is_admin(),
        "a narrow key of a site admin does not administer"
    );
}

#[tokio::test]
async fn keys_never_manage_keys() {
    let (test, _) = instance().await;
    let (actor, _) = sign_in(&test, EMAIL).await;
    let made = keys::create(&test.app, &actor, &named("first")).await.unwrap();
    let key = show(&test, &made.secret).await.unwrap();
    assert!(key.is_admin());
    let id = made.key.id;
    assert_eq!(code(create(&test, &key, &named("second")).await), "admin_only");
    assert_eq!(code(keys::rotate(&test.app, &key, id, 0).await), "admin_only");
    assert_eq!(code(keys::revoke(&test.app, &key, id, None).await), "admin_only");
    assert_eq!(code(keys::list(&test.app, &key).await), "admin_only");
    assert_eq!(code(keys::get(&test.app, &key, id).await), "admin_only");
    let change = app::login::change_password(&test.app, &key, crate::support::PASSWORD, "x").await;
    assert_eq!(code(change), "admin_only");
    assert_eq!(names(&test, &actor).await, ["first"]);
}

#[tokio::test]
async fn all_wrong_fields_of_a_key_are_named() {
    let (test, ada) = instance().await;
    let (actor, _) = sign_in(&test, EMAIL).await;
    let wrong = NewKey {
        name: " ".to_owned(),
        expires_at: Some(BEGINNING),
        projects: Some(vec![]),
        addresses: Some(vec![
            "10.0.0.1".to_owned(),
            "10.0.0.0/33".to_owned(),
            "office".to_owned(),
        ]),
        ..named("")
    };
    let error = refused(create(&test, &actor, &wrong).await);
    let Error::Invalid(fields) = error else {
        panic!("{error:?}");
    };
    let named_fields: Vec<&str> = fields.iter().map(|f| f.field.as_str()).collect();
    assert_eq!(
        named_fields,
        ["name", "expires_at", "projects", "addresses", "addresses"]
    );
    assert!(fields[3].text.contains("10.0.0.0/33") && fields[4].text.contains("office"));

    for name in ["", "a\u{202e}b", "a\nb", &"é".repeat(101)] {
        assert_eq!(
            wrong_fields(create(&test, &actor, &named(name)).await),
            ["name"],
            "{name:?}"
        );
    }
    create(&test, &actor, &named(&"é".repeat(100))).await.unwrap();
    let next_moment = NewKey {
        expires_at: Some(BEGINNING.plus(1)),
        ..named("short")
    };
    create(&test, &actor, &next_moment).await.unwrap();

    // A project that is not there and one that is not hers answer the same.
    let bob = colleague(&test, ada, "bob").await;
    let bob = test.actor(bob).await;
    let hidden = test.project(ada, "Hidden").await;
    let hide = move |tx: &mut Tx<'_>| {
        store::project::set_default_access(tx, hidden, store::project::DefaultAccess::None)
    };
    test.db().write(hide).await.unwrap();
    let in_project = |id| NewKey {
        projects: Some(vec![id]),
        ..named("project")
    };
    let absent = refused(create(&test, &bob, &in_project(ProjectId(404))).await);
    let invisible = refused(create(&test, &bob, &in_project(hidden)).await);
    assert_eq!(format!("{absent:?}"), format!("{invisible:?}"));
    assert_eq!(wrong_fields::<()>(Err(absent)), ["projects"]);
    create(&test, &actor, &in_project(hidden)).await.unwrap();
}

#[tokio::test]
async fn names_are_unique_among_the_owner_s_active_keys() {
    let (test, ada) = instance().await;
    let bob = colleague(&test, ada, "bob").await;
    let (ada, bob) = (test.actor(ada).await, test.actor(bob).await);
    let first = create(&test, &ada, &named("laptop")).await.unwrap();
    assert_eq!(
        wrong_fields(create(&test, &ada, &named(" laptop")).await),
        ["name"]
    );
    create(&test, &bob, &named("laptop")).await.unwrap();
    keys::revoke(&test.app, &ada, first, Some("lost")).await.unwrap();
    assert!(names(&test, &ada).await.is_empty());
    let second = create(&test, &ada, &named("laptop")).await.unwrap();
    assert_ne!(first, second);
    assert_eq!(names(&test, &ada).await, ["laptop"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_keys_of_one_name_at_once_one_is_made() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    let laptop = named("laptop");
    let results = tokio::join!(
        create(&test, &actor, &laptop),
        create(&test, &actor, &laptop),
        create(&test, &actor, &laptop),
    );
    let results = [results.0, results.1, results.2];
    assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 1, "{results:?}");
    for lost in results.into_iter().filter(Result::is_err) {
        assert_eq!(wrong_fields(lost), ["name"]);
    }
}

/// Makes keys of a user past the use case.
async fn fill(test: &TestApp, user: UserId, count: i64) {
    let inserting = move |tx: &mut Tx<'_>| {
        for n in 0..count {
            let new = store::key::NewKey {
                user_id: user,
                name: format!("filler {n}"),
                digest: format!("{user}/{n}").into_bytes(),
                pepper_version: "k1".to_owned(),
                last4: "0000".to_owned(),
                scope: Scope::Read,
                projects: None,
                addresses: None,
                expires_at: None,
                created_by: user,
                previous_id: None,
            };
            store::key::insert(tx, &new, BEGINNING)?;
        }
        Ok::<_, store::Error>(())
    };
    test.db().write(inserting).await.unwrap();
}

#[tokio::test]
async fn there_are_so_many_keys_and_no_more() {
    let (test, ada) = instance().await;
    let robot = test.user("robot", "Tester", UserKind::Api).await;
    for (user, most) in [(ada, 100), (robot, 2000)] {
        let actor = test.actor(user).await;
        fill(&test, user, most - 1).await;
        let last = create(&test, &actor, &named("last")).await.unwrap();
        let error = refused(create(&test, &actor, &named("one more")).await);
        assert!(matches!(error, Error::Conflict("too_many_keys", _)), "{error:?}");
        keys::revoke(&test.app, &actor, last, None).await.unwrap();
        create(&test, &actor, &named("one more")).await.unwrap();
    }
}

#[tokio::test]
async fn another_one_s_key_is_not_found() {
    let (test, ada) = instance().await;
    let bob = colleague(&test, ada, "bob").await;
    let (ada, bob) = (test.actor(ada).await, test.actor(bob).await);
    let made = keys::create(&test.app, &bob, &named("laptop")).await.unwrap();
    // Not even for a site admin: pages and programs have no way to another one's keys yet.
    for id in [made.key.id, KeyId(404)] {
        assert_eq!(code(keys::get(&test.app, &ada, id).await), "not_found");
        assert_eq!(code(keys::rotate(&test.app, &ada, id, 0).await), "not_found");
        assert_eq!(code(keys::revoke(&test.app, &ada, id, None).await), "not_found");
    }
    show(&test, &made.secret).await.unwrap();
}

#[tokio::test]
async fn a_key_ends_when_it_is_revoked_or_expires() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    let short = NewKey {
        expires_at: Some(BEGINNING.plus(DAY)),
        ..named("short")
    };
    let short = keys::create(&test.app, &actor, &short).await.unwrap();
    let lost = keys::create(&test.app, &actor, &named("lost")).await.unwrap();
    let too_long = "x".repeat(1001);
    let refusal = keys::revoke(&test.app, &actor, lost.key.id, Some(&too_long)).await;
    assert_eq!(wrong_fields(refusal), ["reason"]);
    keys::revoke(&test.app, &actor, lost.key.id, Some("lo\0st"))
        .await
        .unwrap();
    let error = refused(show(&test, &lost.secret).await);
    assert!(
        matches!(error, Error::Unauthenticated(Reason::Revoked)),
        "{error:?}"
    );
    // Once more is no error, and changes nothing.
    test.clock.advance(MINUTE);
    keys::revoke(&test.app, &actor, lost.key.id, None).await.unwrap();
    let row = keys::get(&test.app, &actor, lost.key.id).await.unwrap();
    assert_eq!(row.revoked_at, Some(BEGINNING));

    test.clock.advance(DAY - MINUTE - 1);
    show(&test, &short.secret).await.unwrap();
    test.clock.advance(1);
    let error = refused(show(&test, &short.secret).await);
    assert!(
        matches!(&error, Error::Unauthenticated(Reason::Expired(on)) if on == "2026-11-03"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_key_works_from_its_addresses_alone() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    let new = NewKey {
        addresses: Some(
            ["192.0.2.7", "10.0.0.0/8", "2001:db8:1::/48"]
                .map(str::to_owned)
                .into(),
        ),
        ..named("office")
    };
    let made = keys::create(&test.app, &actor, &new).await.unwrap();
    let cases = [
        ("192.0.2.7", true),
        ("192.0.2.8", false),
        ("::ffff:192.0.2.7", true),
        ("10.255.0.1", true),
        ("11.0.0.1", false),
        ("2001:db8:1:ffff::1", true),
        ("2001:db8:2::1", false),
        ("::1", false),
    ];
    for (ip, is_good) in cases {
        let shown = keys::authenticate(&test.app, &made.secret, &from(ip)).await;
        assert_eq!(shown.is_ok(), is_good, "{ip}");
    }
    assert!(matches!(refused(show(&test, &made.secret).await), Error::Address));
}

/// The command line revokes beside a running server, with connections of its own.
#[tokio::test]
async fn what_another_process_revokes_is_refused_at_once() {
    let (test, ada) = instance().await;
    let (actor, _) = sign_in(&test, EMAIL).await;
    let other = store::Db::open_with(test.url(), &testkit::db::options()).unwrap();
    for n in 0..20 {
        let made = keys::create(&test.app, &actor, &named(&n.to_string()))
            .await
            .unwrap();
        for _ in 0..2 {
            show(&test, &made.secret).await.unwrap();
        }
        let id = made.key.id;
        let revoking = move |tx: &mut Tx<'_>| store::key::revoke(tx, id, ada, None, BEGINNING);
        other.write(revoking).await.unwrap();
        let error = refused(show(&test, &made.secret).await);
        assert!(
            matches!(error, Error::Unauthenticated(Reason::Revoked)),
            "{error:?}"
        );
    }
    other.close().await;
}
