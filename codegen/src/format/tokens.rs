//! Prints tokens that have no known structure on one line.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// What the last printed token means for the next one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// Nothing was printed, or something that sticks to what follows.
    Glue,
    /// The first character of an operator of several.
    Joint,
    /// A name, a literal or a closing delimiter.
    Operand,
    /// An operator.
    Operator,
}

pub(super) fn print(tokens: TokenStream) -> String {
    let mut printer = Printer {
        text: String::new(),
        last: Last::Glue,
    };
    printer.stream(tokens);
    printer.text
}

struct Printer {
    text: String,
    last: Last,
}

impl Printer {
    fn stream(&mut self, tokens: TokenStream) {
        let mut rest = tokens.into_iter().peekable();
        while let Some(token) = rest.next() {
            match token {
                TokenTree::Group(group) => self.group(group.delimiter(), group.stream()),
                TokenTree::Ident(name) => self.operand(&name.to_string()),
                TokenTree::Literal(literal) => self.operand(&literal.to_string()),
                TokenTree::Punct(punct) => {
                    let joint = punct.spacing() == Spacing::Joint
                        && matches!(rest.peek(), Some(TokenTree::Punct(_)));
                    self.punct(punct.as_char(), joint);
                }
            }
        }
    }

    fn space(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with([' ', '(', '[']) {
            self.text.push(' ');
        }
    }

    fn operand(&mut self, text: &str) {
        if !matches!(self.last, Last::Glue) {
            self.space();
        }
        self.text.push_str(text);
        self.last = Last::Operand;
    }

    fn group(&mut self, delimiter: Delimiter, inner: TokenStream) {
        let (open, close) = match delimiter {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace => ("{ ", " }"),
            Delimiter::None => ("", ""),
        };
        let spaced = delimiter == Delimiter::Brace || self.last == Last::Operator;
        if spaced && self.last != Last::Glue {
            self.space();
        }
        if inner.is_empty() {
            self.text.push_str(open.trim_end());
            self.text.push_str(close.trim_start());
        } else {
            self.text.push_str(open);
            self.last = Last::Glue;
            self.stream(inner);
            self.text.push_str(close);
        }
        self.last = Last::Operand;
    }

    fn punct(&mut self, character: char, joint: bool) {
        let continues = self.last == Last::Joint;
        let sticks = matches!(character, ',' | ';' | '.' | '?' | ':')
            || (character == '!' && self.last == Last::Operand);
        if !continues && !sticks && self.last != Last::Glue {
            self.space();
        }
        self.text.push(character);
        let path = self.text.ends_with("::");
        let prefix =
            matches!(character, '&' | '*' | '-' | '!' | '#' | '$' | '.' | '\'') && !continues;
        self.last = if character == '\'' {
            Last::Glue
        } else if joint {
            Last::Joint
        } else if path || (prefix && self.before_operand(character)) {
            Last::Glue
        } else {
            Last::Operator
        };
    }

    /// Whether the operator just printed belongs to the operand after it.
    fn before_operand(&self, character: char) -> bool {
        if matches!(character, '.' | '#' | '$' | '!') {
            return true;
        }
        let before = self.text[..self.text.len() - character.len_utf8()].trim_end();
        before.is_empty()
            || before
                .ends_with(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ')' | ']' | '"')))
    }
}
