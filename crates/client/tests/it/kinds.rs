//! What a failure is told to be.

use std::sync::Arc;

use client::{Client, Error, PageSize, Patience};
use rcgen::{CertificateParams, KeyPair};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::server::{Say, Server};

async fn error(say: Say) -> Error {
    let server = Server::start(&[say]).await;
    server.client().current_user().await.unwrap_err()
}

#[tokio::test]
async fn a_page_is_not_the_product() {
    for status in [200, 302, 401, 404] {
        let error = error(Say::Answer(
            status,
            "content-type: text/html\r\n",
            "<html></html>",
        ))
        .await;
        assert!(
            matches!(error, Error::NotTheProduct { .. }),
            "{status}: {error:?}"
        );
        assert!(error.to_string().contains("check the address"), "{error}");
    }
}

#[tokio::test]
async fn the_servers_words_are_kept() {
    let body = r#"{"message":"The name is missing.","errors":{"name":["The name is missing.","x"]}}"#;
    let error = error(Say::Answer(422, "", body)).await;
    let Error::Invalid(refusal) = error else {
        panic!("{error:?}")
    };
    assert_eq!(refusal.message.as_deref(), Some("The name is missing."));
    assert_eq!(refusal.fields[0].field, "name");
}

#[tokio::test]
async fn a_certificate_of_nobody_is_a_tls_failure() {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                rustls::pki_types::PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )
            .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        while let Ok((stream, _)) = listener.accept().await {
            let _ = acceptor.accept(stream).await;
        }
    });
    let client = Client::builder(address.parse().unwrap(), "key".into())
        .patience(Patience::NONE)
        .build()
        .unwrap();
    let error = client.current_user().await.unwrap_err();
    assert!(matches!(error, Error::Tls { .. }), "{error:?}");
    assert!(!error.is_passing());
    assert!(error.to_string().contains("SSL_CERT_FILE"), "{error}");
}

#[tokio::test]
async fn a_key_with_a_line_end_is_refused_before_anything_is_sent() {
    let builder = Client::builder("https://a.example.com".parse().unwrap(), "a\nb".into());
    assert!(builder.build().is_err());
}

#[tokio::test]
async fn lists_are_pages() {
    let page = r#"{"page":2,"prev_page":1,"next_page":3,"last_page":9,"per_page":15,"total":130,
        "result":[{"id":4,"name":"Shop","note":null,"is_completed":false}],"expands":{}}"#;
    let server = Server::start(&[Say::Answer(200, "", page)]).await;
    let page = server.client().projects(2, PageSize::Fifteen).await.unwrap();
    assert_eq!((page.next_page, page.total, page.result[0].id), (Some(3), 130, 4));
    assert_eq!(server.seen(), ["GET /api/v1/projects?page=2&per_page=15 -"]);
}
