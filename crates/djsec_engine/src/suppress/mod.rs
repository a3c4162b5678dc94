//! Exceptions: `# djsec: ignore[rule] reason` in the tree, and `[[accept]]` in the config.
//!
//! An exception holds only with a reason and until its date; one that is broken, expired, or no
//! longer matches anything becomes a notice.

mod comments;
mod parse;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use djsec_base::{
    FileId, Files, Finding, Location, Notice, Span, SuppressedBy, TextRange, TextSize,
};
use jiff::civil::Date;
use rayon::prelude::*;

use self::{
    comments::{Comment, comments},
    parse::{Request, request},
};
use crate::{Catalog, Config, config::Accept};

/// All exceptions of a run, and which of them were of use.
pub(crate) struct Exceptions<'a> {
    comments: Vec<Ignore>,
    by_place: BTreeMap<(FileId, Place), Vec<usize>>,
    accepts: Vec<(&'a Accept, Location)>,
    used_comments: BTreeSet<usize>,
    used_accepts: BTreeSet<usize>,
    notices: Vec<Notice>,
    today: Date,
}

/// One rule of one comment.
#[derive(Debug)]
struct Ignore {
    rule: String,
    /// Where the rule's name stands.
    name: Span,
    /// The whole comment.
    span: Span,
    until: Option<Date>,
    reason: String,
}

/// What a comment speaks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    File,
    /// A line, from 1.
    Line(u32),
}

impl<'a> Exceptions<'a> {
    /// Reads the comments of all files, and takes the entries of the config.
    pub(crate) fn collect(
        files: &Files,
        config: &'a Config,
        catalog: &Catalog,
        today: Date,
    ) -> Self {
        let config_file = config.file.as_deref().and_then(|path| files.find(path));
        let place = |accept: &Accept| {
            config_file.map_or(Location::Project, |file| Span::new(file, accept.range).into())
        };
        let mut exceptions = Self {
            comments: Vec::new(),
            by_place: BTreeMap::new(),
            accepts: config.accept.iter().map(|accept| (accept, place(accept))).collect(),
            used_comments: BTreeSet::new(),
            used_accepts: BTreeSet::new(),
            notices: Vec::new(),
            today,
        };
        let entries: Vec<_> = files.iter().collect();
        let found: Vec<(FileId, Comment)> = entries
            .into_par_iter()
            .flat_map_iter(|(id, file)| {
                comments(file.kind, file.text()).into_iter().map(move |comment| (id, comment))
            })
            .collect();
        for (id, comment) in &found {
            exceptions.add(*id, files, comment, catalog);
        }
        exceptions.check_accepts(catalog);
        exceptions
    }

    fn add(&mut self, file: FileId, files: &Files, comment: &Comment, catalog: &Catalog) {
        let span = Span::new(file, text_range(comment.range.start, comment.range.end));
        let body = files.text(file).get(comment.body.clone()).unwrap_or_default();
        let Request { file: whole, rules, until, reason } = match request(body) {
            Ok(request) => request,
            Err(message) => {
                self.notices.push(Notice::config("suppression-malformed", message).at(span));
                return;
            }
        };
        if reason.is_empty() {
            let message =
                "this suppression has no reason and does not hold; write why after the ']'";
            self.notices.push(Notice::config("suppression-without-reason", message).at(span));
            return;
        }
        let place = if whole { Place::File } else { Place::Line(target(files, span, comment)) };
        for (rule, at) in rules {
            let start = comment.body.start;
            let name = Span::new(file, text_range(start + at.start, start + at.end));
            if let Err(error) = catalog.rule(&rule) {
                let message = error.to_string();
                self.notices.push(Notice::config("suppression-unknown-rule", message).at(name));
                continue;
            }
            if let Some(day) = until.filter(|day| *day < self.today) {
                self.notices.push(expired(&rule, day).at(name));
                continue;
            }
            self.by_place.entry((file, place)).or_default().push(self.comments.len());
            self.comments.push(Ignore { rule, name, span, until, reason: reason.clone() });
        }
    }

    fn check_accepts(&mut self, catalog: &Catalog) {
        let today = self.today;
        let mut broken = Vec::new();
        self.accepts.retain(|(accept, place)| {
            if let Err(error) = catalog.rule(&accept.rule) {
                let message = error.to_string();
                broken.push(Notice::config("suppression-unknown-rule", message).at(*place));
                return false;
            }
            if let Some(day) = accept.until.filter(|day| *day < today) {
                broken.push(expired(&accept.rule, day).at(*place));
                return false;
            }
            true
        });
        self.notices.extend(broken);
    }

