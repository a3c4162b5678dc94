//! The strictest policy that a project's templates can live with, what has to be done before it is
//! enforced, and what is not known.

mod notes;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use djsec_base::Span;

use super::hosts::{Weakness, weakness};
use super::needs::Needs;
use super::uses::{Fetch, Nonce, Origin, Remote, Use, What};
use crate::project::Project;

/// Who is to send the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sender {
    /// Django 6.0 and newer.
    Django,
    /// django-csp 4.
    Package,
    /// django-csp 3.
    OldPackage,
    /// A web server, which has no nonces.
    Server,
}

/// A policy with what has to be said of it.
#[derive(Debug, Default)]
pub struct Proposal {
    /// Its directives, in the order in which they are read best.
    pub directives: Vec<Line>,
    /// What it would block until it is changed.
    pub tasks: Vec<Note>,
    /// What makes it looser than it could be.
    pub looser: Vec<Note>,
    /// What keeps `'strict-dynamic'` from it.
    pub strict: Vec<Note>,
    /// What is not known.
    pub unknown: Vec<Note>,
}

/// One directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub name: &'static str,
    /// What it lists.
    pub sources: Vec<Word>,
}

/// An entry of a directive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// A nonce that is new in each response.
    Nonce,
    /// A keyword, with its quotes.
    Keyword(&'static str),
    /// A scheme, with its colon.
    Scheme(&'static str),
    /// A host, or an address on it.
    Host(String),
}

/// Something to say, with its places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is about: `inline-script`.
    pub id: &'static str,
    /// What there is.
    pub text: String,
    /// What to do.
    pub help: Option<String>,
    /// Where, in order.
    pub places: Vec<Span>,
}

const SELF: Word = Word::Keyword("'self'");
const NONE: Word = Word::Keyword("'none'");

impl Proposal {
    /// The policy for what a project's templates need.
    pub fn new(project: &Project, needs: &Needs, sender: Sender) -> Self {
        let facts = Facts {
            project,
            needs,
            sender,
            series: (project.settings.series.major, project.settings.series.minor),
            same_origin: project
                .settings
                .get("X_FRAME_OPTIONS")
                .is_raw(|data| data.as_str().map(|text| text.eq_ignore_ascii_case("SAMEORIGIN")))
                .surely(),
            admin: !project.settings.has_app("django.contrib.admin").is_never(),
        };
        Self {
            directives: facts.directives(),
            tasks: facts.tasks(),
            looser: facts.looser(),
            strict: facts.strict(),
            unknown: facts.unknown(),
        }
    }
}

struct Facts<'a> {
    project: &'a Project,
    needs: &'a Needs,
    sender: Sender,
    series: (u16, u16),
    same_origin: crate::settings::Cond<'a>,
    admin: bool,
}

