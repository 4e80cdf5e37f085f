//! Signed-in devices: how long they stay, and how they go (`security.md` A2).

use crate::support::{
    EMAIL, PASSWORD, back, code, colleague, execute, from, instance, refused, show, sign_in, typed,
    wrong_fields,
};
use app::keys::{self, NewKey};
use app::login;
use app::{Error, Reason, Request};
use model::clock::{DAY, HOUR, MINUTE};
use model::{Scope, SessionId};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use testkit::app::{BEGINNING, TestApp};
use tokio::task::JoinSet;

const NEW_PASSWORD: &str = "copper lantern forty meadow";

fn a_key(name: &str) -> NewKey {
    NewKey {
        name: name.to_owned(),
        scope: Scope::Full,
        expires_at: None,
        projects: None,
        addresses: None,
    }
}

/// Writes what is gathered, as the server does every minute and at its end.
async fn flush(test: &TestApp) {
    test.app.start_jobs().stop().await;
}

#[tokio::test]
async fn a_session_ends_after_eight_hours_without_use() {
    let (test, _) = instance().await;
    let (_, device) = sign_in(&test, EMAIL).await;
    test.clock.advance(7 * HOUR);
    back(&test, &device).await.unwrap();
    flush(&test).await;
    test.clock.advance(8 * HOUR - 1);
    back(&test, &device).await.unwrap();
    test.clock.advance(1);
    let error = refused(back(&test, &device).await);
    assert!(
        matches!(error, Error::Unauthenticated(Reason::Unknown)),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_session_ends_after_fourteen_days_in_any_case() {
    let (test, _) = instance().await;
    let (_, device) = sign_in(&test, EMAIL).await;
    for _ in 0..47 {
        test.clock.advance(7 * HOUR);
        back(&test, &device).await.unwrap();
        flush(&test).await;
    }
    test.clock.advance(14 * DAY - 47 * 7 * HOUR - 1);
    back(&test, &device).await.unwrap();
    flush(&test).await;
    test.clock.advance(1);
    assert_eq!(code(back(&test, &device).await), "unauthenticated");
}

#[tokio::test]
async fn staying_is_no_longer_than_fourteen_days_with_use() {
    let (test, _) = instance().await;
    let staying = login::Credentials {
        stay: true,
        ..typed(EMAIL, PASSWORD)
    };
    let device = login::sign_in(&test.app, &staying, &Request::default())
        .await
        .unwrap();
    for _ in 0..13 {
        test.clock.advance(DAY);
        back(&test, &device).await.unwrap();
        flush(&test).await;
    }
    test.clock.advance(DAY - 1);
    back(&test, &device).await.unwrap();
    test.clock.advance(1);
    assert_eq!(code(back(&test, &device).await), "unauthenticated");
}

#[tokio::test]
async fn a_cookie_that_nobody_was_given_is_nothing() {
    let (test, _) = instance().await;
    let (_, device) = sign_in(&test, EMAIL).await;
    for cookie in [
        "",
        "guess",
        &device.device,
        &device.cookie[1..],
        &device.cookie.to_lowercase(),
    ] {
        let error = refused(login::authenticate(&test.app, cookie, &Request::default()).await);
        assert!(
            matches!(error, Error::Unauthenticated(Reason::Unknown)),
            "{cookie}: {error:?}"
        );
    }
}

#[tokio::test]
async fn signing_out_ends_this_device_alone() {
    let (test, _) = instance().await;
    let (actor, here) = sign_in(&test, EMAIL).await;
    let (_, there) = sign_in(&test, EMAIL).await;
    assert_ne!(here.cookie, there.cookie);
    login::sign_out(&test.app, &actor).await.unwrap();
    assert_eq!(code(back(&test, &here).await), "unauthenticated");
    back(&test, &there).await.unwrap();
    assert_eq!(code(login::sign_out(&test.app, &actor).await), "not_found");
}

#[tokio::test]
async fn one_device_or_all_others_can_be_signed_out() {
    let (test, ada) = instance().await;
    colleague(&test, ada, "bob").await;
    let (bob, bobs) = sign_in(&test, "bob@demo.example").await;
    let (actor, here) = sign_in(&test, EMAIL).await;
    let mut others = Vec::new();
    for _ in 0..3 {
        test.clock.advance(MINUTE);
        others.push(sign_in(&test, EMAIL).await);
    }
    let id = |actor: &app::Actor| actor.session.as_ref().unwrap().id;
    let listed = login::devices(&test.app, &actor).await.unwrap();
    let listed: Vec<SessionId> = listed.iter().map(|s| s.id).collect();
    let expected = [id(&others[2].0), id(&others[1].0), id(&others[0].0), id(&actor)];
    assert_eq!(listed, expected);

    for foreign in [id(&bob), SessionId(0), SessionId(i64::MAX)] {
        let refused = login::revoke_device(&test.app, &actor, foreign).await;
        assert_eq!(code(refused), "not_found");
    }
    login::revoke_device(&test.app, &actor, id(&others[1].0))
        .await
        .unwrap();
    assert_eq!(code(back(&test, &others[1].1).await), "unauthenticated");
    back(&test, &others[0].1).await.unwrap();

    assert_eq!(login::revoke_other_devices(&test.app, &actor).await.unwrap(), 2);
    for (_, device) in &others {
        assert_eq!(code(back(&test, device).await), "unauthenticated");
    }
    back(&test, &here).await.unwrap();
    back(&test, &bobs).await.unwrap();
}

#[tokio::test]
async fn ended_devices_are_not_listed() {
    let (test, _) = instance().await;
    sign_in(&test, EMAIL).await;
    test.clock.advance(8 * HOUR);
    let (actor, _) = sign_in(&test, EMAIL).await;
    assert_eq!(login::devices(&test.app, &actor).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_new_password_ends_all_other_devices() {
    let (test, _) = instance().await;
    let (actor, here) = sign_in(&test, EMAIL).await;
    let (_, there) = sign_in(&test, EMAIL).await;
    let endless = "x y".repeat(400);
    let change = async |old, new| login::change_password(&test.app, &actor, old, new).await;
    assert_eq!(
        wrong_fields(change("wrong", NEW_PASSWORD).await),
        ["old_password"]
    );
    assert_eq!(
        wrong_fields(change(PASSWORD, "ada@demo.example").await),
        ["new_password"]
    );
    assert_eq!(wrong_fields(change(PASSWORD, &endless).await), ["new_password"]);
    back(&test, &there).await.unwrap();

    change(PASSWORD, NEW_PASSWORD).await.unwrap();
    assert_eq!(code(back(&test, &there).await), "unauthenticated");
    back(&test, &here).await.unwrap();
    let old = login::sign_in(&test.app, &typed(EMAIL, PASSWORD), &Request::default()).await;
    assert_eq!(code(old), "unauthenticated");
    login::sign_in(&test.app, &typed(EMAIL, NEW_PASSWORD), &Request::default())
        .await
        .unwrap();
}

/// A sign-in that read the old password before it was changed must not come in after the change.
#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_does_not_overtake_a_new_password() {
    let (test, _) = instance().await;
    let (actor, _) = sign_in(&test, EMAIL).await;
    let test = Arc::new(test);
    let is_over = Arc::new(AtomicBool::new(false));
    let mut clients = JoinSet::new();
    for _ in 0..4 {
        let (test, is_over) = (Arc::clone(&test), Arc::clone(&is_over));
        clients.spawn(async move {
            while !is_over.load(Ordering::SeqCst) {
                let _ = login::sign_in(&test.app, &typed(EMAIL, PASSWORD), &Request::default()).await;
            }
        });
    }
    let changed = login::change_password(&test.app, &actor, PASSWORD, NEW_PASSWORD).await;
    is_over.store(true, Ordering::SeqCst);
    clients.join_all().await;
    changed.unwrap();
    let devices = login::devices(&test.app, &actor).await.unwrap();
    assert_eq!(devices.len(), 1, "signed in with the old password: {devices:?}");
}

#[tokio::test]
async fn an_inactive_person_is_out_at_once() {
    let (test, ada) = instance().await;
    let bob = colleague(&test, ada, "bob").await;
    let (actor, device) = sign_in(&test, "bob@demo.example").await;
    let key = keys::create(&test.app, &actor, &a_key("laptop")).await.unwrap();
    show(&test, &key.secret).await.unwrap();
    let set_active = |is_active| {
        test.db()
            .write(move |tx| store::user::set_active(tx, bob, is_active, BEGINNING))
    };
    set_active(false).await.unwrap();
    assert_eq!(code(back(&test, &device).await), "unauthenticated");
    let error = refused(show(&test, &key.secret).await);
    assert!(
        matches!(error, Error::Unauthenticated(Reason::OwnerInactive)),
        "{error:?}"
    );
    assert_eq!(
        wrong_fields(keys::for_user(&test.app, "bob@demo.example").await),
        ["user"]
    );
    set_active(true).await.unwrap();
    back(&test, &device).await.unwrap();
}

#[tokio::test]
async fn the_password_is_good_for_ten_minutes() {
    let (test, _) = instance().await;
    let (actor, device) = sign_in(&test, EMAIL).await;
    test.clock.advance(10 * MINUTE - 1);
    assert!(login::is_confirmed(&test.app, &actor));
    let first = keys::create(&test.app, &actor, &a_key("first")).await.unwrap();
    test.clock.advance(1);
    assert!(!login::is_confirmed(&test.app, &actor));
    let refused_now = refused(keys::create(&test.app, &actor, &a_key("second")).await);
    assert!(matches!(refused_now, Error::ConfirmPassword), "{refused_now:?}");
    assert_eq!(
        code(keys::rotate(&test.app, &actor, first.key.id, 0).await),
        "confirm_password"
    );
    keys::revoke(&test.app, &actor, first.key.id, None).await.unwrap();

    assert_eq!(
        wrong_fields(login::confirm(&test.app, &actor, "wrong").await),
        ["password"]
    );
    assert_eq!(
        code(keys::create(&test.app, &actor, &a_key("second")).await),
        "confirm_password"
    );
    login::confirm(&test.app, &actor, PASSWORD).await.unwrap();
    // The request that began before the password was given may go on.
    keys::create(&test.app, &actor, &a_key("second")).await.unwrap();
    assert!(login::is_confirmed(
        &test.app,
        &back(&test, &device).await.unwrap()
    ));
}

#[tokio::test]
async fn one_device_s_password_does_not_confirm_another() {
    let (test, _) = instance().await;
    let (here, _) = sign_in(&test, EMAIL).await;
    let (there, _) = sign_in(&test, EMAIL).await;
    test.clock.advance(10 * MINUTE);
    login::confirm(&test.app, &here, PASSWORD).await.unwrap();
    assert!(!login::wants_password(&test.app, &here).await.unwrap());
    assert!(login::wants_password(&test.app, &there).await.unwrap());
    // A device that was signed out confirms nothing.
    login::sign_out(&test.app, &here).await.unwrap();
    assert!(login::wants_password(&test.app, &here).await.unwrap());
    login::confirm(&test.app, &here, PASSWORD).await.unwrap();
    assert!(login::wants_password(&test.app, &here).await.unwrap());
}

#[tokio::test]
async fn a_device_shows_where_it_was_used_last() {
    let (test, _) = instance().await;
    let (actor, device) = sign_in(&test, EMAIL).await;
    test.clock.advance(MINUTE);
    login::authenticate(&test.app, &device.cookie, &from("192.0.2.9"))
        .await
        .unwrap();
    flush(&test).await;
    let listed = login::devices(&test.app, &actor).await.unwrap();
    assert_eq!(listed[0].ip.as_deref(), Some("192.0.2.9"));
    assert_eq!(listed[0].seen_at, BEGINNING.plus(MINUTE));
    // What was signed out meanwhile stays away, whatever is still to be written.
    test.clock.advance(MINUTE);
    back(&test, &device).await.unwrap();
    execute(test.db(), "DELETE FROM sessions").await.unwrap();
    flush(&test).await;
    assert_eq!(code(back(&test, &device).await), "unauthenticated");
}
