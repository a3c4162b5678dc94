//! Python: decoding as the interpreter does it, and the error-tolerant parser.

mod decode;
mod depth;
#[cfg(test)]
mod tests;

use ruff_python_ast::PySourceType;

pub use decode::{Decoded, decode};
pub use ruff_python_ast as ast;
pub use ruff_text_size::Ranged;

use crate::{Parsed, SyntaxError};

/// Parses a module. Statements that nest deeper than a person (or `CPython`) would accept are left
/// out of the tree and reported as an error for which [`too_deep`] holds, because every recursive
/// walk over them, even dropping them, could overflow the stack.
pub fn parse(text: &str) -> Parsed<ast::ModModule> {
    let parsed = ruff_python_parser::parse_unchecked_source(text, PySourceType::Python);
    let mut errors: Vec<SyntaxError> = parsed
        .errors()
        .iter()
        .map(|error| SyntaxError { message: error.error.to_string(), range: error.location })
        .collect();
    let mut tree = parsed.into_syntax();
    let deep = depth::remove_deep_statements(&mut tree.body);
    if !deep.is_empty() {
        errors.extend(deep);
        errors.sort_by_key(|error| error.range.start());
    }
    Parsed { tree, errors }
}

/// Whether the error says that a statement was left out because it nests too deep.
pub fn too_deep(error: &SyntaxError) -> bool {
    error.message == depth::TOO_DEEP
}
