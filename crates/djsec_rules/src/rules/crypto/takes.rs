//! What passwords, keys and tokens are handed to.

use djsec_python::code::{Expr, ExprId};

use crate::Cx;
use crate::calls::Called;
use crate::own::Site;

/// A function, class or method that takes a secret.
pub(super) struct Takes {
    /// What is called, or what makes that of which a method is.
    pub(super) made_by: &'static str,
    /// The method.
    pub(super) method: Option<&'static str>,
    /// At which position the secret stands, where it may stand at one…
    pub(super) at: usize,
    /// …and under which name.
    pub(super) name: &'static str,
    /// What it is, for people.
    pub(super) what: &'static str,
}

/// No position: by its name only.
const NAMED: usize = usize::MAX;

const fn call(made_by: &'static str, at: usize, name: &'static str, what: &'static str) -> Takes {
    Takes { made_by, method: None, at, name, what }
}

const fn method(
    made_by: &'static str,
    method: &'static str,
    at: usize,
    name: &'static str,
) -> Takes {
    Takes { made_by, method: Some(method), at, name, what: PASSWORD }
}

const PASSWORD: &str = "a password";
const API: &str = "the key of an API";
const AWS: &str = "the secret key of an account at AWS";
const SIGNS: &str = "a key that signs";

pub(super) const DATA: &[Takes] = &[
    call("boto3.client", NAMED, "aws_secret_access_key", AWS),
    call("boto3.resource", NAMED, "aws_secret_access_key", AWS),
    call("boto3.Session", 1, "aws_secret_access_key", AWS),
    call("boto3.session.Session", 1, "aws_secret_access_key", AWS),
    call("psycopg2.connect", NAMED, "password", PASSWORD),
    call("psycopg.connect", NAMED, "password", PASSWORD),
    call("pymysql.connect", NAMED, "password", PASSWORD),
    call("pymysql.connect", NAMED, "passwd", PASSWORD),
    call("MySQLdb.connect", NAMED, "password", PASSWORD),
    call("MySQLdb.connect", NAMED, "passwd", PASSWORD),
    call("mysql.connector.connect", NAMED, "password", PASSWORD),
    call("oracledb.connect", NAMED, "password", PASSWORD),
    call("cx_Oracle.connect", 1, "password", PASSWORD),
    call("pymongo.MongoClient", NAMED, "password", PASSWORD),
    call("redis.Redis", NAMED, "password", PASSWORD),
    call("redis.StrictRedis", NAMED, "password", PASSWORD),
    call("ldap3.Connection", 2, "password", PASSWORD),
    method("ldap.initialize", "simple_bind_s", 1, "cred"),
    method("smtplib.SMTP", "login", 1, "password"),
    method("smtplib.SMTP_SSL", "login", 1, "password"),
    method("imaplib.IMAP4_SSL", "login", 1, "password"),
    method("paramiko.SSHClient", "connect", 3, "password"),
    call("requests.auth.HTTPBasicAuth", 1, "password", PASSWORD),
    call("requests.auth.HTTPDigestAuth", 1, "password", PASSWORD),
    call("httpx.BasicAuth", 1, "password", PASSWORD),
    call("anthropic.Anthropic", NAMED, "api_key", API),
    call("github.Github", 0, "login_or_token", API),
    call("openai.AsyncOpenAI", NAMED, "api_key", API),
    call("openai.OpenAI", NAMED, "api_key", API),
    call("sendgrid.SendGridAPIClient", 0, "api_key", API),
    call("slack_sdk.WebClient", 0, "token", API),
    call("stripe.StripeClient", 0, "api_key", API),
    call("telegram.Bot", 0, "token", API),
    call("twilio.rest.Client", 1, "password", API),
    call("django.core.signing.Signer", 0, "key", SIGNS),
    call("django.core.signing.TimestampSigner", 0, "key", SIGNS),
    call("django.core.signing.dumps", 1, "key", SIGNS),
    call("django.core.signing.loads", 1, "key", SIGNS),
    call("django.utils.crypto.salted_hmac", 2, "secret", SIGNS),
    call("hmac.digest", 0, "key", SIGNS),
    call("hmac.new", 0, "key", SIGNS),
    call("itsdangerous.Signer", 0, "secret_key", SIGNS),
    call("itsdangerous.TimestampSigner", 0, "secret_key", SIGNS),
    call("itsdangerous.URLSafeSerializer", 0, "secret_key", SIGNS),
    call("itsdangerous.URLSafeTimedSerializer", 0, "secret_key", SIGNS),
    call("itsdangerous.url_safe.URLSafeSerializer", 0, "secret_key", SIGNS),
    call("itsdangerous.url_safe.URLSafeTimedSerializer", 0, "secret_key", SIGNS),
];

/// What sends requests, which may be given a login: `auth=("shop", "…")`.
pub(super) const REQUESTS: &[&str] = &[
    "httpx.AsyncClient",
    "httpx.Client",
    "httpx.delete",
    "httpx.get",
    "httpx.patch",
    "httpx.post",
    "httpx.put",
    "httpx.request",
    "requests.delete",
    "requests.get",
    "requests.head",
    "requests.patch",
    "requests.post",
    "requests.put",
    "requests.request",
];

/// Names of modules that hold the key of an API.
pub(super) const OF_MODULES: &[&str] = &["openai.api_key", "stripe.api_key"];

