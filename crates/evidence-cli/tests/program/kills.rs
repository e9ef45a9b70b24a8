//! `kill -9` at named points: the same command continues, nothing is lost and nothing is doubled.

use attache_local::api::{security_ir, support};

use super::proxy::{Point, Proxy, When};
use super::world::{MIB, Ran, World};

/// A point with its name.
type Named = (&'static str, When, &'static str, usize);

const SUPPORT: &[Named] = &[
    (
        "the state is written and nothing was sent",
        When::Before,
        "DescribeSeverityLevels",
        0,
    ),
    (
        "links for the parts were given and not noted",
        When::After,
        "GetAttachmentUploadLinks",
        0,
    ),
    ("a part is about to be stored", When::Before, "PUT", 1),
    (
        "a part was stored and its answer was not read",
        When::After,
        "PUT",
        1,
    ),
    ("the last part is stored", When::After, "PUT", 2),
    (
        "the upload is about to be completed",
        When::Before,
        "CompleteAttachmentUpload",
        0,
    ),
    (
        "the upload was completed and that is not noted",
        When::After,
        "CompleteAttachmentUpload",
        0,
    ),
    (
        "the set is about to be filled",
        When::Before,
        "AddAttachmentsToSet",
        0,
    ),
    (
        "the set was filled and its id was not read",
        When::After,
        "AddAttachmentsToSet",
        0,
    ),
    (
        "all files of the case are uploaded",
        When::Before,
        "DescribeCases",
        0,
    ),
    (
        "the case is about to be opened",
        When::Before,
        "CreateCase",
        0,
    ),
    (
        "the case was opened and its id was not read",
        When::After,
        "CreateCase",
        0,
    ),
    (
        "a second set was filled and its id was not read",
        When::After,
        "AddAttachmentsToSet",
        1,
    ),
    (
        "a text is about to be added",
        When::Before,
        "AddCommunicationToCase",
        0,
    ),
    (
        "a text was added and its answer was not read",
        When::After,
        "AddCommunicationToCase",
        0,
    ),
    (
        "all is sent and there is no manifest",
        When::After,
        "DescribeCases",
        1,
    ),
];

const SECURITY_IR: &[Named] = &[
    (
        "the incident is about to be opened",
        When::Before,
        "create-case",
        0,
    ),
    (
        "the incident was opened and its id was not read",
        When::After,
        "create-case",
        0,
    ),
    (
        "the incident has an id and no file",
        When::After,
        "get-case",
        0,
    ),
    (
        "a URL is about to be requested",
        When::Before,
        "get-presigned-url",
        0,
    ),
    (
        "a URL was given and not read",
        When::After,
        "get-presigned-url",
        0,
    ),
    ("a file is about to be stored", When::Before, "PUT", 0),
    (
        "a file was stored and its answer was not read",
        When::After,
        "PUT",
        0,
    ),
    (
        "the second file was stored and its answer was not read",
        When::After,
        "PUT",
        1,
    ),
    ("the files are being scanned", When::After, "get-case", 1),
];

const COMMENT: &[Named] = &[
    (
        "a comment is about to be added",
        When::Before,
        "create-comment",
        0,
    ),
    (
        "a comment was added and its id was not read",
        When::After,
        "create-comment",
        0,
    ),
];

/// Runs the command until the point, and kills it there.
fn kill_at(name: &str, proxy: &Proxy, world: &World, arguments: &[&str]) {
    let mut child = world
        .program_at(&proxy.endpoint, arguments)
        .spawn()
        .expect("the program runs");
    while !proxy.is_reached() {
        if let Some(status) = child.try_wait().expect("it can be asked") {
            let ran = Ran::of(child.wait_with_output().expect("it has ended"));
            panic!(
                "{name}: the program ended before, {status}: {}{}",
                ran.output, ran.errors
            );
        }
    }
    // On Unix, this is SIGKILL.
    child.kill().expect("it runs");
    child.wait().expect("it is gone");
}

/// Runs the command as a person would: again, and with the decision that it asks for. Gives the exit statuses.
pub(crate) fn continued(proxy: &Proxy, world: &World, arguments: &[&str]) -> Vec<i32> {
    let mut statuses = Vec::new();
    let mut options: Vec<String> = Vec::new();
    loop {
        let mut all = vec!["--output", "json"];
        all.extend(arguments);
        all.extend(options.iter().map(String::as_str));
        let output = world.program_at(&proxy.endpoint, &all).output();
        let ran = Ran::of(output.expect("the program runs"));
        statuses.push(ran.status);
        match ran.status {
            0 => return statuses,
            8 if statuses.len() < 3 => {
                let found = ran.value()["error"]["found"].clone();
                options = match found[0]["id"].as_str() {
                    Some(id) => vec!["--adopt".to_owned(), id.to_owned()],
                    None => vec!["--send-again".to_owned()],
                };
            }
            _ => panic!("{statuses:?}: {}{}", ran.output, ran.errors),
        }
    }
}

