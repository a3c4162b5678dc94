use djsec_django::settings::SettingRef;
use djsec_python::{Argument, Call};

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds `SIGNED_COOKIE_LEGACY_SALT_FALLBACK` on, by itself or as the default of Django 5.2 and
    /// 6.0, in projects that sign two cookies which the old way cannot tell apart.
    ///
    /// ## Why it matters
    /// The old way joins a cookie's name and its salt without a separator: `user` with the salt `_id` and
    /// `user_id` without one are signed alike, and a value of one is accepted as the other
    /// (CVE-2026-6873). The fallback keeps accepting what was signed in the old way.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SIGNED_COOKIE_LEGACY_SALT_FALLBACK = True  # finding
    /// ```
    /// ```python views.py
    /// def remember(request, response):
    ///     response.set_signed_cookie("user", request.GET["name"], salt="_id")
    ///     response.set_signed_cookie("user_id", request.user.pk)
    /// ```
    /// ```requirements requirements.txt
    /// Django==5.2.19
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// SIGNED_COOKIE_LEGACY_SALT_FALLBACK = False
    /// ```
    /// ```python views.py
    /// def remember(request, response):
    ///     response.set_signed_cookie("user", request.GET["name"], salt="_id")
    ///     response.set_signed_cookie("user_id", request.user.pk)
    /// ```
    /// Names and salts that differ however they are joined:
    /// ```python settings.py
    /// SIGNED_COOKIE_LEGACY_SALT_FALLBACK = True
    /// ```
    /// ```python views.py
    /// def remember(request, response):
    ///     response.set_signed_cookie("user", "1", salt="shop")
    ///     response.set_signed_cookie("user_id", "2", salt="shop")
    /// ```
    /// ```requirements requirements.txt
    /// Django==5.2.19
    /// ```
    /// One name cannot be taken for another:
    /// ```python settings.py
    /// SIGNED_COOKIE_LEGACY_SALT_FALLBACK = True
    /// ```
    /// ```python views.py
    /// def remember(request, response):
    ///     response.set_signed_cookie("device", "1", salt="shop")
    ///     request.get_signed_cookie("device", salt="shop")
    /// ```
    /// No signed cookies at all:
    /// ```python settings.py
    /// TIME_ZONE = "UTC"
    /// ```
    ///
    /// ## How to fix
    /// Set it to `False` once the cookies signed by an older Django have run out.
    ///
    /// ## Limits
    /// Looks at the `set_signed_cookie` and `get_signed_cookie` calls of the project whose name is a
    /// literal or a constant; a salt that is computed counts as one that fits. Django 5.2 before
    /// 5.2.15 and 6.0 before 6.0.6 have no such setting: there, only an upgrade helps.
    ///
    /// ## References
    /// - [Django: signed cookies](https://docs.djangoproject.com/en/stable/topics/signing/)
    RULE {
        id: "signed-cookie-legacy-salt",
        group: "settings",
        summary: "signed cookies can be taken for each other",
        severity: Low,
        cwe: [347],
        owasp: ["2025:A04"],
        checklist: ["application-cookies"],
        since: "next",
        checks: [Check::Setting(&["SIGNED_COOKIE_LEGACY_SALT_FALLBACK"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    // Before these patch levels there is no such setting, and nothing to turn off.
    let older = cx.django().is_some_and(|version| match (version.major, version.minor) {
        (5, 2) => version.patch.is_some_and(|patch| patch < 15),
        (6, 0) => version.patch.is_some_and(|patch| patch < 6),
        _ => false,
    });
    let on = setting.truthy();
    if older || on.is_never() || !collide(cx) {
        return;
    }
    let message = if setting.explicit {
        "a signed cookie is accepted under another name: name and salt of two cookies join to the same text"
    } else {
        "a signed cookie is accepted under another name unless `SIGNED_COOKIE_LEGACY_SALT_FALLBACK` is off: name and salt of two cookies join to the same text"
    };
    let report = out
        .judge(cx, &RULE, setting, on, message)
        .help("set `SIGNED_COOKIE_LEGACY_SALT_FALLBACK = False` once old cookies have run out");
    let literal = setting.span_when(on).filter(|span| cx.files.slice(*span) == "True");
    match literal {
        Some(_) => report.replace("Turn the fallback off", "False").done(),
        None => report.done(),
    }
}

/// A cookie that the project signs; the salt is unknown where it is computed.
struct Cookie {
    name: String,
    salt: Option<String>,
}

/// Whether two of the project's cookies are the same to a Django that joins name and salt.
fn collide(cx: &Cx<'_>) -> bool {
    let cookies = cookies(cx);
    cookies.iter().any(|a| {
        cookies.iter().any(|b| {
            let Some(rest) = b.name.strip_prefix(&*a.name).filter(|rest| !rest.is_empty()) else {
                return false;
            };
            match (&a.salt, &b.salt) {
                (Some(ours), Some(theirs)) => ours.strip_prefix(rest) == Some(theirs),
                (Some(ours), None) => ours.starts_with(rest),
                (None, _) => true,
            }
        })
    })
}

fn cookies(cx: &Cx<'_>) -> Vec<Cookie> {
    let methods = ["set_signed_cookie", "get_signed_cookie"];
    let mut found = Vec::new();
    if !cx.mentions(&methods) {
        return found;
    }
    for (module, _) in cx.own_modules() {
        for method in methods {
            let calls = cx.program.calls_named(module, method);
            found.extend(calls.filter_map(|call| cookie(cx, &call)));
        }
    }
    found
}

/// The cookie of a call: both methods take the name first and the salt third, or by keyword.
fn cookie(cx: &Cx<'_>, call: &Call<'_>) -> Option<Cookie> {
    let arguments = call.arguments(cx.files);
    let find = |keyword: &str, position: usize| {
        let positional = arguments.get(position).filter(|argument| argument.keyword.is_none());
        let named = |argument: &&Argument| argument.keyword.as_deref() == Some(keyword);
        arguments.iter().find(named).or(positional)
    };
    let text = |argument: &Argument| {
        let plain = !argument.unpacked;
        plain.then(|| cx.program.argument_text(call.module, argument)).flatten()
    };
    let name = text(find("key", 0)?)?;
    let unpacked = arguments.iter().any(|argument| argument.unpacked);
    let salt = match find("salt", 2) {
        Some(argument) => text(argument),
        None if unpacked => None,
        None => Some(String::new()),
    };
    Some(Cookie { name, salt })
}
