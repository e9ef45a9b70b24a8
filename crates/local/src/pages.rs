//! Pages of lists, and their tokens.
//!
//! A token names the element after which the next page begins, instead of a number of elements. Elements that are added
//! or removed in between therefore neither repeat nor hide others. A token is bound to its list, so the token of
//! another list is refused.

use base64_simd::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::hexadecimal::hex;

/// A token that does not belong to this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InvalidToken;

/// Some elements, and the token of the next page.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next_token: Option<String>,
}

/// One page of a list. Each element comes with its place, a text by which the list is sorted.
///
/// `list` says what is listed, filters included.
pub(crate) fn page<T>(
    list: &str,
    elements: impl Iterator<Item = (String, T)>,
    token: Option<&str>,
    limit: usize,
) -> Result<Page<T>, InvalidToken> {
    let after = token.map(|token| place_of(list, token)).transpose()?;
    let mut elements = elements
        .skip_while(|(place, _)| after.as_ref().is_some_and(|after| place <= after))
        .peekable();
    let mut items = Vec::new();
    let mut last = None;
    while items.len() < limit {
        let Some((place, item)) = elements.next() else {
            break;
        };
        items.push(item);
        last = Some(place);
    }
    let next_token = elements
        .peek()
        .and(last)
        .map(|place| token_of(list, &place));
    Ok(Page { items, next_token })
}

/// Whether a token belongs to this list.
pub(crate) fn is_token(list: &str, token: &str) -> bool {
    place_of(list, token).is_ok()
}

fn token_of(list: &str, place: &str) -> String {
    URL_SAFE_NO_PAD.encode_to_string(format!("{}{place}", seal(list, place)))
}

fn place_of(list: &str, token: &str) -> Result<String, InvalidToken> {
    let bytes = URL_SAFE_NO_PAD
        .decode_to_vec(token)
        .map_err(|_| InvalidToken)?;
    let text = String::from_utf8(bytes).map_err(|_| InvalidToken)?;
    let (sealed, place) = text.split_at_checked(16).ok_or(InvalidToken)?;
    if seal(list, place) != sealed {
        return Err(InvalidToken);
    }
    Ok(place.to_owned())
}

fn seal(list: &str, place: &str) -> String {
    let mut text = hex(&Sha256::digest(format!("{}\n{list}\n{place}", list.len())));
    text.truncate(16);
    text
}

/// The place of an element in a list that begins with the lowest number.
pub(crate) fn oldest_first(number: u64) -> String {
    format!("{number:020}")
}

/// The place of an element in a list that begins with the highest number.
pub(crate) fn newest_first(number: u64) -> String {
    format!("{:020}", u64::MAX - number)
}

#[cfg(test)]
mod tests {
    use super::{InvalidToken, newest_first, page};

    fn listed(numbers: &[u64], token: Option<&str>) -> (Vec<u64>, Option<String>) {
        let elements = numbers
            .iter()
            .rev()
            .map(|number| (newest_first(*number), *number));
        let page = page("numbers", elements, token, 2).expect("the token is of this list");
        (page.items, page.next_token)
    }

    #[test]
    fn pages_neither_repeat_nor_lose_elements_when_the_list_changes() {
        let (first, token) = listed(&[1, 2, 3, 4, 5], None);
        assert_eq!(first, [5, 4]);
        // Number 4, at which the page ended, was removed, and 6 is new.
        let (second, token) = listed(&[1, 2, 3, 5, 6], token.as_deref());
        assert_eq!(second, [3, 2]);
        let (third, token) = listed(&[1, 2, 3, 5, 6], token.as_deref());
        assert_eq!((third, token), (vec![1], None));
    }

    #[test]
    fn a_token_of_another_list_and_an_invented_one_are_refused() {
        let (_, token) = listed(&[1, 2, 3], None);
        let other = page(
            "letters",
            std::iter::empty::<(String, u64)>(),
            token.as_deref(),
            2,
        );
        assert_eq!(other.err(), Some(InvalidToken));
        let made_up = page(
            "numbers",
            std::iter::empty::<(String, u64)>(),
            Some("AAAA"),
            2,
        );
        assert_eq!(made_up.err(), Some(InvalidToken));
    }
}
