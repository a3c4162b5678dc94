//! Summaries of all functions: bottom-up over the calls, side by side, to a fixed point.

mod first;
pub(crate) mod guess;
mod order;
mod vary;

use std::collections::BTreeSet;
use std::sync::Arc;

use djsec_base::{Files, Utf8Path};
use djsec_django::hierarchy::Hierarchy;
use djsec_django::models::Models;
use djsec_django::routes::Routes;
use djsec_django::settings::Settings;
use djsec_django::templates::Templates;
use djsec_django::views::Views;
use djsec_python::code::FunctionId;
use djsec_python::{ModuleId, Program, QualifiedName};
use rayon::prelude::*;

use self::guess::{Guess, Names};
use self::order::levels;
use crate::attributes::Attributes;
use crate::entry::Entries;
use crate::flow::{self, Flows};
use crate::groundwork::Groundwork;
use crate::index::FunctionKey;
use crate::listed::Listed;
use crate::pages::Pages;
use crate::parsing::Parsing;
use crate::run::Offered;
use crate::run::{Known, Usable, World, imported, run, shown};
use crate::summary::{Hit, Summary};
use crate::variants::Variants;
use crate::{Catalog, Kind};

/// So many engines of templates are looked at.
const MOST_ENGINES: usize = 8;

/// Functions that call each other are run again at most this often.
const MOST_ROUNDS: usize = 12;

/// So many of these are left once methods are looked at for more classes.
const LEFT_FOR_VARIANTS: usize = 3;

/// From this round on, what was found before is kept: bounds can make a function say one thing and then
/// another, for ever.
const KEEPS_FROM: usize = 5;

/// What to analyse.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The tree.
    pub files: &'a Files,
    /// All code.
    pub program: &'a Program,
    /// Its classes.
    pub hierarchy: &'a Hierarchy<'a>,
    /// The project's models.
    pub models: &'a Models,
    /// Its settings; absent where every address counts.
    pub settings: Option<&'a Settings>,
    /// Its addresses.
    pub routes: &'a Routes,
    /// What answers them.
    pub views: &'a Views,
    /// Its folder.
    pub root: &'a Utf8Path,
    /// Its templates.
    pub templates: &'a Templates,
    /// What is known of packages.
    pub catalog: &'a Catalog,
}

/// Every way of untrusted data into a sink; `groundwork` is of the same code.
pub fn flows(request: Request<'_>, groundwork: Groundwork) -> Flows {
    let program = request.program;
    let ground = Ground::new(request, groundwork);
    let (world, index) = (ground.world(request), &ground.groundwork.index);
    let solver = Solver::solve(world, &ground.groundwork.guesses);
    let shown = solver.shown();
    let of_pages = shown.iter().flat_map(|one| one.hits.iter());
    let hits: Vec<Hit> = of_pages.chain(solver.hits_of_variants()).cloned().collect();
    let mut flows = flow::gather(index, &ground.entries, &solver.summaries, &hits, |key| {
        let place = index.place(key)?;
        let code = program.code(place.module)?;
        Some((code, code.function(place.function)?, program.module(place.module)?.file))
    });
    flows.cut += solver.cut_variants();
    let all = solver.summaries.iter().map(|summary| &**summary).chain(&shown);
    flows.told = all.flat_map(|summary| summary.told.iter().copied()).collect();
    flows.clean_filters = solver.clean_filters();
    solver.leave();
    flows
}

/// Solves all functions, then shows each to `look` with what is known of the others.
pub(crate) fn solved(
    request: Request<'_>,
    look: &mut dyn FnMut(World<'_>, Known<'_>, FunctionKey),
) {
    let Request { files, program, hierarchy, root, .. } = request;
    let ground = Ground::new(request, Groundwork::new(files, program, hierarchy, root));
    let (world, index) = (ground.world(request), &ground.groundwork.index);
    let solver = Solver::solve(world, &ground.groundwork.guesses);
    for key in index.keys() {
        look(world, solver.known(key), key);
    }
}

