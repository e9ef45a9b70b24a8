//! What a command prints.

use serde_json::Value;

use crate::arguments::Form;
use crate::failure::Failure;

/// The result of a command, as text and as JSON.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) value: Value,
}

/// Prints the result or the failure; gives the exit status.
pub(crate) fn print(form: Form, outcome: Result<Answer, Failure>) -> u8 {
    match outcome {
        Ok(answer) => {
            match form {
                Form::Text => write(&answer.text),
                Form::Json => write(&pretty(&answer.value)),
            }
            0
        }
        Err(failure) => {
            if form == Form::Json {
                write(&pretty(&failure.value()));
            }
            note(&format!("error: {failure}"));
            failure.kind as u8
        }
    }
}

fn pretty(value: &Value) -> String {
    // A value made of texts and numbers can always be written.
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// Prints text, unless the reader has closed the output.
pub(crate) fn write(text: &str) {
    use std::io::Write as _;
    let mut output = std::io::stdout().lock();
    let newline = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    let _ = write!(output, "{text}{newline}").and_then(|()| output.flush());
}

/// Prints a line for the person, apart from the result.
pub(crate) fn note(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{line}");
}
