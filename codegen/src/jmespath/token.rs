//! The tokens of JMESPath.

use serde_json::Value;

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name, with or without quotes.
    Name(String),
    /// A whole number.
    Number(i64),
    /// A constant.
    Literal(Value),
    /// Anything else.
    Sign(&'static str),
    /// The end of the expression.
    End,
}

/// All signs. One that begins with another one comes before that.
const SIGNS: [&str; 24] = [
    "[?", "[]", "&&", "||", "!=", "==", "<=", ">=", ".", "*", "[", "]", "{", "}", "(", ")", ",",
    ":", "@", "&", "|", "!", "<", ">",
];

/// Divides an expression into tokens.
///
/// # Errors
/// A text that says what is no token.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            'a'..='z' | 'A'..='Z' | '_' => {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                let end = end.unwrap_or(rest.len());
                (Token::Name(rest[..end].to_owned()), end)
            }
            '-' | '0'..='9' => {
                let end = rest[1..].find(|c: char| !c.is_ascii_digit());
                let end = end.map_or(rest.len(), |end| end + 1);
                let number = rest[..end].parse();
                (Token::Number(number.map_err(|_| bad(rest))?), end)
            }
            '"' | '\'' | '`' => quoted(rest, first)?,
            _ => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                let sign = sign.ok_or_else(|| bad(rest))?;
                (Token::Sign(sign), sign.len())
            }
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    tokens.push(Token::End);
    Ok(tokens)
}

fn bad(rest: &str) -> String {
    format!("`{rest}` does not begin with anything that JMESPath has")
}

/// A name in quotes, a string, or a constant in JSON, with its length.
fn quoted(rest: &str, quote: char) -> Result<(Token, usize), String> {
    let mut escaped = false;
    let end = rest[1..].find(|c| {
        let is_end = c == quote && !escaped;
        escaped = c == '\\' && !escaped;
        is_end
    });
    let end = end.ok_or_else(|| format!("`{rest}` has no closing {quote}"))? + 1;
    let inner = &rest[1..end];
    let token = match quote {
        // A name in quotes is a string of JSON.
        '"' => {
            let name = serde_json::from_str(&rest[..=end]);
            Token::Name(name.map_err(|_| bad(rest))?)
        }
        '\'' => Token::Literal(Value::String(
            inner.replace("\\'", "'").replace("\\\\", "\\"),
        )),
        _ => {
            let text = inner.replace("\\`", "`");
            let value = serde_json::from_str(text.trim());
            Token::Literal(value.map_err(|_| format!("`{text}` is no JSON"))?)
        }
    };
    Ok((token, end + 1))
}
