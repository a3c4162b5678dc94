//! What a rule may ask.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, OnceLock};

use djsec_base::{FileId, Files, Location, Span};
use djsec_deps::DjangoVersion;
use djsec_django::evidence::Strength;
use djsec_django::evidence::edge::Edge;
use djsec_django::hierarchy::Hierarchy;
use djsec_django::models::{Models, Strength as Ownership};
use djsec_django::project::{Project, own_modules};
use djsec_django::settings::{Cond, SettingRef, Settings};
use djsec_django::structure::Structure;
use djsec_django::templates::Templates;
use djsec_django::views::effects::{self, Deeds, Effects, Known};
use djsec_django::views::objects::{Objects, World};
use djsec_django::views::rows::Source;
use djsec_flow::{Catalog, Flow, Flows, Groundwork};
use djsec_python::value::Data;
use djsec_python::{BindingKind, Kin, Linearizer, Module, ModuleId, Program, QualifiedName};
use djsec_templates::html::Place;
use rayon::prelude::*;

use crate::admins::{self, Registration};
use crate::customs::{self, Customs};
use crate::endpoint::{self, Endpoint, Joined};
use crate::html::{self, Html};
use crate::network::is_within;
use crate::own;
use crate::resolvers::{self, Answering};
use crate::rows::{self, Unasked};
use crate::weak_random::{self, Guessable};
use crate::writers::Writers;

/// The project under audit and everything around it.
pub struct Cx<'a> {
    /// The tree.
    pub files: &'a Files,
    /// Its modules and names.
    pub program: &'a Program,
    /// The Django project.
    pub project: &'a Project,
    /// What is known of functions for the flow of data.
    pub models_of_flow: &'a dyn FlowModels,
    /// Today, as year, month, day: for what runs out.
    pub today: (u16, u8, u8),
    /// The classes of the application and of packages in their resolution order.
    pub classes: &'a Hierarchy<'a>,
    rest_framework: OnceLock<Api>,
    endpoints: OnceLock<Vec<Joined>>,
    objects: OnceLock<Vec<OnceLock<Objects>>>,
    own: OnceLock<Vec<own::Entry>>,
    registrations: OnceLock<Vec<Registration>>,
    effects: OnceLock<Vec<OnceLock<Effects>>>,
    flows: OnceLock<Flows>,
    html: OnceLock<BTreeMap<Span, Html>>,
    places: OnceLock<BTreeMap<Span, Vec<Place>>>,
    pub(crate) cleans: OnceLock<bool>,
    unasked: OnceLock<Vec<Unasked>>,
    /// Which users write a column of a model, and where, in words.
    pub(crate) writers: Writers,
    answering: OnceLock<Vec<Answering>>,
    customs: OnceLock<Customs>,
    deeds: OnceLock<Vec<OnceLock<Deeds>>>,
    functions: Known,
    guessable: OnceLock<Vec<Guessable>>,
    asked_parameters: OnceLock<BTreeSet<Arc<str>>>,
}

/// What may be made with a package that defines APIs.
#[derive(Debug)]
pub struct Api {
    /// The names that may lead to the package.
    pub kin: Kin,
    /// The classes of which one of the bases may be of the package, or derived from one that is.
    pub classes: Vec<Class>,
}

/// A class of the application with its resolution order, itself first.
#[derive(Debug)]
pub struct Class {
    /// What it is called.
    pub name: QualifiedName,
    /// Itself and what it is derived from, in the order in which attributes are searched.
    pub order: Vec<QualifiedName>,
}

fn classes_of(
    program: &Program,
    kin: &Kin,
    id: ModuleId,
    module: &Module,
) -> impl Iterator<Item = Class> {
    let mut linearizer = Linearizer::new(program);
    module.summary.bindings.iter().filter_map(move |binding| {
        let BindingKind::Class(class) = &binding.kind else { return None };
        if class.bases.is_empty() || !kin.may_be(&binding.name) {
            return None;
        }
        let name = program.resolve(id, &binding.name);
        let order = linearizer.order(&name);
        Some(Class { name, order })
    })
}

/// Where the models of functions come from, through which data flows.
pub trait FlowModels: std::fmt::Debug + Sync {
    /// djsec's own and the user's. They are read when the first rule follows data.
    fn flow_models(&self) -> Cow<'static, Catalog>;
}

