//! Adds a person who gets news of a case by e-mail, and shows all of them:
//! `cargo run --example add_watcher -- 0123456789 john.roe@example.com "John Roe"`.

use std::error::Error;

use attache_security_ir::Client;
use attache_security_ir::types::Watcher;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(case), Some(email)) = (arguments.next(), arguments.next()) else {
        return Err("say which case, and the e-mail address".into());
    };
    let mut watcher = Watcher::new(email);
    if let Some(name) = arguments.next() {
        watcher = watcher.name(name);
    }
    let client = Client::from_env().await?;
    let call = client.update_case().case_id(&case);
    call.watchers_to_add([watcher]).send().await?;
    let found = client.get_case().case_id(&case).send().await?;
    for watcher in found.watchers.unwrap_or_default() {
        println!("{}  {}", watcher.email, watcher.name.unwrap_or_default());
    }
    Ok(())
}
