//! The content security policies that the settings make a site send: one model for Django's own
//! (`SECURE_CSP`), django-csp 4 (`CONTENT_SECURITY_POLICY`) and django-csp 3 (`CSP_*`).

mod allows;
pub mod hosts;
pub mod needs;
pub mod proposal;
mod source;
pub mod uses;

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::value::{Data, Value};

use crate::middleware::{DJANGO_CSP, PACKAGE_CSP};
use crate::project::Project;
use crate::settings::{Cond, SettingRef, Settings};

pub use source::{
    Host, Source, Token, directive_names, is_gone, is_known_directive, is_source_list,
};

/// What Django's middleware takes for "put the nonce here".
const NONCE_SENTINEL: &str = "<CSP_NONCE_SENTINEL>";

/// What gives templates Django's nonce.
pub const NONCE_PROCESSOR: &str = "django.template.context_processors.csp";

/// Who sends a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emitter {
    /// `django.middleware.csp`, from Django 6.0 on.
    Django,
    /// django-csp 4: one dict.
    Package4,
    /// django-csp 3 and older: a setting per directive.
    Package3,
}

/// A policy that may be sent.
pub struct Policy<'a> {
    /// Who sends it.
    pub emitter: Emitter,
    /// Whether browsers enforce it, or only report what it would block.
    pub enforced: bool,
    /// The setting it stands in; of django-csp 3, the first of them.
    pub setting: SettingRef<'a>,
    /// In which worlds the setting asks for it.
    pub written: Cond<'a>,
    /// In which worlds its middleware is there to send it.
    pub active: Cond<'a>,
    /// Its directives.
    pub directives: Vec<Directive<'a>>,
    /// Whether it may have directives that djsec does not see.
    pub open: bool,
}

/// One directive of a policy.
pub struct Directive<'a> {
    /// Its name, as it is sent.
    pub name: Arc<str>,
    /// The setting, or entry, that gives it.
    pub setting: SettingRef<'a>,
    /// In which worlds it is sent, given that the policy is.
    pub when: Cond<'a>,
    /// What it lists.
    pub sources: Vec<Source<'a>>,
    /// In which worlds it may list more than djsec sees.
    pub open: Cond<'a>,
}

impl<'a> Policy<'a> {
    /// In which worlds the policy is sent.
    pub fn sent(&self) -> Cond<'a> {
        self.written & self.active
    }

    /// In which worlds it is sent with the nonce in one of its directives.
    pub fn sends_nonce(&self, directive: &Directive<'a>) -> Cond<'a> {
        let lists = directive.lists(|token| *token == Token::Nonce);
        (self.sent() & directive.when & lists).surely()
    }

    /// The directives of that name.
    pub fn directive<'p>(&'p self, name: &str) -> Option<&'p Directive<'a>> {
        self.directives.iter().find(|directive| directive.name.eq_ignore_ascii_case(name))
    }

    /// In which worlds the policy, where it is sent, has a directive.
    pub fn has(&self, name: &str) -> Cond<'a> {
        let settings = self.setting.settings();
        match self.directive(name) {
            Some(directive) => directive.when,
            None if self.open => settings.unknown(),
            None => settings.never(),
        }
    }

    /// The directives that decide on scripts, each with the worlds in which it does: `script-src` and
    /// its two parts, or `default-src` where there is no `script-src`.
    pub fn script_directives(&self) -> Vec<(&Directive<'a>, Cond<'a>)> {
        let mut out = Vec::new();
        for name in ["script-src", "script-src-elem", "script-src-attr"] {
            if let Some(directive) = self.directive(name) {
                out.push((directive, directive.when));
            }
        }
        if let Some(directive) = self.directive("default-src") {
            out.push((directive, directive.when & !self.has("script-src")));
        }
        out
    }
}

impl<'a> Directive<'a> {
    /// In which worlds it lists a source that passes `test`.
    pub fn lists(&self, test: impl Fn(&Token) -> bool) -> Cond<'a> {
        let settings = self.setting.settings();
        let unseen = Cond::new(settings, settings.never().yes, self.open.maybe);
        self.sources
            .iter()
            .filter(|source| test(&source.token))
            .fold(unseen, |all, source| all | source.when)
    }
}

