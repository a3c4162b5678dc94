//! Permission classes of DRF: how they are written, and whom each lets in.

use std::collections::BTreeMap;
use std::sync::Arc;

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, List, Operator, Stmt};
use djsec_python::value::{Data, Value};

use super::Level;
use super::frame::{Frame, Goal};
use super::known;
use super::policy::by_path;
use super::site::{Cx, Def, Site, last};
use crate::hierarchy::{AttributeValue, KnownValue};

/// A permission class or several that are composed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Permission {
    /// A class.
    Class(QualifiedName, Option<Span>),
    /// `a & b`
    And(Box<Self>, Box<Self>),
    /// `a | b`
    Or(Box<Self>, Box<Self>),
    /// `~a`
    Not(Box<Self>),
    /// Not understood; why.
    Unknown(String, Option<Span>),
}

/// For whom permissions are asked.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// In upper case.
    pub(super) method: &'a str,
    pub(super) action: Option<&'a str>,
    /// Whether the view fetches an object through DRF, which checks permissions on it.
    pub(super) object: bool,
    /// What the address surely names.
    pub(super) named: &'a [Arc<str>],
}

impl<'a> Asked<'a> {
    /// `has_permission` or `has_object_permission` of a class, which DRF calls with the request and the
    /// view.
    pub(super) fn frame(self, def: Def<'a>, class: &QualifiedName) -> Frame<'a> {
        let mut frame = Frame::new(def, Goal::True).with_request(1).of(Some(class));
        (frame.method, frame.action) = (Some(self.method), self.action);
        frame.view = def.function.parameters.get(2).map(|view| def.site.code.text(view.name));
        frame.named = self.named;
        frame
    }
}

impl Permission {
    /// What it is in words: `shop.permissions.IsOwner`, `(a | b)`.
    pub(super) fn words(&self, cx: &Cx<'_>) -> String {
        match self {
            Self::Class(name, _) => cx.dotted(name),
            Self::And(a, b) => format!("({} & {})", a.words(cx), b.words(cx)),
            Self::Or(a, b) => format!("({} | {})", a.words(cx), b.words(cx)),
            Self::Not(a) => format!("~{}", a.words(cx)),
            Self::Unknown(why, _) => why.clone(),
        }
    }

    pub(super) fn place(&self) -> Option<Span> {
        match self {
            Self::Class(_, place) | Self::Unknown(_, place) => *place,
            Self::And(a, _) | Self::Or(a, _) | Self::Not(a) => a.place(),
        }
    }

    /// The classes that all have to let somebody in.
    pub(super) fn parts(&self) -> Box<dyn Iterator<Item = &Self> + '_> {
        match self {
            Self::And(a, b) => Box::new(a.parts().chain(b.parts())),
            other => Box::new(std::iter::once(other)),
        }
    }

    /// Whom it lets in.
    pub(super) fn level(&self, cx: &Cx<'_>, asked: Asked<'_>) -> Level {
        match self {
            Self::Class(name, _) => class_level(cx, name, asked),
            Self::And(a, b) => a.level(cx, asked).and(b.level(cx, asked)),
            Self::Or(a, b) => a.level(cx, asked).or(b.level(cx, asked)),
            Self::Not(a) => match a.level(cx, asked) {
                Level::Public => Level::Nobody,
                level => Level::Custom(format!("not {level}")),
            },
            Self::Unknown(why, _) => Level::Unknown(why.clone()),
        }
    }
}

/// Whom a permission class lets in.
fn class_level(cx: &Cx<'_>, class: &QualifiedName, asked: Asked<'_>) -> Level {
    let object = cx.hierarchy.attribute(class, "has_object_permission");
    let own_object =
        object.as_ref().is_some_and(|found| matches!(found.value, AttributeValue::Method(..)));
    let level = answered(cx, class, asked);
    if own_object && asked.object && level <= Level::Authenticated {
        // The object may be refused, which no level says; a login is at least what it takes.
        return match level {
            Level::Public | Level::Unknown(_) => {
                Level::Custom(format!("{} on the object", last(&cx.dotted(class))))
            }
            level => level,
        };
    }
    level
}

