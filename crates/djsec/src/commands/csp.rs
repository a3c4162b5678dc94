//! `djsec csp [PATH]`.

use anyhow::Result;
use djsec_base::Location;
use djsec_django::csp::needs::Needs;
use djsec_django::csp::proposal::{Note, Proposal, Sender, Word};
use djsec_django::csp::uses::{Nonce, Origin, Use, What};
use djsec_django::csp::{Emitter, NONCE_PROCESSOR};
use djsec_django::hierarchy::Hierarchy;
use djsec_django::middleware::{DJANGO_CSP, PACKAGE_CSP};
use djsec_django::project::Project as Django;
use djsec_engine::{Depth, Run, understand};
use djsec_report::csp::{CspView, DirectiveView, NONCE, NoteView, PresentView, Style, UseView};
use tracing::info_span;

use crate::{
    cli::{Csp, CspStyle, Look},
    options::overrides,
    project::Project,
    show,
    stages::followed,
};

pub(super) fn run(options: &Csp, look: &Look) -> Result<u8> {
    let catalog = djsec_engine::catalog();
    let overrides = overrides(&options.production, None)?;
    let project = Project::open(&options.path, &options.config, overrides, &catalog)?;
    let (run, views) = followed(look, || {
        let run = understand(&project.disk, &project.config, Depth::Structure);
        let views = info_span!("csp").in_scope(|| views(&run, options.style));
        (run, views)
    });
    if views.is_empty() {
        return Err(super::settings::nothing_read(&run, &options.path).into());
    }
    let (format, output) = (options.format, options.output.as_deref());
    show::csp(&run.files, &views, &project.root, format, output, look)?;
    Ok(if run.outcome.incomplete() { 3 } else { 0 })
}

fn views(run: &Run, style: Option<CspStyle>) -> Vec<CspView> {
    let hierarchy = Hierarchy::new(&run.program);
    let view = |project: &Django| {
        let summary = run.outcome.projects.iter().find(|summary| summary.root == project.root)?;
        let profile = summary.profile.as_ref()?;
        let needs = Needs::new(project, &run.files, &run.program, &hierarchy);
        Some(view(project, profile.module.clone(), &needs, sender(project, style)))
    };
    run.projects.iter().filter_map(view).collect()
}

/// Who sends the policy: who was asked for, else who sends one now, else Django itself where it can.
fn sender(project: &Django, style: Option<CspStyle>) -> Sender {
    let found = project.inventory.version_of("django-csp");
    let old = found.is_some_and(|found| found.version.release().first().is_some_and(|it| *it < 4));
    let package = if old { Sender::OldPackage } else { Sender::Package };
    match style {
        Some(CspStyle::Django) => return Sender::Django,
        Some(CspStyle::DjangoCsp) => return package,
        Some(CspStyle::Nginx) => return Sender::Server,
        None => {}
    }
    match project.policies().first().map(|policy| policy.emitter) {
        Some(Emitter::Django) => Sender::Django,
        Some(Emitter::Package4) => Sender::Package,
        Some(Emitter::Package3) => Sender::OldPackage,
        None if has_own(project) => Sender::Django,
        None => package,
    }
}

/// Whether the project's Django sends policies itself; the newest known counts where it does not say.
fn has_own(project: &Django) -> bool {
    (project.settings.series.major, project.settings.series.minor) >= (6, 0)
}

fn view(project: &Django, module: String, needs: &Needs, sender: Sender) -> CspView {
    let proposal = Proposal::new(project, needs, sender);
    let directives: Vec<DirectiveView> = proposal
        .directives
        .iter()
        .map(|line| DirectiveView {
            name: line.name.to_owned(),
            sources: line.sources.iter().map(word).collect(),
        })
        .collect();
    let with_nonce =
        directives.iter().any(|directive| directive.sources.iter().any(|it| it == NONCE));
    CspView {
        project: project.root.to_string(),
        module,
        django: project.django.map(|version| version.to_string()),
        pages: needs.pages,
        present: present(project),
        style: match sender {
            Sender::Django => Style::Django,
            Sender::Package => Style::DjangoCsp,
            Sender::OldPackage => Style::DjangoCsp3,
            Sender::Server => Style::Nginx,
        },
        wiring: wiring(project, sender, with_nonce),
        directives,
        tasks: notes(proposal.tasks),
        looser: notes(proposal.looser),
        strict: notes(proposal.strict),
        unknown: notes(proposal.unknown),
        uses: needs.uses.iter().map(use_view).collect(),
    }
}

