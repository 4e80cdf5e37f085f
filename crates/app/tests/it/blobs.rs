//! The blob storage: what is kept lies under its hash, what is not leaves nothing, and only old leftovers are removed.

use app::Blobs;
use futures_util::TryStreamExt as _;
use model::Timestamp;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};
use store::blob::Place;

/// SHA-256 of `abc` (FIPS 180-2, appendix B.1).
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// The files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn place(sha256: &str, salt: i64) -> Place {
    Place {
        sha256: sha256.to_owned(),
        salt,
    }
}

async fn read(blobs: &Blobs, place: &Place) -> std::io::Result<Vec<u8>> {
    let pieces: Vec<bytes::Bytes> = blobs.read(place).await?.try_collect().await?;
    Ok(pieces.concat())
}

#[tokio::test]
async fn bytes_lie_under_their_hash_and_the_same_bytes_once() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::local(folder.path().join("blobs"));
    let (first, anew) = (place(ABC, 0), place(ABC, 31));
    for place in [&first, &anew, &anew] {
        let mut staging = blobs.stage().await.unwrap();
        staging.write(b"a").await.unwrap();
        staging.write(b"bc").await.unwrap();
        let staged = staging.finish().await.unwrap();
        assert_eq!((staged.sha256.as_str(), staged.size), (ABC, 3));
        blobs.keep(staged, place.clone()).await.unwrap();
    }
    let folder_of_both = folder.path().join("blobs").join("ba").join("78");
    let mut found = files(folder.path());
    found.sort();
    let named = format!("{ABC}-000000000000001f");
    assert_eq!(found, [folder_of_both.join(ABC), folder_of_both.join(named)]);
    for place in [&first, &anew] {
        assert_eq!(read(&blobs, place).await.unwrap(), b"abc");
        blobs.delete(place).await.unwrap();
        blobs.delete(place).await.unwrap();
        let error = read(&blobs, place).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }
    assert_eq!(files(folder.path()), [""; 0].map(PathBuf::from));
}

#[tokio::test]
async fn what_is_given_up_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::local(folder.path());
    let mut staging = blobs.stage().await.unwrap();
    staging.write(&vec![7; 300_000]).await.unwrap();
    assert_eq!(files(folder.path()).len(), 1);
    drop(staging);
    let mut staging = blobs.stage().await.unwrap();
    staging.write(b"abc").await.unwrap();
    drop(staging.finish().await.unwrap());
    assert_eq!(files(folder.path()), [""; 0].map(PathBuf::from));
}

#[tokio::test]
async fn only_a_hash_names_a_blob() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::local(folder.path().join("blobs"));
    let secret = folder.path().join("secret");
    fs::write(&secret, "s").unwrap();
    let (upper, long) = (ABC.to_uppercase(), format!("{ABC}0"));
    for name in [
        "",
        "../secret",
        "../../../secret",
        upper.as_str(),
        long.as_str(),
        "%2e%2e",
    ] {
        assert_eq!(
            read(&blobs, &place(name, 1)).await.unwrap_err().kind(),
            ErrorKind::InvalidInput,
            "{name}"
        );
        assert!(blobs.delete(&place(name, 0)).await.is_err(), "{name}");
    }
    assert!(secret.exists());
}

#[tokio::test]
async fn leftovers_of_a_crash_go_when_they_are_old() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::local(folder.path());
    let now = Timestamp(1_793_610_000_000_000);
    assert_eq!(blobs.clean_up(now).await.unwrap(), 0, "there is no folder yet");
    drop(blobs.stage().await.unwrap());
    for (name, seconds) in [("upload-old", 10), ("upload-new", 0), ("other", 10)] {
        let file = File::create(folder.path().join("tmp").join(name)).unwrap();
        let at = Duration::from_micros((now.0 - seconds * model::clock::SECOND).cast_unsigned());
        file.set_modified(UNIX_EPOCH + at).unwrap();
    }
    assert_eq!(blobs.clean_up(now.plus(-1)).await.unwrap(), 1);
    let mut left: Vec<_> = files(folder.path());
    left.sort();
    assert_eq!(
        left,
        ["other", "upload-new"].map(|n| folder.path().join("tmp").join(n))
    );
}
