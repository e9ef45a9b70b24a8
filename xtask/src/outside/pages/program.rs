//! Turns the pages of scripted responses: a case in each line of the input, what was requested and received in each line of the
//! output.

use std::io::{BufRead as _, Write as _};

use attache_runtime::ErrorKind;
use attache_runtime::operation::{Paginated, PaginatedItems};
use attache_runtime::test::{Mock, Respond, Rule, when};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    /// The responses, one after the other.
    pages: Vec<Value>,
    /// The items that are expected, which come back as ours are written.
    items: Vec<Value>,
    /// How many items are asked for.
    limit: Option<usize>,
}

#[derive(Serialize)]
struct Found {
    requests: Vec<Value>,
    items: Vec<Value>,
    expected: Vec<Value>,
    end: &'static str,
}

/// The rule that gives the pages.
fn script<R: Respond>(case: &Case) -> anyhow::Result<Rule<R>>
where
    R::Response: DeserializeOwned,
{
    let mut pages = case.pages.iter();
    let mut next = || -> anyhow::Result<Option<R::Response>> {
        Ok(pages.next().cloned().map(serde_json::from_value).transpose()?)
    };
    let first = next()?.ok_or_else(|| anyhow::anyhow!("there is no page"))?;
    let mut rule = when::<R>(|_| true).then(Ok(first));
    while let Some(page) = next()? {
        rule = rule.then(Ok(page));
    }
    Ok(rule)
}

fn of_items<R>(_: &attache_runtime::Items<R>, case: &Case) -> anyhow::Result<Rule<R>>
where
    R: Respond + PaginatedItems,
    R::Response: DeserializeOwned,
{
    script(case)
}

fn of_pages<R>(_: &attache_runtime::Pages<R>, case: &Case) -> anyhow::Result<Rule<R>>
where
    R: Respond + Paginated,
    R::Response: DeserializeOwned,
{
    script(case)
}

fn sent<R: Respond + Serialize>(mock: &Mock) -> anyhow::Result<Vec<Value>> {
    let requests = mock.requests::<R>();
    let requests = requests.iter().map(|request| serde_json::to_value(&**request));
    Ok(requests.collect::<Result<_, _>>()?)
}

fn end(kind: Option<ErrorKind>) -> anyhow::Result<&'static str> {
    match kind {
        None => Ok("end"),
        Some(ErrorKind::Pagination) => Ok("repeated"),
        Some(other) => anyhow::bail!("{other:?}"),
    }
}

fn items<R>(items: attache_runtime::Items<R>, mock: &Mock, case: &Case) -> anyhow::Result<Found>
where
    R: Respond + PaginatedItems + Serialize,
    R::Item: Serialize + DeserializeOwned,
{
    let items = match case.limit {
        Some(limit) => items.limit(limit),
        None => items,
    };
    let (mut found, mut kind) = (Vec::new(), None);
    for item in items.wait() {
        match item {
            Ok(item) => found.push(serde_json::to_value(item)?),
            Err(error) => kind = Some(error.kind()),
        }
    }
    let mut expected = Vec::new();
    for item in &case.items {
        let item: R::Item = serde_json::from_value(item.clone())?;
        expected.push(serde_json::to_value(item)?);
    }
    Ok(Found { requests: sent::<R>(mock)?, items: found, expected, end: end(kind)? })
}

fn pages<R>(pages: attache_runtime::Pages<R>, mock: &Mock) -> anyhow::Result<Found>
where
    R: Respond + Paginated + Serialize,
{
    let kind = pages.wait().find_map(|page| page.err().map(|error| error.kind()));
    Ok(Found { requests: sent::<R>(mock)?, items: Vec::new(), expected: Vec::new(), end: end(kind)? })
}

/// The client of a mock that gives the pages; the first one only names the type of the request.
macro_rules! client {
    ($crate_name:ident, $operation:ident, $kind:ident, $of:ident, $case:expr) => {{
        let client = $crate_name::Client::new(&Mock::new().config().build()?);
        let mock = Mock::new().rule($of(&client.$operation().$kind(), $case)?);
        let client = $crate_name::Client::new(&mock.config().max_attempts(1).build()?);
        (client.with_validation(attache_runtime::validation::Level::Off), mock)
    }};
}

macro_rules! turn {
    (items, $crate_name:ident, $operation:ident, [$($label:ident),*], $case:expr) => {{
        let (client, mock) = client!($crate_name, $operation, items, of_items, $case);
        items(client.$operation()$(.$label("attache"))*.items(), &mock, $case)
    }};
    (pages, $crate_name:ident, $operation:ident, [$($label:ident),*], $case:expr) => {{
        let (client, mock) = client!($crate_name, $operation, pages, of_pages, $case);
        pages(client.$operation()$(.$label("attache"))*.pages(), &mock)
    }};
}

fn main() -> anyhow::Result<()> {
    let mut output = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let case: Case = serde_json::from_str(&line?)?;
        let found = chosen(&case).map_err(|error| anyhow::anyhow!("{}: {error:#}", case.name))?;
        writeln!(output, "{}", serde_json::to_string(&found)?)?;
    }
    Ok(())
}
