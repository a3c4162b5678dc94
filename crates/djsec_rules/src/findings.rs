//! The sink that rules report to.

use djsec_base::{Confidence, Finding, Fix, Location, Severity, Span, Undecided};
use djsec_django::settings::{Cond, SettingRef, Verdict};
use djsec_python::value::Data;

use crate::{Cx, Rule};

/// Collects what rules find, and what they could not decide.
#[derive(Debug, Default)]
pub struct Findings {
    /// The findings.
    pub findings: Vec<Finding>,
    /// The questions without an answer.
    pub undecided: Vec<Undecided>,
}

/// A finding just reported, to add to; does nothing when there was none.
#[derive(Debug)]
pub struct Reported<'f>(Option<&'f mut Finding>);

impl Findings {
    /// Adds what was found elsewhere.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.findings.append(&mut other.findings);
        self.undecided.append(&mut other.undecided);
    }

    /// Reports a finding as it is.
    pub fn report(&mut self, finding: Finding) -> Reported<'_> {
        self.findings.push(finding);
        Reported(self.findings.last_mut())
    }

    /// Reports a defect of the code, with the rule's severity and high confidence. `subject` is the
    /// dotted path or name that the finding is about.
    pub fn found(
        &mut self,
        rule: &'static Rule,
        span: Span,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Reported<'_> {
        self.report(Finding::new(&rule.meta, Location::Span(span), subject, message))
    }

    /// Judges a condition on a setting over production's worlds and reports what follows:
    ///
    /// | it holds | report |
    /// | --- | --- |
    /// | in all reachable worlds | high confidence |
    /// | when a variable is unset | one step milder, says which |
    /// | depending on facts djsec does not see | medium confidence |
    /// | only for an explicit value | low confidence (off by default) |
    /// | perhaps | counted as undecided |
    ///
    /// Worlds with `DEBUG` on do not count, except for `DEBUG` itself.
    pub fn judge(
        &mut self,
        cx: &Cx<'_>,
        rule: &'static Rule,
        subject: &SettingRef<'_>,
        when: Cond<'_>,
        message: impl Into<String>,
    ) -> Reported<'_> {
        // Of `DEBUG` itself, the worlds with it on are the question.
        let verdict = match &*subject.path {
            "DEBUG" => cx.settings().verdict_with_debug(when),
            _ => cx.settings().verdict(when),
        };
        self.judged(cx, rule, subject, when, &verdict, message.into())
    }

    /// Judges a switch that is on but not `True` itself (`1`, `"True"`, `"False"`): it works, yet
    /// Django's deployment check raises `check`. A finding for information.
    pub fn judge_truthy_switch(
        &mut self,
        cx: &Cx<'_>,
        rule: &'static Rule,
        setting: &SettingRef<'_>,
        relevant: Cond<'_>,
        check: &'static str,
    ) {
        let relevant = relevant.surely();
        let odd = setting.is(|data| Some(!matches!(data, Data::Bool(_)))).surely();
        let value = setting.value().alts.iter().find_map(|alt| match &alt.data {
            Data::Str(text) => Some(format!("the text {text:?}")),
            Data::Int(number) => Some(format!("the number {number}")),
            _ => None,
        });
        let value = value.unwrap_or_else(|| "not a boolean".to_owned());
        let message = format!(
            "`{}` is {value}, which counts as on, but Django's {check} wants `True` itself",
            setting.path
        );
        self.judge(cx, rule, setting, odd & setting.truthy().surely() & relevant, message)
            .severity(Severity::Info)
            .django_check(check)
            .help(format!("write `{} = True`", setting.path))
            .fix(cx.set(setting, "Write the boolean", "True"))
            .done();
    }

    fn judged(
        &mut self,
        cx: &Cx<'_>,
        rule: &'static Rule,
        subject: &SettingRef<'_>,
        when: Cond<'_>,
        verdict: &Verdict,
        message: String,
    ) -> Reported<'_> {
        let span = subject.span_when(when);
        let location = span.map_or_else(|| cx.settings_file(), Location::Span);
        let severity = rule.meta.severity;
        let (severity, confidence, message) = match verdict {
            Verdict::Never => return Reported(None),
            Verdict::Undecided => {
                self.undecided.push(Undecided {
                    rule: rule.meta.id,
                    subject: subject.path.to_string(),
                    reason: reason(subject),
                    location,
                    project: None,
                });
                return Reported(None);
            }
            Verdict::Always => (severity, Confidence::High, message),
            Verdict::WhenUnset { words, .. } => {
                (severity.lower(), Confidence::High, format!("{message}, {words}"))
            }
            Verdict::Possible { words } => {
                (severity, Confidence::Medium, format!("{message}, if {words}"))
            }
            Verdict::OnlyWhen { words } => {
                (severity.lower(), Confidence::Low, format!("{message}, only when {words}"))
            }
        };
        let mut finding = Finding::new(&rule.meta, location, subject.path.to_string(), message)
            .severity(severity)
            .confidence(confidence);
        add_origin(&mut finding, subject.origin_when(when), span);
        add_undone(&mut finding, subject, when);
        self.report(finding)
    }
}

