//! What a project's templates need of a content security policy, and what of that is not known.

use std::collections::BTreeSet;
use std::sync::Arc;

use djsec_base::{FileKind, Files, Role, Span};
use djsec_python::Program;
use djsec_python::value::Data;
use djsec_templates::page::{GapReason, Page};

use super::uses::{Roots, Use, uses};
use crate::hierarchy::Hierarchy;
use crate::models::Apps;
use crate::project::Project;
use crate::settings::Settings;
use crate::views::Framing;

/// Engines of templates that are read.
const MOST: usize = 8;
/// Words in the names of templates that are sent as mails.
const MAIL: [&str; 5] = ["email", "emails", "mail", "mails", "mailer"];

/// What the templates of a project need.
#[derive(Debug, Default)]
pub struct Needs {
    /// What its pages do, in the order of the places, each once.
    pub uses: Vec<Use>,
    /// How many pages were read: templates that no other is made of.
    pub pages: usize,
    /// The pages that were left out: mails, by their names, that no view shows.
    pub mails: Vec<Arc<str>>,
    /// Where markup may be written of which nothing is known.
    pub opaque: Vec<Span>,
    /// Where a template is included or extended that is computed.
    pub computed: Vec<Span>,
    /// Where one is that is not in the tree.
    pub missing: Vec<Span>,
    /// Where pages were cut off.
    pub cut: Vec<Span>,
    /// How many templates of Jinja there are, which are not read.
    pub jinja: usize,
    /// Installed apps whose templates are not in the tree, but for Django's own.
    pub packages: Vec<Arc<str>>,
    /// Template loaders that are not Django's, so that what they find is not known.
    pub loaders: Vec<Arc<str>>,
    /// Views that other sites may put in a frame.
    pub framed: Vec<Span>,
}

impl Needs {
    /// Reads the templates of a project; works out what its views show.
    pub fn new(
        project: &Project,
        files: &Files,
        program: &Program,
        hierarchy: &Hierarchy<'_>,
    ) -> Self {
        let views = &project.structure(files, program, hierarchy).views.all;
        let shown: BTreeSet<&Arc<str>> = views.iter().flat_map(|view| &view.templates).collect();
        let templates = project.templates(files, program, hierarchy);
        let read = templates.files();
        let whole = templates.whole();
        let (mails, pages): (Vec<_>, Vec<_>) =
            whole.partition(|(name, _)| !shown.contains(name) && is_mail(name));
        let mut this = Self {
            uses: uses(pages.iter().map(|(_, page)| *page), &Roots::new(&project.settings)),
            pages: pages.len(),
            mails: mails.into_iter().map(|(name, _)| Arc::clone(name)).collect(),
            jinja: files
                .iter()
                .filter(|(_, file)| file.path.starts_with(&project.root) && is_jinja(file))
                .filter(|(id, _)| !read.contains(id))
                .count(),
            ..Self::default()
        };
        for (_, page) in pages {
            this.doubts(page);
        }
        let framed = views.iter().filter_map(|view| match view.framing {
            Framing::Exempt(place) => place.or(view.place),
            _ => None,
        });
        this.framed = framed.collect();
        for spans in [
            &mut this.opaque,
            &mut this.computed,
            &mut this.missing,
            &mut this.cut,
            &mut this.framed,
        ] {
            spans.sort_unstable();
            spans.dedup();
        }
        let apps = Apps::new(&project.settings, program, &project.root);
        let is_absent = |package: &Arc<str>| {
            let top = package.split('.').next().unwrap_or(package);
            top != "django" && program.find(top, &project.root).is_none()
        };
        let absent = apps.0.into_iter().map(|app| app.package).filter(is_absent);
        this.packages = absent.collect();
        this.loaders = own_loaders(&project.settings);
        this
    }

    fn doubts(&mut self, page: &Page) {
        self.opaque.extend(&page.opaque);
        for gap in &page.gaps {
            let spans = match gap.reason {
                GapReason::Computed => &mut self.computed,
                GapReason::Missing => &mut self.missing,
                GapReason::Limit | GapReason::Ways => &mut self.cut,
                GapReason::Cycle => continue,
            };
            spans.push(gap.span);
        }
    }
}

/// The loaders of templates that are not Django's, in order.
fn own_loaders(settings: &Settings) -> Vec<Arc<str>> {
    let engines = settings.get("TEMPLATES");
    let mut names: Vec<Arc<str>> = Vec::new();
    for at in 0..engines.elements().len().min(MOST) {
        let loaders = engines.index(at).entry("OPTIONS").entry("loaders");
        for part in loaders.elements() {
            let name = match &part.data {
                Data::Str(name) => Some(&**name),
                // With arguments.
                Data::Tuple(seq) | Data::List(seq) => {
                    let first = seq.items.first().and_then(|item| item.value.single());
                    first.and_then(|first| first.data.as_str())
                }
                _ => None,
            };
            let own = name.filter(|name| !name.starts_with("django."));
            names.extend(own.map(Arc::from));
        }
    }
    names
}

fn is_mail(name: &str) -> bool {
    name.split(['/', '_', '-', '.']).any(|word| MAIL.contains(&word.to_ascii_lowercase().as_str()))
}

fn is_jinja(file: &djsec_base::File) -> bool {
    file.kind == FileKind::Template
        && file.role == Role::Application
        && (file.path.components().any(|part| part.as_str() == "jinja2")
            || matches!(file.path.extension(), Some("jinja" | "jinja2")))
}