    /// What keeps this finding out, if anything does. Every exception that matches counts as used.
    pub(crate) fn find(&mut self, finding: &Finding, files: &Files) -> Option<SuppressedBy> {
        let comment = self.comment_for(finding, files);
        let accept = self.accept_for(finding, files);
        comment.or(accept)
    }

    fn comment_for(&mut self, finding: &Finding, files: &Files) -> Option<SuppressedBy> {
        let (file, places) = places(finding, files)?;
        let mut found = None;
        for place in places {
            for at in self.by_place.get(&(file, place)).into_iter().flatten() {
                let Some(ignore) = self.comments.get(*at) else { continue };
                if ignore.rule == finding.rule.id {
                    self.used_comments.insert(*at);
                    let reason = with_date(&ignore.reason, ignore.until);
                    found.get_or_insert(SuppressedBy::Comment { span: ignore.span, reason });
                }
            }
        }
        found
    }

    fn accept_for(&mut self, finding: &Finding, files: &Files) -> Option<SuppressedBy> {
        let path = match finding.primary {
            Location::Span(span) => Some(files.path(span.file)),
            Location::File(file) => Some(files.path(file)),
            Location::Project => None,
        };
        let mut found = None;
        for (at, (accept, _)) in self.accepts.iter().enumerate() {
            let at_path = match (&accept.path, path) {
                (Some(globs), Some(path)) => globs.is_match(path),
                (Some(_), None) => false,
                (None, _) => true,
            };
            let of_subject = accept.subject.as_ref().is_none_or(|it| *it == finding.subject);
            if accept.rule == finding.rule.id && at_path && of_subject {
                self.used_accepts.insert(at);
                found.get_or_insert_with(|| SuppressedBy::Config {
                    reason: accept.reason.clone(),
                    owner: accept.owner.clone(),
                    until: accept.until.map(|day| day.to_string()),
                });
            }
        }
        found
    }

    /// The notices, with those about exceptions of running rules that matched nothing.
    pub(crate) fn into_notices(self, config: &Config, catalog: &Catalog) -> Vec<Notice> {
        let runs = |rule: &str| catalog.find(rule).is_some_and(|rule| config.selects(rule));
        let mut notices = self.notices;
        for (at, ignore) in self.comments.iter().enumerate() {
            if !self.used_comments.contains(&at) && runs(&ignore.rule) {
                notices.push(unused(&ignore.rule).at(ignore.name));
            }
        }
        for (at, (accept, place)) in self.accepts.iter().enumerate() {
            if !self.used_accepts.contains(&at) && runs(&accept.rule) {
                notices.push(unused(&accept.rule).at(*place));
            }
        }
        notices
    }
}

fn unused(rule: &str) -> Notice {
    let message = format!("this exception for '{rule}' matches no finding; remove it");
    Notice::config("suppression-unused", message)
}

fn expired(rule: &str, day: Date) -> Notice {
    let message = format!("this exception for '{rule}' ended on {day} and no longer holds");
    Notice::config("suppression-expired", message)
}

fn with_date(reason: &str, until: Option<Date>) -> String {
    until.map_or_else(|| reason.to_owned(), |day| format!("{reason} (until {day})"))
}

/// The line that a comment speaks about: its own, or, when it stands alone, the next one that is
/// no comment.
fn target(files: &Files, span: Span, comment: &Comment) -> u32 {
    let own = files.line_col(span).line;
    let Some(file) = files.file(span.file).filter(|_| comment.alone) else { return own };
    let last = u32::try_from(file.lines().count()).unwrap_or(u32::MAX);
    let is_comment = |line: u32| {
        let range = file.lines().line_range(line, file.text());
        let text = file.text().get(std::ops::Range::<usize>::from(range)).unwrap_or_default();
        let text = text.trim_start();
        ["#", "//", "{#", "<!--", ";"].iter().any(|marker| text.starts_with(marker))
    };
    let mut line = own + 1;
    while line < last && is_comment(line) {
        line += 1;
    }
    line
}

/// Where a comment may stand to speak about a finding: its first line, its last line, its file.
fn places(finding: &Finding, files: &Files) -> Option<(FileId, Vec<Place>)> {
    match finding.primary {
        Location::Span(span) => {
            let first = files.line_col(span).line;
            let end = Span::new(span.file, TextRange::empty(span.range.end()));
            let last = files.line_col(end).line;
            Some((span.file, vec![Place::Line(first), Place::Line(last), Place::File]))
        }
        Location::File(file) => Some((file, vec![Place::File])),
        Location::Project => None,
    }
}

fn text_range(start: usize, end: usize) -> TextRange {
    let start = u32::try_from(start).unwrap_or(u32::MAX);
    let end = u32::try_from(end).unwrap_or(u32::MAX).max(start);
    TextRange::new(TextSize::new(start), TextSize::new(end))
}
