//! Changes of texts after which they can do less harm: line ends and other characters are taken out.

use djsec_base::Span;
use djsec_python::QualifiedName;
use djsec_python::code::{Code, Expr, ExprId, Stmt};

use super::Run;
use super::call::passed;
use crate::args::{Args, Given};
use crate::taint::{Label, Taint};
use crate::value::{Value, What};
use crate::{Kind, Kinds};

/// As what a text without line ends can do no harm.
const ONE_LINE: Kinds = Kinds::just(Kind::Log);

impl Run<'_, '_> {
    /// As what the result of a method of a text can do no harm, whatever the text was.
    pub(super) fn cleaned_by(&self, name: &str, args: &Args) -> Kinds {
        let text = |at: usize| args.positional.get(at).and_then(|given| given.value.as_text());
        let has = |at: usize, part: char| text(at).is_some_and(|text| text.contains(part));
        match name {
            "replace" if text(0).is_some_and(|text| &**text == "\n") && !has(1, '\n') => {
                // What is put there instead must be known.
                if text(1).is_some() { ONE_LINE } else { Kinds::NONE }
            }
            "splitlines" if args.each().next().is_none() => ONE_LINE,
            // Without `<` there is no tag; without `</` no script ends before its time.
            "replace"
                if text(0).is_some_and(|text| matches!(&**text, "<" | "</"))
                    && text(1).is_some_and(|new| !new.contains(text(0).map_or("<", |old| old))) =>
            {
                Kinds::just(Kind::Html)
            }
            "translate" if is_djangos_table(args) || self.is_table_of_tags(args) => {
                Kinds::just(Kind::Html)
            }
            "encode" if text(0).is_some_and(|text| &**text == "unicode_escape") => ONE_LINE,
            "sub" => {
                let name = args.receiver.as_ref().and_then(|given| self.named(given.expr));
                let pattern = name.and_then(|name| self.compiled(&name));
                pattern.map_or(Kinds::NONE, |pattern| left_by(pattern, text(0).map(|t| &**t)))
            }
            _ => Kinds::NONE,
        }
    }

    /// Whether a table by which characters are translated, in the function or at the top of its module, has
    /// an entry for `<`: `{ord("<"): "\\u003C"}`.
    fn is_table_of_tags(&self, args: &Args) -> bool {
        let code = self.code;
        let Some(given) = args.positional.first() else { return false };
        let Some(name) = code.name(given.expr) else { return has_entry(code, given.expr) };
        let mut found = false;
        let mut look = |stmt: Stmt| {
            if let Stmt::Assign { targets, value: Some(value), .. } = stmt {
                let is = code.exprs(targets).iter().any(|target| code.name(*target) == Some(name));
                found |= is && has_entry(code, value);
            }
        };
        code.each_stmt(self.function.body, &mut |_, stmt| look(stmt));
        code.body().iter().for_each(|id| look(code.stmt(*id)));
        found
    }
}

impl Run<'_, '_> {
    /// What `re.sub(pattern, function, text)` gives: the text, and what the function gives for parts of it.
    /// `at`: where the text stands.
    pub(super) fn replaced_by_function(&mut self, args: &Args, at: usize) -> Option<Value> {
        let by = args.positional.get(at.checked_sub(1)?).or_else(|| args.keyword("repl"))?.clone();
        let text = args.positional.get(at).or_else(|| args.keyword("string"))?.clone();
        let known = matches!(by.value.what, What::Name(_) | What::Function(..) | What::Later(_));
        if !known {
            return None;
        }
        let place = self.place(self.calling);
        let given = Args { positional: vec![text.clone()], ..Args::default() };
        let mut taint = self.invoke(&by.value, given, place, self.calling).whole();
        taint.merge(&text.value.whole().weakened());
        Some(Value::tainted(taint.stepped(place, || passed("sub"))))
    }

    /// `print(text, file=out)`
    pub(super) fn printed_into(&mut self, args: &Args) -> Option<Value> {
        let file = args.keyword("file")?.clone();
        let all = args.positional.iter().chain(&args.spread);
        let mut taint = Taint::default();
        for given in all {
            let value = self.as_text(given.value.clone(), self.place(given.expr));
            taint.merge(&value.whole());
        }
        let text = Given { value: Value::tainted(taint), expr: file.expr };
        let args = Args { receiver: Some(file), positional: vec![text], ..Args::default() };
        let place = self.place(self.calling);
        self.method("write", &args, place, self.calling);
        Some(Value::default())
    }
}

/// Whether a table has an entry for `<`.
fn has_entry(code: &Code, table: ExprId) -> bool {
    let table = match code.call(table) {
        // `str.maketrans({…})`
        Some((_, [only])) => only.value,
        _ => table,
    };
    let begins_tag = |key: ExprId| match code.expr(key) {
        Expr::Str(text) => code.text(text) == "<",
        Expr::Int(number) => number == 60,
        Expr::Call(callee, arguments) => {
            let first = code.arguments(arguments).first();
            code.name(callee) == Some("ord")
                && first.and_then(|first| code.string(first.value)) == Some("<")
        }
        _ => false,
    };
    let Expr::Dict(entries) = code.expr(table) else { return false };
    code.entries(entries).iter().any(|(key, _)| key.is_some_and(begins_tag))
}

