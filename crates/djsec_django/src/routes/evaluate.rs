//! Running the URLconf that `ROOT_URLCONF` names.

use std::sync::Arc;

use camino::Utf8Path;
use djsec_base::{Files, Span, TextRange};
use djsec_deps::Inventory;
use djsec_python::Program;
use djsec_python::eval::{At, Budget, Environment, Interp, Leaf};
use djsec_python::worlds::Guard;

use super::library::UrlLibrary;
use super::names::Names;
use super::walk::Walk;
use super::{Gap, Routes};
use crate::hierarchy::Hierarchy;
use crate::settings::Settings;
use crate::settings::library::Packages;

/// Numbers of unknown values below this belong to the evaluation of the settings.
const FIRST_UNKNOWN: u32 = 1 << 24;

/// Turns of one loop.
const LOOP: u32 = 12_000;

/// What to evaluate.
pub struct Request<'a> {
    /// The tree.
    pub files: &'a Files,
    /// Its modules.
    pub program: &'a Program,
    /// Its classes.
    pub hierarchy: &'a Hierarchy<'a>,
    /// Its settings; the routes live in their worlds.
    pub settings: &'a Settings,
    /// Its packages.
    pub inventory: &'a Inventory,
    /// Folder of the Django project.
    pub root: &'a Utf8Path,
    /// What is known of the environment.
    pub environment: Environment,
    /// The most work to do.
    pub budget: Budget,
}

/// Every address of a project. Needs a thread with a large stack, as the settings do.
pub fn evaluate(request: Request<'_>) -> Routes {
    let Request { files, program, hierarchy, settings, inventory, root, environment, budget } =
        request;
    // A loop may make each of the routes that one URLconf can have.
    let budget = Budget { iterations: budget.iterations.max(LOOP), ..budget };
    let packages = Packages::new(files, inventory, settings.series);
    let library = UrlLibrary::new(packages, settings, Names::new(program, hierarchy, root));
    let mut it = Interp::new(files, program, &library, root, environment, budget);
    it.visit_worlds(settings.with_worlds(std::mem::take), FIRST_UNKNOWN);
    let file = settings.file.unwrap_or(djsec_base::FileId(0));
    let place = settings.get("ROOT_URLCONF").touched().last().copied();
    let place = place.unwrap_or_else(|| Span::new(file, TextRange::default()));
    let before = it.worlds.mark();
    let mut routes = run(&library, &mut it, place);
    let mut worlds = std::mem::take(&mut it.worlds);
    if worlds.overflowed() && !settings.overflowed {
        // What the settings say still counts, and so do routes whose conditions are as old as that.
        worlds.rewind(before);
        routes.routes.retain(|route| before.has(route.when));
    }
    settings.with_worlds(|slot| *slot = worlds);
    routes
}

fn run(library: &UrlLibrary<'_>, it: &mut Interp<'_>, place: Span) -> Routes {
    let at = At { pc: Guard::ALWAYS, span: place };
    let root = library.setting(it, "ROOT_URLCONF");
    let mut loaded: Vec<(Leaf, At)> = Vec::new();
    let mut gaps = Vec::new();
    for alt in &root.alts {
        let pc = it.worlds.and(at.pc, alt.guard);
        if it.worlds.impossible(pc) {
            continue;
        }
        let here = At { pc, ..at };
        match &alt.leaf {
            Leaf::Str(name) => match it.load_module(name, here) {
                Some(_) => loaded.push((Leaf::Module(Arc::clone(name)), here)),
                None => gaps.push(gap(format!("ROOT_URLCONF {name} is not in the tree"), place)),
            },
            Leaf::Absent => gaps.push(gap("ROOT_URLCONF is not set".to_owned(), place)),
            other => {
                let shown = it.repr(other);
                gaps.push(gap(format!("ROOT_URLCONF is not known: {shown}"), place));
            }
        }
    }
    let mut walk = Walk::new(library, it);
    for (urlconf, at) in loaded {
        walk.root(&urlconf, at);
    }
    // Last, so that what goes wrong there is not in the way of the URLconf.
    walk.sockets(at);
    let mut routes = walk.out;
    routes.gaps.extend(gaps);
    if it.exhausted() {
        let reason = "the URLconf needs more work than djsec does".to_owned();
        routes.gaps.push(Gap { cut: true, ..gap(reason, place) });
    }
    routes
}

fn gap(reason: String, place: Span) -> Gap {
    Gap { prefix: String::new(), reason, place, cut: false }
}
