//! Signing in, and what slows guessers down (`security.md` A2).

use crate::support::{
    EMAIL, PASSWORD, back, code, colleague, execute, from, instance, number, refused, sign_in, typed,
};
use app::login::{self, Credentials};
use app::{Error, Reason, Request};
use model::UserId;
use model::clock::{DAY, SECOND};
use std::sync::Arc;
use testkit::app::{BEGINNING, TestApp};
use tokio::task::JoinSet;

async fn try_with(test: &TestApp, c: Credentials) -> app::Result<UserId> {
    let signed_in = login::sign_in(&test.app, &c, &Request::default()).await?;
    Ok(signed_in.user)
}

async fn attempt(test: &TestApp, email: &str, password: &str) -> app::Result<UserId> {
    try_with(test, typed(email, password)).await
}

/// What somebody outside sees of an attempt.
async fn outcome(test: &TestApp, email: &str, password: &str) -> String {
    match attempt(test, email, password).await {
        Ok(_) => "in".to_owned(),
        Err(e) => format!("{} {} {}", e.status(), e.code(), e.message()),
    }
}

async fn set_failures(test: &TestApp, user: UserId, failures: i64) {
    let at = test.app.now().0;
    let change = format!("UPDATE users SET failed_logins = {failures}, failed_at = {at} WHERE id = {user}");
    assert_eq!(execute(test.db(), change).await.unwrap(), 1);
}

#[tokio::test]
async fn nobody_learns_what_was_wrong() {
    let (test, ada) = instance().await;
    let bob = colleague(&test, ada, "bob").await;
    test.db()
        .write(move |tx| store::user::set_active(tx, bob, false, BEGINNING))
        .await
        .unwrap();
    for email in [EMAIL, " ADA@demo.Example "] {
        assert_eq!(attempt(&test, email, PASSWORD).await.unwrap(), ada, "{email}");
    }
    let wrong = [
        (EMAIL, "violet kettle ninety sprucf"),
        (EMAIL, ""),
        ("eve@demo.example", PASSWORD),
        ("", PASSWORD),
        ("a\0b@demo.example", PASSWORD),
        ("bob@demo.example", PASSWORD),
    ];
    for (email, password) in wrong {
        let error = refused(attempt(&test, email, password).await);
        assert!(
            matches!(error, Error::Unauthenticated(Reason::Login)),
            "{email}: {error:?}"
        );
    }
}

#[tokio::test]
async fn an_api_user_never_signs_in() {
    let (test, _) = instance().await;
    test.user("robot", "Lead", testkit::app::UserKind::Api).await;
    for email in ["robot", "robot@demo.example", ""] {
        assert_eq!(
            code(attempt(&test, email, "").await),
            "unauthenticated",
            "{email}"
        );
    }
}

#[tokio::test]
async fn failures_in_a_row_delay_the_next_attempt() {
    let (test, ada) = instance().await;
    for (failures, wait) in [(3, 3), (8, 3), (9, 5), (24, 5), (25, 10), (99, 10), (100, 86_400)] {
        set_failures(&test, ada, failures).await;
        let error = refused(attempt(&test, EMAIL, PASSWORD).await);
        assert!(
            matches!(error, Error::TooMany(s) if s == wait),
            "{failures}: {error:?}"
        );
        test.clock.advance(i64::try_from(wait).unwrap() * SECOND - 1);
        let error = refused(attempt(&test, EMAIL, PASSWORD).await);
        assert!(matches!(error, Error::TooMany(1)), "{failures}: {error:?}");
        test.clock.advance(1);
        attempt(&test, EMAIL, PASSWORD).await.unwrap();
    }
}

#[tokio::test]
async fn a_success_forgets_the_failures() {
    let (test, _) = instance().await;
    for _ in 0..2 {
        for _ in 0..2 {
            assert_eq!(code(attempt(&test, EMAIL, "wrong").await), "unauthenticated");
        }
        attempt(&test, EMAIL, PASSWORD).await.unwrap();
    }
}

