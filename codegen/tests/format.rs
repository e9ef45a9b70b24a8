//! The printer against `rustfmt`: on written fixtures, and on constructs of every width.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use attache_codegen::format::{Error, format, format_with_header};
use proc_macro2::TokenStream;

fn tokens(source: &str) -> TokenStream {
    match source.parse() {
        Ok(tokens) => tokens,
        Err(error) => panic!("{error}:\n{source}"),
    }
}

fn printed(source: &str) -> String {
    match format(tokens(source)) {
        Ok(text) => text,
        Err(error) => panic!("{error}"),
    }
}

/// What `rustfmt` makes of a file.
fn rustfmt(source: &str) -> String {
    let program = std::env::var_os("RUSTFMT").unwrap_or_else(|| "rustfmt".into());
    let child = Command::new(&program)
        .args(["--edition", "2024"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => panic!(
            "these tests compare with rustfmt, which could not be run ({error}); install it with \
             `rustup component add rustfmt`"
        ),
    };
    let mut input = child.stdin.take().expect("piped");
    let source = source.to_owned();
    let writer = std::thread::spawn(move || input.write_all(source.as_bytes()));
    let output = child.wait_with_output().expect("rustfmt ends");
    writer.join().expect("no panic").expect("rustfmt reads all");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "rustfmt failed: {errors}");
    String::from_utf8(output.stdout).expect("rustfmt writes UTF-8")
}

/// Fails at the first line that differs, with the lines around it.
#[track_caller]
fn assert_same(actual: &str, expected: &str, what: &str) {
    if actual == expected {
        return;
    }
    let differs = |(left, right): (&str, &str)| left != right;
    let line = actual
        .lines()
        .zip(expected.lines())
        .position(differs)
        .unwrap_or_else(|| actual.lines().count().min(expected.lines().count()));
    let excerpt = |text: &str| -> String {
        let lines = text.lines().skip(line.saturating_sub(4)).take(12);
        lines.collect::<Vec<_>>().join("\n")
    };
    panic!(
        "{what}: line {} differs\n--- printed\n{}\n--- expected\n{}\n",
        line + 1,
        excerpt(actual),
        excerpt(expected)
    );
}

#[test]
fn fixtures_are_printed_as_they_are() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/format");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the fixtures exist") {
        let path = entry.expect("the fixture exists").path();
        let name = path.display().to_string();
        let source = std::fs::read_to_string(&path).expect("the fixture is text");
        assert_same(&rustfmt(&source), &source, &format!("{name} by rustfmt"));
        assert_same(&printed(&source), &source, &name);
        count += 1;
    }
    assert!(count >= 2);
}

/// Items in which every `X` stands for a name of varying length.
const ITEMS: &[&str] = &[
    "fn X() -> Output {}",
    "fn f(X: u8) {}",
    "pub fn X(first: &str, second: Option<u8>) -> Result<Output, Error> {}",
    "pub async fn send(self, client: &Client, X: &[u8]) -> Result<Output, Error> { client.send() }",
    "fn f<X>(first: X) where X: Debug {}",
    "fn f<T: X>(first: T) -> impl Future<Output = Result<T, Error>> + Send + 'static {}",
    "fn f<T>() where T: TryInto<X, Error = Failure> + Send + Sync + 'static, T::Error: Debug {}",
    "struct X { field: u8 }",
    "struct X<'a, T: Debug + 'a>(pub &'a T, Option<T>);",
    "struct S { pub field: HashMap<String, Vec<X>>, pub X: Option<DateTime> }",
    "struct S(pub X, pub Option<X>);",
    "enum E { X, Two(X), Three { field: X } }",
    "enum E { X = 1, B = 2 }",
    "enum E { Named { first: u8, X: u8 } }",
    "#[derive(Clone, Debug, X, PartialEq, Eq, Hash)] struct S;",
    "#[serde(rename = \"X\", skip_serializing_if = \"Option::is_none\")] struct S;",
    "#[cfg(any(feature = \"X\", feature = \"other\"))] struct S;",
    "#[X] struct S;",
    "impl Trait<X> for Structure<X> { fn f() {} }",
    "impl<T: X> Trait<X> for Structure<T> where T: Debug { fn f() {} }",
    "impl X {}",
    "impl<T> Trait for S<T> where T: X {}",
    "trait X: First + Second<u8> { fn f(&self, X: u8) -> Result<(), Error>; }",
    "const X: &str = \"value of the constant\";",
    "const LIST: &[Kind] = &[Kind::First, Kind::X, Kind::Third];",
    "static TABLE: Table = Table { name: \"X\", size: 3 };",
    "static LIST: [&str; 2] = [\"X\", \"a second text that is long\"];",
    "type X = Result<HashMap<String, String>, Error>;",
    "type T = Box<dyn Fn(X, u8) -> Option<X> + Send + Sync>;",
    "type T = fn(X, &mut Second) -> Third;",
    "use first::{X, second, third::Third, Fourth};",
    "use first::X::{Second, THIRD, fourth as fifth, self};",
    "use a::{X::{b, c}, d::{e, f}, g};",
    "X!(first, second + third, &mut fourth);",
];

