//! Shows what an error says: `cargo run --example errors`.

use attache_support::{Client, Error, ServiceError};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env().await?;

    // Everything that is wrong with a request comes at once, before it is sent.
    let call = client
        .create_case()
        .language("klingon")
        .communication_body("");
    let error = call.send().await.expect_err("the request is not valid");
    for violation in error
        .violations()
        .into_iter()
        .flat_map(|found| found.iter())
    {
        println!("not sent: {violation}");
    }

    // What the service answers is a typed error.
    let call = client
        .resolve_case()
        .case_id("case-123456789012-muen-2026-0123456789abcdef");
    match call.send().await {
        Ok(case) => println!("{:?}", case.final_case_status),
        Err(error) if error.is_throttled() => println!("later: {error:#}"),
        Err(error) if error.may_have_taken_effect() => {
            println!("look before you try again: {error:#}")
        }
        Err(error) => match error.service() {
            Some(ServiceError::CaseIdNotFound(_)) => println!("no such case: {error:#}"),
            _ => return Err(error),
        },
    }
    Ok(())
}
