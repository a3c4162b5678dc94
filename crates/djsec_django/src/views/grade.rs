//! What a condition says of the user when it is true, and when it is false.

use djsec_python::code::{Argument, Code, Comparison, Expr, ExprId, Operator, Stmt, StmtId};

use super::Level;
use super::frame::{Frame, Goal};
use super::site::last;

/// Words in the names of functions that decide about access.
const ACCESS_WORDS: &[&str] = &[
    "perm",
    "access",
    "allowed",
    "authoriz",
    "authoris",
    "can_",
    "is_member",
    "has_role",
    "owner",
];

/// Methods of every user.
const METHODS: &[&str] = &["has_perm", "has_perms", "has_module_perms", "check_password"];

/// What works out a value that nobody knows who has not the key.
const KEYED: &[&str] = &["django.utils.crypto.salted_hmac", "hmac.HMAC", "hmac.digest", "hmac.new"];

/// What the request's method or action is compared with.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// Where it stands.
    pub code: &'a Code,
    /// How.
    pub operator: Comparison,
    /// With what.
    pub right: ExprId,
}

impl Question<'_> {
    /// Whether the comparison holds for a method or action.
    pub fn ask(&self, subject: &str) -> Option<bool> {
        let Self { code, operator, right } = *self;
        let listed = || {
            if code.dotted(right).is_some_and(|d| last(&d) == "SAFE_METHODS") {
                return Some(["GET", "HEAD", "OPTIONS"].contains(&subject));
            }
            let elements = code.elements(right)?;
            Some(elements.iter().any(|e| code.string(*e) == Some(subject)))
        };
        match operator {
            Comparison::Eq | Comparison::Is => Some(code.string(right)? == subject),
            Comparison::NotEq | Comparison::IsNot => Some(code.string(right)? != subject),
            Comparison::In => listed(),
            Comparison::NotIn => listed().map(|is| !is),
            Comparison::Order => None,
        }
    }
}

