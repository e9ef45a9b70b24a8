//! What is read, and what is refused.

use super::{Comparator, Node, parse};

fn member(name: &str) -> Node {
    Node::Member(name.to_owned())
}

fn each(list: Node, body: Node) -> Node {
    Node::Each {
        list: Box::new(list),
        condition: None,
        body: Box::new(body),
    }
}

fn compared(comparator: Comparator, one: Node, two: Node) -> Node {
    Node::Compare(comparator, Box::new(one), Box::new(two))
}

fn number(value: i64) -> Node {
    Node::Literal(value.into())
}

fn length(of: Node) -> Node {
    Node::Call("length".to_owned(), vec![of])
}

#[test]
fn a_projection_holds_what_follows_it() {
    let names = Node::Then(Box::new(member("a")), Box::new(member("b")));
    let flat = each(Node::Flatten(Box::new(member("list"))), names.clone());
    assert_eq!(parse("list[].a.b"), Ok(flat.clone()));
    assert_eq!(parse("list[*].a.b"), Ok(each(member("list"), names)));
    // A pipe and parentheses end it.
    let first = Node::Then(Box::new(flat.clone()), Box::new(Node::Element(0)));
    assert_eq!(parse("list[].a.b | [0]"), Ok(first.clone()));
    let values = each(Node::Values(Box::new(member("map"))), member("a"));
    assert_eq!(parse("map.*.a"), Ok(values));
    let again = each(
        Node::Flatten(Box::new(each(
            Node::Flatten(Box::new(member("a"))),
            member("b"),
        ))),
        Node::Current,
    );
    assert_eq!(parse("a[].b[]"), Ok(again));
}

#[test]
fn operators_bind_as_the_specification_says() {
    let or = |one, two| Node::Or(Box::new(one), Box::new(two));
    let and = |one, two| Node::And(Box::new(one), Box::new(two));
    let not = |one| Node::Not(Box::new(one));
    assert_eq!(
        parse("a || b && !c"),
        Ok(or(member("a"), and(member("b"), not(member("c")))))
    );
    let last = Node::Then(
        Box::new(Node::Then(
            Box::new(member("b")),
            Box::new(Node::Element(-1)),
        )),
        Box::new(member("c")),
    );
    assert_eq!(parse("a || b[-1].c"), Ok(or(member("a"), last)));
    let none = compared(
        Comparator::Equal,
        length(Node::Each {
            list: Box::new(member("s")),
            condition: Some(Box::new(not(and(
                compared(Comparator::Equal, length(member("d")), number(1)),
                compared(Comparator::Equal, member("r"), member("w")),
            )))),
            body: Box::new(Node::Current),
        }),
        number(0),
    );
    assert_eq!(
        parse("length(s[?!(length(d) == `1` && r == w)]) == `0`"),
        Ok(none)
    );
    let text = Node::Literal("it's".into());
    assert_eq!(
        parse(r"a != 'it\'s'"),
        Ok(compared(Comparator::NotEqual, member("a"), text))
    );
}

#[test]
fn what_is_no_expression_or_not_supported_is_refused_with_its_reason() {
    for (text, part) in [
        ("", "the end"),
        ("a b", "`b`"),
        ("a.", "the end"),
        ("a ==", "the end"),
        ("a[", "follow a dot"),
        ("a[b]", "follow a dot"),
        ("a[0:2]", "slices"),
        ("{a: b}", "multi-select hashes"),
        ("a.{b: c}", "multi-select hashes"),
        ("sort_by(a, &b)", "expression references"),
        ("'a", "closing '"),
        ("`{`", "no JSON"),
        ("a # b", "`# b`"),
        ("a[99999999999999999999]", "`99999999999999999999]`"),
    ] {
        let problem = parse(text).expect_err(text);
        assert!(problem.contains(part), "{text}: {problem}");
    }
    let deep = format!("{}a{}", "(".repeat(5_000), ")".repeat(5_000));
    let problem = parse(&deep).expect_err("it is too deep");
    assert!(problem.contains("64 deep"), "{problem}");
}
