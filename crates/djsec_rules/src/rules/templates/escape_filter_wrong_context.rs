use std::collections::BTreeMap;

use djsec_base::{Confidence, Finding, Severity, Span};
use djsec_templates::html::{Client, JsPlace, Place, Role, ScriptKind};
use djsec_templates::page::{Access, Insertion};

use super::raw::{defence, filters, is_number, unknown, words};
use crate::{Check, Cx, Findings, declare_rule};

/// What a filter is used for that it is not made for: what comes of it, and what to do.
type Fault = (Severity, &'static str, &'static str);

declare_rule! {
    /// ## What it does
    /// Finds filters that escape a value for another place than the one in which it stands: `escapejs` where no quotes of a
    /// script are around it, `force_escape` in a script, and `striptags` or `addslashes` followed by `|safe`.
    ///
    /// ## Why it matters
    /// The line looks as if somebody had taken care. `escapejs` leaves `alert(1)` as it is: between quotes that is text,
    /// outside of them, and in `${…}` between backticks, it is code. In a `javascript:` address browsers take percent signs
    /// out before they read it, and `%27` ends the string. Event handlers undo what `force_escape` did. `striptags` leaves
    /// quotes alone, and Django's manual warns never to call its output safe; backslashes mean nothing to HTML.
    ///
    /// ## Flagged
    /// ```html templates/show.html
    /// <body>
    /// <script>
    ///   const limit = {{ q|escapejs }}; {# finding #}
    ///   const text = `{{ q|escapejs }}`; {# finding #}
    ///   const title = "{{ q|force_escape }}"; {# finding #}
    /// </script>
    /// <a href="javascript:show('{{ q|escapejs }}')">Show</a> {# finding #}
    /// <meta name="description" content="{{ q|striptags|safe }}"> {# finding #}
    /// <h1>{{ q|escapejs }}</h1> {# finding #}
    /// ```
    ///
    /// ## Not flagged
    /// ```html templates/show.html
    /// <script>
    ///   const text = "{{ q|escapejs }}";
    ///   const same = '{{ q|escapejs|safe }}';
    ///   const number = {{ forloop.counter|escapejs }};
    /// </script>
    /// <script type="application/ld+json">{"name": "{{ q|escapejs }}"}</script>
    /// <button onclick="show('{{ q|escapejs }}')">Show</button>
    /// <p data-options='{"title": "{{ q|escapejs }}"}'>{{ q|striptags }} {{ q|force_escape }}</p>
    /// ```
    ///
    /// ## How to fix
    /// Text of HTML needs no filter: Django escapes it. Strings of a script take `"{{ value|escapejs }}"`, with the quotes;
    /// everything else is handed over with `json_script`. Instead of `|striptags|safe` write `|striptags` alone.
    ///
    /// ## Limits
    /// Where data of a request, or of the database, is followed to the place, the rule on that place reports it
    /// (`template-script-context`, `template-event-handler-context`, `template-safe-tainted`). `escapejs` in text of HTML is
    /// no hole: visitors just see `\u0027` for an apostrophe.
    ///
    /// ## References
    /// - [Django: escapejs](https://docs.djangoproject.com/en/stable/ref/templates/builtins/#escapejs)
    /// - [Django: striptags](https://docs.djangoproject.com/en/stable/ref/templates/builtins/#striptags)
    RULE {
        id: "escape-filter-wrong-context",
        group: "templates",
        summary: "a value is escaped for another place than the one in which it stands",
        severity: Medium,
        cwe: [838, 79],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.1"],
        checklist: ["output-escaped"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    marked(cx, out);
    let mut found: BTreeMap<Span, Vec<(&Insertion, Option<Fault>)>> = BTreeMap::new();
    // A part of a page may stand in a script of the page that it is a part of.
    for (_, page) in cx.templates().whole().filter(|(_, page)| page.markup) {
        for insertion in &page.insertions {
            // In a part of a page, what looks like text may be a string of a script that makes tags.
            let fault =
                fault(insertion).filter(|(severity, ..)| page.whole || *severity > Severity::Info);
            found.entry(insertion.span).or_default().push((insertion, fault));
        }
    }
    found.retain(|_, all| all.iter().all(|(_, fault)| fault.is_some()));
    for (span, all) in found {
        let Some((insertion, Some(fault))) = all.first() else { continue };
        let flows = cx.flows();
        if !flows.is_told(span) && !flows.end_at(span) {
            report(span, &words(&[*insertion]), fault, out);
        }
    }
}

/// What is called safe because of a filter that does not make it so.
fn marked(cx: &Cx<'_>, out: &mut Findings) {
    let wanted = |insertion: &Insertion| insertion.off.is_none() && defence(insertion).is_some();
    for (span, insertions) in unknown(cx, wanted) {
        let Some(name) = insertions.iter().find_map(|insertion| defence(insertion)) else {
            continue;
        };
        let (says, help) = if name == "addslashes" {
            (
                "has backslashes before its quotes, which mean nothing to HTML",
                "leave both filters out: Django escapes it",
            )
        } else {
            (
                "is called safe after `striptags`, which leaves quotes and broken tags in it",
                "leave `|safe` out",
            )
        };
        let fault = (Severity::Medium, says, help);
        report(span, &words(&insertions), &fault, out);
    }
}

fn report(span: Span, words: &str, (severity, says, help): &Fault, out: &mut Findings) {
    let finding =
        Finding::new(&RULE.meta, span.into(), words.to_owned(), format!("`{words}` {says}"))
            .severity(*severity)
            .confidence(Confidence::Medium);
    out.report(finding).help(*help).done();
}

fn fault(insertion: &Insertion) -> Option<Fault> {
    insertion.accesses.iter().find_map(|access| {
        if is_number(access) {
            return None;
        }
        // Of several filters that escape, the last one is for the place.
        let escapes = |name: &&str| matches!(*name, "escapejs" | "force_escape");
        match filters(access).rfind(escapes)? {
            "escapejs" => of_escapejs(&insertion.place, access),
            _ => of_force_escape(&insertion.place),
        }
    })
}

fn of_escapejs(place: &Place, access: &Access) -> Option<Fault> {
    const CODE: &str = "stands in a script without quotes, where `escapejs` leaves code as it is";
    const HELP: &str = "write quotes around it, or hand it over with `json_script`";
    let of_code = |js: JsPlace| match js {
        JsPlace::Bare | JsPlace::TemplateExpression => Some((Severity::Medium, CODE, HELP)),
        JsPlace::TemplateLiteral => {
            let says = "stands between backticks, where `escapejs` leaves `${…}` as it is";
            Some((Severity::Medium, says, "write quotes instead of the backticks"))
        }
        JsPlace::RegExp => {
            let says = "stands in a regular expression, which a `/` in it ends";
            Some((
                Severity::Medium,
                says,
                "hand it over with `json_script`, and escape it in the script",
            ))
        }
        _ => None,
    };
    match place {
        Place::Script(ScriptKind::JavaScript | ScriptKind::Module, js) => of_code(*js),
        Place::Text | Place::RcData(_) => shown(access),
        Place::Attribute(attribute) if !attribute.is_dropped() => match attribute.role {
            Role::Handler(js) | Role::Client(Client::Code(js)) => of_code(js),
            Role::JavascriptUrl(_) => {
                let says =
                    "stands in a `javascript:` address, where `%27` ends the string all the same";
                Some((
                    Severity::Medium,
                    says,
                    "put it into a `data-` attribute, and read it from there",
                ))
            }
            Role::Other => {
                const SHOWN: [&str; 5] = ["alt", "aria-label", "placeholder", "title", "content"];
                let name = attribute.name.whole().unwrap_or_default();
                SHOWN.contains(&name).then(|| shown(access)).flatten()
            }
            _ => None,
        },
        _ => None,
    }
}

/// Where people read it.
fn shown(access: &Access) -> Option<Fault> {
    // After others it may be what a widget of the project expects.
    let only = filters(access).next_back() == Some("escapejs");
    let says = "is escaped for scripts where people read it: they see `\\u0027` for an apostrophe";
    only.then_some((Severity::Info, says, "leave `escapejs` out: Django escapes text of HTML"))
}

fn of_force_escape(place: &Place) -> Option<Fault> {
    let help = "write `escapejs` instead";
    match place {
        Place::Script(
            ScriptKind::JavaScript | ScriptKind::Module,
            JsPlace::SingleString
            | JsPlace::DoubleString
            | JsPlace::Bare
            | JsPlace::TemplateLiteral,
        ) => {
            let says = "is escaped for HTML in a script, which reads `&lt;` as it stands and keeps backslashes";
            Some((Severity::Low, says, help))
        }
        Place::Attribute(attribute) if !attribute.is_dropped() => match attribute.role {
            Role::Handler(JsPlace::SingleString | JsPlace::DoubleString | JsPlace::Bare) => {
                let says =
                    "is escaped for HTML in an event handler, which the browser undoes first";
                Some((Severity::Medium, says, help))
            }
            _ => None,
        },
        _ => None,
    }
}
