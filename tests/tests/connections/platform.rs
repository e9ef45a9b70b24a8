//! Servers that the platform vouches for. Variables cannot be set safely in a program that runs, so each case is a
//! program of its own: this test, started again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use attache_support::Client;

use super::bundle::{Authority, authority, file, https, pem, server};
use super::{config, create, current_thread};

/// The variable by which a test tells its child what to call.
const URL: &str = "ATTACHE_TEST_URL";

/// Calls a URL where the platform has these certificates, and returns what was printed.
fn call(url: &str, trusted: Option<&Path>, folder: Option<&Path>) -> String {
    let mut child = Command::new(std::env::current_exe().expect("this program"));
    child.env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR");
    for (name, path) in [("SSL_CERT_FILE", trusted), ("SSL_CERT_DIR", folder)] {
        if let Some(path) = path {
            child.env(name, path);
        }
    }
    let output = child
        .args(["--exact", "platform::child", "--ignored", "--nocapture"])
        .env(URL, url)
        .output()
        .expect("it starts");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
#[ignore = "the other tests of this module start it"]
fn child() {
    let url = std::env::var(URL).expect("the parent says where to");
    let client = Client::new(&config(&url).build().expect("nothing is missing"));
    match current_thread().block_on(create(&client)) {
        Ok(()) => println!("answered"),
        Err(error) => println!("{error:#}"),
    }
}

/// A folder with a file for the certificate of each authority.
fn folder(name: &str, authorities: &[&Authority]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    // It may be there from the last time.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder).expect("the folder for tests can be written");
    for (number, authority) in authorities.iter().enumerate() {
        let path = folder.join(format!("{number}.pem"));
        fs::write(path, pem(authority)).expect("the folder can be written");
    }
    folder
}

#[test]
fn the_file_and_the_folders_of_the_platform_vouch_for_servers() {
    let (ours, other) = (authority(), authority());
    let server = server(&ours, "127.0.0.1");
    let url = https(&server);
    let good = file(
        "platform-good.pem",
        &format!("# two\n{}\n{}", pem(&other), pem(&ours)),
    );
    let bad = file("platform-bad.pem", &pem(&other));
    let nothing = file("platform-nothing.pem", "nothing\n");
    let with_ours = folder("platform-with-ours", &[&other, &ours]);
    let with_other = folder("platform-with-other", &[&other]);
    let missing = good.with_file_name("platform-missing.pem");
    for (trusted, folder, expected) in [
        (Some(&good), None, "answered"),
        (Some(&good), Some(&with_other), "answered"),
        (Some(&bad), Some(&with_ours), "answered"),
        (Some(&nothing), Some(&with_ours), "answered"),
        (Some(&missing), Some(&with_ours), "answered"),
        (None, Some(&with_ours), "answered"),
        (Some(&bad), None, "invalid peer certificate"),
        (Some(&bad), Some(&with_other), "invalid peer certificate"),
        (None, Some(&with_other), "invalid peer certificate"),
        (None, None, "invalid peer certificate"),
        (
            Some(&nothing),
            None,
            "the platform has no certificates that can be used",
        ),
    ] {
        let printed = call(
            &url,
            trusted.map(PathBuf::as_path),
            folder.map(PathBuf::as_path),
        );
        assert!(
            printed.contains(expected),
            "{trusted:?}, {folder:?}: {printed}"
        );
    }
}