/// What `has_permission` of a class answers; kept, as many views ask the same classes.
fn answered(cx: &Cx<'_>, class: &QualifiedName, asked: Asked<'_>) -> Level {
    // Only what the classes speak of makes a difference.
    let order = cx.hierarchy.order(class);
    let codes = || order.iter().filter_map(|class| cx.program.class_code(class));
    let spoken = |name: &&Arc<str>| codes().any(|(code, _)| code.symbol(name).is_some());
    let named: Vec<Arc<str>> = asked.named.iter().filter(spoken).cloned().collect();
    let key = (class.clone(), asked.method.into(), asked.action.map(Box::from), named.clone());
    let asked = Asked { named: &named, ..asked };
    cx.permissions.get_or(&key, || answered_from(cx, class, asked, 0))
}

/// What it answers from the `skip`th class in its order on.
fn answered_from(cx: &Cx<'_>, class: &QualifiedName, asked: Asked<'_>, skip: usize) -> Level {
    let all = cx.hierarchy.attributes_all(class, "has_permission");
    let Some(found) = all.get(skip) else {
        let name = cx.dotted(class);
        return known::permission_class(&name, asked.method)
            .unwrap_or_else(|| Level::Unknown(format!("the permission class {name}")));
    };
    let AttributeValue::Method(module, _, id) = found.value else {
        let owner = cx.dotted(&found.owner);
        return known::permission_class(&owner, asked.method)
            .unwrap_or_else(|| Level::Unknown(format!("the permission class {owner}")));
    };
    let Some(def) = cx.site(module).and_then(|site| site.def(id)) else {
        return Level::Unknown("its code is not kept".into());
    };
    let mut frame = asked.frame(def, class);
    if skip < 5 && all.len() > skip + 1 {
        frame.above = Some(answered_from(cx, class, asked, skip + 1));
    }
    frame.reach()
}

/// Reads how permission classes are written.
pub(super) struct Lists<'a, 'f> {
    pub(super) frame: &'f Frame<'a>,
    /// What the class has without the method that is read.
    pub(super) base: Vec<Vec<Permission>>,
    env: BTreeMap<String, Vec<Vec<Permission>>>,
    out: Vec<Vec<Permission>>,
}

impl<'a, 'f> Lists<'a, 'f> {
    /// What a method such as `get_permissions` returns: one list, or several it may be.
    pub(super) fn returned(
        frame: &'f Frame<'a>,
        base: Vec<Vec<Permission>>,
    ) -> Vec<Vec<Permission>> {
        let mut lists = Self { frame, base, env: BTreeMap::new(), out: Vec::new() };
        lists.block(frame.def.function.body);
        lists.out.dedup();
        lists.out
    }

    /// Runs a block; whether it never gets to its end.
    fn block(&mut self, block: List) -> bool {
        let code = self.frame.code();
        code.stmts(block).iter().any(|id| self.stmt(code.stmt(*id)))
    }

    fn stmt(&mut self, stmt: Stmt) -> bool {
        let code = self.frame.code();
        match stmt {
            Stmt::Assign { targets, value: Some(value), .. } => {
                if let Some(lists) = self.eval(value) {
                    for target in code.exprs(targets) {
                        if let Some(name) = code.dotted(*target) {
                            self.env.insert(name, lists.clone());
                        }
                    }
                }
                false
            }
            Stmt::Return(Some(value)) => {
                let lists = self.eval(value).unwrap_or_else(|| vec![vec![self.unknown(value)]]);
                self.out.extend(lists);
                true
            }
            Stmt::Return(None) | Stmt::Raise(_) => true,
            Stmt::If { test, then, otherwise } => match self.frame.decide(test) {
                Some(true) => self.block(then),
                Some(false) => self.block(otherwise),
                None => {
                    let before = self.env.clone();
                    let ended = self.block(then);
                    let then = std::mem::replace(&mut self.env, before);
                    let other = self.block(otherwise);
                    if !ended {
                        for (name, lists) in then {
                            let entry = self.env.entry(name).or_default();
                            if other {
                                entry.clear();
                            }
                            entry.extend(
                                lists
                                    .into_iter()
                                    .filter(|l| !entry.contains(l))
                                    .collect::<Vec<_>>(),
                            );
                        }
                    }
                    ended && other
                }
            },
            Stmt::Try(at) => {
                let Some(parts) = code.try_parts(at) else { return false };
                // A look-up by action that fails is what the handlers are for.
                let known = self.out.len();
                let ended = self.block(parts.body);
                let unknown = self.out.get(known..).unwrap_or_default().iter().flatten();
                if unknown.clone().any(|p| matches!(p, Permission::Unknown(..))) {
                    self.out.truncate(known);
                    return parts.handlers.iter().any(|handler| self.block(handler.2));
                }
                ended
            }
            Stmt::With { body, .. } => self.block(body),
            Stmt::Expr(call) => {
                self.append(call);
                false
            }
            _ => false,
        }
    }

