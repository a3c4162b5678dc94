use djsec_base::Severity;
use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::Data;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds logins through other services that open a local account by e-mail address alone
    /// (`SOCIALACCOUNT_EMAIL_AUTHENTICATION`, `associate_by_email`), and those that a link starts
    /// without asking (`SOCIALACCOUNT_LOGIN_ON_GET`).
    ///
    /// ## Why it matters
    /// Not every service proves that an address belongs to its user. Whoever registers there with the
    /// address of an administrator here is that administrator. A login that starts with a GET request
    /// lets a page log its visitors in as somebody else, who then sees what they enter.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += [
    ///     "allauth",
    ///     "allauth.account",
    ///     "allauth.socialaccount",
    ///     "allauth.socialaccount.providers.github",
    /// ]
    /// SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # finding
    /// ```
    /// ```python settings.py
    /// SOCIAL_AUTH_PIPELINE = (
    ///     "social_core.pipeline.social_auth.social_details",
    ///     "social_core.pipeline.social_auth.associate_by_email",  # finding
    ///     "social_core.pipeline.user.create_user",
    /// )
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["allauth", "allauth.account", "allauth.socialaccount"]
    /// SOCIALACCOUNT_PROVIDERS = {"github": {"SCOPE": ["user:email"]}}
    /// SOCIALACCOUNT_AUTO_SIGNUP = False
    /// ```
    ///
    /// ## How to fix
    /// Remove the setting or the step. Let users connect another service while they are logged in
    /// here; or allow it for single providers that prove addresses, in `SOCIALACCOUNT_PROVIDERS`.
    ///
    /// ## Limits
    /// Milder when the only services are ones that prove addresses of their own (Google, Apple).
    ///
    /// ## References
    /// - [django-allauth: EMAIL_AUTHENTICATION](https://docs.allauth.org/en/latest/socialaccount/configuration.html)
    /// - [Python Social Auth: associate users by email](https://python-social-auth.readthedocs.io/en/latest/configuration/django.html)
    RULE {
        id: "social-login-takeover",
        group: "auth",
        summary: "a login elsewhere opens accounts by e-mail address",
        severity: High,
        cwe: [287, 345],
        owasp: ["2025:A07"],
        asvs: ["5.0:6.8.1"],
        checklist: ["auth-backends-sound"],
        since: "next",
        checks: [Check::Settings(allauth), Check::Settings(social_auth)],
    }
}

/// Services that prove the addresses that they give.
const PROVING: &[&str] = &["google", "apple"];
const PROVIDERS: &str = "allauth.socialaccount.providers.";
const STEP: &str = "social_core.pipeline.social_auth.associate_by_email";

fn allauth(cx: &Cx<'_>, out: &mut Findings) {
    let active = cx.uses_app("allauth.socialaccount");
    let setting = cx.setting("SOCIALACCOUNT_EMAIL_AUTHENTICATION");
    let others = cx.setting("INSTALLED_APPS").any(|data| match data {
        Data::Sym(_) => None,
        other => {
            let provider = other.as_str().and_then(|app| app.strip_prefix(PROVIDERS));
            Some(provider.is_some_and(|name| !PROVING.contains(&name)))
        }
    });
    let message = "another service's word for an e-mail address opens the local account";
    report(cx, &setting, setting.truthy() & active, others.is_never(), message, out);

    let providers = cx.setting("SOCIALACCOUNT_PROVIDERS");
    for name in providers.keys() {
        let entry = providers.entry(&name).entry("EMAIL_AUTHENTICATION");
        let proving = PROVING.contains(&&*name);
        let message = format!("{name}'s word for an e-mail address opens the local account");
        report(cx, &entry, entry.truthy() & active, proving, &message, out);
    }

    let setting = cx.setting("SOCIALACCOUNT_LOGIN_ON_GET");
    let message = "any page can log its visitors in as somebody else, with a mere link";
    out.judge(cx, &RULE, &setting, setting.truthy() & active, message)
        .rated(Severity::Medium)
        .help("remove `SOCIALACCOUNT_LOGIN_ON_GET`, and let a form start the login")
        .fix(cx.set(&setting, "Start logins from a form only", "False"))
        .done();
}

fn social_auth(cx: &Cx<'_>, out: &mut Findings) {
    let social = |data: &Data| {
        let path = data.as_str().unwrap_or_default();
        path.strip_prefix("social_core.backends.").map(str::to_owned)
    };
    let backends = cx.setting("AUTHENTICATION_BACKENDS");
    let names: Vec<String> =
        backends.elements().iter().filter_map(|part| social(&part.data)).collect();
    let proving = !names.is_empty()
        && names.iter().all(|name| PROVING.iter().any(|known| name.starts_with(known)));
    let pipelines = cx.settings().explicit().filter(|setting| {
        setting.name.starts_with("SOCIAL_AUTH_") && setting.name.ends_with("PIPELINE")
    });
    for setting in pipelines {
        let setting = cx.setting(&setting.name);
        let listed = setting.contains(STEP).surely();
        let place = setting.element_span(listed, |data| data.as_str() == Some(STEP));
        let message = "another service's word for an e-mail address opens the local account";
        out.judge(cx, &RULE, &setting, listed, message)
            .rated(if proving { Severity::Low } else { Severity::High })
            .at(place)
            .help("take the step out; let users connect the service while they are logged in")
            .done();
    }
}

fn report(
    cx: &Cx<'_>,
    setting: &SettingRef<'_>,
    when: Cond<'_>,
    proving: bool,
    message: &str,
    out: &mut Findings,
) {
    out.judge(cx, &RULE, setting, when, message)
        .rated(if proving { Severity::Low } else { Severity::High })
        .help("allow it at most for providers that prove every address")
        .done();
}
