//! What a single expression does, by the names in it.

use djsec_python::code::{Argument, Code, Comparison, Expr, ExprId, List, ParameterKind};
use djsec_python::{BindingKind, ModuleId, QualifiedName};

use super::super::objects::World;
use super::EffectKind;
use super::test::is_request;
use crate::hierarchy::AttributeValue;

/// Functions and classes by canonical name.
const CALLS: &[(&str, EffectKind)] = &[
    ("django.contrib.auth.login", EffectKind::LogsIn),
    ("django.contrib.auth.alogin", EffectKind::LogsIn),
    ("jwt.encode", EffectKind::IssuesToken),
    ("jose.jwt.encode", EffectKind::IssuesToken),
    ("knox.models.AuthToken.objects.create", EffectKind::IssuesToken),
    ("rest_framework.authtoken.models.Token.objects.create", EffectKind::IssuesToken),
    ("rest_framework.authtoken.models.Token.objects.get_or_create", EffectKind::IssuesToken),
    ("django.contrib.auth.logout", EffectKind::LogsOut),
    ("django.contrib.auth.alogout", EffectKind::LogsOut),
    ("django.contrib.auth.authenticate", EffectKind::ChecksPassword),
    ("django.contrib.auth.aauthenticate", EffectKind::ChecksPassword),
    ("django.contrib.auth.hashers.check_password", EffectKind::ChecksPassword),
    ("django.core.mail.send_mail", EffectKind::SendsMail),
    ("django.core.mail.send_mass_mail", EffectKind::SendsMail),
    ("django.core.mail.mail_admins", EffectKind::SendsMail),
    ("django.core.mail.mail_managers", EffectKind::SendsMail),
    ("django.contrib.sites.shortcuts.get_current_site", EffectKind::ReadsHost),
    ("hmac.compare_digest", EffectKind::Verifies),
    ("hmac.new", EffectKind::Verifies),
    ("secrets.compare_digest", EffectKind::Verifies),
    ("django.utils.crypto.constant_time_compare", EffectKind::Verifies),
    ("django.utils.crypto.salted_hmac", EffectKind::Verifies),
    ("django.core.signing.loads", EffectKind::Verifies),
    ("django.core.signing.TimestampSigner", EffectKind::Verifies),
    ("django.core.signing.Signer", EffectKind::Verifies),
    ("stripe.Webhook.construct_event", EffectKind::Verifies),
    ("stripe.WebhookSignature.verify_header", EffectKind::Verifies),
    ("twilio.request_validator.RequestValidator", EffectKind::Verifies),
    ("svix.Webhook", EffectKind::Verifies),
    ("jwt.decode", EffectKind::Verifies),
    ("google.oauth2.id_token.verify_oauth2_token", EffectKind::Verifies),
    ("subprocess.run", EffectKind::Runs),
    ("subprocess.Popen", EffectKind::Runs),
    ("subprocess.call", EffectKind::Runs),
    ("subprocess.check_call", EffectKind::Runs),
    ("subprocess.check_output", EffectKind::Runs),
    ("subprocess.getoutput", EffectKind::Runs),
    ("os.system", EffectKind::Runs),
    ("os.popen", EffectKind::Runs),
    ("eval", EffectKind::Runs),
    ("exec", EffectKind::Runs),
    ("builtins.eval", EffectKind::Runs),
    ("builtins.exec", EffectKind::Runs),
    ("django.core.management.call_command", EffectKind::Runs),
];

/// Methods that say what they do, whatever they are called on.
const METHODS: &[(&str, EffectKind)] = &[
    ("build_absolute_uri", EffectKind::ReadsHost),
    ("get_host", EffectKind::ReadsHost),
    ("check_password", EffectKind::ChecksPassword),
    ("set_password", EffectKind::SetsPassword),
    ("email_user", EffectKind::SendsMail),
    ("delay", EffectKind::Enqueues),
    ("apply_async", EffectKind::Enqueues),
    ("defer_async", EffectKind::Enqueues),
    ("for_user", EffectKind::IssuesToken),
    ("check_token", EffectKind::ChecksToken),
    ("verify_token", EffectKind::ChecksToken),
    ("verify_otp", EffectKind::ChecksToken),
    ("compare_digest", EffectKind::Verifies),
    ("construct_event", EffectKind::Verifies),
    ("unsign", EffectKind::Verifies),
    ("unsign_object", EffectKind::Verifies),
    ("hexdigest", EffectKind::Verifies),
];

