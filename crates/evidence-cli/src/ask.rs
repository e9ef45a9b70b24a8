//! Questions to the person, in a terminal only.

use std::io::{BufRead, IsTerminal, Write};

use attache_runtime::plumbing::safe_line::safe_line;

use crate::failure::{Failure, Kind, Result};

/// Whether and how the person can be asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask {
    can_ask: bool,
}

impl Ask {
    /// Asks only where questions are seen and answers can be typed.
    pub(crate) fn new(no_input: bool) -> Self {
        let is_terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        Self {
            can_ask: is_terminal && !no_input,
        }
    }

    /// The index of the choice; `None` if the person cannot be asked, or gives no number.
    pub(crate) fn choose(&self, question: &str, choices: &[String]) -> Result<Option<usize>> {
        if !self.can_ask {
            return Ok(None);
        }
        let failed = |error: std::io::Error| Failure::new(Kind::Other, error.to_string());
        let mut screen = std::io::stderr().lock();
        writeln!(screen, "{question}").map_err(failed)?;
        for (index, choice) in choices.iter().enumerate() {
            writeln!(screen, "  {}  {}", index + 1, safe_line(choice)).map_err(failed)?;
        }
        write!(screen, "Number: ").map_err(failed)?;
        screen.flush().map_err(failed)?;
        let mut line = String::new();
        std::io::stdin()
            .lock()
            .read_line(&mut line)
            .map_err(failed)?;
        let number: Option<usize> = line.trim().parse().ok();
        let index = number.and_then(|number| number.checked_sub(1));
        Ok(index.filter(|index| *index < choices.len()))
    }
}
