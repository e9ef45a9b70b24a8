//! The parser: one that goes by how strongly signs bind, as the reference implementations are.

use super::token::{Token, tokens};
use super::{Comparator, Node};

/// How deep an expression may nest.
const DEPTH: usize = 64;

/// What binds less than this ends a projection.
const PROJECTION: u8 = 10;
const FLATTEN: u8 = 9;
const STAR: u8 = 20;
const FILTER: u8 = 21;
const DOT: u8 = 40;
const NOT: u8 = 45;

/// Reads an expression.
///
/// # Errors
/// A text that says what is wrong, or what is not supported.
pub fn parse(text: &str) -> Result<Node, String> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
    };
    let node = parser.expression(0)?;
    match parser.peek() {
        Token::End => Ok(node),
        other => Err(format!("{} is not expected", shown(other))),
    }
}

fn shown(token: &Token) -> String {
    match token {
        Token::Name(name) => format!("`{name}`"),
        Token::Number(number) => format!("`{number}`"),
        Token::Literal(value) => format!("the constant `{value}`"),
        Token::Sign(sign) => format!("`{sign}`"),
        Token::End => "the end".to_owned(),
    }
}

/// How strongly a token binds what stands before it.
fn power(token: &Token) -> u8 {
    let Token::Sign(sign) = token else {
        return 0;
    };
    match *sign {
        "|" => 1,
        "||" => 2,
        "&&" => 3,
        "==" | "!=" | "<" | "<=" | ">" | ">=" => 5,
        "[]" => FLATTEN,
        "*" => STAR,
        "[?" => FILTER,
        "." => DOT,
        "!" => NOT,
        "{" => 50,
        "[" => 55,
        "(" => 60,
        _ => 0,
    }
}

fn comparator(sign: &str) -> Option<Comparator> {
    Some(match sign {
        "==" => Comparator::Equal,
        "!=" => Comparator::NotEqual,
        "<" => Comparator::Less,
        "<=" => Comparator::LessOrEqual,
        ">" => Comparator::Greater,
        ">=" => Comparator::GreaterOrEqual,
        _ => return None,
    })
}

fn then(first: Node, second: Node) -> Node {
    match (first, second) {
        (Node::Current, second) => second,
        (first, Node::Current) => first,
        (first, second) => Node::Then(Box::new(first), Box::new(second)),
    }
}

