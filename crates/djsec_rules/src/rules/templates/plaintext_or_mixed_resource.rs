use djsec_base::Finding;
use djsec_templates::page::Element;

use crate::network::host_of;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds scripts, style sheets, frames and forms with an address that begins with `http://`.
    ///
    /// ## Why it matters
    /// On a site with HTTPS, browsers refuse such scripts, styles and frames. A form that is sent to `http://` can be read
    /// and changed by anybody on the way.
    ///
    /// ## Flagged
    /// ```html templates/base.html
    /// <script src="http://www.example.net/widget.js"></script> {# finding #}
    /// <form method="post" action="http://news.example.net/subscribe"></form> {# finding #}
    /// ```
    ///
    /// ## Not flagged
    /// Links that are followed are none of these, nor is what runs on the developer's own machine:
    /// ```html templates/base.html
    /// <script src="https://www.example.net/widget.js"></script>
    /// <script src="http://localhost:3000/dev.js"></script>
    /// <a href="http://www.example.net/">Example</a>
    /// <svg xmlns="http://www.w3.org/2000/svg"></svg>
    /// ```
    ///
    /// ## How to fix
    /// Write `https://`.
    ///
    /// ## References
    /// - [MDN: mixed content](https://developer.mozilla.org/en-US/docs/Web/Security/Mixed_content)
    RULE {
        id: "plaintext-or-mixed-resource",
        group: "templates",
        summary: "a page loads or sends something without encryption",
        severity: Low,
        cwe: [319],
        owasp: ["2025:A04"],
        asvs: ["5.0:12.2.1"],
        checklist: ["https-enforced"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let templates = cx.templates();
    let forms = templates.forms().map(|(_, form)| &form.tag);
    for element in templates.elements().chain(forms) {
        let Some(address) = unencrypted(element) else { continue };
        let does = if &*element.name == "form" { "is sent to" } else { "is loaded from" };
        let what = match &*element.name {
            "link" => "a style sheet",
            "script" => "a script",
            "form" => "a form",
            _ => "a frame",
        };
        let message = format!("{what} {does} an address without encryption: {address}");
        let finding = Finding::new(&RULE.meta, element.span.into(), address, message);
        out.report(finding).help("write `https://`").done();
    }
}

fn unencrypted(element: &Element) -> Option<String> {
    let name = match &*element.name {
        "script" | "iframe" | "frame" | "embed" => "src",
        "link" if element.text("rel").is_some_and(|rel| rel.contains("stylesheet")) => "href",
        "form" => "action",
        "object" => "data",
        _ => return None,
    };
    let address = element.attribute(name)?.prefix().trim().to_owned();
    let lower = address.to_ascii_lowercase();
    if !lower.starts_with("http://") {
        return None;
    }
    let host = host_of(&lower);
    let is_local = matches!(host, "" | "localhost" | "127.0.0.1" | "[")
        || host.strip_suffix(".local").is_some();
    (!is_local).then_some(address)
}
