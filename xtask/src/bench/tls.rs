//! Calls over TLS with kept connections, and what each contestant agrees on with the server.

use std::fmt::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::Plan;
use super::contestant::{Contestant, LEAN, ONE_PASS};
use super::figures::Figures;
use super::handshakes::agreements;
use super::load::{self, CONCURRENCY, CONNECTIONS, TASKS, Wire, key};
use super::server::Server;
use super::workshop::Workshop;

pub(super) fn measure(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let tables = load::tables(
        workshop,
        plan,
        &plan.contestants,
        &TASKS,
        Wire::Tls,
        figures,
    )?;
    let mut text = format!(
        "## Calls over TLS\n\nAs the other calls, over TLS on the loopback interface. The server has a certificate with a key of P-256 \
         that an authority of the run has signed, and speaks HTTP/1.1 only. Every contestant verifies the certificate, and trusts the \
         authority because `SSL_CERT_FILE` names it (boto3: `REQUESTS_CA_BUNDLE`). Connections are kept; {}.\n\n",
        kept(plan, figures),
    );
    text.push_str("What was agreed on:\n\n");
    text.push_str(&negotiated(workshop, &plan.contestants)?);
    text.push_str(&tables);
    Ok(text)
}

/// How many connections the runs opened, which shows that they were kept.
fn kept(plan: &Plan, figures: &Figures) -> String {
    let mut opened = CONCURRENCY.map(|_| 0.0_f64);
    for (most, concurrency) in opened.iter_mut().zip(CONCURRENCY) {
        for task in &TASKS {
            for contestant in &plan.contestants {
                let key = key(&Wire::Tls.label(task.name), concurrency, CONNECTIONS);
                let connections = figures.spread(&key, contestant.name);
                *most = most.max(connections.map_or(0.0, |spread| spread.high));
            }
        }
    }
    let parts = CONCURRENCY
        .iter()
        .zip(opened)
        .map(|(concurrency, most)| format!("{most} with {concurrency} at a time"));
    format!(
        "at most {} were opened in a run",
        parts.collect::<Vec<_>>().join(", ")
    )
}

/// A list with what each contestant offers and agrees on.
fn negotiated(workshop: &Workshop, contestants: &[&'static Contestant]) -> Result<String> {
    let mut text = String::new();
    for &contestant in contestants {
        let name = contestant.name;
        // Those of one task are another one in all that concerns TLS.
        if contestant.only_task.is_some() {
            continue;
        }
        let program = workshop.program(contestant, false)?;
        let mut command = program.context("every contestant has a program")?;
        let server = Server::start_with_tls(workshop, name)?;
        run_once(&server, &mut command, name)?;
        let agreed = agreements(&server.end()?)?;
        let agreed: Vec<String> = agreed.iter().map(|one| one.text.clone()).collect();
        let _ = writeln!(text, "* {name}: {}", agreed.join("; "));
    }
    let _ = writeln!(
        text,
        "\nThe server has no post-quantum key exchange; a contestant that offers one computes a key share that is not used. `{ONE_PASS}` is `{LEAN}` here."
    );
    Ok(text)
}

/// Makes one call with a new client.
fn run_once(server: &Server, command: &mut Command, name: &str) -> Result<()> {
    server.environment(command);
    let status = command
        .args(["first-call", "1", "1"])
        .stdout(Stdio::null())
        .status()
        .with_context(|| format!("could not run {name}"))?;
    ensure!(status.success(), "{name} failed over TLS, see above");
    Ok(())
}
