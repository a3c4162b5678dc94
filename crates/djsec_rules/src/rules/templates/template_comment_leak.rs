use std::collections::{BTreeMap, BTreeSet};

use djsec_base::{Confidence, Finding, Severity, Span, TextRange};
use djsec_templates::page::Access;

use crate::network::{Reach, host_of, reach};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds comments of HTML that tell visitors what is none of their business: passwords and keys, addresses of internal
    /// hosts, and values that the template still writes into a part of the page that was commented out.
    ///
    /// ## Why it matters
    /// `<!-- … -->` hides text from the page, not from whoever looks at its source. Django does not know such comments: tags
    /// and values in them are rendered, queries are made, and what comes out is sent to everybody.
    ///
    /// ## Flagged
    /// ```html templates/base.html
    /// <!-- admin login for tests: password=tr0ub4dor --> {# finding #}
    /// <!-- moved to http://wiki.corp.internal/login --> {# finding #}
    /// <!-- <p>{{ user.email }}</p> --> {# finding #}
    /// ```
    ///
    /// ## Not flagged
    /// ```html templates/base.html
    /// {# password=tr0ub4dor #}
    /// {% comment %}<p>{{ user.email }}</p>{% endcomment %}
    /// <!-- Password: at least 12 characters -->
    /// <!-- <input type="password" name="password" placeholder="Password: secret"> -->
    /// <!-- http://localhost:8000/ https://docs.example.net/ {% url 'home' %} {% now "Y" %} -->
    /// <!--[if lt IE 9]><script src="{{ polyfill }}"></script><![endif]-->
    /// ```
    ///
    /// ## How to fix
    /// Write `{# … #}`, or `{% comment %}` around several lines: what stands in them never leaves the server. Change a
    /// password that was sent to visitors.
    ///
    /// ## Limits
    /// Values without a telling name (`email`, `token`, `debug`) are reported with low confidence. What a template writes that
    /// is included in a comment is not looked at.
    ///
    /// ## References
    /// - [Django: comments in templates](https://docs.djangoproject.com/en/stable/ref/templates/language/#comments)
    /// - [OWASP: review webpage content for information leakage](https://owasp.org/www-project-web-security-testing-guide/stable/4-Web_Application_Security_Testing/01-Information_Gathering/05-Review_Web_Page_Content_for_Information_Leakage)
    RULE {
        id: "template-comment-leak",
        group: "templates",
        summary: "a comment of a page tells visitors what they should not know",
        severity: Low,
        cwe: [615],
        owasp: ["2025:A02"],
        asvs: ["5.0:14.2.6"],
        checklist: ["secrets-out-of-source"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    let mut texts: BTreeSet<Span> = BTreeSet::new();
    let mut values: BTreeMap<Span, &[Access]> = BTreeMap::new();
    for (_, page) in cx.templates().pages() {
        texts.extend(&page.comments);
        values.extend(page.commented.iter().map(|(span, accesses)| (*span, accesses.as_slice())));
    }
    for span in texts {
        told(cx, span, out);
    }
    let mut seen: BTreeSet<Span> = BTreeSet::new();
    for (span, accesses) in values {
        // One finding a comment; what is included in one stands in a file of its own.
        let Some(start) = comment_around(cx, span).filter(|start| seen.insert(*start)) else {
            continue;
        };
        let Some(words) = accesses.first().map(Access::words) else { continue };
        let sensitive = accesses.iter().any(is_sensitive);
        if !sensitive && !is_commented_out(cx, start) {
            continue;
        }
        let confidence = if sensitive { Confidence::Medium } else { Confidence::Low };
        let message = format!("`{words}` is still written out in what looks commented out");
        let finding = Finding::new(&RULE.meta, span.into(), words, message)
            .confidence(confidence)
            .related(start.into(), "Django does not know this comment");
        out.report(finding).help("use `{% comment %}`, or `{# … #}`").done();
    }
}

/// What the text of a comment gives away.
fn told(cx: &Cx<'_>, span: Span, out: &mut Findings) {
    let text = cx.source(span);
    if let Some((at, name)) = credential(text) {
        let message = format!("a comment that every visitor gets holds a {name}");
        let finding = Finding::new(&RULE.meta, span.part(at, name.len()).into(), name, message)
            .severity(Severity::Medium)
            .confidence(Confidence::Medium);
        out.report(finding).help("take it out, and change it").done();
    }
    let address = text.match_indices("://").find_map(|(at, _)| {
        let host = host_of(text.get(at..)?.split(|c: char| !is_of_address(c)).next()?);
        (host.contains('.') && reach(host) == Reach::Private).then_some((at + 3, host))
    });
    if let Some((at, host)) = address {
        let message = format!("a comment that every visitor gets names the internal host {host}");
        let place = span.part(at, host.len());
        let finding = Finding::new(&RULE.meta, place.into(), host.to_owned(), message)
            .confidence(Confidence::Medium);
        out.report(finding).help("write `{# … #}`, which stays on the server").done();
    }
}

fn is_of_address(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '/' | '_' | '@' | '[' | ']')
}

