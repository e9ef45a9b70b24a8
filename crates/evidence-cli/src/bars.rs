//! Progress of transfers: a bar for each file and one for all, in a terminal. Elsewhere nothing is drawn.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use attache_evidence::{Progress, Settings, Stage};
use attache_runtime::plumbing::safe_line::safe_line;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

const FILE: &str = "{prefix:24!} [{bar:24}] {bytes:>10} of {total_bytes:<10} {msg}";

/// Settings that draw bars on the error output, which indicatif leaves alone if it is no terminal.
pub(crate) fn settings() -> Settings {
    let bars = Bars::default();
    Settings::default().on_progress(move |progress| bars.show(&progress))
}

#[derive(Default)]
struct Bars {
    screen: MultiProgress,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    files: BTreeMap<usize, File>,
    all: Option<ProgressBar>,
}

struct File {
    bar: ProgressBar,
    bytes: u64,
    total: u64,
}

fn bar(prefix: String) -> ProgressBar {
    let bar = ProgressBar::new(0).with_prefix(prefix);
    match ProgressStyle::with_template(FILE) {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        Err(_) => bar,
    }
}

impl Bars {
    fn show(&self, progress: &Progress) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if progress.files > 1 && state.all.is_none() {
            let name = format!("{} files", progress.files);
            state.all = Some(self.screen.add(bar(name)));
        }
        let all = state.all.clone();
        let file = state.files.entry(progress.file_index).or_insert_with(|| {
            let new = bar(safe_line(&progress.file_name).to_string());
            let bar = match &all {
                Some(all) => self.screen.insert_before(all, new),
                None => self.screen.add(new),
            };
            File {
                bar,
                bytes: 0,
                total: 0,
            }
        });
        (file.bytes, file.total) = (progress.bytes, progress.total_bytes);
        file.bar.set_length(progress.total_bytes);
        file.bar.set_position(progress.bytes);
        match progress.stage {
            Stage::Processing => file.bar.set_message("the service works on it"),
            Stage::Done => file.bar.finish_with_message("done"),
            Stage::Failed => file.bar.abandon_with_message("failed"),
            _ => {}
        }
        if let Some(all) = all {
            all.set_length(state.files.values().map(|file| file.total).sum());
            all.set_position(state.files.values().map(|file| file.bytes).sum());
            if state.files.len() == progress.files
                && state.files.values().all(|file| file.bar.is_finished())
            {
                all.finish();
            }
        }
    }
}
