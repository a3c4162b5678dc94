use djsec_base::Severity;
use djsec_django::settings::SettingRef;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds template engines whose option `autoescape` is off.
    ///
    /// ## Why it matters
    /// Escaping by default is what keeps a visitor's text from becoming markup. With it off, each of the
    /// templates is open to cross-site scripting wherever nobody thought of `|escape`.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// TEMPLATES = [
    ///     {
    ///         "BACKEND": "django.template.backends.django.DjangoTemplates",
    ///         "APP_DIRS": True,
    ///         "OPTIONS": {"autoescape": False},  # finding
    ///     },
    /// ]
    /// ```
    /// ```python settings.py
    /// TEMPLATES = [
    ///     {
    ///         "BACKEND": "django.template.backends.jinja2.Jinja2",
    ///         "APP_DIRS": True,
    ///         "OPTIONS": {"autoescape": False, "trim_blocks": True},  # finding
    ///     },
    /// ]
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// TEMPLATES = [
    ///     {
    ///         "BACKEND": "django.template.backends.jinja2.Jinja2",
    ///         "APP_DIRS": True,
    ///         "OPTIONS": {"trim_blocks": True},
    ///     },
    /// ]
    /// ```
    /// A function that decides by the name of the template:
    /// ```python settings.py
    /// from jinja2 import select_autoescape
    ///
    /// TEMPLATES = [
    ///     {
    ///         "BACKEND": "django.template.backends.jinja2.Jinja2",
    ///         "OPTIONS": {"autoescape": select_autoescape(["html", "xml"])},
    ///     },
    /// ]
    /// ```
    ///
    /// ## How to fix
    /// Remove the option, and write `{% autoescape off %}` into the templates of plain text that need it.
    ///
    /// ## Limits
    /// Beside an engine that escapes, one that does not is taken for the one of plain-text mail, and is
    /// reported with a low severity.
    ///
    /// ## References
    /// - [Django: DjangoTemplates](https://docs.djangoproject.com/en/stable/topics/templates/#django.template.backends.django.DjangoTemplates)
    /// - [OWASP: cross-site scripting prevention](https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html)
    RULE {
        id: "autoescape-disabled-globally",
        group: "settings",
        summary: "templates do not escape what they print",
        severity: High,
        cwe: [116, 79],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.1"],
        checklist: ["output-escaped"],
        since: "next",
        checks: [Check::Setting(&["TEMPLATES"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let engines = setting.elements().len().min(8);
    let option = |at: usize| setting.index(at).entry("OPTIONS").entry("autoescape");
    // Without the option, both of Django's backends escape.
    let off = |at: usize| option(at).falsy() & !option(at).is_absent();
    let others_escape = (0..engines).any(|at| off(at).is_never());
    for at in 0..engines {
        let message =
            "templates do not escape what they print: a visitor's text becomes markup, and scripts";
        let report = out
            .judge(cx, &RULE, &option(at), off(at).surely(), message)
            .help("remove the option, and turn escaping off in the templates of plain text");
        if others_escape { report.rated(Severity::Low).done() } else { report.done() }
    }
}
