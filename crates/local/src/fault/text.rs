//! Faults as text.

use std::str::FromStr;
use std::time::Duration;

use super::{Effect, Fault, FaultError, When};

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let error = |problem: &str| FaultError(format!("`{text}` is no fault: {problem}"));
        // No other part has a colon before a space, so a message may contain anything.
        let (rest, message) = match text.split_once(": ") {
            Some((rest, message)) => (rest, Some(message)),
            None => (text, None),
        };
        let (operation, rest) = match rest.split_once('=') {
            Some((operation, rest)) => (Some(operation.trim()), rest),
            None => (None, rest),
        };
        let (rest, percent) = match rest.split_once('%') {
            Some((rest, percent)) => (rest, percent.trim().parse().ok()),
            None => (rest, Some(100.0)),
        };
        let percent = percent
            .filter(|percent| (0.0..=100.0).contains(percent))
            .ok_or_else(|| error("`%` must be followed by a number from 0 to 100"))?;
        let (rest, times) = match rest.split_once('*') {
            Some((rest, times)) => {
                let times = times.trim().parse::<u32>().ok();
                let times = times.ok_or_else(|| error("`*` must be followed by a whole number"))?;
                (rest, Some(times))
            }
            None => (rest, None),
        };
        let mut effect = effect(rest.trim()).map_err(|problem| error(&problem))?;
        match (&mut effect, message) {
            (Effect::Refuse { message, .. }, Some(given)) => *message = Some(given.to_owned()),
            (_, Some(_)) => return Err(error("only `refuse` has a message")),
            (_, None) => {}
        }
        Ok(Self {
            effect,
            operation: operation.map(str::to_owned),
            times,
            percent,
        })
    }
}

fn effect(text: &str) -> Result<Effect, String> {
    let mut parts = text.split(':');
    let name = parts.next().unwrap_or_default();
    let arguments: Vec<&str> = parts.collect();
    let milliseconds = |text: &str| {
        text.parse()
            .map(Duration::from_millis)
            .map_err(|_| format!("`{text}` is no number of milliseconds"))
    };
    let when = |text: &str| match text {
        "before" => Ok(When::Before),
        "after" => Ok(When::After),
        other => Err(format!("`{other}` is neither `before` nor `after`")),
    };
    match (name, arguments.as_slice()) {
        ("throttle", []) => Ok(Effect::Throttle(None)),
        ("throttle", [pause]) => Ok(Effect::Throttle(Some(milliseconds(pause)?))),
        ("refuse", [code]) => Ok(Effect::refuse(*code)),
        ("refuse", [code, status]) => refuse(code, status, None),
        ("refuse", [code, status, pause]) => refuse(code, status, Some(milliseconds(pause)?)),
        ("error", [status, moment]) => {
            let status = status
                .parse()
                .ok()
                .filter(|status| (500..600).contains(status));
            let status = status.ok_or("the status of an error must be from 500 to 599")?;
            Ok(Effect::Error(status, when(moment)?))
        }
        ("drop", [moment]) => Ok(Effect::Drop(when(moment)?)),
        ("delay", [time]) => Ok(Effect::Delay(milliseconds(time)?)),
        ("drip", [pause]) => Ok(Effect::Drip(milliseconds(pause)?)),
        ("corrupt", []) => Ok(Effect::Corrupt),
        ("unknown-error", []) => Ok(Effect::UnknownError),
        ("skew", [seconds]) => {
            let seconds = seconds.parse();
            seconds
                .map(Effect::Skew)
                .map_err(|_| "the value of `skew` must be whole seconds".to_owned())
        }
        _ => Err(format!(
            "the effect `{text}` is not one of throttle[:MS], refuse:CODE[:STATUS[:MS]], error:STATUS:before|after, \
             drop:before|after, delay:MS, drip:MS, corrupt, unknown-error, skew:SECONDS"
        )),
    }
}

/// A refusal; an empty status is that of the model.
fn refuse(code: &str, status: &str, retry_after: Option<Duration>) -> Result<Effect, String> {
    let status = match status {
        "" => None,
        text => {
            let status = text.parse();
            Some(status.map_err(|_| format!("`{text}` is no status"))?)
        }
    };
    Ok(Effect::Refuse {
        code: code.to_owned(),
        status,
        message: None,
        retry_after,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Effect, Fault, When};

    #[test]
    fn faults_are_read_from_text() {
        let cases = [
            ("throttle", Fault::new(Effect::Throttle(None))),
            (
                "CreateCase=throttle:1500*2",
                Fault::new(Effect::Throttle(Some(Duration::from_millis(1500))))
                    .on("CreateCase")
                    .times(2),
            ),
            (
                "error:503:after%12.5",
                Fault::new(Effect::Error(503, When::After)).percent(12.5),
            ),
            ("drop:before", Fault::new(Effect::Drop(When::Before))),
            ("skew:-3600", Fault::new(Effect::Skew(-3600))),
            (
                "GetCase=refuse:ConflictException*3",
                Fault::new(Effect::refuse("ConflictException"))
                    .on("GetCase")
                    .times(3),
            ),
            (
                "refuse:Busy:503:250%50: Again: at 5*3=15%",
                Fault::new(Effect::Refuse {
                    code: "Busy".to_owned(),
                    status: Some(503),
                    message: Some("Again: at 5*3=15%".to_owned()),
                    retry_after: Some(Duration::from_millis(250)),
                })
                .percent(50.0),
            ),
        ];
        for (text, fault) in cases {
            assert_eq!(text.parse(), Ok(fault));
        }
    }

    #[test]
    fn what_is_no_fault_says_why() {
        for (text, reason) in [
            ("explode", "`explode` is not one of"),
            ("error:404:before", "from 500 to 599"),
            ("drop:sometimes", "neither `before` nor `after`"),
            ("delay:soon", "no number of milliseconds"),
            ("corrupt*often", "a whole number"),
            ("corrupt%200", "from 0 to 100"),
            ("corrupt: why", "only `refuse` has a message"),
            ("refuse:Busy:often", "`often` is no status"),
            ("refuse:Busy:503:soon", "no number of milliseconds"),
            ("refuse", "`refuse` is not one of"),
        ] {
            let error = text.parse::<Fault>().expect_err("it is no fault");
            assert!(error.to_string().contains(reason), "{error}");
        }
    }
}
