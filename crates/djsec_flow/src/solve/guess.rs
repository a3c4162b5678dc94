//! Which functions a function seems to call, by names alone: enough to tell an order in which to run them. A
//! wrong guess costs time, and nothing else.

use djsec_django::hierarchy::Hierarchy;
use djsec_python::code::{ClassId, Code, Expr, ExprId, Function, FunctionId, Stmt, Symbol};
use djsec_python::{ModuleId, Program, QualifiedName};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::index::{FunctionKey, Index};
use crate::pages::{Pages, Sinks};

/// Of a method of some object, those that may be meant are guessed where there are no more than these of its name.
const MOST_OF_A_NAME: usize = 8;
/// A method that several classes override is looked up in this many of them.
const MOST_OVERRIDES: usize = 6;

/// What guesses look names up in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names<'a> {
    pub(crate) program: &'a Program,
    pub(crate) hierarchy: &'a Hierarchy<'a>,
    pub(crate) index: &'a Index,
}

/// What a function seems to call.
#[derive(Debug, Clone, Default)]
pub(crate) struct Guess {
    /// What it names.
    pub(super) named: Vec<FunctionKey>,
    /// What may be meant by the name of a method alone.
    pub(super) perhaps: Vec<FunctionKey>,
    /// Texts that may name a page.
    pages: Vec<Symbol>,
}

impl Guess {
    #[cfg(test)]
    pub(super) fn of(named: Vec<FunctionKey>, perhaps: Vec<FunctionKey>) -> Self {
        Self { named, perhaps, pages: Vec::new() }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = FunctionKey> {
        self.named.iter().chain(&self.perhaps).copied()
    }
}

/// For each function, by number, what it seems to call.
pub(crate) fn callees(world: Names<'_>) -> Vec<Guess> {
    let methods = Methods::new(world);
    let keys: Vec<FunctionKey> = world.index.keys().collect();
    let module = |key: &FunctionKey| world.index.place(*key).map(|place| place.module);
    let modules: Vec<&[FunctionKey]> = keys.chunk_by(|a, b| module(a) == module(b)).collect();
    let guessed: Vec<Vec<Guess>> =
        modules.par_iter().with_max_len(8).map(|keys| of_module(world, &methods, keys)).collect();
    guessed.into_iter().flatten().collect()
}

/// Adds the tags of pages: whoever renders a page calls them.
pub(super) fn with_pages(guesses: &mut [Guess], names: Names<'_>, pages: &Pages) {
    for (key, guess) in (0_u32..).map(FunctionKey).zip(guesses) {
        let Some(place) = names.index.place(key) else { continue };
        let Some(code) = names.program.code(place.module) else { continue };
        let texts = guess.pages.iter().map(|text| code.text(*text));
        let of_view = pages.of_method(place.module, place.function).unwrap_or_default();
        let shown = texts.chain(of_view.iter().map(|name| &**name));
        let sinks = shown.filter(|name| name.contains('.')).filter_map(|name| pages.sinks(name));
        let tags = sinks.flat_map(Sinks::tags);
        let before = guess.named.len();
        guess.named.extend(tags.filter_map(|(module, function)| names.index.key(module, function)));
        if guess.named.len() > before {
            guess.named.sort_unstable();
            guess.named.dedup();
        }
    }
}

/// The methods of a project by name, where there are few.
struct Methods<'a>(FxHashMap<&'a str, Vec<FunctionKey>>);

impl<'a> Methods<'a> {
    fn new(world: Names<'a>) -> Self {
        let mut all: FxHashMap<&str, Vec<FunctionKey>> = FxHashMap::default();
        for key in world.index.keys() {
            let Some((_, code, function)) = place(world, key) else { continue };
            if function.class.is_some() {
                let same = all.entry(code.text(function.name)).or_default();
                // One more than counts, so that it shows.
                if same.len() <= MOST_OF_A_NAME {
                    same.push(key);
                }
            }
        }
        all.retain(|_, same| same.len() <= MOST_OF_A_NAME);
        Self(all)
    }

    fn named(&self, name: &str) -> &[FunctionKey] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}

fn place(world: Names<'_>, key: FunctionKey) -> Option<(ModuleId, &Code, &Function)> {
    let place = world.index.place(key)?;
    let code = world.program.code(place.module)?;
    Some((place.module, code, code.function(place.function)?))
}

