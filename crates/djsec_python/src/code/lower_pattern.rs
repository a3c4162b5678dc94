//! `match` statements: what patterns name, bind and take.

use djsec_syntax::python::ast;

use super::lower::{Lower, length};
use super::{Bind, Match, Part, Pattern, Stmt};

impl<'a> Lower<'a> {
    pub(super) fn match_statement(&mut self, s: &'a ast::StmtMatch) -> Stmt {
        let subject = self.expr(&s.subject);
        let mut patterns = Vec::new();
        let cases = s
            .cases
            .iter()
            .map(|case| {
                let mark = self.open.exprs.len();
                self.pattern(&case.pattern);
                let mut names = Vec::new();
                self.bound_by(&case.pattern, &mut Vec::new(), &mut names);
                let only_values = only_values(&case.pattern);
                patterns.push(Pattern { names, only_values, takes_all: takes_all(&case.pattern) });
                let values = self.expr_list(mark);
                let guard = case.guard.as_deref().map(|guard| self.expr(guard));
                (values, guard, self.block(&case.body))
            })
            .collect();
        self.code.matches.push(Match { subject, cases, patterns });
        Stmt::Match(length(&self.code.matches) - 1)
    }

    /// Opens the values that a pattern names.
    fn pattern(&mut self, pattern: &'a ast::Pattern) {
        match pattern {
            ast::Pattern::MatchValue(p) => {
                let value = self.expr(&p.value);
                self.open.exprs.push(value);
            }
            ast::Pattern::MatchSequence(p) => p.patterns.iter().for_each(|p| self.pattern(p)),
            ast::Pattern::MatchOr(p) => p.patterns.iter().for_each(|p| self.pattern(p)),
            ast::Pattern::MatchAs(p) => {
                if let Some(inner) = &p.pattern {
                    self.pattern(inner);
                }
            }
            ast::Pattern::MatchMapping(p) => {
                p.keys.iter().for_each(|key| self.walk(Some(key)));
                self.inner_patterns(p.patterns.iter());
            }
            ast::Pattern::MatchClass(p) => {
                self.walk(Some(&p.cls));
                let keywords = p.arguments.keywords.iter().map(|keyword| &keyword.pattern);
                self.inner_patterns(p.arguments.patterns.iter().chain(keywords));
            }
            ast::Pattern::MatchSingleton(_) | ast::Pattern::MatchStar(_) => {}
        }
    }

    /// Patterns for parts of the value: what they name is not what the whole may be.
    fn inner_patterns(&mut self, patterns: impl Iterator<Item = &'a ast::Pattern>) {
        let mark = self.open.exprs.len();
        patterns.for_each(|pattern| self.pattern(pattern));
        self.open.exprs.truncate(mark);
    }

    /// Collects the names that a pattern binds. `path`: the part of the subject that it is for.
    fn bound_by(&mut self, pattern: &'a ast::Pattern, path: &mut Vec<Part>, names: &mut Vec<Bind>) {
        match pattern {
            ast::Pattern::MatchAs(p) => {
                let only_values = only_values(pattern);
                self.binds(p.name.as_ref(), path, only_values, names);
                if let Some(inner) = &p.pattern {
                    self.bound_by(inner, path, names);
                }
            }
            ast::Pattern::MatchStar(p) => self.binds(p.name.as_ref(), path, false, names),
            ast::Pattern::MatchMapping(p) => {
                self.binds(p.rest.as_ref(), path, false, names);
                for (key, inner) in p.keys.iter().zip(&p.patterns) {
                    let key = match key {
                        ast::Expr::StringLiteral(key) => Some(self.symbol(key.value.to_str())),
                        _ => None,
                    };
                    self.bound_under(inner, Part::Key(key), path, names);
                }
            }
            ast::Pattern::MatchSequence(p) => self.bound_in(&p.patterns, path, names),
            ast::Pattern::MatchClass(p) => {
                let class = match &*p.cls {
                    ast::Expr::Name(name) => Some(self.symbol(name.id.as_str())),
                    _ => None,
                };
                for (at, inner) in p.arguments.patterns.iter().enumerate() {
                    self.bound_under(inner, Part::Place(at, class), path, names);
                }
                for keyword in &p.arguments.keywords {
                    let name = self.symbol(keyword.attr.as_str());
                    self.bound_under(&keyword.pattern, Part::Attribute(name), path, names);
                }
            }
            ast::Pattern::MatchOr(p) => {
                p.patterns.iter().for_each(|inner| self.bound_by(inner, path, names));
            }
            ast::Pattern::MatchValue(_) | ast::Pattern::MatchSingleton(_) => {}
        }
    }

    /// Collects the names that the patterns for the elements of a list bind.
    fn bound_in(
        &mut self,
        patterns: &'a [ast::Pattern],
        path: &mut Vec<Part>,
        names: &mut Vec<Bind>,
    ) {
        let star = patterns.iter().position(|p| matches!(p, ast::Pattern::MatchStar(_)));
        for (at, inner) in patterns.iter().enumerate() {
            let behind = star.is_some_and(|star| at >= star);
            self.bound_under(inner, if behind { Part::Some } else { Part::At(at) }, path, names);
        }
    }

    fn bound_under(
        &mut self,
        pattern: &'a ast::Pattern,
        part: Part,
        path: &mut Vec<Part>,
        names: &mut Vec<Bind>,
    ) {
        path.push(part);
        self.bound_by(pattern, path, names);
        path.pop();
    }

    fn binds(
        &mut self,
        name: Option<&'a ast::Identifier>,
        path: &[Part],
        only_values: bool,
        names: &mut Vec<Bind>,
    ) {
        if let Some(name) = name {
            let name = self.symbol(name.as_str());
            names.push(Bind { name, path: path.to_vec(), only_values });
        }
    }
}

/// Whether a pattern takes the values that it names and nothing else.
fn only_values(pattern: &ast::Pattern) -> bool {
    match pattern {
        ast::Pattern::MatchValue(_) | ast::Pattern::MatchSingleton(_) => true,
        ast::Pattern::MatchOr(p) => p.patterns.iter().all(only_values),
        ast::Pattern::MatchAs(p) => p.pattern.as_deref().is_some_and(only_values),
        _ => false,
    }
}

/// Whether a pattern takes whatever there is.
fn takes_all(pattern: &ast::Pattern) -> bool {
    match pattern {
        ast::Pattern::MatchAs(p) => p.pattern.as_deref().is_none_or(takes_all),
        ast::Pattern::MatchOr(p) => p.patterns.iter().any(takes_all),
        _ => false,
    }
}
