//! Validation: a `check` for every type that is sent and holds a constraint.
//!
//! Generated code only walks; what is checked and how it is reported is in the runtime. A type below which nothing is
//! constrained gets no function and no call, so that unconstrained requests cost nothing.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::hash;
use super::types::ident;
use crate::ast::traits::{Length, Range};
use crate::ir::{
    Constraints, Definition, Field, Presence, Rule, RuleKind, Service, Type, TypeDefinition,
    TypeId, TypeKind,
};

/// `check` of a structure; nothing where nothing is constrained.
pub(super) fn structure_function(service: &Service, id: TypeId) -> Option<TokenStream> {
    let definition = service.type_definition(id);
    if !is_checked(service, id) {
        return None;
    }
    let fields: TokenStream = definition
        .fields()
        .iter()
        .map(|field| field_check(service, field))
        .collect();
    let rules: TokenStream = definition
        .rules
        .iter()
        .map(|rule| rule_check(definition, rule))
        .collect();
    Some(function(service, id, &quote!(#fields #rules)))
}

/// `check` of a union.
pub(super) fn union_function(service: &Service, id: TypeId) -> Option<TokenStream> {
    let definition = service.type_definition(id);
    if !is_checked(service, id) {
        return None;
    }
    let mut arms = TokenStream::new();
    for field in definition.fields() {
        let variant = ident(&field.name.rust);
        let name = &field.name.wire;
        let value = if field.boxed {
            quote!(value.as_ref())
        } else {
            quote!(value)
        };
        let check = value_check(service, &field.ty, &value);
        if !check.is_empty() {
            arms.extend(quote! {
                Self::#variant(value) => {
                    let path = root.member(#name);
                    #check
                }
            });
        }
    }
    Some(function(service, id, &quote!(match self { #arms _ => {} })))
}

fn function(service: &Service, id: TypeId, body: &TokenStream) -> TokenStream {
    let guard = is_recursive(service, id).then(|| {
        quote! {
            if !checker.enter(root) {
                return;
            }
        }
    });
    quote! {
        pub(crate) fn check(&self, checker: &mut validation::Checker, root: validation::Path<'_>) {
            #guard
            #body
        }
    }
}

/// What `validate` of a request does.
pub(super) fn validate_body(service: &Service, request: TypeId) -> TokenStream {
    if is_checked(service, request) {
        quote!(validation::validate(level, |checker, root| self.check(checker, root)))
    } else {
        quote!(validation::validate(level, |_, _| ()))
    }
}

/// `validate` of a request, for users.
pub(super) fn validate_function(service: &Service, request: TypeId) -> TokenStream {
    let run = validate_body(service, request);
    quote! {
        #[doc = " Checks the request against what the service documents, without sending it: see [`validation`]."]
        #[doc = ""]
        #[doc = " # Errors"]
        #[doc = " Everything that is wrong, each with its place."]
        pub fn validate(&self, level: validation::Level) -> Result<(), validation::Violations> {
            #run
        }
    }
}

/// Whether a type needs a `check`: something in it or below it is constrained.
pub(super) fn is_checked(service: &Service, id: TypeId) -> bool {
    let mut seen = BTreeSet::new();
    let mut queue = vec![id];
    while let Some(id) = queue.pop() {
        if !seen.insert(id) {
            continue;
        }
        let definition = service.type_definition(id);
        let constrained = match &definition.definition {
            Definition::Enum(_) | Definition::IntEnum(_) => true,
            Definition::Structure(fields) | Definition::Union(fields) => {
                !definition.rules.is_empty()
                    || fields.iter().any(|field| is_constrained(service, field))
            }
        };
        if constrained {
            return true;
        }
        for field in definition.fields() {
            queue.extend(field.ty.named());
        }
    }
    false
}

fn is_constrained(service: &Service, field: &Field) -> bool {
    let optional = field.presence == Presence::Optional;
    optional && (field.required || field.recommended.is_some())
        || !own_checks(service, &field.ty, &quote!(value)).is_empty()
        || match &field.ty.kind {
            TypeKind::List { element, .. } => has_checks(service, element),
            TypeKind::Map { key, value, .. } => {
                has_checks(service, key) || has_checks(service, value)
            }
            _ => false,
        }
}

/// Whether a value has checks of its own, or its elements have.
fn has_checks(service: &Service, ty: &Type) -> bool {
    !own_checks(service, ty, &quote!(value)).is_empty()
        || match &ty.kind {
            TypeKind::List { element, .. } => has_checks(service, element),
            TypeKind::Map { key, value, .. } => {
                has_checks(service, key) || has_checks(service, value)
            }
            _ => false,
        }
}

/// Whether a type can hold itself.
fn is_recursive(service: &Service, id: TypeId) -> bool {
    let mut seen = BTreeSet::new();
    let next = |id: TypeId| -> Vec<TypeId> {
        let fields = service.type_definition(id).fields();
        fields.iter().flat_map(|field| field.ty.named()).collect()
    };
    let mut queue = next(id);
    while let Some(found) = queue.pop() {
        if found == id {
            return true;
        }
        if seen.insert(found) {
            queue.extend(next(found));
        }
    }
    false
}

fn field_check(service: &Service, field: &Field) -> TokenStream {
    let member = ident(&field.name.rust);
    let name = &field.name.wire;
    let mut statements = TokenStream::new();
    if field.presence == Presence::Optional {
        if field.required {
            let source = provenance(&field.ty.constraints, "smithy.api#required");
            statements.extend(quote!(checker.required(path, self.#member.is_some(), #source);));
        } else if let Some(reason) = &field.recommended {
            statements.extend(quote!(checker.recommended(
                path,
                self.#member.is_some(),
                validation::Provenance::Overlay(#reason),
            );));
        }
        let value = if field.boxed {
            quote!(value.as_ref())
        } else {
            quote!(value)
        };
        let check = value_check(service, &field.ty, &value);
        if !check.is_empty() {
            statements.extend(quote! {
                if let Some(value) = &self.#member {
                    #check
                }
            });
        }
    } else {
        let value = if field.boxed {
            quote!(self.#member.as_ref())
        } else {
            quote!(&self.#member)
        };
        statements.extend(value_check(service, &field.ty, &value));
    }
    if statements.is_empty() {
        return statements;
    }
    quote! {
        let path = root.member(#name);
        #statements
    }
}

/// The checks of a value behind a reference, its elements included.
fn value_check(service: &Service, ty: &Type, value: &TokenStream) -> TokenStream {
    let own = own_checks(service, ty, value);
    let below = match &ty.kind {
        TypeKind::Named(id) => match service.type_definition(*id).definition {
            Definition::Structure(_) | Definition::Union(_) if is_checked(service, *id) => {
                let value = without_reference(value);
                quote!(#value.check(checker, path);)
            }
            _ => TokenStream::new(),
        },
        TypeKind::List { element, sparse } => elements_check(service, element, *sparse, value),
        TypeKind::Map {
            key,
            value: element,
            sparse,
        } => entries_check(service, key, element, *sparse, value),
        _ => TokenStream::new(),
    };
    quote!(#own #below)
}

fn elements_check(
    service: &Service,
    element: &Type,
    sparse: bool,
    value: &TokenStream,
) -> TokenStream {
    let check = value_check(service, element, &quote!(value));
    if check.is_empty() {
        return check;
    }
    let value = without_reference(value);
    let check = unless_null(sparse, &check);
    quote! {
        for (index, value) in #value.iter().enumerate() {
            let path = path.element(index);
            #check
        }
    }
}

/// A key is reported at the path of its map, a value at its own.
fn entries_check(
    service: &Service,
    key: &Type,
    element: &Type,
    sparse: bool,
    value: &TokenStream,
) -> TokenStream {
    let keys = value_check(service, key, &quote!(key));
    let mut values = value_check(service, element, &quote!(value));
    let map = without_reference(value);
    if !values.is_empty() {
        let check = unless_null(sparse, &values);
        let path = if key.hides_values() {
            quote!(path.hidden_key())
        } else if is_enum(service, key) {
            quote!(path.key(key.as_str()))
        } else {
            quote!(path.key(key))
        };
        values = quote!(let path = #path; #check);
    }
    match (keys.is_empty(), values.is_empty()) {
        (true, true) => TokenStream::new(),
        (false, true) => quote!(for key in #map.keys() { #keys }),
        (true, false) if key.hides_values() => quote!(for value in #map.values() { #values }),
        (_, false) => quote!(for (key, value) in #map { #keys #values }),
    }
}

fn unless_null(sparse: bool, check: &TokenStream) -> TokenStream {
    if sparse {
        quote!(if let Some(value) = value { #check })
    } else {
        check.clone()
    }
}

/// The checks of the value itself.
fn own_checks(service: &Service, ty: &Type, value: &TokenStream) -> TokenStream {
    let constraints = &ty.constraints;
    let mut checks = TokenStream::new();
    let text = match is_enum(service, ty) {
        true => {
            let value = without_reference(value);
            quote!(#value.as_str())
        }
        false => value.clone(),
    };
    if let Some(length) = &constraints.length
        && is_measured(service, ty)
    {
        let Length { min, max } = length;
        let (min, max) = (bound(*min), bound(*max));
        let source = provenance(constraints, "smithy.api#length");
        checks
            .extend(quote!(checker.length(path, #text, validation::Length(#min, #max), #source);));
    }
    if let Some(range) = &constraints.range {
        checks.extend(range_check(ty, range, value));
    }
    if let Some(pattern) = &constraints.pattern
        && let Some(table) = table(service, pattern)
    {
        let source = provenance(constraints, "smithy.api#pattern");
        checks.extend(quote!(checker.pattern(path, #text, #table, #source);));
    }
    if constraints.unique_items
        && let TypeKind::List { element, .. } = &ty.kind
    {
        let hash = hash::closure(service, element);
        let source = provenance(constraints, "smithy.api#uniqueItems");
        checks.extend(quote!(checker.unique_items(path, #value, #hash, #source);));
    }
    checks.extend(documented_checks(service, ty, value));
    checks.extend(enum_check(service, ty, value));
    checks
}

/// The checks of our own traits on a value.
fn documented_checks(service: &Service, ty: &Type, value: &TokenStream) -> TokenStream {
    let constraints = &ty.constraints;
    let mut checks = TokenStream::new();
    if let Some(expected) = &constraints.must_equal {
        let source = provenance(constraints, "attache#mustEqual");
        let (is_equal, shown) = equality(expected, value);
        checks.extend(quote!(checker.must_equal(path, #is_equal, #shown, #source);));
    }
    if constraints.day_aligned {
        let source = provenance(constraints, "attache#dayAligned");
        checks.extend(quote!(checker.day_aligned(path, *#value, #source);));
    }
    if let (Some(member), TypeKind::List { element, .. }) = (&constraints.unique_member, &ty.kind)
        && let Some(field) = member_of(service, element, member)
    {
        let source = provenance(constraints, "attache#uniqueMember");
        let name = ident(&field.name.rust);
        checks.extend(
            quote!(checker.unique_member(path, #value, |value| &value.#name, #member, #source);),
        );
    }
    if !constraints.allowed_values.is_empty() {
        let source = provenance(constraints, "attache#allowedValues");
        let values = &constraints.allowed_values;
        checks.extend(quote!(checker.allowed_values(path, #value, &[#(#values),*], #source);));
    }
    if let Some(pattern) = &constraints.recommended_pattern
        && let Some(table) = table(service, pattern)
    {
        let source = provenance(constraints, "attache#recommendedPattern");
        checks.extend(quote!(checker.recommended_pattern(path, #value, #table, #source);));
    }
    checks
}

/// Strict only: a value that the model does not know. Values that it calls internal are not told.
fn enum_check(service: &Service, ty: &Type, value: &TokenStream) -> TokenStream {
    let TypeKind::Named(id) = ty.kind else {
        return TokenStream::new();
    };
    let definition = service.type_definition(id);
    let name = ident(&definition.name.rust);
    let value = without_reference(value);
    match &definition.definition {
        Definition::Enum(values) => {
            let told: Vec<&str> = values
                .iter()
                .filter(|known| !known.internal)
                .map(|known| known.value.as_str())
                .collect();
            let told = told.join(", ");
            quote!(checker.enum_value(path, #name::VALUES.contains(&#value.as_str()), #told);)
        }
        Definition::IntEnum(values) => {
            let told: Vec<String> = values
                .iter()
                .filter(|known| !known.internal)
                .map(|known| known.value.to_string())
                .collect();
            let told = told.join(", ");
            quote!(checker.enum_value(path, !matches!(#value, #name::Unknown(_)), #told);)
        }
        Definition::Structure(_) | Definition::Union(_) => TokenStream::new(),
    }
}

fn range_check(ty: &Type, range: &Range, value: &TokenStream) -> TokenStream {
    let source = provenance(&ty.constraints, "smithy.api#range");
    let Range { min, max } = range;
    let is_float = matches!(ty.kind, TypeKind::Float | TypeKind::Double);
    let method = ident(match (is_float, ty.hides_values()) {
        (false, false) => "integer",
        (false, true) => "hidden_integer",
        (true, false) => "float",
        (true, true) => "hidden_float",
    });
    let literal = |bound: &serde_json::Number, up: bool| {
        let number = bound.as_f64().unwrap_or_default();
        match &ty.kind {
            TypeKind::Float => Literal::f32_suffixed(number as f32),
            TypeKind::Double => Literal::f64_suffixed(number),
            _ => {
                let whole = if up { number.ceil() } else { number.floor() };
                Literal::i64_unsuffixed(bound.as_i64().unwrap_or(whole as i64))
            }
        }
    };
    let some = |literal: Option<Literal>| match literal {
        Some(literal) => quote!(Some(#literal)),
        None => quote!(None),
    };
    let min = some(min.as_ref().map(|bound| literal(bound, true)));
    let max = some(max.as_ref().map(|bound| literal(bound, false)));
    let value = dereferenced(value);
    quote!(checker.#method(path, #value, validation::Range(#min, #max), #source);)
}

fn rule_check(definition: &TypeDefinition, rule: &Rule) -> TokenStream {
    let source = &rule.source;
    let source = quote!(validation::Provenance::Overlay(#source));
    let field = |name: &String| {
        definition
            .fields()
            .iter()
            .find(|field| field.name.wire == *name)
    };
    match &rule.kind {
        RuleKind::AtLeastOneOf { members, strict } => {
            let shown = members.join(", ");
            let present = members.iter().filter_map(field).map(|field| {
                let name = ident(&field.name.rust);
                match field.presence {
                    Presence::Optional => quote!(self.#name.is_some()),
                    _ => quote!(true),
                }
            });
            let method = ident(if *strict {
                "recommended_one_of"
            } else {
                "at_least_one_of"
            });
            quote!(checker.#method(root, #(#present)||*, #shown, #source);)
        }
        RuleKind::Ordered {
            first,
            second,
            may_be_equal,
            span,
        } => {
            let (Some(one), Some(two)) = (field(first), field(second)) else {
                return TokenStream::new();
            };
            let span = span.map(|span| {
                let span = Literal::i64_unsuffixed(span);
                quote!(checker.span(path, (first, second), #span, #first, #source);)
            });
            let checks = quote! {
                let path = root.member(#second);
                checker.ordered(path, (first, second), #may_be_equal, #first, #source);
                #span
            };
            let (one, two) = (optional(one), optional(two));
            quote!(if let (Some(first), Some(second)) = (#one, #two) { #checks })
        }
    }
}

/// A field as an option, by value.
fn optional(field: &Field) -> TokenStream {
    let name = ident(&field.name.rust);
    match field.presence {
        Presence::Optional => quote!(self.#name),
        _ => quote!(Some(self.#name)),
    }
}

/// Whether the value equals the one that the service takes, and how that is shown.
fn equality(expected: &Value, value: &TokenStream) -> (TokenStream, String) {
    let dereferenced = dereferenced(value);
    match expected {
        Value::Bool(true) => (dereferenced, "true".to_owned()),
        Value::Bool(false) => (quote!(!#dereferenced), "false".to_owned()),
        Value::Number(number) => {
            let literal = Literal::i64_unsuffixed(number.as_i64().unwrap_or_default());
            (quote!(#dereferenced == #literal), number.to_string())
        }
        other => {
            let text = other.as_str().unwrap_or_default();
            (quote!(#value == #text), text.to_owned())
        }
    }
}

fn member_of<'a>(service: &'a Service, element: &Type, member: &str) -> Option<&'a Field> {
    let TypeKind::Named(id) = element.kind else {
        return None;
    };
    let mut fields = service.type_definition(id).fields().iter();
    fields.find(|field| field.name.wire == member)
}

/// The table of a pattern, where it has one.
fn table(service: &Service, pattern: &str) -> Option<TokenStream> {
    let compiled = service.patterns.get(pattern)?;
    compiled.automaton.as_ref().ok()?;
    let name = ident(&compiled.name);
    Some(quote!(&pattern::#name))
}

fn provenance(constraints: &Constraints, id: &str) -> TokenStream {
    match constraints.sources.get(id) {
        Some(source) => quote!(validation::Provenance::Overlay(#source)),
        None => quote!(validation::MODEL),
    }
}

fn is_measured(service: &Service, ty: &Type) -> bool {
    is_enum(service, ty)
        || matches!(
            ty.kind,
            TypeKind::String { .. }
                | TypeKind::Blob { .. }
                | TypeKind::List { .. }
                | TypeKind::Map { .. }
        )
}

fn is_enum(service: &Service, ty: &Type) -> bool {
    super::types::is_string_enum(service, ty)
}

fn bound(bound: Option<u64>) -> TokenStream {
    match bound {
        Some(bound) => {
            let literal = Literal::u64_unsuffixed(bound);
            quote!(Some(#literal))
        }
        None => quote!(None),
    }
}

/// `self.x` of `&self.x`: methods borrow themselves.
fn without_reference(value: &TokenStream) -> TokenStream {
    let mut tokens = value.clone().into_iter().peekable();
    if matches!(tokens.peek(), Some(proc_macro2::TokenTree::Punct(punct)) if punct.as_char() == '&')
    {
        tokens.next();
    }
    tokens.collect()
}

/// The value itself, of one that is `Copy`.
fn dereferenced(value: &TokenStream) -> TokenStream {
    let place = without_reference(value);
    if place.to_string() == value.to_string() {
        quote!(*#value)
    } else {
        place
    }
}
