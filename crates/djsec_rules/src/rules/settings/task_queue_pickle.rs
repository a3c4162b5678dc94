use djsec_base::Severity;
use djsec_django::settings::SettingRef;
use djsec_python::value::Data;

use crate::network::{Reach, reach, url};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds Celery workers that accept tasks or results written with `pickle`.
    ///
    /// ## Why it matters
    /// Reading a pickle runs what it says. Whoever can put a message into the broker or the result store
    /// (a second application on the same Redis, a leaked password, one request forged from inside) runs
    /// code on every worker.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// CELERY_ACCEPT_CONTENT = ["json", "pickle"]  # finding
    /// ```
    /// ```python settings.py
    /// CELERY_TASK_SERIALIZER = "pickle"
    /// CELERY_ACCEPT_CONTENT = ["application/x-python-serialize"]  # finding
    /// CELERY_BROKER_URL = "amqp://localhost"
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// CELERY_ACCEPT_CONTENT = ["json", "yaml", "msgpack"]
    /// CELERY_TASK_SERIALIZER = "json"
    /// ```
    /// A serializer that no worker reads: Celery accepts JSON alone by default.
    /// ```python settings.py
    /// CELERY_TASK_SERIALIZER = "pickle"
    /// ```
    /// Tasks that never leave the process:
    /// ```python settings.py
    /// CELERY_ACCEPT_CONTENT = ["pickle"]
    /// CELERY_BROKER_URL = "memory://"
    /// ```
    ///
    /// ## How to fix
    /// Accept `json` alone, and give tasks ids instead of objects.
    ///
    /// ## Limits
    /// Reads the names that `namespace="CELERY"` gives them. `yaml` is read safely by Celery and fine.
    /// django-rq and Huey always use `pickle`; whether their Redis is protected is
    /// `cache-remote-unauthenticated` where it is a cache too.
    ///
    /// ## References
    /// - [Celery: security](https://docs.celeryq.dev/en/stable/userguide/security.html#serializers)
    /// - [Python: pickle](https://docs.python.org/3/library/pickle.html)
    RULE {
        id: "task-queue-pickle",
        group: "settings",
        summary: "workers run what a message in the queue says",
        severity: High,
        cwe: [502],
        owasp: ["2025:A08"],
        asvs: ["5.0:1.5.2"],
        checklist: ["cache-and-broker-protected", "no-unsafe-deserialization"],
        since: "next",
        checks: [
            Check::Setting(&["CELERY_ACCEPT_CONTENT", "CELERY_RESULT_ACCEPT_CONTENT"], check),
        ],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    if !setting.explicit {
        return;
    }
    let pickle = setting.contains("pickle") | setting.contains("application/x-python-serialize");
    let results = &*setting.path == "CELERY_RESULT_ACCEPT_CONTENT";
    let url = cx.setting(if results { "CELERY_RESULT_BACKEND" } else { "CELERY_BROKER_URL" });
    let inside = url.is(|data| Some(data.as_str().is_some_and(|url| url.starts_with("memory:"))));
    let local = !url.is(|data| Some(is_local(data))).surely().is_never();
    let (what, where_from) =
        if results { ("results", "result store") } else { ("tasks", "broker") };
    let message = format!(
        "workers accept pickled {what}: who can write to the {where_from} runs code on every worker"
    );
    let is_pickle =
        |data: &Data| matches!(data.as_str(), Some("pickle" | "application/x-python-serialize"));
    let report = out
        .judge(cx, &RULE, setting, pickle & !inside.surely(), message)
        .at(setting.element_span(pickle, is_pickle))
        .help("accept `json` alone: `CELERY_ACCEPT_CONTENT = [\"json\"]`");
    if local { report.rated(Severity::Medium).done() } else { report.done() }
}

/// A broker on the same machine.
fn is_local(data: &Data) -> bool {
    data.as_str().and_then(url).is_some_and(|url| reach(url.host) == Reach::Local)
}
