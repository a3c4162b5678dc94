use djsec_base::Confidence;
use djsec_python::code::{Expr, ExprId, Stmt};

use crate::calls::Called;
use crate::own::Site;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds passwords that the project hashes itself with a hash that is made to be fast: MD5, SHA-1,
    /// SHA-2 and the like.
    ///
    /// ## Why it matters
    /// Whoever gets hold of such hashes tries billions of passwords a second, and finds most of them
    /// within hours. Without a salt, one table serves for all.
    ///
    /// ## Flagged
    /// ```python accounts.py
    /// import hashlib
    ///
    ///
    /// def store(member, password):
    ///     member.digest = hashlib.sha256(password.encode()).hexdigest()  # finding
    ///     member.save()
    /// ```
    ///
    /// ## Not flagged
    /// ```python accounts.py
    /// import hashlib
    ///
    /// from django.contrib.auth.hashers import make_password
    ///
    ///
    /// def store(member, password):
    ///     member.digest = make_password(password)
    ///     member.save()
    ///
    ///
    /// def etag(body):
    ///     return hashlib.sha256(body).hexdigest()
    /// ```
    ///
    /// ## How to fix
    /// Use `make_password()` and `check_password()`, which are slow on purpose, salt each password and
    /// can be made stronger later.
    ///
    /// ## Limits
    /// Look-ups in lists of leaked passwords by the first characters of a hash, hashes that go into a slow
    /// one, hashers derived from Django's (see `password-hasher-weak`), and what protocols of others may want
    /// hashed (passwords of the project itself, and those in classes that are clients) are left alone.
    ///
    /// ## References
    /// - [Django: password management](https://docs.djangoproject.com/en/stable/topics/auth/passwords/)
    /// - [OWASP: password storage](https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html)
    RULE {
        id: "password-hash-fast",
        group: "crypto",
        summary: "a password is hashed with a hash that is made to be fast",
        severity: High,
        cwe: [916, 759],
        owasp: ["2025:A04", "2025:A07"],
        asvs: ["5.0:11.4.2"],
        checklist: ["password-hashing", "crypto-sound"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const HASHES: &[&str] = &[
    "hashlib.blake2b",
    "hashlib.blake2s",
    "hashlib.md5",
    "hashlib.new",
    "hashlib.sha1",
    "hashlib.sha224",
    "hashlib.sha256",
    "hashlib.sha384",
    "hashlib.sha3_256",
    "hashlib.sha3_512",
    "hashlib.sha512",
];
/// What shows that the hash is not what is kept: a slow one is made of it, or others are asked for it.
const OTHERWISE: &[&str] = &[
    "PasswordHasher",
    "argon2",
    "bcrypt",
    "hash_secret",
    "hashpw",
    "make_password",
    "pbkdf2",
    "pbkdf2_hmac",
    "pwned",
    "requests",
    "httpx",
    "scrypt",
];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for call in cx.calls_to(HASHES) {
        let position = usize::from(call.name == "hashlib.new");
        let given = call.argument(position, "data").or_else(|| call.argument(position, "string"));
        let hashed = given.into_iter().chain(updates(&call));
        let Some(place) = hashed.into_iter().find(|value| password(cx, call.at, *value)) else {
            continue;
        };
        if is_otherwise(cx, &call) {
            continue;
        }
        let algorithm = match call.name {
            "hashlib.new" => call.argument(0, "name").and_then(|name| call.at.code.string(name)),
            name => name.rsplit('.').next(),
        };
        let message = format!(
            "a password is hashed with `{}`, which is made to be fast",
            algorithm.unwrap_or("hashlib")
        );
        let subject = call.path_around();
        out.found(&RULE, call.at.expr_span(call.id), subject, message)
            .confidence(Confidence::Medium)
            .related(
                Some(call.at.expr_span(place)).filter(|_| given != Some(place)),
                "this is hashed",
            )
            .help("use `make_password()` and `check_password()`")
            .done();
    }
}

/// What is given to the hash later: `digest.update(password)`.
fn updates(call: &Called<'_>) -> Vec<ExprId> {
    let (at, code) = (call.at, call.at.code);
    let mut found = Vec::new();
    let Some(function) = call.function() else { return found };
    let mut name = None;
    code.each_stmt(function.body, &mut |_, stmt| {
        if let Stmt::Assign { targets, value: Some(value), .. } = stmt
            && value == call.id
        {
            name = code.exprs(targets).first().and_then(|target| code.name(*target));
        }
    });
    let Some(name) = name else { return found };
    for id in at.calls_in(function) {
        let Some((callee, arguments)) = code.call(id) else { continue };
        if let Expr::Attribute(object, method) = code.expr(callee)
            && code.text(method) == "update"
            && code.name(object) == Some(name)
        {
            found.extend(arguments.iter().map(|argument| argument.value));
        }
    }
    found
}

/// Whether a value is made of a password that somebody typed. A column of that name is a hash already,
/// and what a setting holds is the project's own.
fn password<'a>(cx: &Cx<'a>, at: Site<'a>, value: ExprId) -> bool {
    let named = |text: &str| {
        let text = text.to_ascii_lowercase();
        matches!(
            &*text,
            "password" | "passwd" | "pwd" | "password1" | "raw_password" | "plain_password"
        ) || ["_password", "_passwd", "_pwd"].iter().any(|end| text.ends_with(end))
            && !["hashed", "encrypted", "encoded", "stored"].iter().any(|word| text.contains(word))
    };
    let mut found = false;
    at.code.each_inner(value, &mut |id, expr| {
        found |= match expr {
            Expr::Name(name) => named(at.code.text(name)) && !is_own(cx, at, id),
            // `form.cleaned_data["password"]`
            Expr::Subscript(_, key) => at.code.string(key).is_some_and(named),
            Expr::Call(..) if at.called(id) == Some("get") => {
                let first = at.code.call(id).and_then(|(_, arguments)| arguments.first());
                first.and_then(|argument| at.code.string(argument.value)).is_some_and(named)
            }
            _ => false,
        };
    });
    found
}