/// What is worked out before any function is run.
struct Ground {
    groundwork: Groundwork,
    entries: Entries,
    listed: Listed,
    offered: Offered,
    pages: Pages,
    parsing: Parsing,
}

impl Ground {
    fn new(request: Request<'_>, mut groundwork: Groundwork) -> Self {
        let Request { program, hierarchy, settings, routes, views, templates, .. } = request;
        let index = &groundwork.index;
        let entries = || Entries::new(routes, views, settings, hierarchy, index);
        let shown = || {
            let pages = Pages::new(templates, hierarchy, routes, views);
            let parsing = Parsing::new(program, hierarchy, &templates.libraries);
            (pages, parsing)
        };
        let (entries, (pages, parsing)) = rayon::join(entries, shown);
        let pages = pages.with_processors(processors(request));
        guess::with_pages(
            &mut groundwork.guesses,
            Names { program, hierarchy, index: &groundwork.index },
            &pages,
        );
        let (listed, offered) = (Listed::default(), Offered::default());
        Self { groundwork, entries, listed, offered, pages, parsing }
    }

    fn world<'a>(&'a self, request: Request<'a>) -> World<'a> {
        let Self { groundwork, entries, listed, offered, pages, parsing } = self;
        let Groundwork { index, globals, captured, dispatch, registered, .. } = groundwork;
        let Request { program, hierarchy, models, catalog, settings, root, templates, .. } =
            request;
        World {
            program,
            hierarchy,
            models,
            catalog,
            index,
            entries,
            globals,
            captured,
            dispatch,
            pages,
            templates,
            parsing,
            registered,
            settings,
            listed,
            offered,
            root,
        }
    }
}

/// The functions of the project that give every page a context, as the settings say.
fn processors(request: Request<'_>) -> Vec<(ModuleId, FunctionId)> {
    let Some(settings) = request.settings else { return Vec::new() };
    let engines = settings.get("TEMPLATES");
    let of_engine = |at| engines.index(at).entry("OPTIONS").entry("context_processors").elements();
    let all = (0..engines.elements().len().min(MOST_ENGINES)).flat_map(of_engine);
    let found = all.filter_map(|part| {
        let (module, name) = part.data.as_str()?.rsplit_once('.')?;
        let module = request.program.find(module, request.root)?;
        let QualifiedName::Project(module, name) = request.program.resolve(module, name) else {
            return None;
        };
        let name = QualifiedName::Project(module, name);
        Some((module, request.program.function_code(&name)?.1))
    });
    found.collect()
}

struct Solver<'a> {
    world: World<'a>,
    summaries: Vec<Arc<Summary>>,
    /// For each function those that it may call, sorted.
    callees: Vec<Vec<FunctionKey>>,
    attributes: Attributes,
    /// Methods that are looked at for one class, too: their summaries stand behind those of all functions.
    variants: Variants,
    /// What modules leave while they are imported, with the turn after which that was found.
    imported: Vec<(u32, Summary)>,
    /// How often functions were run, several at a time.
    turn: u32,
    /// The turn in which each function was run last.
    ran: Vec<u32>,
    /// What functions run up to this turn were found to call is known.
    noted: u32,
    /// All functions in order, as long as nobody is found to call more.
    levels: Option<Arc<[Vec<FunctionKey>]>>,
}

impl<'a> Solver<'a> {
    /// Gives back the memory of what nobody asks for any more, beside what comes next.
    fn leave(self) {
        let Self { summaries, attributes, imported, .. } = self;
        rayon::spawn(move || drop((summaries, attributes, imported)));
    }

    /// What arrives in templates without any code of the project that puts it there.
    fn shown(&self) -> Vec<Summary> {
        let world = self.world;
        // Some code has to be at hand; nothing in it is looked at.
        let first = world.index.place(FunctionKey(0));
        let Some(code) = first.and_then(|place| world.program.code(place.module)) else {
            return Vec::new();
        };
        // Whatever a template calls, its summary is there.
        let known = self.known_of(Usable::All);
        world
            .pages
            .shown
            .par_iter()
            .with_max_len(2)
            .map(|one| shown(world, known, code, one))
            .collect()
    }

