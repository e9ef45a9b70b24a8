//! Idempotency tokens: whether the UUID that a client fills in satisfies the constraints of its member.

use crate::model::{Constraints, TokenForm, Type, TypeKind};
use crate::pattern;

/// The form of a token that its member accepts.
///
/// # Errors
/// Why it accepts none.
pub(super) fn token_form(ty: &Type) -> Result<TokenForm, String> {
    if !matches!(ty.kind, TypeKind::String { .. }) {
        return Err("it is not a plain string".to_owned());
    }
    let hyphenated = first_broken(&ty.constraints, &samples());
    let Err(reason) = hyphenated else {
        return Ok(TokenForm::Hyphenated);
    };
    let digits: Vec<String> = samples().iter().map(|uuid| uuid.replace('-', "")).collect();
    match first_broken(&ty.constraints, &digits) {
        Ok(()) => Ok(TokenForm::Digits),
        Err(_) => Err(reason),
    }
}

/// UUIDs of version 4 that have each digit at each place where they may have it.
fn samples() -> Vec<String> {
    const FORM: &str = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
    let digit = |number: usize| char::from_digit(number as u32 % 16, 16).unwrap_or('0');
    (0..16)
        .map(|shift| {
            FORM.chars()
                .enumerate()
                .map(|(place, letter)| match letter {
                    'x' => digit(place * 7 + shift),
                    'y' => digit(8 + shift % 4),
                    other => other,
                })
                .collect()
        })
        .collect()
}

fn first_broken(constraints: &Constraints, tokens: &[String]) -> Result<(), String> {
    let Constraints {
        length,
        pattern,
        recommended_pattern,
        allowed_values,
        must_equal,
        ..
    } = constraints;
    if !allowed_values.is_empty() || must_equal.is_some() {
        return Err("it accepts certain values only".to_owned());
    }
    let characters = tokens.first().map_or(0, String::len) as u64;
    if let Some(length) = length {
        if length.max.is_some_and(|most| characters > most) {
            return Err("its length has a lower maximum".to_owned());
        }
        if length.min.is_some_and(|least| characters < least) {
            return Err("its length has a higher minimum".to_owned());
        }
    }
    for text in [pattern, recommended_pattern].into_iter().flatten() {
        // What cannot be compiled is not checked before a call either.
        if let Ok(automaton) = pattern::compile(text)
            && !tokens.iter().all(|token| automaton.is_match(token))
        {
            return Err(format!("its pattern `{text}` refuses some"));
        }
    }
    Ok(())
}
