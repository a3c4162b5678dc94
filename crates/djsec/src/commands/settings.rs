//! `djsec settings [PATH]`.

use anyhow::Result;
use djsec_engine::Run;
use djsec_report::settings::SettingsView;
use globset::{GlobSet, GlobSetBuilder};

use crate::{
    cli::{Look, Settings},
    failure::Failure,
    options::overrides,
    project::Project,
    show,
    stages::followed,
};

pub(super) fn run(options: &Settings, look: &Look) -> Result<u8> {
    let catalog = djsec_engine::catalog();
    let overrides = overrides(&options.production, None)?;
    let only = patterns(&options.only)?;
    let project = Project::open(&options.path, &options.config, overrides, &catalog)?;
    let today = super::today();
    let run = followed(look, || djsec_engine::run(&project.disk, &project.config, today));
    let mut views = views(&run);
    if views.is_empty() {
        return Err(Failure::new(format!("no Django project was found in '{}'", options.path))
            .hint("give its folder, or name the settings module with --settings")
            .into());
    }
    if !only.is_empty() {
        for view in &mut views {
            view.settings.retain(|setting| only.is_match(&setting.name));
        }
    }
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

fn patterns(texts: &[String]) -> Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for text in texts {
        let glob = globset::Glob::new(&text.to_uppercase()).map_err(|error| {
            Failure::new(format!("'{text}' is not a pattern: {}", error.kind()))
                .hint("write it like 'SESSION_*'")
        })?;
        set.add(glob);
    }
    Ok(set.build()?)
}
