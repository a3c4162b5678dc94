//! Untrusted data that arrives where it does harm.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use djsec_base::Span;
use djsec_python::code::{Code, Function, ParameterKind};

use crate::entry::Entries;
use crate::index::{FunctionKey, Index};
use crate::secret::is_password;
use crate::summary::{Hit, Summary};
use crate::taint::{Label, Origin, Source};
use crate::trail::Trail;
use crate::{Grade, Kind, Kinds, Step};

/// Untrusted data in a sink, with its whole way.
#[derive(Debug, Clone)]
pub struct Flow {
    /// As what it does harm.
    pub kind: Kind,
    /// Where it comes in.
    pub source: Source,
    /// The argument of the sink.
    pub place: Span,
    /// What is called there: `execute`.
    pub callee: Arc<str>,
    /// What the argument is for the sink: `an SQL statement`.
    pub words: Arc<str>,
    /// Every step from the source to the sink, both included.
    pub steps: Vec<Step>,
    /// How many things djsec does not know on its way, the sink among them.
    pub doubt: u8,
}

/// All flows of a project.
#[derive(Debug, Clone, Default)]
pub struct Flows {
    /// By sink: file, place and kind.
    pub all: Vec<Flow>,
    /// Where templates put in a value that was followed to them: what is not untrusted there is of the
    /// project itself, or clean.
    pub told: BTreeSet<Span>,
    /// The project's filters of templates after which nothing untrusted is left.
    pub clean_filters: BTreeSet<Arc<str>>,
    /// Functions that were looked at.
    pub functions: usize,
    /// Those of them that were too long or too entangled to be looked at in full.
    pub cut: usize,
    /// The first of these.
    pub first_cut: Option<Span>,
}

impl Flows {
    /// The flows of a kind.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Flow> {
        self.all.iter().filter(move |flow| flow.kind == kind)
    }

    /// Whether it was seen what a template puts in there.
    pub fn is_told(&self, insertion: Span) -> bool {
        self.told.contains(&insertion)
    }

    /// Whether a way of untrusted data into a sink ends there.
    pub fn end_at(&self, place: Span) -> bool {
        self.all.binary_search_by_key(&place, |flow| flow.place).is_ok()
    }

    /// Whether a filter of the project leaves nothing that does harm as HTML.
    pub fn cleans(&self, filter: &str) -> bool {
        self.clean_filters.contains(filter)
    }
}

/// Of what functions do with data, and what templates show by themselves, what begins outside and ends in a
/// sink.
pub(crate) fn gather<'p>(
    index: &Index,
    entries: &Entries,
    summaries: &[Arc<Summary>],
    shown: &[Hit],
    code_of: impl Fn(FunctionKey) -> Option<(&'p Code, &'p Function, djsec_base::FileId)>,
) -> Flows {
    let mut best = Best::default();
    let mut flows = Flows { functions: index.len(), ..Flows::default() };
    for (key, summary) in index.keys().zip(summaries) {
        if summary.cut {
            flows.cut += 1;
            flows.first_cut = flows.first_cut.or_else(|| {
                code_of(key).map(|(_, function, file)| Span::new(file, function.name_range))
            });
        }
        for hit in summary.hits.iter() {
            let found = match &hit.label.origin {
                Origin::Source(source) => Some((Source::clone(source), hit.label.clone())),
                Origin::Parameter(at, path) => code_of(key).and_then(|(code, function, file)| {
                    let at = (*at, path.as_ref());
                    match hit.kind {
                        // What stands in addresses is in the logs of servers anyway.
                        Kind::Secret => named_password((code, function, file), at, hit),
                        _ => from_address(entries, key, (code, function, file), at, hit),
                    }
                }),
            };
            if let Some((source, label)) = found {
                best.take(hit, source, &label);
            }
        }
    }
    for hit in shown {
        if let Origin::Source(source) = &hit.label.origin {
            best.take(hit, Source::clone(source), &hit.label);
        }
    }
    flows.all = best.0.into_values().map(|(_, flow)| flow).collect();
    flows
}

/// For each sink the flow that says most.
#[derive(Default)]
struct Best(BTreeMap<(Span, Kind), (Rank, Flow)>);

impl Best {
    fn take(&mut self, hit: &Hit, source: Source, label: &Label) {
        // What is called like a manager is one of something that was looked up as a model.
        if hit.kind == Kind::Model && !label.safe.holds(Kinds::LOOKED_UP) {
            return;
        }
        // A text is no amount: what takes one either fails or does something else with it.
        if hit.kind == Kind::Amount && !label.safe.holds(Kinds::NUMBER) {
            return;
        }
        let flow = flow(hit, source, label);
        let rank = (flow.source.grade, flow.doubt, label.trail.length());
        match self.0.get(&(flow.place, flow.kind)) {
            Some((known, _)) if *known <= rank => {}
            _ => {
                self.0.insert((flow.place, flow.kind), (rank, flow));
            }
        }
    }
}

/// Of several ways into one sink the one that says most: from a request, without doubt, short.
type Rank = (Grade, u8, u16);

/// A way with something unknown on it that is longer than this has most likely gone astray there.
const LONG: usize = 20;

fn flow(hit: &Hit, source: Source, label: &Label) -> Flow {
    let steps = label.trail.steps();
    let astray = label.doubt > 0 && steps.len() > LONG;
    Flow {
        kind: hit.kind,
        source,
        place: hit.place,
        callee: Arc::clone(&hit.callee),
        words: Arc::clone(&hit.words),
        steps,
        doubt: label.doubt + u8::from(!hit.sure) + u8::from(astray),
    }
}

/// A parameter that is a password by its name, whoever calls: `authenticate(request, username, password)`
/// is called by Django.
fn named_password(
    (code, function, file): (&Code, &Function, djsec_base::FileId),
    (at, path): (u16, Option<&Arc<str>>),
    hit: &Hit,
) -> Option<(Source, Label)> {
    let parameter = function.parameters.get(usize::from(at))?;
    let name = code.text(parameter.name);
    if path.is_some() || !is_password(name) {
        return None;
    }
    let words: Arc<str> = Arc::from(name);
    let place = Span::new(file, function.name_range);
    let start = Trail::default().and(place, &format!("`{name}` is handed over"));
    let source = Source { place, grade: Grade::Own, words, column: None };
    let trail = start.then(&hit.label.trail);
    Some((source, Label { trail, ..hit.label.clone() }))
}

/// A parameter of a view that its address names.
fn from_address(
    entries: &Entries,
    key: FunctionKey,
    (code, function, file): (&Code, &Function, djsec_base::FileId),
    (at, path): (u16, Option<&Arc<str>>),
    hit: &Hit,
) -> Option<(Source, Label)> {
    if entries.is_operation(key) {
        return None;
    }
    let names = entries.functions.get(&key)?;
    let parameter = function.parameters.get(usize::from(at))?;
    let name = match parameter.kind {
        ParameterKind::VariadicKeyword => path?.strip_prefix('[')?.split(']').next()?,
        _ => code.text(parameter.name),
    };
    let converter = names.get(name)?;
    let safe = converter.safe().or(hit.label.safe).or(Kinds::BORN);
    if safe.has(hit.kind) {
        return None;
    }
    let label = &Label { safe, ..hit.label.clone() };
    let words: Arc<str> = Arc::from(format!("the address's `{name}`").as_str());
    let place = Span::new(file, function.name_range);
    let source = Source { place, grade: Grade::Remote, words, column: None };
    let start = Trail::default().and(place, &format!("`{name}` comes with the address"));
    let trail = start.then(&label.trail);
    Some((source, Label { trail, ..label.clone() }))
}
