//! Files that settings name, on the disk: irregular files and files that are too large.
#![cfg(unix)]

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use attache_runtime::{Config, Environment, FixedEnvironment, ProcessEnvironment};

use crate::stage::{Network, answer, builder, core, environment, key_of};

/// An environment with variables of the test and the files of the machine.
#[derive(Debug)]
struct OnDisk(FixedEnvironment);

impl Environment for OnDisk {
    fn variable(&self, name: &str) -> Option<String> {
        self.0.variable(name)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        ProcessEnvironment.read(path)
    }

    fn write(&self, path: &Path, contents: &[u8]) -> io::Result<()> {
        ProcessEnvironment.write(path, contents)
    }
}

/// A folder that is deleted at the end of the test.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let name = format!("attache-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn fifo(&self) -> String {
        let path = self.0.join("fifo");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
        path.display().to_string()
    }

    /// A sparse file of this length.
    fn file(&self, length: u64) -> String {
        let path = self.0.join("file");
        let file = std::fs::File::create(&path).unwrap();
        file.set_len(length).unwrap();
        path.display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

fn machine(variables: &[(&str, &str)]) -> OnDisk {
    let environment = environment(variables).with_variable("AWS_EC2_METADATA_DISABLED", "true");
    OnDisk(environment.with_variable("HOME", "/nonexistent"))
}

const NOT_REGULAR: &str = "it is a pipe, a socket or a device, and only regular files are read";
const TOO_LARGE: &str = "it is larger than 16 MiB";

/// A FIFO without a writer would block the reader for ever, and an endless device would fill the memory.
#[test]
fn profile_files_that_are_pipes_devices_or_too_large_are_refused() {
    let folder = Folder::new("profiles");
    let (fifo, large) = (folder.fifo(), folder.file((16 << 20) + 1));
    for variable in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
        for (path, reason) in [
            (fifo.as_str(), NOT_REGULAR),
            ("/dev/zero", NOT_REGULAR),
            ("/dev/urandom", NOT_REGULAR),
            (&large, TOO_LARGE),
        ] {
            let machine = machine(&[(variable, path)]);
            let error = Config::builder().from_environment(machine).unwrap_err();
            assert_eq!(
                format!("{error:#}"),
                format!("{path} cannot be read: {reason}")
            );
        }
    }
}

#[test]
fn the_null_device_and_a_folder_count_as_empty_files() {
    for path in ["/dev/null", "/"] {
        let machine = machine(&[
            ("AWS_CONFIG_FILE", path),
            ("AWS_SHARED_CREDENTIALS_FILE", path),
        ]);
        assert!(
            Config::builder().from_environment(machine).is_ok(),
            "{path}"
        );
    }
    let folder = Folder::new("largest");
    let path = folder.file(0);
    // A file of the maximum size, which is one comment.
    std::fs::write(&path, vec![b'#'; 16 << 20]).unwrap();
    assert!(
        Config::builder()
            .from_environment(machine(&[("AWS_CONFIG_FILE", &path)]))
            .is_ok()
    );
}

/// The same function reads every other file that a setting names.
#[tokio::test]
async fn token_files_that_are_pipes_devices_or_too_large_are_refused() {
    let folder = Folder::new("tokens");
    let (fifo, large) = (folder.fifo(), folder.file((16 << 20) + 1));
    for (path, reason) in [
        (fifo.as_str(), NOT_REGULAR),
        ("/dev/zero", NOT_REGULAR),
        (&large, TOO_LARGE),
    ] {
        let web = machine(&[
            ("AWS_WEB_IDENTITY_TOKEN_FILE", path),
            ("AWS_ROLE_ARN", "arn:aws:iam::1:role/r"),
        ]);
        let container = machine(&[
            (
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "http://127.0.0.1/never",
            ),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", path),
        ]);
        for machine in [web, container] {
            let network = Network::default();
            let core = core(builder(&network).from_environment(machine).unwrap());
            let found = key_of(&network, &core).await.unwrap_err();
            assert!(found.contains(path) && found.ends_with(reason), "{found}");
            assert!(network.asked().is_empty());
        }
    }
}

#[tokio::test]
async fn login_tokens_that_are_pipes_devices_or_too_large_are_refused() {
    let folder = Folder::new("login");
    let home = folder.0.display().to_string();
    let cache = folder.0.join(".aws/sso/cache");
    std::fs::create_dir_all(&cache).unwrap();
    // The SHA-1 of `corp`.
    let token = cache.join("ee0bfd2552fbd840c02cc48b6e823320543c450f.json");
    std::os::unix::fs::symlink("/dev/zero", &token).unwrap();
    std::fs::write(
        folder.0.join(".aws/config"),
        "[default]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n\
         [sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n",
    )
    .unwrap();
    let machine = OnDisk(environment(&[("HOME", &home)]));
    let network = Network::default();
    let core = core(builder(&network).from_environment(machine).unwrap());
    let found = key_of(&network, &core).await.unwrap_err();
    assert!(found.ends_with(NOT_REGULAR), "{found}");
}

