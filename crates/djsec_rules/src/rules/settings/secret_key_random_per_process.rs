use djsec_django::settings::SettingRef;
use djsec_python::value::{Data, ObjectKind};

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a production `SECRET_KEY` that each process makes for itself when it starts.
    ///
    /// ## Why it matters
    /// Two workers have two keys: what one signs, the other refuses. Sessions and password reset links
    /// break at random and end with each restart. Teams then "repair" it with a key in the source.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// from django.core.management.utils import get_random_secret_key
    ///
    /// SECRET_KEY = get_random_secret_key()  # finding
    /// ```
    /// ```python settings.py
    /// import os
    /// import secrets
    ///
    /// SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", secrets.token_urlsafe(50))  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// import os
    ///
    /// SECRET_KEY = os.environ["SECRET_KEY"]
    /// ```
    /// Development may have a new key with each start:
    /// ```python settings.py
    /// import os
    ///
    /// from django.core.management.utils import get_random_secret_key
    ///
    /// DEBUG = os.environ.get("DEBUG") == "1"
    /// SECRET_KEY = get_random_secret_key() if DEBUG else os.environ["SECRET_KEY"]
    /// ```
    /// A key that is written to a file once and read again is one key:
    /// ```python settings.py
    /// from pathlib import Path
    ///
    /// SECRET_KEY = Path("/var/lib/shop/secret_key").read_text()
    /// ```
    ///
    /// ## How to fix
    /// Generate the key once, keep it in the environment or the secrets manager, and read it without a
    /// default.
    ///
    /// ## References
    /// - [Django: SECRET_KEY](https://docs.djangoproject.com/en/stable/ref/settings/#secret-key)
    RULE {
        id: "secret-key-random-per-process",
        group: "settings",
        summary: "each process has a secret key of its own",
        severity: Medium,
        cwe: [323],
        owasp: ["2025:A02"],
        checklist: ["secret-key-from-environment"],
        since: "next",
        checks: [Check::Setting(&["SECRET_KEY"], check)],
    }
}

/// Calls that give something else each time.
const RANDOM: [&str; 9] = [
    "django.core.management.utils.get_random_secret_key",
    "django.utils.crypto.get_random_string",
    "os.urandom",
    "secrets.choice",
    "secrets.token_bytes",
    "secrets.token_hex",
    "secrets.token_urlsafe",
    "uuid.uuid1",
    "uuid.uuid4",
];

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let random = setting.where_part(|part| match &part.data {
        Data::Object(object) => {
            object.kind == ObjectKind::Instance && RANDOM.contains(&&*object.name)
        }
        _ => false,
    });
    out.judge(
        cx,
        &RULE,
        setting,
        random,
        "each process makes a `SECRET_KEY` of its own: sessions and reset links break between workers and with each restart",
    )
    .help("generate the key once, keep it in the environment, and read it without a default")
    .done();
}
