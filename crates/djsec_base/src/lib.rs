//! The vocabulary that all djsec crates share: files and places in them, rules, findings,
//! notices, and the outcome of a run. Nothing here parses, prints or serialises.

mod dotted;
mod files;
mod finding;
mod outcome;
mod rule;
mod system;

pub use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
pub use dotted::last_part;
pub use files::{File, FileId, FileKind, Files, LineCol, LineIndex, Role, Span, path_order};
pub use finding::{Applicability, Edit, Finding, Fix, Location, Note, Step};
pub use outcome::{
    Certainty, Coverage, EvidenceLine, Notice, NoticeKind, Outcome, ProfileSummary, ProjectSummary,
    Suppressed, SuppressedBy, Undecided,
};
pub use ruff_text_size::{TextRange, TextSize};
pub use rule::{Audience, Confidence, RuleMeta, Severity};
pub use system::{EntryKind, System, SystemError, WalkEntry};
