//! What the rules on the flags of the session cookie share: they ask one question of two settings.

use djsec_base::Severity;
use djsec_django::middleware::SESSION;
use djsec_django::settings::SettingRef;

use crate::{Cx, Findings, Rule};

/// The words of one of the rules.
pub(super) struct Flag {
    /// The rule.
    pub(super) rule: &'static Rule,
    /// Django's checks: with only the app, only the middleware, and both.
    pub(super) checks: [&'static str; 3],
    /// What happens to the cookie that the middleware sets.
    pub(super) message: &'static str,
    /// How to fix that.
    pub(super) help: &'static str,
    /// What will happen to the cookie where only the app is installed.
    pub(super) later: &'static str,
    /// How to fix that.
    pub(super) later_help: &'static str,
    /// What the fix does.
    pub(super) title: &'static str,
}

/// Reports a flag that is off, or on in a way that Django's deployment check refuses.
pub(super) fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, flag: &Flag, out: &mut Findings) {
    let app = cx.has_app("django.contrib.sessions");
    let middleware = cx.project.session_middleware();
    let off = setting.falsy();
    let (has_app, has_middleware) = (!app.is_never(), !cx.has_middleware(SESSION).is_never());
    let [only_app, only_middleware, both] = flag.checks;
    let id = match (has_app, has_middleware) {
        (true, true) => both,
        (true, false) => only_app,
        _ => only_middleware,
    };
    out.judge(cx, flag.rule, setting, off & middleware, flag.message)
        .help(flag.help)
        .django_check_if(has_app || has_middleware, id)
        .fix(cx.set(setting, flag.title, "True"))
        .done();
    out.judge(cx, flag.rule, setting, off & app & !middleware, flag.later)
        .severity(Severity::Info)
        .help(flag.later_help)
        .django_check(id)
        .fix(cx.set(setting, flag.title, "True"))
        .done();
    if has_app || has_middleware {
        out.judge_truthy_switch(cx, flag.rule, setting, app | middleware, id);
    }
}
