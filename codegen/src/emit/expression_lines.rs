//! Breaks a long expression of an example into lines, as rustfmt would: a page has room for little more than eighty columns.

/// How many columns a line of an example has.
const WIDTH: usize = 84;

/// A step of the indentation.
const STEP: usize = 4;

/// The lines of an expression that begins at this column.
pub(super) fn lines(expression: &str, column: usize) -> Vec<String> {
    let indent = " ".repeat(column);
    if column + expression.chars().count() <= WIDTH {
        return vec![format!("{indent}{expression}")];
    }
    let outline = Outline::of(expression);
    // A chain of calls: each call on a line.
    let dots = outline.dots.iter().filter(|at| **at > 0);
    let dots: Vec<usize> = dots.copied().collect();
    if dots.len() > 1 {
        let mut all = lines(&expression[..dots[0]], column);
        for (index, start) in dots.iter().enumerate() {
            let end = dots.get(index + 1).copied();
            let call = &expression[*start..end.unwrap_or(expression.len())];
            all.extend(lines(call, column + STEP));
        }
        return all;
    }
    let groups = outline.groups.iter();
    let Some((mut open, mut close)) = groups.max_by_key(|(open, close)| close - open).copied()
    else {
        return vec![format!("{indent}{expression}")];
    };
    // A list that is the only argument: `([` and `])` stay together.
    let inner = Outline::of(&expression[open + 1..close]);
    if let [(0, end)] = inner.groups[..]
        && open + 1 + end + 1 == close
    {
        (open, close) = (open + 1, close - 1);
    }
    let inside = &expression[open + 1..close];
    if inside.is_empty() {
        return vec![format!("{indent}{expression}")];
    }
    let mut all = vec![format!("{indent}{}", &expression[..=open])];
    for part in Outline::of(inside).parts(inside) {
        all.extend(lines(&format!("{part},"), column + STEP));
    }
    all.push(format!("{indent}{}", &expression[close..]));
    all
}

/// Where an expression can be broken: what is not inside of brackets or texts.
#[derive(Default)]
struct Outline {
    /// Pairs of brackets.
    groups: Vec<(usize, usize)>,
    commas: Vec<usize>,
    /// The dots before names.
    dots: Vec<usize>,
}

impl Outline {
    fn of(expression: &str) -> Self {
        let mut outline = Self::default();
        let (mut depth, mut open, mut is_text, mut is_escaped) = (0_usize, 0, false, false);
        let bytes = expression.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' if is_text => is_escaped = true,
                b'"' => is_text = !is_text,
                _ if is_text => {}
                b'(' | b'[' | b'{' => {
                    if depth == 0 {
                        open = at;
                    }
                    depth += 1;
                }
                b')' | b']' | b'}' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        outline.groups.push((open, at));
                    }
                }
                b',' if depth == 0 => outline.commas.push(at),
                b'.' if depth == 0 && bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic) => {
                    outline.dots.push(at);
                }
                _ => {}
            }
        }
        outline
    }

    /// The parts between the commas.
    fn parts<'e>(&self, expression: &'e str) -> Vec<&'e str> {
        let mut parts = Vec::new();
        let mut start = 0;
        for end in self.commas.iter().copied().chain([expression.len()]) {
            parts.push(expression[start..end].trim());
            start = (end + 1).min(expression.len());
        }
        parts.retain(|part| !part.is_empty());
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn a_short_expression_stays_on_its_line() {
        assert_eq!(lines(".name(\"a, b\")", 4), ["    .name(\"a, b\")"]);
    }

    #[test]
    fn a_list_of_calls_has_an_element_on_each_line() {
        let one = "Responder::new(\"ana@example.com\", \"Security (lead), \\\"on call\\\"\")";
        let other = "Responder::new(\"jorge@example.com\", \"Site reliability engineer\", \"Jorge de Souza\")";
        assert_eq!(
            lines(&format!(".team([{one}, {other}])"), 4),
            [
                "    .team([",
                &format!("        {one},"),
                "        Responder::new(",
                "            \"jorge@example.com\",",
                "            \"Site reliability engineer\",",
                "            \"Jorge de Souza\",",
                "        ),",
                "    ])",
            ]
        );
    }

    #[test]
    fn a_chain_has_a_call_on_each_line_and_a_text_is_never_broken() {
        let text = "x. y(".repeat(20);
        assert_eq!(
            lines(
                &format!(".file(File::new().data(\"{text}\").name(\"a.log\"))"),
                0
            ),
            [
                ".file(".to_owned(),
                "    File::new()".to_owned(),
                "        .data(".to_owned(),
                format!("            \"{text}\","),
                "        )".to_owned(),
                "        .name(\"a.log\"),".to_owned(),
                ")".to_owned(),
            ]
        );
        let start = "Timestamp::parse_any(\"2026-03-01T00:00:00Z\").expect(\"a date and a time\")";
        assert_eq!(
            lines(&format!(".reported_start({start})"), 4),
            [
                "    .reported_start(",
                &format!("        {start},"),
                "    )"
            ]
        );
        let map = format!(".tags([(\"key\", \"{}\".into())].into())", "v".repeat(80));
        let shown = lines(&map, 4).concat();
        assert_eq!(shown.replace([' ', ','], ""), map.replace([' ', ','], ""));
    }
}