/// The expression the value comes from, where it stands elsewhere (in a helper function).
fn add_origin(finding: &mut Finding, origin: Option<Span>, primary: Option<Span>) {
    let (Some(origin), Some(primary)) = (origin, primary) else { return };
    let within = origin.file == primary.file && primary.range.contains_range(origin.range);
    if !within {
        let text = "the value comes from here".to_owned();
        finding.related.push(djsec_base::Note { location: Location::Span(origin), text });
    }
}

/// The earlier statement that had set it the other way: who fixes the finding has to know that
/// something undoes it, and who wrote that statement thinks that it counts.
fn add_undone(finding: &mut Finding, subject: &SettingRef<'_>, when: Cond<'_>) {
    let Some((span, data)) = subject.undone(when) else { return };
    let value = match data {
        Data::Bool(true) => "`True`",
        Data::Bool(false) => "`False`",
        Data::Int(0) => "0",
        Data::Str(text) if text.is_empty() => "empty",
        _ => "on",
    };
    let text = format!("it was {value} here, and is overridden later");
    finding.related.push(djsec_base::Note { location: Location::Span(span), text });
}

/// Why a value is not known, in words.
fn reason(subject: &SettingRef<'_>) -> String {
    for alt in &subject.value().alts {
        match &alt.data {
            Data::Sym(sym) => return sym.describe(),
            Data::Object(object) => return format!("an instance of {}", object.name),
            _ => {}
        }
    }
    let known = if subject.is_open() {
        "some of its elements are not known"
    } else {
        "what it depends on is not known"
    };
    known.to_owned()
}

impl Reported<'_> {
    /// Whether something was reported.
    pub fn is_some(&self) -> bool {
        self.0.is_some()
    }

    fn edit(mut self, f: impl FnOnce(&mut Finding)) -> Self {
        if let Some(finding) = self.0.as_mut() {
            f(finding);
        }
        self
    }

    /// Says how to fix it.
    #[must_use = "finish with `.done()`"]
    pub fn help(self, help: impl Into<String>) -> Self {
        self.edit(|finding| finding.help = Some(help.into()))
    }

    /// Names the Django system check that says the same.
    #[must_use = "finish with `.done()`"]
    pub fn django_check(self, id: &'static str) -> Self {
        self.edit(|finding| finding.django_check = Some(id))
    }

    /// Names the Django system check that says the same, if it does in this case.
    #[must_use = "finish with `.done()`"]
    pub fn django_check_if(self, applies: bool, id: &'static str) -> Self {
        if applies { self.django_check(id) } else { self }
    }

    /// Attaches a fix.
    #[must_use = "finish with `.done()`"]
    pub fn fix(self, fix: Option<Fix>) -> Self {
        self.edit(|finding| finding.fix = fix)
    }

    /// Replaces the reported expression (an unsafe fix).
    #[must_use = "finish with `.done()`"]
    pub fn replace(self, title: impl Into<String>, text: impl Into<String>) -> Self {
        self.edit(|finding| {
            if let Location::Span(span) = finding.primary {
                finding.fix = Some(Fix::unsafe_replace(title, span, text));
            }
        })
    }

    /// Moves the report to another place.
    #[must_use = "finish with `.done()`"]
    pub fn at(self, span: Option<Span>) -> Self {
        self.edit(|finding| {
            if let Some(span) = span {
                finding.primary = Location::Span(span);
                // A statement around the place says nothing that the place does not say.
                finding.related.retain(|note| match note.location {
                    Location::Span(around) => {
                        around.file != span.file || !around.range.contains_range(span.range)
                    }
                    _ => true,
                });
            }
        })
    }

    /// Sets the severity.
    #[must_use = "finish with `.done()`"]
    pub fn severity(self, severity: Severity) -> Self {
        self.edit(|finding| finding.severity = severity)
    }

    /// Sets the severity that the rule has in this case; what the verdict made milder stays one
    /// step milder.
    #[must_use = "finish with `.done()`"]
    pub fn rated(self, severity: Severity) -> Self {
        self.edit(|finding| {
            let milder = finding.severity < finding.rule.severity;
            finding.severity = if milder { severity.lower() } else { severity };
        })
    }

    /// Lowers the severity to at most this.
    #[must_use = "finish with `.done()`"]
    pub fn at_most(self, severity: Severity) -> Self {
        self.edit(|finding| finding.severity = finding.severity.min(severity))
    }

    /// Lowers the confidence to at most this.
    #[must_use = "finish with `.done()`"]
    pub fn confidence(self, confidence: Confidence) -> Self {
        self.edit(|finding| finding.confidence = finding.confidence.min(confidence))
    }

    /// Adds a related place.
    #[must_use = "finish with `.done()`"]
    pub fn related(self, span: Option<Span>, text: impl Into<String>) -> Self {
        self.edit(|finding| {
            if let Some(span) = span {
                finding.related.push(djsec_base::Note { location: span.into(), text: text.into() });
            }
        })
    }

    /// Ends the report.
    pub fn done(self) {}
}
