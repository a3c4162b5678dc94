use djsec_base::{Confidence, Severity};
use djsec_django::settings::SettingRef;
use djsec_flow::{Flow, Grade, Kind};

use super::allowed_html::{Allowed, allowed};
use crate::flows::{source, weighed};
use crate::html::Html;
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds Markdown or reStructuredText of people that becomes HTML which nothing cleans, cleaners
    /// (bleach, nh3) that let scripts through, and settings of django-markdownify and django-bleach by
    /// which they do.
    ///
    /// ## Why it matters
    /// Markdown may hold any HTML: libraries leave `<script>` and `<img onerror=…>` as they are, and links
    /// may begin with `javascript:`. Whoever reads the text runs what is in it, with their session.
    ///
    /// ## Flagged
    /// ```python models.py
    /// import markdown
    /// from django.db import models
    /// from django.utils.safestring import mark_safe
    ///
    ///
    /// class Comment(models.Model):
    ///     text = models.TextField()
    ///
    ///     def html(self):
    ///         return mark_safe(markdown.markdown(self.text))  # finding
    /// ```
    /// ```python text.py
    /// import bleach
    ///
    ///
    /// def cleaned(text):
    ///     return bleach.clean(text, tags=["p", "script"])  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python models.py
    /// import markdown
    /// import nh3
    /// from django.db import models
    /// from django.utils.safestring import mark_safe
    ///
    ///
    /// class Comment(models.Model):
    ///     text = models.TextField()
    ///
    ///     def html(self):
    ///         return mark_safe(nh3.clean(markdown.markdown(self.text)))
    /// ```
    /// ```python text.py
    /// import bleach
    ///
    ///
    /// def cleaned(text):
    ///     return bleach.clean(text, tags=["p", "a"], attributes={"a": ["href", "title"]})
    /// ```
    ///
    /// ## How to fix
    /// Clean the HTML after it was made: `nh3.clean(markdown.markdown(text))`. Allow tags and attributes
    /// that hold no script: neither `script` nor `style`, no `on…`, no `javascript:`.
    ///
    /// ## Limits
    /// What templates print by `|safe` is not looked at, nor are fields of editors (`CKEditor`, `TinyMCE`)
    /// that only templates print. Texts that only staff may write are not told from others. What a request
    /// brings is left to `mark-safe-tainted`.
    ///
    /// ## References
    /// - [nh3](https://nh3.readthedocs.io/)
    RULE {
        id: "rich-text-unsanitised",
        group: "injection",
        summary: "the HTML of formatted text is not cleaned",
        severity: High,
        cwe: [79],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.3.1"],
        checklist: ["output-escaped"],
        since: "next",
        checks: [
            Check::Flow(&[Kind::Html], marked),
            Check::Project(cleaners),
            Check::Setting(&["MARKDOWNIFY"], markdownify),
            Check::Setting(&["BLEACH_ALLOWED_TAGS"], bleach),
        ],
    }
}

fn marked(cx: &Cx<'_>, flow: &Flow, out: &mut Findings) {
    if cx.html_of(flow) != Some(&Html::Markup) {
        return;
    }
    let of_row = flow.source.grade == Grade::Stored;
    let confidence = match flow.doubt {
        0 => Confidence::Medium,
        _ => Confidence::Low,
    };
    let severity = if of_row { Severity::High } else { Severity::Medium };
    let message = format!("{} is formatted and shown as HTML that nothing cleans", source(flow));
    weighed(&RULE, flow, (severity, confidence), message, out)
        .help("clean the HTML after it was made: `nh3.clean(…)`")
        .done();
}

fn cleaners(cx: &Cx<'_>, out: &mut Findings) {
    for Allowed { place, subject, words } in allowed(cx) {
        let message = format!("the cleaner lets {words} through");
        out.found(&RULE, place, subject, message)
            .help("allow only tags and attributes that hold no script")
            .done();
    }
}

/// django-markdownify cleans what it makes, unless it is told not to.
fn markdownify(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let used = cx.uses_app("markdownify");
    let clean = setting.entry("default").entry("BLEACH");
    let off = clean.falsy() & !clean.is_absent();
    out.judge(cx, &RULE, &clean, off.surely() & used, "nothing cleans the HTML of Markdown")
        .help("remove the option")
        .done();
    let tags = setting.entry("default").entry("WHITELIST_TAGS");
    let script = tags.contains("script").surely() & used;
    out.judge(cx, &RULE, &tags, script, "the cleaner lets `<script>` through")
        .help("allow only tags that hold no script")
        .done();
}

/// The tags that the filters and fields of django-bleach leave.
fn bleach(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let script = setting.contains("script").surely() & cx.uses_app("django_bleach");
    out.judge(cx, &RULE, setting, script, "the cleaner lets `<script>` through")
        .help("allow only tags that hold no script")
        .done();
}
