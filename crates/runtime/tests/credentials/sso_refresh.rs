//! IAM Identity Center: several users of one refresh token, which works once.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use attache_runtime::plumbing::Core;
use attache_runtime::{Environment, FixedEnvironment, TokioTimer};
use tokio::sync::Semaphore;

use crate::sso::{EXPIRED, OIDC, PORTAL, SESSION, SESSION_FILE, VALID, portal, renewable, token};
use crate::stage::{self, Answer, Network, answer, builder, core, files, key_of};

/// An environment in which other programs also write the token. Each read returns the next content, and the last one is
/// repeated.
#[derive(Debug)]
struct Shared {
    machine: FixedEnvironment,
    steps: Mutex<Vec<String>>,
}

impl Shared {
    fn new<const N: usize>(steps: [String; N]) -> Arc<Self> {
        let mut steps = Vec::from(steps);
        steps.reverse();
        let machine = files(SESSION, "");
        let steps = Mutex::new(steps);
        Arc::new(Self { machine, steps })
    }
}

impl Environment for Shared {
    fn variable(&self, name: &str) -> Option<String> {
        self.machine.variable(name)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut steps = self.steps.lock().unwrap();
        if path != Path::new(SESSION_FILE) || steps.is_empty() {
            return self.machine.read(path);
        }
        let step = steps.pop().unwrap();
        self.machine.write(path, step.as_bytes())?;
        Ok(step.into_bytes())
    }

    fn write(&self, path: &Path, contents: &[u8]) -> io::Result<()> {
        self.machine.write(path, contents)
    }
}

const RENEWED: &str =
    r#"{"accessToken":"SECRET-NEW","expiresIn":28800,"refreshToken":"SECRET-NEXT"}"#;
const USED: &str =
    r#"{"error":"invalid_grant","error_description":"Invalid refresh token provided"}"#;

/// A separate client.
fn client(network: &Network, environment: &Arc<Shared>) -> Core {
    // A client that waits for another one waits in real time.
    let builder = builder(network).timer(TokioTimer::default());
    core(builder.from_environment(environment.clone()).unwrap())
}

async fn call(network: &Network, environment: &Arc<Shared>) -> Result<String, String> {
    key_of(network, &client(network, environment)).await
}

#[tokio::test]
async fn an_empty_token_file_is_read_again() {
    let half = renewable(VALID, VALID)[..60].to_owned();
    let environment = Shared::new([String::new(), half, String::new(), token(VALID)]);
    assert_eq!(call(&portal(), &environment).await.as_deref(), Ok("SSO T"));
    // The number of reads is limited.
    let environment = Shared::new([String::new()]);
    let found = call(&portal(), &environment).await.unwrap_err();
    assert!(found.contains("holds no token"), "{found}");
}

#[tokio::test]
async fn a_token_that_another_program_has_refreshed_is_used() {
    let (old, new) = (
        renewable(EXPIRED, VALID),
        token(VALID).replace("SECRET", "SECRET-OTHER"),
    );
    // The other program writes the token before this client gets the lock, after the refusal, and some reads later.
    for steps in [
        vec![old.clone(), new.clone()],
        vec![old.clone(), old.clone(), new.clone()],
        vec![
            old.clone(),
            old.clone(),
            old.clone(),
            String::new(),
            old.clone(),
            new.clone(),
        ],
    ] {
        let environment = Shared::new([]);
        *environment.steps.lock().unwrap() = steps.iter().rev().cloned().collect();
        let network = portal().answering(OIDC, [answer(400, USED)]);
        assert_eq!(call(&network, &environment).await.as_deref(), Ok("SSO T"));
        let seen = network.seen();
        let shown = seen
            .iter()
            .find(|seen| seen.url.starts_with(PORTAL))
            .unwrap();
        assert_eq!(shown.header("x-amz-sso_bearer_token"), "SECRET-OTHER");
    }
    // A token that expires soon is used as well.
    let soon = token("2026-11-22T12:00:01Z").replace("SECRET", "SECRET-OTHER");
    let environment = Shared::new([old.clone(), old.clone(), soon]);
    let network = portal().answering(OIDC, [answer(400, USED)]);
    assert_eq!(call(&network, &environment).await.as_deref(), Ok("SSO T"));
}

#[tokio::test]
async fn errors_show_the_description_of_a_refusal_without_secrets() {
    let environment = || Shared::new([renewable(EXPIRED, VALID)]);
    let network = portal().answering(OIDC, [answer(400, USED)]);
    let found = call(&network, &environment()).await.unwrap_err();
    assert!(
        found.contains(": Invalid refresh token provided (status 400): run `aws sso login"),
        "{found}"
    );
    let long = format!("\"{}\"", "long ".repeat(2_000));
    let secret = r#""the token SECRET-OLD is unknown""#;
    for description in [secret, "5", "null", long.as_str()] {
        let refused = format!(r#"{{"error":"invalid_client","error_description":{description}}}"#);
        let network = portal().answering(OIDC, [answer(401, refused)]);
        let found = call(&network, &environment()).await.unwrap_err();
        assert!(!found.contains("SECRET"), "{found}");
        assert!(
            found.ends_with("run `aws sso login --profile default`"),
            "{found}"
        );
    }
}

/// Two clients of one program share a refresh token that can be used once. Without a lock, the second request would be
/// refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn clients_of_one_program_refresh_a_token_once() {
    for _ in 0..20 {
        let environment = Shared::new([renewable(EXPIRED, VALID)]);
        let network = portal().answering(OIDC, [answer(200, RENEWED), answer(400, USED)]);
        let calls: Vec<_> = (0..8)
            .map(|_| {
                let client = client(&network, &environment);
                tokio::spawn(async move { stage::call(&client).await.map(drop) })
            })
            .collect();
        for call in calls {
            call.await.unwrap().unwrap();
        }
        let refreshed = network
            .asked()
            .iter()
            .filter(|asked| asked.ends_with("/token"))
            .count();
        assert_eq!(refreshed, 1);
    }
}

/// The service has used up the refresh token, so its response is the only way to the next one.
#[tokio::test]
async fn a_refresh_whose_caller_is_dropped_is_finished_and_its_token_kept() {
    let gate = Arc::new(Semaphore::new(0));
    let environment = Shared::new([renewable(EXPIRED, VALID)]);
    let held = Answer::Held(gate.clone(), RENEWED.to_owned());
    let network = portal().answering(OIDC, [held, answer(400, USED)]);
    let first = client(&network, &environment);
    let first = tokio::spawn(async move { stage::call(&first).await.map(drop) });
    while !network
        .asked()
        .iter()
        .any(|asked| asked.ends_with("/token"))
    {
        tokio::task::yield_now().await;
    }
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    gate.add_permits(1);
    assert_eq!(call(&network, &environment).await.as_deref(), Ok("SSO T"));
    let file = environment.read(Path::new(SESSION_FILE)).unwrap();
    let file = String::from_utf8(file).unwrap();
    assert!(file.contains("SECRET-NEXT"), "{file}");
}

/// A response after ten seconds would be lost, and with it the next refresh token. botocore 1.44.5 waits for 60.
#[tokio::test]
async fn a_refresh_is_waited_for_as_long_as_all_of_its_attempts_could_take() {
    let network = portal().answering(OIDC, [Answer::Silence]);
    let found = stage::error(
        &network,
        files(SESSION, "").with_file(SESSION_FILE, renewable(EXPIRED, VALID)),
    )
    .await;
    assert!(found.contains("an attempt may take 45s"), "{found}");
}
