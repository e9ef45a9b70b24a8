//! Settings that mean harm: text of `models/attache.toml` in manifests, comments and messages.

use attache_codegen::escape::is_hidden;

use crate::workspace::Place;

/// Settings that have `hostile`, a string of TOML, where a text or a key can stand, and some with texts of their own.
fn settings_with(hostile: &str) -> [String; 21] {
    [
        format!("[crates]\ncommand = {hostile}\n"),
        "[crates]\ncommand = \"x --> y \\\" # z\"\n".to_owned(),
        format!("[crates]\nfolder = {hostile}\n"),
        format!("[crates]\nruntime = {hostile}\n"),
        format!("[crates]\nruntime = {{ path = {hostile} }}\n"),
        format!("[crates]\nruntime = {{ git = {hostile}, branch = {hostile} }}\n"),
        format!("[crates]\nruntime = {{ registry = {hostile} }}\n"),
        format!("[crates.package]\nlicense = {hostile}\n"),
        format!("[crates.package]\n{hostile} = true\n"),
        format!("[crates.package]\nmetadata.{hostile} = {{ {hostile} = {hostile} }}\n"),
        "[crates.package]\nbuild = \"evil.rs\"\n".to_owned(),
        "[crates.package]\n\"build\" = \"evil.rs\"\n".to_owned(),
        format!("[service.parcels]\ncrate = {hostile}\n"),
        format!("[service.parcels]\ncrate-version = {hostile}\n"),
        format!("[service.parcels]\noperations = [{hostile}]\n"),
        format!("[service.parcels]\nprotocol = {hostile}\n"),
        format!("[service.parcels]\nsource = {hostile}\n"),
        format!("[service.parcels]\n{hostile} = 1\n"),
        format!("[service.parcels.dev-dependencies]\n{hostile} = {hostile}\n"),
        format!("[service.{hostile}]\n"),
        format!("[{hostile}]\n"),
    ]
}

/// Each setting with a hostile text is refused, or becomes nothing but text.
#[test]
fn no_text_of_the_settings_breaks_out() {
    const HOSTILE: &str = "x\"\nbuild = \"evil.rs\"\n# --> \u{202e}\u{1b}[2J */ `";
    // A string of JSON is one of TOML.
    let hostile = serde_json::to_string(HOSTILE).expect("it can be written");
    let (mut written, mut refused) = (0, 0);
    for setting in settings_with(&hostile) {
        let place = Place::workspace();
        place.add_parcels();
        let settings = match setting.contains("[service.parcels") {
            true => setting.clone(),
            false => format!("{setting}\n[service.parcels]\n"),
        };
        place.write("models/attache.toml", &settings);
        let (status, printed, complaint) = place.run("", "generate");
        let shown = format!("{printed}{complaint}");
        let hidden = |letter: char| is_hidden(letter) && letter != '\n';
        assert!(!shown.contains(hidden), "{setting}: {shown:?}");
        if status != 0 {
            refused += 1;
            continue;
        }
        written += 1;
        for (path, bytes) in place.snapshot("crates") {
            let text = String::from_utf8(bytes).expect("it is text");
            if path
                .extension()
                .is_some_and(|extension| extension == "toml")
            {
                let manifest: toml_edit::DocumentMut = text.parse().expect("it is TOML");
                assert!(
                    manifest["package"].get("build").is_none(),
                    "{setting}: {text}"
                );
            } else {
                assert!(!text.contains(hidden), "{setting}: {}", path.display());
            }
        }
    }
    assert!(
        written > 5 && refused > 5,
        "{written} written, {refused} refused"
    );
}

const OWN: &str = "com.example#auditLevel";

/// A workspace with `published.json`, a model that has a trait of the user's own.
fn with_own_trait() -> Place {
    let place = Place::workspace();
    let mut model: serde_json::Value =
        serde_json::from_str(&without_own_trait()).expect("it is JSON");
    let shapes = model["shapes"].as_object_mut().expect("there are shapes");
    let (_, shape) = shapes.iter_mut().next().expect("there is a shape");
    shape["traits"][OWN] = serde_json::json!(3);
    place.write("published.json", &model.to_string());
    place
}

fn without_own_trait() -> String {
    std::fs::read_to_string(crate::workspace::published()).expect("the model is there")
}

fn settled(decision: &str) -> String {
    format!("[traits]\n\"{OWN}\" = {decision}\n")
}

/// A trait of the user's own is settled in `models/attache.toml`, for every command that reads a model.
#[test]
fn a_trait_of_ones_own_is_ignored_or_refused_by_a_setting() {
    let place = with_own_trait();
    for command in ["add", "import"] {
        let refused = place.fails("", &format!("{command} parcels --from published.json"));
        assert!(
            refused.contains(&format!("unknown trait `{OWN}`"))
                && refused.contains("`[traits]` in models/attache.toml"),
            "{refused}"
        );
    }
    place.write(
        "models/attache.toml",
        &settled("{ refused = \"our SDK must send it\" }"),
    );
    let refused = place.fails("", "add parcels --from published.json");
    assert!(refused.contains("our SDK must send it"), "{refused}");
    place.write(
        "models/attache.toml",
        &settled("{ ignored = \"only our gateway reads it\" }"),
    );
    place.succeeds("", "add parcels --from published.json");
    place.succeeds("", "generate --check");
    place.succeeds("", "import parcels --from published.json");
    assert!(place.read("models/parcels/model.json").contains(OWN));

    for (decision, complaint) in [
        ("{ ignored = \"\" }", "is empty"),
        ("{ dropped = \"why\" }", "must be { ignored = \"why\" }"),
        ("true", "must be { ignored = \"why\" }"),
        (
            "{ ignored = \"a\", refused = \"b\" }",
            "must be { ignored = \"why\" }",
        ),
    ] {
        place.write("models/attache.toml", &settled(decision));
        let refused = place.fails("", "generate");
        assert!(refused.contains(complaint), "{decision}: {refused}");
    }
    let known = "[traits]\n\"smithy.api#required\" = { ignored = \"it is strict\" }\n";
    place.write("models/attache.toml", known);
    let refused = place.fails("", "generate");
    assert!(
        refused.contains("attache knows the trait `smithy.api#required`"),
        "{refused}"
    );
}

/// A comparison goes by the same settings as the generation.
#[test]
fn a_trait_of_ones_own_is_compared_as_the_setting_says() {
    let place = with_own_trait();
    place.write("before.json", &without_own_trait());
    place.write(
        "models/attache.toml",
        &settled("{ ignored = \"only our gateway reads it\" }"),
    );
    place.succeeds("", "add parcels --from published.json");
    let told = place.succeeds("", "diff before.json parcels");
    assert!(
        told.contains("only our gateway reads it") && told.contains("must rise by: none"),
        "{told}"
    );
    place.succeeds("", "update parcels --from published.json");

    place.write(
        "models/attache.toml",
        &settled("{ refused = \"our SDK must send it\" }"),
    );
    let told = place.succeeds("", "diff before.json published.json");
    assert!(
        told.contains("No client can be generated from the new model")
            && told.contains("must rise by: major"),
        "{told}"
    );
}
