//! Replacing a key by a new one, with a time in which both work (`security.md` A1).

use crate::keys::named;
use crate::support::{code, from, instance, refused, show, wrong_fields};
use app::keys::{self, NewKey};
use app::{Error, Reason};
use model::Scope;
use model::clock::{DAY, HOUR};
use testkit::app::BEGINNING;

#[tokio::test]
async fn a_new_key_takes_over_scope_limits_and_life() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    let project = test.project(ada, "Storefront").await;
    let new = NewKey {
        scope: Scope::ResultsWrite,
        expires_at: Some(BEGINNING.plus(30 * DAY)),
        projects: Some(vec![project]),
        addresses: Some(vec!["10.0.0.0/8".to_owned()]),
        ..named("nightly")
    };
    let old = keys::create(&test.app, &actor, &new).await.unwrap();
    test.clock.advance(10 * DAY);
    let made = keys::rotate(&test.app, &actor, old.key.id, DAY).await.unwrap();
    let key = &made.key;
    assert_ne!(made.secret, old.secret);
    assert_eq!((key.name.as_str(), key.scope), ("nightly", Scope::ResultsWrite));
    assert_eq!((&key.projects, &key.addresses), (&new.projects, &new.addresses));
    assert_eq!(key.previous_id, Some(old.key.id));
    // Another thirty days from now.
    assert_eq!(key.expires_at, Some(BEGINNING.plus(40 * DAY)));
    assert_eq!(
        (key.created_at, key.last_used_at),
        (BEGINNING.plus(10 * DAY), None)
    );

    let old = keys::get(&test.app, &actor, old.key.id).await.unwrap();
    assert_eq!(old.expires_at, Some(BEGINNING.plus(11 * DAY)));
    assert_eq!(old.name, format!("nightly (replaced, {})", old.id));
}

#[tokio::test]
async fn both_work_until_the_overlap_ends() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    let old = keys::create(&test.app, &actor, &named("nightly")).await.unwrap();
    let new = keys::rotate(&test.app, &actor, old.key.id, HOUR).await.unwrap();
    assert_eq!(new.key.expires_at, None);
    test.clock.advance(HOUR - 1);
    show(&test, &old.secret).await.unwrap();
    show(&test, &new.secret).await.unwrap();
    test.clock.advance(1);
    let error = refused(show(&test, &old.secret).await);
    assert!(
        matches!(error, Error::Unauthenticated(Reason::Expired(_))),
        "{error:?}"
    );
    show(&test, &new.secret).await.unwrap();
}

#[tokio::test]
async fn without_overlap_the_old_key_ends_at_once() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    let old = keys::create(&test.app, &actor, &named("nightly")).await.unwrap();
    let new = keys::rotate(&test.app, &actor, old.key.id, 0).await.unwrap();
    let error = refused(show(&test, &old.secret).await);
    assert!(
        matches!(error, Error::Unauthenticated(Reason::Revoked)),
        "{error:?}"
    );
    show(&test, &new.secret).await.unwrap();
    let listed = keys::list(&test.app, &actor).await.unwrap();
    assert_eq!(listed.iter().map(|k| k.id).collect::<Vec<_>>(), [new.key.id]);
}

#[tokio::test]
async fn an_overlap_lasts_seven_days_at_most() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    let old = keys::create(&test.app, &actor, &named("nightly")).await.unwrap();
    for overlap in [-1, 7 * DAY + 1, i64::MAX, i64::MIN] {
        let rotated = keys::rotate(&test.app, &actor, old.key.id, overlap).await;
        assert_eq!(wrong_fields(rotated), ["overlap"], "{overlap}");
    }
    keys::rotate(&test.app, &actor, old.key.id, 7 * DAY)
        .await
        .unwrap();
    let old = keys::get(&test.app, &actor, old.key.id).await.unwrap();
    assert_eq!(old.expires_at, Some(BEGINNING.plus(7 * DAY)));
}

#[tokio::test]
async fn an_overlap_never_prolongs_the_old_key() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    let short = NewKey {
        expires_at: Some(BEGINNING.plus(HOUR)),
        ..named("short")
    };
    let old = keys::create(&test.app, &actor, &short).await.unwrap();
    keys::rotate(&test.app, &actor, old.key.id, DAY).await.unwrap();
    let old = keys::get(&test.app, &actor, old.key.id).await.unwrap();
    assert_eq!(old.expires_at, Some(BEGINNING.plus(HOUR)));
}

#[tokio::test]
async fn replacements_form_a_chain() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    let mut ids = vec![
        keys::create(&test.app, &actor, &named("nightly"))
            .await
            .unwrap()
            .key
            .id,
    ];
    for _ in 0..3 {
        let last = ids[ids.len() - 1];
        let made = keys::rotate(&test.app, &actor, last, DAY).await.unwrap();
        assert_eq!(
            (made.key.name.as_str(), made.key.previous_id),
            ("nightly", Some(last))
        );
        ids.push(made.key.id);
    }
    // A replaced key, too, can be replaced while it lives.
    let branch = keys::rotate(&test.app, &actor, ids[0], DAY).await.unwrap();
    assert_eq!(branch.key.previous_id, Some(ids[0]));
    assert_eq!(keys::list(&test.app, &actor).await.unwrap().len(), 5);
}

#[tokio::test]
async fn long_names_can_be_replaced() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    let name = "é".repeat(100);
    let old = keys::create(&test.app, &actor, &named(&name)).await.unwrap();
    let made = keys::rotate(&test.app, &actor, old.key.id, DAY).await.unwrap();
    assert_eq!(made.key.name, name);
    let old = keys::get(&test.app, &actor, old.key.id).await.unwrap();
    assert!(old.name.chars().count() <= 100, "{}", old.name);
}

#[tokio::test]
async fn what_ended_is_not_replaced() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    let revoked = keys::create(&test.app, &actor, &named("revoked")).await.unwrap();
    keys::revoke(&test.app, &actor, revoked.key.id, None)
        .await
        .unwrap();
    let short = NewKey {
        expires_at: Some(BEGINNING.plus(HOUR)),
        ..named("expired")
    };
    let expired = keys::create(&test.app, &actor, &short).await.unwrap();
    test.clock.advance(HOUR);
    for id in [revoked.key.id, expired.key.id] {
        assert_eq!(code(keys::rotate(&test.app, &actor, id, DAY).await), "key_over");
    }
}

/// The limits of the old key are those of the new one from its first request.
#[tokio::test]
async fn a_new_key_is_no_wider_than_the_old_one() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    let office = NewKey {
        scope: Scope::Read,
        addresses: Some(vec!["10.0.0.0/8".to_owned()]),
        ..named("office")
    };
    let old = keys::create(&test.app, &actor, &office).await.unwrap();
    let new = keys::rotate(&test.app, &actor, old.key.id, DAY).await.unwrap();
    assert!(matches!(refused(show(&test, &new.secret).await), Error::Address));
    let shown = keys::authenticate(&test.app, &new.secret, &from("10.0.0.7"))
        .await
        .unwrap();
    assert_eq!(shown.caller.scope, Scope::Read);
}
