//! Prints visibilities.

use syn::Visibility;

use super::path;

/// The visibility with a space after it, or nothing.
pub(super) fn prefix(visibility: &Visibility) -> String {
    match visibility {
        Visibility::Public(_) => "pub ".to_owned(),
        Visibility::Inherited => String::new(),
        Visibility::Restricted(restricted) => {
            let inside = path::plain(&restricted.path);
            let simple = matches!(inside.as_str(), "crate" | "self" | "super");
            format!("pub({}{inside}) ", if simple { "" } else { "in " })
        }
    }
}
