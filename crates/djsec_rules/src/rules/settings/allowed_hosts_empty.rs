use djsec_base::Severity;
use djsec_django::settings::{SettingRef, Verdict};
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds an `ALLOWED_HOSTS` that is empty, or holds nothing but empty texts.
    ///
    /// ## Why it matters
    /// With `DEBUG` off, Django answers every request with 400 when no host is allowed. The site does
    /// not work, and the usual quick repair is `["*"]` or turning debug mode on: both are worse.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// ALLOWED_HOSTS = []  # finding
    /// ```
    /// Splitting an empty text gives a list with one empty text, which matches no host:
    /// ```python settings.py
    /// ALLOWED_HOSTS = "".split(",")  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// ALLOWED_HOSTS = ["shop.example.com"]
    /// ```
    /// What comes from the environment is not known to be empty, and an empty default is closed, not
    /// open:
    /// ```python settings.py
    /// import os
    ///
    /// ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "").split(",")
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// ALLOWED_HOSTS = []
    /// ALLOWED_HOSTS += [os.environ["SITE_HOST"]]
    /// ```
    ///
    /// ## How to fix
    /// List the names under which the site is reached: `ALLOWED_HOSTS = ["shop.example.com"]`.
    ///
    /// ## References
    /// - [Django: ALLOWED_HOSTS](https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts)
    RULE {
        id: "allowed-hosts-empty",
        group: "settings",
        summary: "no host is allowed",
        severity: Medium,
        cwe: [16],
        owasp: ["2025:A02"],
        checklist: ["allowed-hosts-explicit"],
        django: ["security.W020"],
        since: "next",
        checks: [Check::Setting(&["ALLOWED_HOSTS"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    // Nothing is served without hosts: who operates the site names them.
    if cx.settings().is_completed_elsewhere() {
        return;
    }
    let empty = setting.falsy() & !setting.from_environment();
    let certain = |cond| {
        matches!(
            cx.settings().verdict(cond),
            Verdict::Always | Verdict::Possible { .. } | Verdict::Undecided
        )
    };
    if certain(empty) {
        out.judge(
            cx,
            &RULE,
            setting,
            empty,
            "`ALLOWED_HOSTS` is empty: with `DEBUG` off, Django refuses every request",
        )
        .help("list the names under which the site is reached")
        .django_check("security.W020")
        .at(setting.last_change())
        .done();
    }
    let blank = setting.is(|data| Some(is_blank(data)));
    if matches!(cx.settings().verdict(blank), Verdict::Always) {
        out.judge(
            cx,
            &RULE,
            setting,
            blank,
            "`ALLOWED_HOSTS` holds only empty texts, which match no host: Django refuses every request",
        )
        .severity(Severity::Low)
        .help("list the names under which the site is reached; `\"\".split(\",\")` gives `[\"\"]`")
        .done();
    }
}

/// A list of which every element is an empty text.
fn is_blank(data: &Data) -> bool {
    let Some(seq) = data.as_seq() else { return false };
    !seq.open
        && !seq.items.is_empty()
        && seq.items.iter().all(|item| {
            item.value.alts.iter().all(|alt| matches!(&alt.data, Data::Str(s) if s.is_empty()))
        })
}