fn word(word: &Word) -> String {
    match word {
        Word::Nonce => NONCE.to_owned(),
        Word::Keyword(text) | Word::Scheme(text) => (*text).to_owned(),
        Word::Host(text) => text.clone(),
    }
}

fn notes(notes: Vec<Note>) -> Vec<NoteView> {
    let view = |note: Note| {
        let Note { id, text, help, places } = note;
        NoteView { id, text, help, places }
    };
    notes.into_iter().map(view).collect()
}

fn present(project: &Django) -> Vec<PresentView> {
    let sent = project.policies().into_iter().filter(|policy| !policy.sent().is_never());
    sent.map(|policy| PresentView {
        setting: match policy.emitter {
            Emitter::Package3 => "CSP_…".to_owned(),
            _ => policy.setting.path.to_string(),
        },
        enforced: policy.enforced,
        place: policy.setting.touched().first().copied().map(Location::Span),
    })
    .collect()
}

/// What the settings need besides the policy.
fn wiring(project: &Django, sender: Sender, with_nonce: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut middleware = |path: &str| {
        if !project.has_middleware(path).is_always() {
            lines.push(format!("MIDDLEWARE: \"{path}\""));
        }
    };
    match sender {
        Sender::Server => {}
        Sender::Django => {
            middleware(DJANGO_CSP);
            if with_nonce && !project.nonce_processor().is_always() {
                lines.push(format!("TEMPLATES, context_processors: \"{NONCE_PROCESSOR}\""));
            }
            if !has_own(project) {
                lines.push("SECURE_CSP needs Django 6.0 or newer.".to_owned());
            }
        }
        Sender::Package | Sender::OldPackage => {
            middleware(PACKAGE_CSP);
            if sender == Sender::OldPackage && project.policies().iter().any(|it| it.enforced) {
                lines.push(
                    "django-csp 3 sends one policy: this would take the place of the one set now."
                        .to_owned(),
                );
            }
            if project.inventory.mentions("django-csp").next().is_none() {
                lines.push("Install django-csp 4.".to_owned());
            }
        }
    }
    lines
}

fn use_view(one: &Use) -> UseView {
    let (kind, directive) = match &one.what {
        What::Script => ("inline-script", Some("script-src")),
        What::Style => ("inline-style", Some("style-src")),
        What::StyleAttribute => ("style-attribute", Some("style-src-attr")),
        What::Handler(_) => ("event-handler", Some("script-src-attr")),
        What::Address => ("javascript-address", Some("script-src")),
        What::Load(fetch, _) => ("load", Some(fetch.directive())),
        What::Eval(_) => ("eval", Some("script-src")),
        What::Policy(_) => ("meta-policy", None),
    };
    let source = match &one.what {
        What::Load(_, origin) => Some(match origin {
            Origin::Own => "self".to_owned(),
            Origin::Data => "data:".to_owned(),
            Origin::Blob => "blob:".to_owned(),
            Origin::Computed => "computed".to_owned(),
            Origin::Setting(name) => (*name).to_owned(),
            Origin::Remote(remote) => {
                let scheme = remote.scheme.as_ref().map_or(String::new(), |it| format!("{it}:"));
                format!("{scheme}//{}", remote.host)
            }
        }),
        _ => None,
    };
    let carries = matches!(one.what, What::Script | What::Style)
        || matches!(directive, Some("script-src" | "style-src")) && kind == "load";
    let nonce = carries.then_some(match one.nonce {
        Nonce::Absent => "absent",
        Nonce::Unknown => "unknown",
        Nonce::Present => "present",
    });
    UseView { kind, directive, source, nonce, place: one.span }
}
