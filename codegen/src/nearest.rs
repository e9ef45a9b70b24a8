//! The names that are nearest to one that does not exist, for messages.

use std::cmp::Ordering;

/// How similar names must be. It is the threshold that clap has for its own suggestions.
const SIMILAR: f64 = 0.7;

/// How many names are suggested.
const MOST: usize = 3;

/// The end of a message about a name that does not exist: `; did you mean a, b?`, or nothing where no name is near.
pub(crate) fn did_you_mean<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    match nearest(word, names).as_slice() {
        [] => String::new(),
        near => format!("; did you mean {}?", near.join(", ")),
    }
}

/// The names that are nearest to a word, the nearest first: similar ones, and those that contain it, for people remember
/// parts of long names.
fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let word = word.to_lowercase();
    let score = |name: &'n str| {
        let lower = name.to_lowercase();
        let score = strsim::jaro(&word, &lower);
        let is_part = word.len() > 2 && lower.contains(&word);
        (score > SIMILAR || is_part).then_some((score, name))
    };
    let mut near: Vec<(f64, &str)> = names.into_iter().filter_map(score).collect();
    near.sort_by(|one, two| {
        let by_score = two.0.partial_cmp(&one.0).unwrap_or(Ordering::Equal);
        by_score.then_with(|| one.1.cmp(two.1))
    });
    near.into_iter().take(MOST).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn similar_names_and_names_with_the_word_in_them_are_suggested() {
        let names = [
            "support",
            "support-app",
            "sqs",
            "security-ir",
            "securityhub",
        ];
        let say = |word: &str| did_you_mean(word, names);
        assert_eq!(say("suport"), "; did you mean support, support-app?");
        assert_eq!(
            say("SecurityIR"),
            "; did you mean security-ir, securityhub?"
        );
        assert_eq!(say("hub"), "; did you mean securityhub?");
        assert_eq!(say("xyz"), "");
    }
}
