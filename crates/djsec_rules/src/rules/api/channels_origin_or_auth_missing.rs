use djsec_base::{Confidence, Finding, Location, Severity, Span};
use djsec_django::models::Strength;
use djsec_django::routes::{Origin, Route};
use djsec_django::views::sockets::{Connects, connects, stack};
use djsec_django::views::{Level, ViewKind};

use crate::{Check, Cx, Endpoint, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds WebSocket routes of Channels that know visitors by their session and do not check the
    /// `Origin`, and consumers that join a group named in the address without a look at who asks.
    ///
    /// ## Why it matters
    /// Browsers let every site open a WebSocket to every other, and may send cookies along. Where the
    /// session's cookie is all that counts, another site talks with yours in the name of its visitor
    /// and reads the answers, which CORS does not prevent. And a group `order_17` that anybody may join
    /// sends the messages about order 17 to anybody.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["channels"]
    /// ASGI_APPLICATION = "shop.asgi.application"
    /// ```
    /// ```python shop/consumers.py
    /// from channels.generic.websocket import WebsocketConsumer
    ///
    ///
    /// class Basket(WebsocketConsumer):
    ///     def connect(self):
    ///         if self.scope["user"].is_anonymous:
    ///             self.close()
    ///             return
    ///         self.accept()
    /// ```
    /// ```python asgi.py
    /// from channels.auth import AuthMiddlewareStack
    /// from channels.routing import ProtocolTypeRouter, URLRouter
    /// from django.core.asgi import get_asgi_application
    /// from django.urls import path
    ///
    /// from shop.consumers import Basket
    ///
    /// application = ProtocolTypeRouter({
    ///     "http": get_asgi_application(),
    ///     "websocket": AuthMiddlewareStack(  # finding
    ///         URLRouter([path("ws/basket/", Basket.as_asgi())])
    ///     ),
    /// })
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// INSTALLED_APPS += ["channels"]
    /// ASGI_APPLICATION = "shop.asgi.application"
    /// ```
    /// ```python shop/consumers.py
    /// from channels.generic.websocket import WebsocketConsumer
    ///
    ///
    /// class Basket(WebsocketConsumer):
    ///     def connect(self):
    ///         if self.scope["user"].is_anonymous:
    ///             self.close()
    ///             return
    ///         self.accept()
    /// ```
    /// ```python asgi.py
    /// from channels.auth import AuthMiddlewareStack
    /// from channels.routing import ProtocolTypeRouter, URLRouter
    /// from channels.security.websocket import AllowedHostsOriginValidator
    /// from django.core.asgi import get_asgi_application
    /// from django.urls import path
    ///
    /// from shop.consumers import Basket
    ///
    /// application = ProtocolTypeRouter({
    ///     "http": get_asgi_application(),
    ///     "websocket": AllowedHostsOriginValidator(
    ///         AuthMiddlewareStack(URLRouter([path("ws/basket/", Basket.as_asgi())]))
    ///     ),
    /// })
    /// ```
    ///
    /// ## How to fix
    /// Put `AllowedHostsOriginValidator(…)` around the stack. In `connect()`, fetch what the address
    /// names for `self.scope["user"]`, and close the connection where it is not theirs.
    ///
    /// ## Limits
    /// Sockets without a session in the stack need no check of the `Origin`, and neither do those
    /// whose consumers never look at who asks. Groups count where `connect()` does nothing else that
    /// could decide; where the address names no model with an owner, the confidence is low.
    ///
    /// ## References
    /// - [Channels: security](https://channels.readthedocs.io/en/latest/topics/security.html)
    RULE {
        id: "channels-origin-or-auth-missing",
        group: "api",
        summary: "a WebSocket is open to other sites, or to people it is not for",
        severity: High,
        cwe: [1385, 862],
        owasp: ["2025:A01"],
        asvs: ["5.0:4.4.2", "5.0:8.2.2"],
        checklist: ["views-require-auth", "object-ownership"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let source = cx.lookup();
    let mut reported: Vec<Span> = Vec::new();
    for endpoint in cx.endpoints() {
        let sockets = endpoint.routes.iter().filter(|route| route.origin == Origin::WebSocket);
        for route in sockets.filter(|_| endpoint.view.kind == ViewKind::Consumer) {
            let Some(connects) = connects(source, &route.target) else { continue };
            let Some(stack) = stack(source, route) else { continue };
            if let (Some(false), Some(cookie), true) = (stack.origin, stack.cookie, connects.asks)
                && !reported.contains(&cookie)
            {
                reported.push(cookie);
                origin(cx, &endpoint, cookie, stack.own, out);
            }
            if let Some(joins) = connects.joins.filter(|joins| !reported.contains(joins)) {
                reported.push(joins);
                group(cx, &endpoint, route, &connects, joins, out);
            }
        }
    }
}

fn origin(cx: &Cx<'_>, endpoint: &Endpoint<'_>, place: Span, own: bool, out: &mut Findings) {
    let address = endpoint.address();
    let (severity, message) = if cx.session_crosses_sites().is_never() {
        let message = format!(
            "only the `SameSite` of the session's cookie keeps other sites from opening the socket \
             {address} in the name of a visitor: nothing checks the `Origin`"
        );
        (Severity::Medium, message)
    } else {
        let message = format!(
            "any site may open the socket {address} in the name of a visitor: the session's cookie is \
             sent along, and nothing checks the `Origin`"
        );
        (Severity::High, message)
    };
    let confidence = if own { Confidence::Low } else { Confidence::High };
    let finding = Finding::new(&RULE.meta, Location::Span(place), endpoint.subject(), message)
        .severity(severity)
        .confidence(confidence)
        .help("put `AllowedHostsOriginValidator(…)` around it");
    out.report(finding).related(endpoint.view.place, "this looks at who asks").done();
}

/// A group that whoever connects may name.
fn group(
    cx: &Cx<'_>,
    endpoint: &Endpoint<'_>,
    route: &Route,
    connects: &Connects,
    place: Span,
    out: &mut Findings,
) {
    let who = match endpoint.weakest() {
        Some(Level::Public) => "anybody",
        Some(Level::Authenticated) => "every user",
        _ => return,
    };
    let parameters = route.parameters();
    if parameters.is_empty() || endpoint.has_secret_parameter() {
        return;
    }
    let owned = parameters.iter().find(|parameter| names_owned(cx, &parameter.name));
    // Rooms that anybody may enter by their name are what most chats are for.
    let (what, confidence) = match owned {
        Some(parameter) => (&parameter.name, Confidence::Medium),
        None => match parameters.first() {
            Some(first) => (&first.name, Confidence::Low),
            None => return,
        },
    };
    let message = format!(
        "{who} who connects to {} gets the messages of any group, by the `{what}` in the address",
        endpoint.words()
    );
    let help = if connects.asks {
        "look in `connect()` whether it belongs to `self.scope[\"user\"]`"
    } else {
        "look at `self.scope[\"user\"]` in `connect()`, and at whether it belongs to them"
    };
    out.found(&RULE, place, endpoint.subject(), message)
        .severity(Severity::Medium)
        .confidence(confidence)
        .help(help)
        .done();
}

/// Whether a parameter of an address names a user or a row that belongs to somebody: `order_id`.
fn names_owned(cx: &Cx<'_>, parameter: &str) -> bool {
    let stem = ["_id", "_pk"].iter().find_map(|end| parameter.strip_suffix(end));
    let Some(stem) = stem else { return matches!(parameter, "user" | "username") };
    let is = |name: &str| name.eq_ignore_ascii_case(&stem.replace('_', ""));
    stem == "user"
        || cx.models().all.iter().any(|model| {
            is(&model.name) && model.owner().is_some_and(|owner| owner.strength != Strength::Trace)
        })
}
