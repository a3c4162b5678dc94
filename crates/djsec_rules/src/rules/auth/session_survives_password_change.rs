use std::cell::LazyCell;
use std::ops::Deref;

use djsec_base::{Confidence, Severity, Span};
use djsec_django::views::Purpose;
use djsec_django::views::effects::{EffectKind, Verbs};
use djsec_python::code::Expr;
use djsec_python::value::Data;

use crate::classes::dotted;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds what keeps somebody logged in after the password was changed: a user model whose
    /// `get_session_auth_hash()` does not depend on the password, and API tokens that no code takes away.
    ///
    /// ## Why it matters
    /// Who suspects that somebody else is in his account changes the password. The stranger stays in: his
    /// session or token goes on working, for as long as it lives.
    ///
    /// ## Flagged
    /// ```python models.py
    /// from django.contrib.auth.models import AbstractUser
    ///
    ///
    /// class Customer(AbstractUser):
    ///     def get_session_auth_hash(self):  # finding
    ///         return str(self.pk)
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["shop"]
    /// AUTH_USER_MODEL = "shop.Customer"
    /// ```
    ///
    /// ## Not flagged
    /// ```python models.py
    /// from django.contrib.auth.models import AbstractUser
    /// from django.utils.crypto import salted_hmac
    ///
    ///
    /// class Customer(AbstractUser):
    ///     def get_session_auth_hash(self):
    ///         return salted_hmac("shop", self.password + str(self.pk)).hexdigest()
    /// ```
    /// ```python settings.py
    /// INSTALLED_APPS += ["shop"]
    /// AUTH_USER_MODEL = "shop.Customer"
    /// ```
    ///
    /// ## How to fix
    /// Let the hash contain `self.password`, or leave Django's. Delete the user's tokens where the password
    /// is set: `Token.objects.filter(user=user).delete()`. For simplejwt, set `CHECK_REVOKE_TOKEN`.
    ///
    /// ## Limits
    /// A view that sets a password without `update_session_auth_hash()` logs its user out, which is no flaw.
    /// Nothing is said of tokens where any code of the project names them together with the deletion of
    /// something. Where no view of DRF gives a token for a password, and for simplejwt's tokens, which are
    /// short-lived by default, the confidence is low.
    ///
    /// ## References
    /// - [Django: session invalidation on password change](https://docs.djangoproject.com/en/stable/topics/auth/default/#session-invalidation-on-password-change)
    /// - [simplejwt: CHECK_REVOKE_TOKEN](https://django-rest-framework-simplejwt.readthedocs.io/en/latest/settings.html#check-revoke-token)
    RULE {
        id: "session-survives-password-change",
        group: "auth",
        summary: "sessions or tokens go on after the password was changed",
        severity: Medium,
        cwe: [613],
        owasp: ["2025:A07"],
        asvs: ["5.0:7.4.3"],
        checklist: ["session-regenerated", "tokens-sound"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

const TOKENS: &[&str] = &["rest_framework.authentication.TokenAuthentication"];
/// Views that give a token for a password.
const LOGINS: &[&str] =
    &["rest_framework.authtoken.views.ObtainAuthToken", "dj_rest_auth.views.LoginView"];
const JWT: &[&str] = &[
    "rest_framework_simplejwt.authentication.JWTAuthentication",
    "rest_framework_simplejwt.authentication.JWTStatelessUserAuthentication",
];

fn check(cx: &Cx<'_>, out: &mut Findings) {
    constant_hash(cx, out);
    // Most projects have no such tokens, and to look at all that views do costs much.
    let change = LazyCell::new(|| change(cx));
    tokens(cx, &change, out);
    jwt(cx, &change, out);
}

/// `get_session_auth_hash()` of the user model that does not look at the password.
fn constant_hash(cx: &Cx<'_>, out: &mut Findings) {
    for name in ["get_session_auth_hash", "_get_session_auth_hash"] {
        let Some((at, id, owner)) = cx.counting_method(&cx.user_model(), name) else { continue };
        let Some(function) = at.code.function(id) else { continue };
        if at.mentions(function, &["password", "super", "get_session_auth_hash"]) {
            continue;
        }
        let class = cx.program.dotted(&owner).unwrap_or_default();
        let message = "sessions go on after the password was changed: what they are compared with does \
                       not depend on it";
        out.found(&RULE, at.span(function.name_range), format!("{class}.{name}"), message)
            .severity(Severity::High)
            .help("make it of `self.password`, or leave Django's own")
            .done();
    }
}

/// That the project lets users change their passwords.
struct Change {
    /// Where a view of its own does, if there is one.
    own: Option<Span>,
}

fn change(cx: &Cx<'_>) -> Option<Change> {
    let mut found = None;
    for endpoint in cx.endpoints() {
        if endpoint.is_own() {
            let signup = endpoint.purpose() == Some(Purpose::Signup);
            let sets = cx.deeds(&endpoint).first(&[EffectKind::SetsPassword], Verbs::WRITING);
            if let Some(effect) = sets.filter(|_| !signup) {
                return Some(Change { own: Some(effect.place) });
            }
        }
        let name = endpoint.name();
        if name.contains("PasswordChange") || name.contains("PasswordResetConfirm") {
            found = Some(Change { own: None });
        }
    }
    found
}

fn tokens(cx: &Cx<'_>, change: &impl Deref<Target = Option<Change>>, out: &mut Findings) {
    let classes = cx.setting("REST_FRAMEWORK").entry("DEFAULT_AUTHENTICATION_CLASSES");
    let is = |data: &Data| dotted(data).is_some_and(|path| TOKENS.contains(&path));
    let listed =
        classes.any(|data| Some(is(data))).surely() & cx.uses_app("rest_framework.authtoken");
    if listed.is_never() || takes_away(cx, &["Token", "auth_token"]) {
        return;
    }
    let Some(change) = &**change else { return };
    let place = change.own.or_else(|| classes.element_span(listed, is));
    // Tokens that somebody makes for a program may be meant to outlive the password; those that a
    // login gives are its session.
    let given = cx.endpoints().any(|endpoint| {
        let name = endpoint.name();
        matches!(name, "obtain_auth_token" | "ObtainAuthToken")
            || endpoint
                .class()
                .is_some_and(|class| cx.classes.derives_from(class, LOGINS) == Some(true))
    });
    out.judge(cx, &RULE, &classes, listed, "API tokens go on after the password was changed")
        .confidence(if given { Confidence::Medium } else { Confidence::Low })
        .at(place)
        .help("delete the user's tokens where the password is set")
        .done();
}

fn jwt(cx: &Cx<'_>, change: &impl Deref<Target = Option<Change>>, out: &mut Findings) {
    let classes = cx.setting("REST_FRAMEWORK").entry("DEFAULT_AUTHENTICATION_CLASSES");
    let is = |data: &Data| dotted(data).is_some_and(|path| JWT.contains(&path));
    let revokes = cx.setting("SIMPLE_JWT").entry("CHECK_REVOKE_TOKEN");
    let listed = classes.any(|data| Some(is(data))).surely() & !revokes.truthy().possibly();
    if listed.is_never() || takes_away(cx, &["OutstandingToken", "BlacklistedToken"]) {
        return;
    }
    let Some(change) = &**change else { return };
    let place = change.own.or_else(|| classes.element_span(listed, is));
    out.judge(cx, &RULE, &classes, listed, "tokens go on after the password was changed")
        .severity(Severity::Low)
        .confidence(Confidence::Low)
        .at(place)
        .help("set `CHECK_REVOKE_TOKEN` in `SIMPLE_JWT`")
        .done();
}

/// Whether code of the project takes tokens away or makes new ones.
fn takes_away(cx: &Cx<'_>, names: &[&str]) -> bool {
    cx.sites().any(|at| {
        if !names.iter().any(|name| at.code.symbol(name).is_some()) {
            return false;
        }
        at.code.functions().any(|(_, function)| {
            let mut ends = false;
            at.code.each_expr(function.body, &mut |_, expr| {
                if let Expr::Attribute(_, name) = expr {
                    ends |= matches!(at.code.text(name), "delete" | "blacklist" | "update");
                }
            });
            ends && at.mentions(function, names)
        })
    })
}