/// Statements in which every `X` stands for a name of varying length.
const STATEMENTS: &[&str] = &[
    "X(first, second);",
    "call(X, second_argument, third_argument);",
    "call(first_argument, &X.second, third(X));",
    "outer(inner(X, second), |value| { first(value); second(value) });",
    "outer(|value| inner(value, X));",
    "outer(first, move |value, index| { let x = X; inner(value, index, x) });",
    "outer(inner(X));",
    "outer(inner(first, X)?)?;",
    "outer(&[first, X, third]);",
    "outer(Some(Structure { first: 1, X: 2 }));",
    "outer(match X { 1 => 2, _ => 3 });",
    "outer(async move { X.await });",
    "Ok(Structure { first: X.into(), second, ..Default::default() })",
    "Err(Error::new(format!(\"a message: {}\", X)))",
    "first.X().second();",
    "first.second(X).third();",
    "self.X.second().third(|value| value.fourth())?.fifth().await?;",
    "let value = self.X.iter().map(|value| value.name()).collect::<Vec<_>>();",
    "let value = X.first().second(|value| { let x = value?; x.third() });",
    "let value = X.get(index)?;",
    "let value = X(first, second)?.third();",
    "let value: Option<Type> = X.first(second, third).fourth();",
    "let X = first.second(third)?.fourth(fifth).sixth();",
    "let X = Structure { first, second: 2 };",
    "let X: HashMap<String, Vec<Value>> = HashMap::with_capacity(16);",
    "let value = Structure { X };",
    "let value = Structure { X, y: 1 };",
    "let (first, X) = (second, third_value);",
    "let Some(X) = value else { return None };",
    "let Some(value) = X.first(second) else { return Err(Error::Missing); };",
    "let Structure { first, X, .. } = value;",
    "let value = if X { first } else { second };",
    "let value = if X.first(second) { third_value } else { fourth_value };",
    "let value = X + second_operand * third_operand - fourth_operand;",
    "let value = X && second_condition(third) || fourth_condition && !fifth;",
    "let value = first_operand == X.second(third);",
    "let value = X as u64 + 1;",
    "let value = &mut X[first..second];",
    "let value = [X, second, third];",
    "let value = [X; 16];",
    "let value = vec![X, second(third), fourth];",
    "let value = vec![first(X); second];",
    "let value = (X, second(third), \"a string\");",
    "let value = |first, X| first + second;",
    "let value = |first: u8, X: u8| -> Result<u8, Error> { Ok(first) };",
    "let value = move || X.first(second_argument).third(fourth_argument);",
    "let value = match X { Some(value) => value, None => return Err(Error::Missing) };",
    "let value = first..X;",
    "let value = \"X\";",
    "let value = format!(\"X {} {}\", first, second.third());",
    "let value = format!(\"{} {}\", X, second);",
    "self.X = first.second(third).fourth();",
    "X += first.second(third) + fourth;",
    "*self.first = X(second, third, fourth);",
    "return X.first(second, third);",
    "if X && first { second(); } else if let Some(X) = third { fourth(); } else { fifth(); }",
    "if first_condition(second) && X.third(fourth) { fifth(); }",
    "if let Some(value) = X && let Some(other) = value.first(second) { third(); }",
    "if let Some(first) = self.X.second(third) { fourth(); }",
    "while let Some(value) = X.next(first, second)? { third(value); }",
    "for value in X.iter().filter(|value| value.is_first()) { second(value); }",
    "match value { X => first(), _ => second() }",
    "match value { First(X) => second(X, third), Fourth { X, .. } => fifth() }",
    "match value { First => X.second(third).fourth(fifth), _ => {} }",
    "match value { First => Structure { X, second: third }, _ => return X }",
    "match value { First => return Err(Error::X(second)), _ => () }",
    "match value { First | Second(X) | Third { .. } => fourth(), _ => fifth() }",
    "match value { \"X\" => First, \"a\" | \"b\" | \"X\" => Second, _ => Third }",
    "match value { First(first) if X(first) => second(first), _ => third() }",
    "match value { First => { X } Second => { first(X) } Third => if X { a } else { b } }",
    "match X.first(second).third(fourth) { First => second(), _ => third() }",
    "match value { First => |x| X(x), Second => &X.first(second)[..], Third => X? }",
    "write!(f, \"a format string {} {}\", X, second)?;",
    "assert_eq!(X.first(), second, \"a message\");",
    "assert!(matches!(X, First | Second(_)));",
    "log(\"a text that is as long as a line may be, to see what becomes of it then\", X);",
    "call(\"a text that is longer than a line may be, to see what becomes of it then, as it cannot fit\", X);",
    "let future = async move { X(first).await };",
    "let value = unsafe { X(first, second) };",
    "let value = <X as Trait<Second>>::call(third, fourth);",
    "let value = Type::<X>::call::<Second>(third, fourth);",
    "let value = first(second)(X)[third].fourth(fifth);",
    "let value = !X.is_first() && -second < third;",
    "let value = (first + X) * (second - third) / fourth;",
    "let value = first(|| X.second(), third);",
    "let value = first.second(|| X.third(fourth)).fifth(|error| Error::new(error, X))?;",
    "let value = first.map(|X| Structure { X, second: third }).unwrap_or_default();",
    "let value = first.map(|value| if X { second } else { third });",
    "let value = first.and_then(|value| match value { First => Some(X), _ => None });",
];

