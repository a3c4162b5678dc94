//! Headers that the client writes itself, and the values that are made of them.

use djsec_python::QualifiedName;
use djsec_python::code::{Expr, ExprId, Function, Stmt};

use crate::Cx;
use crate::own::Site;

/// A header that says where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Header {
    ForwardedFor,
    RealIp,
    Referer,
    Origin,
}

/// The names in `META` and in `headers`.
const NAMES: &[(&str, Header)] = &[
    ("HTTP_CLIENT_IP", Header::RealIp),
    ("HTTP_ORIGIN", Header::Origin),
    ("HTTP_REFERER", Header::Referer),
    ("HTTP_X_FORWARDED_FOR", Header::ForwardedFor),
    ("HTTP_X_REAL_IP", Header::RealIp),
    ("Origin", Header::Origin),
    ("Referer", Header::Referer),
    ("X-Forwarded-For", Header::ForwardedFor),
    ("X-Real-IP", Header::RealIp),
];

/// Names that lead from one to the next in a function at most.
const LONGEST: u8 = 6;

/// The headers that a module names.
pub(super) fn headers_in(at: Site<'_>) -> impl Iterator<Item = Header> {
    NAMES.iter().filter(move |(name, _)| at.code.symbol(name).is_some()).map(|(_, header)| *header)
}

/// A function of the project that gives a header back: `get_client_ip`.
pub(super) struct Reader {
    pub(super) name: String,
    function: QualifiedName,
    header: Header,
}

/// The functions of the project that give the address back which the client claims to have.
pub(super) fn readers(cx: &Cx<'_>) -> Vec<Reader> {
    let mut found = Vec::new();
    for at in cx.sites().filter(|at| headers_in(*at).next().is_some()) {
        for (_, function) in at.code.functions() {
            let mut header = None;
            at.code.each_stmt(function.body, &mut |_, stmt| {
                if let Stmt::Return(Some(value)) = stmt {
                    header = header.or_else(|| Header::of(cx, at, function, value, &[]));
                }
            });
            let address = header.filter(|h| matches!(h, Header::ForwardedFor | Header::RealIp));
            if let Some(header) = address {
                let name = at.code.text(function.name).to_owned();
                let function = cx.program.resolve(at.module, &function.path);
                found.push(Reader { name, function, header });
            }
        }
    }
    found
}

impl Header {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::ForwardedFor => "X-Forwarded-For",
            Self::RealIp => "X-Real-IP",
            Self::Referer => "Referer",
            Self::Origin => "Origin",
        }
    }

    /// Whether a proxy of the repository puts the address there that it has seen, and nothing else.
    pub(super) fn is_overwritten(self, cx: &Cx<'_>) -> bool {
        let header = self.name().to_ascii_lowercase();
        ["$remote_addr", "$http_cf_connecting_ip", "%{remote_addr}s", "{remote_host}"]
            .iter()
            .any(|value| cx.proxy_sends(&format!("{header} {value}")))
    }

    /// The header that a value is: itself or its first part, by names that the function gave it, or
    /// through a function of the project.
    pub(super) fn of(
        cx: &Cx<'_>,
        at: Site<'_>,
        function: &Function,
        value: ExprId,
        readers: &[Reader],
    ) -> Option<Self> {
        let search = Search { cx, at, function, readers };
        search.header(value, LONGEST)
    }
}

struct Search<'s> {
    cx: &'s Cx<'s>,
    at: Site<'s>,
    function: &'s Function,
    readers: &'s [Reader],
}

impl Search<'_> {
    fn header(&self, value: ExprId, left: u8) -> Option<Header> {
        let left = left.checked_sub(1)?;
        let code = self.at.code;
        match code.expr(value) {
            Expr::Name(name) => {
                let mut found = None;
                code.each_stmt(self.function.body, &mut |_, stmt| {
                    if let Stmt::Assign { targets, value: Some(value), .. } = stmt
                        && code.exprs(targets).iter().any(|e| code.expr(*e) == Expr::Name(name))
                    {
                        found = found.or_else(|| self.header(value, left));
                    }
                });
                found
            }
            Expr::Conditional { then, otherwise, .. } => {
                self.header(then, left).or_else(|| self.header(otherwise, left))
            }
            Expr::Or(list) => code.exprs(list).iter().find_map(|id| self.header(*id, left)),
            Expr::Subscript(owner, key) => match code.expr(key) {
                Expr::Str(_) => self.named(owner, key),
                // The first is what the client wrote; others are counted from where proxies append.
                Expr::Int(0) => self.header(owner, left),
                _ => None,
            },
            Expr::Call(callee, arguments) => {
                let first = code.arguments(arguments).first().map(|argument| argument.value);
                match code.expr(callee) {
                    Expr::Attribute(owner, name) => match code.text(name) {
                        "get" => self.named(owner, first?),
                        "lower" | "split" | "strip" => self.header(owner, left),
                        _ => self.reader(value).or_else(|| self.address(value, first, left)),
                    },
                    _ => self.reader(value).or_else(|| self.address(value, first, left)),
                }
            }
            _ => None,
        }
    }

    /// `ip_address(value)`.
    fn address(&self, call: ExprId, first: Option<ExprId>, left: u8) -> Option<Header> {
        let called = self.at.called(call)?;
        matches!(called, "IPv4Address" | "IPAddress" | "ip_address" | "str")
            .then(|| self.header(first?, left))?
    }

    /// `get_client_ip(request)`; of a method only the name is known.
    fn reader(&self, call: ExprId) -> Option<Header> {
        let called = self.at.called(call)?;
        let (callee, _) = self.at.code.call(call)?;
        let named = self.cx.resolved(self.at, callee);
        let method = matches!(named, QualifiedName::Unknown)
            && matches!(self.at.code.expr(callee), Expr::Attribute(..));
        let is = |reader: &&Reader| reader.name == called && (method || reader.function == named);
        self.readers.iter().find(is).map(|reader| reader.header)
    }

    /// `request.META["HTTP_X_FORWARDED_FOR"]`.
    fn named(&self, owner: ExprId, key: ExprId) -> Option<Header> {
        let Expr::Attribute(_, of) = self.at.code.expr(owner) else { return None };
        let key = self.at.code.string(key)?;
        let known = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
        let of = self.at.code.text(of);
        known.filter(|_| matches!(of, "META" | "headers")).map(|(_, header)| *header)
    }
}