/// A password or key in a text: where its name stands, and the name.
fn credential(text: &str) -> Option<(usize, &'static str)> {
    const NAMES: [&str; 8] =
        ["password", "passwd", "api_key", "apikey", "api-key", "secret", "access_token", "token"];
    let lower = text.to_ascii_lowercase();
    NAMES.iter().find_map(|name| {
        lower.match_indices(name).find_map(|(at, _)| {
            let rest = text.get(at + name.len()..)?.trim_start();
            let value =
                rest.strip_prefix([':', '='])?.trim_start().trim_start_matches(['"', '\'', '`']);
            let end = value.find(|c: char| c.is_whitespace() || "\"'`<>,;".contains(c));
            let value = value.get(..end.unwrap_or(value.len()))?;
            let is_word = name.starts_with("pass");
            looks_secret(value, if is_word { 6 } else { 16 }).then_some((at, *name))
        })
    })
}

/// Whether a value is no word of a sentence, and no placeholder.
fn looks_secret(value: &str, least: usize) -> bool {
    let has = |is: fn(&char) -> bool| value.chars().any(|c| is(&c));
    let plain = !value.contains(['{', '}', '$', '%', '(', ')', '/', '=', '[', ']']);
    let placeholder = ["xxx", "***", "...", "your", "example"];
    let lower = value.to_ascii_lowercase();
    value.len() >= least
        && plain
        && has(char::is_ascii_digit)
        && has(char::is_ascii_alphabetic)
        && !placeholder.iter().any(|part| lower.contains(part))
}

/// The comment in whose text something stands, in the same file: its `<!--`.
fn comment_around(cx: &Cx<'_>, span: Span) -> Option<Span> {
    let before = cx.files.text(span.file).get(..usize::from(span.range.start()))?;
    let start = before.rfind("<!--")?;
    let inside = before.get(start..)?;
    let said = inside.get(4..)?.trim_start();
    // Old browsers read what stands in conditional comments, and Knockout its bindings: `<!-- ko if: open -->`.
    let is_read = said.starts_with("[if") || said.starts_with("ko ");
    if inside.contains("-->") || is_read {
        return None;
    }
    Some(Span::new(span.file, TextRange::default()).part(start, 4))
}

/// Whether what stands in a comment was a part of the page once: it has tags, or is nothing but template code.
/// `<!-- begin {{ panel }} -->` was written to be read.
fn is_commented_out(cx: &Cx<'_>, start: Span) -> bool {
    let rest = cx.files.text(start.file).get(usize::from(start.range.end())..).unwrap_or_default();
    let text = rest.split("-->").next().unwrap_or(rest);
    let is_tag = |(at, _): (usize, &str)| {
        let next = text.as_bytes().get(at + 1);
        next.is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'/')
    };
    text.match_indices('<').any(is_tag) || !says_something(text)
}

/// Whether there are words outside of what Django reads.
fn says_something(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = ["{{", "{%"].iter().filter_map(|open| rest.find(open)).min() {
        let (before, code) = rest.split_at_checked(at).unwrap_or((rest, ""));
        if before.contains(char::is_alphabetic) {
            return true;
        }
        let end = ["}}", "%}"].iter().filter_map(|close| code.find(close)).min();
        rest = end.and_then(|end| code.get(end + 2..)).unwrap_or_default();
    }
    rest.contains(char::is_alphabetic)
}

/// Whether a value's name says that it is somebody's, or the server's.
fn is_sensitive(access: &Access) -> bool {
    const WORDS: [&str; 14] = [
        "address",
        "api_key",
        "debug",
        "email",
        "environ",
        "ip",
        "META",
        "password",
        "phone",
        "secret",
        "session",
        "settings",
        "token",
        "traceback",
    ];
    let words = access.words();
    words.split(['.', '_']).any(|word| WORDS.contains(&word))
}
