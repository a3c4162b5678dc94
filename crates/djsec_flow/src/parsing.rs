//! Functions that read the words of a tag: those that are tags, and those that these hand the parser or the words.

use djsec_django::hierarchy::Hierarchy;
use djsec_django::templates::Libraries;
use djsec_python::code::{Argument, Code, Expr, ExprId, FunctionId, Stmt, Symbol};
use djsec_python::{ModuleId, Program, QualifiedName};
use rustc_hash::FxHashMap;

use crate::index::owner;

/// More functions than this read no words.
const MOST: usize = 2_000;

/// What a parameter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The parser.
    Parser,
    /// The tag as it is written.
    Token,
    /// Its words, or some of them.
    Words,
}

/// A function, and what its parameters are, by their places.
type Handed = ((ModuleId, FunctionId), Vec<Option<Role>>);

/// What the parameters of such functions are, by their places.
#[derive(Debug, Default)]
pub(crate) struct Parsing(FxHashMap<(ModuleId, FunctionId), Vec<Option<Role>>>);

impl Parsing {
    pub(crate) fn new(program: &Program, hierarchy: &Hierarchy<'_>, libraries: &Libraries) -> Self {
        let mut this = Self::default();
        let mut open = Vec::new();
        for tag in libraries.tags.values().filter(|tag| tag.kind.parses()) {
            let (module, function) = tag.function;
            let Some(code) = program.code(module) else { continue };
            let mut roles = vec![None; before(code, function)];
            roles.extend([Some(Role::Parser), Some(Role::Token)]);
            open.extend(this.adds(tag.function, roles).then_some(tag.function));
        }
        while let Some((module, function)) = open.pop() {
            let Some(code) = program.code(module) else { continue };
            let reader = Reader { program, hierarchy, module, code, function };
            for (callee, roles) in reader.handed(this.roles(module, function)) {
                open.extend(this.adds(callee, roles).then_some(callee));
            }
        }
        this
    }

    /// Whether a function reads the words of a tag.
    pub(crate) fn reads(&self, module: ModuleId, function: FunctionId) -> bool {
        !self.0.is_empty() && self.0.contains_key(&(module, function))
    }

    /// What the parameter of a place is.
    pub(crate) fn role(&self, module: ModuleId, function: FunctionId, at: u16) -> Option<Role> {
        self.roles(module, function).get(usize::from(at)).copied()?
    }

    fn roles(&self, module: ModuleId, function: FunctionId) -> &[Option<Role>] {
        if self.0.is_empty() {
            return &[];
        }
        self.0.get(&(module, function)).map_or(&[], Vec::as_slice)
    }

    /// Notes what parameters are; whether that is new.
    fn adds(&mut self, function: (ModuleId, FunctionId), roles: Vec<Option<Role>>) -> bool {
        if self.0.len() >= MOST {
            return false;
        }
        let known = self.0.entry(function).or_default();
        if known.len() < roles.len() {
            known.resize(roles.len(), None);
        }
        let mut is_new = false;
        for (known, role) in known.iter_mut().zip(roles) {
            is_new |= known.is_none() && role.is_some();
            *known = known.or(role);
        }
        is_new
    }
}

/// How many parameters stand before those that are handed over: the class, or the object.
fn before(code: &Code, function: FunctionId) -> usize {
    let Some(found) = code.function(function) else { return 0 };
    let is = |name| code.exprs(found.decorators).iter().any(|id| code.is_dotted(*id, name));
    usize::from(found.class.is_some() && !is("staticmethod"))
}

/// One function that is handed something.
struct Reader<'a> {
    program: &'a Program,
    hierarchy: &'a Hierarchy<'a>,
    module: ModuleId,
    code: &'a Code,
    function: FunctionId,
}