/// Kills the program at a point and runs the same command again, at the same endpoint.
pub(crate) fn through(world: &World, arguments: &[&str], point: Named) -> Vec<i32> {
    let (name, when, request, earlier) = point;
    let point = Point {
        when,
        request,
        earlier,
    };
    let proxy = Proxy::start(world.local.address(), point);
    kill_at(name, &proxy, world, arguments);
    continued(&proxy, world, arguments)
}

#[test]
fn a_support_case_is_whole_and_there_once_wherever_the_program_is_killed() {
    for point in SUPPORT {
        let world = World::new();
        let mut expected = Vec::new();
        for (name, length) in [
            ("a.log", 10),
            ("b.log", 20),
            ("c.log", 30),
            ("d.log", 40),
            ("memory.dump", 5 * MIB + 1),
        ] {
            expected.push((name.to_owned(), world.write(name, length)));
        }
        let arguments = [
            "support",
            "open",
            "--subject",
            "It broke",
            "--note",
            "See the files.",
            "--manifest",
            "case.json",
            "a.log",
            "b.log",
            "c.log",
            "d.log",
            "memory.dump",
        ];
        let statuses = through(&world, &arguments, *point);
        let name = point.0;
        assert!(world.stored() == expected, "{name}: {statuses:?}");
        let cases = world
            .local
            .requests_of::<support::operation::CreateCaseRequest>();
        assert_eq!(cases.len(), 1, "{name}: {statuses:?}");
        let texts = world
            .local
            .requests_of::<support::operation::AddCommunicationToCaseRequest>();
        assert_eq!(texts.len(), 1, "{name}: {statuses:?}");
        // Only what did not arrive takes a decision of the person.
        let asks = matches!(point.1, When::Before)
            && matches!(point.2, "CreateCase" | "AddCommunicationToCase");
        assert_eq!(statuses, if asks { vec![8, 0] } else { vec![0] }, "{name}");
        let verified = world.run(&["verify", "case.json"]);
        assert_eq!(verified.status, 0, "{name}: {}", verified.errors);
    }
}

#[test]
fn an_incident_is_whole_and_there_once_wherever_the_program_is_killed() {
    for point in SECURITY_IR {
        let world = World::new();
        let expected = [
            (
                "dumps--memory.dump".to_owned(),
                world.write("dumps/memory.dump", 2 * MIB),
            ),
            (
                "dumps--net.pcap".to_owned(),
                world.write("dumps/net.pcap", 300),
            ),
        ];
        let arguments = [
            "ir",
            "open",
            "--title",
            "Unknown login",
            "--note",
            "At three.",
            "--account",
            "123456789012",
            "--manifest",
            "case.json",
            "dumps",
        ];
        let statuses = through(&world, &arguments, *point);
        let name = point.0;
        let stored = world.stored();
        let names: Vec<&String> = stored.iter().map(|(name, _)| name).collect();
        assert!(stored == expected, "{name}: {statuses:?} {names:?}");
        assert_eq!(cases(&world), 1, "{name}: {statuses:?}");
        assert_eq!(statuses, [0], "{name}");
        let verified = world.run(&["verify", "case.json"]);
        assert_eq!(verified.status, 0, "{name}: {}", verified.errors);
    }
}

fn cases(world: &World) -> usize {
    world.json(&["ir", "list", "--all"])["cases"]
        .as_array()
        .expect("a list")
        .len()
}

#[test]
fn a_comment_is_there_once_wherever_the_program_is_killed() {
    for point in COMMENT {
        let world = World::new();
        let opened = world.json(&[
            "ir",
            "open",
            "--title",
            "Unknown login",
            "--note",
            "At three.",
            "--account",
            "123456789012",
        ]);
        let case = opened["case_id"].as_str().expect("an id");
        let content = world.write("a.log", 10);
        let arguments = [
            "ir",
            "comment",
            case,
            "--note",
            "More.",
            "--manifest",
            "comment.json",
            "a.log",
        ];
        let statuses = through(&world, &arguments, *point);
        let shown = world.json(&["ir", "show", case]);
        let comments = shown["comments"].as_array().expect("a list");
        assert_eq!(comments.len(), 1, "{}: {statuses:?}", point.0);
        assert!(
            world.stored() == [("a.log".to_owned(), content)],
            "{}",
            point.0
        );
        assert!(
            !world
                .local
                .requests_of::<security_ir::operation::CreateCaseCommentRequest>()
                .is_empty()
        );
        assert_eq!(statuses, [0], "{}", point.0);
    }
}

#[test]
fn there_are_more_than_twenty_points_and_each_has_a_name() {
    let mut names: Vec<&str> = [SUPPORT, SECURITY_IR, COMMENT]
        .concat()
        .iter()
        .map(|point| point.0)
        .collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 27);
}
