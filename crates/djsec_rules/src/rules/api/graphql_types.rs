//! The types of a GraphQL schema that show rows of a model.

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::{Class, ClassId, Expr, ExprId};

use crate::Cx;
use crate::own::{Kind, Site};

/// The decorators of strawberry that make a type of a model.
const STRAWBERRY: &[&str] =
    &["strawberry_django.type.type", "strawberry_django.type", "strawberry.django.type"];
const NODES: &[&str] =
    &["graphene.relay.node.Node", "strawberry.relay.types.Node", "strawberry.relay.Node"];

/// A type that shows rows of a model.
pub(super) struct Shown<'a> {
    pub(super) at: Site<'a>,
    pub(super) id: ClassId,
    pub(super) class: &'a Class,
    pub(super) model: QualifiedName,
    pub(super) columns: Columns<'a>,
    /// What says which columns; the name of the class where nothing does.
    pub(super) place: Span,
    /// Whether clients fetch rows by a global id.
    pub(super) is_node: bool,
}

/// Which columns of its model a type shows.
pub(super) enum Columns<'a> {
    /// All of them.
    All,
    /// All, for nothing says which.
    Unsaid,
    /// All but these.
    Except(Vec<&'a str>),
    /// Some, by name, or not known.
    Named,
}

/// All types of the project.
pub(super) fn shown<'a>(cx: &Cx<'a>) -> Vec<Shown<'a>> {
    let graphene = cx.classes_of(Kind::GraphQlType).filter_map(|class| {
        let (at, id) = (class.at, class.id);
        let model = cx.model_named(at, class.meta("model")?)?;
        let said = class.meta("fields").or_else(|| class.meta("only_fields"));
        let (columns, place) = columns(at, said, class.meta("exclude"), true);
        let interfaces = class.meta("interfaces");
        let is_node = interfaces
            .and_then(|all| at.code.elements(all))
            .is_some_and(|all| all.iter().any(|one| cx.names(at, *one, NODES)));
        let place = place.unwrap_or_else(|| class.span());
        Some(Shown { at, id, class: class.class, model, columns, place, is_node })
    });
    let strawberry = cx.sites().filter(|at| imports_strawberry(*at)).flat_map(|at| {
        at.code.classes().filter_map(move |(id, class)| strawberry(cx, at, id, class))
    });
    graphene.chain(strawberry).collect()
}

/// Whether a module can name strawberry's decorators: a cheap question before the dear one.
fn imports_strawberry(at: Site<'_>) -> bool {
    ["strawberry", "strawberry_django"].iter().any(|name| at.code.symbol(name).is_some())
}

fn strawberry<'a>(cx: &Cx<'a>, at: Site<'a>, id: ClassId, class: &'a Class) -> Option<Shown<'a>> {
    let arguments = at.code.exprs(class.decorators).iter().find_map(|decorator| {
        let (callee, arguments) = at.code.call(*decorator)?;
        cx.names(at, callee, STRAWBERRY).then_some(arguments)
    })?;
    let model = cx.model_named(at, at.code.argument(arguments, 0, "model")?)?;
    let keyword = |name: &str| at.code.keyword(arguments, name);
    let (columns, place) = columns(at, keyword("fields"), keyword("exclude"), false);
    let is_node = at.code.exprs(class.bases).iter().any(|base| cx.names(at, *base, NODES));
    let place = place.unwrap_or_else(|| at.span(class.name_range));
    Some(Shown { at, id, class, model, columns, place, is_node })
}

/// `unsaid`: whether all columns are shown where nothing is said.
fn columns(
    at: Site<'_>,
    fields: Option<ExprId>,
    exclude: Option<ExprId>,
    unsaid: bool,
) -> (Columns<'_>, Option<Span>) {
    let place = fields.or(exclude).map(|expr| at.expr_span(expr));
    let columns = match (fields, exclude) {
        (Some(fields), _) if at.code.string(fields) == Some("__all__") => Columns::All,
        (None, Some(exclude)) => {
            let names: Vec<&str> =
                Cx::texts(at, exclude).into_iter().map(|(name, _)| name).collect();
            let known = at.code.elements(exclude).is_some_and(|all| all.len() == names.len());
            if known { Columns::Except(names) } else { Columns::Named }
        }
        (None, None) if unsaid => Columns::Unsaid,
        _ => Columns::Named,
    };
    (columns, place)
}

impl Shown<'_> {
    /// Whether the class says something of a column itself: another value, or none.
    pub(super) fn redefines(&self, column: &str) -> bool {
        let code = self.at.code;
        let resolver = format!("resolve_{column}");
        code.class_attribute(self.id, column).is_some()
            || code.method(self.id, column).is_some()
            || code.method(self.id, &resolver).is_some()
    }

    /// Whether a class in its order narrows the rows.
    pub(super) fn narrows(&self, cx: &Cx<'_>) -> bool {
        let name = cx.program.resolve(self.at.module, &self.class.path);
        ["get_queryset", "get_node", "resolve_node", "resolve_nodes"]
            .iter()
            .any(|hook| cx.counting_method(&name, hook).is_some())
    }

    /// Whether all its bases are known.
    pub(super) fn is_known(&self, cx: &Cx<'_>) -> bool {
        let expr =
            |id: &ExprId| matches!(self.at.code.expr(*id), Expr::Name(_) | Expr::Attribute(..));
        self.at.code.exprs(self.class.bases).iter().all(expr)
            && cx.classes.is_complete(&cx.program.resolve(self.at.module, &self.class.path))
    }
}
