use djsec_flow::{Flow, Kind};

use super::report::report;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds data of a request that becomes part of an LDAP filter or name, of an XPath expression, or
    /// that is run as an XSLT stylesheet.
    ///
    /// ## Why it matters
    /// Brackets and quotes in the value change the question. `*)(uid=*` finds everybody, a filter for a
    /// password becomes true for any, and an expression reads other parts of the document. A stylesheet
    /// reads files and calls addresses.
    ///
    /// ## Flagged
    /// ```python views.py
    /// import ldap
    /// from django.http import JsonResponse
    ///
    ///
    /// def find(request):
    ///     server = ldap.initialize("ldaps://directory.example.com")
    ///     query = f"(uid={request.GET['uid']})"
    ///     return JsonResponse({"found": server.search_s("ou=people", ldap.SCOPE_SUBTREE, query)})  # finding
    /// ```
    ///
    /// ## Not flagged
    /// Escaped values, and variables of XPath:
    /// ```python views.py
    /// import ldap
    /// from django.http import JsonResponse
    /// from ldap.filter import escape_filter_chars
    /// from lxml import etree
    ///
    ///
    /// def find(request):
    ///     server = ldap.initialize("ldaps://directory.example.com")
    ///     query = "(uid=%s)" % escape_filter_chars(request.GET["uid"])
    ///     return JsonResponse({"found": server.search_s("ou=people", ldap.SCOPE_SUBTREE, query)})
    ///
    ///
    /// def price(request):
    ///     tree = etree.parse("/srv/prices.xml")
    ///     return JsonResponse({"price": tree.xpath("//item[@id=$id]/text()", id=request.GET["id"])})
    /// ```
    ///
    /// ## How to fix
    /// Escape what goes into a filter with `ldap.filter.escape_filter_chars` (or that of
    /// `ldap3.utils.conv`), and what goes into a name with `ldap.dn.escape_dn_chars`. In XPath write a
    /// variable (`$name`) and pass its value.
    ///
    /// ## Limits
    /// A method `xpath` of something whose class is not known is told from its name, so that such
    /// findings have medium confidence.
    ///
    /// ## References
    /// - [OWASP: LDAP injection prevention](https://cheatsheetseries.owasp.org/cheatsheets/LDAP_Injection_Prevention_Cheat_Sheet.html)
    /// - [lxml: XPath variables](https://lxml.de/xpathxslt.html)
    RULE {
        id: "ldap-or-xpath-injection",
        group: "injection",
        summary: "data of a request becomes part of an LDAP or XPath query",
        severity: High,
        cwe: [90, 91, 643],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.6", "5.0:1.2.7"],
        checklist: ["input-validated"],
        since: "next",
        checks: [Check::Flow(&[Kind::Ldap, Kind::Xpath], check)],
    }
}

fn check(_cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    let help = match flow.kind {
        Kind::Ldap => "escape it with `ldap.filter.escape_filter_chars`",
        _ => "write a variable (`$name`) and pass its value",
    };
    report(&RULE, flow, "becomes part of", out).help(help).done();
}
