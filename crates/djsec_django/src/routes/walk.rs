//! From `urlpatterns` to routes, the way Django's resolver goes.

use std::sync::Arc;

use djsec_base::Span;
use djsec_python::eval::{At, Interp, Leaf, Object, Val};
use djsec_python::worlds::Guard;
use rustc_hash::FxHashMap;

use super::admin::ADMIN_URLS;
use super::callable::Reader;
use super::library::{CALL, PATTERN, RESOLVER, UrlLibrary};
use super::urls::{LOCALE_PATTERN, REGEX_PATTERN, attr, class_of, load};
use super::{Gap, Origin, Route, Routes, Segment, SegmentKind, Target, Wrapper};
use djsec_python::QualifiedName;

/// Includes nest at most this deep.
const DEEPEST: usize = 50;
/// Routes of one URLconf.
const MOST: usize = 20_000;

/// What stands around a pattern.
#[derive(Clone, Default)]
pub(super) struct Around {
    pub(super) segments: Vec<Segment>,
    namespaces: Vec<Arc<str>>,
    pub(super) wrappers: Vec<Wrapper>,
    pub(super) origin: Option<Origin>,
    /// In an application of Channels: for which protocol.
    pub(super) asgi: Option<Origin>,
    /// The class of the admin site.
    site: Option<QualifiedName>,
    /// The model of the admin's pages and their class.
    model: Option<(QualifiedName, QualifiedName)>,
    /// The pattern that leads here, and its name.
    place: Option<Span>,
    pub(super) name: Option<Arc<str>>,
    /// Modules and lists on the way here.
    open: Vec<Leaf>,
}

/// Collects the routes of one URLconf.
pub(super) struct Walk<'r, 'l, 'i> {
    pub(super) library: &'r UrlLibrary<'l>,
    pub(super) it: &'r mut Interp<'i>,
    pub(super) out: Routes,
    /// Routes by where they are made and their patterns.
    places: FxHashMap<(Span, Vec<Segment>), Vec<usize>>,
    full: bool,
}

impl<'r, 'l, 'i> Walk<'r, 'l, 'i> {
    pub(super) fn new(library: &'r UrlLibrary<'l>, it: &'r mut Interp<'i>) -> Self {
        Self { library, it, out: Routes::default(), places: FxHashMap::default(), full: false }
    }

    /// The routes of a root URLconf.
    pub(super) fn root(&mut self, urlconf: &Leaf, at: At) {
        self.urlconf(urlconf, &Around::default(), at);
    }

    pub(super) fn gap(&mut self, around: &Around, reason: impl Into<String>, place: Span) {
        self.missing(around, reason.into(), place, false);
    }

    /// Patterns that a bound of ours cuts off.
    pub(super) fn cut(&mut self, around: &Around, reason: &str, place: Span) {
        self.missing(around, reason.to_owned(), place, true);
    }

    fn missing(&mut self, around: &Around, reason: String, place: Span, cut: bool) {
        let prefix: String = around.segments.iter().map(|segment| &*segment.text).collect();
        let gap = Gap { prefix, reason, place, cut };
        if !self.out.gaps.contains(&gap) {
            self.out.gaps.push(gap);
        }
    }

    /// Why what an include names cannot be followed.
    fn unknown_include(&mut self, urlconf: &Leaf) -> String {
        if let Leaf::BuiltinMethod(method) = urlconf
            && let Some(class) = class_of(self.it, &method.0)
        {
            return format!("include of {class}.{}, which is not in the tree", method.1);
        }
        format!("include of {}", self.it.repr(urlconf))
    }

