use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use super::secret_key;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a `SECRET_KEY`, or an entry of `SECRET_KEY_FALLBACKS`, that anybody can look up: a
    /// placeholder such as `changeme`, the key of a well-known tutorial, the default of a program that
    /// many install. Also as the default of a variable.
    ///
    /// ## Why it matters
    /// Attackers try these keys first; there are lists and tools for it. With the key they forge
    /// session cookies, password reset links and everything else that Django signs. Where
    /// sessions are pickled, they run code on the server.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SECRET_KEY = "change-me"  # finding
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "your-secret-key-here")  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// import os
    ///
    /// SECRET_KEY = os.environ["SECRET_KEY"]
    /// ```
    /// The program refuses to start with the placeholder:
    /// ```python settings.py
    /// import os
    ///
    /// from django.core.exceptions import ImproperlyConfigured
    ///
    /// SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "change-me")
    /// if SECRET_KEY == "change-me":
    ///     raise ImproperlyConfigured("set SECRET_KEY")
    /// ```
    /// Only developers get it:
    /// ```python settings.py
    /// import os
    ///
    /// DEBUG = os.environ.get("DEBUG") == "1"
    /// SECRET_KEY = "dev" if DEBUG else os.environ["SECRET_KEY"]
    /// ```
    ///
    /// ## How to fix
    /// Generate a key with `python -c "import secrets; print(secrets.token_urlsafe(50))"`, put it into
    /// the environment of the production process, and read it without a default. Sessions and
    /// links signed with the old key end; do not keep it in `SECRET_KEY_FALLBACKS`.
    ///
    /// ## Limits
    /// The list is short and holds hashes of published keys and common placeholders. A key that is not
    /// on it is not thereby secret.
    ///
    /// ## References
    /// - [Django: SECRET_KEY](https://docs.djangoproject.com/en/stable/ref/settings/#secret-key)
    RULE {
        id: "secret-key-publicly-known",
        group: "settings",
        summary: "the secret key is one that anybody can look up",
        severity: Critical,
        cwe: [1394, 798, 321],
        owasp: ["2025:A02", "2025:A04"],
        asvs: ["5.0:13.2.3", "5.0:13.3.1"],
        checklist: ["secret-key-strong", "secret-key-from-environment"],
        django: ["security.W009", "security.W025"],
        since: "next",
        checks: [
            Check::Setting(&["SECRET_KEY"], check_key),
            Check::Setting(&["SECRET_KEY_FALLBACKS"], check_fallbacks),
        ],
    }
}

const HELP: &str = "generate a key, keep it in the environment, and read it without a default";

fn check_key(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let public = setting.where_part(|part| secret_key::is_public(&part.data));
    let weak = setting.where_part(|part| {
        secret_key::is_public(&part.data) && secret_key::weakness(&part.data).is_some()
    });
    let report = out
        .judge(
            cx,
            &RULE,
            setting,
            public,
            "`SECRET_KEY` is a key that anybody can look up, and with it forge sessions and reset links",
        )
        .help(HELP);
    if weak.is_never() {
        report.done();
    } else {
        report.django_check("security.W009").done();
    }
}

fn check_fallbacks(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    for part in setting.elements() {
        if !matches!(part.data, Data::Str(_)) || !secret_key::is_public(&part.data) {
            continue;
        }
        let report = out
            .judge(
                cx,
                &RULE,
                setting,
                part.when,
                "`SECRET_KEY_FALLBACKS` accepts what is signed with a key that anybody can look up",
            )
            .help("remove the entry: what was signed with it proves nothing")
            .at(part.span);
        if secret_key::weakness(&part.data).is_some() {
            report.django_check("security.W025").done();
        } else {
            report.done();
        }
    }
}
