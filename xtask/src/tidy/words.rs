//! Phrases that a reader must read twice: personification, riddles, and unusual words for standard terms.

use super::finding::Finding;
use super::sources::Source;

/// This file, which has them all.
const THIS: &str = "xtask/src/tidy/words.rs";

/// Each phrase, in lower case, with what to write instead.
const BANNED: &[(&str, &str)] = &[
    ("asks for leave", "say what is requested of whom"),
    ("at the door", "name the module or the check"),
    (
        "hears of",
        "name the function that is called, or what it is given",
    ),
    ("what became of", "say which result is meant"),
    ("what becomes of", "say which result is meant"),
    ("what is not true", "name the wrong value"),
    ("is told what", "name the message or the argument"),
    ("has the last word", "say which value is used"),
    ("speaks up", "say which error is reported"),
    ("goes its way", "say what happens"),
    ("makes place for", "say what is deleted or replaced"),
    ("in the dark", "say what is unknown"),
    ("bad days", "say which faults"),
    ("turns a blind eye", "say what is ignored"),
    ("knows nothing of", "say what does not depend on what"),
    ("comes to look", "say what is read"),
    ("did not come to", "say what was not done"),
    ("what nobody would send", "say which input is invalid"),
    ("in somebody's place", "say what is replaced"),
    ("lesser evil", "name the reason"),
    ("cheaper evil", "name the reason"),
    ("a room of", "name the module"),
    ("which room", "name the module"),
    ("the conductor", "say what it starts"),
    ("weighs on nobody", "say what does not depend on it"),
    ("stands in moto's place", "say that it replaces moto"),
    ("in a box", "say that it is a local server"),
    ("is let in", "say that it is accepted"),
    ("not let in", "say that it is refused"),
    ("who is let in", "say which requests are accepted"),
    ("nobody knows", "say what is unknown"),
    ("told apart", "say that it is distinguished"),
    ("tell apart", "say that it is distinguished"),
    ("gives back", "say that it returns the value"),
    ("second opinion", "say that it is the reference"),
    ("is told to", "name the setting or the argument"),
    ("as it is told", "name the setting or the argument"),
    ("were told", "name the result or the message"),
    ("the verbs of", "name the functions"),
    ("goes round in circles", "say which token is repeated"),
    ("good for nothing", "say what is refused"),
    ("is made good", "say what is repeated or found"),
    ("comes to nothing", "say what fails"),
    ("came to nothing", "say what failed"),
    ("at its word", "say what is used unchanged"),
    ("no word for", "say what cannot be expressed"),
    ("what stands behind", "name the content or the target"),
    ("what it stands on", "name the dependencies"),
    ("owns the disk", "say which module accesses files"),
    ("of strangers", "say whose it is"),
    ("befall", "say which faults apply"),
    ("leads astray", "say what fails"),
    ("has its turn", "say what is used next"),
    ("minute of peace", "say how long it is not called"),
    ("gone for good", "say what was deleted"),
    (
        "cannot be had",
        "say that it cannot be acquired, or downloaded",
    ),
    (
        "could not be had",
        "say that it could not be acquired, or downloaded",
    ),
    ("gives way", "say which one gets the name or is used"),
    ("called alike", "say that they have the same name"),
    ("stands at", "say what is at the place"),
    (
        "stands in",
        "say what is in the place, or what replaces what",
    ),
    ("says nothing", "say what is missing or ignored"),
    ("nobody else", "name who is excluded"),
    ("somebody else", "name who is meant"),
    ("travels", "say what is sent"),
    ("wants to write", "say which files have the same path"),
    ("to be read by a person", "say what to review"),
    ("in their places", "say that they have their final names"),
    ("is given up", "say what is cancelled or discarded"),
    ("speaks of", "say that it mentions or concerns"),
    ("spoken to", "say which protocol is used, or what is called"),
];

/// Banned phrases in files that are written by hand.
pub(super) fn find(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let looked_at = |source: &&Source| !source.is_generated() && source.path != THIS;
    for source in sources.iter().filter(looked_at) {
        let text = flowing(&source.text);
        for (phrase, instead) in BANNED {
            if text.contains(phrase) {
                findings.push(Finding {
                    rule: "word",
                    place: format!("{} {phrase}", source.path),
                    measure: 0,
                    message: format!("this phrase is banned: {instead}"),
                });
            }
        }
    }
    findings
}

/// The text on one line in lower case, without the signs that begin the lines of comments and strings.
fn flowing(text: &str) -> String {
    let mut flowing = String::with_capacity(text.len());
    for line in text.lines() {
        let line = line
            .trim_start()
            .trim_start_matches(['/', '!', '#', '>', '*']);
        let line = line
            .strip_suffix("\\n\\")
            .or(line.strip_suffix('\\'))
            .unwrap_or(line);
        for word in line.split_whitespace() {
            flowing.push_str(word);
            flowing.push(' ');
        }
    }
    flowing.make_ascii_lowercase();
    flowing
}

#[cfg(test)]
mod tests {
    use super::super::sources::made;
    use super::find;

    #[test]
    fn a_phrase_is_found_across_lines() {
        for text in [
            "Asks for leave.",
            "//! It asks\n//! for  leave.\n",
            "    /// asks for\n    /// leave",
            "const HELP: &str = \"it asks \\\n    for leave\";",
        ] {
            let found = find(&made(&[("a.rs", text)]));
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].place, "a.rs asks for leave");
        }
        assert_eq!(find(&made(&[("a.rs", "It asks. For leave, see b.")])), []);
    }
}
