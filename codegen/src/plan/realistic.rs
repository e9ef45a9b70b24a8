//! Example values that look like what they stand for: an e-mail address, an account, an id.
//!
//! The name of a member says what a value is, and its constraints say which of the values here fit. A value that does not
//! fit is never used, so a wrong guess costs nothing: the caller falls back to a text that only satisfies the constraints.

use super::case::name_words;

/// Values for a member, the best first. Values of another `number` differ, for lists without duplicates.
pub(super) fn candidates(name: &str, service: &str, number: usize) -> Vec<String> {
    let words = name_words(name);
    let mut values = by_name(&words, service, number);
    values.extend(by_form(number));
    values
}

/// Whether a name says that its values are not words.
pub(super) fn is_id(name: &str) -> bool {
    let words = name_words(name);
    let last = words.last().map_or("", String::as_str);
    matches!(
        last,
        "arn" | "digest" | "hash" | "id" | "identifier" | "number" | "token"
    )
}

/// What the words of a name say.
fn by_name(words: &[String], service: &str, number: usize) -> Vec<String> {
    let has = |word: &str| {
        words
            .iter()
            .any(|one| one == word || one.strip_suffix('s') == Some(word))
    };
    let last = words.last().map_or("", String::as_str);
    let before = &words[..words.len().saturating_sub(1)];
    if has("email") || (has("mail") && has("address")) {
        return vec![email(number)];
    }
    if has("arn") {
        let kinds = if before.is_empty() {
            vec!["resource".to_owned()]
        } else {
            before.to_vec()
        };
        return vec![format!(
            "arn:aws:{service}:us-east-1:{}:{}/{}",
            account(number),
            kinds.join("-"),
            digits(number)
        )];
    }
    if has("account") && !matches!(last, "name" | "type" | "status") {
        return vec![account(number)];
    }
    if has("region") {
        return vec![["us-east-1", "eu-central-1", "ap-southeast-2"][number % 3].to_owned()];
    }
    match last {
        "url" | "uri" | "endpoint" | "link" => {
            vec![format!("https://example.com/{}", digits(number))]
        }
        "ip" => vec![ip(number)],
        "cidr" => vec![format!("{}/32", ip(number))],
        "address" if before.last().is_some_and(|one| one == "ip") => vec![ip(number)],
        "language" | "locale" => vec!["en".to_owned(), "en-US".to_owned()],
        "phone" => vec![format!("+1206555{:04}", 100 + number)],
        "date" => vec![format!("2026-01-{:02}", 1 + number % 28), time(number)],
        "time" | "at" | "timestamp" => vec![time(number)],
        "version" => vec![format!("1.{number}"), (number + 1).to_string()],
        "id" | "identifier" => id(before, number),
        "name" if before.last().is_some_and(|one| one == "file") => {
            vec![format!("report{}.txt", suffix(number))]
        }
        "name" | "key" | "code" | "alias" | "type" | "category" | "prefix" | "label" | "value" => {
            token(words, number)
        }
        "token" => vec![format!("{}-{}", token(words, number)[0], digits(number))],
        _ => sentence(words, number),
    }
}

/// Values of forms that many constraints ask for.
fn by_form(number: usize) -> Vec<String> {
    vec![
        uuid(number),
        account(number),
        format!("{:010}", 1_234_567_890 + number),
        email(number),
        time(number),
        format!("2026-01-{:02}", 1 + number % 28),
        format!("https://example.com/{}", digits(number)),
        ip(number),
    ]
}

fn email(number: usize) -> String {
    format!("jane.doe{}@example.com", suffix(number))
}

/// The account of AWS's own examples.
fn account(number: usize) -> String {
    format!("{:012}", 123_456_789_012_usize + number)
}

fn uuid(number: usize) -> String {
    format!("{:08x}-89ab-4cde-8f01-23456789abcd", 0x0123_4567 + number)
}

/// A part of a network for examples (RFC 5737).
fn ip(number: usize) -> String {
    format!("192.0.2.{}", 1 + number % 254)
}

fn time(number: usize) -> String {
    format!("2026-01-{:02}T00:00:00Z", 1 + number % 28)
}

fn digits(number: usize) -> String {
    format!("{:016x}", 0x0123_4567_89ab_cdef_usize + number)
}

/// An id that says what it is the id of.
fn id(before: &[String], number: usize) -> Vec<String> {
    let digits = digits(number);
    if before.is_empty() {
        return vec![digits];
    }
    let short: String = before
        .iter()
        .filter_map(|word| word.chars().next())
        .collect();
    vec![
        format!("{}-{digits}", before.join("-")),
        format!("{short}-{digits}"),
        digits,
    ]
}

/// Words without spaces, as keys and names have them.
fn token(words: &[String], number: usize) -> Vec<String> {
    let suffix = suffix(number);
    vec![
        format!("example-{}{suffix}", words.join("-")),
        format!("example_{}{suffix}", words.join("_")),
        format!("example{suffix}"),
        format!("Example{suffix}"),
        format!("EXAMPLE{suffix}"),
    ]
}

/// A text that people read.
fn sentence(words: &[String], number: usize) -> Vec<String> {
    let mut values = vec![format!(
        "Example {}{}",
        words.join(" "),
        match number {
            0 => String::new(),
            number => format!(" {}", number + 1),
        }
    )];
    values.extend(token(words, number));
    values
}

/// A number where the value is not the first.
fn suffix(number: usize) -> String {
    match number {
        0 => String::new(),
        number => (number + 1).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::candidates;

    #[test]
    fn values_look_like_what_their_names_say() {
        for (name, expected) in [
            ("ccEmailAddresses", "jane.doe@example.com"),
            ("accountId", "123456789012"),
            ("impactedAccounts", "123456789012"),
            (
                "resourceArn",
                "arn:aws:toys:us-east-1:123456789012:resource/0123456789abcdef",
            ),
            ("caseId", "case-0123456789abcdef"),
            ("id", "0123456789abcdef"),
            ("region", "us-east-1"),
            ("serviceCode", "example-service-code"),
            ("description", "Example description"),
            ("fileName", "report.txt"),
            ("startTime", "2026-01-01T00:00:00Z"),
            ("callbackUrl", "https://example.com/0123456789abcdef"),
        ] {
            assert_eq!(candidates(name, "toys", 0)[0], expected, "{name}");
            let (one, two) = (candidates(name, "toys", 0), candidates(name, "toys", 1));
            assert!(one.iter().all(|value| !value.is_empty()), "{name}");
            assert_ne!(one[0], two[0], "{name}");
        }
    }
}
