//! Comments on a case, and shows its comments: `cargo run --example comment_on_incident -- 0123456789 "The key is off."`.

use std::error::Error;

use attache_security_ir::Client;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(case), Some(text)) = (arguments.next(), arguments.next()) else {
        return Err("say which case, and what to comment".into());
    };
    let client = Client::from_env().await?;
    let call = client.create_case_comment().case_id(&case).body(text);
    call.send().await?;
    let mut comments = client.list_comments().case_id(&case).items();
    while let Some(comment) = comments.next().await {
        let comment = comment?;
        let created = comment.created_date.map(|date| date.to_string());
        println!(
            "{}  {}",
            created.unwrap_or_default(),
            comment.body.unwrap_or_default()
        );
    }
    Ok(())
}