/// Forms by what their class is derived from, with how many arguments stand before the data that was sent.
const FORMS: &[(&str, EffectKind, usize)] = &[
    ("django.contrib.auth.forms.AuthenticationForm", EffectKind::ChecksPassword, 1),
    ("django.contrib.auth.forms.SetPasswordForm", EffectKind::SetsPassword, 1),
    ("django.contrib.auth.forms.PasswordResetForm", EffectKind::SendsMail, 0),
];

/// Whether a form is given data that was sent. Without it, it is only there to be shown.
fn is_bound(code: &Code, arguments: List, before: usize) -> bool {
    let arguments = code.arguments(arguments);
    let by_name = |argument: &Argument| {
        argument.spread || argument.keyword.is_some_and(|keyword| code.text(keyword) == "data")
    };
    let starred = |argument: &Argument| matches!(code.expr(argument.value), Expr::Starred(..));
    let positional = arguments.iter().filter(|one| one.keyword.is_none() && !one.spread).count();
    positional > before || arguments.iter().any(|one| by_name(one) || starred(one))
}

/// How many arguments stand before the data that a form is made with, by its own `__init__()` where the project has
/// written one; `None` where that takes the data from somewhere else: `super().__init__(request, request.POST)`.
fn data_at(world: &World<'_>, class: &QualifiedName, before: usize) -> Option<usize> {
    let found = world.hierarchy.attribute(class, "__init__").map(|found| found.value);
    let Some(AttributeValue::Method(_, made, id)) = found else { return Some(before) };
    let Some(function) = made.function(id) else { return Some(before) };
    function.parameters.iter().skip(1).enumerate().find_map(|(at, parameter)| {
        match parameter.kind {
            ParameterKind::Variadic => Some(at.max(before)),
            ParameterKind::VariadicKeyword => Some(usize::MAX),
            _ if made.text(parameter.name) != "data" => None,
            ParameterKind::Keyword => Some(usize::MAX),
            ParameterKind::Positional => Some(at),
        }
    })
}

/// What an expression by itself does, and the words for it.
pub(super) fn effect(
    world: &World<'_>,
    module: ModuleId,
    code: &Code,
    expr: Expr,
) -> Option<(EffectKind, String)> {
    match expr {
        Expr::Call(callee, arguments) => called(world, module, code, callee, arguments),
        Expr::Attribute(value, name) if is_request(code, value) => {
            let kind = match code.text(name) {
                "user" | "auser" => EffectKind::UsesUser,
                "session" => EffectKind::UsesSession,
                "POST" | "FILES" | "body" | "data" => EffectKind::ReadsBody,
                "headers" | "META" => EffectKind::ReadsHeader,
                _ => return None,
            };
            Some((kind, format!("request.{}", code.text(name))))
        }
        Expr::Compare(left, rest) => {
            let [(Comparison::Eq | Comparison::NotEq, right)] = code.comparisons(rest) else {
                return None;
            };
            let secret = is_secret(code, left) || is_secret(code, *right);
            let plain = [left, *right].iter().any(|side| {
                matches!(code.expr(*side), Expr::Str(_) | Expr::None | Expr::Int(_) | Expr::Bool(_))
            });
            let mut named = [*right, left].into_iter().filter(|side| is_secret(code, *side));
            let words = named.find_map(|side| code.dotted(side));
            (secret && !plain)
                .then(|| (EffectKind::ComparesSecret, words.unwrap_or_else(|| "a secret".into())))
        }
        _ => None,
    }
}

fn called(
    world: &World<'_>,
    module: ModuleId,
    code: &Code,
    callee: ExprId,
    arguments: List,
) -> Option<(EffectKind, String)> {
    let written = code.dotted(callee);
    let last = match code.expr(callee) {
        Expr::Attribute(_, name) | Expr::Name(name) => code.text(name),
        _ => return None,
    };
    let name = written
        .as_ref()
        .map_or(QualifiedName::Unknown, |dotted| world.program.resolve(module, dotted));
    let name = world.hierarchy.canonical(&name);
    let words = || written.clone().unwrap_or_else(|| last.to_owned());
    if let QualifiedName::External(external) = &name {
        if let Some((known, kind)) = CALLS.iter().find(|(known, _)| **known == **external) {
            return Some((*kind, (*known).to_owned()));
        }
        // `EmailMessage` is defined a module further down.
        let class = external.rsplit('.').next().unwrap_or_default();
        if external.starts_with("django.core.mail.") && class.starts_with("Email") {
            return Some((EffectKind::SendsMail, external.to_string()));
        }
    }
    let is_function = |name: &QualifiedName| {
        let binding = world.program.binding(name);
        binding.is_some_and(|binding| matches!(binding.kind, BindingKind::Function(_)))
    };
    let is_class = match &name {
        QualifiedName::Project(..) => !is_function(&name),
        QualifiedName::External(_) => true,
        _ => false,
    };
    if is_class {
        let form = FORMS
            .iter()
            .find(|(base, ..)| world.hierarchy.derives_from(&name, &[base]) == Some(true));
        if let Some((_, kind, before)) = form {
            let bound = data_at(world, &name, *before)
                .is_none_or(|before| is_bound(code, arguments, before));
            return bound.then(|| (*kind, words()));
        }
    }
    if matches!(code.expr(callee), Expr::Attribute(..))
        && let Some((_, kind)) = METHODS.iter().find(|(known, _)| *known == last)
    {
        return Some((*kind, words()));
    }
    if looks_for_password(code, last, arguments) {
        return Some((EffectKind::ChecksPassword, words()));
    }
    if limits(&words()) {
        return Some((EffectKind::Limits, words()));
    }
    verifies(last).then(|| (EffectKind::Verifies, words()))
}

