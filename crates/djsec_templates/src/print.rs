//! Writes a tree as one line of text, to look at it and to compare it with Django's.
//!
//! `(name@line words {branch} {branch})`; text is `t` and its length in bytes, a variable its expression and
//! line. Comments, and what the words of a custom tag mean, are left out: Django's tree knows neither.

use crate::filter::{Filter, FilterExpression, Operand, Value};
use crate::tags::{Arguments, Assignment, BlockTranslate, Condition, Form};
use crate::tree::{Branch, Node, NodeKind, Tag, Template, Word};

impl Template {
    /// The tree in one line. `source` is the text that was read.
    pub fn print(&self, source: &str) -> String {
        let mut printer = Printer { source, line: 1, at: 0 };
        printer.nodes(&self.nodes)
    }
}

struct Printer<'s> {
    source: &'s str,
    /// The line of the byte `at`; nodes are met in order.
    line: usize,
    at: usize,
}

impl Printer<'_> {
    fn line(&mut self, node: &Node) -> usize {
        let start = usize::from(node.span.start());
        let passed = self.source.as_bytes().get(self.at..start).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', passed).count();
        self.at = self.at.max(start);
        self.line
    }

    fn nodes(&mut self, nodes: &[Node]) -> String {
        let printed: Vec<String> = nodes.iter().filter_map(|node| self.node(node)).collect();
        printed.join(" ")
    }

    fn branch(&mut self, branch: &Branch) -> String {
        format!("{{{}}}", self.nodes(&branch.nodes))
    }

    fn node(&mut self, node: &Node) -> Option<String> {
        Some(match &node.kind {
            NodeKind::Comment => return None,
            NodeKind::Text => format!("t{}", usize::from(node.span.len())),
            NodeKind::Variable(value) => format!("{}@{}", expression(value), self.line(node)),
            NodeKind::Tag(tag) => {
                let mut parts = vec![format!("{}@{}", tag.name.text, self.line(node))];
                parts.extend(words(&tag.form));
                self.branches(tag, &mut parts);
                format!("({})", parts.join(" "))
            }
        })
    }

    fn branches(&mut self, tag: &Tag, parts: &mut Vec<String>) {
        match (&*tag.name.text, &tag.form) {
            ("verbatim", Form::Plain) => {
                let nodes = tag.branches.iter().flat_map(|branch| &branch.nodes);
                let length: usize = nodes.map(|node| usize::from(node.span.len())).sum();
                parts.push(format!("t{length}"));
            }
            (_, Form::BlockTranslate(_)) => {
                parts.extend(tag.branches.iter().map(message));
            }
            _ => {
                for (number, branch) in tag.branches.iter().enumerate() {
                    parts.extend(branch.condition.as_ref().map(condition));
                    let printed = self.branch(branch);
                    // Django keeps an empty list where there is no such branch.
                    let optional = match &tag.form {
                        Form::For { .. } | Form::IfChanged { .. } => number > 0,
                        Form::Custom => true,
                        _ => false,
                    };
                    if !optional || printed != "{}" {
                        parts.push(printed);
                    }
                }
            }
        }
    }
}

/// The inside of `{% blocktranslate %}`.
fn message(branch: &Branch) -> String {
    let printed = branch.nodes.iter().map(|node| match &node.kind {
        NodeKind::Variable(value) => operand(&value.value),
        _ => format!("t{}", usize::from(node.span.len())),
    });
    format!("{{{}}}", printed.collect::<Vec<_>>().join(" "))
}

fn words(form: &Form) -> Vec<String> {
    match form {
        Form::Custom | Form::Plain | Form::Load => Vec::new(),
        Form::Malformed => vec!["malformed".to_owned()],
        Form::Switch { on } => vec![if *on { "on" } else { "off" }.to_owned()],
        Form::Block { name } | Form::Partial { name } => vec![quoted(&name.text)],
        Form::BlockTranslate(options) => block_translate(options),
        Form::Cache { timeout, fragment, vary, using } => {
            let using = using.iter().map(|using| format!("using={}", expression(using)));
            let head = [expression(timeout), quoted(&fragment.text)];
            head.into_iter().chain(vary.iter().map(expression)).chain(using).collect()
        }
        Form::Cycle { values, name, silent } => cycle(values, name.as_ref(), *silent),
        Form::Extends { parent } => vec![expression(parent)],
        Form::Filter { filters } => vec![filters.iter().map(filter).collect()],
        Form::FirstOf { values, target } => {
            with_target(values.iter().map(expression), target.as_ref())
        }
        Form::For { targets, sequence, reversed } => {
            let names: Vec<&str> = targets.iter().map(|target| &*target.text).collect();
            let reversed = reversed.then(|| "reversed".to_owned());
            [names.join(","), expression(sequence)].into_iter().chain(reversed).collect()
        }
        Form::IfChanged { values } => values.iter().map(expression).collect(),
        Form::Include { template, with, only } => {
            let only = only.then(|| "only".to_owned());
            let head = std::iter::once(expression(template));
            head.chain(with.iter().map(assignment)).chain(only).collect()
        }
        Form::Value { value } => vec![expression(value)],
        Form::PartialDef { name, inline } => {
            let inline = inline.then(|| "inline".to_owned());
            std::iter::once(quoted(&name.text)).chain(inline).collect()
        }
        Form::Set { target } => with_target(std::iter::empty(), target.as_ref()),
        Form::With { assignments } => assignments.iter().map(assignment).collect(),
        form => words_of_output(form),
    }
}