#[tokio::test]
async fn the_delay_does_not_tell_which_addresses_are_known() {
    let (test, _) = instance().await;
    let mut seen: [Vec<String>; 2] = Default::default();
    for _ in 0..5 {
        for (email, seen) in [EMAIL, "eve@demo.example"].into_iter().zip(&mut seen) {
            seen.push(outcome(&test, email, "wrong").await);
        }
    }
    test.clock.advance(3 * SECOND);
    for (email, seen) in [EMAIL, "Eve@demo.example"].into_iter().zip(&mut seen) {
        seen.push(outcome(&test, email, "wrong").await);
        seen.push(outcome(&test, email, "wrong").await);
    }
    assert_eq!(seen[0], seen[1]);
    assert!(
        seen[0][2].starts_with("401 ") && seen[0][3].starts_with("429 "),
        "{seen:?}"
    );
    assert!(
        seen[0][5].starts_with("401 ") && seen[0][6].starts_with("429 "),
        "{seen:?}"
    );
}

#[tokio::test]
async fn a_known_device_gets_in_while_others_lock_the_account() {
    let (test, ada) = instance().await;
    colleague(&test, ada, "bob").await;
    let (_, mine) = sign_in(&test, EMAIL).await;
    let (_, bobs) = sign_in(&test, "bob@demo.example").await;
    set_failures(&test, ada, 100).await;
    let with = |device: &str, password: &str| Credentials {
        device: Some(device.to_owned()),
        ..typed(EMAIL, password)
    };
    for device in [bobs.device.as_str(), "", "guess", &mine.cookie] {
        assert_eq!(
            code(try_with(&test, with(device, PASSWORD)).await),
            "too_many_attempts"
        );
    }
    assert_eq!(
        code(try_with(&test, with(&mine.device, "wrong")).await),
        "unauthenticated"
    );
    try_with(&test, with(&mine.device, PASSWORD)).await.unwrap();
}

#[tokio::test]
async fn an_address_is_slowed_and_its_neighbour_with_the_password_is_not() {
    let (test, _) = instance().await;
    let request = from("192.0.2.7");
    for n in 1..=31 {
        let guess = typed(&format!("guess{n}@demo.example"), "wrong");
        let error = refused(login::sign_in(&test.app, &guess, &request).await);
        let is_slowed = matches!(error, Error::TooMany(60));
        assert_eq!(is_slowed, n == 31, "{n}: {error:?}");
    }
    login::sign_in(&test.app, &typed(EMAIL, PASSWORD), &request)
        .await
        .unwrap();
}

#[tokio::test]
async fn staying_makes_a_cookie_that_lasts() {
    let (test, _) = instance().await;
    let (_, leaving) = sign_in(&test, EMAIL).await;
    assert_eq!(leaving.max_age_s, None);
    let staying = Credentials {
        stay: true,
        ..typed(EMAIL, PASSWORD)
    };
    let staying = login::sign_in(&test.app, &staying, &Request::default())
        .await
        .unwrap();
    assert_eq!(staying.max_age_s, Some(14 * DAY / SECOND));
    test.clock.advance(14 * DAY - 1);
    assert_eq!(code(back(&test, &leaving).await), "unauthenticated");
    back(&test, &staying).await.unwrap();
    test.clock.advance(1);
    assert_eq!(code(back(&test, &staying).await), "unauthenticated");
}

/// Passwords are checked one for each core; a bounded number waits, and the rest is told at once.
#[tokio::test]
async fn a_flood_of_sign_ins_is_answered_busy() {
    let (test, ada) = instance().await;
    let test = Arc::new(test);
    let mut flood = JoinSet::new();
    for n in 0..200 {
        let test = Arc::clone(&test);
        flood.spawn(async move {
            let email = format!("guess{n}@demo.example");
            refused(attempt(&test, &email, "wrong").await).code()
        });
    }
    let answers = flood.join_all().await;
    let count = |code| answers.iter().filter(|a| **a == code).count();
    let places = std::thread::available_parallelism().unwrap().get() + 16;
    assert_eq!(
        count("unauthenticated") + count("busy"),
        answers.len(),
        "{answers:?}"
    );
    assert!(count("unauthenticated") >= places, "{}", count("unauthenticated"));
    assert!(count("busy") > 0);
    // Afterwards there is place again.
    assert_eq!(attempt(&test, EMAIL, PASSWORD).await.unwrap(), ada);
    assert_eq!(number(test.db(), "SELECT failed_logins FROM users").await, 0);
}
