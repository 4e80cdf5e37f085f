//! HTTPS with a certificate of our own CA.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use cli::serve::accept::{Listener, Server, Stage};
use cli::serve::tls::{Current, SelfSigned, acceptor, ca_path};
use model::SystemClock;
use model::net::Peer;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::support::{Client, factory, front};

/// Serves on a port of the system's choice; the address, for as long as the test runs.
fn start(folder: &Path) -> std::net::SocketAddr {
    let names = ["localhost", "127.0.0.1", "attest.test"]
        .map(str::to_owned)
        .to_vec();
    let ours = SelfSigned::open(folder, names, Arc::new(SystemClock)).unwrap();
    let tls = acceptor(Current::new(ours.issue().unwrap())).unwrap();
    let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), Some(tls)).unwrap();
    let address = listener.address().unwrap();
    let router =
        Router::new().route(
            "/",
            get(|peer: axum::Extension<Peer>| async move {
                format!("tls={} on {}", peer.tls, peer.listener.port())
            }),
        );
    let limits = factory();
    let server = Server::new(
        front(router, &limits),
        limits,
        Vec::new(),
        watch::Sender::new(Stage::Serving),
    );
    tokio::spawn(async move { server.run(vec![listener], std::future::pending()).await });
    address
}

/// A client that trusts only the CA of `folder`.
async fn connect(
    folder: &Path,
    address: std::net::SocketAddr,
    name: &'static str,
    protocols: &[&str],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(ca_path(folder)).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let tcp = TcpStream::connect(address).await.unwrap();
    TlsConnector::from(Arc::new(config))
        .connect(ServerName::try_from(name).unwrap(), tcp)
        .await
}

#[tokio::test]
async fn a_client_that_trusts_the_ca_is_served_over_http_1() {
    let folder = tempfile::tempdir().unwrap();
    let address = start(folder.path());
    for name in ["localhost", "127.0.0.1", "attest.test"] {
        let stream = connect(folder.path(), address, name, &["http/1.1"])
            .await
            .unwrap();
        let mut client = Client::new(stream);
        client.get("/").await;
        let answer = client.answer().await;
        assert_eq!(answer.body, format!("tls=true on {}", address.port()));
        assert_eq!(
            answer.header("strict-transport-security"),
            Some("max-age=31536000")
        );
    }
}

#[tokio::test]
async fn http_2_is_offered_and_spoken() {
    let folder = tempfile::tempdir().unwrap();
    let address = start(folder.path());
    let stream = connect(folder.path(), address, "localhost", &["h2", "http/1.1"])
        .await
        .unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (client, connection) = h2::client::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    let request = http::Request::get("https://localhost/").body(()).unwrap();
    let (answer, _) = client.ready().await.unwrap().send_request(request, true).unwrap();
    let answer = answer.await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.headers().contains_key("x-request-id"));
    assert_eq!(
        answer.into_body().data().await.unwrap().unwrap(),
        format!("tls=true on {}", address.port())
    );
}

#[tokio::test]
async fn another_name_and_another_ca_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let address = start(folder.path());
    assert!(connect(folder.path(), address, "evil.test", &[]).await.is_err());
    let other = tempfile::tempdir().unwrap();
    SelfSigned::open(other.path(), Vec::new(), Arc::new(SystemClock)).unwrap();
    assert!(connect(other.path(), address, "localhost", &[]).await.is_err());
}

#[tokio::test]
async fn plain_http_on_the_tls_port_is_not_answered_in_the_clear() {
    let folder = tempfile::tempdir().unwrap();
    let address = start(folder.path());
    let mut client = Client::new(TcpStream::connect(address).await.unwrap());
    client.get("/").await;
    assert!(!client.end().await.contains("HTTP/1.1"));
}