impl Frame<'_> {
    /// Whether a condition is true for the method, action and settings that are asked for.
    pub(super) fn decide(&self, test: ExprId) -> Option<bool> {
        if let Some((all, parts)) = self.code().operands(test) {
            let parts: Vec<_> = parts.iter().map(|part| self.decide(*part)).collect();
            if parts.contains(&Some(!all)) {
                return Some(!all);
            }
            return parts.iter().all(|part| *part == Some(all)).then_some(all);
        }
        match self.code().expr(test) {
            Expr::Bool(value) => Some(value),
            Expr::None => Some(false),
            Expr::Not(inner) => self.decide(inner).map(|value| !value),
            Expr::Compare(left, rest) => match self.code().comparisons(rest) {
                [(operator, right)] => self
                    .compared(left, *operator, *right)
                    .or_else(|| self.view_says(test))
                    .or_else(|| self.address_names(test))
                    .or_else(|| self.address_says(test)),
                _ => None,
            },
            Expr::Call(..) if self.says_yes(test) => Some(true),
            Expr::Call(..) => self
                .view_says(test)
                .or_else(|| self.address_names(test))
                .or_else(|| self.address_says(test)),
            Expr::Subscript(..) => self.address_names(test),
            // What `user_passes_test` hands over is there, whoever asks.
            Expr::Name(name) if self.tests && self.users.contains(&self.code().text(name)) => {
                Some(true)
            }
            // A method that is not called is true.
            Expr::Attribute(value, name)
                if METHODS.contains(&self.code().text(name)) && self.is_user(value) =>
            {
                Some(true)
            }
            Expr::Attribute(value, name) => {
                let name = self.code().text(name);
                let upper = name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
                let settings =
                    upper && self.site().resolve(value).is_external("django.conf.settings");
                if settings { self.site().cx.setting_truth(name) } else { self.view_says(test) }
            }
            Expr::Name(_) => self.view_says(test).or_else(|| self.address_names(test)),
            _ => None,
        }
    }

    /// Whether part of a condition is a setting that an operator may switch.
    pub(super) fn asks_switch(&self, test: ExprId) -> bool {
        let mut asks = false;
        self.code().each_inner(test, &mut |_, expr| {
            if let Expr::Attribute(value, name) = expr
                && self.site().resolve(value).is_external("django.conf.settings")
            {
                asks |= self.site().cx.is_switch(self.code().text(name));
            }
        });
        asks
    }

    fn compared(&self, left: ExprId, operator: Comparison, right: ExprId) -> Option<bool> {
        let Expr::Attribute(value, name) = self.code().expr(left) else { return None };
        match self.code().text(name) {
            "method" if self.is_request(value) => {
                let question = Question { code: self.code(), operator, right };
                let answer = question.ask(self.method?);
                if let Some(compared) = &self.compared {
                    compared.borrow_mut().push((question, answer));
                }
                answer
            }
            "action" if self.is_view(value) => {
                Question { code: self.code(), operator, right }.ask(self.action?)
            }
            _ => None,
        }
    }

    /// Whether an expression is the view: `self`, or the parameter of a permission class.
    fn is_view(&self, expr: ExprId) -> bool {
        match &self.view {
            Some(view) => self.code().is_dotted(expr, view),
            None => self.code().is_dotted(expr, "self"),
        }
    }

    /// Who there can be where a condition is `wanted`.
    pub(super) fn grade(&self, test: ExprId, wanted: bool) -> Level {
        if let Some(decided) = self.decide(test) {
            return if decided == wanted { Level::Public } else { Level::Nobody };
        }
        // `if request.user:` says nothing: `AnonymousUser` is as true as any user.
        if self.is_user(test) {
            return Level::Public;
        }
        if let Some((all, parts)) = self.code().operands(test) {
            let levels = parts.iter().map(|part| self.grade(*part, wanted));
            let joined = levels.reduce(|a, b| if all == wanted { a.and(b) } else { a.or(b) });
            return joined.unwrap_or(Level::Public);
        }
        match self.code().expr(test) {
            Expr::Not(inner) => self.grade(inner, !wanted),
            Expr::Walrus(_, value) | Expr::Await(value) => self.grade(value, wanted),
            Expr::Conditional { test, then, otherwise } => {
                let then = self.grade(test, true).and(self.grade(then, wanted));
                then.or(self.grade(test, false).and(self.grade(otherwise, wanted)))
            }
            Expr::Attribute(value, name) if self.is_user(value) => {
                let name = self.code().text(name);
                flag(name, wanted)
                    .or_else(|| self.said_by_account(name, wanted))
                    .or_else(|| self.privilege(name, wanted))
                    .unwrap_or_else(|| self.custom(test, wanted))
            }
            Expr::Attribute(value, name) => {
                // `self.is_owner`: a property that may be followed is not, but it is a check.
                let text = self.code().text(name);
                let own = self.code().is_dotted(value, "self") && sounds_like_access(text);
                if own || self.mentions_user(test) {
                    self.custom(test, wanted)
                } else {
                    Level::Public
                }
            }
            Expr::Compare(left, rest) => match self.code().comparisons(rest) {
                [(operator, right)] => self.comparison(test, left, *operator, *right, wanted),
                _ => Level::Public,
            },
            Expr::Binary(left, Operator::BitAnd, right) if wanted => {
                self.in_groups(left, right).unwrap_or(Level::Public)
            }
            Expr::Call(callee, arguments) => {
                let arguments = self.code().arguments(arguments);
                self.call(test, callee, arguments, wanted)
            }
            Expr::Name(name) => {
                let name = self.code().text(name);
                self.at_local(name, |value| self.grade(value, wanted)).unwrap_or(Level::Public)
            }
            _ => Level::Public,
        }
    }

    /// Whether a condition holds for everybody who sends the right thing, though it asks who they are, too:
    /// `request.POST.get("mode") == "admin" and not request.user.is_staff` is false for all others.
    pub(super) fn is_waived(&self, test: ExprId, wanted: bool) -> bool {
        if let Expr::Not(inner) = self.code().expr(test) {
            return self.is_waived(inner, !wanted);
        }
        let Some((all, parts)) = self.code().operands(test) else { return false };
        all != wanted
            && parts.iter().any(|part| self.mentions_user(*part))
            && parts.iter().any(|part| !self.mentions_user(*part) && self.is_chosen(*part))
    }

    /// Whether a condition is about nothing but what is sent, compared with what is written there.
    fn is_chosen(&self, test: ExprId) -> bool {
        let code = self.code();
        match code.expr(test) {
            Expr::Not(inner) => self.is_chosen(inner),
            Expr::Compare(left, rest) => {
                let written = |id: ExprId| {
                    let all = code.elements(id).unwrap_or(std::slice::from_ref(&id));
                    all.iter().all(|id| {
                        matches!(
                            code.expr(*id),
                            Expr::Str(_) | Expr::Int(_) | Expr::Bool(_) | Expr::None
                        )
                    })
                };
                code.comparisons(rest).iter().all(|(_, right)| {
                    (written(left) && self.is_of_request(*right))
                        || (written(*right) && self.is_of_request(left))
                })
            }
            Expr::Call(..) | Expr::Subscript(..) => self.is_of_request(test),
            _ => false,
        }
    }

    /// Whether a test lets in whoever has no privilege: `not user.is_staff`.
    pub(super) fn is_plainly_not(&self, test: ExprId) -> bool {
        let Expr::Not(inner) = self.code().expr(test) else { return false };
        match self.code().expr(inner) {
            Expr::Attribute(value, name) => {
                self.is_user(value) && flag(self.code().text(name), true).is_some()
            }
            _ => false,
        }
    }

    fn custom(&self, test: ExprId, wanted: bool) -> Level {
        if wanted { Level::Custom(self.words(test)) } else { Level::Public }
    }

    fn comparison(
        &self,
        test: ExprId,
        left: ExprId,
        operator: Comparison,
        right: ExprId,
        wanted: bool,
    ) -> Level {
        let equal = match operator {
            Comparison::Eq | Comparison::Is | Comparison::In => wanted,
            Comparison::NotEq | Comparison::IsNot | Comparison::NotIn => !wanted,
            Comparison::Order => return Level::Public,
        };
        // `user.is_authenticated is True`, `== False`
        if let Some(value) = self.code().bool(right) {
            return self.grade(left, equal == value);
        }
        if self.code().expr(right) == Expr::None {
            return Level::Public;
        }
        if equal && let Some(level) = self.among_groups(left, operator, right) {
            return level;
        }
        let user = self.mentions_user(left) || self.mentions_user(right);
        if !equal || !(user || self.compares_secret(left, right)) {
            return Level::Public;
        }
        Level::Custom(if self.mentions_user(left) || !user {
            self.words(test)
        } else {
            format!("{} is {}", self.words(left), self.words(right))
        })
    }

    /// `request.headers["X-Token"] == settings.TOKEN`, or `== hmac.new(key, request.body, sha256).hexdigest()`: that it
    /// takes the longer the more of it is right is another fault than letting everybody in.
    fn compares_secret(&self, left: ExprId, right: ExprId) -> bool {
        let secret = |side| self.is_configured(side) || self.is_signature(side);
        (self.is_of_request(left) && secret(right)) || (self.is_of_request(right) && secret(left))
    }

    /// Whether a value, or the only one that its name is given, is worked out with a key.
    fn is_signature(&self, expr: ExprId) -> bool {
        let named = self.code().name(expr).and_then(|name| self.local(name));
        let mut found = false;
        self.code().each_inner(named.unwrap_or(expr), &mut |_, inner| {
            if let Expr::Call(callee, _) = inner {
                found |= KEYED.contains(&&*self.site().dotted(callee));
            }
        });
        found
    }

    pub(super) fn is_of_request(&self, expr: ExprId) -> bool {
        let mut found = false;
        self.code().each_inner(expr, &mut |id, inner| {
            if let Expr::Attribute(value, name) = inner {
                let parts = ["headers", "META", "GET", "POST", "data", "query_params", "COOKIES"];
                found |= self.is_request(value) && parts.contains(&self.code().text(name));
            }
            if let Expr::Name(name) = inner
                && let Some(value) = self.local(self.code().text(name))
                && value != id
                && self.code().call(value).is_some_and(|(callee, _)| {
                    let dotted = self.code().dotted(callee).unwrap_or_default();
                    self.requests.iter().any(|request| {
                        dotted.strip_prefix(request).is_some_and(|rest| rest.starts_with('.'))
                    })
                })
            {
                found = true;
            }
        });
        found
    }

    fn is_configured(&self, expr: ExprId) -> bool {
        let dotted = self.words(expr);
        let (head, tail) = (dotted.split('.').next().unwrap_or(""), last(&dotted));
        let tail = tail.to_ascii_lowercase();
        head == "settings"
            || ["secret", "token", "key", "signature"].iter().any(|w| tail.contains(w))
    }

    fn call(&self, test: ExprId, callee: ExprId, arguments: &[Argument], wanted: bool) -> Level {
        if let Expr::Attribute(value, name) = self.code().expr(callee) {
            let name = self.code().text(name);
            if self.is_user(value) {
                return self.asked_of_user(test, name, arguments, wanted);
            }
            if self.is_super(value) && (self.above.is_some() || self.method_behind(name).is_none())
            {
                return self.above.clone().unwrap_or(Level::Public);
            }
            if let ("intersection" | "isdisjoint", Some(other)) = (name, arguments.first())
                && let Some(level) = self.in_groups(value, other.value)
            {
                let is_in = wanted == (name == "intersection");
                return if is_in { level } else { Level::Public };
            }
            if matches!(name, "exists" | "filter" | "get" | "first") && self.mentions_user(value) {
                return self.group(test, wanted);
            }
        }
        let written = self.code().dotted(callee).unwrap_or_default();
        match last(&written) {
            "isinstance" if arguments.first().is_some_and(|a| self.is_user(a.value)) => {
                let class = arguments.get(1).map(|a| self.words(a.value)).unwrap_or_default();
                return match (last(&class) == "AnonymousUser", wanted) {
                    (true, false) | (false, true) => Level::Authenticated,
                    _ => Level::Public,
                };
            }
            "bool" | "any" | "all" => {
                return match arguments.first() {
                    Some(inner) => match self.code().expr(inner.value) {
                        Expr::Comprehension(at) => {
                            let element = self.code().comprehension(at).map(|c| c.element);
                            let first = element.and_then(|e| self.code().exprs(e).first().copied());
                            first.map_or(Level::Public, |first| self.grade(first, wanted))
                        }
                        _ => self.grade(inner.value, wanted),
                    },
                    None => Level::Public,
                };
            }
            "compare_digest" | "constant_time_compare" if wanted => {
                return Level::Custom("compares a secret".into());
            }
            _ => {}
        }
        self.followed(test, &written, arguments, wanted)
    }

    /// A function that is asked about the user.
    fn followed(&self, test: ExprId, name: &str, arguments: &[Argument], wanted: bool) -> Level {
        let goal = if wanted { Goal::True } else { Goal::False };
        let followed = self.through(test, goal, || self.callee(test, goal));
        let concerns_user = arguments.iter().any(|a| self.mentions_user(a.value));
        let concerns = concerns_user
            || arguments.iter().any(|a| self.is_request(a.value))
            || name.starts_with("self.");
        let access = wanted && concerns && sounds_like_access(last(name));
        let of_row = || arguments.iter().any(|a| self.address_names(a.value) == Some(true));
        match followed {
            Some(level @ (Level::Public | Level::Nobody)) if !access => level,
            Some(level) if level.needs_more_than_login() && level != Level::Nobody => level,
            // What somebody may do with the row that the address names says nothing of others.
            Some(level) if access && of_row() => level.and(Level::Custom(name.to_owned())),
            Some(level) if access => {
                level.and(Level::Permission(vec![self.permission(name, arguments)]))
            }
            Some(level) => level,
            None if access && of_row() => Level::Custom(name.to_owned()),
            None if access => Level::Permission(vec![self.permission(name, arguments)]),
            None if wanted && concerns_user => Level::Custom(name.to_owned()),
            None => Level::Public,
        }
    }

    /// Whether a function that is called gives nothing but `True`, whoever asks.
    fn says_yes(&self, call: ExprId) -> bool {
        let Some(def) = self.callee(call, Goal::True).map(|frame| frame.def) else { return false };
        let code = def.site.code;
        let yes = |id: &StmtId| match code.stmt(*id) {
            Stmt::Return(Some(value)) => code.expr(value) == Expr::Bool(true),
            Stmt::Expr(value) => matches!(code.expr(value), Expr::Str(_)),
            _ => false,
        };
        let stmts = code.stmts(def.function.body);
        let last = stmts.last().map(|id| code.stmt(*id));
        matches!(last, Some(Stmt::Return(_))) && stmts.iter().all(yes)
    }

    /// What a call that decides about access asks for: `Permissions.Product_View`, else its name.
    fn permission(&self, name: &str, arguments: &[Argument]) -> String {
        let named = arguments.iter().find_map(|argument| {
            let text = self.code().string(argument.value).map(str::to_owned);
            let text = text.or_else(|| self.code().dotted(argument.value))?;
            (text.to_ascii_lowercase().contains("perm") && !self.is_user(argument.value))
                .then_some(text)
        });
        named.unwrap_or_else(|| name.to_owned())
    }

    fn asked_of_user(
        &self,
        test: ExprId,
        name: &str,
        arguments: &[Argument],
        wanted: bool,
    ) -> Level {
        if let Some(level) = flag(name, wanted).or_else(|| self.said_by_account(name, wanted)) {
            return level;
        }
        if !wanted {
            return Level::Public;
        }
        if name.starts_with("has_") {
            let first = arguments.first();
            let texts = first.map(|a| self.site().strings(a.value)).unwrap_or_default();
            let texts = match (texts.is_empty(), first) {
                (true, Some(first)) => vec![self.named(first.value)],
                (true, None) => vec![name.to_owned()],
                _ => texts,
            };
            return Level::Permission(texts.into_iter().filter(|t| !t.is_empty()).collect());
        }
        self.custom(test, true)
    }

    /// Whether a function hands the user to something that decides about access.
    pub(super) fn checks_user(&self) -> bool {
        let mut checks = false;
        self.code().each_expr(self.def.function.body, &mut |_, expr| {
            let Expr::Call(callee, arguments) = expr else { return };
            let name = self.code().dotted(callee).unwrap_or_default();
            checks |= sounds_like_access(last(&name))
                && self.code().arguments(arguments).iter().any(|a| self.is_user(a.value));
        });
        checks
    }

    /// What is asked for, by the call that a name stands for: `get_required_permission`.
    fn named(&self, expr: ExprId) -> String {
        let words = self.words(expr);
        self.at_local(&words, |value| self.words(value)).unwrap_or(words)
    }
}

/// Flags of users.
fn flag(name: &str, wanted: bool) -> Option<Level> {
    let level = match name {
        "is_authenticated" | "is_active" | "is_verified" => Level::Authenticated,
        "is_anonymous" => {
            return Some(if wanted { Level::Public } else { Level::Authenticated });
        }
        "is_staff" => Level::Staff,
        "is_superuser" => Level::Superuser,
        _ => return None,
    };
    Some(if wanted { level } else { Level::Public })
}

fn sounds_like_access(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ACCESS_WORDS.iter().any(|word| name.contains(word))
}
