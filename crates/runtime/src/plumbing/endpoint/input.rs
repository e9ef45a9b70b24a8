//! The parameters of endpoint rules that come from the settings of a client and that not all services have.

/// The built-in that clients of all services know, and that some services have another setting for, too. Either may set it.
pub const DUAL_STACK: &str = "AWS::UseDualStack";

/// A parameter of the rules, and its source. Generated clients pass a list of them to
/// [`Core::with_endpoint_inputs`](crate::plumbing::Core::with_endpoint_inputs).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Input {
    /// The name of the parameter in the rules, or [`DUAL_STACK`].
    pub parameter: &'static str,
    /// Its source.
    pub source: InputSource,
}

/// Where a parameter comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputSource {
    /// `AWS::Auth::AccountId`: the account of the credentials, unless the mode is `disabled`.
    AccountId,
    /// `AWS::Auth::AccountIdEndpointMode`: the setting of the configuration.
    AccountIdEndpointMode,
    /// A flag that variables and profiles set.
    Setting(FlagSetting),
}

/// A flag that variables and profiles set, and that only some services have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlagSetting {
    /// The name of the variable, if there is one. It takes precedence over the profile.
    pub variable: Option<&'static str>,
    /// The names in the profile, in the order of their precedence. `s3.use_arn_region` is the setting `use_arn_region`
    /// that is nested below `s3`.
    pub settings: &'static [&'static str],
    /// The words that it may have, in lower case, and what they mean. Another word is an error.
    pub words: &'static [(&'static str, bool)],
}
