//! `cargo xtask generate` in this repository and in temporary folders: which files it writes, deletes and keeps.

mod files;
mod place;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

use xtask::partitions;
use xtask::reconcile::Mode;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A command that writes waits for one that reads, and says so. The tests in this repository therefore take turns.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn the_committed_crates_match_the_models() {
    let _turn = turn();
    let report = partitions::generate(&workspace(), Mode::Check).expect("the models are fine");
    assert!(
        !report.differs,
        "run `cargo xtask generate`:\n{}",
        report.text
    );
}

#[test]
fn the_command_exits_with_0_when_all_is_fresh_and_with_1_when_it_cannot_work() {
    let _turn = turn();
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(arguments)
            .output()
            .expect("the command runs");
        let text = |bytes| String::from_utf8(bytes).expect("it prints text");
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    let (code, printed, complaint) = run(&["generate", "--check"]);
    assert_eq!((code, complaint.as_str()), (Some(0), ""), "{printed}");
    assert!(
        printed.contains("would write 0 files, delete 0, leave "),
        "{printed}"
    );
    for (arguments, status, expected) in [
        (
            ["generate", "nothing"].as_slice(),
            1,
            "error: models/attache.toml has no service `nothing`; it has security-ir, support. \
             `cargo xtask services` lists the services that can be added\n",
        ),
        (
            &["generate", "--chekc"],
            2,
            "error: unexpected argument '--chekc' found\n\n  tip: a similar argument exists: '--check'\n\n\
             Usage: cargo xtask generate --check [SERVICE]...\n\nFor more information, try '--help'.\n",
        ),
    ] {
        let (code, printed, complaint) = run(arguments);
        assert_eq!(
            (code, printed.as_str(), complaint.as_str()),
            (Some(status), "", expected)
        );
    }
}
