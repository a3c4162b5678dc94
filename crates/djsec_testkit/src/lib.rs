//! Runs the examples of a rule's page, and literate cases, over an in-memory system.
//!
//! # A case
//! A case is a Markdown file in `crates/djsec_rules/cases/<group>/<rule-id>/`: a heading, prose,
//! and the files of a small project as fenced blocks. The word after the fence is the language,
//! then comes the path. A line that must be reported ends in a mark; everything unmarked must stay
//! silent for the rule whose folder the case is in.
//!
//! ````markdown
//! # Debug mode in the base module
//!
//! Production overrides it, so only the development settings have it; nothing is marked there.
//!
//! ```python settings.py
//! DEBUG = True  # finding
//! ```
//!
//! ```snapshot
//! ```
//!
//! ```fixed settings.py
//! DEBUG = False
//! ```
//! ````
//!
//! - `# finding` expects exactly one finding of the rule under test on this line, in every
//!   language; `# finding: a, b` expects one of each rule named. In a template: `{# finding #}`.
//!   Marks are removed before the project is audited.
//! - A finding about a file as a whole is expected on its first line. One that has no file is
//!   expected by `<!-- finding -->` (or `<!-- finding: rule-id -->`) on a line of the prose.
//! - `settings.py` without a folder stands in a minimal Django project (see [`Case::parse`]); a
//!   case without such a file is exactly the files it shows. Reports show such settings with the
//!   hidden line that imports the project's secure base, so their lines are one further down.
//! - A `snapshot` block holds the report of the rule's findings; a `fixed` block holds a file after
//!   the fixes. `BLESS=1` writes both anew. Every fix is also applied by itself, and must leave no
//!   syntax error behind and one finding fewer.
//! - Blocks in `text` and `console`, and blocks without a language, are prose.

mod case;
mod check;
mod fixes;
mod harness;
mod markdown;
mod marks;
mod memory;
mod page;
mod project;
#[cfg(test)]
mod toy;

pub use case::{Case, CaseFile, Expected};
pub use check::{Audited, Auditor, Outdated, Verdict, check_case};
pub use harness::{Mode, Options, Suite};
pub use markdown::Problem;
pub use marks::Mark;
pub use memory::MemorySystem;
pub use page::{Example, check_page, examples};
