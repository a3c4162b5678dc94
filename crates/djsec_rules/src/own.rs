//! The project's own code, indexed for rules: where it stands, and its classes by what they are
//! derived from. Worked out once for all rules.

use std::sync::Arc;

use djsec_base::{FileId, Span, TextRange};
use djsec_django::hierarchy::{Attribute, AttributeValue, Hierarchy};
use djsec_django::views::View;
use djsec_python::code::{Class, ClassId, Code, Expr, ExprId, Function, FunctionId, Stmt};
use djsec_python::{Module, ModuleId, Program, QualifiedName};
use rayon::prelude::*;

use crate::Cx;

/// The code of one module with its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site<'a> {
    pub(crate) module: ModuleId,
    pub(crate) file: FileId,
    pub(crate) code: &'a Code,
}

impl<'a> Site<'a> {
    pub(crate) fn span(self, range: TextRange) -> Span {
        Span::new(self.file, range)
    }

    pub(crate) fn expr_span(self, expr: ExprId) -> Span {
        self.span(self.code.expr_range(expr))
    }

    /// The function around an expression.
    pub(crate) fn function_of(self, expr: ExprId) -> Option<&'a Function> {
        self.code.function(self.code.function_around(self.code.expr_range(expr).start())?)
    }

    /// The path of the function around an expression; nothing outside of functions.
    pub(crate) fn path_around(self, expr: ExprId) -> &'a str {
        self.function_of(expr).map(|function| &*function.path).unwrap_or_default()
    }

    /// Whether a function's body mentions a name or attribute: `check_password`.
    pub(crate) fn mentions(self, function: &Function, names: &[&str]) -> bool {
        let wanted: Vec<_> = names.iter().filter_map(|name| self.code.symbol(name)).collect();
        if wanted.is_empty() {
            return false;
        }
        let mut found = false;
        self.code.each_expr(function.body, &mut |_, expr| {
            found |= match expr {
                Expr::Name(name) | Expr::Attribute(_, name) => wanted.contains(&name),
                _ => false,
            };
        });
        found
    }

    /// The calls in a function's body, outer ones first.
    pub(crate) fn calls_in(self, function: &Function) -> Vec<ExprId> {
        let mut calls = Vec::new();
        self.code.each_expr(function.body, &mut |id, expr| {
            if matches!(expr, Expr::Call(..)) {
                calls.push(id);
            }
        });
        calls
    }

    /// The last part of the name of what is called: `save` of `self.order().save()`.
    pub(crate) fn called(self, call: ExprId) -> Option<&'a str> {
        let (callee, _) = self.code.call(call)?;
        match self.code.expr(callee) {
            Expr::Name(name) | Expr::Attribute(_, name) => Some(self.code.text(name)),
            _ => None,
        }
    }

    /// What a function always gives back, if its body is nothing but that `return` (and a docstring).
    pub(crate) fn only_return(self, function: &Function) -> Option<ExprId> {
        let body = self.code.stmts(function.body).iter().map(|id| self.code.stmt(*id));
        let mut rest = body.filter(|stmt| match stmt {
            Stmt::Expr(e) => self.code.string(*e).is_none(),
            Stmt::Pass => false,
            _ => true,
        });
        match (rest.next(), rest.next()) {
            (Some(Stmt::Return(value)), None) => value,
            _ => None,
        }
    }
}

/// What classes may be derived from, as far as rules ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    View,
    ApiView,
    Access,
    ModelAdmin,
    Inline,
    AdminSite,
    ModelForm,
    ModelSerializer,
    FilterSet,
    Backend,
    CsrfMiddleware,
    SessionAuthentication,
    Pagination,
    GraphQlType,
    NinjaSchema,
}