    /// What an include names: a module, a list.
    fn urlconf(&mut self, urlconf: &Leaf, around: &Around, at: At) {
        if self.full || self.it.worlds.impossible(at.pc) {
            return;
        }
        if around.open.contains(urlconf) {
            self.cut(around, "an include of what is being included already", at.span);
            return;
        }
        if around.open.len() >= DEEPEST {
            self.cut(around, "includes nested too deeply", at.span);
            return;
        }
        let mut inner = around.clone();
        inner.open.push(urlconf.clone());
        match urlconf {
            Leaf::Module(name) => {
                let ns = self.it.module_namespace(name);
                let space = ns.and_then(|ns| self.it.namespace(ns));
                let found = space.and_then(|space| space.find("urlpatterns"));
                if let Some(patterns) = found.map(|bound| bound.val.clone()) {
                    self.patterns(&patterns, &inner, at);
                } else {
                    let reason = format!("include of {name}, which has no urlpatterns");
                    self.gap(around, reason, at.span);
                }
            }
            Leaf::Ref(id) if matches!(self.it.object(*id), Some(Object::List(_))) => {
                let list = Val::of(urlconf.clone(), Some(at.span));
                self.patterns(&list, &inner, at);
            }
            Leaf::Tuple(_) => {
                let list = Val::of(urlconf.clone(), Some(at.span));
                self.patterns(&list, &inner, at);
            }
            Leaf::Str(name) | Leaf::Ext(name) => {
                let loaded = load(self.it, &Val::str(Arc::clone(name)), at);
                if let Some(module @ Leaf::Module(_)) = loaded.single() {
                    let module = module.clone();
                    self.urlconf(&module, around, at);
                } else if let Some(list) = self.library.package_patterns(self.it, name, at) {
                    let inner = Around { origin: inner.origin.or(Some(Origin::Package)), ..inner };
                    self.patterns(&list, &inner, at);
                } else {
                    let reason = format!("include of {name}, which is not in the tree");
                    self.gap(around, reason, at.span);
                }
            }
            other if class_of(self.it, other).as_deref() == Some(ADMIN_URLS) => {
                self.admin(other, &inner, at);
            }
            other => {
                let reason = self.unknown_include(other);
                self.gap(around, reason, at.span);
            }
        }
    }

    /// The pages of an admin site, after all apps have registered their models.
    fn admin(&mut self, urls: &Leaf, around: &Around, at: At) {
        self.library.autodiscover(self.it, at);
        let site = attr(self.it, urls, "site").unwrap_or_default();
        let class = site.single().and_then(|leaf| self.library.class_name(self.it, leaf));
        let inner = Around { origin: Some(Origin::Admin), site: class, ..around.clone() };
        let method = self.it.attribute(&site, "get_urls", at);
        let patterns = self.it.call_value(&method, &djsec_python::eval::Args::default(), at);
        self.patterns(&patterns, &inner, at);
    }

    /// A page that a site or the class of a model's pages adds is one of theirs.
    fn own_page(&self, target: Target, around: &Around) -> Target {
        let Some(site) = &around.site else { return target };
        let Target::Function(QualifiedName::Project(module, path)) = &target else { return target };
        let Some((class, page)) = path.rsplit_once('.') else { return target };
        let class = QualifiedName::Project(*module, Arc::from(class));
        let hierarchy = self.library.names.hierarchy;
        if hierarchy.order(site).contains(&class) {
            let (site, page) = (site.clone(), Arc::from(page));
            return Target::Admin { site, model: None, admin: None, page };
        }
        match &around.model {
            Some((model, admin)) if hierarchy.order(admin).contains(&class) => Target::Admin {
                site: site.clone(),
                model: Some(model.clone()),
                admin: Some(admin.clone()),
                page: Arc::from(page),
            },
            _ => target,
        }
    }

    pub(super) fn patterns(&mut self, patterns: &Val, around: &Around, at: At) {
        for alt in &patterns.alts {
            if let Leaf::Sym(sym) = &alt.leaf {
                let reason = format!("patterns that are not known: {}", sym.describe());
                self.gap(around, reason, alt.span.unwrap_or(at.span));
            }
        }
        let known = patterns.alts.iter().any(|alt| !matches!(alt.leaf, Leaf::Sym(_)));
        let seq = self.it.iterate(patterns, at);
        if seq.open && known {
            self.gap(around, "more patterns may follow", at.span);
        }
        for (guard, item) in seq.items {
            for alt in &item.alts {
                let pc = self.it.worlds.and(guard, alt.guard);
                let pc = self.it.worlds.and(pc, at.pc);
                if self.it.worlds.impossible(pc) {
                    continue;
                }
                let span = alt.span.unwrap_or(at.span);
                self.item(&alt.leaf, around, At { pc, span });
            }
        }
    }

