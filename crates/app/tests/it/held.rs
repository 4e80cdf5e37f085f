//! Keys of the whole instance, as its administrators look after them.

use crate::keys::named;
use crate::support::{EMAIL, actions, code, colleague, instance, show, sign_in};
use app::keys::{self, held};
use app::{Error, Reason};
use model::KeyId;
use model::page::PageRequest;
use store::key::held::Filter;

const ALL: PageRequest = PageRequest {
    page: 1,
    per_page: 100,
};

#[tokio::test]
async fn an_export_is_audited_and_tells_how_much_it_leaves_out() {
    let (test, _) = instance().await;
    let (ada, _) = sign_in(&test, EMAIL).await;
    for name in ["One", "Two", "Three"] {
        keys::create(&test.app, &ada, &named(name)).await.unwrap();
    }
    let file = held::export(&test.app, &ada, Filter::default(), "csv", 2)
        .await
        .unwrap();
    let names: Vec<&str> = file.rows.iter().map(|k| k.name.as_str()).collect();
    assert_eq!((names, file.total), (vec!["Three", "Two"], 3));
    let rows = held::one(&test.app, &ada, KeyId(1), ALL).await.unwrap();
    assert_eq!(rows.events.total, 1, "an export is no event of a key");
    assert_eq!(actions(test.db()).await.last().unwrap(), "keys.exported");
}

#[tokio::test]
async fn only_what_worked_is_noted_as_revoked_and_all_or_nothing_is_ended() {
    let (test, ada) = instance().await;
    colleague(&test, ada, "otto").await;
    let (ada, _) = sign_in(&test, EMAIL).await;
    let (otto, _) = sign_in(&test, "otto@demo.example").await;
    let one = keys::create(&test.app, &otto, &named("One")).await.unwrap();
    let two = keys::create(&test.app, &otto, &named("Two")).await.unwrap();
    let both = [one.key.id, two.key.id];
    let missing = held::revoke(&test.app, &ada, &[one.key.id, KeyId(99)], "left").await;
    assert_eq!(code(missing), "not_found");
    show(&test, &one.secret).await.unwrap();
    let revoked = |all: Vec<String>| all.iter().filter(|a| *a == "key.revoked").count();
    assert_eq!(revoked(actions(test.db()).await), 0);
    keys::revoke(&test.app, &otto, one.key.id, None).await.unwrap();
    assert_eq!(
        held::revoke(&test.app, &ada, &both, "left").await.unwrap(),
        1,
        "one was revoked before"
    );
    assert_eq!(revoked(actions(test.db()).await), 2);
    let refused = show(&test, &two.secret).await;
    assert!(matches!(refused, Err(Error::Unauthenticated(Reason::Revoked))));
    assert!(held::chosen(&test.app, &ada, &both).await.unwrap().is_empty());
}

#[tokio::test]
async fn who_is_no_site_admin_or_comes_with_a_key_learns_nothing() {
    let (test, ada) = instance().await;
    colleague(&test, ada, "otto").await;
    let (admin, _) = sign_in(&test, EMAIL).await;
    let made = keys::create(&test.app, &admin, &named("Whole")).await.unwrap();
    let key = show(&test, &made.secret).await.unwrap();
    let (otto, _) = sign_in(&test, "otto@demo.example").await;
    let (id, before) = (made.key.id, actions(test.db()).await);
    for actor in [&key, &otto] {
        let answers = [
            held::check(&test.app, actor).await.err(),
            held::page(&test.app, actor, Filter::default(), ALL).await.err(),
            held::export(&test.app, actor, Filter::default(), "csv", 1)
                .await
                .err(),
            held::chosen(&test.app, actor, &[id]).await.err(),
            held::one(&test.app, actor, id, ALL).await.err(),
            held::revoke(&test.app, actor, &[id], "mine").await.err(),
            held::find(&test.app, actor, &made.secret).await.err(),
        ];
        for answer in answers {
            assert_eq!(answer.unwrap().status(), 403);
        }
    }
    assert_eq!(actions(test.db()).await, before);
    show(&test, &made.secret).await.unwrap();
}