const KINDS: &[(Kind, &[&str])] = &[
    (Kind::View, &["django.views.generic.base.View"]),
    (Kind::ApiView, &["rest_framework.views.APIView"]),
    (Kind::Access, &["django.contrib.auth.mixins.AccessMixin", "braces.views._access.AccessMixin"]),
    (Kind::ModelAdmin, &["django.contrib.admin.options.ModelAdmin"]),
    (Kind::Inline, &["django.contrib.admin.options.InlineModelAdmin"]),
    (Kind::AdminSite, &["django.contrib.admin.sites.AdminSite"]),
    (Kind::ModelForm, &["django.forms.models.BaseModelForm"]),
    (Kind::ModelSerializer, &["rest_framework.serializers.ModelSerializer"]),
    (Kind::FilterSet, &["django_filters.filterset.BaseFilterSet"]),
    (Kind::Backend, &["django.contrib.auth.backends.BaseBackend"]),
    (Kind::CsrfMiddleware, &["django.middleware.csrf.CsrfViewMiddleware"]),
    (Kind::SessionAuthentication, &["rest_framework.authentication.SessionAuthentication"]),
    (Kind::Pagination, &["rest_framework.pagination.BasePagination"]),
    (Kind::GraphQlType, &["graphene_django.types.DjangoObjectType"]),
    (Kind::NinjaSchema, &["ninja.orm.metaclass.ModelSchema"]),
];

/// A class of the project's own code with bases.
#[derive(Debug, Clone)]
pub(crate) struct OwnClass<'a> {
    pub(crate) name: QualifiedName,
    pub(crate) at: Site<'a>,
    pub(crate) id: ClassId,
    pub(crate) class: &'a Class,
    /// Itself and all that it is derived from, under canonical names, in the order in which
    /// attributes are searched.
    pub(crate) order: Arc<[QualifiedName]>,
    kinds: u32,
}

impl<'a> OwnClass<'a> {
    pub(crate) fn is(&self, kind: Kind) -> bool {
        self.kinds & (1 << kind as u32) != 0
    }

    /// Its path in its module: `Order.Meta`.
    pub(crate) fn path(&self) -> &'a str {
        &self.class.path
    }

    pub(crate) fn span(&self) -> Span {
        self.at.span(self.class.name_range)
    }

    /// A method of its own body.
    pub(crate) fn method(&self, name: &str) -> Option<&'a Function> {
        self.at.code.function(self.at.code.method(self.id, name)?)
    }

    /// An attribute of its own body.
    pub(crate) fn attribute(&self, name: &str) -> Option<ExprId> {
        self.at.code.class_attribute(self.id, name)
    }

    /// An attribute of its own `Meta`.
    pub(crate) fn meta(&self, name: &str) -> Option<ExprId> {
        let meta = self.at.code.class_at(&format!("{}.Meta", self.class.path))?;
        self.at.code.class_attribute(meta, name)
    }

    /// Where a class of a package stands in the order.
    pub(crate) fn position(&self, names: &[&str]) -> Option<usize> {
        self.order.iter().position(
            |base| matches!(base, QualifiedName::External(name) if names.contains(&&**name)),
        )
    }
}

/// What is kept of an [`OwnClass`]: nothing borrowed, so that [`Cx`] stays covariant.
#[derive(Debug)]
pub(crate) struct Entry {
    name: QualifiedName,
    module: ModuleId,
    id: ClassId,
    order: Arc<[QualifiedName]>,
    kinds: u32,
}

/// Finds the classes with bases in the project's own code; those inside functions are left out.
pub(crate) fn collect(
    program: &Program,
    hierarchy: &Hierarchy<'_>,
    modules: &[(ModuleId, &Module)],
) -> Vec<Entry> {
    modules
        .par_iter()
        .flat_map_iter(|(module, found)| {
            let code = found.code();
            code.into_iter().flat_map(move |code| {
                let known = code.classes().filter(|(id, class)| {
                    // Of several with one path only the last is the one that others see.
                    class.parent.is_none()
                        && !class.bases.is_empty()
                        && code.class_at(&class.path) == Some(*id)
                });
                known.map(move |(id, class)| entry(program, hierarchy, *module, id, class))
            })
        })
        .collect()
}

fn entry(
    program: &Program,
    hierarchy: &Hierarchy<'_>,
    module: ModuleId,
    id: ClassId,
    class: &Class,
) -> Entry {
    let name = program.resolve(module, &class.path);
    let order = hierarchy.order(&name);
    let mut kinds = 0;
    for base in &*order {
        let QualifiedName::External(base) = base else { continue };
        for (kind, names) in KINDS {
            if names.contains(&&**base) {
                kinds |= 1 << *kind as u32;
            }
        }
    }
    Entry { name, module, id, order, kinds }
}

