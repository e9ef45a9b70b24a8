//! Lists, maps, blobs and documents.

use std::collections::BTreeMap;
use std::fmt::Debug;

use proptest::arbitrary::any;
use proptest::collection::{SizeRange, vec};
use proptest::prop_oneof;
use proptest::strategy::{BoxedStrategy, Just, Strategy};

use super::Scope;
use crate::plumbing::validator::Length;
use crate::{Bytes, Document};

/// How many elements above the minimum most lists have.
const ROOM: u64 = 3;

/// Lists are filled up to their limit where that is no more than this.
const FULL: u64 = 100;

/// Blobs are filled up to their limit where that is no more than this.
const FULL_BLOB: u64 = 8 * 1024 * 1024;

fn bounds(scope: Scope, Length(least, most): Length) -> (u64, u64) {
    match scope.is_documented() {
        true => (least.unwrap_or(0), most.unwrap_or(u64::MAX)),
        false => (0, u64::MAX),
    }
}

fn size(from: u64, to: u64) -> SizeRange {
    SizeRange::from(from as usize..=to as usize)
}

/// Lists of a length. They shrink to fewer elements.
pub fn list<T: Debug + 'static>(
    scope: Scope,
    element: BoxedStrategy<T>,
    length: Length,
) -> BoxedStrategy<Vec<T>> {
    let (least, most) = bounds(scope, length);
    let some = vec(
        element.clone(),
        size(least, most.min(least.saturating_add(ROOM))),
    );
    match most {
        ..=FULL => prop_oneof![15 => some, 1 => vec(element, most as usize)].boxed(),
        _ => some.boxed(),
    }
}

/// Lists of a length in which no two elements are equal, from [`Level::Documented`](crate::validation::Level::Documented)
/// on.
pub fn unique_list<T: Debug + 'static>(
    scope: Scope,
    element: BoxedStrategy<T>,
    length: Length,
    equal: fn(&T, &T) -> bool,
) -> BoxedStrategy<Vec<T>> {
    let elements = list(scope, element, length);
    if !scope.is_documented() {
        return elements;
    }
    let (least, _) = bounds(scope, length);
    elements
        .prop_map(move |elements| {
            let mut unique: Vec<T> = Vec::with_capacity(elements.len());
            for element in elements {
                if !unique.iter().any(|other| equal(other, &element)) {
                    unique.push(element);
                }
            }
            unique
        })
        .prop_filter("too many elements are equal", move |unique| {
            unique.len() as u64 >= least
        })
        .boxed()
}

/// Maps with a number of entries.
pub fn map<K: Ord + Debug + 'static, V: Debug + 'static>(
    scope: Scope,
    key: BoxedStrategy<K>,
    value: BoxedStrategy<V>,
    length: Length,
) -> BoxedStrategy<BTreeMap<K, V>> {
    let (least, _) = bounds(scope, length);
    let pairs = list(scope, (key, value).boxed(), length);
    pairs
        .prop_map(|pairs| pairs.into_iter().collect::<BTreeMap<K, V>>())
        .prop_filter("too many keys are equal", move |map| {
            map.len() as u64 >= least
        })
        .boxed()
}

/// Blobs of a length, in bytes.
pub fn blob(scope: Scope, length: Length) -> BoxedStrategy<Bytes> {
    let (least, most) = bounds(scope, length);
    let some = vec(any::<u8>(), size(least, most.min(least.saturating_add(32))));
    let some = some.prop_map(Bytes::from);
    match most {
        // Long blobs repeat a piece, because random megabytes are expensive, and nothing depends on their content.
        ..=FULL_BLOB => {
            let full = Just(Bytes::from(vec![7; most as usize]));
            prop_oneof![63 => some, 1 => full].boxed()
        }
        _ => some.boxed(),
    }
}

/// Documents; `null` occurs only within others, because a member that is `null` counts as absent.
pub fn document() -> BoxedStrategy<Document> {
    let text = || Scope::received().text().boxed();
    let value = prop_oneof![
        any::<bool>().prop_map(Document::from),
        any::<i32>().prop_map(Document::from),
        super::double(
            Scope::received(),
            crate::plumbing::validator::Range(None, None)
        )
        .prop_map(Document::from),
        text().prop_map(Document::from),
    ];
    let leaf = prop_oneof![4 => value.clone(), 1 => Just(Document::Null)];
    let inner = leaf.prop_recursive(3, 16, 4, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Document::Array),
            vec((text(), inner), 0..4)
                .prop_map(|members| Document::Object(members.into_iter().collect())),
        ]
    });
    prop_oneof![
        2 => value,
        1 => vec(inner.clone(), 0..4).prop_map(Document::Array),
        1 => vec((text(), inner), 0..4)
            .prop_map(|members| Document::Object(members.into_iter().collect())),
    ]
    .boxed()
}
