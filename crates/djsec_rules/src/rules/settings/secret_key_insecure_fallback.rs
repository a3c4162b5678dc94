use djsec_base::{FileKind, Severity, Span};
use djsec_django::settings::{SettingRef, Verdict};

use super::secret_key;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a `SECRET_KEY` that comes from the environment, but falls back to a key in the source
    /// when the variable is not set.
    ///
    /// ## Why it matters
    /// Nobody notices a missing variable: the site works, and runs with a key that everybody with
    /// access to the source knows. A missing key must stop the program.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// import os
    ///
    /// SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "kq2m#z7r@w5t8p^b3n6c*d1f-g0h+j_l")  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// import os
    ///
    /// SECRET_KEY = os.environ["SECRET_KEY"]
    /// ```
    /// Django refuses to run with an empty key:
    /// ```python settings.py
    /// import os
    ///
    /// SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "")
    /// ```
    /// The fallback is for development only:
    /// ```python settings.py
    /// import os
    ///
    /// DEBUG = os.environ.get("DEBUG") == "1"
    /// SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "kq2m#z7r@w5t8p" if DEBUG else "")
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "kq2m#z7r@w5t8p")
    /// if SECRET_KEY == "kq2m#z7r@w5t8p":
    ///     raise RuntimeError("set DJANGO_SECRET_KEY")
    /// ```
    ///
    /// ## How to fix
    /// Read the variable without a default, `os.environ["SECRET_KEY"]`, and give developers a key in
    /// their own settings or `.env` file.
    ///
    /// ## Limits
    /// A fallback that is a placeholder or a published key is `secret-key-publicly-known`; one made
    /// anew by each process is `secret-key-random-per-process`.
    ///
    /// ## References
    /// - [Django: SECRET_KEY](https://docs.djangoproject.com/en/stable/ref/settings/#secret-key)
    RULE {
        id: "secret-key-insecure-fallback",
        group: "settings",
        summary: "a missing variable silently puts a key from the source in use",
        severity: Critical,
        cwe: [636, 798],
        owasp: ["2025:A02", "2025:A10"],
        asvs: ["5.0:13.3.1"],
        checklist: ["secret-key-from-environment"],
        since: "next",
        checks: [Check::Setting(&["SECRET_KEY"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let written = secret_key::written_in_source(cx, setting);
    if !matches!(cx.settings().verdict(written), Verdict::WhenUnset { .. }) {
        return;
    }
    out.judge(
        cx,
        &RULE,
        setting,
        written,
        "`SECRET_KEY` falls back to a key in the source, with which sessions and reset links can be forged",
    )
    .severity(Severity::High)
    .help(way_out(cx, setting.span_when(written)))
    .done();
}

/// How to get a key out of the source, by what it stands in.
pub(super) fn way_out(cx: &Cx<'_>, span: Option<Span>) -> &'static str {
    match secret_key::kind(cx, span) {
        Some(FileKind::Compose) => {
            "write `${NAME:?set a secret key}` instead of a default: compose stops without one"
        }
        Some(FileKind::Python) | None => {
            "read the variable without a default, so that the program does not start without a key"
        }
        Some(_) => "set the variable where the container is started, from a store of secrets",
    }
}
