//! `djsec settings [PATH]`.

use std::collections::BTreeSet;

use anyhow::Result;
use camino::Utf8Path;
use djsec_django::setting_names;
use djsec_engine::{Depth, Run, did_you_mean, nearest, understand};
use djsec_report::settings::SettingsView;
use globset::{Glob, GlobMatcher};

use crate::{
    cli::{Look, Settings},
    failure::{Failure, say},
    options::overrides,
    project::Project,
    show,
    stages::followed,
};

pub(super) fn run(options: &Settings, look: &Look) -> Result<u8> {
    let catalog = djsec_engine::catalog();
    let overrides = overrides(&options.production, None)?;
    let only = Only::read(&options.only)?;
    let project = Project::open(&options.path, &options.config, overrides, &catalog)?;
    let run = followed(look, || understand(&project.disk, &project.config, Depth::Settings));
    let mut views = views(&run);
    if views.is_empty() {
        return Err(nothing_read(&run, &options.path).into());
    }
    only.narrow(&mut views, look)?;
    show::settings(&run.files, &views, options.format, options.output.as_deref(), look)?;
    Ok(if run.outcome.incomplete() { 3 } else { 0 })
}

fn views(run: &Run) -> Vec<SettingsView<'_>> {
    run.projects
        .iter()
        .filter_map(|project| {
            let summary =
                run.outcome.projects.iter().find(|summary| summary.root == project.root)?;
            Some(super::view::view(project, summary.profile.as_ref()?))
        })
        .collect()
}

/// Why there is nothing to show: what the run has to say of it, or that no project is there.
pub(super) fn nothing_read(run: &Run, path: &Utf8Path) -> Failure {
    let said = run.outcome.notices.iter().find(|notice| notice.id.starts_with("settings-"));
    match said {
        Some(notice) => Failure::new(notice.message.clone()),
        None => Failure::new(format!("no Django project was found in '{path}'"))
            .hint("give its folder, or name the settings module with --settings"),
    }
}

/// The settings that were asked for.
struct Only {
    patterns: Vec<(String, GlobMatcher)>,
}

impl Only {
    fn read(texts: &[String]) -> Result<Self> {
        let mut patterns = Vec::new();
        for text in texts {
            // No setting ends in an underscore: `SESSION_` asks for all that begin so.
            let rest = if text.ends_with('_') { "*" } else { "" };
            let glob = Glob::new(&format!("{}{rest}", text.to_uppercase())).map_err(|error| {
                Failure::new(format!("'{text}' is not a pattern: {}", error.kind()))
                    .hint("write it like 'SESSION_*'")
            })?;
            patterns.push((text.clone(), glob.compile_matcher()));
        }
        Ok(Self { patterns })
    }

    /// Keeps the settings that match. What matches none is a slip worth telling.
    fn narrow(&self, views: &mut [SettingsView<'_>], look: &Look) -> Result<()> {
        if self.patterns.is_empty() {
            return Ok(());
        }
        let names: BTreeSet<String> = views
            .iter()
            .flat_map(|view| view.settings.iter().map(|setting| setting.name.clone()))
            .collect();
        let matched = |glob: &GlobMatcher| names.iter().any(|name| glob.is_match(name));
        let lost: Vec<&str> = self
            .patterns
            .iter()
            .filter(|(_, glob)| !matched(glob))
            .map(|(text, _)| text.as_str())
            .collect();
        let words = |text: &str| {
            let near = near_setting(text, &names);
            format!(
                "the project sets nothing that matches '{text}'{}",
                did_you_mean(near.as_deref())
            )
        };
        if lost.len() == self.patterns.len() {
            let lines = lost.iter().map(|text| words(text)).collect();
            return Err(Failure::lines(lines)
                .hint("settings that the project leaves out have Django's defaults")
                .into());
        }
        for text in lost {
            say(look.quiet, &format!("note: {}", words(text)));
        }
        for view in views {
            view.settings.retain(|setting| {
                self.patterns.iter().any(|(_, glob)| glob.is_match(&setting.name))
            });
        }
        Ok(())
    }
}

/// `SESSION_*` for `SESSION`, else the nearest name; nothing for a setting that is merely left out.
fn near_setting(text: &str, names: &BTreeSet<String>) -> Option<String> {
    if setting_names::known(&text.to_uppercase()).is_some() {
        return None;
    }
    let stem = text.trim_end_matches(['*', '_']).to_uppercase();
    let prefix = format!("{stem}_");
    if !stem.is_empty() && names.iter().any(|name| name.starts_with(&prefix)) {
        return Some(format!("{prefix}*"));
    }
    nearest(&stem, names.iter().map(String::as_str)).map(str::to_owned)
}