fn words_of_output(form: &Form) -> Vec<String> {
    let one = |value| std::iter::once(expression(value));
    match form {
        Form::Lorem { count, method, random } => {
            let random = random.then(|| "random".to_owned());
            one(count).chain([method.to_string()]).chain(random).collect()
        }
        Form::Now { format, target } => {
            // Django cuts off the first and the last character, quotes or not.
            let mut inner = format.text.chars();
            inner.next();
            inner.next_back();
            with_target(std::iter::once(quoted(inner.as_str())), target.as_ref())
        }
        Form::LanguageInfo { value, target } => with_target(one(value), Some(target)),
        Form::Regroup { source, by, target } => {
            with_target(one(source).chain([expression(by)]), Some(target))
        }
        Form::ResetCycle { name } => name.iter().map(|name| name.text.to_string()).collect(),
        Form::Static { path, target } => with_target(one(path), target.as_ref()),
        Form::TemplateTag { name, .. } => vec![name.text.to_string()],
        Form::Translate { message, context, noop, target } => {
            let context = context.iter().map(|context| format!("context {}", expression(context)));
            let noop = noop.then(|| "noop".to_owned());
            with_target(one(message).chain(context).chain(noop), target.as_ref())
        }
        Form::Url { name, args, kwargs, target } => {
            let args = args.iter().map(expression).chain(kwargs.iter().map(assignment));
            with_target(one(name).chain(args), target.as_ref())
        }
        Form::WidthRatio { values, target } => {
            with_target(values.iter().map(expression), target.as_ref())
        }
        Form::Call(Arguments { positional, keywords, target }) => {
            let keywords = keywords.iter().map(assignment);
            with_target(positional.iter().map(expression).chain(keywords), target.as_ref())
        }
        _ => Vec::new(),
    }
}

fn with_target(words: impl Iterator<Item = String>, target: Option<&Word>) -> Vec<String> {
    words.chain(target.map(|target| format!("as {}", target.text))).collect()
}

fn cycle(values: &[FilterExpression], name: Option<&Word>, silent: bool) -> Vec<String> {
    if let (true, Some(name)) = (values.is_empty(), name) {
        return vec!["=".to_owned(), name.text.to_string()];
    }
    let mut words = with_target(values.iter().map(expression), name);
    words.extend(silent.then(|| "silent".to_owned()));
    words
}

fn block_translate(options: &BlockTranslate) -> Vec<String> {
    let mut words = Vec::new();
    if !options.with.is_empty() {
        words.push("with".to_owned());
        words.extend(options.with.iter().map(assignment));
    }
    words.extend(options.count.iter().map(|count| format!("count {}", assignment(count))));
    let context = options.context.iter();
    words.extend(context.map(|context| format!("context {}", expression(context))));
    words.extend(options.trimmed.then(|| "trimmed".to_owned()));
    with_target(words.into_iter(), options.target.as_ref())
}

fn assignment(assignment: &Assignment) -> String {
    format!("{}={}", assignment.name.text, expression(&assignment.value))
}

fn condition(test: &Condition) -> String {
    match test {
        Condition::Value(value) => expression(value),
        Condition::Not(inner) => format!("(not {})", condition(inner)),
        Condition::And(parts) => chain("and", parts),
        Condition::Or(parts) => chain("or", parts),
        Condition::Compare(comparison, sides) => {
            let [left, right] = &**sides;
            format!("({} {} {})", comparison.as_str(), condition(left), condition(right))
        }
    }
}

/// Django nests what we keep side by side.
fn chain(name: &str, parts: &[Condition]) -> String {
    let mut parts = parts.iter().map(condition);
    let first = parts.next().unwrap_or_default();
    parts.fold(first, |left, right| format!("({name} {left} {right})"))
}

fn expression(value: &FilterExpression) -> String {
    let filters: String = value.filters.iter().map(filter).collect();
    operand(&value.value) + &filters
}

fn filter(filter: &Filter) -> String {
    let argument = filter.argument.as_ref().map(|argument| format!(":{}", operand(argument)));
    format!("|{}{}", filter.name.text, argument.unwrap_or_default())
}

fn operand(operand: &Operand) -> String {
    match &operand.value {
        Value::Text { text, translated: false } => quoted(text),
        Value::Text { text, translated: true } => format!("_{}", quoted(text)),
        Value::Number(text) => format!("#{text}"),
        Value::Lookup(path) => format!("${path}"),
        Value::Key(name) => format!("k{}", quoted(name)),
        Value::Any(all) => {
            let all: Vec<String> = all.iter().map(expression).collect();
            format!("({})", all.join(" "))
        }
        Value::Macro(call) => {
            let given: Vec<String> = call.given().map(expression).collect();
            format!("{}({})", call.name, given.join(" "))
        }
        Value::Missing => "-".to_owned(),
    }
}

/// A string of JSON.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if u32::from(c) < 0x20 => out.extend(format!("\\u{:04x}", u32::from(c)).chars()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
