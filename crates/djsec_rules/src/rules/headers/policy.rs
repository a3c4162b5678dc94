//! What rules on content security policies ask besides the settings.

use djsec_django::csp::Emitter;
use djsec_django::settings::Cond;

use crate::Cx;

/// Whether a proxy of production adds an enforced policy, whatever Django sends.
pub(super) fn proxy_sends_policy(cx: &Cx<'_>) -> bool {
    [":", " ", "\""].iter().any(|end| cx.proxy_sends(&format!("Content-Security-Policy{end}")))
}

/// In which worlds an enforced policy is sent by Django itself (`true`) or by django-csp (`false`), and
/// none by the other.
pub(super) fn enforced_only_by<'a>(cx: &Cx<'a>, django: bool) -> Cond<'a> {
    let never = cx.settings().never();
    let (mut this, mut other) = (never, never);
    for policy in cx.project.policies().iter().filter(|policy| policy.enforced) {
        if (policy.emitter == Emitter::Django) == django {
            this = this | policy.sent();
        } else {
            other = other | policy.sent();
        }
    }
    this & !other
}
