use djsec_base::{Confidence, Finding, Fix, Location, Span, TextRange, TextSize};
use djsec_django::setting_names;
use djsec_django::settings::Setting;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds settings that nothing reads, and whose name is a slip away from one that protects
    /// something; also names that guides show although no package reads them.
    ///
    /// ## Why it matters
    /// Django takes any name and warns of none. The protection that the line promises is off, and the
    /// line makes everybody believe that it is on.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SECURE_HSTS_SECOND = 31536000  # finding
    /// SESSION_COOKIES_SECURE = True  # finding
    /// ```
    /// ```python settings.py
    /// LOGIN_RATE_LIMIT = 5  # finding
    /// ```
    ///
    /// ## Not flagged
    /// A name of the project's own that its code reads:
    /// ```python settings.py
    /// LOGIN_RATE_LIMIT = 5
    /// ```
    /// ```python views.py
    /// from django.conf import settings
    ///
    /// LIMIT = settings.LOGIN_RATE_LIMIT
    /// ```
    /// Names of packages, and names that are like no protection's:
    /// ```python settings.py
    /// SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
    /// SHOP_COOKIE_SECURE = True
    /// SOCIAL_AUTH_GITHUB_KEY = "id"
    /// ```
    /// A name that later settings use:
    /// ```python settings.py
    /// SECURE_HSTS_SECOND = 1
    /// SECURE_HSTS_SECONDS = 31536000 * SECURE_HSTS_SECOND
    /// ```
    ///
    /// ## How to fix
    /// Correct the name, or remove the line when nothing needs it.
    ///
    /// ## Fix safety
    /// The fix gives the line the name that is nearest, and so turns on what it promised. Check that
    /// this is what was meant.
    ///
    /// ## Limits
    /// djsec knows the names that Django and about 140 packages read. A package that it does not know may
    /// read a name that is nearly the same.
    ///
    /// ## References
    /// - [Django: settings](https://docs.djangoproject.com/en/stable/ref/settings/)
    RULE {
        id: "setting-name-typo",
        group: "settings",
        summary: "a setting that nothing reads, named almost like a protection",
        severity: High,
        cwe: [1284],
        owasp: ["2025:A02"],
        checklist: ["production-settings-known"],
        since: "next",
        checks: [Check::Settings(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for setting in cx.settings().explicit() {
        let name = &*setting.name;
        // What begins with an underscore is the module's own.
        if name.starts_with('_')
            || setting_names::known(name).is_some()
            || setting_names::open_family(name).is_some()
            || cx.program.mentions_name(name)
        {
            continue;
        }
        if let Some((meant, edits)) = setting_names::nearest(name) {
            let taken = cx.setting(meant).explicit;
            // Two names side by side are more likely two things than one thing twice.
            if !taken || edits == 1 {
                misspelt(cx, setting, meant, edits, out);
            }
        } else if let Some(advice) = setting_names::invented(name) {
            let message = format!("nothing reads `{name}`, so the line protects nothing");
            let finding = Finding::new(&RULE.meta, place(cx, setting), name, message)
                .severity(djsec_base::Severity::Medium);
            out.report(finding).help(format!("remove the line: {advice}")).done();
        }
    }
}

fn misspelt(cx: &Cx<'_>, setting: &Setting, meant: &str, edits: usize, out: &mut Findings) {
    let name = &*setting.name;
    let message = format!("nothing reads `{name}`, and `{meant}` stays as it is without the line");
    let confidence = if edits == 1 { Confidence::High } else { Confidence::Medium };
    let finding =
        Finding::new(&RULE.meta, place(cx, setting), name, message).confidence(confidence);
    let rename = match setting.touched.as_slice() {
        [only] => name_in(cx, *only, name),
        _ => None,
    };
    out.report(finding)
        .help(format!("did you mean `{meant}`?"))
        .fix(rename.map(|span| Fix::unsafe_replace("Correct the name", span, meant)))
        .done();
}

fn place(cx: &Cx<'_>, setting: &Setting) -> Location {
    let last = setting.touched.last();
    last.map_or_else(
        || cx.settings_file(),
        |span| Location::Span(name_in(cx, *span, &setting.name).unwrap_or(*span)),
    )
}

/// The name at the beginning of an assignment.
fn name_in(cx: &Cx<'_>, statement: Span, name: &str) -> Option<Span> {
    let rest = cx.files.slice(statement).strip_prefix(name)?;
    rest.trim_start().starts_with(['=', ':', '+', '|']).then_some(())?;
    let length = TextSize::try_from(name.len()).ok()?;
    Some(Span::new(statement.file, TextRange::at(statement.range.start(), length)))
}
