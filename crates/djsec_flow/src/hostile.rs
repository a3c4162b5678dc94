//! Code that is made to be hard to follow: each piece ends soon, without a deep stack, and says so where
//! it was not followed to its end.

use std::fmt::Write;

use crate::Flows;
use crate::tests::flows_in;

/// Follows data through a module, on a thread with a stack of common size.
fn followed(source: &str) -> Flows {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(8 << 20);
        thread.spawn_scoped(scope, || flows_in(source)).unwrap().join().unwrap()
    })
}

/// A module of pieces of text, one for each number.
fn module(head: &str, pieces: impl Iterator<Item = String>, tail: &str) -> String {
    pieces.fold(format!("import os\n{head}"), |text, piece| text + &piece) + tail
}

#[test]
fn ten_thousand_functions_that_call_each_other() {
    let count = 10_000;
    let functions = (0..count).map(|at| {
        let (next, far) = ((at + 1) % count, (at * 7 + 3) % count);
        format!("def f{at}(a, b):\n    f{next}(b, a)\n    return f{far}(a, b)\n")
    });
    let tail = "def view(request):\n    f0(request.GET['q'], 1)\n    os.system(request.GET['q'])\n";
    let flows = followed(&module("", functions, tail));
    assert_eq!(flows.all.len(), 1);
}

#[test]
fn a_hundred_classes_on_top_of_each_other() {
    let class = |at: usize| {
        let base = if at == 0 { String::new() } else { format!("(C{})", at - 1) };
        let up = if at == 0 { "os.system(a)" } else { "super().run(a)" };
        format!(
            "class C{at}{base}:\n    def run(self, a):\n        {up}\n        self.hook(a)\n    def hook(self, a):\n        pass\n"
        )
    };
    let tail = "def view(request):\n    C99().run(request.GET['q'])\n";
    let flows = followed(&module("", (0..100).map(class), tail));
    assert_eq!(flows.all.len(), 1);
}

#[test]
fn a_function_of_twenty_thousand_lines() {
    let line = |at: usize| format!("    x{} = x{} + 'a'\n", at % 50, (at * 3 + 1) % 50);
    let head = "def view(request):\n    x0 = x1 = request.GET['q']\n";
    let flows = followed(&module(head, (0..20_000).map(line), "    os.system(x0)\n"));
    assert_eq!((flows.cut, flows.first_cut.is_some()), (1, true));
}

#[test]
fn a_function_of_ten_thousand_lines_is_followed_to_its_end() {
    let line = |at: usize| format!("    x{} = x{} + 'a'\n", at % 50, (at * 3 + 1) % 50);
    let head = "def view(request):\n    x0 = x1 = request.GET['q']\n";
    let flows = followed(&module(head, (0..10_000).map(line), "    os.system(x1)\n"));
    assert_eq!((flows.cut, flows.all.len()), (0, 1));
}

fn nested(count: usize) -> String {
    let nested = (0..count).fold("request.GET['q']".to_owned(), |text, _| format!("f({text})"));
    let head = "def f(a):\n    return a\ndef view(request):\n";
    module(head, std::iter::empty(), &format!("    os.system({nested})\n"))
}

#[test]
fn five_thousand_calls_in_calls() {
    // The parser leaves such a function out, and says so: only `f` is there.
    assert_eq!(followed(&nested(5_000)).functions, 1);
    let flows = followed(&nested(150));
    assert_eq!((flows.cut, flows.first_cut.is_some()), (1, true));
    let flows = followed(&nested(100));
    assert_eq!((flows.cut, flows.all.len()), (0, 1));
}

#[test]
fn two_thousand_branches_over_a_dict_of_a_thousand_keys() {
    let mut head = "def view(request):\n    d = {}\n    q = request.GET['q']\n".to_owned();
    for key in 0..1_000 {
        let _infallible = writeln!(head, "    d['k{key}'] = q");
    }
    let branch = |at: usize| {
        let key = at % 1_000;
        format!(
            "    if q == d:\n        d['k{key}'] = q + 'a'\n    else:\n        d['n{at}'] = q\n"
        )
    };
    let flows = followed(&module(&head, (0..2_000).map(branch), "    os.system(d['k1'])\n"));
    assert!(flows.cut > 0 || flows.all.len() == 1);
}

