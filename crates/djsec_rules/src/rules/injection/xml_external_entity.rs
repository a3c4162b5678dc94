use djsec_flow::{Flow, Kind};

use super::report::report;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds XML of a request that is parsed with its entities followed: by lxml before version 5, unless the
    /// parser is made with `resolve_entities=False`, and by any parser that is told to: `resolve_entities=True`,
    /// `setFeature(feature_external_ges, True)`.
    ///
    /// ## Why it matters
    /// A document type names files and addresses. The parser reads them into the document: `/etc/passwd`,
    /// the settings, or pages of hosts that only the server reaches.
    ///
    /// ## Flagged
    /// ```python views.py
    /// from django.http import JsonResponse
    /// from lxml import etree
    ///
    ///
    /// def load(request):
    ///     root = etree.fromstring(request.body)  # finding
    ///     return JsonResponse({"name": root.findtext("name")})
    /// ```
    /// ```text requirements.txt
    /// Django==5.2
    /// lxml==4.9.4
    /// ```
    ///
    /// ## Not flagged
    /// A parser that follows no entities, defusedxml, and the parser of the standard library:
    /// ```python views.py
    /// from xml.etree import ElementTree
    ///
    /// import defusedxml.ElementTree
    /// from django.http import JsonResponse
    /// from lxml import etree
    ///
    ///
    /// def load(request):
    ///     parser = etree.XMLParser(resolve_entities=False, no_network=True)
    ///     one = etree.fromstring(request.body, parser)
    ///     two = defusedxml.ElementTree.fromstring(request.body)
    ///     three = ElementTree.fromstring(request.body)
    ///     return JsonResponse({"names": [one.findtext("a"), two.findtext("a"), three.findtext("a")]})
    /// ```
    ///
    /// ## How to fix
    /// Make the parser with `resolve_entities=False`, use defusedxml, or update lxml to version 5 or
    /// later.
    ///
    /// ## Limits
    /// Where the project uses lxml 5 or later, whose parsers read no files and addresses unless told to, or its
    /// version is not known, only parsers are reported that are told to. The parsers of the standard library
    /// follow no external entities of themselves since Python 3.7, and their expat stops entities that grow without
    /// bounds. A parser that was made elsewhere lowers the confidence.
    ///
    /// ## References
    /// - [lxml: resolve_entities](https://lxml.de/parsing.html#parser-options)
    /// - [OWASP: XML external entities](https://cheatsheetseries.owasp.org/cheatsheets/XML_External_Entity_Prevention_Cheat_Sheet.html)
    RULE {
        id: "xml-external-entity",
        group: "injection",
        summary: "XML of a request is parsed with its entities followed",
        severity: Medium,
        cwe: [611, 776],
        owasp: ["2025:A02"],
        asvs: ["5.0:1.5.1"],
        checklist: ["no-xxe"],
        since: "next",
        checks: [Check::Flow(&[Kind::Xml], check)],
    }
}

/// The first version of lxml whose parsers read no files and addresses by themselves.
const SAFE: u64 = 5;
/// How the models call what a parser makes of XML that was told to follow everything.
const TOLD: &str = "XML whose entities are followed, those of files among them";

fn check(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    let version = cx.project.inventory.version_of("lxml");
    let major = version.and_then(|it| it.version.release().first().copied());
    // Where a parser is told to follow all entities, it does.
    let told = &*flow.words == TOLD;
    if !told && major.is_none_or(|major| major >= SAFE) {
        return;
    }
    report(&RULE, flow, "is parsed as", out)
        .help("make the parser with `resolve_entities=False`, or use defusedxml")
        .done();
}
