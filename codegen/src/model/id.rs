//! The ids of types and members in the generator: positions in the arena.

/// An index into [`Service::types`](super::Service::types).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

/// A member of a structure or a union of the arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberId {
    /// The structure or union.
    pub owner: TypeId,
    /// Its place among the members.
    pub index: usize,
}