    /// The filters of which what comes out does no harm as HTML, whatever went in.
    fn clean_filters(&self) -> BTreeSet<Arc<str>> {
        let cleans = |(module, function)| {
            let key = self.world.index.key(module, function);
            let summary = key.and_then(|key| self.summaries.get(key.0 as usize));
            summary.is_some_and(|summary| {
                let returns = summary.returns.whole();
                !summary.cut && !returns.labels().iter().any(|label| label.may(Kind::Html))
            })
        };
        let filters = self.world.pages.filters().filter(|(_, function)| cleans(*function));
        filters.map(|(name, _)| Arc::clone(name)).collect()
    }

    fn solve(world: World<'a>, guesses: &[Guess]) -> Self {
        let (mut solver, mut dirty) = Self::first(world, guesses);
        for round in 1..=MOST_ROUNDS {
            solver.further_calls(&mut dirty);
            solver.attributes(&mut dirty);
            // What comes to light in the last rounds could not be followed any more.
            if round + LEFT_FOR_VARIANTS <= MOST_ROUNDS {
                solver.vary(&mut dirty);
            }
            if !dirty.contains(&true) {
                break;
            }
            let none = vec![false; solver.summaries.len()];
            solver.spread(std::mem::replace(&mut dirty, none));
        }
        solver
    }

