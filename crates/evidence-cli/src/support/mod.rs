//! Commands for AWS Support.

mod batch;
mod open;
mod read;
mod reply;
mod text;

use attache_support::Client;

use crate::Context;
use crate::answer::Answer;
use crate::arguments::Support;
use crate::failure::Result;

pub(crate) use self::read::attachments;

/// The name of the service in the state and in manifests.
pub(crate) const SERVICE: &str = "support";

pub(crate) async fn run(context: &Context, command: Support) -> Result<Answer> {
    let client = Client::new(&context.config);
    match command {
        Support::Open(arguments) => open::open(context, &client, arguments).await,
        Support::Reply(arguments) => reply::reply(context, &client, arguments).await,
        Support::List(arguments) => read::list(&client, &arguments).await,
        Support::Show(arguments) => read::show(&client, &arguments.case).await,
        Support::Get(arguments) => crate::download::support(&client, arguments).await,
        Support::Resolve(arguments) => read::resolve(&client, &arguments.case).await,
    }
}