/// Whether what characters are translated by is one of the tables with which Django escapes.
fn is_djangos_table(args: &Args) -> bool {
    const TABLES: &[&str] =
        &["django.utils.html._json_script_escapes", "django.utils.html._js_escapes"];
    let table = args.positional.first().map(|given| &given.value.what);
    matches!(table, Some(What::Name(QualifiedName::External(name))) if TABLES.contains(&&**name))
}

/// What `re.sub(pattern, replacement, text)` gives, where it is known what the pattern takes out.
pub(super) fn replaced(args: &Args, place: Span) -> Option<Value> {
    let text = |at: usize| args.positional.get(at).and_then(|given| given.value.as_text());
    let safe = left_by(text(0)?, text(1).map(|text| &**text));
    if safe == Kinds::NONE {
        return None;
    }
    let taint = args.whole().sanitized(safe);
    Some(Value::tainted(taint.stepped(place, || passed("sub"))))
}

/// As what a text can do harm again that is normalized after it was checked or escaped: `＜` becomes `<`,
/// and `．．／` becomes `../`.
const WIDE: Kinds = Kinds::just(Kind::Html)
    .or(Kinds::just(Kind::Path))
    .or(Kinds::just(Kind::Sql))
    .or(Kinds::just(Kind::Command))
    .or(Kinds::just(Kind::Ldap));

/// What `unicodedata.normalize("NFKC", text)` gives. The other forms keep wide letters apart.
pub(super) fn normalized(args: &Args) -> Option<Value> {
    let [form, text] = args.positional.as_slice() else { return None };
    let form = form.value.as_text()?;
    let taint = text.value.whole();
    let harmless = |label: &Label| label.safe.holds(Kinds::NUMBER);
    if !form.starts_with("NFK") || taint.labels().iter().any(harmless) {
        return Some(Value::tainted(taint));
    }
    Some(Value::tainted(taint.undone(WIDE)))
}

/// As what a text can do no harm after everything that a pattern matches was replaced.
fn left_by(pattern: &str, replacement: Option<&str>) -> Kinds {
    let Some(replacement) = replacement.filter(|text| text.chars().all(is_harmless)) else {
        return Kinds::NONE;
    };
    let class = pattern.trim_end_matches(['+', '*']);
    let inner = class.strip_prefix('[').and_then(|class| class.strip_suffix(']'));
    match (inner, class) {
        // Everything but a few characters is taken out.
        (Some(inner), _) if inner.starts_with('^') => match inner.get(1..) {
            Some(left) if is_narrow(left) && !replacement.contains('.') => Kinds::ALL,
            Some(left)
                if !left.contains("\\n") && !left.contains("\\s") && !left.contains("\\W") =>
            {
                ONE_LINE
            }
            _ => Kinds::NONE,
        },
        (Some(inner), _) if takes_line_ends(inner) && !inner.contains('[') => ONE_LINE,
        (
            None,
            "\n" | "\\n" | "\\s" | "\\W" | "\r?\n" | "\\r?\\n" | "\r\n|\r|\n" | "\\r\\n|\\r|\\n",
        ) => ONE_LINE,
        _ => Kinds::NONE,
    }
}

fn is_harmless(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.')
}

/// Whether a class of characters takes letters, digits, `_` and `-` only.
fn is_narrow(class: &str) -> bool {
    let class = ["A-Z", "a-z", "0-9", "\\w", "\\d", "\\-"]
        .iter()
        .fold(class.to_owned(), |class, part| class.replace(part, ""));
    class.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

fn takes_line_ends(class: &str) -> bool {
    ["\n", "\\n", "\\s", "\\W"].iter().any(|part| class.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_say_what_they_leave() {
        for narrow in ["[^a-zA-Z0-9]", "[^\\w-]+", r"[^A-Za-z0-9_\-]"] {
            assert_eq!(left_by(narrow, Some("")), Kinds::ALL, "{narrow}");
        }
        for line in ["[\r\n]+", r"[\r\n]", r"\s+", "\n", r"[^\w .]"] {
            assert_eq!(left_by(line, Some(" ")), ONE_LINE, "{line}");
        }
        for open in ["a", r"[\r]", r"[^\w\s]", ".*", "[^a-z]\n|x"] {
            assert_eq!(left_by(open, Some("")), Kinds::NONE, "{open}");
        }
        assert_eq!(left_by("[^a-z]", Some("<")), Kinds::NONE);
        assert_eq!(left_by("[^a-z]", None), Kinds::NONE);
    }
}