fn of_module(world: Names<'_>, methods: &Methods<'_>, keys: &[FunctionKey]) -> Vec<Guess> {
    let first = keys.first().and_then(|key| place(world, *key));
    let Some((module, code, _)) = first else { return vec![Guess::default(); keys.len()] };
    let mut reader = Reader {
        world,
        methods,
        module,
        code,
        names: FxHashMap::default(),
        local: FxHashSet::default(),
        writers: writers(code, keys, world),
        own: FxHashMap::default(),
    };
    keys.iter().map(|key| reader.calls(*key).unwrap_or_default()).collect()
}

/// The methods of a module that set attributes of what they are called on.
fn writers(
    code: &Code,
    keys: &[FunctionKey],
    world: Names<'_>,
) -> FxHashMap<(ClassId, Symbol), Vec<FunctionKey>> {
    let mut all: FxHashMap<(ClassId, Symbol), Vec<FunctionKey>> = FxHashMap::default();
    for key in keys {
        let Some((.., function)) = place(world, *key) else { continue };
        let Some((class, this)) = function.class.zip(function.parameters.first()) else { continue };
        code.each_stmt(function.body, &mut |_, stmt| {
            let Stmt::Assign { targets, .. } = stmt else { return };
            for target in code.exprs(targets) {
                if let Expr::Attribute(base, name) = code.expr(*target)
                    && code.expr(base) == Expr::Name(this.name)
                {
                    all.entry((class, name)).or_default().push(*key);
                }
            }
        });
    }
    all
}

/// What a name at the top of a module is.
#[derive(Debug, Clone, Copy)]
enum Named {
    Function(FunctionKey),
    /// A class of the project, with what makes an instance.
    Class(Option<FunctionKey>),
    Module,
    /// Of a package, or of the interpreter.
    Foreign,
    /// A name of the function's own, most often.
    Other,
}

impl Named {
    /// What is called where it is called.
    fn key(self) -> Option<FunctionKey> {
        match self {
            Self::Function(key) | Self::Class(Some(key)) => Some(key),
            Self::Class(None) | Self::Module | Self::Foreign | Self::Other => None,
        }
    }
}

/// Reads the functions of a module, and keeps what its names were found to mean.
struct Reader<'a> {
    world: Names<'a>,
    methods: &'a Methods<'a>,
    module: ModuleId,
    code: &'a Code,
    names: FxHashMap<Symbol, Named>,
    /// Names of the function at hand.
    local: FxHashSet<Symbol>,
    /// The methods that set `self.name`, by their class.
    writers: FxHashMap<(ClassId, Symbol), Vec<FunctionKey>>,
    /// What `self.name` and `super().name` may run, by the class in whose body that stands.
    own: FxHashMap<(ClassId, Symbol, bool), Vec<FunctionKey>>,
}

