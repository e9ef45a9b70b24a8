//! Models from AWS's repository of Smithy files, with the layout of the real one.

use std::fs;
use std::path::Path;

use anyhow::Result;
use attache_codegen::workspace::config;
use attache_codegen::workspace::downloads::Options;
use attache_codegen::workspace::published::Source;

use crate::server::{Answer, Server};
use crate::settings::{TestEnvironment, releases};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const PATH: &str = "models/parcels/service/2026-01-01/parcels-2026-01-01.json";

/// The repository of a commit with one service, of which there is an older version, too.
fn repository() -> (Server, TestEnvironment) {
    let server = Server::start();
    let paths = [
        "README.md",
        "models/parcels/service/2020-01-01/parcels-2020-01-01.json",
        PATH,
    ];
    let entries: Vec<String> = paths
        .iter()
        .map(|path| {
            format!(r#"{{"path": "{path}", "mode": "100644", "type": "blob", "sha": "{COMMIT}"}}"#)
        })
        .collect();
    let tree = format!(
        r#"{{"sha": "{COMMIT}", "tree": [{}], "truncated": false}}"#,
        entries.join(", ")
    );
    server.replace("/api/commits/HEAD", Answer::new(200, COMMIT));
    server.replace(
        &format!("/api/git/trees/{COMMIT}?recursive=1"),
        Answer::new(200, tree),
    );
    let model = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/example-project/published/parcels.json");
    server.replace(
        &format!("/raw/{COMMIT}/{PATH}"),
        Answer::new(200, fs::read(model).unwrap()),
    );
    let environment = TestEnvironment::new()
        .with("ATTACHE_API_MODELS_REPOSITORY", &server.address("/api"))
        .with("ATTACHE_API_MODELS_FILES", &server.address("/raw"))
        .with("GITHUB_TOKEN", "secret");
    (server, environment)
}

/// Where a model was found: the source, the release and the file.
fn take(
    environment: &TestEnvironment,
    name: &str,
    options: &Options,
) -> Result<[Option<String>; 2]> {
    let mut releases = releases(environment, options)?;
    // Nobody has named a package index.
    let source = releases.default_source()?;
    assert_eq!(source, Source::ApiModelsAws);
    let (found, texts) = releases.model(name, &source)?;
    assert!(texts.normal_form().is_ok());
    Ok([found.release, Some(found.file)])
}

#[test]
fn the_newest_version_of_a_service_is_taken_by_commit() {
    let (server, environment) = repository();
    let found = take(&environment, "parcels", &Options::default()).unwrap();
    assert_eq!(found, [Some(COMMIT.to_owned()), Some(PATH.to_owned())]);
    let tokens = server.received().into_iter().map(|request| {
        let is_api = request.path.starts_with("/api/");
        (is_api, request.headers.contains_key("authorization"))
    });
    // The token is sent to the API only.
    assert_eq!(
        tokens.collect::<Vec<_>>(),
        [(true, true), (true, true), (false, false)]
    );

    let asked = server.received().len();
    take(&environment, "parcels", &Options::default()).unwrap();
    assert_eq!(
        server.received().len(),
        asked + 1,
        "only the newest commit is asked for again"
    );
    let offline = Options {
        offline: true,
        to: None,
    };
    take(&environment, "parcels", &offline).unwrap();
    assert_eq!(server.received().len(), asked + 1);
}

#[test]
fn a_commit_that_is_known_to_be_older_than_the_recorded_one_is_refused() {
    const RECORDED: &str = "89abcdef0123456789abcdef0123456789abcdef";
    let (server, environment) = repository();
    let newest = |recorded: &str| {
        let settings = format!(
            "[service.parcels]\ncrate = \"parcels\"\nsource = \"api-models-aws\"\nrelease = \"{recorded}\"\n"
        );
        let models = environment.home().join("models");
        fs::create_dir_all(&models).unwrap();
        fs::write(models.join("attache.toml"), settings).unwrap();
        let config = config::read(&models).unwrap();
        let mut releases = releases(&environment, &Options::default()).unwrap();
        releases.newest(config.service("parcels").unwrap())
    };
    newest(COMMIT).unwrap();
    assert!(
        server
            .received()
            .iter()
            .all(|request| !request.path.contains("/compare/")),
        "the recorded commit is the newest one"
    );
    // The repository does not know the recorded commit.
    newest(RECORDED).unwrap();
    let compare = format!("/api/compare/{RECORDED}...{COMMIT}?per_page=1");
    for (status, is_refused) in [("diverged", false), ("ahead", false), ("behind", true)] {
        let answer = format!("{{\"status\": \"{status}\", \"files\": []}}");
        server.replace(&compare, Answer::new(200, answer));
        // What was said of two commits is kept.
        fs::remove_dir_all(environment.home().join("cache")).unwrap();
        let result = newest(RECORDED)
            .map(|_| ())
            .map_err(|error| format!("{error:#}"));
        let refusal = "parcels: api-models-aws 0123456789ab is older than 89abcdef0123, which its model was taken from";
        assert_eq!(
            result,
            if is_refused {
                Err(refusal.to_owned())
            } else {
                Ok(())
            },
            "{status}"
        );
    }
}

#[test]
fn what_is_no_commit_or_no_service_of_it_is_refused() {
    let (server, environment) = repository();
    let fails = |name: &str, options: &Options| {
        format!("{:#}", take(&environment, name, options).unwrap_err())
    };
    let to = Options {
        to: Some("main".to_owned()),
        offline: false,
    };
    assert!(fails("parcels", &to).contains("`main` is not a commit"));
    let error = fails("parcel", &Options::default());
    assert!(
        error.contains("has no service `parcel`; did you mean parcels?"),
        "{error}"
    );
    server.replace("/api/commits/HEAD", Answer::new(403, "rate limit"));
    assert!(fails("parcels", &Options::default()).contains("403"));
}
