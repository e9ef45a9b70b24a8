//! Commands for AWS Security Incident Response.

mod comment;
mod open;
mod put;
mod read;

use attache_security_ir::Client;

use crate::Context;
use crate::answer::Answer;
use crate::arguments::Ir;
use crate::failure::Result;

pub(crate) use self::read::attachments;

/// The name of the service in the state and in manifests.
pub(crate) const SERVICE: &str = "security-ir";

pub(crate) async fn run(context: &Context, command: Ir) -> Result<Answer> {
    let client = Client::new(&context.config);
    match command {
        Ir::Open(arguments) => open::open(context, &client, arguments).await,
        Ir::Comment(arguments) => comment::comment(context, &client, arguments).await,
        Ir::Put(arguments) => put::put(context, &client, arguments).await,
        Ir::List(arguments) => read::list(&client, &arguments).await,
        Ir::Show(arguments) => read::show(&client, &arguments.case).await,
        Ir::Get(arguments) => crate::download::security_ir(&client, arguments).await,
        Ir::Status(arguments) => read::status(&client, &arguments).await,
        Ir::Close(arguments) => read::close(&client, &arguments.case).await,
    }
}
