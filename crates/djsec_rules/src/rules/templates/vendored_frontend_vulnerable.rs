use std::collections::BTreeMap;

use djsec_base::{Confidence, File, FileId, FileKind, Finding, Location, Role, Span, Utf8Path};
use djsec_deps::browser::{self, Copy, Release};
use djsec_python::eval::paths;

use crate::{Check, Cx, Findings, declare_rule};

/// Folders of packages and their static files: they follow the package, whose release counts.
const OF_PACKAGES: [&str; 16] = [
    "admin/js/vendor/",
    "bower_components/",
    "ckeditor/ckeditor/",
    "debug_toolbar/",
    "django_extensions/",
    "django_tinymce/",
    "drf-yasg/",
    "drf_spectacular_sidecar/",
    "grappelli/",
    "import_export/",
    "jazzmin/",
    "node_modules/",
    "rest_framework/",
    "silk/",
    "site-packages/",
    "smart_selects/",
];

declare_rule! {
    /// ## What it does
    /// Finds libraries for browsers at releases with published flaws: copies among the project's static files, known by
    /// their first lines or by the release in their name, and those that pages load from other hosts by release.
    ///
    /// ## Why it matters
    /// A copy is on no list of dependencies: no tool updates it and none warns of it. Most of these flaws run scripts in the
    /// page when the library is handed what a visitor wrote, even where the site cleaned it. They are published with
    /// examples, and scanners look for the releases.
    ///
    /// ## Flagged
    /// ```js static/js/bootstrap.min.js
    /// /*! Bootstrap v3.3.7 (http://getbootstrap.com) */ # finding
    /// ```
    /// ```html templates/base.html
    /// <script src="https://code.jquery.com/jquery-1.12.4.min.js"></script> {# finding #}
    /// <script src="https://cdn.jsdelivr.net/npm/lodash@4.17.15/lodash.min.js"></script> {# finding #}
    /// ```
    ///
    /// ## Not flagged
    /// Releases without known flaws, what packages bring along (the admin's jQuery comes and goes with Django), and the
    /// project's own files that are called alike:
    /// ```html templates/base.html
    /// <script src="https://code.jquery.com/jquery-3.7.1.min.js"></script>
    /// <script src="https://cdn.jsdelivr.net/npm/bootstrap@5.3.3/dist/js/bootstrap.bundle.min.js"></script>
    /// <script src="https://cdn.jsdelivr.net/npm/jquery@3"></script>
    /// <script src="https://cdn.example.net/3.0.0/video.js"></script>
    /// ```
    /// ```js static/js/bootstrap.js
    /// start();
    /// ```
    /// ```js static/admin/js/vendor/jquery/jquery.js
    /// /*! jQuery JavaScript Library v3.4.1 */
    /// ```
    ///
    /// ## How to fix
    /// Replace the file, or the address, with the release that the finding names, and read what the library says about the
    /// change. Better: let npm keep the library and copy it when the site is built, so that somebody is told of the next flaw.
    ///
    /// ## Limits
    /// About twenty libraries are known, with what was published by August 2026; flaws that only matter on servers are
    /// left out. Whether the page calls what is flawed is not looked at. Bundles that a program put together are not read.
    ///
    /// ## References
    /// - [OWASP: vulnerable and outdated components](https://owasp.org/Top10/2025/A03_2025-Software_Supply_Chain_Failures/)
    /// - [GitHub's database of advisories](https://github.com/advisories)
    RULE {
        id: "vendored-frontend-vulnerable",
        group: "templates",
        summary: "a JavaScript library with published flaws is shipped",
        severity: Medium,
        cwe: [1395],
        owasp: ["2025:A03"],
        asvs: ["5.0:15.2.1"],
        checklist: ["frontend-dependencies"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let collected = collected(cx);
    let all: Vec<(FileId, &File)> = cx
        .files
        .iter()
        .filter(|(_, file)| {
            file.kind == FileKind::Library
                && matches!(file.role, Role::Application | Role::Vendored)
                && file.path.starts_with(&cx.project.root)
                && !is_of_package(&file.path)
        })
        .collect();
    for (id, file) in &all {
        let is_copied = collected.iter().any(|folder| is_collected(cx, folder, &file.path, &all));
        if !is_copied {
            copy(*id, &file.path, file.text(), out);
        }
    }
    links(cx, out);
}

/// Where `collectstatic` puts what it finds.
fn collected(cx: &Cx<'_>) -> Vec<String> {
    let folders = cx.setting("STATIC_ROOT").alternatives();
    let folders = folders.iter().filter_map(|part| part.data.as_str());
    let folders = folders.filter_map(|path| paths::in_tree(&paths::normalize(path)));
    folders.filter(|folder| !folder.is_empty()).collect()
}

/// Whether a file below that folder was copied there: from the project, or from an app that is installed.
fn is_collected(cx: &Cx<'_>, folder: &str, path: &Utf8Path, all: &[(FileId, &File)]) -> bool {
    let Ok(rest) = path.strip_prefix(folder) else { return false };
    let outside = |file: &File| !file.path.starts_with(folder) && file.path.ends_with(rest);
    let of_app = rest.components().next().is_some_and(|first| {
        let apps = cx.setting("INSTALLED_APPS");
        let mut names = apps.elements().into_iter();
        names.any(|app| {
            app.data.as_str().is_some_and(|app| app.split('.').any(|part| part == first.as_str()))
        })
    });
    of_app || all.iter().any(|(_, file)| outside(file))
}

fn is_of_package(path: &Utf8Path) -> bool {
    let path = format!("/{path}");
    OF_PACKAGES.iter().any(|folder| path.contains(&format!("/{folder}")))
}

fn copy(id: FileId, path: &Utf8Path, text: &str, out: &mut Findings) {
    let Some(copy) = path.file_name().and_then(browser::of_file) else { return };
    let written = copy.library.release_in(text);
    let (release, place, confidence) = match (written, copy.release.clone()) {
        (Some((release, range)), _) => {
            (release, Location::Span(Span::new(id, range)), Confidence::High)
        }
        (None, Some(release)) => (release, Location::File(id), Confidence::Medium),
        (None, None) => return,
    };
    report(&copy, &release, place, confidence, &[], out);
}

/// What pages load from other hosts: each address once.
fn links(cx: &Cx<'_>, out: &mut Findings) {
    let mut found: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    for element in cx.templates().elements().filter(|element| &*element.name == "script") {
        if let Some(address) = element.text("src") {
            found.entry(address.trim().to_owned()).or_default().push(element.span);
        }
    }
    for (address, places) in found {
        let Some(copy) = browser::of_address(&address) else { continue };
        let (Some(release), Some((first, others))) = (&copy.release, places.split_first()) else {
            continue;
        };
        report(&copy, release, Location::Span(*first), Confidence::High, others, out);
    }
}

fn report(
    copy: &Copy,
    release: &Release,
    place: Location,
    confidence: Confidence,
    others: &[Span],
    out: &mut Findings,
) {
    let flaws = copy.library.flaws(release);
    let Some(worst) = flaws.first() else { return };
    let name = &copy.library.name;
    let message = match flaws.len() {
        1 => format!("{name} {release} has a published flaw, {}: {}", worst.id, worst.words),
        many => {
            let (id, words) = (&worst.id, &worst.words);
            format!("{name} {release} has {many} published flaws, {id} among them: {words}")
        }
    };
    let fixed = flaws.iter().filter_map(|flaw| flaw.fixed.as_ref()).max();
    let (severity, help) = match fixed {
        Some(fixed) => (worst.severity, format!("replace it with {fixed} or newer")),
        // Nobody can simply update it, and what is left is rarely reached.
        None => {
            (worst.severity.lower(), "no public release of this series is without it".to_owned())
        }
    };
    let mut finding = Finding::new(&RULE.meta, place, format!("{name} {release}"), message)
        .severity(severity)
        .confidence(confidence);
    for place in others.iter().take(3) {
        finding = finding.related((*place).into(), "is loaded here, too");
    }
    out.report(finding).help(help).done();
}