    /// `permissions.append(IsOwner())`
    fn append(&mut self, call: ExprId) {
        let code = self.frame.code();
        let Some((callee, arguments)) = code.call(call) else { return };
        let Expr::Attribute(value, name) = code.expr(callee) else { return };
        let (Some(list), Some(first)) = (code.dotted(value), arguments.first()) else { return };
        if code.text(name) == "append"
            && let Some(lists) = self.env.get_mut(&list)
        {
            let new = permission(self.frame.site(), first.value, 0);
            for list in lists {
                list.push(new.clone());
            }
        }
    }

    fn unknown(&self, value: ExprId) -> Permission {
        let why = format!("which permission classes {} gives", self.frame.words(value));
        Permission::Unknown(why, self.frame.site().span(value))
    }

    fn eval(&self, value: ExprId) -> Option<Vec<Vec<Permission>>> {
        let code = self.frame.code();
        if let Some(dotted) = code.dotted(value) {
            if let Some(lists) = self.env.get(&dotted) {
                return Some(lists.clone());
            }
            if dotted == "self.permission_classes" {
                return Some(self.base.clone());
            }
        }
        match code.expr(value) {
            Expr::Conditional { test, then, otherwise } => match self.frame.decide(test) {
                Some(true) => self.eval(then),
                Some(false) => self.eval(otherwise),
                None => {
                    let mut both = self.eval(then)?;
                    both.extend(self.eval(otherwise)?);
                    Some(both)
                }
            },
            Expr::Comprehension(at) => self.eval(code.comprehension(at)?.clauses.first()?.1),
            Expr::Call(callee, _) => {
                if self.frame.site().is_super_call(value, "get_permissions") {
                    let own = self.env.get("self.permission_classes");
                    return Some(own.unwrap_or(&self.base).clone());
                }
                let Expr::Attribute(table, name) = code.expr(callee) else { return None };
                let (_, arguments) = code.call(value)?;
                if code.text(name) != "get" {
                    return None;
                }
                let key = arguments.first()?.value;
                match self.by_action(table, key) {
                    Some(found) => Some(found),
                    None => self.eval(arguments.get(1)?.value),
                }
            }
            Expr::Subscript(table, key) => self.by_action(table, key),
            Expr::List(_) | Expr::Tuple(_) => Some(vec![list(self.frame.site(), value, 0)]),
            _ => None,
        }
    }

    /// `self.permission_classes_by_action[self.action]`
    fn by_action(&self, table: ExprId, key: ExprId) -> Option<Vec<Vec<Permission>>> {
        let code = self.frame.code();
        let action = self.frame.action.filter(|_| code.is_dotted(key, "self.action"))?;
        let Expr::Attribute(object, name) = code.expr(table) else { return None };
        let receiver = self.frame.receiver.as_ref().filter(|_| code.is_dotted(object, "self"))?;
        let cx = self.frame.site().cx;
        let AttributeValue::Assigned(module, code, dict) =
            cx.hierarchy.attribute(receiver, code.text(name))?.value
        else {
            return None;
        };
        let Expr::Dict(entries) = code.expr(dict) else { return None };
        let entry = code
            .entries(entries)
            .iter()
            .find(|(key, _)| key.is_some_and(|key| code.string(key) == Some(action)))?;
        Some(vec![list(cx.site(module)?, entry.1, 0)])
    }
}