const LENGTHS: std::ops::RangeInclusive<usize> = 1..=90;

/// Puts a name into the places of a template. It begins differently in types and in values.
fn filled(template: &str, length: usize) -> String {
    template.replace('X', &"x".repeat(length))
}

fn assert_sweep(source: &str) {
    let text = printed(source);
    assert_same(&text, &rustfmt(&text), "sweep");
}

#[test]
fn items_of_every_width() {
    let mut source = String::new();
    for template in ITEMS {
        for length in LENGTHS {
            source.push_str(&filled(template, length));
            let item = filled(template, length);
            write!(source, "mod inner {{ {item} }}").expect("text takes all");
        }
    }
    assert_sweep(&source);
}

#[test]
fn statements_of_every_width() {
    let mut source = String::new();
    for template in STATEMENTS {
        for length in LENGTHS {
            let statement = filled(template, length);
            write!(source, "fn sweep() {{ {statement} }}").expect("text takes all");
        }
    }
    assert_sweep(&source);
}

#[test]
fn nested_statements_of_many_widths() {
    let mut source = String::new();
    for template in STATEMENTS {
        for length in LENGTHS.step_by(3) {
            let statement = filled(template, length);
            write!(
                source,
                "impl S {{ fn sweep(&self) {{ self.items.iter().for_each(|item| match item {{ \
                 First(value) => {{ {statement} }} _ => call(|| {{ {statement} }}) }}) }} }}"
            )
            .expect("text takes all");
        }
    }
    assert_sweep(&source);
}