impl Project {
    /// Every policy that the settings speak of, sent or not, enforced ones first.
    pub fn policies(&self) -> Vec<Policy<'_>> {
        let mut out = Vec::new();
        if (self.settings.series.major, self.settings.series.minor) >= (6, 0) {
            let active = self.has_middleware(DJANGO_CSP);
            out.push(self.django_policy("SECURE_CSP", true, active));
            out.push(self.django_policy("SECURE_CSP_REPORT_ONLY", false, active));
        }
        let active = self.has_middleware(PACKAGE_CSP);
        if self.has_old_package() {
            out.extend(self.old_package_policies(active));
        } else {
            out.push(self.package_policy("CONTENT_SECURITY_POLICY", true, active));
            out.push(self.package_policy("CONTENT_SECURITY_POLICY_REPORT_ONLY", false, active));
        }
        out.retain(|policy| !policy.written.is_never());
        out.sort_by_key(|policy| !policy.enforced);
        out
    }

    /// In which worlds one of the template engines gives templates Django's nonce.
    pub fn nonce_processor(&self) -> Cond<'_> {
        let templates = self.settings.get("TEMPLATES");
        // Projects have one engine, or two.
        (0..4).fold(self.settings.never(), |found, at| {
            let options = templates.index(at).entry("OPTIONS");
            found | options.entry("context_processors").contains(NONCE_PROCESSOR)
        })
    }

    /// In which worlds an enforced policy says who may frame the site.
    pub fn frame_ancestors(&self) -> Cond<'_> {
        self.policies()
            .iter()
            .filter(|policy| policy.enforced)
            .fold(self.settings.never(), |all, it| all | (it.sent() & it.has("frame-ancestors")))
    }

    /// Whether the project uses django-csp 3 or older: by its version, else by the settings it has.
    fn has_old_package(&self) -> bool {
        if let Some(found) = self.inventory.version_of("django-csp") {
            let major = found.version.release().first().copied().unwrap_or_default();
            if found.exact || major >= 4 {
                return major < 4;
            }
        }
        !self.settings.get("CONTENT_SECURITY_POLICY").explicit
            && !self.settings.get("CONTENT_SECURITY_POLICY_REPORT_ONLY").explicit
            && self.settings.explicit().any(|setting| directive_of(&setting.name).is_some())
    }

    fn django_policy<'a>(&'a self, name: &str, enforced: bool, active: Cond<'a>) -> Policy<'a> {
        let setting = self.settings.get(name);
        let names = setting.keys();
        let directives =
            names.iter().map(|name| directive(name, setting.entry(name), Empty::LeftOut)).collect();
        Policy {
            emitter: Emitter::Django,
            enforced,
            written: setting.truthy(),
            active,
            directives,
            open: setting.is_open(),
            setting,
        }
    }

    fn package_policy<'a>(&'a self, name: &str, enforced: bool, active: Cond<'a>) -> Policy<'a> {
        let whole = self.settings.get(name);
        let setting = whole.entry("DIRECTIVES");
        let mut directives: Vec<Directive<'a>> = setting
            .keys()
            .iter()
            // Names that django-csp does not know are dropped.
            .filter(|name| is_known_directive(name))
            .map(|name| directive(name, setting.entry(name), Empty::Sent))
            .collect();
        if setting.entry("default-src").is_raw(|d| Some(*d == Data::Absent)).is_always() {
            directives.push(self.implied_default(&whole));
        }
        let open = setting.is_open();
        Policy {
            emitter: Emitter::Package4,
            enforced,
            written: whole.truthy(),
            active,
            directives,
            open,
            setting: whole,
        }
    }

    fn old_package_policies<'a>(&'a self, active: Cond<'a>) -> Vec<Policy<'a>> {
        let report_only = self.settings.get("CSP_REPORT_ONLY").truthy();
        let first = self.settings.explicit().find(|set| directive_of(&set.name).is_some());
        let setting = self.settings.get(first.map_or("MIDDLEWARE", |set| &*set.name));
        [true, false]
            .into_iter()
            .map(|enforced| Policy {
                emitter: Emitter::Package3,
                enforced,
                setting: setting.clone(),
                written: active & if enforced { !report_only } else { report_only },
                active,
                directives: self.old_package_directives(),
                open: self.settings.open,
            })
            .collect()
    }

    fn old_package_directives(&self) -> Vec<Directive<'_>> {
        let nonce_in = self.settings.get("CSP_INCLUDE_NONCE_IN");
        let mut directives: Vec<Directive<'_>> = Vec::new();
        for set in self.settings.explicit() {
            let Some(name) = directive_of(&set.name) else { continue };
            let mut made = directive(&name, self.settings.get(&set.name), Empty::Sent);
            let with_nonce = nonce_in.contains(&name);
            if !with_nonce.is_never() {
                made.sources.push(Source::nonce(with_nonce, nonce_in.span_when(with_nonce)));
            }
            directives.push(made);
        }
        if !directives.iter().any(|directive| &*directive.name == "default-src") {
            directives.push(self.implied_default(&self.settings.get("CSP_DEFAULT_SRC")));
        }
        directives
    }

    /// django-csp's own `default-src 'self'`.
    fn implied_default<'a>(&'a self, setting: &SettingRef<'a>) -> Directive<'a> {
        let always = self.settings.always();
        Directive {
            name: Arc::from("default-src"),
            setting: setting.clone(),
            when: always,
            sources: vec![Source::new(Arc::from("'self'"), always, None)],
            open: self.settings.never(),
        }
    }
}