/// What a cell holds, worked out by whoever asks first. That is done before the cell is entered: a
/// thread that waits for others there may be given work that asks for the same.
fn once<T>(cell: &OnceLock<T>, work_out: impl FnOnce() -> T) -> &T {
    if let Some(known) = cell.get() {
        return known;
    }
    let found = work_out();
    cell.get_or_init(|| found)
}

impl<'a> Cx<'a> {
    /// What rules may ask about one project.
    pub fn new(
        files: &'a Files,
        program: &'a Program,
        hierarchy: &'a Hierarchy<'a>,
        project: &'a Project,
        models_of_flow: &'a dyn FlowModels,
        today: (u16, u8, u8),
    ) -> Self {
        Self {
            files,
            program,
            project,
            models_of_flow,
            today,
            classes: hierarchy,
            rest_framework: OnceLock::new(),
            endpoints: OnceLock::new(),
            objects: OnceLock::new(),
            own: OnceLock::new(),
            registrations: OnceLock::new(),
            effects: OnceLock::new(),
            flows: OnceLock::new(),
            html: OnceLock::new(),
            places: OnceLock::new(),
            cleans: OnceLock::new(),
            unasked: OnceLock::new(),
            writers: Writers::default(),
            answering: OnceLock::new(),
            customs: OnceLock::new(),
            deeds: OnceLock::new(),
            functions: Known::default(),
            guessable: OnceLock::new(),
            asked_parameters: OnceLock::new(),
        }
    }

    pub(crate) fn own_entries(&self) -> &[own::Entry] {
        once::<Vec<_>>(&self.own, || {
            let modules: Vec<_> = self.own_modules().collect();
            own::collect(self.program, self.classes, &modules)
        })
    }

    /// Which class administrates which model; worked out once for all rules.
    pub(crate) fn registrations(&self) -> &[Registration] {
        once::<Vec<_>>(&self.registrations, || admins::registrations(self))
    }

    /// The modules of the project's own code, without tests, migrations and vendored code.
    pub fn own_modules(&self) -> impl Iterator<Item = (ModuleId, &'a Module)> {
        own_modules(self.files, self.program, &self.project.root)
    }

    /// What of the project's own code may be made with Django REST framework; worked out once for
    /// all rules.
    pub fn rest_framework(&self) -> &Api {
        once(&self.rest_framework, || {
            let kin = self.program.kin("rest_framework");
            let modules: Vec<_> = self.own_modules().collect();
            let classes = modules
                .into_par_iter()
                .flat_map_iter(|(id, module)| classes_of(self.program, &kin, id, module))
                .collect();
            Api { kin, classes }
        })
    }

