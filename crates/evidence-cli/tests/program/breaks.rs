//! Other breaks: downloads, a lost write of the state, and two processes with one state.

use super::kills::{continued, through};
use super::proxy::{Point, Proxy, When};
use super::world::{MIB, Ran, World};

#[test]
fn a_download_continues_and_fetches_no_complete_file_again() {
    let world = World::new();
    let expected = [
        ("a.log", world.write("a.log", 3 * MIB)),
        ("b.log", world.write("b.log", 3 * MIB)),
    ];
    let open = [
        "support",
        "open",
        "--subject",
        "A",
        "--note",
        "B",
        "a.log",
        "b.log",
    ];
    let opened = world.json(&open);
    let case = opened["case_id"].as_str().expect("an id");
    let arguments = ["support", "get", case, "--to", "back"];
    let point = ("the second file is on its way", When::After, "GET", 1);
    assert_eq!(through(&world, &arguments, point), [0]);
    for (name, content) in expected {
        let read = std::fs::read(world.path("back").join(name)).expect("a file");
        assert!(read == content, "{name}");
    }
    // The second one was fetched twice, because its answer was lost.
    let requests = world.local.requests();
    let gets = requests
        .iter()
        .filter(|one| one.operation.starts_with("Get") && one.operation.contains("Attachment"));
    let gets: Vec<&str> = gets
        .map(|one| one.operation)
        .filter(|one| !one.contains("Link"))
        .collect();
    assert_eq!(gets.len(), 3, "{gets:?}");
}

#[test]
fn a_manifest_that_was_written_and_not_noted_is_written_again() {
    let world = World::new();
    world.write("a.log", 10);
    let arguments = [
        "support",
        "open",
        "--subject",
        "A",
        "--note",
        "B",
        "--manifest",
        "case.json",
        "a.log",
    ];
    let first = world.json(&arguments);
    let state = world.path("case.json.state/job.json");
    let text = std::fs::read_to_string(&state).expect("the state");
    let mut job: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    job["done"] = serde_json::Value::Null;
    std::fs::write(&state, job.to_string()).expect("it is written");
    assert_eq!(world.json(&arguments), first);
    assert_eq!(world.local.request_count("CreateCase"), 1);
}

#[test]
fn two_processes_do_not_run_the_same_command() {
    let world = World::new();
    let arguments = ["support", "open", "--subject", "A", "--note", "B"];
    let point = Point {
        when: When::After,
        request: "CreateCase",
        earlier: 0,
    };
    let proxy = Proxy::start(world.local.address(), point);
    let mut child = world
        .program_at(&proxy.endpoint, &arguments)
        .spawn()
        .expect("the program runs");
    while !proxy.is_reached() {}
    let output = world.program_at(&proxy.endpoint, &arguments).output();
    let second = Ran::of(output.expect("the program runs"));
    assert_eq!(second.status, 4, "{}", second.errors);
    child.kill().expect("it runs");
    child.wait().expect("it is gone");
    assert_eq!(continued(&proxy, &world, &arguments), [0]);
    assert_eq!(world.local.request_count("CreateCase"), 1);
}
