//! The parameters of endpoint rules that come from the settings of a client and that not all services have.

/// A parameter of the rules, and its source. Generated clients pass a list of them to
/// [`Core::with_endpoint_inputs`](crate::plumbing::Core::with_endpoint_inputs).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Input {
    /// The name of the parameter in the rules.
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
    /// A flag of the environment: the variable, else the setting of the profile, which are `true` or `false`.
    Flag {
        /// The name of the variable.
        variable: &'static str,
        /// The name of the setting.
        setting: &'static str,
    },
}
