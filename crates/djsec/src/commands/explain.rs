//! `djsec explain RULE`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Result;
use djsec_engine::Catalog;

use crate::{
    cli::{Explain, Look, PlainFormat},
    failure::Failure,
    show,
};

pub(super) fn run(options: &Explain, look: &Look) -> Result<u8> {
    let catalog = djsec_engine::catalog();
    let name = &options.rule;
    let rule = catalog.rule(name).map_err(|error| match relatives(&catalog, name) {
        Some(hint) => Failure::new(format!("unknown rule '{name}'")).hint(hint),
        None => Failure::unknown_rule(&error),
    })?;
    show::page(rule, options.format, look)?;
    if options.format == PlainFormat::Text {
        show::to_stdout(models(rule.id).as_bytes())?;
    }
    Ok(0)
}

/// The sinks that a rule on the flow of data knows, by what they take.
fn models(rule: &str) -> String {
    let mut by_words: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, words) in djsec_engine::known_sinks(rule) {
        by_words.entry(words).or_default().push(name);
    }
    if by_words.is_empty() {
        return String::new();
    }
    let mut out = String::from("\nWhat counts (more can be added, see docs/flow-models.md)\n");
    for (words, names) in by_words {
        let _ = writeln!(out, "  {words}");
        for name in names {
            let _ = writeln!(out, "    {name}");
        }
    }
    out
}

/// What else the name may be: a group, or the id of a check of Django.
fn relatives(catalog: &Catalog, name: &str) -> Option<String> {
    if catalog.groups().contains(name) {
        return Some(format!("'{name}' is a group: `djsec rules {name}` lists its rules"));
    }
    let same = |id: &str| id.eq_ignore_ascii_case(name);
    let rules: Vec<&str> = catalog
        .iter()
        .filter(|rule| rule.django.iter().any(|id| same(id)))
        .map(|rule| rule.id)
        .collect();
    let first = rules.first()?;
    let more = if rules.len() > 1 {
        format!(" ({} cover it: {})", rules.len(), rules.join(", "))
    } else {
        String::new()
    };
    Some(format!("{name} is a check of Django: `djsec explain {first}` explains it{more}"))
}