fn each(list: Node, body: Node) -> Node {
    Node::Each {
        list: Box::new(list),
        condition: None,
        body: Box::new(body),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    /// The next token. The last one is the end, which is never passed.
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).unwrap_or(&Token::End)
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(found) if *found == sign)
    }

    fn take(&mut self, sign: &str) -> bool {
        let is = self.is(sign);
        self.at += usize::from(is);
        is
    }

    fn expect(&mut self, sign: &str) -> Result<(), String> {
        match self.take(sign) {
            true => Ok(()),
            false => Err(format!(
                "{} stands where `{sign}` is expected",
                shown(self.peek())
            )),
        }
    }

    fn expression(&mut self, binding: u8) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(format!("it nests more than {DEPTH} deep"));
        }
        let mut left = self.prefix()?;
        while binding < power(self.peek()) {
            left = self.infix(left)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    /// What begins an expression.
    fn prefix(&mut self) -> Result<Node, String> {
        match self.next() {
            Token::Name(name) if self.take("(") => self.call(name),
            Token::Name(name) => Ok(Node::Member(name)),
            Token::Literal(value) => Ok(Node::Literal(value)),
            Token::Sign("@") => Ok(Node::Current),
            Token::Sign("!") => Ok(Node::Not(Box::new(self.expression(NOT)?))),
            Token::Sign("*") => self.values(Node::Current, STAR),
            Token::Sign("[]") => self.flatten(Node::Current),
            Token::Sign("[?") => self.filter(Node::Current),
            Token::Sign("[") => match self.bracket(&Node::Current)? {
                Some(node) => Ok(node),
                None => self.list(),
            },
            Token::Sign("(") => {
                let inner = self.expression(0)?;
                self.expect(")")?;
                Ok(inner)
            }
            Token::Sign("{") => Err("multi-select hashes are not supported".to_owned()),
            Token::Sign("&") => Err("expression references are not supported".to_owned()),
            other => Err(format!("{} is not expected", shown(&other))),
        }
    }

    /// What follows an expression.
    fn infix(&mut self, left: Node) -> Result<Node, String> {
        let token = self.next();
        let Token::Sign(sign) = token else {
            return Err(format!("{} is not expected", shown(&token)));
        };
        let right = |parser: &mut Self| parser.expression(power(&token)).map(Box::new);
        match sign {
            "|" => Ok(then(left, *right(self)?)),
            "||" => Ok(Node::Or(Box::new(left), right(self)?)),
            "&&" => Ok(Node::And(Box::new(left), right(self)?)),
            "[]" => self.flatten(left),
            "[?" => self.filter(left),
            "." if self.take("*") => self.values(left, DOT),
            "." => {
                let below = self.below(DOT)?;
                Ok(then(left, below))
            }
            "[" => match self.bracket(&left)? {
                Some(node) => Ok(node),
                None => Err("a list of expressions must follow a dot".to_owned()),
            },
            sign => match comparator(sign) {
                Some(comparator) => {
                    let right = right(self)?;
                    Ok(Node::Compare(comparator, Box::new(left), right))
                }
                None => Err(format!("`{sign}` is not expected")),
            },
        }
    }

    /// What follows a dot.
    fn below(&mut self, binding: u8) -> Result<Node, String> {
        match self.peek() {
            Token::Name(_) | Token::Sign("*") => self.expression(binding),
            Token::Sign("[") => {
                self.at += 1;
                self.list()
            }
            Token::Sign("{") => Err("multi-select hashes are not supported".to_owned()),
            other => Err(format!("{} does not belong behind a dot", shown(other))),
        }
    }

    /// What follows a projection, for each of its elements.
    fn projected(&mut self, binding: u8) -> Result<Node, String> {
        match self.peek() {
            token if power(token) < PROJECTION => Ok(Node::Current),
            Token::Sign("[" | "[?") => self.expression(binding),
            Token::Sign(".") => {
                self.at += 1;
                self.below(binding)
            }
            other => Err(format!("{} is not expected", shown(other))),
        }
    }

    /// An element or a projection behind `[`; `None` if it is a list of expressions.
    fn bracket(&mut self, left: &Node) -> Result<Option<Node>, String> {
        let slices = || Err("slices are not supported".to_owned());
        match self.peek().clone() {
            Token::Number(number) => {
                self.at += 1;
                if self.is(":") {
                    return slices();
                }
                self.expect("]")?;
                Ok(Some(then(left.clone(), Node::Element(number))))
            }
            Token::Sign(":") => slices(),
            Token::Sign("*") if self.tokens.get(self.at + 1) == Some(&Token::Sign("]")) => {
                self.at += 2;
                let body = self.projected(STAR)?;
                Ok(Some(each(left.clone(), body)))
            }
            _ => Ok(None),
        }
    }

    fn flatten(&mut self, list: Node) -> Result<Node, String> {
        let body = self.projected(FLATTEN)?;
        Ok(each(Node::Flatten(Box::new(list)), body))
    }

    fn values(&mut self, object: Node, binding: u8) -> Result<Node, String> {
        let body = self.projected(binding)?;
        Ok(each(Node::Values(Box::new(object)), body))
    }

    fn filter(&mut self, list: Node) -> Result<Node, String> {
        let condition = self.expression(0)?;
        self.expect("]")?;
        let body = match self.is("[]") {
            true => Node::Current,
            false => self.projected(FILTER)?,
        };
        Ok(Node::Each {
            list: Box::new(list),
            condition: Some(Box::new(condition)),
            body: Box::new(body),
        })
    }

    /// The expressions of a list, behind its `[`.
    fn list(&mut self) -> Result<Node, String> {
        Ok(Node::List(self.separated("]")?))
    }

    /// The arguments of a function, behind its `(`.
    fn call(&mut self, name: String) -> Result<Node, String> {
        let arguments = match self.take(")") {
            true => Vec::new(),
            false => self.separated(")")?,
        };
        Ok(Node::Call(name, arguments))
    }

    fn separated(&mut self, end: &str) -> Result<Vec<Node>, String> {
        let mut nodes = vec![self.expression(0)?];
        while self.take(",") {
            nodes.push(self.expression(0)?);
        }
        self.expect(end)?;
        Ok(nodes)
    }
}
