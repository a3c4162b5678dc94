use djsec_base::{Confidence, Severity};
use djsec_python::code::{Argument, Expr, ExprId, Stmt};

use super::sent::collect;
use crate::own::Site;
use crate::payload::{Item, Private, items};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds passwords, keys and numbers of cards or papers in cookies, and passwords and such numbers in sessions.
    ///
    /// ## Why it matters
    /// A cookie lies on the visitor's disk, and goes along with every request, into logs of proxies, too. A
    /// session lies in the database or a cache as it is, and with `signed_cookies` in a cookie, which is
    /// signed, not encrypted. Django stores passwords as hashes; the copy undoes that.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.shortcuts import redirect
    ///
    ///
    /// def first_step(request):
    ///     request.session["login"] = request.POST["username"]
    ///     request.session["password"] = request.POST["password"]  # finding
    ///     return redirect("second-step")
    ///
    ///
    /// def remember(request):
    ///     response = redirect("/")
    ///     response.set_cookie("me", request.user.password, secure=True, httponly=True)  # finding
    ///     return response
    /// ```
    ///
    /// ## Not flagged
    /// Who it is, what was done, and tokens, which are made to be handed on:
    /// ```python views.py
    /// from django.shortcuts import redirect
    ///
    ///
    /// def first_step(request):
    ///     request.session["user"] = request.user.pk
    ///     request.session["password_changed"] = True
    ///     request.session["card_number"] = request.POST["card_number"][-4:]
    ///     return redirect("second-step")
    /// ```
    ///
    /// ## How to fix
    /// Check the password at once, and keep the user's id and how far the login has come. Leave numbers of cards to
    /// the payment provider, and keep its token.
    ///
    /// ## Limits
    /// What is private is told by names. Values in signed cookies are
    /// [jwt-payload-sensitive](jwt-payload-sensitive.md).
    ///
    /// ## References
    /// - [Django: sessions](https://docs.djangoproject.com/en/stable/topics/http/sessions/)
    RULE {
        id: "cookie-sensitive-value",
        group: "cookies",
        summary: "a password or the number of a card is kept in a cookie or session",
        severity: High,
        cwe: [312, 565],
        owasp: ["2025:A04", "2025:A06"],
        asvs: ["5.0:14.2.1", "5.0:14.3.1"],
        checklist: ["application-cookies"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for cookie in collect(cx).iter().filter(|cookie| !cookie.signed) {
        let place = "a cookie, where it can be read and kept";
        for item in private(cx, cookie.at, cookie.name.as_deref(), cookie.value) {
            say(cookie.at, &item, place, Severity::High, out);
        }
    }
    let place = "the session, where it is stored as it is";
    for at in cx.sites() {
        if at.code.symbol("session").is_none() {
            continue;
        }
        for (key, value) in at.code.all_stmts().flat_map(|(_, stmt)| kept(at, stmt)) {
            for item in private(cx, at, key, value) {
                // Keys of other services lie there for the server.
                if item.kind != Private::Other {
                    say(at, &item, place, Severity::Medium, out);
                }
            }
        }
    }
}

/// What nobody else should read of a value that is kept under a key.
fn private<'a>(cx: &Cx<'a>, at: Site<'a>, key: Option<&str>, value: ExprId) -> Vec<Item> {
    let items = items(cx, at, value).into_iter().map(|(_, item)| item);
    let mut found: Vec<Item> = items.map(|item| Item { place: value, ..item }).collect();
    if found.is_empty() {
        found.extend(Item::of(at, key, value));
    }
    found
}

/// What is put into a session, with its key if that is known: `request.session["cart"] = …`,
/// `request.session.update(cart=…)`.
fn kept(at: Site<'_>, stmt: Stmt) -> Vec<(Option<&str>, ExprId)> {
    let code = at.code;
    match stmt {
        Stmt::Assign { targets, value: Some(value), .. } => {
            let keys = code.exprs(targets).iter().filter_map(|target| match code.expr(*target) {
                Expr::Subscript(on, key) if is_session(at, on) => Some((code.string(key), value)),
                _ => None,
            });
            keys.collect()
        }
        Stmt::Expr(call) => {
            let Some((callee, arguments)) = code.call(call) else { return Vec::new() };
            let Expr::Attribute(on, method) = code.expr(callee) else { return Vec::new() };
            if code.text(method) != "update" || !is_session(at, on) {
                return Vec::new();
            }
            let key = |argument: &Argument| argument.keyword.map(|key| code.text(key));
            arguments.iter().map(|argument| (key(argument), argument.value)).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether something is the session of a request.
fn is_session(at: Site<'_>, expr: ExprId) -> bool {
    let Expr::Attribute(on, name) = at.code.expr(expr) else { return false };
    let request = match at.code.expr(on) {
        Expr::Name(name) | Expr::Attribute(_, name) => at.code.text(name),
        _ => "",
    };
    at.code.text(name) == "session" && request.ends_with("request")
}

fn say(at: Site<'_>, item: &Item, place: &str, severity: Severity, out: &mut Findings) {
    out.found(
        &RULE,
        at.expr_span(item.place),
        at.path_around(item.place),
        format!("{} is kept in {place}", item.words),
    )
    .severity(severity)
    .confidence(if item.sure { Confidence::High } else { Confidence::Medium })
    .help("keep the user's id, and look up the rest where it is needed")
    .done();
}
