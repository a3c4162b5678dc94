use djsec_base::Severity;
use djsec_django::settings::SettingRef;

use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds error monitors and performance monitors that are told to send personal data or request bodies:
    /// Sentry's `send_default_pii` and `max_request_body_size="always"`, Elastic APM's `CAPTURE_BODY`.
    ///
    /// ## Why it matters
    /// User names, addresses, cookies, and what people type into forms go to another company's servers with
    /// each error. Passwords and tokens go along where the filters do not know their names.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// ELASTIC_APM = {
    ///     "SERVICE_NAME": "shop",
    ///     "CAPTURE_BODY": "all",  # finding
    /// }
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// import os
    ///
    /// import sentry_sdk
    ///
    /// sentry_sdk.init(dsn=os.environ["SENTRY_DSN"], send_default_pii=False)
    /// ```
    /// ```python settings.py
    /// ELASTIC_APM = {"SERVICE_NAME": "shop", "CAPTURE_BODY": "off"}
    /// ```
    /// ```python settings.py
    /// ELASTIC_APM = {"SERVICE_NAME": "shop"}
    /// ```
    ///
    /// ## How to fix
    /// Leave the options off, and attach what you need to know of a user (an id, not a name) yourself.
    ///
    /// ## References
    /// - [Sentry: data collected](https://docs.sentry.io/platforms/python/data-management/data-collected/)
    /// - [Elastic APM: CAPTURE_BODY](https://www.elastic.co/guide/en/apm/agent/python/current/configuration.html#config-capture-body)
    RULE {
        id: "monitoring-sends-pii",
        group: "settings",
        summary: "personal data goes to a monitoring service",
        severity: Low,
        cwe: [359, 532],
        owasp: ["2025:A09"],
        asvs: ["5.0:14.2.3", "5.0:16.2.5"],
        checklist: ["error-monitoring", "logs-free-of-secrets"],
        since: "next",
        checks: [
            Check::Settings(check_calls),
            Check::Setting(&["ELASTIC_APM"], check_elastic),
        ],
    }
}

fn check_calls(cx: &Cx<'_>, out: &mut Findings) {
    for call in cx.settings().calls.iter().filter(|call| &*call.name == "sentry_sdk.init") {
        for (keyword, value) in &call.keywords {
            let argument = cx.settings().value_ref(format!("sentry_sdk.init({keyword}=…)"), value);
            let (on, message) = match &**keyword {
                "send_default_pii" => (
                    argument.truthy(),
                    "errors go to Sentry with the names, addresses and cookies of users",
                ),
                "max_request_body_size" | "request_bodies" => (
                    argument.equals("always"),
                    "errors go to Sentry with the whole request body, whatever people typed",
                ),
                _ => continue,
            };
            out.judge(cx, &RULE, &argument, on, message)
                .help("leave the option off, and attach an id of the user yourself")
                .done();
        }
    }
}

fn check_elastic(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let body = setting.entry("CAPTURE_BODY");
    let on = body.is(|data| Some(matches!(data.as_str(), Some("all" | "errors" | "transactions"))));
    out.judge(cx, &RULE, &body, on, "request bodies go to Elastic APM, whatever people typed")
        .at_most(Severity::Low)
        .help("leave `CAPTURE_BODY` off")
        .done();
}
