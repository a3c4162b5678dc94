//! What a project's code says of itself before anything is run. It needs no settings, no addresses and no
//! templates, so that it can be worked out beside these.

use djsec_base::{Files, Utf8Path};
use djsec_django::hierarchy::Hierarchy;
use djsec_python::Program;

use crate::captured::Captured;
use crate::dispatch::Dispatch;
use crate::globals::Globals;
use crate::index::Index;
use crate::registered::Registered;
use crate::solve::guess::{self, Guess, Names};

/// The functions of a project by number, with what they seem to call and what stands around them.
#[derive(Debug)]
pub struct Groundwork {
    pub(crate) index: Index,
    pub(crate) globals: Globals,
    pub(crate) captured: Captured,
    pub(crate) dispatch: Dispatch,
    pub(crate) registered: Registered,
    pub(crate) guesses: Vec<Guess>,
}

impl Groundwork {
    /// Of the code in the folder of a project.
    pub fn new(
        files: &Files,
        program: &Program,
        hierarchy: &Hierarchy<'_>,
        root: &Utf8Path,
    ) -> Self {
        let numbered = || {
            let index = Index::new(files, program, hierarchy, root);
            let guesses = guess::callees(Names { program, hierarchy, index: &index });
            (index, guesses)
        };
        let around = || {
            (
                Globals::new(files, program, root),
                Captured::new(files, program, root),
                Dispatch::new(files, program, root),
                Registered::new(files, program, root),
            )
        };
        let ((index, guesses), (globals, captured, dispatch, registered)) =
            rayon::join(numbered, around);
        Self { index, globals, captured, dispatch, registered, guesses }
    }
}