/// The directive that a setting of django-csp 3 is for: `img-src` for `CSP_IMG_SRC`.
fn directive_of(setting: &str) -> Option<String> {
    let name = setting.strip_prefix("CSP_")?.to_ascii_lowercase().replace('_', "-");
    is_known_directive(&name).then_some(name)
}

/// What becomes of a directive with an empty list.
#[derive(Clone, Copy, PartialEq)]
enum Empty {
    LeftOut,
    Sent,
}

fn directive<'a>(name: &str, setting: SettingRef<'a>, empty: Empty) -> Directive<'a> {
    let settings = setting.settings();
    let mut reader = Reader {
        settings,
        when: settings.never(),
        open: settings.never(),
        sources: Vec::new(),
        empty,
    };
    for part in setting.alternatives() {
        reader.value(&part.data, part.when, part.span);
    }
    let Reader { when, open, sources, .. } = reader;
    Directive { name: Arc::from(name), setting, when, sources, open }
}

struct Reader<'a> {
    settings: &'a Settings,
    when: Cond<'a>,
    open: Cond<'a>,
    sources: Vec<Source<'a>>,
    empty: Empty,
}

impl<'a> Reader<'a> {
    fn value(&mut self, data: &Data, when: Cond<'a>, span: Option<Span>) {
        match data {
            Data::None | Data::Bool(false) | Data::Absent => {}
            Data::Sym(_) => {
                let unknown = Cond::new(self.settings, self.settings.never().yes, when.maybe);
                self.when = self.when | unknown;
                self.open = self.open | when;
            }
            Data::List(seq) | Data::Tuple(seq) | Data::Set(seq) => {
                if seq.items.is_empty() && !seq.open && self.empty == Empty::LeftOut {
                    return;
                }
                self.when = self.when | when;
                if seq.open {
                    self.open = self.open | when;
                }
                for item in &seq.items {
                    let there = when & Cond::new(self.settings, item.guard, item.guard);
                    self.element(&item.value, there);
                }
            }
            other => {
                self.when = self.when | when;
                self.scalar(other, when, span);
            }
        }
    }

    fn element(&mut self, value: &Value, when: Cond<'a>) {
        for alt in &value.alts {
            let here = when & Cond::new(self.settings, alt.guard, alt.guard);
            self.scalar(&alt.data, here, alt.span);
        }
    }

    fn scalar(&mut self, data: &Data, when: Cond<'a>, span: Option<Span>) {
        match data {
            Data::Str(text) if &**text == NONCE_SENTINEL => {
                self.sources.push(Source::nonce(when, span));
            }
            Data::Str(text) => {
                for word in text.split_whitespace() {
                    self.sources.push(Source::new(Arc::from(word), when, span));
                }
            }
            Data::Object(object) if object.name.to_ascii_lowercase().ends_with("nonce") => {
                self.sources.push(Source::nonce(when, span));
            }
            Data::Bool(_) | Data::None | Data::Absent => {}
            _ => self.open = self.open | when,
        }
    }
}

#[cfg(test)]
mod tests;
