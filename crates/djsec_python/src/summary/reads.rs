//! One walk over every node of a tree: who reads which setting, and which upper-case names appear.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use djsec_base::TextRange;
use djsec_syntax::python::ast::visitor::{self, Visitor};
use djsec_syntax::python::{Ranged, ast};
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::collect::import_bindings;
use super::expression::{dotted, is_setting_name, string};
use super::{Binding, Condition};
use crate::calls::{Site, Sites};

/// What may be accesses to settings; whether they are is known after linking.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    /// The objects whose attributes are accessed, as dotted names in their module.
    pub(crate) bases: Vec<Box<str>>,
    /// The accesses, in source order.
    pub(crate) candidates: Vec<Candidate>,
    /// Hashes ([`mention_hash`]) of the upper-case names that appear, without duplicates.
    pub(crate) mentions: Vec<u64>,
}

/// An access to an upper-case attribute.
#[derive(Debug)]
pub(crate) struct Candidate {
    /// Position in [`Reads::bases`].
    pub(crate) base: u32,
    /// The attribute; empty when it is computed.
    pub(crate) name: Box<str>,
    /// The whole expression.
    pub(crate) range: TextRange,
    /// What is done to it.
    pub(crate) access: Access,
}

/// What is done to an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// `settings.X`, `getattr(settings, "X")`.
    Read,
    /// `getattr(settings, "X", default)`, `hasattr(settings, "X")`.
    ReadOrDefault,
    /// `settings.X = …`, `setattr(settings, "X", …)`, `del settings.X`.
    Write,
}

/// Names are kept by hash: a collision can only make a name count as mentioned.
pub(crate) fn mention_hash(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    name.hash(&mut hasher);
    hasher.finish()
}

/// What the walk brings.
pub(super) struct Visited {
    pub(super) reads: Reads,
    pub(super) local_imports: Vec<Binding>,
    pub(super) calls: Sites,
    /// Whether `sys.path` or `site.addsitedir` appears.
    pub(super) edits_path: bool,
}

/// Walks over a module.
pub(super) fn visit<'a>(body: &'a [ast::Stmt], text: &'a str) -> Visited {
    let mut reader = Reader {
        text,
        bases: FxHashMap::default(),
        mentions: FxHashSet::default(),
        functions: 0,
        callees: FxHashMap::default(),
        path: String::new(),
        scope: None,
        out: Visited {
            reads: Reads::default(),
            local_imports: Vec::new(),
            calls: Sites::default(),
            edits_path: false,
        },
    };
    reader.visit_body(body);
    reader.out.calls.shrink();
    let mut mentions: Vec<u64> = reader.mentions.into_iter().collect();
    mentions.sort_unstable();
    reader.out.reads.mentions = mentions;
    reader.out
}

struct Reader<'a> {
    text: &'a str,
    bases: FxHashMap<Box<str>, u32>,
    mentions: FxHashSet<u64>,
    /// How many functions stand around the place.
    functions: usize,
    /// Positions of the callees in the index of calls.
    callees: FxHashMap<Cow<'a, str>, u32>,
    /// The function or class around the place, dotted…
    path: String,
    /// …and its position in the index, once it has a call in it.
    scope: Option<u32>,
    out: Visited,
}

impl<'a> Reader<'a> {
    fn mention(&mut self, name: &str) {
        if is_setting_name(name) {
            self.mentions.insert(mention_hash(name));
        }
    }

    fn candidate(&mut self, base: &ast::Expr, name: &str, range: TextRange, access: Access) {
        let Some(base) = dotted(base, self.text) else { return };
        let next = u32::try_from(self.bases.len()).unwrap_or(u32::MAX);
        let at = self.bases.get(&*base).copied().unwrap_or(next);
        if at == next {
            self.bases.insert((&*base).into(), at);
            self.out.reads.bases.push(base.into());
        }
        self.out.reads.candidates.push(Candidate { base: at, name: name.into(), range, access });
    }

    fn attribute(&mut self, attribute: &'a ast::ExprAttribute) {
        let name = attribute.attr.as_str();
        if is_setting_name(name) {
            self.mentions.insert(mention_hash(name));
            let access = if attribute.ctx.is_load() { Access::Read } else { Access::Write };
            self.candidate(&attribute.value, name, attribute.range, access);
        } else if (name == "path" && is_name(&attribute.value, "sys")) || name == "addsitedir" {
            self.out.edits_path = true;
        }
    }

