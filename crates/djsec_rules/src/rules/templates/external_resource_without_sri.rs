use djsec_base::{Finding, Severity};
use djsec_templates::page::Element;

use crate::network::{host_of, is_within};
use crate::{Check, Cx, Findings, declare_rule};

/// Hosts that serve files under addresses with a version, so that a checksum stays true.
const FIXED: [&str; 16] = [
    "cdnjs.cloudflare.com",
    "cdn.jsdelivr.net",
    "unpkg.com",
    "esm.sh",
    "code.jquery.com",
    "ajax.googleapis.com",
    "ajax.aspnetcdn.com",
    "maxcdn.bootstrapcdn.com",
    "stackpath.bootstrapcdn.com",
    "netdna.bootstrapcdn.com",
    "cdn.datatables.net",
    "cdn.plot.ly",
    "d3js.org",
    "cdn.tailwindcss.com",
    "cdn.bokeh.org",
    "use.fontawesome.com",
];
/// Hosts whose scripts turned harmful in 2024, when they were sold.
const TAKEN_OVER: [&str; 5] =
    ["polyfill.io", "bootcdn.net", "bootcss.com", "staticfile.net", "staticfile.org"];

declare_rule! {
    /// ## What it does
    /// Finds scripts and style sheets that pages load from hosts which serve fixed files (cdnjs, jsDelivr, unpkg and
    /// others) without the `integrity` attribute, and those of hosts that are known to have been taken over.
    ///
    /// ## Why it matters
    /// Who controls the other host, or gets into it, runs scripts on this site's pages. With a checksum the browser loads
    /// what you tested, or nothing.
    ///
    /// ## Flagged
    /// ```html templates/base.html
    /// <script src="https://cdn.jsdelivr.net/npm/vue@3.4.0/dist/vue.js"></script> {# finding #}
    /// <link rel="stylesheet" href="https://cdnjs.cloudflare.com/ajax/libs/x/1.0/x.css"> {# finding #}
    /// <script src="https://cdn.polyfill.io/v3/polyfill.min.js"></script> {# finding #}
    /// ```
    ///
    /// ## Not flagged
    /// ```html templates/base.html
    /// {% load static %}
    /// <script src="https://cdn.jsdelivr.net/npm/vue@3.4.0/dist/vue.js" integrity="sha384-x" crossorigin="anonymous"></script>
    /// <script src="{% static 'app.js' %}"></script>
    /// <script src="/app.js"></script>
    /// <script src="https://js.stripe.com/v3/"></script>
    /// <link rel="preconnect" href="https://cdn.jsdelivr.net">
    /// ```
    ///
    /// ## How to fix
    /// Ship the file with the project, or add `integrity="sha384-…"` and `crossorigin="anonymous"`.
    ///
    /// ## Limits
    /// Services whose scripts change (payments, maps, captchas, analytics) cannot have a checksum and are not reported;
    /// nor are hosts of which djsec does not know that they serve fixed files.
    ///
    /// ## References
    /// - [MDN: Subresource Integrity](https://developer.mozilla.org/en-US/docs/Web/Security/Subresource_Integrity)
    RULE {
        id: "external-resource-without-sri",
        group: "templates",
        summary: "a script or style of another host is loaded without a checksum",
        severity: Low,
        cwe: [353],
        owasp: ["2025:A08"],
        asvs: ["5.0:3.6.1"],
        checklist: ["frontend-dependencies"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    for element in cx.templates().elements() {
        let Some(address) = loaded(element) else { continue };
        let host = host_of(&address);
        let taken = TAKEN_OVER.iter().any(|known| is_within(host, known));
        let unchecked = element.attribute("integrity").is_none() && !element.open;
        let lacks = unchecked && FIXED.contains(&host);
        if !taken && !lacks {
            continue;
        }
        let message = if taken {
            format!("the page runs what {host} sends, which spread malware in 2024")
        } else {
            format!("the page loads a file from {host} without a checksum")
        };
        let finding = Finding::new(&RULE.meta, element.span.into(), address.clone(), message);
        let (severity, help) = if taken {
            (Severity::High, "remove it, or ship the file with the project")
        } else {
            let help = "ship the file with the project, or add `integrity` and `crossorigin`";
            (RULE.meta.severity, help)
        };
        out.report(finding.severity(severity)).help(help).done();
    }
}

/// The address of another host from which an element loads a script or a style sheet.
fn loaded(element: &Element) -> Option<String> {
    let name = match &*element.name {
        "script" => "src",
        "link" if is_style(element) => "href",
        _ => return None,
    };
    Some(element.attribute(name)?.elsewhere()?.trim_end().to_ascii_lowercase())
}

fn is_style(element: &Element) -> bool {
    let rel = element.text("rel").unwrap_or_default().to_ascii_lowercase();
    rel.split_ascii_whitespace().any(|word| matches!(word, "stylesheet" | "modulepreload"))
}
