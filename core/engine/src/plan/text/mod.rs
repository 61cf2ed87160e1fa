//! What text functions take as literals: patterns, templates, pointers. Read and checked while
//! names and types are resolved, then compiled once for a question.

pub mod like;
pub mod pattern;
pub mod pointer;
pub mod template;

use crate::error::{Error, ErrorKind, Result};

macro_rules! words {
    (
        $(#[$kind_doc:meta])*
        $kind:ident, $what:literal { $($(#[$doc:meta])* $variant:ident = $name:literal;)+ }
    ) => {
        $(#[$kind_doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $kind { $($(#[$doc])* $variant,)+ }

        impl $kind {
            /// Its name.
            pub fn name(self) -> &'static str {
                match self { $($kind::$variant => $name,)+ }
            }

            /// The one of that name, in any case.
            ///
            /// Errors: `InvalidArgument` where there is none.
            pub fn new(name: &str) -> Result<$kind> {
                $(if name.eq_ignore_ascii_case($name) { return Ok($kind::$variant); })+
                Err(Error::mismatch(
                    ErrorKind::InvalidArgument,
                    format!("{}: {}", $what, [$($name),+].join(", ")),
                    format!("{name:?}"),
                ))
            }
        }
    };
}

words! {
/// A form of Unicode normalization.
Form, "a form of normalization" {
    /// Canonical, composed.
    Nfc = "nfc";
    /// Canonical, decomposed.
    Nfd = "nfd";
    /// Compatible, composed.
    Nfkc = "nfkc";
    /// Compatible, decomposed.
    Nfkd = "nfkd";
}}

words! {
/// An encoding of bytes as text.
Encoding, "an encoding" {
    /// Two digits a byte.
    Hex = "hex";
    /// RFC 4648, section 4, with padding.
    Base64 = "base64";
    /// Percent encoding of RFC 3986.
    Url = "url";
}}
