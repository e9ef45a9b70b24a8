//! Judges responses and errors: a case in each line of the input, a state in each line of the output.

use std::io::{BufRead as _, Write as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use attache_runtime::test::{Mock, when};
use attache_runtime::waiter::{Schedule, State};
use attache_runtime::{Error, ErrorKind};

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    #[serde(default)]
    ok: Option<serde_json::Value>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    status: u16,
}

/// The state after one response. The schedule has no time for a second one.
macro_rules! judge {
    ($crate_name:ident, $operation:ident, [$($label:ident),*], $waiter:ident, $case:expr) => {{
        fn rule<R: attache_runtime::test::Respond>(
            _: &attache_runtime::waiter::Waiter<R>,
            case: &Case,
        ) -> anyhow::Result<attache_runtime::test::Rule<R>>
        where
            R::Response: serde::de::DeserializeOwned,
        {
            let answer = match (&case.ok, &case.error) {
                (Some(response), _) => Ok(serde_json::from_value(response.clone())?),
                (None, code) => {
                    let code = code.clone().unwrap_or_default();
                    Err(Error::from_code(code, "").with_status(case.status))
                }
            };
            Ok(when::<R>(|_| true).then(answer))
        }
        // The first client only names the type of the request.
        let client = $crate_name::Client::new(&Mock::new().config().build()?);
        let rule = rule(&client.$operation().$waiter(), $case)?;
        let mock = Mock::new().rule(rule);
        let client = $crate_name::Client::new(&mock.config().max_attempts(1).build()?);
        let client = client.with_validation(attache_runtime::validation::Level::Off);
        let pause = Duration::from_secs(60);
        let seen = Arc::new(Mutex::new(None));
        let noted = seen.clone();
        let outcome = client
            .$operation()
            $(.$label("attache"))*
            .$waiter()
            .schedule(Schedule { least_delay: pause, greatest_delay: pause, deadline: pause })
            .on_progress(move |observation| {
                *noted.lock().expect("nothing panics") = Some(observation.state);
            })
            .wait();
        let kind = outcome.err().map(|error| error.kind());
        let state = *seen.lock().expect("nothing panics");
        Ok(match (state, kind) {
            (Some(State::Success), None) => "success",
            (Some(State::Failure), Some(ErrorKind::WaitFailed)) => "failure",
            (Some(State::Retry), Some(ErrorKind::WaitTimeout)) => "retry",
            (Some(State::Failure), Some(ErrorKind::Service)) => "error",
            (state, kind) => anyhow::bail!("{}: {state:?}, {kind:?}", $case.name),
        })
    }};
}

fn main() -> anyhow::Result<()> {
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let case: Case = serde_json::from_str(&line?)?;
        writeln!(output, "{}", chosen(&case)?)?;
    }
    Ok(())
}