impl Facts<'_> {
    /// The places of what passes a test.
    fn places(&self, test: impl Fn(&Use) -> bool) -> Vec<Span> {
        let mut spans: Vec<Span> =
            self.needs.uses.iter().filter(|one| test(one)).map(|one| one.span).collect();
        spans.dedup();
        spans
    }

    fn any(&self, test: impl Fn(&Use) -> bool) -> bool {
        self.needs.uses.iter().any(test)
    }

    /// Whether the policy has a nonce for what stands in pages.
    fn has_nonce(&self, what: &What, fetch: Fetch) -> bool {
        self.sender != Sender::Server
            && self.any(|one| {
                one.what == *what
                    || (one.nonce == Nonce::Present
                        && matches!(&one.what, What::Load(it, _) if *it == fetch))
            })
    }

    fn directives(&self) -> Vec<Line> {
        let mut lines = vec![Line { name: "default-src", sources: vec![SELF] }];
        lines.push(self.scripts());
        lines.extend(self.styles());
        for fetch in [Fetch::Image, Fetch::Font, Fetch::Media, Fetch::Frame, Fetch::Manifest] {
            let sources = self.sources(fetch, vec![SELF]);
            // What `default-src` says already.
            if sources.len() > 1 {
                lines.push(Line { name: fetch.directive(), sources });
            }
        }
        let objects = self.sources(Fetch::Object, Vec::new());
        lines.push(Line { name: "object-src", sources: or_none(objects) });
        let bases = self.sources(Fetch::Base, Vec::new());
        lines.push(Line { name: "base-uri", sources: or_none(bases) });
        let forms = self.sources(Fetch::Form, vec![SELF]);
        lines.push(Line { name: "form-action", sources: forms });
        let framed = self.same_origin.is_always()
            || self.any(|one| one.what == What::Load(Fetch::Frame, Origin::Own));
        let ancestors = if framed { SELF } else { NONE };
        lines.push(Line { name: "frame-ancestors", sources: vec![ancestors] });
        lines
    }

    fn scripts(&self) -> Line {
        let mut first = vec![SELF];
        if self.has_nonce(&What::Script, Fetch::Script) {
            first.push(Word::Nonce);
            if self.is_strict() {
                first.push(Word::Keyword("'strict-dynamic'"));
            }
        }
        if self.any(|one| matches!(one.what, What::Eval(_))) {
            first.push(Word::Keyword("'unsafe-eval'"));
        }
        Line { name: "script-src", sources: self.sources(Fetch::Script, first) }
    }

    /// `style` attributes cannot carry a nonce, so they get a directive of their own: the rest stays strict.
    fn styles(&self) -> Vec<Line> {
        let attributes = self.any(|one| one.what == What::StyleAttribute);
        let inline = self.any(|one| one.what == What::Style);
        let mut first = vec![SELF];
        let mut lines = Vec::new();
        if self.has_nonce(&What::Style, Fetch::Style) {
            first.push(Word::Nonce);
        } else if self.sender == Sender::Server && inline {
            first.push(Word::Keyword("'unsafe-inline'"));
        }
        let covered = first.contains(&Word::Keyword("'unsafe-inline'"));
        let sources = self.sources(Fetch::Style, first);
        if sources.len() > 1 {
            lines.push(Line { name: "style-src", sources });
        }
        if attributes && !covered {
            let sources = vec![Word::Keyword("'unsafe-inline'")];
            lines.push(Line { name: "style-src-attr", sources });
        }
        lines
    }

    /// What a directive lists: `first`, then where its requests go to.
    fn sources(&self, fetch: Fetch, first: Vec<Word>) -> Vec<Word> {
        let mut found: BTreeSet<Word> = BTreeSet::new();
        for one in &self.needs.uses {
            let What::Load(it, origin) = &one.what else { continue };
            let by_nonce = one.nonce == Nonce::Present && self.sender != Sender::Server;
            if *it != fetch || (by_nonce && matches!(fetch, Fetch::Script | Fetch::Style)) {
                continue;
            }
            found.extend(word(fetch, origin));
        }
        if fetch == Fetch::Font && self.any(|one| is_google_style(&one.what)) {
            // What its style sheets load.
            found.insert(Word::Host("https://fonts.gstatic.com".to_owned()));
        }
        let mut sources = first;
        for word in found {
            if !sources.contains(&word) {
                sources.push(word);
            }
        }
        sources
    }

    /// Whether every script is known and carries the nonce.
    fn is_strict(&self) -> bool {
        let needs = self.needs;
        let known = needs.opaque.is_empty()
            && needs.computed.is_empty()
            && needs.missing.is_empty()
            && needs.cut.is_empty()
            && needs.packages.is_empty()
            && needs.loaders.is_empty()
            && needs.jinja == 0
            && !(self.admin && self.series < (6, 1));
        known && self.without_nonce().is_empty()
    }

    /// The scripts that are loaded without the nonce.
    fn without_nonce(&self) -> Vec<Span> {
        self.places(|one| {
            one.nonce != Nonce::Present && matches!(&one.what, What::Load(Fetch::Script, _))
        })
    }
}

fn or_none(sources: Vec<Word>) -> Vec<Word> {
    if sources.is_empty() { vec![NONE] } else { sources }
}

/// What allows a request; nothing for what is computed, and for the developer's own machine.
fn word(fetch: Fetch, origin: &Origin) -> Option<Word> {
    match origin {
        // That it is this site is said beside the policy.
        Origin::Own | Origin::Setting(_) => Some(SELF),
        Origin::Data => Some(Word::Scheme("data:")),
        Origin::Blob => Some(Word::Scheme("blob:")),
        Origin::Computed => None,
        Origin::Remote(remote) if remote.is_local() => None,
        Origin::Remote(remote) => Some(Word::Host(host(fetch, remote))),
    }
}

/// A host; of hosts from which anybody can have a script run, the one file.
fn host(fetch: Fetch, remote: &Remote) -> String {
    let host = &remote.host;
    let public = fetch == Fetch::Script && weakness(remote.name(), false).is_some();
    match &remote.path {
        Some(path) if public && path.len() > 1 => {
            format!("https://{host}{}", encoded(path))
        }
        _ => format!("https://{host}"),
    }
}

/// A path without what ends a source, a directive or the text around a policy.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!&()*+:=@%".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _infallible = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Whether a script of this host can be anybody's, though its address is computed.
fn is_open_host(what: &What) -> bool {
    matches!(what, What::Load(Fetch::Script, Origin::Remote(remote))
        if remote.path.is_none() && weakness(remote.name(), false) == Some(Weakness::Public))
}

fn is_google_style(what: &What) -> bool {
    matches!(what, What::Load(Fetch::Style, Origin::Remote(remote))
        if &*remote.host == "fonts.googleapis.com")
}
