//! The expressions of Jinja, as `jinja2.parser` reads them.

use djsec_base::TextRange;

use super::lex::{Token, TokenKind};
use crate::python::range;
use crate::tree::Word;

/// Expressions are not read deeper than this.
const DEEPEST: usize = 60;

/// An expression with its bytes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expr {
    pub(super) kind: ExprKind,
    pub(super) span: TextRange,
    /// How deep expressions stand in each other here.
    depth: usize,
}

/// They do not stand deeper in each other than this.
const MOST_LEVELS: usize = 150;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum ExprKind {
    Name(Box<str>),
    Text(Box<str>),
    Number(Box<str>),
    /// `true`, `none`
    Constant,
    /// `value.name`
    Attribute(Box<Expr>, Box<str>),
    /// `value[key]`
    Item(Box<Expr>, Box<Expr>),
    /// `value[a:b]`
    Slice(Box<Expr>),
    Call(Box<Expr>, Arguments),
    /// `value|name(…)`; without a value in `{% filter %}`.
    Filter(Option<Box<Expr>>, Word, Arguments),
    /// `value is name(…)`
    Test(Box<Expr>, Box<str>, Arguments),
    /// `not`, `-`, `+`
    Unary(&'static str, Box<Expr>),
    /// `or`, `and`, `~`, `+`, …
    Binary(&'static str, Box<[Expr; 2]>),
    /// `a ~ b ~ c`
    Concat(Vec<Expr>),
    /// `a < b == c`
    Compare(Box<Expr>, Vec<(&'static str, Expr)>),
    /// `value if test else other`
    Conditional(Box<[Expr; 2]>, Option<Box<Expr>>),
    /// A list or a tuple.
    List(&'static str, Vec<Expr>),
    Dict(Vec<(Expr, Expr)>),
}

impl ExprKind {
    /// How deep the expressions in it are.
    fn depth(&self) -> usize {
        let most =
            |all: &mut dyn Iterator<Item = &Expr>| all.map(|one| one.depth).max().unwrap_or(0);
        match self {
            Self::Name(_) | Self::Text(_) | Self::Number(_) | Self::Constant => 0,
            Self::Attribute(base, _) | Self::Slice(base) | Self::Unary(_, base) => base.depth,
            Self::Item(base, key) => base.depth.max(key.depth),
            Self::Call(base, given) | Self::Test(base, _, given) => {
                base.depth.max(most(&mut given.all()))
            }
            Self::Filter(base, _, given) => {
                most(&mut base.as_deref().into_iter().chain(given.all()))
            }
            Self::Binary(_, sides) => most(&mut sides.iter()),
            Self::Concat(all) | Self::List(_, all) => most(&mut all.iter()),
            Self::Compare(first, rest) => {
                first.depth.max(most(&mut rest.iter().map(|(_, one)| one)))
            }
            Self::Conditional(parts, other) => most(&mut parts.iter().chain(other.as_deref())),
            Self::Dict(pairs) => most(&mut pairs.iter().flat_map(|(key, value)| [key, value])),
        }
    }
}

/// What a call, a filter or a test is given.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Arguments {
    pub(super) positional: Vec<Expr>,
    pub(super) keywords: Vec<(Box<str>, Expr)>,
    /// `*values`, `**options`.
    pub(super) spread: Vec<Expr>,
}

impl Arguments {
    pub(super) fn all(&self) -> impl Iterator<Item = &Expr> {
        let keywords = self.keywords.iter().map(|(_, value)| value);
        self.positional.iter().chain(keywords).chain(&self.spread)
    }
}

/// Reads the words of a tag from left to right. `None` is what Jinja refuses.
pub(super) struct Reader<'t> {
    tokens: &'t [Token],
    at: usize,
    depth: usize,
    /// What is read.
    inner: TextRange,
}

impl<'t> Reader<'t> {
    pub(super) const fn new(tokens: &'t [Token], inner: TextRange) -> Self {
        Self { tokens, at: 0, depth: 0, inner }
    }

    fn peek(&self) -> Option<&'t TokenKind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    fn peek_second(&self) -> Option<&'t TokenKind> {
        self.tokens.get(self.at + 1).map(|token| &token.kind)
    }

    /// Where the next word begins, or what is read ends.
    pub(super) fn start(&self) -> usize {
        self.tokens.get(self.at).map_or(self.inner.end(), |token| token.span.start()).into()
    }

    /// What is not read yet.
    pub(super) fn rest(&self) -> TextRange {
        range(self.start(), self.inner.end().into())
    }

    fn span(&self, start: usize) -> TextRange {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        range(start, last.map_or(start, |token| token.span.end().into()))
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// The next word, if it is a name.
    pub(super) fn name(&mut self) -> Option<Word> {
        let token = self.tokens.get(self.at)?;
        let TokenKind::Name(name) = &token.kind else { return None };
        self.at += 1;
        Some(Word { text: name.clone(), span: token.span })
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(TokenKind::Name(name)) if **name == *word)
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(TokenKind::Sign(known)) if *known == sign)
    }

    pub(super) fn skips_word(&mut self, word: &str) -> bool {
        let skips = self.is_word(word);
        self.at += usize::from(skips);
        skips
    }

    pub(super) fn skips(&mut self, sign: &str) -> bool {
        let skips = self.is_sign(sign);
        self.at += usize::from(skips);
        skips
    }

    fn made(&self, start: usize, kind: ExprKind) -> Option<Expr> {
        let depth = kind.depth() + 1;
        (depth <= MOST_LEVELS).then(|| Expr { kind, span: self.span(start), depth })
    }

    /// An expression; `conditional`: with `… if … else …`.
    pub(super) fn expression(&mut self, conditional: bool) -> Option<Expr> {
        self.deeper(if conditional { Self::conditional } else { Self::or })
    }

    fn deeper(&mut self, read: fn(&mut Self) -> Option<Expr>) -> Option<Expr> {
        self.depth += 1;
        let found = if self.depth > DEEPEST { None } else { read(self) };
        self.depth -= 1;
        found
    }

    /// One expression, or several with commas between them.
    pub(super) fn tuple(&mut self, conditional: bool) -> Option<Expr> {
        let start = self.start();
        let first = self.expression(conditional)?;
        if !self.is_sign(",") {
            return Some(first);
        }
        let mut all = vec![first];
        while self.skips(",") {
            if self.is_done() || self.is_sign(")") || self.is_word("if") {
                break;
            }
            all.push(self.expression(conditional)?);
        }
        self.made(start, ExprKind::List("Tuple", all))
    }

    fn conditional(&mut self) -> Option<Expr> {
        let start = self.start();
        let mut value = self.or()?;
        while self.skips_word("if") {
            let test = self.or()?;
            let other =
                if self.skips_word("else") { Some(Box::new(self.expression(true)?)) } else { None };
            value = self.made(start, ExprKind::Conditional(Box::new([value, test]), other))?;
        }
        Some(value)
    }

    fn or(&mut self) -> Option<Expr> {
        self.rank(&[("or", "Or")], Self::and)
    }

    fn and(&mut self) -> Option<Expr> {
        self.rank(&[("and", "And")], Self::not)
    }

    fn not(&mut self) -> Option<Expr> {
        let start = self.start();
        let mut times = 0_usize;
        while self.skips_word("not") {
            times += 1;
        }
        let mut value = self.compare()?;
        for _ in 0..times.min(DEEPEST) {
            value = self.made(start, ExprKind::Unary("Not", Box::new(value)))?;
        }
        Some(value)
    }

    fn compare(&mut self) -> Option<Expr> {
        let start = self.start();
        let first = self.sum()?;
        let mut rest = Vec::new();
        while let Some(how) = self.comparison() {
            rest.push((how, self.sum()?));
        }
        if rest.is_empty() {
            return Some(first);
        }
        self.made(start, ExprKind::Compare(Box::new(first), rest))
    }

    fn comparison(&mut self) -> Option<&'static str> {
        const SIGNS: [(&str, &str); 6] =
            [("==", "eq"), ("!=", "ne"), ("<", "lt"), ("<=", "lteq"), (">", "gt"), (">=", "gteq")];
        if let Some((_, name)) = SIGNS.iter().find(|(sign, _)| self.is_sign(sign)) {
            self.at += 1;
            return Some(name);
        }
        if self.skips_word("in") {
            return Some("in");
        }
        let second = self.peek_second();
        let not_in = matches!(second, Some(TokenKind::Name(name)) if &**name == "in");
        if self.is_word("not") && not_in {
            self.at += 2;
            return Some("notin");
        }
        None
    }

    /// Operators of one rank, from left to right.
    fn rank(
        &mut self,
        operators: &[(&str, &'static str)],
        next: fn(&mut Self) -> Option<Expr>,
    ) -> Option<Expr> {
        let start = self.start();
        let mut left = next(self)?;
        let is_here = |this: &Self, operator| this.is_sign(operator) || this.is_word(operator);
        while let Some((_, name)) = operators.iter().find(|(one, _)| is_here(self, one)) {
            self.at += 1;
            let right = next(self)?;
            left = self.made(start, ExprKind::Binary(name, Box::new([left, right])))?;
        }
        Some(left)
    }

    fn sum(&mut self) -> Option<Expr> {
        self.rank(&[("+", "Add"), ("-", "Sub")], Self::concat)
    }

    fn concat(&mut self) -> Option<Expr> {
        let start = self.start();
        let first = self.product()?;
        if !self.is_sign("~") {
            return Some(first);
        }
        let mut all = vec![first];
        while self.skips("~") {
            all.push(self.product()?);
        }
        self.made(start, ExprKind::Concat(all))
    }

    fn product(&mut self) -> Option<Expr> {
        let all = [("*", "Mul"), ("/", "Div"), ("//", "FloorDiv"), ("%", "Mod")];
        self.rank(&all, Self::power)
    }

    fn power(&mut self) -> Option<Expr> {
        self.rank(&[("**", "Pow")], Self::filtered)
    }

    fn filtered(&mut self) -> Option<Expr> {
        self.unary(true)
    }

    fn unary(&mut self, with_filter: bool) -> Option<Expr> {
        let start = self.start();
        let sign = [("-", "Neg"), ("+", "Pos")].into_iter().find(|(sign, _)| self.is_sign(sign));
        let value = match sign {
            Some((_, name)) => {
                self.at += 1;
                let value = self.deeper(|this| this.unary(false))?;
                self.made(start, ExprKind::Unary(name, Box::new(value)))?
            }
            None => self.primary()?,
        };
        let value = self.postfix(start, value)?;
        if with_filter { self.filters(start, value) } else { Some(value) }
    }

    fn primary(&mut self) -> Option<Expr> {
        let start = self.start();
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        let kind = match &token.kind {
            TokenKind::Name(name) => match &**name {
                "true" | "false" | "none" | "True" | "False" | "None" => ExprKind::Constant,
                _ => ExprKind::Name(name.clone()),
            },
            TokenKind::Text(first) => {
                let mut text = String::from(&**first);
                while let Some(TokenKind::Text(more)) = self.peek() {
                    text.push_str(more);
                    self.at += 1;
                }
                ExprKind::Text(text.into())
            }
            TokenKind::Number(number) => ExprKind::Number(number.clone()),
            TokenKind::Sign("(") => {
                if self.skips(")") {
                    return self.made(start, ExprKind::List("Tuple", Vec::new()));
                }
                let inner = self.tuple(true)?;
                return self.skips(")").then(|| Expr { span: self.span(start), ..inner });
            }
            TokenKind::Sign("[") => {
                let mut all = Vec::new();
                while !self.skips("]") {
                    all.push(self.expression(true)?);
                    if !self.skips(",") && !self.is_sign("]") {
                        return None;
                    }
                }
                ExprKind::List("List", all)
            }
            TokenKind::Sign("{") => ExprKind::Dict(self.pairs()?),
            TokenKind::Sign(_) => return None,
        };
        self.made(start, kind)
    }

    fn pairs(&mut self) -> Option<Vec<(Expr, Expr)>> {
        let mut pairs = Vec::new();
        while !self.skips("}") {
            let key = self.expression(true)?;
            if !self.skips(":") {
                return None;
            }
            pairs.push((key, self.expression(true)?));
            if !self.skips(",") && !self.is_sign("}") {
                return None;
            }
        }
        Some(pairs)
    }

    fn postfix(&mut self, start: usize, mut value: Expr) -> Option<Expr> {
        loop {
            let kind = if self.skips(".") {
                match self.peek()? {
                    TokenKind::Name(name) => {
                        self.at += 1;
                        ExprKind::Attribute(Box::new(value), name.clone())
                    }
                    TokenKind::Number(number) => {
                        let start = self.start();
                        self.at += 1;
                        let key = self.made(start, ExprKind::Number(number.clone()))?;
                        ExprKind::Item(Box::new(value), Box::new(key))
                    }
                    _ => return None,
                }
            } else if self.skips("[") {
                self.subscript(value)?
            } else if self.skips("(") {
                let arguments = self.arguments()?;
                ExprKind::Call(Box::new(value), arguments)
            } else {
                return Some(value);
            };
            value = self.made(start, kind)?;
        }
    }

    fn subscript(&mut self, value: Expr) -> Option<ExprKind> {
        let mut parts = 0_usize;
        let mut sliced = false;
        let mut key = None;
        while !self.skips("]") {
            if self.skips(":") || self.skips(",") {
                sliced = true;
                continue;
            }
            parts += 1;
            key = Some(self.expression(true)?);
            if !self.is_sign(":") && !self.is_sign(",") && !self.is_sign("]") {
                return None;
            }
        }
        Some(match key {
            Some(key) if parts == 1 && !sliced => ExprKind::Item(Box::new(value), Box::new(key)),
            _ => ExprKind::Slice(Box::new(value)),
        })
    }

    /// Up to the `)`.
    fn arguments(&mut self) -> Option<Arguments> {
        let mut all = Arguments::default();
        while !self.skips(")") {
            if self.skips("**") || self.skips("*") {
                all.spread.push(self.expression(true)?);
            } else if let (Some(TokenKind::Name(name)), Some(TokenKind::Sign("="))) =
                (self.peek(), self.peek_second())
            {
                self.at += 2;
                all.keywords.push((name.clone(), self.expression(true)?));
            } else {
                all.positional.push(self.expression(true)?);
            }
            if !self.skips(",") && !self.is_sign(")") {
                return None;
            }
        }
        Some(all)
    }

    /// `|name(…)`, ` is name …` and calls, as many as follow.
    fn filters(&mut self, start: usize, mut value: Expr) -> Option<Expr> {
        loop {
            let kind = if self.skips("|") {
                self.filter(Some(Box::new(value)))?
            } else if self.skips_word("is") {
                self.test(value, start)?
            } else if self.skips("(") {
                ExprKind::Call(Box::new(value), self.arguments()?)
            } else {
                return Some(value);
            };
            value = self.made(start, kind)?;
        }
    }

    fn filter(&mut self, value: Option<Box<Expr>>) -> Option<ExprKind> {
        let name = self.dotted()?;
        let arguments = if self.skips("(") { self.arguments()? } else { Arguments::default() };
        Some(ExprKind::Filter(value, name, arguments))
    }

    /// The filters of `{% filter a|b %}`.
    pub(super) fn filter_chain(&mut self) -> Option<Expr> {
        let start = self.start();
        let first = self.filter(None)?;
        let first = self.made(start, first)?;
        self.filters(start, first)
    }

    fn dotted(&mut self) -> Option<Word> {
        let mut name = self.name()?;
        while self.skips(".") {
            let more = self.name()?;
            name.text = format!("{}.{}", name.text, more.text).into();
            name.span = name.span.cover(more.span);
        }
        Some(name)
    }

    fn test(&mut self, value: Expr, start: usize) -> Option<ExprKind> {
        let negated = self.skips_word("not");
        let name = self.dotted()?.text;
        let mut arguments = Arguments::default();
        if self.skips("(") {
            arguments = self.arguments()?;
        } else if self.begins_value() {
            let start = self.start();
            let value = self.primary()?;
            arguments.positional.push(self.postfix(start, value)?);
        }
        let test = ExprKind::Test(Box::new(value), name, arguments);
        Some(if negated { ExprKind::Unary("Not", Box::new(self.made(start, test)?)) } else { test })
    }

    /// Whether what follows a test is its argument: `x is divisibleby 3`.
    fn begins_value(&self) -> bool {
        match self.peek() {
            Some(TokenKind::Name(name)) => !matches!(&**name, "else" | "or" | "and" | "is"),
            Some(TokenKind::Text(_) | TokenKind::Number(_) | TokenKind::Sign("(" | "[" | "{")) => {
                true
            }
            _ => false,
        }
    }
}