    /// Puts a call into the index.
    fn called(&mut self, callee: Cow<'a, str>, range: TextRange) {
        let Sites { callees, scopes, list } = &mut self.out.calls;
        let callee = if let Some(known) = self.callees.get(&*callee) {
            *known
        } else {
            let position = callees.add(&callee);
            self.callees.insert(callee, position);
            position
        };
        let scope = *self.scope.get_or_insert_with(|| scopes.add(&self.path));
        list.push(Site { callee, scope, range });
    }

    fn callee(&mut self, call: &'a ast::ExprCall) {
        let callee = match (dotted(&call.func, self.text), &*call.func) {
            (Some(name), _) => name,
            (None, ast::Expr::Attribute(method)) => Cow::Owned(format!(".{}", method.attr)),
            _ => return,
        };
        self.called(callee, call.range());
    }

    /// `base[…] = …`.
    fn item(&mut self, item: &'a ast::ExprSubscript) {
        if item.ctx.is_store()
            && let Some(base) = dotted(&item.value, self.text)
        {
            self.called(Cow::Owned(format!("{base}.__setitem__")), item.range());
        }
    }

    /// Visits a body as the inside of a function or class.
    fn inside(&mut self, name: &'a str, body: &'a [ast::Stmt]) {
        let (length, scope) = (self.path.len(), self.scope.take());
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        self.visit_body(body);
        self.path.truncate(length);
        self.scope = scope;
    }

    /// A function: its decorators, defaults and annotations are evaluated outside of it.
    fn function(&mut self, def: &'a ast::StmtFunctionDef) {
        for decorator in &def.decorator_list {
            self.visit_decorator(decorator);
        }
        if let Some(parameters) = &def.type_params {
            self.visit_type_params(parameters);
        }
        self.visit_parameters(&def.parameters);
        if let Some(returned) = &def.returns {
            self.visit_annotation(returned);
        }
        self.functions += 1;
        self.inside(def.name.as_str(), &def.body);
        self.functions -= 1;
    }

    fn class(&mut self, def: &'a ast::StmtClassDef) {
        for decorator in &def.decorator_list {
            self.visit_decorator(decorator);
        }
        if let Some(parameters) = &def.type_params {
            self.visit_type_params(parameters);
        }
        if let Some(arguments) = &def.arguments {
            self.visit_arguments(arguments);
        }
        self.inside(def.name.as_str(), &def.body);
    }

    /// `getattr(settings, "X", default)` and its family.
    fn call(&mut self, call: &'a ast::ExprCall) {
        let ast::Expr::Name(function) = &*call.func else { return };
        let [object, name, rest @ ..] = &*call.arguments.args else { return };
        let access = match (function.id.as_str(), rest) {
            ("getattr", []) => Access::Read,
            ("getattr", _) | ("hasattr", []) => Access::ReadOrDefault,
            ("setattr", [_]) | ("delattr", []) => Access::Write,
            _ => return,
        };
        match string(name) {
            Some(name) if !is_setting_name(name) => {}
            Some(name) => self.candidate(object, name, call.range(), access),
            // Which setting it is stays open; the access itself is worth knowing.
            None => self.candidate(object, "", call.range(), access),
        }
    }
}

impl<'a> Visitor<'a> for Reader<'a> {
    fn visit_stmt(&mut self, stmt: &'a ast::Stmt) {
        match stmt {
            ast::Stmt::Import(_) if self.functions > 0 => {
                import_bindings(stmt, Condition::Branch, &mut self.out.local_imports);
            }
            ast::Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    self.mention(alias.name.as_str());
                }
                if self.functions > 0 {
                    import_bindings(stmt, Condition::Branch, &mut self.out.local_imports);
                }
            }
            ast::Stmt::FunctionDef(def) => self.function(def),
            ast::Stmt::ClassDef(def) => self.class(def),
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a ast::Expr) {
        match expr {
            ast::Expr::Name(name) => {
                if name.ctx.is_load() {
                    self.mention(name.id.as_str());
                }
                return;
            }
            ast::Expr::StringLiteral(literal) => {
                if literal.value.len() <= 100 {
                    self.mention(literal.value.to_str());
                }
                return;
            }
            ast::Expr::Attribute(attribute) => self.attribute(attribute),
            ast::Expr::Subscript(item) => self.item(item),
            ast::Expr::Call(call) => {
                self.callee(call);
                self.call(call);
                for keyword in &call.arguments.keywords {
                    if let Some(name) = &keyword.arg {
                        self.mention(name.as_str());
                    }
                }
            }
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}

fn is_name(expr: &ast::Expr, name: &str) -> bool {
    matches!(expr, ast::Expr::Name(found) if found.id.as_str() == name)
}
