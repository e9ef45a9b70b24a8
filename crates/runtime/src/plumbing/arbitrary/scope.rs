//! The scope of one strategy: which constraints its values satisfy, and how deeply they may still nest.

use proptest::strategy::{BoxedStrategy, Just, LazyJust, Strategy};

use crate::plumbing::validator::Length;
use crate::validation::Level;

/// How deeply recursive values nest.
const DEPTH: u32 = 3;

/// The scope of a value and its parts.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    level: Level,
    depth: u32,
}

impl Scope {
    /// Values that are sent and pass the checks of this level.
    pub fn sent(level: Level) -> Self {
        Self { level, depth: 0 }
    }

    /// Values that a service may send.
    pub fn received() -> Self {
        Self::sent(Level::Off)
    }

    /// Whether required members are present.
    pub fn is_structural(self) -> bool {
        self.level >= Level::Structural
    }

    /// Whether lengths, ranges, patterns and the rules of the documentation are satisfied.
    pub fn is_documented(self) -> bool {
        self.level >= Level::Documented
    }

    /// Whether recommendations are followed.
    pub fn is_strict(self) -> bool {
        self.level >= Level::Strict
    }

    /// The scope one level deeper, for a recursive value.
    #[must_use]
    pub fn deeper(self) -> Self {
        Self {
            depth: self.depth + 1,
            ..self
        }
    }

    /// Whether recursive values must end.
    pub fn is_deep(self) -> bool {
        self.depth >= DEPTH
    }

    /// The only value that the service accepts, from [`Level::Documented`] on.
    pub fn equal<T: Clone + std::fmt::Debug + 'static>(
        self,
        value: BoxedStrategy<T>,
        expected: T,
    ) -> BoxedStrategy<T> {
        match self.is_documented() {
            true => Just(expected).boxed(),
            false => value,
        }
    }

    /// A member that may be absent. It shrinks to being absent.
    pub fn optional<T: std::fmt::Debug + 'static>(
        self,
        value: BoxedStrategy<T>,
    ) -> BoxedStrategy<Option<T>> {
        proptest::option::of(value).boxed()
    }

    /// A member that is present from [`Level::Structural`] on.
    pub fn required<T: std::fmt::Debug + 'static>(
        self,
        value: BoxedStrategy<T>,
    ) -> BoxedStrategy<Option<T>> {
        self.present_if(self.is_structural(), value)
    }

    /// A member that is present at [`Level::Strict`].
    pub fn recommended<T: std::fmt::Debug + 'static>(
        self,
        value: BoxedStrategy<T>,
    ) -> BoxedStrategy<Option<T>> {
        self.present_if(self.is_strict(), value)
    }

    fn present_if<T: std::fmt::Debug + 'static>(
        self,
        is_there: bool,
        value: BoxedStrategy<T>,
    ) -> BoxedStrategy<Option<T>> {
        match is_there {
            true => value.prop_map(Some).boxed(),
            // Absent members must be tested, but a request without most of its members is rarely useful.
            false => proptest::option::weighted(0.75, value).boxed(),
        }
    }

    /// A member whose value can contain its own structure: absent where the recursion must end.
    pub fn unless_deep<T: std::fmt::Debug + 'static>(
        self,
        value: impl FnOnce(Self) -> BoxedStrategy<Option<T>>,
    ) -> BoxedStrategy<Option<T>> {
        match self.is_deep() {
            true => LazyJust::new(|| None).boxed(),
            false => value(self),
        }
    }

    /// A member, list or map that would need a value of a type without valid values: absent or empty from
    /// [`Level::Structural`] on.
    pub fn default_if_structural<T: Default + std::fmt::Debug + 'static>(
        self,
        value: impl FnOnce(Self) -> BoxedStrategy<T>,
    ) -> BoxedStrategy<T> {
        match self.is_structural() {
            true => LazyJust::new(T::default).boxed(),
            false => value(self),
        }
    }

    /// A list or map whose elements can contain its own structure: empty where the recursion must end, unless it must
    /// have elements.
    pub fn empty_if_deep<T: Default + std::fmt::Debug + 'static>(
        self,
        Length(least, _): Length,
        value: impl FnOnce(Self) -> BoxedStrategy<T>,
    ) -> BoxedStrategy<T> {
        match self.is_deep() && least.unwrap_or(0) == 0 {
            true => LazyJust::new(T::default).boxed(),
            false => value(self),
        }
    }
}
