//! Settings that mean harm: text of `models/attache.toml` in manifests, comments and messages.

use attache_codegen::escape::is_hidden;

use crate::Place;

/// Each setting with a hostile text is refused, or becomes nothing but text.
#[test]
fn no_text_of_the_settings_breaks_out() {
    const HOSTILE: &str = "x\"\nbuild = \"evil.rs\"\n# --> \u{202e}\u{1b}[2J */ `";
    // A string of JSON is one of TOML.
    let hostile = serde_json::to_string(HOSTILE).expect("it can be written");
    let (mut written, mut refused) = (0, 0);
    for setting in [
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
        format!("[service.parcels]\nsource = {hostile}\n"),
        format!("[service.parcels]\n{hostile} = 1\n"),
        format!("[service.parcels.dev-dependencies]\n{hostile} = {hostile}\n"),
        format!("[service.{hostile}]\n"),
        format!("[{hostile}]\n"),
    ] {
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