    /// What is known while a function is run.
    fn known(&self, key: FunctionKey) -> Known<'_> {
        self.known_of(Usable::These(self.callees_of(key)))
    }

    fn known_of<'k>(&'k self, usable: Usable<'k>) -> Known<'k> {
        Known {
            summaries: &self.summaries,
            usable,
            attributes: &self.attributes,
            variants: &self.variants,
        }
    }

    /// Runs functions of one level until nothing changes for those among them that call each other.
    fn settle(&mut self, mut open: Vec<FunctionKey>) -> Vec<FunctionKey> {
        let mut changed: Vec<FunctionKey> = Vec::new();
        for turn in 1..=MOST_ROUNDS {
            let different = self.round(&open, turn >= KEEPS_FROM);
            let within = |key: &&FunctionKey| {
                self.callees_of(**key).iter().any(|callee| different.binary_search(callee).is_ok())
            };
            let again: Vec<FunctionKey> = open.iter().filter(within).copied().collect();
            changed.extend(different);
            if again.is_empty() {
                break;
            }
            if turn == MOST_ROUNDS {
                self.cut(&again);
            }
            open = again;
        }
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    /// Notes that functions were not looked at to the end.
    fn cut(&mut self, functions: &[FunctionKey]) {
        for key in functions {
            if let Some(summary) = self.summaries.get_mut(key.0 as usize) {
                Arc::make_mut(summary).cut = true;
            }
        }
    }

    /// Runs functions once, side by side; those of which others see something new. `keeps`: what was found
    /// before holds, too.
    fn round(&mut self, open: &[FunctionKey], keeps: bool) -> Vec<FunctionKey> {
        self.begin(open);
        let found: Vec<(FunctionKey, Arc<Summary>)> = open
            .par_iter()
            // One by one: some functions cost a hundred times what others do.
            .with_max_len(1)
            .map(|key| (*key, Arc::new(run(self.world, self.known(*key), *key))))
            .collect();
        let mut different = Vec::new();
        for (key, summary) in found {
            let Some(slot) = self.summaries.get_mut(key.0 as usize) else { continue };
            let summary =
                if keeps { Arc::new(slot.with(Arc::unwrap_or_clone(summary))) } else { summary };
            if !slot.same_outside(&summary) {
                different.push(key);
            }
            *slot = summary;
        }
        different.sort_unstable();
        different
    }

    /// Notes that functions are run now.
    fn begin(&mut self, functions: &[FunctionKey]) {
        self.turn += 1;
        for key in functions {
            if let Some(slot) = self.ran.get_mut(key.0 as usize) {
                *slot = self.turn;
            }
        }
    }

    fn callees_of(&self, key: FunctionKey) -> &[FunctionKey] {
        self.callees.get(key.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// Marks what reads data that one method leaves on an instance for another, where that changed since.
    fn attributes(&mut self, dirty: &mut [bool]) {
        let mut kept = Attributes::default();
        self.import();
        let of_modules = self.imported.iter().map(|(_, summary)| summary);
        for summary in self.summaries.iter().map(|summary| &**summary).chain(of_modules) {
            kept.join(&summary.attributes, self.turn);
        }
        self.attributes.become_these(kept, self.turn);
        let hierarchy = self.world.hierarchy;
        for ((summary, ran), dirty) in self.summaries.iter().zip(&self.ran).zip(dirty) {
            let changed =
                |class: &QualifiedName, name: &str| self.attributes.changed(class, name, *ran);
            *dirty |= summary.reads.iter().any(|(class, name)| {
                self.attributes.changed_somewhere(name, *ran)
                    && (changed(class, name)
                        || hierarchy.order(class).iter().any(|owner| changed(owner, name)))
            });
        }
    }

    /// Runs what modules hand over while they are imported: all of them once, and again those that call what was
    /// run since.
    fn import(&mut self) {
        let modules = &self.world.registered.modules;
        let ran = |key: &FunctionKey| self.ran.get(key.0 as usize).copied().unwrap_or_default();
        let is_old = |at: usize| match self.imported.get(at) {
            Some((turn, summary)) => summary.callees.iter().any(|key| ran(key) > *turn),
            None => true,
        };
        let (world, known) = (self.world, self.known_of(Usable::All));
        let old = modules.par_iter().with_max_len(1).enumerate().filter(|(at, _)| is_old(*at));
        let found: Vec<(usize, Summary)> =
            old.map(|(at, (module, all))| (at, imported(world, known, (*module, all)))).collect();
        self.imported.resize_with(modules.len(), Default::default);
        for (at, summary) in found {
            if let Some(slot) = self.imported.get_mut(at) {
                *slot = (self.turn, summary);
            }
        }
    }

    /// Remembers what a function was found to call; whether there is anything new.
    fn note_callees(&mut self, key: FunctionKey) -> bool {
        let at = key.0 as usize;
        let found = self.summaries.get(at).zip(self.callees.get_mut(at));
        let Some((summary, known)) = found else { return false };
        let new = summary.callees.iter().filter(|key| known.binary_search(key).is_err());
        let new: Vec<FunctionKey> = new.copied().collect();
        if new.is_empty() {
            return false;
        }
        known.extend(new);
        known.sort_unstable();
        self.levels = None;
        true
    }

    /// Marks what calls functions that could only be told once it was known what others give back:
    /// `client().fetch(url)`.
    fn further_calls(&mut self, dirty: &mut [bool]) {
        for (key, dirty) in (0_u32..).map(FunctionKey).zip(dirty) {
            let ran = self.ran.get(key.0 as usize).copied().unwrap_or_default();
            if ran > self.noted {
                *dirty |= self.note_callees(key);
            }
        }
        self.noted = self.turn;
    }

    fn levels(&mut self) -> Arc<[Vec<FunctionKey>]> {
        Arc::clone(self.levels.get_or_insert_with(|| levels(&self.callees).into()))
    }

    /// Runs functions again of which something is new, and those that call them, as far as it matters.
    fn spread(&mut self, mut dirty: Vec<bool>) {
        for level in self.levels().iter() {
            let is_dirty = |key: &FunctionKey| {
                let own = dirty.get(key.0 as usize).copied().unwrap_or_default();
                let of = |callee: &FunctionKey| dirty.get(callee.0 as usize).copied();
                own || self.callees_of(*key).iter().any(|callee| of(callee) == Some(true))
            };
            let open: Vec<FunctionKey> =
                level.iter().filter(|key| is_dirty(key)).copied().collect();
            let changed = self.settle(open.clone());
            for key in open {
                if let Some(slot) = dirty.get_mut(key.0 as usize) {
                    *slot = changed.binary_search(&key).is_ok();
                }
            }
        }
    }
}
