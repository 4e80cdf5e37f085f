//! An S3-compatible server for tests: buckets are folders of a temporary one.
#![expect(clippy::expect_used, reason = "test support: what fails here ends the test")]

use app::blobs::{Access, Blobs};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Its only bucket.
pub const BUCKET: &str = "evidence";
/// The id of the key that it takes.
pub const KEY: &str = "demo";
/// Its secret.
pub const SECRET: &str = "plover breakfast";

/// The server; it ends with this.
pub struct BucketServer {
    folder: TempDir,
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl BucketServer {
    /// Starts it with one empty bucket.
    pub async fn start() -> BucketServer {
        let folder = tempfile::tempdir().expect("a folder for buckets");
        std::fs::create_dir(folder.path().join(BUCKET)).expect("a folder for a bucket");
        let mut service = S3ServiceBuilder::new(FileSystem::new(folder.path()).expect("the folder is there"));
        service.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let service = service.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let connection =
                    http1::Builder::new().serve_connection(TokioIo::new(socket), service.clone());
                tokio::spawn(async move {
                    // A client that goes away is none of our business.
                    let _ = connection.await;
                });
            }
        });
        BucketServer {
            folder,
            address,
            task,
        }
    }

    /// The address of a bucket of this server.
    pub fn url(&self, bucket: &str) -> String {
        format!(
            "s3://{bucket}/files?endpoint=http://{}&region=eu-central-1",
            self.address
        )
    }

    /// The key that the server takes.
    pub fn access() -> Access {
        Access::Key {
            id: KEY.to_owned(),
            secret: SECRET.to_owned(),
        }
    }

    /// A storage whose bytes arrive in the folder and stay in the bucket.
    pub async fn blobs(&self, folder: &Path) -> Blobs {
        Blobs::bucket(folder, &self.url(BUCKET), BucketServer::access())
            .await
            .expect("the bucket is there")
    }

    /// Where the bucket's objects lie, parts of unfinished uploads too.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }
}

impl Drop for BucketServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