    fn item(&mut self, leaf: &Leaf, around: &Around, at: At) {
        match class_of(self.it, leaf).as_deref() {
            Some(PATTERN) => self.pattern(leaf, around, at),
            Some(RESOLVER) => self.resolver(leaf, around, at),
            Some(CALL) => {
                let callee = attr(self.it, leaf, "djsec callee").unwrap_or_default();
                let shown = callee.single().map(|leaf| self.it.repr(leaf)).unwrap_or_default();
                self.gap(around, format!("what {shown}() gives"), at.span);
            }
            _ => match leaf {
                Leaf::Absent | Leaf::None => {}
                Leaf::Sym(sym) => {
                    let reason = format!("a pattern that is not known: {}", sym.describe());
                    self.gap(around, reason, at.span);
                }
                other => {
                    let shown = self.it.repr(other);
                    self.gap(around, format!("{shown} among the patterns"), at.span);
                }
            },
        }
    }

    fn pattern(&mut self, leaf: &Leaf, around: &Around, at: At) {
        let names = attr(self.it, leaf, "name").unwrap_or_default();
        let name = names.alts.iter().find_map(|alt| match &alt.leaf {
            Leaf::Str(name) => Some(Arc::clone(name)),
            _ => None,
        });
        let callback = attr(self.it, leaf, "callback").unwrap_or_default();
        let origin =
            match attr(self.it, leaf, "djsec origin").and_then(|val| val.as_str()).as_deref() {
                Some("router") => Origin::Router,
                Some("admin") => Origin::Admin,
                Some("package") => Origin::Package,
                Some("ninja") => Origin::Ninja,
                _ => Origin::Pattern,
            };
        for (segment, at) in self.segments(leaf, at) {
            for alt in &callback.alts {
                let pc = self.it.worlds.and(at.pc, alt.guard);
                if self.it.worlds.impossible(pc) {
                    continue;
                }
                let mut inner = around.clone();
                inner.segments.push(segment.clone());
                inner.name.clone_from(&name);
                inner.place = Some(at.span);
                if around.asgi.is_some() && self.asgi_pattern(&alt.leaf, &inner, At { pc, ..at }) {
                    continue;
                }
                inner.origin = inner.origin.or(Some(origin));
                let span = alt.span.unwrap_or(at.span);
                self.answer(&alt.leaf, &inner, At { pc, span });
            }
        }
    }

    /// Adds the route of what answers.
    pub(super) fn answer(&mut self, leaf: &Leaf, around: &Around, at: At) {
        let mut reader = Reader { library: self.library, it: self.it };
        let found = reader.callable(leaf, at.span, 0);
        let mut wrappers = around.wrappers.clone();
        wrappers.extend(found.wrappers);
        self.push(Route {
            segments: around.segments.clone(),
            name: around.name.clone(),
            namespaces: around.namespaces.clone(),
            target: self.own_page(found.target, around),
            wrappers,
            when: at.pc,
            place: around.place.unwrap_or(at.span),
            origin: around.origin.unwrap_or(Origin::Pattern),
        });
    }

    /// What stands in several lists of which each is used in worlds of its own is one route.
    fn is_known(&mut self, route: &Route) -> bool {
        let key = (route.place, route.segments.clone());
        let known = self.places.entry(key).or_default();
        for at in known.iter() {
            let Some(same) = self.out.routes.get_mut(*at) else { continue };
            let both = self.it.worlds.and(same.when, route.when);
            if self.it.worlds.impossible(both)
                && same.target == route.target
                && same.wrappers == route.wrappers
                && same.name == route.name
                && same.namespaces == route.namespaces
            {
                same.when = self.it.worlds.or(same.when, route.when);
                return true;
            }
        }
        known.push(self.out.routes.len());
        false
    }

    pub(super) fn push(&mut self, route: Route) {
        if self.is_known(&route) {
            return;
        }
        if self.out.routes.len() < MOST {
            self.out.routes.push(route);
        } else if !self.full {
            self.full = true;
            let prefix = route.segments.iter().map(|segment| &*segment.text).collect();
            let reason = format!("more than {MOST} routes");
            self.out.gaps.push(Gap { prefix, reason, place: route.place, cut: true });
        }
    }