    /// The views that production routes to, each with its routes; joined once for all rules.
    pub fn endpoints(&self) -> impl Iterator<Item = Endpoint<'a>> {
        let structure = self.structure();
        let joined = self.joined();
        joined.iter().enumerate().filter_map(|(at, joined)| joined.endpoint(structure, at))
    }

    /// One of them.
    pub(crate) fn endpoint(&self, at: usize) -> Option<Endpoint<'a>> {
        self.joined().get(at)?.endpoint(self.structure(), at)
    }

    fn joined(&self) -> &[Joined] {
        once::<Vec<_>>(&self.endpoints, || endpoint::join(self.project, self.structure()))
    }

    /// The project's templates and the pages that are made of them; read when the first rule asks.
    pub fn templates(&self) -> &'a Templates {
        self.project.templates(self.files, self.program, self.classes)
    }

    /// Follows data before rules ask, side by side, for its ways.
    pub fn prepare_flows(&self) {
        let prepare = || self.project.prepare(self.files, self.program, self.classes);
        let ((), groundwork) = rayon::join(prepare, || self.groundwork());
        once(&self.flows, || self.follow(groundwork));
    }

    fn groundwork(&self) -> Groundwork {
        Groundwork::new(self.files, self.program, self.classes, &self.project.root)
    }

    /// Whether a host is one that the site answers under.
    pub(crate) fn is_own_host(&self, host: &str) -> bool {
        let allowed = self.setting("ALLOWED_HOSTS");
        allowed.elements().iter().any(|part| {
            let Data::Str(pattern) = &part.data else { return false };
            match pattern.strip_prefix('.') {
                Some(domain) => is_within(host, domain),
                None => **pattern == *host,
            }
        })
    }

    /// The host of an absolute `MEDIA_URL`.
    pub(crate) fn media_host(&self) -> Option<String> {
        let media = self.setting("MEDIA_URL");
        let url = media.value().single()?.data.as_str()?.to_ascii_lowercase();
        let (_, rest) = url.split_once("//")?;
        rest.split(['/', ':']).next().map(str::to_owned)
    }

    /// Where on pages the insertion stands that is written there; looked up once for all rules.
    pub(crate) fn places_of(&self, span: Span) -> &[Place] {
        let all = once(&self.places, || {
            let mut all: BTreeMap<Span, Vec<Place>> = BTreeMap::new();
            for one in self.templates().pages().flat_map(|(_, page)| &page.insertions) {
                let known = all.entry(one.span).or_default();
                // A template that many pages are made of stands in the same place on nearly all.
                if !known.contains(&one.place) {
                    known.push(one.place.clone());
                }
            }
            all
        });
        all.get(&span).map_or(&[], Vec::as_slice)
    }

    /// Every way of untrusted data into a sink; worked out once for all rules, and only when one asks.
    pub fn flows(&self) -> &Flows {
        once(&self.flows, || self.follow(self.groundwork()))
    }

    fn follow(&self, groundwork: Groundwork) -> Flows {
        let structure = self.structure();
        let request = djsec_flow::Request {
            files: self.files,
            program: self.program,
            hierarchy: self.classes,
            models: &structure.models,
            settings: Some(&self.project.settings),
            routes: &structure.routes,
            views: &structure.views,
            root: &self.project.root,
            templates: self.templates(),
            catalog: &self.models_of_flow.flow_models(),
        };
        djsec_flow::flows(request, groundwork)
    }

    /// What a flow of HTML is about; worked out once for all rules.
    pub(crate) fn html_of(&self, flow: &Flow) -> Option<&Html> {
        once(&self.html, || html::causes(self)).get(&flow.place)
    }

    /// The same, if a rule has asked for it.
    pub fn known_flows(&self) -> Option<&Flows> {
        self.flows.get()
    }

    /// What the code behind an endpoint does; worked out once for all rules, and only for those that
    /// a rule asks of: it is the dearest of all questions.
    pub fn effects(&self, endpoint: &Endpoint<'_>) -> &Effects {
        static NONE: LazyLock<Effects> = LazyLock::new(Effects::default);
        let all = once::<Vec<_>>(&self.effects, || self.slots());
        let slot = all.get(endpoint.at);
        slot.map_or(&NONE, |slot| once(slot, || endpoint::effects(self, endpoint)))
    }

    /// Works out what the code behind endpoints does, side by side: for who asks for each of them.
    pub(crate) fn work_out(&self, endpoints: &[Endpoint<'_>]) {
        endpoints.par_iter().with_max_len(1).for_each(|endpoint| {
            self.effects(endpoint);
        });
    }

    /// What the code behind an endpoint does, apart from rows: for rules to ask before they ask for
    /// [`Self::effects`].
    pub(crate) fn deeds(&self, endpoint: &Endpoint<'_>) -> &Deeds {
        static NONE: LazyLock<Deeds> = LazyLock::new(Deeds::default);
        let all = once::<Vec<_>>(&self.deeds, || self.slots());
        let slot = all.get(endpoint.at);
        slot.map_or(&NONE, |slot| once(slot, || endpoint::deeds(self, endpoint)))
    }

    /// What the code behind an endpoint does, as far as these rows go; not kept.
    pub(crate) fn effects_with(&self, endpoint: &Endpoint<'_>, objects: Objects) -> Effects {
        endpoint::effects_with(self, endpoint, objects)
    }

    /// What analyses of views look things up in.
    pub(crate) fn world(&self) -> World<'_> {
        World {
            program: self.program,
            hierarchy: self.classes,
            models: self.models(),
            known: &self.functions,
            settings: Some(self.settings()),
        }
    }

    /// What analyses of permission classes, sockets and GraphQL look things up in.
    pub(crate) fn lookup(&self) -> Source<'_> {
        Source {
            program: self.program,
            hierarchy: self.classes,
            settings: self.settings(),
            models: self.models(),
        }
    }

    /// What stands on an endpoint's functions and classes: decorators that cache its answers. Costs
    /// little.
    pub(crate) fn decorations(&self, endpoint: &Endpoint<'_>) -> Vec<effects::Effect> {
        endpoint::decorations(self, endpoint)
    }

    /// What the code behind an endpoint does with objects; worked out once for all rules.
    pub(crate) fn objects(&self, endpoint: &Endpoint<'_>) -> &Objects {
        static NONE: LazyLock<Objects> = LazyLock::new(Objects::default);
        let all = once::<Vec<_>>(&self.objects, || self.slots());
        let slot = all.get(endpoint.at);
        slot.map_or(&NONE, |slot| once(slot, || endpoint::objects(self, endpoint)))
    }

    /// What the code behind an endpoint does with rows for a method (upper case), and perhaps for others.
    /// Costs less than [`Self::objects`], unless these are worked out anyway.
    pub(crate) fn objects_on(&self, endpoint: &Endpoint<'_>, method: &str) -> Cow<'_, Objects> {
        if endpoint.is_open() || endpoint.class().is_none() {
            return Cow::Borrowed(self.objects(endpoint));
        }
        Cow::Owned(endpoint::objects_of_method(self, endpoint, method))
    }

    /// A place for an answer on each endpoint.
    fn slots<T>(&self) -> Vec<OnceLock<T>> {
        self.endpoints().map(|_| OnceLock::new()).collect()
    }

    /// The endpoints that need no more than a login, with what they do with objects.
    pub fn open_endpoints(&self) -> impl Iterator<Item = (Endpoint<'a>, &Objects)> {
        let open: Vec<Endpoint<'a>> = self.endpoints().filter(Endpoint::is_open).collect();
        // Side by side; what is worked out is kept.
        open.par_iter().with_max_len(1).for_each(|endpoint| {
            self.objects(endpoint);
        });
        open.into_iter().map(|endpoint| {
            let objects = self.objects(&endpoint);
            (endpoint, objects)
        })
    }

    /// Rows that views give without asking the permission class that decides about them; worked out
    /// once for all rules.
    pub(crate) fn unasked(&self) -> &[Unasked] {
        once::<Vec<_>>(&self.unasked, || rows::unasked(self))
    }

    /// The resolvers of GraphQL that ask for no more than a login; worked out once for all rules.
    pub(crate) fn answering(&self) -> &[Answering] {
        once::<Vec<_>>(&self.answering, || resolvers::answering(self))
    }

    /// What the project does with each model everywhere; worked out once for all rules.
    pub(crate) fn customs(&self) -> &Customs {
        once(&self.customs, || customs::customs(self))
    }

    /// Secrets of the project that can be guessed; worked out once for all rules.
    pub(crate) fn guessable(&self) -> &[Guessable] {
        once::<Vec<_>>(&self.guessable, || weak_random::collect(self))
    }

    /// Whether a middleware of the project decides for each view who may call it, so that nothing can
    /// be said of views that seem to ask for less than others.
    pub fn decided_by_middleware(&self) -> bool {
        effects::decided_by_middleware(self.world(), &self.own_middleware())
    }

    /// The parameters of addresses that a middleware ties to who asks; worked out once for all rules.
    pub(crate) fn asked_parameters(&self) -> &BTreeSet<Arc<str>> {
        once(&self.asked_parameters, || {
            effects::asked_parameters(self.world(), &self.own_middleware())
        })
    }

    /// The classes in `MIDDLEWARE` that stand in the tree.
    pub(crate) fn own_middleware(&self) -> Vec<QualifiedName> {
        let setting = self.setting("MIDDLEWARE");
        let elements = setting.elements();
        let own = elements.iter().filter_map(|part| {
            let (module, class) = part.data.as_str()?.rsplit_once('.')?;
            let module = self.program.find(module, &self.project.root)?;
            Some(self.program.resolve(module, class))
        });
        own.collect()
    }

    /// How the project is built; worked out when the first rule asks.
    pub(crate) fn structure(&self) -> &'a Structure {
        self.project.structure(self.files, self.program, self.classes)
    }

    /// Whether the code of the project mentions one of these names anywhere, be it to import what it calls
    /// otherwise.
    pub(crate) fn mentions(&self, names: &[&str]) -> bool {
        self.program.mentions_any(names)
    }

    /// The models of the project.
    pub fn models(&self) -> &'a Models {
        &self.structure().models
    }

    /// Whether the rows of a model belong to somebody.
    pub(crate) fn is_personal(&self, model: &QualifiedName) -> bool {
        let owner = self.models().get(model).and_then(|model| model.owner());
        self.models().is_user(model)
            || owner.is_some_and(|owner| owner.strength <= Ownership::Member)
    }

    /// The settings that production loads.
    pub fn settings(&self) -> &'a Settings {
        &self.project.settings
    }

    /// A setting by name; Django's default of the project's version where the project sets none.
    pub fn setting(&self, name: &str) -> SettingRef<'a> {
        self.project.settings.get(name)
    }

    /// In which worlds browsers send the session's cookie along with requests that pages of other sites make.
    /// They keep a `Lax` one from these, though not from pages of other hosts of the same site.
    pub(crate) fn session_crosses_sites(&self) -> Cond<'a> {
        let everywhere = |data: &Data| {
            let off = matches!(data, Data::Bool(false));
            Some(off || data.as_str().is_some_and(|text| text.eq_ignore_ascii_case("none")))
        };
        self.setting("SESSION_COOKIE_SAMESITE").is(everywhere).surely()
    }

    /// In which worlds an app is installed (by package or `AppConfig`).
    pub fn has_app(&self, app: &str) -> Cond<'a> {
        self.project.settings.has_app(app)
    }

    /// In which worlds an app is surely installed. For what only matters with the app: where djsec
    /// cannot tell, there is no question that would have to be counted as undecided.
    pub fn uses_app(&self, app: &str) -> Cond<'a> {
        self.has_app(app).surely()
    }

    /// In which worlds a middleware is surely active; see [`Self::uses_app`].
    pub fn uses_middleware(&self, path: &str) -> Cond<'a> {
        self.has_middleware(path).surely()
    }

    /// Where an app is installed: the place for what its missing settings cause.
    pub fn app_place(&self, app: &str) -> Option<Span> {
        let prefix = format!("{app}.apps.");
        let is = |data: &Data| data.as_str().is_some_and(|s| s == app || s.starts_with(&prefix));
        self.setting("INSTALLED_APPS").element_span(self.settings().always(), is)
    }

    /// In which worlds a middleware is active, itself or as a class derived from it.
    pub fn has_middleware(&self, path: &str) -> Cond<'a> {
        self.project.has_middleware(path)
    }

    /// Whether the project's Django is at least this; the newest known when it does not say.
    pub fn django_at_least(&self, major: u16, minor: u16) -> bool {
        let series = self.project.settings.series;
        (series.major, series.minor) >= (major, minor)
    }

    /// The Django version, if the project says so.
    pub fn django(&self) -> Option<DjangoVersion> {
        self.project.django
    }

    /// The setting that lists the project's middleware: before Django 2.0, `MIDDLEWARE_CLASSES` where
    /// `MIDDLEWARE` is not set.
    pub fn middleware_setting(&self) -> &'static str {
        let old = self.setting("MIDDLEWARE_CLASSES");
        let counts = !self.django_at_least(2, 0) && old.explicit;
        // Where the old setting counts, the model shows it under the new name, too.
        let same = old.touched() == self.setting("MIDDLEWARE").touched();
        if counts && same { "MIDDLEWARE_CLASSES" } else { "MIDDLEWARE" }
    }

    /// Where to report something that is missing: the settings file.
    pub fn settings_file(&self) -> Location {
        self.project.settings.file.map_or(Location::Project, Location::File)
    }

    /// The proxies of production in front of the project, as far as the repository has them.
    pub fn edges(&self) -> impl Iterator<Item = &'a Edge> {
        self.project.edges.iter().filter(|edge| edge.strength == Strength::Deployed)
    }

    /// Whether the configuration of a proxy of production names a response header.
    pub fn proxy_sends(&self, header: &str) -> bool {
        let header = header.to_ascii_lowercase();
        let files: BTreeSet<FileId> = self.edges().map(|edge| edge.location.file).collect();
        files.into_iter().any(|file| {
            self.files.text(file).lines().any(|line| {
                !line.trim_start().starts_with('#') && line.to_ascii_lowercase().contains(&header)
            })
        })
    }

    /// The text at a place.
    pub fn source(&self, span: Span) -> &'a str {
        self.files.slice(span)
    }
}
