//! The names of members: those of the model, and those of the Rust fields.
//!
//! Generated code states a field only if its name differs from [`field_name`] of the member, which few do. Names of
//! fields are needed for violations only, and would otherwise make every client larger.

use crate::texts::{ToText as _, join, prefix, split_at};

/// The name of a member, or of several between commas. Generated code gives a text, or two if the name in Rust is not
/// what [`field_name`] makes of the name in the model.
#[derive(Clone, Copy, Debug)]
pub enum Name {
    /// The name in the model.
    Regular(&'static str),
    /// The name in the model and the name in Rust.
    Renamed(&'static [&'static str; 2]),
}

impl From<&'static str> for Name {
    fn from(name: &'static str) -> Self {
        Self::Regular(name)
    }
}

impl From<&'static [&'static str; 2]> for Name {
    fn from(names: &'static [&'static str; 2]) -> Self {
        Self::Renamed(names)
    }
}

impl Name {
    /// The name in the model.
    pub(super) fn in_model(self) -> &'static str {
        match self {
            Self::Regular(name) => name,
            Self::Renamed([name, _]) => name,
        }
    }

    /// The name in Rust.
    #[inline(never)]
    pub(super) fn in_rust(self) -> String {
        match self {
            Self::Regular(names) => {
                let mut fields = Vec::new();
                let mut rest = names;
                while let Some((name, others)) = split_at(rest, ", ") {
                    fields.push(field_name(name));
                    rest = others;
                }
                fields.push(field_name(rest));
                join(&fields, ", ")
            }
            Self::Renamed([_, name]) => (*name).to_text(),
        }
    }
}

/// The name of a field that the generator gives to most members: snake case. `HTTPServer2Name` is `http_server2_name`.
pub fn field_name(member: &str) -> String {
    let mut name = String::with_capacity(member.len() + 4);
    let mut rest = member.as_bytes();
    while let Some((_, behind)) = rest.split_first() {
        let (bytes, others) = rest.split_at(prefix(rest, |byte| byte.is_ascii_alphanumeric()));
        if bytes.is_empty() {
            rest = behind;
            continue;
        }
        rest = others;
        // Whether the last letter is a capital; digits belong to what is before them.
        let mut after_capital = None;
        if !name.is_empty() {
            name.push('_');
        }
        for (index, byte) in bytes.iter().enumerate() {
            let is_capital = byte.is_ascii_uppercase();
            let next_is_small = bytes.get(index + 1).is_some_and(u8::is_ascii_lowercase);
            let begins_word = match after_capital {
                Some(true) => is_capital && next_is_small,
                Some(false) => is_capital,
                None => false,
            };
            if begins_word {
                name.push('_');
            }
            name.push(char::from(byte.to_ascii_lowercase()));
            if byte.is_ascii_alphabetic() {
                after_capital = Some(is_capital);
            }
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::{Name, field_name};

    #[test]
    fn names_of_fields_are_snake_case() {
        for (member, expected) in [
            ("caseId", "case_id"),
            ("HTTPServer2Name", "http_server2_name"),
            ("ETag", "e_tag"),
            ("S3URI", "s3uri"),
            ("ipv4Address", "ipv4_address"),
            ("x-amz-Date", "x_amz_date"),
            ("A1Bc", "a1_bc"),
        ] {
            assert_eq!(field_name(member), expected);
        }
        assert_eq!(Name::from("subject, caseId").in_rust(), "subject, case_id");
        assert_eq!(Name::from(&["type", "type_"]).in_rust(), "type_");
        assert_eq!(Name::from(&["type", "type_"]).in_model(), "type");
    }
}
