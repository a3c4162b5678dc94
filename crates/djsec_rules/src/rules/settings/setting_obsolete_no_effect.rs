use std::collections::BTreeMap;

use djsec_base::{Confidence, Finding, Location, Severity, Span};
use djsec_django::setting_names::{self, NameFact};
use djsec_django::settings::Setting;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds security settings that the installed version of Django or of a package does not read: because
    /// it no longer knows them, or not yet.
    ///
    /// ## Why it matters
    /// The line looks like a protection and is none. After an upgrade, a whole policy may be gone without
    /// a word: django-csp 4 reads none of the `CSP_…` settings of django-csp 3.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// PASSWORD_RESET_TIMEOUT_DAYS = 1  # finding
    /// ```
    /// ```requirements requirements.txt
    /// Django==5.2.19
    /// ```
    /// django-csp 4 reads one dictionary instead; all lines are one finding:
    /// ```python settings.py
    /// CSP_DEFAULT_SRC = ("'self'",)  # finding
    /// CSP_SCRIPT_SRC = ("'self'", "cdn.example.com")
    /// ```
    /// ```requirements requirements.txt
    /// Django==5.2.19
    /// django-csp==4.0
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// PASSWORD_RESET_TIMEOUT_DAYS = 1
    /// ```
    /// ```requirements requirements.txt
    /// Django==3.2.25
    /// ```
    /// django-csp 3 reads them:
    /// ```python settings.py
    /// CSP_DEFAULT_SRC = ("'self'",)
    /// ```
    /// ```requirements requirements.txt
    /// Django==5.2.19
    /// django-csp==3.8
    /// ```
    /// The project's own code reads it:
    /// ```python settings.py
    /// CSP_DEFAULT_SRC = ("'self'",)
    /// CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": CSP_DEFAULT_SRC}}
    /// ```
    /// ```requirements requirements.txt
    /// Django==5.2.19
    /// django-csp==4.0
    /// ```
    ///
    /// ## How to fix
    /// Use the name that the installed version reads, and remove the old line.
    ///
    /// ## Limits
    /// Says nothing where the version is not known. A setting whose feature is gone for good, such as
    /// `SECURE_BROWSER_XSS_FILTER`, is reported as information.
    ///
    /// ## References
    /// - [Django: release notes](https://docs.djangoproject.com/en/stable/releases/)
    /// - [django-csp: migration guide](https://django-csp.readthedocs.io/en/latest/migration-guide.html)
    RULE {
        id: "setting-obsolete-no-effect",
        group: "settings",
        summary: "a security setting that the installed version does not read",
        severity: Medium,
        cwe: [1284],
        owasp: ["2025:A02"],
        checklist: ["production-settings-known"],
        django: ["csp.E001", "axes.W004"],
        since: "next",
        checks: [Check::Settings(check)],
    }
}

/// Settings without effect that one change made so.
struct Group<'a> {
    fact: &'static NameFact,
    removed: bool,
    version: String,
    settings: Vec<&'a Setting>,
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let mut groups: BTreeMap<(&str, &str, bool), Group<'_>> = BTreeMap::new();
    for setting in cx.settings().explicit() {
        let name = &*setting.name;
        let Some(fact) = setting_names::known(name).filter(|fact| fact.security) else { continue };
        let Some(version) = installed(cx, &fact.package) else { continue };
        let removed = fact.removed.as_deref().is_some_and(|since| at_least(&version, since));
        let coming = fact.since.as_deref().is_some_and(|since| !at_least(&version, since));
        if (!removed && !coming) || cx.program.mentions_name(name) {
            continue;
        }
        let successor = fact.renamed_to.as_deref().filter(|_| removed).unwrap_or(name);
        groups
            .entry((&fact.package, successor, removed))
            .or_insert_with(|| Group { fact, removed, version, settings: Vec::new() })
            .settings
            .push(setting);
    }
    for group in groups.into_values() {
        let moved = group.fact.renamed_to.as_deref().is_some_and(|new| cx.setting(new).explicit);
        report(&group, moved, out);
    }
}

/// `moved`: whether the project sets what reads the new name as well.
fn report(group: &Group<'_>, moved: bool, out: &mut Findings) {
    let mut places: Vec<(Span, &str)> = group
        .settings
        .iter()
        .filter_map(|setting| Some((*setting.touched.last()?, &*setting.name)))
        .collect();
    places.sort_by_key(|(span, _)| (span.file, span.range.start()));
    let Some((first, name)) = places.first().copied() else { return };
    let fact = group.fact;
    let (package, version) = (&fact.package, short(&group.version));
    let subject = match places.len() {
        0 | 1 => format!("`{name}`: the line has no effect"),
        2 => format!("`{name}` and another setting: they have no effect"),
        all => format!("`{name}` and {} more settings: they have no effect", all - 1),
    };
    let message = if group.removed {
        format!("{package} {version} does not read {subject}")
    } else {
        let since = fact.since.as_deref().unwrap_or_default();
        format!(
            "{package} {version} does not read `{name}`, which is new in {since}: it has no effect"
        )
    };
    let gone = group.removed && fact.renamed_to.is_none();
    let severity = match (gone, moved) {
        (true, _) => Severity::Info,
        (false, true) => Severity::Low,
        (false, false) => Severity::Medium,
    };
    let help = match (&fact.renamed_to, &fact.note) {
        _ if !group.removed => format!("upgrade {package}, or remove the line"),
        (Some(new), _) if moved => format!("remove the line: `{new}` is set, too"),
        (Some(new), Some(note)) => format!("use `{new}` instead; {note}"),
        (Some(new), None) => format!("use `{new}` instead"),
        (None, Some(note)) => format!("remove the line; {note}"),
        (None, None) => "remove the line".to_owned(),
    };
    let finding = Finding::new(&RULE.meta, Location::Span(first), name, message)
        .severity(severity)
        .confidence(Confidence::High);
    let report = out.report(finding).help(help.trim_end_matches('.'));
    let report = places.iter().skip(1).take(6).fold(report, |report, (span, name)| {
        report.related(Some(*span), format!("`{name}` has no effect either"))
    });
    match package.as_str() {
        "django-csp" if group.removed => report.django_check("csp.E001").done(),
        "django-axes" if group.removed => report.django_check("axes.W004").done(),
        _ => report.done(),
    }
}

/// The version of a package that the project says it installs; for Django itself as the model has it.
fn installed(cx: &Cx<'_>, package: &str) -> Option<String> {
    let resolved = cx.project.inventory.version_of(package)?;
    Some(resolved.version.to_string())
}

/// The release part of two versions, compared number by number.
fn at_least(version: &str, since: &str) -> bool {
    let release = |text: &str| -> Vec<u32> {
        text.split('.')
            .map_while(|part| {
                let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
                part.get(..digits)?.parse().ok()
            })
            .collect()
    };
    let (mut a, mut b) = (release(version), release(since));
    let length = a.len().max(b.len());
    a.resize(length, 0);
    b.resize(length, 0);
    a >= b
}

/// `5.2` of `5.2.19`.
fn short(version: &str) -> String {
    version.split('.').take(2).collect::<Vec<_>>().join(".")
}
