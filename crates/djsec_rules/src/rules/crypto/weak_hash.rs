use djsec_base::Confidence;
use djsec_django::models::is_secret_name;
use djsec_python::code::{Expr, ExprId, Stmt};

use crate::calls::Called;
use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds signatures and tokens that the project makes itself as an MD5 or SHA-1 hash of a secret and
    /// some data.
    ///
    /// ## Why it matters
    /// Such a hash is no signature: of `hash(secret + data)`, who has seen one can compute that of longer
    /// data without the secret, and for `hash(data + secret)` two texts with the same hash can be made.
    ///
    /// ## Flagged
    /// ```python links.py
    /// import hashlib
    ///
    /// from django.conf import settings
    ///
    ///
    /// def sign(path):
    ///     return hashlib.md5((settings.SECRET_KEY + path).encode()).hexdigest()  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python links.py
    /// import hashlib
    ///
    /// from django.core.signing import Signer
    ///
    ///
    /// def sign(path):
    ///     return Signer(salt="links").sign(path)
    ///
    ///
    /// def etag(body):
    ///     return hashlib.md5(body).hexdigest()
    /// ```
    ///
    /// ## How to fix
    /// Use `django.core.signing`, or `hmac.new(key, data, "sha256")`.
    ///
    /// ## Limits
    /// Hashes for caches, entity tags, checksums and avatars are fine, and so is a hash with a secret in it
    /// that is no signature, as a name under which an address is counted. Some services demand such
    /// signatures; where names say so, confidence is low.
    ///
    /// ## References
    /// - [Django: cryptographic signing](https://docs.djangoproject.com/en/stable/topics/signing/)
    /// - [RFC 2104: HMAC](https://www.rfc-editor.org/rfc/rfc2104)
    RULE {
        id: "weak-hash",
        group: "crypto",
        summary: "a signature is a hash that can be forged",
        severity: Medium,
        cwe: [328, 327],
        owasp: ["2025:A04", "2025:A08"],
        asvs: ["5.0:11.4.1"],
        checklist: ["crypto-sound"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const HASHES: &[&str] = &["hashlib.md5", "hashlib.new", "hashlib.sha1"];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for call in cx.calls_to(HASHES) {
        let (at, code) = (call.at, call.at.code);
        let name = match call.name {
            "hashlib.new" => match call.argument(0, "name").and_then(|name| code.string(name)) {
                Some(name @ ("md5" | "sha1")) => name,
                _ => continue,
            },
            name => name.rsplit('.').next().unwrap_or_default(),
        };
        let position = usize::from(call.name == "hashlib.new");
        let Some(data) = call.argument(position, "data") else { continue };
        if call.is_not_for_security() || !keyed(cx, at, data) || !signs(&call) {
            continue;
        }
        let path = cx.path_of(at).to_ascii_lowercase();
        let told = ["payment", "gateway", "billing", "provider", "client", "integration", "sms"];
        let demanded = told.iter().any(|word| path.contains(word));
        let subject = call.path_around();
        let message = format!("a signature is a `{name}` hash of a secret, which can be forged");
        out.found(&RULE, at.expr_span(call.id), subject, message)
            .confidence(if demanded { Confidence::Low } else { Confidence::Medium })
            .help("use `django.core.signing`, or `hmac.new(key, data, \"sha256\")`")
            .done();
    }
}

/// Whether a secret and something else are hashed together.
fn keyed(cx: &Cx<'_>, at: Site<'_>, data: ExprId) -> bool {
    let (mut secret, mut joined) = (false, false);
    let mut look = |value: ExprId| {
        at.code.each_inner(value, &mut |id, expr| match expr {
            Expr::Binary(..) | Expr::Format(_) => joined = true,
            Expr::Call(..) => joined |= matches!(at.called(id), Some("join" | "format")),
            Expr::Attribute(..) => {
                let setting = cx.setting_read(at, id);
                secret |= setting.is_some_and(|name| {
                    is_secret_name(&name) || name.ends_with("_KEY") || name.ends_with("_SALT")
                });
            }
            _ => {}
        });
    };
    look(data);
    // `text = …`, then `md5(text.encode())`
    let mut names = Vec::new();
    at.code.each_inner(data, &mut |id, expr| {
        if matches!(expr, Expr::Name(_)) {
            names.push(id);
        }
    });
    for name in names {
        at.given(name).unwrap_or_default().into_iter().for_each(&mut look);
    }
    secret && joined
}

/// Whether the hash is a signature, by the name that it gets, or that of the function that gives it
/// back.
fn signs(call: &Called<'_>) -> bool {
    let code = call.at.code;
    let range = code.expr_range(call.id);
    let says = |name: &str| {
        let words =
            ["hmac", "mac", "sig", "sign", "signature", "signed", "token", "unsign", "verify"];
        name.to_ascii_lowercase().split('_').any(|part| words.contains(&part))
    };
    code.all_stmts().filter(|(id, _)| code.stmt_range(*id).contains_range(range)).any(|(_, stmt)| {
        match stmt {
            Stmt::Assign { targets, .. } => code.exprs(targets).iter().any(|target| {
                matches!(code.expr(*target), Expr::Name(name) | Expr::Attribute(_, name) if says(code.text(name)))
            }),
            Stmt::Return(_) => call.function().is_some_and(|function| says(code.text(function.name))),
            _ => false,
        }
    })
}
