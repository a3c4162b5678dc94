use std::collections::BTreeMap;

use djsec_base::{Confidence, Finding, Severity, Span};
use djsec_templates::page::{Access, Attribute, Element, Part};

use crate::network::host_of;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds links that open another site in a new window and let it keep a handle on the page they stand on: with
    /// `rel="opener"`, or, where the address is a value, in a window with a name of its own.
    ///
    /// ## Why it matters
    /// The other page can send the one it was opened from somewhere else (`opener.location = …`), behind the back of the
    /// visitor, who finds a copy of the login page there on coming back. For `target="_blank"` alone this is history: since
    /// 2021 all browsers take `noopener` as said, and the attribute is not asked for here.
    ///
    /// ## Flagged
    /// ```html templates/show.html
    /// <a href="https://partner.example.net/" target="_blank" rel="opener">Partner</a> {# finding #}
    /// <a href="{{ profile.website }}" target="profile">Website</a> {# finding #}
    /// <script>window.open("{{ profile.website|escapejs }}", "_blank");</script> {# finding #}
    /// ```
    /// ```python settings.py
    /// SECURE_CROSS_ORIGIN_OPENER_POLICY = None
    /// ```
    /// ```toml djsec.toml
    /// confidence = "low"
    /// ```
    ///
    /// ## Not flagged
    /// ```html templates/show.html
    /// <a href="https://partner.example.net/" target="_blank">Partner</a>
    /// <a href="{{ profile.website }}" target="_blank">Website</a>
    /// <a href="{{ profile.website }}" target="profile" rel="noreferrer">Website</a>
    /// <a href="{% url 'show' %}" target="_blank" rel="opener">Here</a>
    /// <a href="{{ profile.get_absolute_url }}" target="profile">Profile</a>
    /// <a href="https://docs.example.net/" target="docs">Manual</a>
    /// <script>window.open("{{ profile.website|escapejs }}", "_blank", "noopener");</script>
    /// ```
    /// ```python settings.py
    /// SECURE_CROSS_ORIGIN_OPENER_POLICY = None
    /// ```
    /// ```toml djsec.toml
    /// confidence = "low"
    /// ```
    ///
    /// ## How to fix
    /// Take `opener` out, or write `rel="noopener"` where the window has a name. Django's default for
    /// `SECURE_CROSS_ORIGIN_OPENER_POLICY` (`"same-origin"`) cuts the handle for every page of the site.
    ///
    /// ## Limits
    /// Nothing is reported where `SecurityMiddleware` sends that policy. Windows that scripts open (`window.open`) keep the
    /// handle as well; of these only addresses are looked at that a template puts in.
    ///
    /// ## References
    /// - [MDN: rel=noopener](https://developer.mozilla.org/en-US/docs/Web/HTML/Reference/Attributes/rel/noopener)
    /// - [OWASP: reverse tabnabbing](https://owasp.org/www-community/attacks/Reverse_Tabnabbing)
    RULE {
        id: "link-keeps-opener",
        group: "templates",
        summary: "a page of another site keeps a handle on the page that opened it",
        severity: Low,
        cwe: [1022],
        owasp: ["2025:A02"],
        asvs: ["5.0:3.4.8"],
        checklist: ["cross-origin-opener"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let opening: Vec<(&Element, bool)> = cx
        .templates()
        .elements()
        .filter(|element| matches!(&*element.name, "a" | "area"))
        .filter_map(|element| Some((element, keeps(element)?)))
        .collect();
    let pages = cx.templates().pages();
    let followed = pages.flat_map(|(_, page)| &page.followed).filter(|one| one.keeps_opener);
    let windows: BTreeMap<Span, String> =
        followed.filter_map(|one| Some((one.span, written(&one.accesses)?))).collect();
    if opening.is_empty() && windows.is_empty() || is_cut(cx) {
        return;
    }
    for (span, words) in windows {
        let finding = Finding::new(&RULE.meta, span.into(), words.clone(), message(&words))
            .severity(Severity::Info)
            .confidence(Confidence::Low);
        out.report(finding).help("open the window with `noopener`").done();
    }
    for (element, said) in opening {
        let Some(to) = elsewhere(cx, element) else { continue };
        // Where nobody asked for it, only addresses that others may write are worth a word.
        let fixed = matches!(to, To::Host(_));
        if fixed && !said {
            continue;
        }
        let (severity, confidence) = if said {
            (Severity::Low, Confidence::Medium)
        } else {
            (Severity::Info, Confidence::Low)
        };
        let (To::Host(words) | To::Value(words)) = to;
        let message = message(&words);
        let finding = Finding::new(&RULE.meta, element.span.into(), words, message)
            .severity(severity)
            .confidence(confidence);
        let help = if said { "take `opener` out" } else { "write `rel=\"noopener\"`" };
        out.report(finding).help(help).done();
    }
}

fn message(words: &str) -> String {
    format!("the page that `{words}` leads to may send this one somewhere else")
}

/// Whether a link opens a window that keeps its opener, and if so, whether it says that.
fn keeps(element: &Element) -> Option<bool> {
    let target = element.text("target")?.trim().to_ascii_lowercase();
    let rel = element.attribute("rel").map_or(Some(String::new()), Attribute::text)?;
    let rel = rel.to_ascii_lowercase();
    let says = |word: &str| rel.split_ascii_whitespace().any(|one| one == word);
    if element.open || says("noopener") || says("noreferrer") {
        return None;
    }
    match target.as_str() {
        "" | "_self" | "_parent" | "_top" => None,
        "_blank" => says("opener").then_some(true),
        _ => Some(says("opener")),
    }
}

/// Whether the site's policy cuts the handle between its pages and those of others.
fn is_cut(cx: &Cx<'_>) -> bool {
    let policy = cx.setting("SECURE_CROSS_ORIGIN_OPENER_POLICY");
    let sent = cx.django_at_least(4, 0)
        && !(policy.equals("same-origin") & cx.project.security_middleware()).is_never();
    sent || cx.proxy_sends("Cross-Origin-Opener-Policy")
}

/// Where a link leads, if that is another site.
enum To {
    /// This host.
    Host(String),
    /// An address that is a value.
    Value(String),
}

fn elsewhere(cx: &Cx<'_>, element: &Element) -> Option<To> {
    let href = element.attribute("href")?;
    match href.value.as_deref()?.first()? {
        Part::Text(_) => {
            let address = href.elsewhere()?.trim_end().to_ascii_lowercase();
            let host = host_of(&address);
            (!host.is_empty() && !cx.is_own_host(host)).then(|| To::Host(host.to_owned()))
        }
        Part::Value(accesses) => written(accesses).map(To::Value),
        _ => None,
    }
}

/// A value that is an address which others may write, by its name.
fn written(accesses: &[Access]) -> Option<String> {
    const NAMES: [&str; 6] = ["external_url", "homepage", "link", "url", "web", "website"];
    let address = accesses.iter().find(|access| {
        let name = access.last_name();
        // `file.url` is an address of the site's own storage.
        let is_file = name == "url" && access.names().count() > 1;
        NAMES.contains(&name) && !is_file
    });
    address.map(Access::words)
}
