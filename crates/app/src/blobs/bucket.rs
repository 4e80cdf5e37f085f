//! A bucket of an S3-compatible server: `PREFIX/ab/cd/PLACE`.

use super::{Pieces, Staged, relative};
use bytes::Bytes;
use futures_util::StreamExt as _;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{ClientOptions, MultipartUpload, ObjectStore as _, ObjectStoreExt as _, RetryConfig};
use std::io;
use std::time::Duration;
use store::blob::Place;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use url::Url;

/// Bytes of a part of a large object; smaller objects are sent in one piece.
const PART: u64 = 8 << 20;
/// How long a request may take.
const TIMEOUT: Duration = Duration::from_mins(1);
/// How long a request is repeated that failed for a passing reason.
const RETRIES: Duration = Duration::from_secs(20);

/// Who asks.
pub enum Access {
    /// As the variables `AWS_*` and the machine's role say, see
    /// <https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html>.
    Environment,
    /// A key.
    Key {
        /// Its id.
        id: String,
        /// Its secret.
        secret: String,
    },
}

/// A bucket that cannot be used, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(String);

#[derive(Debug)]
pub(super) struct Bucket {
    store: AmazonS3,
    name: String,
    prefix: Path,
}

impl Bucket {
    pub(super) fn open(address: &str, access: Access) -> Result<Bucket, Refused> {
        let wrong = |why: &str| {
            Refused(format!(
                "`{address}` is no address of a bucket ({why}); write s3://BUCKET/PREFIX, with ?endpoint=https://HOST and \
                 &region=NAME where the server is not Amazon's"
            ))
        };
        let url = Url::parse(address).map_err(|e| wrong(&e.to_string()))?;
        let name = url.host_str().unwrap_or_default().to_owned();
        if url.scheme() != "s3" || name.is_empty() {
            return Err(wrong("it does not begin with s3:// and a name"));
        }
        let prefix = Path::from_url_path(url.path()).map_err(|e| wrong(&e.to_string()))?;
        let mut builder = match access {
            Access::Environment => AmazonS3Builder::from_env(),
            Access::Key { id, secret } => AmazonS3Builder::new()
                .with_access_key_id(id)
                .with_secret_access_key(secret),
        };
        let mut client = ClientOptions::new().with_timeout(TIMEOUT);
        for (key, value) in url.query_pairs() {
            builder = match &*key {
                "endpoint" => {
                    // Whoever writes http:// wants it; without it nothing is sent unencrypted.
                    client = client.with_allow_http(value.starts_with("http://"));
                    builder.with_endpoint(value.trim_end_matches('/'))
                }
                "region" => builder.with_region(value),
                other => return Err(wrong(&format!("`{other}` is unknown"))),
            };
        }
        let store = builder
            .with_bucket_name(&name)
            .with_client_options(client)
            .with_retry(RetryConfig {
                retry_timeout: RETRIES,
                max_retries: 5,
                ..RetryConfig::default()
            })
            .build()
            .map_err(|e| wrong(&e.to_string()))?;
        Ok(Bucket { store, name, prefix })
    }

    /// Looks into the bucket, so that a server does not start with one that it can't use.
    pub(super) async fn check(&self) -> Result<(), Refused> {
        match self.store.list(Some(&self.prefix)).next().await {
            None | Some(Ok(_)) => Ok(()),
            Some(Err(error)) => Err(Refused(self.remedy(&error))),
        }
    }

    fn remedy(&self, error: &object_store::Error) -> String {
        let (name, said) = (&self.name, whole(error));
        let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
        if matches!(error, object_store::Error::NotFound { .. }) || has(&["NoSuchBucket"]) {
            format!("there is no bucket `{name}`; make it, or correct the name ({said})")
        } else if matches!(
            error,
            object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. }
        ) || has(&["InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied"])
        {
            format!(
                "the bucket `{name}` refuses the key; give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of one that may list, \
                 read, write and delete in it ({said})"
            )
        } else if has(&["AuthorizationHeaderMalformed", "PermanentRedirect", "301 Moved"]) {
            format!("the bucket `{name}` lies in another region; add ?region=NAME ({said})")
        } else {
            format!("the server of the bucket `{name}` cannot be reached; look at ?endpoint=URL ({said})")
        }
    }

    fn path(&self, place: &Place) -> io::Result<Path> {
        let path = Path::parse(relative(place)?).map_err(io::Error::other)?;
        Ok(self.prefix.parts().chain(path.parts()).collect())
    }

    pub(super) async fn keep(&self, staged: Staged, place: &Place) -> io::Result<()> {
        let path = self.path(place)?;
        let mut file = File::from_std(staged.named.as_file().try_clone()?);
        file.rewind().await?;
        if staged.size <= PART {
            let bytes = part(&mut file).await?;
            self.store.put(&path, bytes.into()).await.map_err(failed)?;
            return Ok(());
        }
        let mut upload = self.store.put_multipart(&path).await.map_err(failed)?;
        let sent = send(&mut file, upload.as_mut()).await;
        if sent.is_err() {
            // The parts would stay and cost money; when this fails too, the bucket's own rules remove them.
            let _ = upload.abort().await;
        }
        sent
    }

    pub(super) async fn read(&self, place: &Place) -> io::Result<Pieces> {
        let found = self.store.get(&self.path(place)?).await.map_err(failed)?;
        Ok(found.into_stream().map(|piece| piece.map_err(failed)).boxed())
    }

    pub(super) async fn delete(&self, place: &Place) -> io::Result<()> {
        match self.store.delete(&self.path(place)?).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            done => done.map_err(failed),
        }
    }
}

/// Sends a file in parts, one after the other: so one part is in memory.
async fn send(file: &mut File, upload: &mut dyn MultipartUpload) -> io::Result<()> {
    loop {
        let bytes = part(file).await?;
        if bytes.is_empty() {
            break;
        }
        upload.put_part(bytes.into()).await.map_err(failed)?;
    }
    upload.complete().await.map_err(failed).map(drop)
}

async fn part(file: &mut File) -> io::Result<Bytes> {
    let mut bytes = Vec::new();
    (&mut *file).take(PART).read_to_end(&mut bytes).await?;
    Ok(bytes.into())
}

fn failed(error: object_store::Error) -> io::Error {
    let kind = match error {
        object_store::Error::NotFound { .. } => io::ErrorKind::NotFound,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, error)
}

/// An error with its causes, in one line.
fn whole(error: &object_store::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        let more = next.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = next.source();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