    /// The pattern's texts with the worlds in which it has them. Where part of them is only known
    /// when the process runs, the one that is known stands for it.
    fn segments(&mut self, leaf: &Leaf, at: At) -> Vec<(Segment, At)> {
        let pattern = attr(self.it, leaf, "pattern").unwrap_or_default();
        let pattern = pattern.single().cloned().unwrap_or(Leaf::Absent);
        let kind = match class_of(self.it, &pattern).as_deref() {
            Some(REGEX_PATTERN) => SegmentKind::Regex,
            Some(LOCALE_PATTERN) => SegmentKind::Locale,
            _ => SegmentKind::Path,
        };
        let text = attr(self.it, &pattern, "djsec text").unwrap_or_default();
        if kind == SegmentKind::Locale {
            return vec![(Segment { kind, text: Arc::from("<language>/") }, at)];
        }
        let mut out: Vec<(Segment, At)> = Vec::new();
        let mut rest = Guard::NEVER;
        for alt in &text.alts {
            let pc = self.it.worlds.and(at.pc, alt.guard);
            if self.it.worlds.impossible(pc) {
                continue;
            }
            match &alt.leaf {
                Leaf::Str(text) => {
                    out.push((Segment { kind, text: Arc::clone(text) }, At { pc, ..at }));
                }
                _ => rest = self.it.worlds.or(rest, pc),
            }
        }
        if let Some((_, first)) = out.first_mut() {
            first.pc = self.it.worlds.or(first.pc, rest);
        } else {
            let shown = text.alts.iter().find_map(|alt| match &alt.leaf {
                Leaf::Sym(sym) => Some(sym.outline()),
                _ => None,
            });
            let text = shown.unwrap_or_else(|| "{…}".to_owned());
            out.push((Segment { kind, text: Arc::from(text) }, at));
        }
        out
    }

    fn resolver(&mut self, leaf: &Leaf, around: &Around, at: At) {
        let urlconf = attr(self.it, leaf, "urlconf_name").unwrap_or_default();
        let namespace = attr(self.it, leaf, "namespace").and_then(|val| val.as_str());
        let decorators = attr(self.it, leaf, "djsec decorators");
        let wrappers = decorators.map(|val| self.decorators(&val, at)).unwrap_or_default();
        let name = |walk: &Self, key: &str| match attr(walk.it, leaf, key)?.single()? {
            Leaf::Ext(dotted) => Some(walk.library.names.qualify(dotted)),
            _ => None,
        };
        let model = name(self, "djsec model").zip(name(self, "djsec admin"));
        for (segment, at) in self.segments(leaf, at) {
            let mut inner = around.clone();
            if model.is_some() {
                inner.model.clone_from(&model);
            }
            inner.segments.push(segment);
            inner.namespaces.extend(namespace.clone());
            inner.wrappers.extend(wrappers.iter().cloned());
            for alt in &urlconf.alts {
                let pc = self.it.worlds.and(at.pc, alt.guard);
                self.urlconf(&alt.leaf, &inner, At { pc, ..at });
            }
        }
    }

    /// The decorators of a decorated include: one, or a list, the first outermost.
    fn decorators(&mut self, val: &Val, at: At) -> Vec<Wrapper> {
        let many = match val.single() {
            Some(Leaf::Tuple(_)) => true,
            Some(Leaf::Ref(id)) => matches!(self.it.object(*id), Some(Object::List(_))),
            _ => false,
        };
        let each: Vec<Val> = if many {
            self.it.iterate(val, at).items.into_iter().map(|(_, item)| item).collect()
        } else {
            vec![val.clone()]
        };
        let mut out = Vec::new();
        for decorator in each {
            let Some(leaf) = decorator.single().cloned() else { continue };
            let view = Val::of(Leaf::Ext(Arc::from("djsec.any")), Some(at.span));
            let args = djsec_python::eval::Args::positional(vec![view]);
            let call = UrlLibrary::kept_call(self.it, leaf, &args, at);
            let Some(call) = call.single().cloned() else { continue };
            let mut reader = Reader { library: self.library, it: self.it };
            out.extend(reader.callable(&call, at.span, 0).wrappers);
        }
        out
    }
}
