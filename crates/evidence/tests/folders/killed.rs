//! A process that is killed in the middle, and another one that continues.

use attache_evidence::ErrorKind;
use attache_evidence::manifest::{Confirmation, Destination};

use super::program::Program;
use super::{LARGE, MIB, World, content, read};

/// Five files for an incident; the third is large enough to be killed in it.
async fn incident() -> World {
    let world = World::new().await;
    for (path, length) in [
        ("a.log", 10),
        ("b/.hidden", 20),
        ("b/memory.dump", 3 * MIB),
        ("c.log", 30),
        ("d/e/f.log", 40),
    ] {
        world.write(path, &content(path, length));
    }
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_was_verified_is_not_sent_again_by_another_process() {
    let world = incident().await;
    // In the third file, of which some bytes were sent, when the first two were verified.
    let verified = || {
        read(&world.state())
            .matches("\"attachment_id\": \"")
            .count()
    };
    Program::start(&world, "security-ir")
        .kill_when("Transfer b--memory.dump 0 ", || verified() == 2);
    assert_eq!(world.successes("PutCaseAttachment"), 2);
    let (steps, manifest) = Program::start(&world, "security-ir").finish(&world);
    assert_eq!(world.successes("PutCaseAttachment"), 5);
    assert!(
        steps
            .iter()
            .all(|step| !step.contains("a.log") && !step.contains("hidden")),
        "{steps:?}"
    );
    world.judge(&manifest);
    let paths: Vec<&str> = manifest
        .files
        .iter()
        .filter_map(|file| file.path.as_deref())
        .collect();
    assert_eq!(
        paths,
        ["a.log", "b/.hidden", "b/memory.dump", "c.log", "d/e/f.log"]
    );
    for file in &manifest.files {
        assert!(
            matches!(&file.destination, Destination::SecurityIrCase { case_id, .. } if *case_id == world.case)
        );
        assert_eq!(file.parts[0].confirmation, Confirmation::ETag);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_in_the_case_once_wherever_the_process_is_killed() {
    for place in [
        // Nothing was sent, and the state has all files.
        "Waiting d--e--f.log",
        // The storage has it, and the state says so.
        "Processing b--memory.dump",
        // It was verified, and the state does not say so.
        "Done c.log",
        // Its last byte was handed over, and the response was not read.
        &format!("Transfer b--memory.dump 0 {}", 3 * MIB),
    ] {
        let world = incident().await;
        Program::start(&world, "security-ir").kill_at(place);
        let (_, manifest) = Program::start(&world, "security-ir").finish(&world);
        world.judge(&manifest);
        assert_eq!(world.successes("PutCaseAttachment"), 5, "{place}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parts_and_sets_that_arrived_are_not_sent_again_by_another_process() {
    let world = World::new().await;
    for (path, length) in [
        ("dumps/one", LARGE),
        ("dumps/two", LARGE),
        ("logs/1", 10),
        ("logs/2", 20),
        ("logs/3", 30),
        ("logs/4", 40),
    ] {
        world.write(path, &content(path, length));
    }
    let parts = LARGE.div_ceil(MIB);
    // In the fourth part of the second file.
    Program::start(&world, "support").kill_at("Transfer dumps--two 3 3407872");
    assert_eq!(world.successes("PutUploadPart"), parts + 3);
    // The first set is filled, and the second is not.
    Program::start(&world, "support").kill_at("Done logs--3");
    assert_eq!(world.successes("PutUploadPart"), 2 * parts);
    assert_eq!(world.successes("AddAttachmentsToSet"), 1);
    Program::start(&world, "support").finish(&world);
    assert_eq!(world.successes("PutUploadPart"), 2 * parts);
    // The ids of the first set were lost with the process, so its files are in another set now.
    assert_eq!(world.successes("AddAttachmentsToSet"), 3);

    // A third run has nothing to send, and says where everything is.
    world.local.clear_requests();
    let uploads = world.support().resume_folder(world.state()).await;
    let uploads = uploads.expect("it is complete");
    assert_eq!(world.local.requests().len(), 0);
    let evidence = uploads.evidence();
    assert_eq!(evidence.len(), 2);
    let config = world.local.config().build().expect("all is set");
    let client = attache_support::Client::new(&config);
    let call = client.create_case().subject("s").communication_body("b");
    let case = evidence[0].on_case(call).send().await.expect("a case");
    let call = client
        .add_communication_to_case()
        .case_id(case.case_id.expect("an id"))
        .communication_body("more");
    let added = evidence[1].on_communication(call).send().await;
    added.expect("the other set is accepted");
    world.judge(&uploads.into_manifest().expect("all arrived"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_process_is_refused_while_the_first_runs() {
    let world = incident().await;
    let mut first = Program::start(&world, "security-ir");
    // The state is locked before the first step, and another step waits.
    first.wait_for("Waiting a.log");
    let second = world.security_ir().resume_folder(world.state()).await;
    let error = second.expect_err("it is locked");
    assert_eq!(error.kind(), ErrorKind::State);
    assert!(
        error.to_string().contains("another process uses"),
        "{error}"
    );
    let (_, manifest) = first.finish(&world);
    world.judge(&manifest);
}
