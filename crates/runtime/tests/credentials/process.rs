//! `credential_process`, with real programs.
#![cfg(unix)]

use attache_runtime::TokioTimer;

use crate::stage::{Network, builder, core, files, key_of};

async fn run(command: &str) -> Result<String, String> {
    let network = Network::default();
    let environment = files(&format!("[default]\ncredential_process = {command}\n"), "");
    // A program takes real time.
    let builder = builder(&network).timer(TokioTimer::default());
    let core = core(builder.from_environment(environment).unwrap());
    let found = key_of(&network, &core).await;
    if let Err(error) = &found {
        assert!(!error.contains("SECRET"), "{error}");
    }
    found
}

#[tokio::test]
async fn what_a_program_prints_are_the_credentials() {
    let printed = r#"{"Version":1,"AccessKeyId":"PROCESS","SecretAccessKey":"SECRET","SessionToken":"T","Expiration":"2026-11-22T18:00:00Z"}"#;
    assert_eq!(
        run(&format!("printf %s '{printed}'")).await.unwrap(),
        "PROCESS T"
    );
    let forever = r#"{"Version":1,"AccessKeyId":"PROCESS","SecretAccessKey":"SECRET"}"#;
    assert_eq!(
        run(&format!(
            "sh -c \"echo '{}'\"",
            forever.replace('"', "\\\"")
        ))
        .await
        .unwrap(),
        "PROCESS"
    );
}

#[tokio::test]
async fn failures_show_nothing_of_what_was_printed() {
    let place = "credential_process (/home/me/.aws/config, line 2)";
    for (command, complaint) in [
        ("'unfinished", format!("{place} is not a command")),
        (
            "no-such-program-anywhere",
            format!("{place}, program `no-such-program-anywhere`: it could not be started"),
        ),
        (
            "sh -c 'echo SECRET; echo SECRET >&2; exit 3'",
            format!(
                "{place}, program `sh`: it ended with exit status: 3; what it printed is not shown"
            ),
        ),
        (
            "echo SECRET",
            format!("{place}, program `echo`: what it printed is not JSON; it is not shown"),
        ),
        (
            r#"printf %s '{"AccessKeyId":"A","SecretAccessKey":"SECRET"}'"#,
            format!("{place}, program `printf`: it gave no `Version` of 1"),
        ),
        (
            r#"printf %s '{"Version":1,"AccessKeyId":"A"}'"#,
            format!("{place}, program `printf`: it gave no AccessKeyId or no SecretAccessKey"),
        ),
    ] {
        let found = run(command).await.expect_err("it fails");
        assert!(found.starts_with(&complaint), "{found}");
    }
}

#[tokio::test]
async fn a_program_that_nobody_waits_for_is_killed() {
    let network = Network::default();
    // It says that it runs, and then writes for ever; the pipe breaks when it is killed or left.
    let folder = std::env::temp_dir().join(format!("attache-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let fifo = folder.join("fifo");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    assert!(made.unwrap().success());
    let command = format!("sh -c 'exec sleep 1000 > {}'", fifo.display());
    let environment = files(&format!("[default]\ncredential_process = {command}\n"), "");
    let builder = builder(&network).timer(TokioTimer::default());
    let core = core(builder.from_environment(environment).unwrap());
    let task = tokio::spawn(async move { crate::stage::call(&core).await.is_ok() });
    // Opening blocks until the program has opened its end.
    let opened = tokio::task::spawn_blocking({
        let fifo = fifo.clone();
        move || std::fs::File::open(fifo)
    });
    let mut file = opened.await.unwrap().unwrap();
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    // The end of the file comes when the program is gone, and not before.
    let read =
        tokio::task::spawn_blocking(move || std::io::Read::read_to_end(&mut file, &mut Vec::new()));
    assert_eq!(read.await.unwrap().unwrap(), 0);
    std::fs::remove_dir_all(&folder).unwrap();
}
