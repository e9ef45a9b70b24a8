//! `src/pattern.rs`: the tables of the patterns of requests, and what they expect in words.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs::doc;
use super::types::ident;
use crate::pattern::Automaton;
use crate::plan::{CompiledPattern, Plan};

/// The file; `None` if no pattern is checked.
pub(super) fn pattern_file(plan: &Plan<'_>) -> Option<TokenStream> {
    let mut tables: Vec<(&CompiledPattern, &str, &Automaton)> = plan
        .patterns
        .iter()
        .filter_map(|(text, pattern)| {
            let automaton = pattern.automaton.as_ref().ok()?;
            Some((pattern, text, automaton))
        })
        .collect();
    if tables.is_empty() {
        return None;
    }
    tables.sort_by_key(|(pattern, ..)| pattern.name.as_str());
    let tables = tables
        .into_iter()
        .map(|(pattern, text, automaton)| form(pattern, text, automaton));
    Some(quote! {
        #![doc = " The patterns of the model as tables: see [`attache_runtime::plumbing::validator::Form`]."]
        use attache_runtime::plumbing::validator::{Form, Pattern, byte_classes};
        #(#tables)*
    })
}

fn form(pattern: &CompiledPattern, text: &str, automaton: &Automaton) -> TokenStream {
    let name = ident(&pattern.name);
    let docs = doc(&[format!("{} states.", automaton.states())]);
    let table = table(text, automaton);
    let words = match &pattern.words {
        Some(words) => quote!(Some(#words)),
        None => quote!(None),
    };
    quote! {
        #docs
        pub(crate) static #name: Form = Form {
            words: #words,
            pattern: #table,
        };
    }
}

fn table(text: &str, automaton: &Automaton) -> TokenStream {
    let states = automaton.states();
    let ranges = class_ranges(automaton);
    let width = automaton.width;
    let cells: Vec<u8> = if states <= 256 {
        automaton
            .transitions
            .iter()
            .map(|state| *state as u8)
            .collect()
    } else {
        automaton
            .transitions
            .iter()
            .flat_map(|state| state.to_le_bytes())
            .collect()
    };
    let cells = Literal::byte_string(&cells);
    let some = |state: Option<usize>| match state {
        Some(state) => {
            let state = Literal::usize_unsuffixed(state);
            quote!(Some(#state))
        }
        None => quote!(None),
    };
    let matched = some(automaton.matched);
    let failed = some(automaton.failed);
    let [width, accepting, states, start] =
        [width, automaton.accepting, states, automaton.start].map(Literal::usize_unsuffixed);
    quote! {
        Pattern {
            source: #text,
            classes: &byte_classes(&[#(#ranges),*]),
            width: #width,
            transitions: #cells,
            accepting: #accepting,
            matched: #matched,
            failed: #failed,
            states: #states,
            start: #start,
        }
    }
}

/// Runs of bytes of one class; bytes in no run have class 0.
fn class_ranges(automaton: &Automaton) -> Vec<TokenStream> {
    let mut runs: Vec<(u8, u8, u8)> = Vec::new();
    for byte in 0..=255_u8 {
        let class = automaton.classes[usize::from(byte)];
        match runs.last_mut() {
            Some((_, last, known)) if *known == class => *last = byte,
            _ => runs.push((byte, byte, class)),
        }
    }
    runs.into_iter()
        .filter(|(.., class)| *class != 0)
        .map(|(first, last, class)| {
            let class = Literal::u8_unsuffixed(class);
            let [first, last] = [first, last].map(byte_literal);
            quote!((#first, #last, #class))
        })
        .collect()
}

/// A byte as a character literal if it is a letter.
fn byte_literal(byte: u8) -> Literal {
    if byte.is_ascii_graphic() {
        Literal::byte_character(byte)
    } else {
        Literal::u8_unsuffixed(byte)
    }
}
