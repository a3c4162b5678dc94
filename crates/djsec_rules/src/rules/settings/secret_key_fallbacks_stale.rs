use djsec_base::Severity;
use djsec_django::settings::SettingRef;

use super::secret_key;
use crate::{Check, Cx, Findings, declare_rule};

/// More old keys than one rotation leaves behind.
const MANY: usize = 3;

declare_rule! {
    /// ## What it does
    /// Finds a `SECRET_KEY_FALLBACKS` that shows a rotation nobody finished: strong keys written in the
    /// source, or three and more entries.
    ///
    /// ## Why it matters
    /// Each fallback signs as well as the key itself. A rotation after a leak only helps once the old
    /// key is gone, and a key in the source is known to everybody who can read the repository.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SECRET_KEY_FALLBACKS = [
    ///     "Qz8)w3(Lm5%Tn7^Rb2&Vc9!Xk4@Hj6#Gf1$Ds0-Pa_Wo+Ie=Yu/RtE",  # finding
    /// ]
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// import os
    ///
    /// SECRET_KEY_FALLBACKS = [os.environ["OLD_SECRET_KEY"]]
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// SECRET_KEY_FALLBACKS = os.environ.get("OLD_SECRET_KEYS", "").split()
    /// ```
    /// ```python settings.py
    /// SECRET_KEY_FALLBACKS = []
    /// ```
    ///
    /// ## How to fix
    /// Remove fallbacks once sessions and links signed with them have ended (`SESSION_COOKIE_AGE`,
    /// `PASSWORD_RESET_TIMEOUT`); until then keep them where the key itself is kept.
    ///
    /// ## Limits
    /// How long an entry has been there is a question to the version history, which this rule does
    /// not ask yet. A weak entry is `secret-key-fallbacks-weak`.
    ///
    /// ## References
    /// - [Django: SECRET_KEY_FALLBACKS](https://docs.djangoproject.com/en/stable/ref/settings/#secret-key-fallbacks)
    RULE {
        id: "secret-key-fallbacks-stale",
        group: "settings",
        summary: "old secret keys stay in use",
        severity: High,
        cwe: [324, 798],
        owasp: ["2025:A02", "2025:A04"],
        asvs: ["5.0:13.3.4"],
        checklist: ["secret-key-rotatable", "secrets-out-of-source"],
        since: "next",
        checks: [Check::Setting(&["SECRET_KEY_FALLBACKS"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let elements = setting.elements();
    for part in &elements {
        let strong = secret_key::is_key(&part.data)
            && secret_key::weakness(&part.data).is_none()
            && !secret_key::is_public(&part.data);
        if strong && secret_key::in_source(cx, part) {
            let message = "an old `SECRET_KEY` that Django still accepts is written in the source";
            out.judge(cx, &RULE, setting, part.when, message)
                .help("remove it, or read it from the environment while the rotation lasts")
                .at(part.span)
                .done();
        }
    }
    let many = setting.is(|data| {
        // Django before 4.1 has no such setting.
        let items = data.as_seq().map_or(&[][..], |seq| &seq.items);
        Some(items.iter().filter(|item| item.guard.is_always()).count() >= MANY)
    });
    out.judge(
        cx,
        &RULE,
        setting,
        many,
        "three or more old keys are still accepted: a rotation was never finished",
    )
    .severity(Severity::Low)
    .help("remove the fallbacks whose sessions and links have ended")
    .done();
}
