//! State that is shared by all nodes of one file.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::rc::Rc;

use proc_macro2::TokenStream;

use super::Error;
use super::macro_call::MacroArguments;
use super::shape::Shape;

/// Columns of a line.
pub(super) const MAX_WIDTH: usize = 100;

/// Columns allowed to a statement that cannot be fitted into a line, say for a long string.
/// `rustfmt` leaves such a statement as it finds it.
const LOOSE_WIDTH: usize = 10_000_000;

/// An expression or a type, and what its layout depends on besides its shape.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    address: usize,
    statement: bool,
    max_width: usize,
    inside_macro: bool,
    one_line_chain: bool,
}

/// A layout that takes one line and the width it was made for. It is the same for every width
/// that is no smaller.
struct Line {
    width: usize,
    text: Rc<str>,
}

/// A hasher for the short keys of this module, which nobody chooses to collide.
#[derive(Default)]
struct FastHasher(u64);

impl Hasher for FastHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_usize(usize::from(*byte));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.write_usize(usize::from(value));
    }

    fn write_usize(&mut self, value: usize) {
        let mixed = self.0.rotate_left(5) ^ (value as u64);
        self.0 = mixed.wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A printed expression, or nothing if it does not fit.
type Layout = Option<Rc<str>>;

type Map<K, V> = HashMap<K, V, BuildHasherDefault<FastHasher>>;

/// State that is shared by all nodes of one file.
pub(super) struct Context {
    max_width: Cell<usize>,
    inside_macro: Cell<bool>,
    one_line_chain: Cell<bool>,
    lines: RefCell<Map<Key, Line>>,
    layouts: RefCell<Map<(Key, Shape), Layout>>,
    macros: RefCell<Map<usize, Rc<MacroArguments>>>,
    overflows: Cell<bool>,
    error: RefCell<Option<Error>>,
}

impl Context {
    pub(super) fn new() -> Context {
        Context {
            max_width: Cell::new(MAX_WIDTH),
            inside_macro: Cell::new(false),
            one_line_chain: Cell::new(false),
            lines: RefCell::default(),
            layouts: RefCell::default(),
            macros: RefCell::default(),
            overflows: Cell::new(false),
            error: RefCell::default(),
        }
    }

    pub(super) fn max_width(&self) -> usize {
        self.max_width.get()
    }

    /// Columns left when some are used.
    pub(super) fn budget(&self, used: usize) -> usize {
        self.max_width().saturating_sub(used)
    }

    pub(super) fn inside_macro(&self) -> bool {
        self.inside_macro.get()
    }

    pub(super) fn one_line_chain(&self) -> bool {
        self.one_line_chain.get()
    }

    pub(super) fn with_macro<T>(&self, inside: bool, print: impl FnOnce() -> T) -> T {
        let outer = self.inside_macro.replace(inside);
        let result = print();
        self.inside_macro.set(outer);
        result
    }

    pub(super) fn with_one_line_chain<T>(&self, forced: bool, print: impl FnOnce() -> T) -> T {
        let outer = self
            .one_line_chain
            .replace(forced || self.one_line_chain.get());
        let result = print();
        self.one_line_chain.set(outer);
        result
    }

    /// Prints the statements of a block, on which nothing outside of the block has an influence.
    pub(super) fn in_block<T>(&self, print: impl FnOnce() -> T) -> T {
        let max_width = self.max_width.replace(MAX_WIDTH);
        let inside_macro = self.inside_macro.replace(false);
        let one_line_chain = self.one_line_chain.replace(false);
        let result = print();
        self.max_width.set(max_width);
        self.inside_macro.set(inside_macro);
        self.one_line_chain.set(one_line_chain);
        result
    }

    /// Prints something that has to be printed, at first within the line width and, if that is
    /// not possible, beyond it.
    pub(super) fn fit_or_overflow(
        &self,
        kind: &'static str,
        print: impl Fn() -> Option<String>,
        tokens: impl FnOnce() -> TokenStream,
    ) -> Option<String> {
        if let Some(text) = print() {
            return Some(text);
        }
        if self.error.borrow().is_some() {
            return None;
        }
        self.overflows.set(true);
        let outer = self.max_width.replace(LOOSE_WIDTH);
        let text = print();
        self.max_width.set(outer);
        text.or_else(|| self.unsupported(kind, tokens()))
    }

    /// Looks up how an expression or a type came out in this shape before, or prints it and remembers.
    ///
    /// Nodes try several shapes for their children, so without this the work would grow
    /// exponentially with the depth of nesting.
    pub(super) fn remember<Node>(
        &self,
        node: &Node,
        shape: Shape,
        statement: bool,
        print: impl FnOnce() -> Option<String>,
    ) -> Option<String> {
        let key = Key {
            address: std::ptr::from_ref(node).addr(),
            statement,
            max_width: self.max_width(),
            inside_macro: self.inside_macro(),
            one_line_chain: self.one_line_chain(),
        };
        if let Some(line) = self.lines.borrow().get(&key)
            && line.width <= shape.width
        {
            return Some(line.text.as_ref().to_owned());
        }
        if let Some(known) = self.layouts.borrow().get(&(key, shape)) {
            return known.as_deref().map(str::to_owned);
        }
        let text = print();
        let known: Layout = text.as_deref().map(Rc::from);
        match known {
            Some(text) if !text.contains('\n') => {
                let line = Line {
                    width: shape.width,
                    text,
                };
                self.lines.borrow_mut().insert(key, line);
            }
            known => {
                self.layouts.borrow_mut().insert((key, shape), known);
            }
        }
        text
    }

    /// The parsed arguments of a macro call. They live as long as the remembered layouts, which
    /// are keyed by their addresses.
    pub(super) fn macro_arguments(
        &self,
        call: &syn::Macro,
        parse: impl FnOnce() -> MacroArguments,
    ) -> Rc<MacroArguments> {
        let address = std::ptr::from_ref(call).addr();
        if let Some(known) = self.macros.borrow().get(&address) {
            return Rc::clone(known);
        }
        let arguments = Rc::new(parse());
        self.macros
            .borrow_mut()
            .insert(address, Rc::clone(&arguments));
        arguments
    }

    /// Drops what was remembered about a finished item.
    pub(super) fn forget(&self) {
        self.lines.borrow_mut().clear();
        self.layouts.borrow_mut().clear();
        self.macros.borrow_mut().clear();
    }

    /// Notes that a node cannot be printed at all.
    pub(super) fn unsupported(&self, kind: &'static str, tokens: TokenStream) -> Option<String> {
        let mut error = self.error.borrow_mut();
        if error.is_none() {
            *error = Some(Error::unsupported(kind, tokens));
        }
        None
    }

    pub(super) fn has_failed(&self) -> bool {
        self.error.borrow().is_some()
    }

    /// Whether something was printed beyond the line width.
    pub(super) fn overflows(&self) -> bool {
        self.overflows.get()
    }

    pub(super) fn finish(self, text: Option<String>) -> Result<String, Error> {
        match (self.error.into_inner(), text) {
            (Some(error), _) => Err(error),
            (None, Some(text)) => Ok(text),
            (None, None) => Err(Error::unsupported("this file", TokenStream::new())),
        }
    }
}