/// Settings that Django or a package logs in with, and what they are.
pub(super) const SETTINGS: &[(&str, &str)] = &[
    ("AUTH_LDAP_BIND_PASSWORD", "the password for the directory"),
    ("AWS_S3_SECRET_ACCESS_KEY", AWS),
    ("AWS_SECRET_ACCESS_KEY", AWS),
    ("AWS_SES_SECRET_ACCESS_KEY", AWS),
    ("AZURE_ACCOUNT_KEY", "the key of a store at Azure"),
    ("DJSTRIPE_WEBHOOK_SECRET", "the key that signs what Stripe sends"),
    ("EMAIL_HOST_PASSWORD", "the password for the mail server"),
    ("HCAPTCHA_SECRET", API),
    ("OIDC_RP_CLIENT_SECRET", "the secret of an OpenID client"),
    ("RECAPTCHA_PRIVATE_KEY", API),
    ("SENDGRID_API_KEY", API),
    ("SOCIAL_AUTH_FACEBOOK_SECRET", "the secret of an OAuth client"),
    ("SOCIAL_AUTH_GITHUB_SECRET", "the secret of an OAuth client"),
    ("SOCIAL_AUTH_GOOGLE_OAUTH2_SECRET", "the secret of an OAuth client"),
    ("STRIPE_LIVE_SECRET_KEY", API),
    ("STRIPE_SECRET_KEY", API),
    ("TWILIO_AUTH_TOKEN", API),
];

/// Settings with addresses that may hold a password.
pub(super) const URLS: &[&str] = &["BROKER_URL", "CELERY_BROKER_URL", "CELERY_RESULT_BACKEND"];

/// Parts of texts that stand where a secret belongs.
const PLACEHOLDERS: &[&str] = &[
    "...",
    "****",
    "<",
    "change",
    "default",
    "dummy",
    "example",
    "fake",
    "insecure",
    "localhost",
    "password",
    "placeholder",
    "replace",
    "sample",
    "secret",
    "test",
    "todo",
    "xxx",
    "your",
    "{",
];

/// Whether a text may be a secret that somebody made: long enough, of more than letters, and no placeholder.
pub(super) fn plausible(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let has = |is: fn(char) -> bool| lower.chars().any(is);
    text.chars().count() >= 8
        && has(|c| c.is_ascii_digit())
        && has(char::is_alphabetic)
        && !has(char::is_whitespace)
        && !PLACEHOLDERS.iter().any(|part| lower.contains(part))
}

/// What a call is given as the secret, or a method of what it makes.
pub(super) fn handed(call: &Called<'_>, takes: &Takes) -> Vec<ExprId> {
    let code = call.at.code;
    let Some(method) = takes.method else {
        return call.argument(takes.at, takes.name).into_iter().collect();
    };
    let calls = call.methods(method).into_iter();
    calls.filter_map(|(_, given)| code.argument(given, takes.at, takes.name)).collect()
}

/// The text of `text.encode()`.
pub(super) fn encoded(at: Site<'_>, id: ExprId) -> ExprId {
    match at.code.call(id).map(|(callee, _)| at.code.expr(callee)) {
        Some(Expr::Attribute(object, name)) if at.code.text(name) == "encode" => object,
        _ => id,
    }
}

/// A text, or bytes, as they are written.
pub(super) fn literal<'a>(cx: &Cx<'a>, at: Site<'a>, id: ExprId) -> Option<&'a str> {
    match at.code.expr(id) {
        Expr::Str(text) => Some(at.code.text(text)),
        Expr::Bytes => {
            let written = cx.source(at.expr_span(id)).trim_start_matches(['b', 'B', 'r', 'R']);
            Some(written.trim_matches(['"', '\'']))
        }
        _ => None,
    }
}

/// What the class around gives an attribute: `self.KEY`.
pub(super) fn of_class(at: Site<'_>, id: ExprId) -> Option<ExprId> {
    let Expr::Attribute(object, name) = at.code.expr(id) else { return None };
    let own = matches!(at.code.name(object), Some("self" | "cls"));
    let class = at.code.class_around(at.code.expr_range(id).start()).filter(|_| own)?;
    at.code.class_attribute(class, at.code.text(name))
}

/// Headers that say who sends a request.
const LOGINS: &[&str] =
    &["api-key", "apikey", "authorization", "x-access-token", "x-api-key", "x-auth-token"];

/// What a request is given in such a header: `headers={"Authorization": "Bearer …"}`.
pub(super) fn in_headers<'a>(cx: &Cx<'a>, call: &Called<'a>) -> Vec<(Site<'a>, ExprId)> {
    let is_dict = |at: Site<'a>, id: ExprId| matches!(at.code.expr(id), Expr::Dict(_));
    let found = call.keyword("headers").and_then(|given| cx.origin(call.at, given, &is_dict));
    let Some((at, headers)) = found else { return Vec::new() };
    let Expr::Dict(entries) = at.code.expr(headers) else { return Vec::new() };
    let entries = at.code.entries(entries).iter();
    let logins = entries.filter(|(key, _)| {
        let name = key.and_then(|key| at.code.string(key)).unwrap_or_default();
        LOGINS.contains(&&*name.to_ascii_lowercase())
    });
    logins.map(|(_, value)| (at, *value)).collect()
}
