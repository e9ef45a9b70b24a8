//! In a pseudo-terminal: bars and questions.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use attache_local::api::support;
use attache_local::{Effect, Fault, When};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use super::world::{MIB, World};

/// How long a text may take to appear.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program in a terminal of its own.
struct Terminal {
    child: Child,
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    shown: String,
}

impl Terminal {
    fn start(world: &World, arguments: &[&str]) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&master).expect("ours");
        unlockpt(&master).expect("ours");
        let name = ptsname(&master, Vec::new()).expect("a name");
        let name = name.to_str().expect("text");
        let end = || -> Stdio {
            let file = File::options().read(true).write(true).open(name);
            OwnedFd::from(file.expect("it opens")).into()
        };
        let mut command = world.program(arguments);
        command.env("TERM", "xterm");
        command.stdin(end()).stdout(end()).stderr(end());
        let child = command.spawn().expect("it runs");
        // The ends of this process would keep the terminal open after the program has ended.
        drop(command);
        let mut reader = File::from(master.try_clone().expect("a copy"));
        let (sender, screen) = channel();
        std::thread::spawn(move || {
            let mut piece = [0; 4096];
            // A terminal without a program gives an error instead of an end.
            while let Ok(read @ 1..) = reader.read(&mut piece) {
                if sender.send(piece[..read].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            keyboard: File::from(master),
            screen,
            shown: String::new(),
        }
    }

    /// Waits until a text is shown.
    fn wait_for(&mut self, text: &str) {
        while !self.shown.contains(text) {
            match self.screen.recv_timeout(PATIENCE) {
                Ok(piece) => self.shown += &String::from_utf8_lossy(&piece),
                Err(_) => panic!("`{text}` is not in: {}", self.shown),
            }
        }
    }

    fn type_line(&mut self, line: &str) {
        writeln!(self.keyboard, "{line}").expect("it reads");
    }

    /// Waits for the end; gives the exit status and all that was shown.
    fn end(mut self) -> (i32, String) {
        while let Ok(piece) = self.screen.recv_timeout(PATIENCE) {
            self.shown += &String::from_utf8_lossy(&piece);
        }
        let status = self.child.wait().expect("it has ended");
        (status.code().expect("it was not killed"), self.shown)
    }
}

#[test]
fn there_is_a_bar_for_each_file_and_one_for_all_and_severities_are_a_choice() {
    let world = World::new();
    world.write("app.log", 1000);
    world.write("memory.dump", 6 * MIB);
    let mut terminal = Terminal::start(
        &world,
        &[
            "support",
            "open",
            "--subject",
            "It broke",
            "--note",
            "See.",
            "app.log",
            "memory.dump",
        ],
    );
    terminal.wait_for("How severe is it?");
    terminal.wait_for("urgent");
    terminal.wait_for("Number: ");
    terminal.type_line("2");
    let (status, shown) = terminal.end();
    assert_eq!(status, 0, "{shown}");
    for text in [
        "app.log",
        "memory.dump",
        "2 files",
        "[=",
        "6.00 MiB",
        "done",
        "manifest",
    ] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    let levels = shown
        .lines()
        .find_map(|line| line.trim().strip_prefix("2  "));
    let chosen = levels.and_then(|line| line.split(' ').next());
    let sent = &world
        .local
        .requests_of::<support::operation::CreateCaseRequest>()[0];
    assert_eq!(sent.severity_code.as_deref(), chosen);
}

#[test]
fn a_lost_request_is_a_question() {
    let world = World::new();
    let lost = Fault::new(Effect::Drop(When::Before))
        .on("CreateCase")
        .times(1);
    world.local.add_fault(lost).expect("a fault");
    let arguments = [
        "support",
        "open",
        "--subject",
        "It broke",
        "--note",
        "See.",
        "--severity",
        "low",
    ];
    let mut terminal = Terminal::start(&world, &arguments);
    terminal.wait_for("Which case is the result?");
    terminal.wait_for("Number: ");
    // To stop is the last choice.
    terminal.type_line("2");
    let (status, shown) = terminal.end();
    assert_eq!(status, 8, "{shown}");
    assert_eq!(world.local.request_count("CreateCase"), 1);
    let mut terminal = Terminal::start(&world, &arguments);
    terminal.wait_for("Number: ");
    terminal.type_line("1");
    let (status, shown) = terminal.end();
    assert_eq!(status, 0, "{shown}");
    let sent = world
        .local
        .requests_of::<support::operation::CreateCaseRequest>();
    assert_eq!(world.local.request_count("CreateCase"), 2);
    let severity = sent.last().and_then(|sent| sent.severity_code.as_deref());
    assert_eq!(severity, Some("low"));
}

#[test]
fn without_input_nothing_is_asked() {
    let world = World::new();
    let arguments = [
        "--no-input",
        "support",
        "open",
        "--subject",
        "It broke",
        "--note",
        "See.",
    ];
    let (status, shown) = Terminal::start(&world, &arguments).end();
    assert_eq!(status, 0, "{shown}");
    assert!(!shown.contains("Number"), "{shown}");
}
