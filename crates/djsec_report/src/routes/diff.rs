//! What changed in who may reach what, since a lock was written.

use std::io::{self, Write};

use annotate_snippets::renderer::Style;

use super::lock::{Entry, GapEntry, Lock, Need};
use super::{Level, words};
use crate::Options;
use crate::neutral::neutralize;
use crate::text::style::{BAD, BOLD, CODE, DIM, GOOD, Look, WARN, count, wrap};

/// What changed, the worst first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diff {
    changes: Vec<Change>,
    /// Places and views that were unknown in the lock and still are.
    unresolved: usize,
}

/// What a change means, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// More people may reach it, or with less.
    Weaker,
    /// A route that was not there.
    Added,
    /// A part of the site is not seen any more.
    NewGap,
    /// Neither more nor less.
    Changed,
    /// Fewer people may reach it.
    Stronger,
    /// A route that is gone.
    Removed,
    /// A part of the site is seen now.
    ClosedGap,
}

impl Kind {
    const ALL: [Self; 7] = [
        Self::Weaker,
        Self::Added,
        Self::NewGap,
        Self::Changed,
        Self::Stronger,
        Self::Removed,
        Self::ClosedGap,
    ];

    const fn heading(self) -> &'static str {
        match self {
            Self::Weaker => "Weaker guards",
            Self::Added => "New routes",
            Self::NewGap => "Not seen any more",
            Self::Changed => "Changed",
            Self::Stronger => "Stronger guards",
            Self::Removed => "Removed routes",
            Self::ClosedGap => "Seen now",
        }
    }

    const fn mark(self) -> &'static str {
        match self {
            Self::Weaker | Self::NewGap => "!",
            Self::Added => "+",
            Self::Changed | Self::Stronger => "~",
            Self::Removed | Self::ClosedGap => "-",
        }
    }

    const fn style(self) -> Style {
        match self {
            Self::Weaker | Self::NewGap => BAD,
            Self::Added => WARN,
            Self::Changed => CODE,
            Self::Stronger | Self::ClosedGap => GOOD,
            Self::Removed => DIM,
        }
    }

    /// The end of a count: `2 weaker`.
    const fn word(self) -> &'static str {
        match self {
            Self::Weaker => "weaker",
            Self::Added => "new",
            Self::NewGap => "not seen any more",
            Self::Changed => "changed",
            Self::Stronger => "stronger",
            Self::Removed => "removed",
            Self::ClosedGap => "seen now",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Change {
    kind: Kind,
    project: String,
    pattern: String,
    view: String,
    lines: Vec<String>,
}

impl Diff {
    /// What is different in `new`.
    pub fn between(old: &Lock, new: &Lock) -> Self {
        let (pairs, removed, added) = paired(&old.routes, &new.routes);
        let mut changes: Vec<Change> =
            pairs.into_iter().filter_map(|(old, new)| compared(old, new)).collect();
        changes.extend(added.into_iter().map(|entry| of_entry(Kind::Added, entry)));
        changes.extend(removed.into_iter().map(|entry| of_entry(Kind::Removed, entry)));
        let gap = |kind: Kind, gap: &GapEntry| Change {
            kind,
            project: gap.project.clone(),
            pattern: gap.prefix.clone(),
            view: String::new(),
            lines: vec![gap.reason.clone()],
        };
        let missing = |gap: &&GapEntry, gaps: &[GapEntry]| !gaps.contains(gap);
        let opened = new.gaps.iter().filter(|gap| missing(gap, &old.gaps));
        changes.extend(opened.map(|it| gap(Kind::NewGap, it)));
        let closed = old.gaps.iter().filter(|gap| missing(gap, &new.gaps));
        changes.extend(closed.map(|it| gap(Kind::ClosedGap, it)));
        changes.sort();
        Self { changes, unresolved: new.unresolved() }
    }

    /// Whether nothing changed.
    pub const fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

type Pairs<'a> = (Vec<(&'a Entry, &'a Entry)>, Vec<&'a Entry>, Vec<&'a Entry>);

/// Finds for each old route the new one that it became: the same pattern and view, else the same
/// pattern. What is left is removed, or added.
fn paired<'a>(old: &'a [Entry], new: &'a [Entry]) -> Pairs<'a> {
    let mut left: Vec<&Entry> = old.iter().collect();
    let mut right: Vec<&Entry> = new.iter().collect();
    let mut pairs = Vec::new();
    // Equal ones go first, so that of several routes with one pattern and view none is taken for another.
    let steps: [fn(&Entry, &Entry) -> bool; 4] = [
        |a, b| a == b,
        |a, b| same_address(a, b) && a.view == b.view && a.methods == b.methods,
        |a, b| same_address(a, b) && a.view == b.view,
        same_address,
    ];
    for same in steps {
        let mut rest = Vec::new();
        for entry in left {
            match right.iter().position(|other| same(entry, other)) {
                Some(at) => pairs.push((entry, right.remove(at))),
                None => rest.push(entry),
            }
        }
        left = rest;
    }
    (pairs, left, right)
}

fn same_address(a: &Entry, b: &Entry) -> bool {
    a.project == b.project && a.pattern == b.pattern
}

fn of_entry(kind: Kind, entry: &Entry) -> Change {
    let mut lines = Vec::new();
    if kind == Kind::Added {
        for (methods, need) in &entry.access {
            let who = words::who(need.level, need.permission.as_deref());
            let verb = "may reach it";
            lines.push(match (methods.as_str(), need.level) {
                (_, Level::Unknown) => String::from("djsec cannot tell who may reach it"),
                ("*", _) => format!("{who} {verb}"),
                (method, _) => format!("{method}: {who} {verb}"),
            });
        }
        if ["exempt", "off"].contains(&entry.csrf.as_str()) {
            lines.push(String::from("CSRF is not checked"));
        }
        if entry.scoping.starts_with("unscoped") {
            lines.push(format!("its objects are {}", entry.scoping));
        }
        if !entry.when.is_empty() {
            lines.push(format!("only when {}", entry.when));
        }
    }
    Change {
        kind,
        project: entry.project.clone(),
        pattern: entry.pattern.clone(),
        view: entry.view.clone(),
        lines,
    }
}

/// What is different between a route and what it became.
fn compared(old: &Entry, new: &Entry) -> Option<Change> {
    let mut found: Vec<(Kind, String)> = Vec::new();
    if old.view != new.view {
        let name = |view: &str| match view {
            "" => String::from("a view that is not known"),
            view => view.to_owned(),
        };
        let text = format!("answered by {} now, was {}", name(&new.view), name(&old.view));
        found.push((if new.view.is_empty() { Kind::Weaker } else { Kind::Changed }, text));
    }
    access(old, new, &mut found);
    methods(old, new, &mut found);
    if old.csrf != new.csrf {
        let kind = strength(&old.csrf, &new.csrf, &["exempt", "off"]);
        found.push((kind, format!("CSRF: {} now, was {}", new.csrf, old.csrf)));
    }
    if old.scoping != new.scoping {
        let kind = strength(&old.scoping, &new.scoping, &["unscoped"]);
        found.push((kind, format!("objects: {} now, was {}", new.scoping, old.scoping)));
    }
    if old.when != new.when {
        let always = |when: &str| match when {
            "" => String::from("always"),
            when => format!("when {when}"),
        };
        let kind = if new.when.is_empty() { Kind::Weaker } else { Kind::Changed };
        found.push((kind, format!("there {} now, was {}", always(&new.when), always(&old.when))));
    }
    found.sort_by_key(|(kind, _)| *kind);
    let (kind, _) = found.first()?;
    Some(Change {
        kind: *kind,
        project: new.project.clone(),
        pattern: new.pattern.clone(),
        view: new.view.clone(),
        lines: found.into_iter().map(|(_, text)| text).collect(),
    })
}

/// Who may reach it now, where that changed; once where it is the same for all methods.
fn access(old: &Entry, new: &Entry, found: &mut Vec<(Kind, String)>) {
    let mut methods: Vec<&str> =
        old.access.keys().chain(new.access.keys()).map(String::as_str).collect();
    methods.sort_unstable();
    methods.dedup();
    // Where one of them names each method, those are what is compared.
    if methods.len() > 1 && !(old.access.contains_key("*") && new.access.contains_key("*")) {
        methods.retain(|method| *method != "*");
    }
    for method in methods {
        let (before, now) = (old.need(method), new.need(method));
        if before == now || (old.access.is_empty() && new.access.is_empty()) {
            continue;
        }
        let who = |need: &Need| words::who(need.level, need.permission.as_deref());
        let prefix = if method == "*" { String::new() } else { format!("{method}: ") };
        let text = match now.level {
            Level::Unknown => {
                format!("{prefix}djsec cannot tell any more who may reach it, was {}", who(&before))
            }
            _ if before.level == Level::Unknown => {
                format!("{prefix}{} may reach it, was not known", who(&now))
            }
            _ => format!("{prefix}{} may reach it now, was {}", who(&now), who(&before)),
        };
        found.push((weight(&before, &now), text));
    }
}

fn weight(before: &Need, now: &Need) -> Kind {
    // Different things of which neither is more have the same rank.
    let rank = |level: Level| match level {
        Level::Public => Some(0),
        Level::Unknown => None,
        Level::Custom | Level::Authenticated => Some(1),
        Level::Permission | Level::Staff => Some(2),
        Level::Superuser => Some(3),
        Level::Nobody => Some(4),
    };
    match (rank(before.level), rank(now.level)) {
        // What was not known may have been anything; that it is open now must be seen.
        (Some(_), None) | (None, Some(0)) => Kind::Weaker,
        (Some(before), Some(now)) if now < before => Kind::Weaker,
        (Some(before), Some(now)) if now > before => Kind::Stronger,
        (Some(_), Some(_)) if before.level == now.level && now.permission.is_none() => Kind::Weaker,
        (Some(_), Some(_)) if before.level == now.level && before.permission.is_none() => {
            Kind::Stronger
        }
        _ => Kind::Changed,
    }
}

fn methods(old: &Entry, new: &Entry, found: &mut Vec<(Kind, String)>) {
    let unsafe_method = |method: &&String| !["GET", "HEAD", "OPTIONS"].contains(&method.as_str());
    let (before, now) = match (&old.methods, &new.methods) {
        (Some(before), Some(now)) => (before, now),
        (None, None) => return,
        (None, Some(now)) => {
            found.push((Kind::Changed, format!("answers {}, was not known", list(now))));
            return;
        }
        (Some(before), None) => {
            let text = format!("djsec cannot tell any more what it answers, was {}", list(before));
            found.push((Kind::Weaker, text));
            return;
        }
    };
    let more: Vec<String> = now.iter().filter(|it| !before.contains(it)).cloned().collect();
    let less: Vec<String> = before.iter().filter(|it| !now.contains(it)).cloned().collect();
    if !more.is_empty() && !before.iter().any(|method| method == "*") {
        let weaker = more.iter().any(|method| unsafe_method(&method));
        let kind = if weaker { Kind::Weaker } else { Kind::Changed };
        found.push((kind, format!("answers {} now", list(&more))));
    }
    if !less.is_empty() && !now.iter().any(|method| method == "*") {
        found.push((Kind::Stronger, format!("answers {} no more", list(&less))));
    }
}

fn list(methods: &[String]) -> String {
    if methods.iter().any(|method| method == "*") {
        return String::from("any method");
    }
    methods.join(", ")
}

/// Whether a policy got weaker: it became the bad one, or is not known any more.
fn strength(old: &str, new: &str, bad: &[&str]) -> Kind {
    let is_bad = |state: &str| bad.iter().any(|bad| state.starts_with(bad));
    if is_bad(new) && !is_bad(old) || new == "unknown" {
        Kind::Weaker
    } else if is_bad(old) && !is_bad(new) {
        Kind::Stronger
    } else {
        Kind::Changed
    }
}

/// Writes what changed.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_diff(out: &mut dyn Write, diff: &Diff, options: &Options<'_>) -> io::Result<()> {
    let look = Look::of(options);
    for kind in Kind::ALL {
        let changes: Vec<_> = diff.changes.iter().filter(|change| change.kind == kind).collect();
        if changes.is_empty() {
            continue;
        }
        writeln!(out, "{}", look.paint(BOLD, kind.heading()))?;
        for change in changes {
            write_change(out, &look, change)?;
        }
        writeln!(out)?;
    }
    let parts: Vec<String> = Kind::ALL
        .into_iter()
        .map(|kind| (kind, diff.changes.iter().filter(|change| change.kind == kind).count()))
        .filter(|(_, number)| *number > 0)
        .map(|(kind, number)| format!("{number} {}", kind.word()))
        .collect();
    let text = if parts.is_empty() {
        String::from("Who may reach what is as the lock says.")
    } else {
        format!("{}: {}.", count(diff.changes.len(), "change"), parts.join(", "))
    };
    for line in wrap(&text, look.width) {
        writeln!(out, "{}", look.paint(if diff.is_empty() { GOOD } else { BOLD }, &line))?;
    }
    if diff.unresolved > 0 {
        let text = format!(
            "What djsec does not see is not compared: {} (`djsec routes` lists them).",
            count(diff.unresolved, "place"),
        );
        for line in wrap(&text, look.width) {
            writeln!(out, "{}", look.paint(WARN, &line))?;
        }
    }
    Ok(())
}

fn write_change(out: &mut dyn Write, look: &Look<'_>, change: &Change) -> io::Result<()> {
    let pattern = look.paint(change.kind.style(), &neutralize(&change.pattern));
    let mark = look.paint(change.kind.style(), change.kind.mark());
    let project = match change.project.as_str() {
        "" => String::new(),
        project => format!(" in {}", neutralize(project)),
    };
    let view = look.paint(DIM, &neutralize(&change.view));
    writeln!(out, "{}", format!("  {mark} {pattern}  {view}{project}").trim_end())?;
    for text in &change.lines {
        for line in wrap(&neutralize(text), look.width.saturating_sub(6)) {
            writeln!(out, "      {line}")?;
        }
    }
    Ok(())
}
