use djsec_base::{FileKind, Span};
use djsec_django::settings::{SettingRef, Verdict};
use djsec_python::value::Data;

use super::secret_key;
use super::secret_key_insecure_fallback::way_out;
use super::secret_key_reused_across_profiles::copies;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a `SECRET_KEY` of production that is written in the source.
    ///
    /// ## Why it matters
    /// Everybody who ever could read the repository has the key: colleagues who left, the CI service,
    /// laptops, backups, an image that was pushed to a registry. With it one forges session cookies,
    /// password reset links and everything else that Django signs, without leaving a trace.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SECRET_KEY = "x4v&9!kq2m#z7r@w5t8p^b3n6c*d1f-g0h+j_l=sAyDuFiGoHeJaK"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// import os
    ///
    /// SECRET_KEY = os.environ["SECRET_KEY"]
    /// ```
    /// ```python settings.py
    /// from pathlib import Path
    ///
    /// SECRET_KEY = Path("/run/secrets/django_key").read_text().strip()
    /// ```
    /// Production has `DEBUG` off:
    /// ```python settings.py
    /// import os
    ///
    /// DEBUG = os.environ.get("DEBUG") == "1"
    /// if DEBUG:
    ///     SECRET_KEY = "only-for-development"
    /// else:
    ///     SECRET_KEY = os.environ["SECRET_KEY"]
    /// ```
    ///
    /// ## How to fix
    /// Generate a new key, put it into the environment or the secrets manager of the production
    /// process, and read it without a default: `SECRET_KEY = os.environ["SECRET_KEY"]`. The old key is
    /// known: replace it everywhere, rather than moving it.
    ///
    /// ## Fix safety
    /// The fix reads the variable `SECRET_KEY`, so that the program does not start where it is not set.
    ///
    /// ## Limits
    /// A key that is weak besides is reported here, once. One that tutorials show is
    /// `secret-key-publicly-known`, and one that is only the default of a variable
    /// `secret-key-insecure-fallback`.
    ///
    /// ## References
    /// - [Django: SECRET_KEY](https://docs.djangoproject.com/en/stable/ref/settings/#secret-key)
    /// - [Django: deployment checklist](https://docs.djangoproject.com/en/stable/howto/deployment/checklist/#secret-key)
    RULE {
        id: "secret-key-hardcoded",
        group: "settings",
        summary: "the secret key is written in the source",
        severity: Critical,
        cwe: [798, 321],
        owasp: ["2025:A02", "2025:A04"],
        asvs: ["5.0:13.3.1"],
        checklist: ["secret-key-from-environment", "secrets-out-of-source"],
        django: ["security.W009"],
        since: "next",
        checks: [Check::Setting(&["SECRET_KEY"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let written = secret_key::written_in_source(cx, setting);
    if !matches!(cx.settings().verdict(written), Verdict::Always | Verdict::Possible { .. }) {
        return;
    }
    let weak = secret_key::all_weak(cx, setting);
    let message = if weak {
        "`SECRET_KEY` is written in the source, and weak: who reads it can forge sessions and reset links"
    } else {
        "`SECRET_KEY` is written in the source: who reads it can forge sessions and reset links"
    };
    let span = setting.span_when(written);
    let python = secret_key::kind(cx, span).is_none_or(|kind| kind == FileKind::Python);
    let help = if python {
        "read a new key from the environment: `SECRET_KEY = os.environ[\"SECRET_KEY\"]`"
    } else {
        way_out(cx, span)
    };
    let report = out.judge(cx, &RULE, setting, written, message).help(help);
    let mut report = if weak { report.django_check("security.W009") } else { report };
    for part in setting.alternatives().iter().filter(|part| secret_key::in_source(cx, part)) {
        let (Data::Str(key), Some(span)) = (&part.data, part.span) else { continue };
        for copy in copies(cx, key, span) {
            report = report.related(Some(copy), "the same key is used here, outside of production");
        }
    }
    match span.filter(|span| is_plain(cx, *span)) {
        Some(_) => {
            report
                .replace("Read the key from the environment", "os.environ[\"SECRET_KEY\"]")
                .done();
        }
        None => report.done(),
    }
}

/// A literal in a file that has `os` at hand.
fn is_plain(cx: &Cx<'_>, span: Span) -> bool {
    let literal = cx.files.slice(span);
    let imports = |line: &str| line.trim_end() == "import os";
    literal.starts_with(['"', '\'']) && cx.files.text(span.file).lines().any(imports)
}
