//! Why something is reported or not: what the engine sees on one line.

use std::sync::Arc;

use djsec_base::{FileId, Span, TextRange};

use crate::run::{Known, run_watched};
use crate::solve::{Request, solved};
use crate::taint::{Label, Origin};
use crate::trail::Step;
use crate::{Grade, Kind};

/// What the engine looks at more closely.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub(crate) file: FileId,
    pub(crate) range: TextRange,
}

/// A call on the line.
#[derive(Debug, Clone)]
pub struct Observed {
    /// The call.
    pub place: Span,
    /// What is called, as far as it is known: `django.db.backends.utils.CursorWrapper.execute`.
    pub callee: Arc<str>,
    /// As which sink the models know it: kind, and the argument in words.
    pub sinks: Vec<(Kind, Arc<str>)>,
    /// What is known of it besides, in words.
    pub known: Vec<Arc<str>>,
    /// The untrusted data that arrives in its arguments.
    pub data: Vec<Data>,
}

/// Untrusted data on the line.
#[derive(Debug, Clone)]
pub struct Data {
    /// What it is: `request.GET["q"]`, or a parameter of the function.
    pub words: Arc<str>,
    /// Who decides what it is; nothing for a parameter.
    pub grade: Option<Grade>,
    /// As what it can do no more harm.
    pub safe: Vec<Kind>,
    /// Through how many things that djsec does not know it went.
    pub doubt: u8,
    /// Its way so far.
    pub steps: Vec<Step>,
}

/// What was seen on a line.
#[derive(Debug, Clone, Default)]
pub struct Watched {
    /// The calls, in order.
    pub calls: Vec<Observed>,
    /// What made data harmless in the function around, with its place.
    pub cleaned: Vec<Step>,
    /// Whether a function of the project's own code stands there at all.
    pub inside: bool,
}

/// Looks at the functions that stand around a line.
pub fn watch(request: Request<'_>, file: FileId, range: TextRange) -> Watched {
    let line = Line { file, range };
    let mut watched = Watched::default();
    let mut look = |world: crate::run::World<'_>, known: Known<'_>, key| {
        let Some(place) = world.index.place(key) else { return };
        let found = world.program.module(place.module).filter(|module| module.file == file);
        let function =
            found.and_then(|module| module.code()).and_then(|code| code.function(place.function));
        if function.is_some_and(|function| function.range.intersect(range).is_some()) {
            watched.inside = true;
            let (calls, cleaned) = run_watched(world, known, key, line);
            watched.calls.extend(calls);
            watched.cleaned.extend(cleaned);
        }
    };
    solved(request, &mut look);
    watched.calls.sort_by_key(|call| call.place);
    watched.calls.dedup_by(|later, first| {
        let same = later.place == first.place;
        if same && first.data.is_empty() {
            std::mem::swap(first, later);
        }
        same
    });
    watched.cleaned.sort_by(|a, b| (a.place, &a.words).cmp(&(b.place, &b.words)));
    watched.cleaned.dedup();
    watched
}

/// A piece of data for people. `parameter` gives the name of a parameter.
pub(crate) fn data(label: &Label, parameter: impl Fn(u16) -> String) -> Data {
    let (words, grade) = match &label.origin {
        Origin::Source(source) => (Arc::clone(&source.words), Some(source.grade)),
        Origin::Parameter(at, path) => {
            let name = parameter(*at);
            let words = match path {
                Some(path) => format!("{name}.{}", path.replace(crate::taint::SEPARATOR, ".")),
                None => name,
            };
            (Arc::from(words), None)
        }
    };
    Data {
        words,
        grade,
        safe: Kind::all().filter(|kind| label.safe.has(*kind)).collect(),
        doubt: label.doubt,
        steps: label.trail.steps(),
    }
}
