//! What the program says when it starts: what the server holds, and the settings of clients.

use attache_local::{Contents, Local};

/// Where the access key comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// It is in the source code.
    Default,
    /// The user gave it, and its secret is not shown.
    Given,
    /// The program chose it.
    Random,
}

/// The message. `data` is the data folder, and `accounts` are further access keys with their accounts.
pub(crate) fn text(
    local: &Local,
    key: Key,
    data: Option<&str>,
    accounts: &[(String, String)],
) -> String {
    let url = local.endpoint();
    let (id, secret) = local.key();
    let region = local.region();
    let address = local.address();
    let mut lines = vec![
        format!(
            "attache-local {}: Support and Security IR listen at {address}. Ctrl-C ends it.",
            env!("CARGO_PKG_VERSION")
        ),
        match data {
            Some(folder) => format!("The data is kept in {folder}:"),
            None => "The data is in memory, and deleted at the end:".to_owned(),
        },
    ];
    lines.extend(local.contents().iter().map(held));
    lines.push("Settings of clients:".to_owned());
    let secret = match key {
        Key::Default | Key::Random => secret,
        Key::Given => "the secret of --key",
    };
    for (name, value) in [
        ("AWS_ENDPOINT_URL_SUPPORT", url),
        ("AWS_ENDPOINT_URL_SECURITY_IR", url),
        ("AWS_ACCESS_KEY_ID", id),
        ("AWS_SECRET_ACCESS_KEY", secret),
        ("AWS_REGION", region),
    ] {
        let quote = if value.contains(' ') { "\"" } else { "" };
        lines.push(format!("  export {name}={quote}{value}{quote}"));
    }
    for (key, account) in accounts {
        lines.push(format!(
            "The access key {key}, with the same secret, is of the account {account}."
        ));
    }
    lines.join("\n")
}

fn held(contents: &Contents) -> String {
    let count = |number: usize, one: &str| match number {
        1 => format!("1 {one}"),
        number => format!("{number} {one}s"),
    };
    let region = contents.region.as_deref().unwrap_or("global");
    let mut parts = vec![count(contents.cases, "case"), count(contents.files, "file")];
    if contents.region.is_some() {
        parts.push(count(contents.memberships, "membership"));
    }
    format!(
        "  {} {} {region}: {}",
        contents.account_id,
        contents.service,
        parts.join(", ")
    )
}
