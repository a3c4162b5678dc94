//! Which class of class-based settings production loads (django-configurations).

use djsec_base::{Certainty, EvidenceLine, FileId, Files, Location, Span, TextRange};

use super::choose::{Conflict, ConflictReason};
use super::names::{is_development, is_production};
use super::{Evidence, Strength};

/// A class for production that stands beside the one for development that the code falls back to. Who wrote both sets
/// `DJANGO_CONFIGURATION` where the server runs; that the fallback is for development is a finding of its own.
pub(super) struct Beside {
    /// The class for production.
    pub(super) class: String,
    /// What says so.
    pub(super) line: EvidenceLine,
    /// The class that the code falls back to.
    pub(super) conflict: Conflict,
}

impl Beside {
    /// The class for production in the file of a settings module, where the one chosen is for development and nothing
    /// that is deployed names one.
    pub(super) fn of(
        files: &Files,
        evidence: &[Evidence],
        (file, module, chosen): (FileId, &str, &str),
        certainty: Certainty,
    ) -> Option<Self> {
        let mut deployed = evidence.iter().filter(|it| it.strength == Strength::Deployed);
        let for_real = |it: &Evidence| {
            it.configuration.as_ref().is_some_and(|(name, _)| !is_for_development(name))
        };
        let open = matches!(certainty, Certainty::Fallback | Certainty::Guessed);
        if !open || !is_for_development(chosen) || deployed.any(for_real) {
            return None;
        }
        let (class, range) = classes(files.text(file)).find(|(name, _)| is_for_production(name))?;
        let fallback = evidence.iter().find_map(|it| {
            let (name, span) = it.configuration.as_ref()?;
            (name == chosen && it.strength == Strength::Fallback).then_some((it, *span))
        });
        let text = match fallback {
            Some((it, _)) => format!("{} falls back to {module}:{chosen}", it.note),
            None => format!("the code falls back to {module}:{chosen}"),
        };
        let place = Location::Span(Span::new(file, range));
        Some(Self {
            class: class.to_owned(),
            line: EvidenceLine {
                text: format!("{module}:{class} is named for production"),
                location: Some(place),
            },
            conflict: Conflict {
                module: format!("{module}:{chosen}"),
                reason: ConflictReason::ProductionElsewhere,
                text,
                location: Some(fallback.map_or(place, |(_, span)| Location::Span(span))),
            },
        })
    }
}

/// Whether a class is named for development or tests: `Dev`, `LocalSettings`, `ContinuousIntegration`.
fn is_for_development(class: &str) -> bool {
    is_development(&words(class))
}

/// Whether a class is named for production: `Production`, `ProdSettings`, but not `PreProduction`.
fn is_for_production(class: &str) -> bool {
    words(class).split(' ').next().is_some_and(is_production)
}

/// The words of a name that are written together.
fn words(class: &str) -> String {
    let mut out = String::new();
    let mut lower = false;
    for c in class.chars() {
        if lower && c.is_uppercase() {
            out.push(' ');
        }
        lower = c.is_lowercase();
        out.push(if c == '_' { ' ' } else { c });
    }
    out
}

/// The names of the classes at the top of a file, in order.
fn classes(text: &str) -> impl Iterator<Item = (&str, TextRange)> {
    let mut at = 0_usize;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at + "class ".len();
        at += line.len();
        let rest = line.strip_prefix("class ")?;
        let end = rest.find(['(', ':'])?;
        let name = rest.get(..end)?.trim_end();
        let start = u32::try_from(start).ok()?;
        let length = u32::try_from(name.len()).ok()?;
        Some((name, TextRange::at(start.into(), length.into())))
    })
}