impl Reader<'_> {
    fn calls(&mut self, key: FunctionKey) -> Option<Guess> {
        let code = self.code;
        let id = self.world.index.place(key)?.function;
        let function = code.function(id)?;
        let mut found = Guess::default();
        self.local.clear();
        self.local.extend(function.parameters.iter().map(|parameter| parameter.name));
        code.each_stmt(function.body, &mut |_, stmt| match stmt {
            Stmt::Assign { targets, .. } => {
                for target in code.exprs(targets) {
                    self.bound(*target);
                }
            }
            Stmt::For { target, .. } => self.bound(target),
            Stmt::Function(inner) => found.named.extend(self.key(self.module, inner)),
            _ => {}
        });
        for decorator in code.exprs(function.decorators) {
            code.each_inner(*decorator, &mut |_, expr| self.seen(function, expr, &mut found));
        }
        code.each_expr(function.body, &mut |_, expr| self.seen(function, expr, &mut found));
        for all in [&mut found.named, &mut found.perhaps] {
            all.sort_unstable();
            all.dedup();
        }
        Some(found)
    }

    fn bound(&mut self, target: ExprId) {
        if let Expr::Name(name) = self.code.expr(target) {
            self.local.insert(name);
        }
    }

    fn key(&self, module: ModuleId, function: FunctionId) -> Option<FunctionKey> {
        self.world.index.key(module, function)
    }

    /// Whatever of the project is mentioned may be called, there or by what it is handed to.
    fn seen(&mut self, function: &Function, expr: Expr, found: &mut Guess) {
        match expr {
            Expr::Lambda(inner) => found.named.extend(self.key(self.module, inner)),
            Expr::Name(name) => found.named.extend(self.name(name).key()),
            Expr::Str(text) if is_file_name(self.code.text(text)) => found.pages.push(text),
            Expr::Attribute(base, name) => self.attribute(function, base, name, found),
            _ => {}
        }
    }

    fn name(&mut self, name: Symbol) -> Named {
        if self.local.contains(&name) {
            return Named::Other;
        }
        if let Some(known) = self.names.get(&name) {
            return *known;
        }
        let found = self.world.program.resolve(self.module, self.code.text(name));
        let named = match &found {
            QualifiedName::Module(_) => Named::Module,
            QualifiedName::External(_) => Named::Foreign,
            QualifiedName::Project(module, _) => self.of_project(*module, &found),
            QualifiedName::Unknown => Named::Other,
        };
        self.names.insert(name, named);
        named
    }

    fn of_project(&self, module: ModuleId, name: &QualifiedName) -> Named {
        if self.world.program.class_code(name).is_some() {
            return Named::Class(self.method(name, "__init__"));
        }
        let function = self.world.program.function_code(name);
        let key = function.and_then(|(_, function)| self.key(module, function));
        key.map_or(Named::Other, Named::Function)
    }

    fn attribute(&mut self, function: &Function, base: ExprId, name: Symbol, found: &mut Guess) {
        let code = self.code;
        let this = function.parameters.first().map(|first| first.name);
        let is_super = |callee| code.name(callee) == Some("super");
        match (code.expr(base), function.class) {
            (Expr::Name(of), Some(class)) if Some(of) == this => {
                found.named.extend_from_slice(self.own(class, name, false));
                // What they leave there is read.
                let writers = self.writers.get(&(class, name));
                found.perhaps.extend(writers.into_iter().flatten());
            }
            (Expr::Call(callee, _), Some(class)) if is_super(callee) => {
                found.named.extend_from_slice(self.own(class, name, true));
            }
            _ => match self.root(base) {
                Some(Named::Foreign) => {}
                Some(Named::Class(_) | Named::Module) => {
                    found.named.extend(self.held(base, code.text(name)));
                }
                _ => found.perhaps.extend_from_slice(self.methods.named(code.text(name))),
            },
        }
    }

    /// What the first name of a dotted one is.
    fn root(&mut self, id: ExprId) -> Option<Named> {
        match self.code.expr(id) {
            Expr::Name(name) => Some(self.name(name)),
            Expr::Attribute(base, _) => self.root(base),
            _ => None,
        }
    }

    /// What a module or a class has under a name.
    fn held(&self, base: ExprId, name: &str) -> Option<FunctionKey> {
        let base = self.world.program.resolve(self.module, &self.code.dotted(base)?);
        match &base {
            QualifiedName::Module(module) => {
                let found = self.world.program.resolve(*module, name);
                let QualifiedName::Project(module, _) = &found else { return None };
                self.of_project(*module, &found).key()
            }
            QualifiedName::Project(..) => self.method(&base, name),
            _ => None,
        }
    }

    /// What `self.name` may run in a class and those derived from it; with `above`, `super().name`.
    fn own(&mut self, class: ClassId, name: Symbol, above: bool) -> &[FunctionKey] {
        let Self { world, module, code, .. } = *self;
        let look = || {
            let Some(class) = code.class(class) else { return Vec::new() };
            let owner = QualifiedName::Project(module, class.path.as_ref().into());
            let classes = std::iter::once(&owner).chain(world.index.derived(&owner));
            let name = code.text(name);
            let mut all: Vec<FunctionKey> = classes
                .take(MOST_OVERRIDES)
                .filter_map(|class| {
                    let found = if above {
                        world.hierarchy.attribute_behind(class, &owner, name)
                    } else {
                        world.hierarchy.attribute(class, name)
                    };
                    let (module, function) = found?.method()?;
                    world.index.key(module, function)
                })
                .collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        self.own.entry((class, name, above)).or_insert_with(look)
    }

    fn method(&self, class: &QualifiedName, name: &str) -> Option<FunctionKey> {
        let (module, function) = self.world.hierarchy.method(class, name)?;
        self.key(module, function)
    }
}

/// Whether a text may be the name of a template.
fn is_file_name(text: &str) -> bool {
    text.contains('.') && !text.contains(['\n', ' '])
}
