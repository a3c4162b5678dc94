use djsec_base::{Confidence, FileKind, Severity, Span};
use djsec_django::settings::Part;
use djsec_python::code::{Expr, ExprId};
use djsec_python::value::Data;

use super::takes::encoded;
use crate::calls::written;
use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds keys for the encryption of data that stand in the code or in the settings as text, or that are
    /// made of `SECRET_KEY`.
    ///
    /// ## Why it matters
    /// Encryption is there for the day on which somebody gets the database or a backup. Whoever has the
    /// code, too, reads everything then; and a key in the history of a repository cannot be taken back.
    /// With a key made of `SECRET_KEY`, nobody can change that key any more without losing the data.
    ///
    /// ## Flagged
    /// ```python vault.py
    /// from cryptography.fernet import Fernet
    ///
    /// KEY = b"3yq0r8vSkZ0N6m9yQ1c1rWm0iX2d0m3Z5t8b4c7n6k0="
    ///
    ///
    /// def seal(data):
    ///     return Fernet(KEY).encrypt(data)  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python vault.py
    /// import os
    ///
    /// from cryptography.fernet import Fernet
    ///
    ///
    /// def seal(data):
    ///     return Fernet(os.environ["DATA_KEY"]).encrypt(data)
    /// ```
    ///
    /// ## How to fix
    /// Make a new key, read it from the environment or a store of secrets without a default, and encrypt the
    /// data anew (`MultiFernet` reads with the old key and writes with the new).
    ///
    /// ## References
    /// - [cryptography: Fernet, key rotation](https://cryptography.io/en/latest/fernet/#cryptography.fernet.MultiFernet)
    /// - [OWASP: key management](https://cheatsheetseries.owasp.org/cheatsheets/Key_Management_Cheat_Sheet.html)
    RULE {
        id: "data-encryption-key-in-code",
        group: "crypto",
        summary: "the key that encrypts data is written in the source",
        severity: High,
        cwe: [321, 798],
        owasp: ["2025:A02", "2025:A04"],
        asvs: ["5.0:13.3.1", "5.0:11.1.1"],
        checklist: ["secrets-out-of-source", "crypto-sound"],
        since: "next",
        checks: [Check::Project(check), Check::Project(packages)],
    }
}

/// What takes a key as its first argument.
const CIPHERS: &[&str] = &[
    "Crypto.Cipher.AES.new",
    "Cryptodome.Cipher.AES.new",
    "cryptography.fernet.Fernet",
    "cryptography.hazmat.primitives.ciphers.aead.AESCCM",
    "cryptography.hazmat.primitives.ciphers.aead.AESGCM",
    "cryptography.hazmat.primitives.ciphers.aead.AESSIV",
    "cryptography.hazmat.primitives.ciphers.aead.ChaCha20Poly1305",
    "cryptography.hazmat.primitives.ciphers.algorithms.AES",
    "cryptography.hazmat.primitives.ciphers.algorithms.ChaCha20",
    "nacl.secret.SecretBox",
];
/// Settings by which packages encrypt columns: of `django-fernet-fields`, `django-encrypted-model-fields`,
/// `django-cryptography` and `django-fernet-encrypted-fields`.
const SETTINGS: &[&str] = &["CRYPTOGRAPHY_KEY", "FERNET_KEYS", "FIELD_ENCRYPTION_KEY", "SALT_KEY"];
const MESSAGE: &str = "the key that encrypts data is written in the source";
const HELP: &str = "read a new key from the environment, without a default";

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for call in cx.calls_to(CIPHERS) {
        let Some(key) = call.argument(0, "key") else { continue };
        let subject = call.path_around();
        let span = call.at.expr_span(call.id);
        let key_is = |at: Site<'_>, id: ExprId| !is_empty(at, id) && written(at, id);
        if let Some((there, place)) = cx.origin(call.at, key, &key_is) {
            let elsewhere = (place != key).then(|| there.expr_span(place));
            out.found(&RULE, span, subject, MESSAGE)
                .related(elsewhere, "the key stands here")
                .help(HELP)
                .done();
        } else if cx.surely(call.at, key, &|at, id| of_secret_key(cx, at, id)) {
            let message =
                "the key that encrypts data is made of `SECRET_KEY`, which then cannot change";
            out.found(&RULE, span, subject, message)
                .severity(Severity::Low)
                .confidence(Confidence::Medium)
                .help("give the data a key of its own, from the environment")
                .done();
        } else if let Some(name) = cx.setting_read(call.at, encoded(call.at, key)) {
            setting(cx, &name, Some(span), out);
        }
    }
}

fn is_empty(at: Site<'_>, key: ExprId) -> bool {
    at.code.string(encoded(at, key)) == Some("")
}

/// Whether a key is made of the site's `SECRET_KEY`, and of nothing else that is secret.
fn of_secret_key(cx: &Cx<'_>, at: Site<'_>, key: ExprId) -> bool {
    let (mut found, mut others) = (false, false);
    at.code.each_inner(key, &mut |id, expr| {
        if matches!(expr, Expr::Name(_) | Expr::Attribute(..)) {
            match cx.setting_read(at, id).as_deref() {
                Some("SECRET_KEY") => found = true,
                Some(_) => others = true,
                None => {}
            }
        }
    });
    found && !others
}

/// What packages that encrypt columns read from the settings.
fn packages(cx: &Cx<'_>, out: &mut Findings) {
    for name in SETTINGS {
        setting(cx, name, None, out);
    }
}

fn setting(cx: &Cx<'_>, name: &str, used: Option<Span>, out: &mut Findings) {
    let key = cx.setting(name);
    // What is the same as `SECRET_KEY` is the question of the rules on that.
    if !key.explicit || name == "SECRET_KEY" {
        return;
    }
    let in_source = |part: &Part<'_>| {
        part.span
            .and_then(|span| cx.files.file(span.file))
            .is_some_and(|file| file.kind == FileKind::Python)
    };
    let mut when = key.where_part(|part| is_key(&part.data) && in_source(part));
    for part in key.elements() {
        if is_key(&part.data) && in_source(&part) {
            when = when | part.when;
        }
    }
    let known = out.findings.iter().any(|finding| &*finding.subject == name);
    if !known {
        out.judge(cx, &RULE, &key, when, MESSAGE)
            .related(used, "it is used here")
            .help(HELP)
            .done();
    }
}

fn is_key(data: &Data) -> bool {
    match data {
        Data::Str(text) => !text.is_empty(),
        Data::Bytes(bytes) => !bytes.is_empty(),
        _ => false,
    }
}
