//! Converts names of a model to identifiers. This is the only place where case changes.
//!
//! Every name of a model becomes a valid identifier. If two of them are the same, [`settle`](super::settle) decides.

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

/// A type name: upper camel case, acronyms as words.
pub fn type_name(wire: &str) -> String {
    identifier(words(wire).to_upper_camel_case(), "V")
}

/// The name of a static: upper case with underscores.
pub(super) fn static_name(wire: &str) -> String {
    identifier(words(wire).to_shouty_snake_case(), "V")
}

/// A field, function or module name: snake case. Keywords get an underscore instead of `r#`, because `r#` is
/// not possible for some of them (`self`, `crate`, `super`).
pub fn field_name(wire: &str) -> String {
    let name = identifier(words(wire).to_snake_case(), "v");
    if is_keyword(&name) {
        format!("{name}_")
    } else {
        name
    }
}

/// Whether the runtime derives this name of a field from the name of the member, so that validation need not state it:
/// the functions that generated code calls have a copy of this rule.
pub fn is_derived(field: &str, wire: &str) -> bool {
    words(wire).to_snake_case() == field
}

/// Values of enums may be any text. Characters that are not valid in identifiers separate words.
pub(super) fn words(wire: &str) -> String {
    wire.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_")
}

/// The words of a name, in lower case.
pub(super) fn name_words(wire: &str) -> Vec<String> {
    // The `s` of `ARNs` is not a word.
    let letters: Vec<char> = wire.strip_suffix('s').unwrap_or_default().chars().collect();
    let capitals = letters
        .iter()
        .rev()
        .take_while(|letter| letter.is_ascii_uppercase());
    let spelled = match capitals.count() {
        0 | 1 => wire.to_owned(),
        count => {
            let (before, plural) = wire.split_at(wire.len() - 1 - count);
            format!("{before}_{}", plural.to_ascii_lowercase())
        }
    };
    let snake = words(&spelled).to_snake_case();
    snake.split('_').map(str::to_owned).collect()
}

fn identifier(text: String, prefix: &str) -> String {
    if text.starts_with(|first: char| first.is_ascii_alphabetic()) {
        text
    } else {
        format!("{prefix}{text}")
    }
}

/// Whether the word is a keyword of Rust.
pub(super) fn is_keyword(name: &str) -> bool {
    // `gen` is a keyword since edition 2024, which syn does not know.
    name == "gen" || syn::parse_str::<syn::Ident>(name).is_err()
}

#[cfg(test)]
mod tests {
    use super::{field_name, type_name};

    #[test]
    fn names_follow_the_rust_api_guidelines() {
        for (wire, ty, field) in [
            ("CreateCase", "CreateCase", "create_case"),
            ("IPAddress", "IpAddress", "ip_address"),
            ("eTag", "ETag", "e_tag"),
            ("AWSAccountId", "AwsAccountId", "aws_account_id"),
            ("type", "Type", "type_"),
            ("gen", "Gen", "gen_"),
            ("self", "Self", "self_"),
            ("2fa", "V2fa", "v2fa"),
            (
                "Containment, Eradication and Recovery",
                "ContainmentEradicationAndRecovery",
                "containment_eradication_and_recovery",
            ),
            (
                "DETECTION_AND_ANALYSIS",
                "DetectionAndAnalysis",
                "detection_and_analysis",
            ),
            ("", "V", "v"),
            ("x²", "X", "x"),
            ("größe", "GrE", "gr_e"),
        ] {
            assert_eq!(type_name(wire), ty);
            assert_eq!(field_name(wire), field);
        }
    }
}