#[test]
fn documentation_turns_into_comments() {
    let source = r#"
        #![doc = " Module.\n\n More."]
        #[doc = "No space."]
        #[doc = ""]
        #[doc = "  indented\nsecond"]
        struct S { #[doc = " Field."] field: u8 }
    "#;
    let expected = "//! Module.\n//!\n//! More.\n\n/// No space.\n///\n///  indented\n/// second\n\
                    struct S {\n    /// Field.\n    field: u8,\n}\n";
    assert_same(&printed(source), expected, "documentation");
    assert_same(&rustfmt(expected), expected, "documentation by rustfmt");
}

#[test]
fn a_statement_asks_for_an_empty_line() {
    let source = "fn f() { blank_line!(); a(); blank_line!(); b(); blank_line!(); }";
    assert_eq!(printed(source), "fn f() {\n    a();\n\n    b();\n}\n");
}

#[test]
fn a_header_comes_first() {
    let text = format_with_header("Generated.\n\nDo not edit.", tokens("struct S;"));
    let expected = "// Generated.\n//\n// Do not edit.\n\nstruct S;\n";
    assert_eq!(text.as_deref(), Ok(expected));
}

#[test]
fn an_empty_file_is_empty() {
    assert_eq!(printed(""), "");
}

#[test]
fn unknown_syntax_is_an_error() {
    let sources = [
        "macro_rules! m { () => {} }",
        "union U { a: u8 }",
        "extern \"C\" { fn f(); }",
        "fn f() { #![allow(unused)] }",
        "fn f() { match x { #![allow(unused)] _ => {} } }",
        "type T<U> where U: Debug = Vec<U>;",
        "fn f() { let x = const { 1 }; }",
        "fn f() { debug!(?value, \"text\"); }",
    ];
    for source in sources {
        match format(tokens(source)) {
            Err(Error::Unsupported { kind, snippet }) => {
                assert!(!kind.is_empty() && !snippet.is_empty(), "{source}");
            }
            other => panic!("{source}: {other:?}"),
        }
    }
    assert!(matches!(
        format(tokens("struct")),
        Err(Error::Syntax { .. })
    ));
}

#[test]
fn deep_nesting_takes_no_exponential_time() {
    let mut expression = "x".to_owned();
    for _ in 0..24 {
        expression = format!("first.call(|value| second(value, {expression})).last()");
    }
    let text = printed(&format!("fn f() {{ {expression} }}"));
    assert!(text.lines().count() > 24);
}

#[test]
fn what_was_printed_before_makes_no_difference() {
    let mut one_for_all = attache_codegen::format::Formatter::new();
    // Up and down, so that layouts for narrow names are known before wide ones come, and the other way round.
    for width in (1..100).chain((1..100).rev()) {
        let name = "n".repeat(width);
        let other = "o".repeat(101 - width);
        let source = format!(
            "struct A {{ {name}: B, c: Vec<{other}> }}
             impl A {{ fn {name}(self, {other}: u8) -> Self {{
                 let {name} = call({other}, \"text\", 7)?;
                 match self.{name} {{
                     {other} => self.c({name}).d({other}),
                     _ if a => {{ one({name}); two({other}) }}
                 }}
                 if {name} {{ return; }} else {{ go({other}); }}
                 Self {{ {name}, c: {other} }}
             }} }}"
        );
        let tokens: proc_macro2::TokenStream = source.parse().expect("these are tokens");
        assert_eq!(
            one_for_all.format(tokens.clone()).expect("it is printed"),
            attache_codegen::format::format(tokens).expect("it is printed"),
            "{source}"
        );
    }
}
