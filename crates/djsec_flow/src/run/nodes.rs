//! Tags of the project that parse themselves: a function that reads the words of the tag, and the node that it
//! gives, whose `render` writes into the page.
//!
//! ```python
//! @register.tag
//! def shout(parser, token):
//!     name, text = token.split_contents()
//!     return ShoutNode(parser.compile_filter(text))
//!
//! class ShoutNode(template.Node):
//!     def __init__(self, text):
//!         self.text = text
//!
//!     def render(self, context):
//!         return self.text.resolve(context).upper()
//! ```
//!
//! A word of the tag is taken for the value that it stands for in the template: compiling it changes nothing, and
//! neither does resolving it. So the summaries of both functions say what becomes of each word.

use djsec_python::code::{Expr, FunctionId, List};
use djsec_python::{ModuleId, QualifiedName};

use super::page::Handed;
use super::tags::{Parts, asked_of_context, parts_of};
use super::{Run, is_decorated, owner};
use crate::args::{Args, Given};
use crate::pages::{PageCall, Tag};
use crate::parsing::Role;
use crate::value::{Value, What};

const PARSER: &str = "django.template.base.Parser";
const TOKEN: &str = "django.template.base.Token";
const NODE: &str = "django.template.base.Node";

/// The keys of the words of a tag, the first of which is its name: no more are told apart.
const WORDS: [&str; 10] = ["[0]", "[1]", "[2]", "[3]", "[4]", "[5]", "[6]", "[7]", "[8]", "[9]"];

/// The context, among the parameters of `render(self, context)`.
const CONTEXT: u16 = 1;

impl Run<'_, '_> {
    /// What the node of a tag writes, or puts into the context under a name; and whether there is such a node.
    pub(super) fn written_by_node(
        &mut self,
        handed: &Handed<'_>,
        called: &PageCall,
        tag: Tag,
    ) -> (Value, bool) {
        let (expr, place) = (self.code.no_expr(), called.place);
        let words = self.tag_arguments(handed, called, tag, &Parts::new());
        let mut token = Value::instance(TOKEN);
        for (key, word) in WORDS.into_iter().skip(1).zip(words.positional) {
            token = token.with_field(key, word.value);
        }
        let given = [Value::instance(PARSER), token].map(|value| Given { value, expr });
        let receiver = self.class_of(tag.function).map(|value| Given { value, expr });
        let of_class = receiver.is_some();
        let args = Args { positional: given.into(), receiver, ..Args::default() };
        let node = self.apply(&args, tag.function, of_class, place, Some(&called.name));
        let mut all: Option<Value> = None;
        for one in node.what.alternatives() {
            let Some(render) = self.render_of(one) else { continue };
            let node = Value { what: one.clone(), ..node.clone() };
            let value = self.rendered(handed, called, node, render);
            match &mut all {
                Some(all) => all.join(&value),
                None => all = Some(value),
            }
        }
        let is_seen = all.is_some();
        (all.unwrap_or_default(), is_seen)
    }

    /// The class whose method a tag is: `register.tag("panel", PanelNode.handle)`.
    fn class_of(&self, (module, id): (ModuleId, FunctionId)) -> Option<Value> {
        let code = self.world.program.code(module)?;
        let is_class = is_decorated(code, code.function(id)?, "classmethod");
        let class = owner(module, code, id).filter(|_| is_class)?;
        Some(Value::of(What::Name(class)))
    }

    /// What a node writes, or sets: it is what its tag made, and of no class that is derived from it.
    fn rendered(
        &mut self,
        handed: &Handed<'_>,
        called: &PageCall,
        node: Value,
        render: (ModuleId, FunctionId),
    ) -> Value {
        let (expr, place) = (self.code.no_expr(), called.place);
        let parts = self.summary(render.0, render.1).as_deref().map(parts_of).unwrap_or_default();
        let context = asked_of_context(handed, &parts, CONTEXT);
        let args = Args {
            receiver: Some(Given { value: node, expr }),
            positional: vec![Given { value: context, expr }],
            ..Args::default()
        };
        let written = self.apply(&args, render, true, place, Some("render"));
        if !called.sets {
            return written;
        }
        let mut set = Value::default();
        for (_, value) in self.written_into(&args, render, place, CONTEXT) {
            set.join(&value);
        }
        set
    }

    /// The method that writes a node of the project.
    fn render_of(&self, node: &What) -> Option<(ModuleId, FunctionId)> {
        let What::Instance(class @ QualifiedName::Project(..)) = node else { return None };
        self.world.hierarchy.method(class, "render")
    }

    /// What the function of a tag, those that it hands the parser or the words, and the `render` of a node are given.
    pub(super) fn given_by_parser(&self, at: u16, value: Value) -> Value {
        if self.world.parsing.reads(self.module, self.id) {
            return match self.world.parsing.role(self.module, self.id, at) {
                Some(Role::Parser) => Value::instance(PARSER),
                Some(Role::Token) => Value { what: Value::instance(TOKEN).what, ..value },
                Some(Role::Words) => {
                    let first = value.field("[0]");
                    words_of(&value).with_field("[0]", first)
                }
                None => value,
            };
        }
        let renders = at == CONTEXT && self.code.text(self.function.name) == "render";
        if renders && self.is_in_node() { self.with_context(value) } else { value }
    }

    fn is_in_node(&self) -> bool {
        let is_node = |owner| self.external_bases(owner).iter().any(|base| &**base == NODE);
        self.owner.as_ref().is_some_and(is_node)
    }

    /// What methods give of the parser, of the words of a tag, and of what a node made of them.
    pub(super) fn of_parser(&self, name: &str, args: &Args) -> Option<Value> {
        let receiver = &args.receiver.as_ref()?.value;
        if receiver.what.is_instance_of(PARSER) {
            let compiled = args.positional.first().filter(|_| name == "compile_filter");
            return Some(compiled.map(|given| given.value.clone()).unwrap_or_default());
        }
        if receiver.what.is_instance_of(TOKEN) {
            return matches!(name, "split_contents" | "split").then(|| words_of(receiver));
        }
        match name {
            "resolve" if self.is_in_node() => Some(receiver.clone()),
            // What a node holds is written out by the template, which escapes it.
            "render" if receiver.what == What::Unknown && self.is_in_node() => {
                Some(Value::default())
            }
            _ => None,
        }
    }

    /// `token.contents` has the words, too.
    pub(super) fn of_token(base: &Value, name: &str) -> Option<Value> {
        (name == "contents" && base.what.is_instance_of(TOKEN)).then(|| base.clone())
    }

    /// `bits[1:]`, where the words of a tag are read.
    pub(super) fn words_from(&self, words: &Value, bounds: List) -> Option<Value> {
        if !self.world.parsing.reads(self.module, self.id) {
            return None;
        }
        let Expr::Int(from) = self.code.expr(*self.code.exprs(bounds).first()?) else {
            return None;
        };
        let from = usize::try_from(from).ok()?;
        let mut rest = Value::default();
        for (key, new) in WORDS.into_iter().skip(from).zip(WORDS) {
            rest = rest.with_field(new, words.known_field(key)?.clone());
        }
        Some(rest)
    }
}

/// The words of a tag, each by itself.
fn words_of(token: &Value) -> Value {
    let [name, rest @ ..] = WORDS;
    let named = Value::default().with_field(name, Value::default());
    rest.into_iter().fold(named, |words, key| words.with_field(key, token.field(key)))
}
