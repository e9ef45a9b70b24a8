//! Calls that act, and what happens when their answer is lost.
//!
//! Before such a call, the state on disk names what the service has that looks like its result. If the answer is lost,
//! in this process or in one that was killed, the service is asked for the same again: what is new may be the result.

use attache_runtime::Timestamp;
use serde_json::json;

use crate::answer::note;
use crate::arguments::Sending;
use crate::ask::Ask;
use crate::failure::{Failure, Kind, Result};
use crate::job::{Call, Job, Sent};

/// Something at the service that looks like the result of a call.
#[derive(Clone, Debug)]
pub(crate) struct Alike {
    /// What `--adopt` names.
    pub(crate) id: String,
    /// When the service created it.
    pub(crate) created: String,
    /// The subject, or the beginning of the text.
    pub(crate) summary: String,
    /// Whether subject, text and files are those of the call.
    pub(crate) is_equal: bool,
}

/// How a call failed.
pub(crate) struct CallFailure {
    pub(crate) failure: Failure,
    /// Whether the call may have acted.
    pub(crate) may_have_acted: bool,
}

impl<S: attache_runtime::operation::ServiceError> From<attache_runtime::Error<S>> for CallFailure {
    fn from(error: attache_runtime::Error<S>) -> Self {
        Self {
            may_have_acted: error.may_have_taken_effect(),
            failure: error.into(),
        }
    }
}

/// A call that acts.
pub(crate) trait Act {
    /// Its name in the state.
    fn name(&self) -> String;

    /// What it makes, for people: "case", "text".
    fn result(&self) -> &'static str;

    /// Whether the service makes the same request with the same token only once.
    fn has_token(&self) -> bool;

    /// What the service has that looks like the result, and was created from this time on.
    async fn alike(&self, from: Timestamp) -> Result<Vec<Alike>>;

    /// Uploads what the call refers to.
    async fn prepare(&mut self, job: &mut Job) -> Result<()>;

    /// Forgets what was uploaded, because an earlier call may have used it.
    fn forget(&mut self, job: &mut Job) -> Result<()>;

    /// Sends the call; gives the id of its result.
    async fn send(&mut self) -> std::result::Result<String, CallFailure>;
}

/// What to do about a lost answer.
enum Decision {
    Adopt(String),
    SendAgain,
}

/// How far the clocks of the service and of this machine may differ, in seconds.
const CLOCKS: i64 = 900;

/// Does what a call does, once. Gives the id of its result.
pub(crate) async fn act(
    mut call: impl Act,
    job: &mut Job,
    sending: &Sending,
    ask: &Ask,
) -> Result<String> {
    let name = call.name();
    let mut sending = sending.clone();
    let mut lost: Option<Failure> = None;
    loop {
        match job.call(&name) {
            Some(Call::Answered(id)) => return Ok(id),
            Some(Call::Sent(sent)) => match decide(&call, &sent, &sending, ask).await? {
                Decision::Adopt(id) => job.note_answered(&name, &id)?,
                Decision::SendAgain if call.has_token() => {
                    // The client has repeated the call already. Later, the service may answer again.
                    if let Some(lost) = lost {
                        return Err(lost);
                    }
                    job.note_unsent(&name)?;
                }
                Decision::SendAgain => {
                    call.forget(job)?;
                    job.note_unsent(&name)?;
                }
            },
            None => match send(&mut call, job).await? {
                Ok(id) => job.note_answered(&name, &id)?,
                Err(failure) => {
                    note(&format!("the answer was lost: {failure}"));
                    // The options are for the answer that an earlier run lost.
                    sending.send_again = false;
                    sending.adopt = None;
                    lost = Some(failure);
                }
            },
        }
    }
}

/// Sends a call. The outer error says that it has not acted, the inner one that it may have.
async fn send(call: &mut impl Act, job: &mut Job) -> Result<std::result::Result<String, Failure>> {
    call.prepare(job).await?;
    let before = call.alike(earlier(Timestamp::now())).await?;
    let before = before.into_iter().map(|alike| alike.id).collect();
    job.note_sent(&call.name(), before)?;
    match call.send().await {
        Ok(id) => Ok(Ok(id)),
        Err(failed) if failed.may_have_acted => Ok(Err(failed.failure)),
        Err(failed) => {
            job.note_unsent(&call.name())?;
            Err(failed.failure)
        }
    }
}

fn earlier(time: Timestamp) -> Timestamp {
    Timestamp::from_epoch_seconds(time.epoch_seconds() - CLOCKS).unwrap_or(time)
}

/// Asks the service what it has, and then, if that is not clear, the person.
async fn decide(call: &impl Act, sent: &Sent, sending: &Sending, ask: &Ask) -> Result<Decision> {
    let what = call.result();
    let mut found = call.alike(earlier(sent.at)).await?;
    found.retain(|alike| !sent.before.contains(&alike.id));
    note(&format!(
        "a {what} was sent at {}, and there was no answer; new at the service: {}",
        sent.at,
        match found.as_slice() {
            [] => "nothing that looks like it".to_owned(),
            found => lines(found),
        }
    ));
    if let Some(id) = &sending.adopt {
        return match found.iter().find(|alike| alike.id == *id) {
            Some(alike) => Ok(Decision::Adopt(alike.id.clone())),
            None => Err(unknown(
                &found,
                format!(
                    "`--adopt {id}`: the service has no new {what} with this id that looks like it"
                ),
            )),
        };
    }
    if sending.send_again {
        return Ok(Decision::SendAgain);
    }
    let mut equal = found.iter().filter(|alike| alike.is_equal);
    match (equal.next(), equal.next()) {
        (Some(one), None) => {
            note(&format!(
                "{} is equal to what was sent, and is taken as the result",
                one.id
            ));
            return Ok(Decision::Adopt(one.id.clone()));
        }
        // The token makes the service return the first result.
        (None, _) if call.has_token() && found.is_empty() => return Ok(Decision::SendAgain),
        _ => {}
    }
    let mut choices: Vec<String> = found.iter().map(line).collect();
    choices.push("none of these: send it again".to_owned());
    choices.push("stop here".to_owned());
    let question = format!("Which {what} is the result?");
    match ask.choose(&question, &choices)? {
        Some(index) if index < found.len() => Ok(Decision::Adopt(found[index].id.clone())),
        Some(index) if index == found.len() => Ok(Decision::SendAgain),
        _ => Err(unknown(
            &found,
            format!(
                "it is unknown whether the {what} arrived. Look at the service, then run the same command with {}\
                 --send-again if it did not arrive",
                if found.is_empty() {
                    ""
                } else {
                    "--adopt ID if it arrived, or with "
                }
            ),
        )),
    }
}

fn unknown(found: &[Alike], message: String) -> Failure {
    let list = found.iter().map(|alike| {
        json!({
            "id": alike.id,
            "created": alike.created,
            "summary": alike.summary,
            "is_equal": alike.is_equal,
        })
    });
    Failure::new(Kind::Unknown, message).with_found(list.collect())
}

fn line(alike: &Alike) -> String {
    format!("{}, created {}: {}", alike.id, alike.created, alike.summary)
}

fn lines(found: &[Alike]) -> String {
    let lines = found.iter().map(|alike| format!("\n  {}", line(alike)));
    lines.collect()
}