/// Whether a name stands for a password of the project: a constant, a setting, a column.
fn is_own<'a>(cx: &Cx<'a>, at: Site<'a>, name: ExprId) -> bool {
    let typed = |at: Site<'a>, value: ExprId| {
        let mut typed = false;
        at.code.each_inner(value, &mut |_, expr| {
            typed |= match expr {
                Expr::Name(name) | Expr::Attribute(_, name) => matches!(
                    at.code.text(name),
                    "POST" | "cleaned_data" | "data" | "validated_data" | "json" | "body" | "input"
                ),
                _ => false,
            };
        });
        !typed
    };
    // A parameter has no value here: who calls has typed it.
    cx.surely(at, name, &|at, value| at.code.name(value).is_none() && typed(at, value))
}

fn is_otherwise(cx: &Cx<'_>, call: &Called<'_>) -> bool {
    let at = call.at;
    if call.is_not_for_security() {
        return true;
    }
    let start = at.code.expr_range(call.id).start();
    if let Some(class) = at.code.class_around(start).and_then(|id| at.code.class(id)) {
        // Who logs in elsewhere sends what is asked for there.
        let ends = ["API", "Api", "Client", "Connector", "Gateway", "Provider", "Session"];
        if ends.iter().any(|end| class.path.ends_with(end)) {
            return true;
        }
        let name = cx.program.resolve(at.module, &class.path);
        let hasher = ["django.contrib.auth.hashers.BasePasswordHasher"];
        if cx.classes.derives_from(&name, &hasher) != Some(false) && !class.bases.is_empty() {
            return true;
        }
    }
    let Some(function) = call.function() else { return false };
    let name = function.path.to_ascii_lowercase();
    let leak =
        ["pwned", "breach", "leak", "hibp", "compromised"].iter().any(|word| name.contains(word));
    let mut sliced = false;
    at.code.each_expr(function.body, &mut |_, expr| {
        // `digest[:5]` is what is asked for.
        if let Expr::Slice(parts) = expr {
            sliced |= at.code.exprs(parts).iter().any(|part| at.code.expr(*part) == Expr::Int(5));
        }
    });
    leak || sliced || at.mentions(function, OTHERWISE)
}