/// Only the owner may read the token, whatever the file permitted before, and a link must not lead it elsewhere.
#[test]
fn a_token_is_written_for_its_owner_only_and_not_through_a_link() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new("private");
    let (token, elsewhere) = (folder.0.join("token.json"), folder.0.join("elsewhere"));
    std::fs::write(&elsewhere, "kept").unwrap();
    std::fs::set_permissions(&elsewhere, std::fs::Permissions::from_mode(0o644)).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &token).unwrap();
    for contents in ["first", "second"] {
        ProcessEnvironment
            .write(&token, contents.as_bytes())
            .unwrap();
        let metadata = std::fs::symlink_metadata(&token).unwrap();
        assert!(metadata.is_file());
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_to_string(&token).unwrap(), contents);
        // The next one replaces a file that anyone may read.
        std::fs::set_permissions(&token, std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&elsewhere).unwrap(), "kept");
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 2);
}

/// Programs that write a token in place empty the file first.
#[derive(Debug)]
struct Rewritten(FixedEnvironment, AtomicUsize);

impl Environment for Rewritten {
    fn variable(&self, name: &str) -> Option<String> {
        self.0.variable(name)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let contents = self.0.read(path)?;
        let is_token = path == Path::new("/token");
        match is_token && self.1.fetch_add(1, Ordering::Relaxed) < 3 {
            true => Ok(b"\n".to_vec()),
            false => Ok(contents),
        }
    }

    fn write(&self, path: &Path, contents: &[u8]) -> io::Result<()> {
        self.0.write(path, contents)
    }
}

#[tokio::test]
async fn an_empty_token_file_is_read_again() {
    let (eks, sts) = (
        "http://169.254.170.23/v1/credentials",
        "https://sts.eu-central-1.amazonaws.com/",
    );
    let keys = r#"{"AccessKeyId":"KEY","SecretAccessKey":"SECRET","Token":"T"}"#;
    let assumed = "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>\
                   <AccessKeyId>KEY</AccessKeyId><SecretAccessKey>SECRET</SecretAccessKey>\
                   <SessionToken>T</SessionToken><Expiration>2026-11-22T18:00:00Z</Expiration></Credentials>\
                   </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";
    let container = environment(&[
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", eks),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/token"),
    ]);
    let web = environment(&[
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"),
        ("AWS_ROLE_ARN", "arn:aws:iam::1:role/r"),
    ]);
    for machine in [container, web] {
        let network = Network::default()
            .answering(eks, [answer(200, keys)])
            .answering(sts, [answer(200, assumed)]);
        let machine = machine.with_file("/token", "the-token\n");
        let machine = Rewritten(machine, AtomicUsize::new(0));
        let client = core(builder(&network).from_environment(machine).unwrap());
        assert_eq!(key_of(&network, &client).await.as_deref(), Ok("KEY T"));
        let shown = &network.seen()[0];
        assert!(
            shown.header("authorization") == "the-token" || shown.body.ends_with("=the%2Dtoken")
        );
    }
}

/// The environment of a real process, with a real home folder.
#[test]
fn a_process_finds_its_settings_where_its_variables_say() {
    let folder = Folder::new("process");
    std::fs::create_dir_all(folder.0.join("conf")).unwrap();
    std::fs::write(
        folder.0.join("conf/config"),
        "[DEFAULT]\nmax_attempts = 0\n[profile 'Foo Bar']\nregion = eu-central-1\n",
    )
    .unwrap();
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "real_files::read_the_settings",
            "--ignored",
            "--nocapture",
        ])
        .env("HOME", &folder.0)
        .env("AWS_CONFIG_FILE", "${HOME}/conf/config")
        .env("AWS_PROFILE", "Foo Bar")
        .env_remove("AWS_DEFAULT_PROFILE")
        .env_remove("AWS_MAX_ATTEMPTS")
        .status();
    assert!(status.unwrap().success());
}

#[test]
#[ignore = "run by a_process_finds_its_settings_where_its_variables_say"]
fn read_the_settings() {
    let error = Config::builder().from_env().unwrap_err().to_string();
    let wanted = "/conf/config, line 2) must be a whole number of at least 1";
    assert!(error.ends_with(wanted), "{error}");
}