#[test]
fn loops_in_loops_in_loops() {
    let mut text = "def view(request):\n    a = b = request.GET['q']\n".to_owned();
    for depth in 1..=18 {
        let indent = "    ".repeat(depth);
        let _infallible = writeln!(text, "{indent}for x{depth} in a:\n{indent}    a, b = b, a + b");
    }
    let flows = followed(&module(&text, std::iter::empty(), "    os.system(a)\n"));
    assert!(flows.cut > 0 || flows.all.len() == 1);
}

#[test]
fn a_function_that_calls_itself_with_a_part_under_a_condition() {
    let source = "import os\n\
        def climb(node):\n    if node.last:\n        if node.first:\n            return climb(node.first)\n    \
        if node.left:\n        climb(node.left)\n    climb(node.right)\n    os.system(node.name)\n\
        def view(request):\n    climb(request.GET['q'])\n";
    let flows = followed(source);
    assert_eq!((flows.cut, flows.all.len()), (0, 1));
}

#[test]
fn a_function_that_calls_itself_and_leaves_a_method_to_its_callers() {
    // Of `data` and of `meta` only the caller knows what they are: each turn goes one level further down to them.
    let source = "import os\n\
        def walk(nodes, kind, data):\n    for node in nodes:\n        if node.meta and node.meta.get(kind):\n            data.add(node.meta[kind])\n        \
        if node.nodes:\n            walk(node.nodes, kind, data)\n\
        def view(request):\n    names = set()\n    walk(request.GET, 'name', names)\n    os.system(names.pop())\n";
    let flows = followed(source);
    assert_eq!((flows.cut, flows.all.len()), (0, 1));
}

#[test]
fn a_parser_by_recursive_descent_comes_to_rest() {
    // Four methods go round, and what they read is set by another: each turn makes one more level of nodes.
    let source = r#"
import os
from dataclasses import dataclass


@dataclass
class Token:
    kind: str
    value: str
    place: int


class Node:
    pass


@dataclass
class Word(Node):
    text: str


@dataclass
class Label(Node):
    text: str


@dataclass
class Neither(Node):
    operand: Node


@dataclass
class Both(Node):
    left: Node
    right: Node


@dataclass
class Either(Node):
    left: Node
    right: Node


class Parser:
    def __init__(self, tokens):
        self.tokens = tokens
        self.at = 0
        self.current = tokens[0] if tokens else Token("end", "", 0)

    def advance(self):
        if self.at < len(self.tokens) - 1:
            self.at += 1
            self.current = self.tokens[self.at]

    def either(self) -> Node:
        left = self.both()
        while self.current.kind == "or":
            self.advance()
            right = self.both()
            left = Either(left, right)
        return left

    def both(self) -> Node:
        left = self.neither()
        while self.current.kind == "and" or self.current.kind in ["word", "not"]:
            if self.current.kind == "and":
                self.advance()
            right = self.neither()
            left = Both(left, right)
        return left

    def neither(self) -> Node:
        if self.current.kind == "not":
            self.advance()
            operand = self.neither()
            return Neither(operand)
        return self.single()

    def single(self) -> Node:
        if self.current.kind == "word":
            text = self.current.value
            self.advance()
            return Word(text)
        elif self.current.kind == "label":
            text = self.current.value
            self.advance()
            return Label(text)
        elif self.current.kind == "(":
            self.advance()
            found = self.either()
            self.advance()
            return found
        else:
            raise ValueError(f"unexpected {self.current.kind}", self.current.place)


def view(request):
    tokens = [Token("word", word, 0) for word in request.GET["q"].split()]
    found = Parser(tokens).either()
    os.system(found.text)
"#;
    let flows = followed(source);
    assert_eq!((flows.cut, flows.all.len()), (0, 1));
}
