//! Paths of members.

use super::id::MemberId;

/// A path into a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// Whether it leads to many values.
    pub fn has_each(&self) -> bool {
        self.0.iter().any(|step| step.each)
    }
}

/// One member of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The member.
    pub member: MemberId,
    /// Whether the path continues in each element of the member.
    pub each: bool,
}