/// A list of permission classes as written.
pub(super) fn list(site: Site<'_>, value: ExprId, depth: u8) -> Vec<Permission> {
    let code = site.code;
    if let Some(elements) = code.elements(value) {
        let one = |element: &ExprId| match code.expr(*element) {
            Expr::Starred(inner) => list(site, inner, depth),
            _ => vec![permission(site, *element, depth)],
        };
        return elements.iter().flat_map(one).collect();
    }
    match code.expr(value) {
        Expr::Binary(a, Operator::Add, b) => {
            let mut all = list(site, a, depth);
            all.extend(list(site, b, depth));
            all
        }
        Expr::Call(_, arguments) => match code.arguments(arguments).first() {
            // `list((IsAuthenticated,))`
            Some(first) => list(site, first.value, depth),
            None => Vec::new(),
        },
        _ => {
            if let QualifiedName::Project(module, path) = site.resolve(value)
                && depth < 4
                && let Some(other) = site.cx.site(module)
                && let Some(assigned) = other.code.module_value(&path)
            {
                return list(other, assigned, depth + 1);
            }
            if depth < 4
                && let Expr::Attribute(class, name) = code.expr(value)
                && let Some(found) =
                    site.cx.hierarchy.attribute(&site.resolve(class), code.text(name))
            {
                // `Base.permission_classes + [IsOwner]`
                match found.value {
                    AttributeValue::Assigned(module, _, value) => {
                        if let Some(other) = site.cx.site(module) {
                            return list(other, value, depth + 1);
                        }
                    }
                    AttributeValue::Known(known) => return of_known(known),
                    _ => {}
                }
            }
            let why = format!("which permission classes {} has", site.words(value));
            vec![Permission::Unknown(why, site.span(value))]
        }
    }
}

/// One permission class as written.
fn permission(site: Site<'_>, value: ExprId, depth: u8) -> Permission {
    let code = site.code;
    let boxed = |value: ExprId| Box::new(permission(site, value, depth));
    match code.expr(value) {
        Expr::Binary(a, Operator::BitAnd, b) => Permission::And(boxed(a), boxed(b)),
        Expr::Binary(a, Operator::BitOr, b) => Permission::Or(boxed(a), boxed(b)),
        Expr::Unary(a) => Permission::Not(boxed(a)),
        Expr::Call(callee, _) => permission(site, callee, depth),
        _ => match site.resolve(value) {
            QualifiedName::Project(module, path) => {
                let name = QualifiedName::Project(module, Arc::clone(&path));
                if site.cx.program.class_code(&name).is_none()
                    && depth < 4
                    && let Some(other) = site.cx.site(module)
                    && let Some(assigned) = other.code.module_value(&path)
                {
                    return permission(other, assigned, depth + 1);
                }
                Permission::Class(name, site.span(value))
            }
            name @ QualifiedName::External(_) => Permission::Class(name, site.span(value)),
            _ => {
                let why = format!("the permission class {}", site.words(value));
                Permission::Unknown(why, site.span(value))
            }
        },
    }
}

/// Permission classes that are a value of the settings or an argument of `as_view`.
pub(super) fn of_value(cx: &Cx<'_>, value: &Value) -> Vec<Vec<Permission>> {
    let mut out = Vec::new();
    for alt in &value.alts {
        let Some(seq) = alt.data.as_seq() else {
            let why = "permission classes that are not known before the start".to_owned();
            out.push(vec![Permission::Unknown(why, alt.span)]);
            continue;
        };
        out.push(seq.items.iter().map(|item| of_item(cx, &item.value)).collect());
    }
    out
}

fn of_item(cx: &Cx<'_>, value: &Value) -> Permission {
    let class = |name: &str, span| Permission::Class(by_path(cx, name), span);
    match value.alts.first() {
        Some(alt) => match &alt.data {
            Data::Str(path) => class(path, alt.span),
            Data::Object(object) => class(&object.name, alt.span),
            _ => Permission::Unknown("a permission class that is not known".into(), alt.span),
        },
        None => Permission::Unknown("a permission class that is not known".into(), None),
    }
}

/// Permission classes of a package's class, as recorded.
pub(super) fn of_known(value: &KnownValue) -> Vec<Permission> {
    match value {
        KnownValue::List(all) => all.iter().flat_map(of_known).collect(),
        KnownValue::Name(name) => {
            vec![Permission::Class(QualifiedName::External((&**name).into()), None)]
        }
        _ => vec![Permission::Unknown("permission classes of a package".into(), None)],
    }
}
