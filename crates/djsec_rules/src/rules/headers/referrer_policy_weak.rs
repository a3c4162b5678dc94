use djsec_base::Severity;
use djsec_django::middleware::SECURITY;
use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a `SECURE_REFERRER_POLICY` that is turned off, that browsers do not know, or that gives
    /// addresses away.
    ///
    /// ## Why it matters
    /// Browsers tell the next site where the visitor comes from. Addresses hold password reset tokens,
    /// search words and the names of private things; `unsafe-url` sends them in full to everybody.
    /// A policy that is misspelt is ignored. `no-referrer` is a trap of another kind: browsers then
    /// send `Origin: null` with forms, Django's CSRF check refuses it, and somebody exempts the view.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// SECURE_REFERRER_POLICY = None  # finding
    /// ```
    /// ```python settings.py
    /// SECURE_REFERRER_POLICY = "unsafe-url"  # finding
    /// ```
    /// ```python settings.py
    /// SECURE_REFERRER_POLICY = "same_origin"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// SECURE_REFERRER_POLICY = "same-origin"
    /// ```
    /// ```python settings.py
    /// # A fallback for old browsers: the last known one counts.
    /// SECURE_REFERRER_POLICY = "origin, strict-origin-when-cross-origin"
    /// ```
    ///
    /// ## How to fix
    /// Remove the setting (`same-origin` is Django's default since 3.1), or use
    /// `"strict-origin-when-cross-origin"` if other sites must see your host name.
    ///
    /// ## References
    /// - [Django: SECURE_REFERRER_POLICY](https://docs.djangoproject.com/en/stable/ref/settings/#secure-referrer-policy)
    /// - [Django: Referrer Policy](https://docs.djangoproject.com/en/stable/ref/middleware/#referrer-policy)
    RULE {
        id: "referrer-policy-weak",
        group: "headers",
        summary: "other sites learn the addresses that visitors come from",
        severity: Low,
        cwe: [200],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.4.5"],
        checklist: ["referrer-policy"],
        django: ["security.W022", "security.E023"],
        since: "next",
        checks: [Check::Setting(&["SECURE_REFERRER_POLICY"], check)],
    }
}

const POLICIES: [&str; 8] = [
    "no-referrer",
    "no-referrer-when-downgrade",
    "origin",
    "origin-when-cross-origin",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
];

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if cx.proxy_sends("Referrer-Policy") {
        return;
    }
    let active = cx.project.security_middleware();
    let django = !cx.has_middleware(SECURITY).is_never();
    out.judge(
        cx,
        &RULE,
        setting,
        setting.is(|data| Some(matches!(data, Data::None))) & active,
        "no `Referrer-Policy` is sent, so what addresses give away is up to each browser",
    )
    .help("remove the setting: Django's default is `\"same-origin\"`")
    .django_check_if(django, "security.W022")
    .fix(cx.set(setting, "Send Django's default policy", "\"same-origin\""))
    .done();
    let invalid = setting.is(|data| words(data).map(|words| words.iter().any(|w| !known(w))));
    out.judge(
        cx,
        &RULE,
        setting,
        invalid & active,
        "browsers do not know this referrer policy and ignore it",
    )
    .help(format!("use one of {}", POLICIES.join(", ")))
    .django_check_if(django, "security.E023")
    .fix(cx.set(setting, "Send Django's default policy", "\"same-origin\""))
    .done();
    let empty = setting.is(|data| words(data).map(|words| words.is_empty()));
    out.judge(cx, &RULE, setting, empty & active, "no `Referrer-Policy` is sent")
        .help("remove the setting: Django's default is `\"same-origin\"`")
        .done();
    weak(cx, setting, out);
}

/// Judges the policy that counts: the last one, if browsers know all of them.
fn weak(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let active = cx.project.security_middleware();
    for part in setting.alternatives() {
        let Some(words) = words(&part.data).filter(|words| words.iter().all(|w| known(w))) else {
            continue;
        };
        let here = part.when & active;
        let message = match words.last().map(String::as_str) {
            Some("unsafe-url") => {
                "`unsafe-url` tells every site the whole address that a visitor comes from, even over \
                 plain HTTP"
            }
            Some("no-referrer-when-downgrade") => {
                "`no-referrer-when-downgrade` tells other sites the whole address that a visitor comes \
                 from"
            }
            Some("origin" | "origin-when-cross-origin") => {
                "the site's name is sent over plain HTTP too, readable on the way"
            }
            Some("no-referrer") => {
                let breaks = here & cx.project.csrf_middleware() & cx.project.session_middleware();
                let message = "with `no-referrer`, browsers send `Origin: null` with forms, which \
                               Django's CSRF check refuses";
                out.judge(cx, &RULE, setting, breaks.surely(), message)
                    .severity(Severity::Info)
                    .help("use `\"same-origin\"`: other sites learn as little from it")
                    .done();
                continue;
            }
            _ => continue,
        };
        out.judge(cx, &RULE, setting, here, message)
            .help("use `\"same-origin\"` or `\"strict-origin-when-cross-origin\"`")
            .fix(cx.set(setting, "Send Django's default policy", "\"same-origin\""))
            .done();
    }
}

fn known(word: &str) -> bool {
    POLICIES.contains(&word)
}

/// The policies in order, read as Django reads them; `None` for what is neither text nor a list of
/// texts.
fn words(data: &Data) -> Option<Vec<String>> {
    if let Data::Str(text) = data {
        return Some(text.split(',').map(|word| word.trim().to_owned()).collect());
    }
    let seq = data.as_seq().filter(|seq| !seq.open)?;
    seq.items.iter().map(|item| item.value.single()?.data.as_str().map(str::to_owned)).collect()
}
