//! The configuration of the clients, from the options, the environment and the files of the AWS CLI.

use attache_runtime::Config;

use crate::arguments::Global;
use crate::failure::Result;

/// Options take precedence over the environment, and that over the files.
pub(crate) fn config(global: &Global) -> Result<Config> {
    let mut builder = Config::builder();
    if let Some(profile) = &global.profile {
        builder = builder.profile(profile);
    }
    if let Some(region) = &global.region {
        builder = builder.region(region);
    }
    if let Some(url) = &global.endpoint_url {
        builder = builder.endpoint_url(url);
    }
    Ok(builder.from_env()?.build()?)
}
