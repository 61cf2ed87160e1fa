//! Pointer: a place in JSON text, by RFC 6901: `/orders/0/id`; the empty one is the whole.

use crate::error::{Error, ErrorKind, Result};
use crate::limits::JSON_POINTER_STEPS_MAX;

/// The steps of a pointer, unescaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// From the outside in.
    pub steps: Vec<Step>,
}

/// A step of a pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The member's name.
    pub name: String,
    /// The element's index, where the name is one: digits without a leading zero.
    pub index: Option<usize>,
}

impl Pointer {
    /// Reads a pointer.
    ///
    /// Errors: `Syntax` where it does not start with a slash, or a tilde stands for nothing.
    /// Source: RFC 6901, sections 3 and 4.
    pub fn new(source: &str) -> Result<Pointer> {
        if source.is_empty() {
            return Ok(Pointer { steps: Vec::new() });
        }
        let Some(rest) = source.strip_prefix('/') else {
            return Err(wrong(source, "it does not begin with a slash"));
        };
        if rest.split('/').count() > JSON_POINTER_STEPS_MAX {
            return Err(Error::new(
                ErrorKind::LimitExceeded,
                format!("a JSON pointer has more than {JSON_POINTER_STEPS_MAX} steps"),
            ));
        }
        let steps = rest
            .split('/')
            .map(|step| {
                let is_escaped = step.split('~').skip(1).all(|after| after.starts_with(['0', '1']));
                if !is_escaped {
                    return Err(wrong(source, "a tilde is written ~0, a slash within a name ~1"));
                }
                let name = step.replace("~1", "/").replace("~0", "~");
                let is_index = name.bytes().all(|byte| byte.is_ascii_digit())
                    && (name == "0" || !name.starts_with('0'));
                let index = if is_index { name.parse().ok() } else { None };
                Ok(Step { name, index })
            })
            .collect::<Result<_>>()?;
        Ok(Pointer { steps })
    }
}

fn wrong(source: &str, reason: &str) -> Error {
    Error::new(ErrorKind::Syntax, format!("{source:?} is no JSON pointer: {reason}"))
        .hint("write /name/0 for the first element of the member \"name\" (RFC 6901)")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 6901, section 5, and what it forbids.
    #[test]
    fn pointers_are_read_by_the_standard() {
        let names = |source: &str| {
            let pointer = Pointer::new(source).expect(source);
            pointer.steps.into_iter().map(|step| step.name).collect::<Vec<_>>()
        };
        assert_eq!(names(""), Vec::<String>::new());
        assert_eq!(names("/"), [""]);
        assert_eq!(names("/a~1b/m~0n/~01"), ["a/b", "m~n", "~1"]);
        assert_eq!(names("/foo/0"), ["foo", "0"]);
        let index = |source: &str| Pointer::new(source).expect(source).steps[0].index;
        assert_eq!(
            (index("/10"), index("/0"), index("/01"), index("/-")),
            (Some(10), Some(0), None, None)
        );
        for source in ["a", "$.a", "/~", "/a~2"] {
            assert_eq!(Pointer::new(source).expect_err(source).kind(), ErrorKind::Syntax);
        }
    }
}