/// Whether a user is looked for by a password as well: `Member.objects.get(name=name, password=password)`,
/// `members.find_one({"name": name, "password": password})`.
fn looks_for_password(code: &Code, method: &str, arguments: List) -> bool {
    let arguments = code.arguments(arguments);
    match method {
        "get" | "aget" | "filter" => code.keyword(arguments, "password").is_some(),
        "find_one" => arguments.first().is_some_and(|first| match code.expr(first.value) {
            Expr::Dict(entries) => {
                let mut keys = code.entries(entries).iter().filter_map(|(key, _)| *key);
                keys.any(|key| code.string(key) == Some("password"))
            }
            _ => false,
        }),
        _ => false,
    }
}

/// Whether a function says by its name that it limits how often something is done.
fn limits(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["throttle", "ratelimit", "rate_limit", "bucket", "lockout", "too_many", "attempts"]
        .iter()
        .any(|word| name.contains(word))
}

/// What a decorator of a view does to its answers, and the words for it.
pub(super) fn decorated(
    world: &World<'_>,
    module: ModuleId,
    code: &Code,
    decorator: ExprId,
) -> Vec<(EffectKind, String, ExprId)> {
    let mut found = Vec::new();
    code.each_inner(decorator, &mut |id, expr| {
        let (Expr::Name(_) | Expr::Attribute(..)) = expr else { return };
        let Some(dotted) = code.dotted(id) else { return };
        let name = world.hierarchy.canonical(&world.program.resolve(module, &dotted));
        let QualifiedName::External(name) = name else { return };
        let kind = match &*name {
            "django.views.decorators.cache.cache_page" => EffectKind::Caches,
            "django.views.decorators.vary.vary_on_cookie"
            | "django.views.decorators.vary.vary_on_headers"
            | "django.views.decorators.cache.never_cache" => EffectKind::Varies,
            _ => return,
        };
        found.push((kind, name.to_string(), id));
    });
    found
}

/// Whether a function says by its name that it verifies where a request comes from.
fn verifies(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let about = ["signature", "hmac", "webhook_secret", "shared_secret"];
    let checks = ["verify", "valid", "check", "authenticate", "authoriz"];
    let what =
        ["token", "secret", "hash", "webhook", "request", "sender", "payload", "origin", "key"];
    about.iter().any(|word| name.contains(word))
        || name == "verify"
        || checks.iter().any(|check| name.contains(check))
            && what.iter().any(|word| name.contains(word))
}

/// Whether a name says that its value is something that only some know.
fn is_secret(code: &Code, id: ExprId) -> bool {
    let name = match code.expr(id) {
        Expr::Name(name) | Expr::Attribute(_, name) => code.text(name),
        Expr::Call(callee, arguments) => {
            // `request.headers.get("X-Token")`
            let first = code.arguments(arguments).first().and_then(|a| code.string(a.value));
            match (code.expr(callee), first) {
                (Expr::Attribute(_, name), Some(key)) if code.text(name) == "get" => key,
                (Expr::Attribute(_, name), _) => code.text(name),
                _ => return false,
            }
        }
        Expr::Subscript(_, key) => match code.string(key) {
            Some(key) => key,
            None => return false,
        },
        _ => return false,
    };
    let name = name.to_ascii_lowercase();
    ["signature", "secret", "token", "hmac", "digest", "api_key", "apikey", "x-sig", "passphrase"]
        .iter()
        .any(|word| name.contains(word))
}
