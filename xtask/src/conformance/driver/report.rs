//! The lines that the program writes.

use attache_runtime::plumbing::json;

use super::outcome::Outcome;
use super::transport::Sent;

/// Runs the cases of a suite and writes a line of JSON for each.
pub fn report(cases: &[(usize, fn() -> Outcome)]) {
    for (number, case) in cases {
        let outcome = std::panic::catch_unwind(case)
            .unwrap_or_else(|_| Outcome::Failed("the client panicked".to_owned()));
        let mut writer = json::Writer::with_capacity(1024);
        writer.begin_object();
        writer.key("case");
        writer.integer(*number as i64);
        match outcome {
            Outcome::Same => {}
            Outcome::Sent(sent) => {
                writer.key("sent");
                write_sent(&mut writer, &sent);
            }
            Outcome::Different { wanted, came } => {
                writer.key("wanted");
                writer.string(&wanted);
                writer.key("came");
                writer.string(&came);
            }
            Outcome::Failed(problem) => {
                writer.key("failed");
                writer.string(&problem);
            }
        }
        writer.end_object();
        println!("{}", String::from_utf8_lossy(&writer.into_bytes()));
    }
}

fn write_sent(writer: &mut json::Writer, sent: &Sent) {
    writer.begin_object();
    for (name, value) in [
        ("method", &sent.method),
        ("host", &sent.host),
        ("path", &sent.path),
    ] {
        writer.key(name);
        writer.string(value);
    }
    if let Some(query) = &sent.query {
        writer.key("query");
        writer.string(query);
    }
    writer.key("headers");
    writer.begin_array();
    for (name, value) in &sent.headers {
        writer.begin_array();
        writer.string(name);
        writer.string(value);
        writer.end_array();
    }
    writer.end_array();
    writer.key("body");
    writer.begin_array();
    for byte in &sent.body {
        writer.integer((*byte).into());
    }
    writer.end_array();
    writer.end_object();
}
