//! Each kind of source with the commands, run as the program.

use std::fs;

use crate::archive::{publish, service, wheel};
use crate::server::{Answer, Server};
use crate::workspace::Place;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
pub(crate) const NEXT_COMMIT: &str = "89abcdef0123456789abcdef0123456789abcdef";

/// A service that the commands take from one kind of source.
pub(crate) struct Published {
    pub(crate) server: Server,
    pub(crate) place: Place,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    ApiModelsAws,
    Botocore,
    Url,
    Path,
}

const KINDS: [Kind; 4] = [Kind::ApiModelsAws, Kind::Botocore, Kind::Url, Kind::Path];

/// A model of the service `parcels`, whose first operation takes at most this weight.
pub(crate) fn parcels(grams: u32) -> String {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/example-project/published/parcels.json"
    );
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains("\"max\": 30000"));
    text.replace("\"max\": 30000", &format!("\"max\": {grams}"))
}

/// The same kind of change in the form of botocore.
pub(crate) fn c2j(grams: u32) -> String {
    let members: &[&str] = if grams == 30_000 { &["a"] } else { &["a", "b"] };
    service("Parcels", members)
}

impl Published {
    /// A workspace whose settings name the source, with a model that was published there.
    pub(crate) fn new(kind: Kind) -> Self {
        let server = Server::start();
        let mut place = Place::new(&server);
        place.set("ATTACHE_API_MODELS_REPOSITORY", &server.address("/api"));
        place.set("ATTACHE_API_MODELS_FILES", &server.address("/raw"));
        place.set("PIP_RETRIES", "0");
        let source = match kind {
            Kind::ApiModelsAws => "\"api-models-aws\"".to_owned(),
            Kind::Botocore => "\"botocore\"".to_owned(),
            Kind::Url => format!(
                "{{ url = \"{}\" }}",
                server.address("/parcels.json?token=secret")
            ),
            Kind::Path => "{ path = \"published/parcels.json\" }".to_owned(),
        };
        place.write(
            "models/attache.toml",
            &format!("[service.parcels]\nsource = {source} # ours\n"),
        );
        let published = Self {
            server,
            place,
            kind,
        };
        published.publish(COMMIT, "1.0.0", 30_000);
        published
    }

    pub(crate) fn publish(&self, commit: &str, version: &str, grams: u32) {
        let Self { server, place, .. } = self;
        match self.kind {
            Kind::ApiModelsAws => {
                let path = "models/parcels/service/2026-01-01/parcels-2026-01-01.json";
                let tree = format!(
                    r#"{{"sha": "{commit}", "tree": [{{"path": "{path}"}}], "truncated": false}}"#
                );
                server.replace("/api/commits/HEAD", Answer::new(200, commit));
                server.replace(
                    &format!("/api/git/trees/{commit}?recursive=1"),
                    Answer::new(200, tree),
                );
                server.replace(
                    &format!("/raw/{commit}/{path}"),
                    Answer::new(200, parcels(grams)),
                );
            }
            Kind::Botocore => {
                let model = "botocore/data/parcels/2020-01-01/service-2.json";
                publish(server, &[(version, wheel(&[(model, &c2j(grams))]))]);
            }
            Kind::Url => self.answer(Answer::new(200, parcels(grams))),
            Kind::Path => place.write("published/parcels.json", &parcels(grams)),
        }
    }

    /// Answers the address of [`Kind::Url`].
    pub(crate) fn answer(&self, answer: Answer) {
        self.server.replace("/parcels.json?token=secret", answer);
    }
}

#[test]
fn a_service_of_each_source_is_added_compared_updated_and_verified() {
    for kind in KINDS {
        let published = Published::new(kind);
        let place = &published.place;
        let outdated = place.refuses("outdated");
        assert!(
            outdated.contains("models/parcels/model.json does not exist; `add parcels` writes it"),
            "{outdated}"
        );
        place.succeeds("add parcels");
        let settings = place.read("models/attache.toml");
        assert!(
            settings.contains("# ours\n") && settings.contains("\nfile-sha256 = "),
            "{kind:?}: {settings}"
        );
        assert!(
            place
                .refuses("add parcels")
                .contains("has the service `parcels` already")
        );
        assert_eq!(place.run("outdated --exit-code").0, 0, "{kind:?}");

        published.publish(NEXT_COMMIT, "1.1.0", 20_000);
        let (status, table, complaint) = place.run("outdated --exit-code");
        assert_eq!((status, complaint.as_str()), (1, ""), "{kind:?}: {table}");
        let row = table.lines().last().unwrap();
        assert!(
            row.starts_with("parcels") && row.contains(" 1 "),
            "{kind:?}: {table}"
        );
        let report = place.succeeds("update --report report.md");
        assert!(
            report.contains("version 0.1.0 -> 0.1.1"),
            "{kind:?}: {report}"
        );
        assert!(!report.contains("secret") && !place.read("report.md").contains("secret"));
        assert_eq!(place.succeeds("verify"), "1 service is valid\n", "{kind:?}");
        assert_eq!(
            place.succeeds("update"),
            "parcels: nothing changed\n",
            "{kind:?}"
        );
        assert_eq!(
            place.succeeds("update --offline"),
            "parcels: nothing changed\n",
            "{kind:?}"
        );
        assert_eq!(place.run("outdated --exit-code").0, 0, "{kind:?}");
        place.succeeds("remove parcels");
        assert!(!place.read("models/attache.toml").contains("parcels"));
    }
}

#[test]
fn a_folder_of_botocore_is_a_source_too() {
    let published = Published::new(Kind::Path);
    let place = &published.place;
    fs::remove_dir_all(place.path("published")).unwrap();
    place.write(
        "published/parcels.json/2020-01-01/service-2.json",
        &c2j(30_000),
    );
    place.succeeds("add parcels");
    place.write(
        "published/parcels.json/2020-01-01/service-2.json",
        &c2j(20_000),
    );
    assert_eq!(place.run("outdated --exit-code").0, 1);
    place.succeeds("update");
    assert_eq!(place.succeeds("verify"), "1 service is valid\n");
}

#[test]
fn a_service_from_a_file_does_not_keep_the_others_from_their_updates() {
    let published = Published::new(Kind::Path);
    let place = &published.place;
    place.succeeds("add parcels");
    place.write("letters.json", &parcels(30_000));
    place.succeeds("add letters --from letters.json --other-service");
    published.publish(NEXT_COMMIT, "1.1.0", 20_000);
    let note = "note: letters is left out: its model is from a file, and nothing says where newer ones are: `source = { path \
                = \"…\" }` in [service.letters] of models/attache.toml does (or { url = \"…\" }, \"botocore\", \
                \"api-models-aws\")\n";
    let (status, table, complaint) = place.run("outdated --exit-code");
    assert_eq!((status, complaint.as_str()), (1, note), "{table}");
    assert!(!table.contains("letters"), "{table}");
    let (status, report, complaint) = place.run("update");
    assert_eq!((status, complaint.as_str()), (0, note));
    assert!(report.contains("parcels"), "{report}");
    for command in ["outdated letters", "update parcels letters"] {
        let refused = place.refuses(command);
        assert!(
            refused.contains("letters: its model is from a file"),
            "{refused}"
        );
    }
    let settings = place.read("models/attache.toml");
    let named = "[service.letters]\nsource = { path = \"letters.json\" }";
    place.write(
        "models/attache.toml",
        &settings.replace("[service.letters]", named),
    );
    assert_eq!(place.run("outdated letters --exit-code").0, 0);
}