impl<'a> Cx<'a> {
    /// The code of the project's own modules.
    pub(crate) fn sites(&self) -> impl Iterator<Item = Site<'a>> {
        self.own_modules().filter_map(|(module, found)| {
            Some(Site { module, file: found.file, code: found.code()? })
        })
    }

    /// The path of a module's file.
    pub(crate) fn path_of(&self, at: Site<'_>) -> &'a str {
        self.files.file(at.file).map(|file| file.path.as_str()).unwrap_or_default()
    }

    /// Whether a module is a management command, which somebody runs by hand.
    pub(crate) fn is_command(&self, at: Site<'_>) -> bool {
        self.path_of(at).contains("/management/commands/")
    }

    /// The code of one of its modules.
    pub(crate) fn site(&self, module: ModuleId) -> Option<Site<'a>> {
        let found = self.program.module(module)?;
        Some(Site { module, file: found.file, code: found.code()? })
    }

    /// The code of one of its files.
    pub(crate) fn site_of(&self, file: FileId) -> Option<Site<'a>> {
        self.sites().find(|at| at.file == file)
    }

    /// The function around a place.
    pub(crate) fn function_at(&self, place: Span) -> Option<(Site<'a>, &'a Function)> {
        let at = self.site_of(place.file)?;
        Some((at, at.code.function(at.code.function_around(place.range.start())?)?))
    }

    /// The project's own classes that have bases.
    pub(crate) fn own_classes(&self) -> impl Iterator<Item = OwnClass<'a>> {
        self.own_entries().iter().filter_map(|entry| self.own_class_of(entry))
    }

    fn own_class_of(&self, entry: &Entry) -> Option<OwnClass<'a>> {
        let at = self.site(entry.module)?;
        let Entry { name, id, order, kinds, .. } = entry;
        let class = at.code.class(*id)?;
        let (name, order) = (name.clone(), Arc::clone(order));
        Some(OwnClass { name, at, id: *id, class, order, kinds: *kinds })
    }

    /// The project's own classes of a kind.
    pub(crate) fn classes_of(&self, kind: Kind) -> impl Iterator<Item = OwnClass<'a>> {
        self.own_classes().filter(move |class| class.is(kind))
    }

    /// What an expression names, under the name that its definition gives it.
    pub(crate) fn resolved(&self, at: Site<'_>, expr: ExprId) -> QualifiedName {
        match at.code.dotted(expr) {
            Some(dotted) => self.classes.canonical(&self.program.resolve(at.module, &dotted)),
            None => QualifiedName::Unknown,
        }
    }

    /// The last part of what something is called: `Order` of `shop.models.Order`.
    pub(crate) fn short_name(&self, name: &QualifiedName) -> String {
        let dotted = self.program.dotted(name).unwrap_or_default();
        dotted.rsplit('.').next().unwrap_or_default().to_owned()
    }

    /// Whether an expression names one of these things outside of the project.
    pub(crate) fn names(&self, at: Site<'_>, expr: ExprId, wanted: &[&str]) -> bool {
        let last = match at.code.expr(expr) {
            Expr::Name(_) | Expr::Attribute(..) => self.resolved(at, expr),
            _ => return false,
        };
        matches!(&last, QualifiedName::External(name) if wanted.contains(&&**name))
    }

    /// The user model.
    pub(crate) fn user_model(&self) -> QualifiedName {
        let django = || QualifiedName::External("django.contrib.auth.models.User".into());
        self.models().user.clone().unwrap_or_else(django)
    }

    /// The model that an expression names: a class, `get_user_model()`, or text with its label.
    pub(crate) fn model_named(&self, at: Site<'_>, expr: ExprId) -> Option<QualifiedName> {
        const USER: &str = "django.contrib.auth.get_user_model";
        if let Some(label) = at.code.string(expr) {
            let (app, name) = label.rsplit_once('.')?;
            return self.models().labelled(app, name).map(|model| model.class.clone());
        }
        if let Some((callee, _)) = at.code.call(expr) {
            return self.names(at, callee, &[USER]).then(|| self.user_model());
        }
        let name = self.resolved(at, expr);
        match &name {
            QualifiedName::External(external) => match &**external {
                USER | "django.contrib.auth.models.User" => Some(self.user_model()),
                _ => Some(name),
            },
            QualifiedName::Project(module, _) => {
                if self.models().get(&name).is_some() {
                    return Some(name);
                }
                let binding = self.program.binding(&name)?;
                let djsec_python::BindingKind::Call(callee) = &binding.kind else { return None };
                let user = self.program.resolve(*module, callee).is_external(USER);
                user.then(|| self.user_model())
            }
            QualifiedName::Module(_) | QualifiedName::Unknown => None,
        }
    }

    /// The project's own class under a name, where it has bases.
    pub(crate) fn own_class(&self, name: &QualifiedName) -> Option<OwnClass<'a>> {
        let found = self.own_entries().iter().find(|entry| entry.name == *name)?;
        self.own_class_of(found)
    }

    /// The model of a query that begins at a manager: `Order.objects.filter(…)`.
    pub(crate) fn query_model(&self, at: Site<'_>, mut expr: ExprId) -> Option<QualifiedName> {
        for _ in 0..32 {
            match at.code.expr(expr) {
                Expr::Call(callee, _) => expr = callee,
                Expr::Attribute(value, name) => {
                    let manager = at.code.text(name);
                    if manager == "objects"
                        || manager == "_default_manager"
                        || manager == "all_objects"
                    {
                        return self.model_named(at, value);
                    }
                    expr = value;
                }
                _ => return None,
            }
        }
        None
    }

    /// The assigned expression of an attribute that counts for a class, with its place; nothing where
    /// it is a package's own or not known.
    pub(crate) fn assigned(&self, class: &QualifiedName, name: &str) -> Option<(Site<'a>, ExprId)> {
        let Attribute { value: AttributeValue::Assigned(module, code, expr), .. } =
            self.classes.attribute(class, name)?
        else {
            return None;
        };
        let file = self.program.module(module)?.file;
        Some((Site { module, file, code }, expr))
    }

    /// The texts of a list or tuple of texts.
    pub(crate) fn texts(at: Site<'a>, expr: ExprId) -> Vec<(&'a str, ExprId)> {
        let elements = at.code.elements(expr).unwrap_or_default();
        elements.iter().filter_map(|id| Some((at.code.string(*id)?, *id))).collect()
    }

    /// The project's own function under a name.
    pub(crate) fn own_function(&self, name: &QualifiedName) -> Option<(Site<'a>, &'a Function)> {
        let QualifiedName::Project(module, _) = name else { return None };
        let (_, id) = self.program.function_code(name)?;
        let at = self.site(*module)?;
        Some((at, at.code.function(id)?))
    }

    /// The function of a project's method that counts for a class; nothing where a package's counts.
    pub(crate) fn counting_method(
        &self,
        class: &QualifiedName,
        name: &str,
    ) -> Option<(Site<'a>, FunctionId, QualifiedName)> {
        let found = self.classes.attribute(class, name)?;
        let AttributeValue::Method(module, code, id) = found.value else { return None };
        let file = self.program.module(module)?.file;
        Some((Site { module, file, code }, id, found.owner))
    }

    /// The bodies of a class and of all classes of the project that it is derived from, in the order in
    /// which attributes are searched, each with the class's name.
    pub(crate) fn bodies(
        &self,
        class: &QualifiedName,
    ) -> impl Iterator<Item = (QualifiedName, Site<'a>, ClassId)> {
        let order = self.classes.order(class);
        (0..order.len()).filter_map(move |position| {
            let owner = order.get(position)?;
            let QualifiedName::Project(module, _) = owner else { return None };
            let (_, id) = self.program.class_code(owner)?;
            Some((owner.clone(), self.site(*module)?, id))
        })
    }

    /// The functions that answer for a view.
    pub(crate) fn functions_of(
        &self,
        view: &View,
    ) -> impl Iterator<Item = (Site<'a>, &'a Function)> {
        view.bodies.iter().filter_map(|body| {
            let at = self.site(body.module)?;
            Some((at, at.code.function(body.function)?))
        })
    }

    /// Whether the project derives a class from this one.
    pub(crate) fn is_base(&self, class: &QualifiedName) -> bool {
        self.own_entries().iter().any(|other| other.order.iter().skip(1).any(|base| base == class))
    }
}
