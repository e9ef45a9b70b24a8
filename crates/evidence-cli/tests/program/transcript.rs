//! The transcript in the README: the test runs its commands and compares. `UPDATE_TRANSCRIPT=1` writes it.

use std::path::Path;

use attache_local::{Effect, Fault, When};

use super::world::{MIB, World};

const BEGIN: &str = "<!-- transcript: a test compares it -->\n";
const END: &str = "<!-- end of the transcript -->\n";

/// A shell of a kind: it knows quotes, and replaces what differs from run to run.
struct Shell {
    world: World,
    /// What is shown instead of a text.
    replaced: Vec<(String, &'static str)>,
    transcript: String,
}

impl Shell {
    fn run(&mut self, line: &str) -> String {
        let mut actual = line.to_owned();
        for (text, shown) in &self.replaced {
            actual = actual.replace(shown, text);
        }
        let words: Vec<&str> = actual
            .split('\'')
            .enumerate()
            .flat_map(|(index, part)| match index % 2 {
                0 => part.split_whitespace().collect(),
                _ => vec![part],
            })
            .collect();
        let ran = self.world.run(&words);
        self.transcript += &format!("$ evidence {line}\n");
        let shown = format!("{}{}", self.shown(&ran.errors), self.shown(&ran.output));
        self.transcript += &shown;
        if ran.status != 0 {
            self.transcript += &format!("$ echo $?\n{}\n", ran.status);
        }
        ran.output
    }

    fn comment(&mut self, text: &str) {
        self.transcript += &format!("\n# {text}\n");
    }

    fn shown(&self, text: &str) -> String {
        let place = self.world.path("x");
        let place = place
            .parent()
            .expect("a folder")
            .to_string_lossy()
            .into_owned();
        let address = self.world.local.address().to_string();
        let text = text.replace(&address, "127.0.0.1:8080");
        let mut text = text.replace(&place, "/incident");
        for (actual, shown) in &self.replaced {
            text = text.replace(actual, shown);
        }
        // The only times are those of the clock, in RFC 3339.
        let words = text.split_inclusive([' ', '\n', ',']).map(|word| {
            let is_time = word.starts_with("20")
                && word.contains("T")
                && word.contains(":")
                && word.contains('Z');
            match is_time {
                true => {
                    let end = word.find('Z').map_or(word.len(), |index| index + 1);
                    format!("2026-11-29T03:00:00Z{}", &word[end..])
                }
                false => word.to_owned(),
            }
        });
        words.collect()
    }

    fn replace(&mut self, output: &str, prefix: &str, shown: &'static str) {
        let line = output.lines().find_map(|line| line.strip_prefix(prefix));
        let id = line.and_then(|line| line.split(' ').next());
        self.replaced.push((id.expect("an id").to_owned(), shown));
        self.transcript = self.shown(&self.transcript);
    }
}

fn transcript() -> String {
    let world = World::new();
    world.write("app.log", 40_000);
    world.write("dumps/memory.dump", 6 * MIB);
    let mut shell = Shell {
        world,
        replaced: Vec::new(),
        transcript: String::new(),
    };
    let output = shell.run(
        "support open --subject 'It broke' --note 'See the files.' --severity urgent --manifest case.json app.log dumps",
    );
    let case = "case-123456789012-muen-2026-0123456789abcdef";
    shell.replace(&output, "case      ", case);
    shell.comment("The manifest is compared with the files and with the service.");
    shell.run("verify case.json");
    shell.comment(
        "The connection breaks before the request arrives, which the program cannot know.",
    );
    let lost = Fault::new(Effect::Drop(When::Before)).on("AddCommunicationToCase");
    shell.world.local.add_fault(lost.times(1)).expect("a fault");
    let case = "case-123456789012-muen-2026-0123456789abcdef";
    shell.run(&format!(
        "support reply {case} --note 'It is the disk.' --manifest reply.json"
    ));
    shell.run(&format!(
        "support reply {case} --note 'It is the disk.' --manifest reply.json --send-again"
    ));
    shell.run(&format!("support resolve {case}"));
    shell.comment("An incident.");
    let incident = "ir open --title 'Unknown login' --note 'At 03:00 UTC.' --account 123456789012 --manifest ir.json dumps";
    let output = shell.run(incident);
    shell.replace(&output, "case      ", "1000000001");
    shell.run("ir comment 1000000001 --note 'The dump is attached.' --manifest comment.json");
    shell.run("ir get 1000000001 --to back");
    shell.run("ir close 1000000001");
    shell.transcript
}

#[test]
fn the_transcript_in_the_readme_is_true() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).expect("the page");
    let (before, rest) = readme.split_once(BEGIN).expect("its begin");
    let (committed, after) = rest.split_once(END).expect("its end");
    let now = format!("\n```console\n{}```\n\n", transcript());
    if std::env::var_os("UPDATE_TRANSCRIPT").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{now}{END}{after}")).expect("it is written");
        return;
    }
    assert!(
        committed == now,
        "run with UPDATE_TRANSCRIPT=1 and look at the difference:\n{now}"
    );
}