impl Reader<'_> {
    /// What it hands on, and to which functions of the project.
    fn handed(&self, roles: &[Option<Role>]) -> Vec<Handed> {
        let code = self.code;
        let Some(function) = code.function(self.function) else { return Vec::new() };
        let parameters = function.parameters.iter().map(|parameter| parameter.name);
        let mut names: Vec<(Symbol, Role)> =
            parameters.zip(roles).filter_map(|(name, role)| Some((name, (*role)?))).collect();
        code.each_stmt(function.body, &mut |_, stmt| {
            if let Stmt::Assign { targets, value: Some(value), .. } = stmt
                && let Some(role) = self.role(&names, value)
            {
                let targets = code.exprs(targets).iter().map(|id| code.expr(*id));
                names.extend(targets.filter_map(|target| match target {
                    Expr::Name(name) => Some((name, role)),
                    _ => None,
                }));
            }
        });
        let mut found = Vec::new();
        code.each_expr(function.body, &mut |_, expr| {
            if let Expr::Call(callee, arguments) = expr {
                let handed = self.handed_to(&names, callee, code.arguments(arguments));
                found.extend(handed);
            }
        });
        found
    }

    fn handed_to(
        &self,
        names: &[(Symbol, Role)],
        callee: ExprId,
        arguments: &[Argument],
    ) -> Option<Handed> {
        let given: Vec<Option<Role>> =
            arguments.iter().map(|argument| self.role(names, argument.value)).collect();
        given.iter().flatten().next()?;
        let called = self.called(callee)?;
        let code = self.program.code(called.0)?;
        let parameters = &code.function(called.1)?.parameters;
        let mut roles = vec![None; parameters.len()];
        let mut places = before(code, called.1)..;
        for (argument, role) in arguments.iter().zip(given) {
            let at = match argument.keyword {
                None => places.next(),
                Some(name) => {
                    let name = self.code.text(name);
                    parameters.iter().position(|parameter| code.text(parameter.name) == name)
                }
            };
            if let Some(slot) = at.and_then(|at| roles.get_mut(at)) {
                *slot = role;
            }
        }
        Some((called, roles))
    }

    /// What an expression is.
    fn role(&self, names: &[(Symbol, Role)], id: ExprId) -> Option<Role> {
        let code = self.code;
        match code.expr(id) {
            Expr::Name(name) => {
                names.iter().find(|(known, _)| *known == name).map(|(_, role)| *role)
            }
            // `token.split_contents()`, `token.contents.split()`, `bits[1:]`
            Expr::Call(callee, _) => match code.expr(callee) {
                Expr::Attribute(on, name) if code.text(name).starts_with("split") => {
                    self.role(names, on).filter(|role| *role == Role::Token).map(|_| Role::Words)
                }
                _ => None,
            },
            Expr::Attribute(on, name) if code.text(name) == "contents" => {
                self.role(names, on).filter(|role| *role == Role::Token)
            }
            Expr::Subscript(on, index) if matches!(code.expr(index), Expr::Slice(_)) => {
                self.role(names, on).filter(|role| *role == Role::Words)
            }
            _ => None,
        }
    }

    /// The function of the project that is called: by its name, or as a method of the class around.
    fn called(&self, callee: ExprId) -> Option<(ModuleId, FunctionId)> {
        let code = self.code;
        if let Expr::Attribute(on, name) = code.expr(callee) {
            let first = code.function(self.function)?.parameters.first()?.name;
            if let (Expr::Name(base), Some(class)) =
                (code.expr(on), owner(self.module, code, self.function))
                && base == first
            {
                return self.hierarchy.method(&class, code.text(name));
            }
        }
        let name = self.program.resolve(self.module, &code.dotted(callee)?);
        let QualifiedName::Project(module, path) = &name else { return None };
        if self.program.class_code(&name).is_some() {
            return self.hierarchy.method(&name, "__init__");
        }
        let own = self.program.function_code(&name).map(|(_, function)| (*module, function));
        own.or_else(|| {
            let (class, method) = path.rsplit_once('.')?;
            self.hierarchy.method(&QualifiedName::Project(*module, class.into()), method)
        })
    }
}
