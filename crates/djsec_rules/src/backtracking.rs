//! Patterns that take time that doubles with every turn of a loop, shown by a text that is slow.
//!
//! Python tries every way in which a pattern may match before it says no. Where one part of a text can be
//! taken in two ways by a loop, `n` such parts can be taken in `2^n`: `(a+)+$` on `aaaa!`. That is so
//! where two different paths through the pattern's automaton lead from one place back to it with the same
//! letters, and what follows can fail. Polynomial time is not looked for.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use regex_syntax::ast::{self, Ast};
use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};

/// Larger patterns are not looked at.
const MOST_PLACES: usize = 64;
/// Nor are those that need more steps.
const MOST_STEPS: usize = 400_000;
/// Ends of slow texts; the first one that the loop cannot take is used.
const ENDS: &[&str] = &["!", "\u{1}", "\n!"];

/// A text that is slow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slow {
    /// How it begins.
    pub(crate) begin: String,
    /// What is repeated: with every turn the time doubles.
    pub(crate) turn: String,
    /// How it ends, so that the pattern does not match.
    pub(crate) end: String,
}

/// A text on which a pattern takes exponential time. `whole`: it must match the text to its end.
/// Nothing for a pattern that is sound, that cannot be read here, or that is too large.
pub(crate) fn slow(pattern: &str, whole: bool) -> Option<Slow> {
    if !pattern.contains(['*', '+', '{']) || !pattern.contains('(') || is_possessive(pattern) {
        return None;
    }
    let pattern = pattern.replace("\\Z", "\\z");
    // What letters its classes hold is worked out only where that may matter.
    let tree = ast::parse::Parser::new().parse(&pattern).ok()?;
    if !has_choice_in_loop(&tree, false) {
        return None;
    }
    let hir = regex_syntax::parse(&pattern).ok()?;
    let mut automaton = Automaton::default();
    let mut all = automaton.part(&hir)?;
    if whole {
        let end = automaton.place(Vec::new())?;
        all = automaton.then(all, end);
    }
    automaton.slow(&all)
}

/// Whether a loop has a loop in it, or alternatives: no other can take a text in two ways.
fn has_choice_in_loop(tree: &Ast, in_loop: bool) -> bool {
    match tree {
        Ast::Repetition(repetition) => in_loop || has_choice_in_loop(&repetition.ast, true),
        Ast::Alternation(all) => {
            in_loop || all.asts.iter().any(|part| has_choice_in_loop(part, false))
        }
        Ast::Concat(all) => all.asts.iter().any(|part| has_choice_in_loop(part, in_loop)),
        Ast::Group(group) => has_choice_in_loop(&group.ast, in_loop),
        _ => false,
    }
}

/// Whether a count follows another: `a++` gives nothing back in Python, and is a loop in a loop to the
/// parser used here; `a**` is no pattern at all.
fn is_possessive(pattern: &str) -> bool {
    let (mut escaped, mut before) = (false, ' ');
    for c in pattern.chars() {
        if !escaped && matches!(c, '+' | '*') && matches!(before, '*' | '+' | '?' | '}') {
            return true;
        }
        escaped = !escaped && c == '\\';
        // What is escaped counts nothing.
        before = if before == '\\' { ' ' } else { c };
    }
    false
}

/// The letters of a place: ranges, sorted; none for the end of the text.
type Letters = Vec<(char, char)>;

/// The places of a pattern, and from which one leads to which, in how many ways.
#[derive(Debug, Default)]
struct Automaton {
    places: Vec<Letters>,
    next: Vec<BTreeMap<usize, u8>>,
}

/// A part of a pattern: where it begins and ends, and whether it takes nothing, too.
#[derive(Debug, Clone, Default)]
struct Part {
    first: Vec<usize>,
    last: Vec<usize>,
    empty: bool,
}

impl Automaton {
    fn place(&mut self, letters: Letters) -> Option<Part> {
        let at = self.places.len();
        self.places.push(letters);
        self.next.push(BTreeMap::new());
        let part = Part { first: vec![at], last: vec![at], empty: false };
        (at < MOST_PLACES).then_some(part)
    }

    fn part(&mut self, hir: &Hir) -> Option<Part> {
        let nothing = Part { empty: true, ..Part::default() };
        match hir.kind() {
            HirKind::Look(Look::End) => self.place(Vec::new()),
            HirKind::Empty | HirKind::Look(_) => Some(nothing),
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0).ok()?;
                text.chars().try_fold(nothing, |before, c| {
                    let one = self.place(vec![(c, c)])?;
                    Some(self.then(before, one))
                })
            }
            HirKind::Class(Class::Unicode(class)) => {
                self.place(class.ranges().iter().map(|r| (r.start(), r.end())).collect())
            }
            HirKind::Class(Class::Bytes(_)) => None,
            HirKind::Repetition(repetition) => self.repeated(repetition),
            HirKind::Capture(capture) => self.part(&capture.sub),
            HirKind::Concat(parts) => parts.iter().try_fold(nothing, |before, part| {
                let part = self.part(part)?;
                Some(self.then(before, part))
            }),
            HirKind::Alternation(parts) => {
                parts.iter().try_fold(Part::default(), |mut all, part| {
                    let part = self.part(part)?;
                    all.first.extend(part.first);
                    all.last.extend(part.last);
                    all.empty |= part.empty;
                    Some(all)
                })
            }
        }
    }

    fn repeated(&mut self, repetition: &Repetition) -> Option<Part> {
        let mut all = Part { empty: true, ..Part::default() };
        let single = matches!(repetition.sub.kind(), HirKind::Class(_) | HirKind::Literal(_));
        let endless = match repetition.max {
            None => true,
            Some(max) if max - repetition.min <= 8 => false,
            // One letter up to so many times is as good as without end.
            Some(_) if single => true,
            Some(_) => return None,
        };
        // `a+` is one place, and `a{2,}` is `aaa*`.
        let copies = if endless && repetition.min == 1 { 0 } else { repetition.min };
        for _ in 0..copies {
            let one = self.part(&repetition.sub)?;
            all = self.then(all, one);
        }
        if endless {
            let mut one = self.part(&repetition.sub)?;
            self.lead(&one.last, &one.first);
            one.empty |= repetition.min != 1;
            return Some(self.then(all, one));
        }
        // `a{0,2}` is `(a(a)?)?`: which of them is left out is no choice.
        let mut rest = Part { empty: true, ..Part::default() };
        for _ in repetition.min..repetition.max.unwrap_or_default() {
            let one = self.part(&repetition.sub)?;
            rest = self.then(one, rest);
            rest.empty = true;
        }
        Some(self.then(all, rest))
    }

    fn then(&mut self, before: Part, mut after: Part) -> Part {
        self.lead(&before.last, &after.first);
        let mut first = before.first;
        if before.empty {
            first.extend(&after.first);
        }
        if after.empty {
            after.last.extend(before.last);
        }
        Part { first, last: after.last, empty: before.empty && after.empty }
    }

    fn lead(&mut self, from: &[usize], to: &[usize]) {
        for from in from {
            let Some(next) = self.next.get_mut(*from) else { continue };
            for to in to {
                let ways = next.entry(*to).or_default();
                *ways = ways.saturating_add(1);
            }
        }
    }

    fn slow(&self, all: &Part) -> Option<Slow> {
        let mut steps = 0;
        (0..self.places.len()).find_map(|at| {
            let (turn, places) = self.turn(at, &mut steps)?;
            let end = ENDS.iter().find(|end| !self.takes(&places, end.chars().next()))?;
            let begin = self.begin(&all.first, at)?;
            // What matches after all is found at once.
            let matches = self.matches(all, &format!("{begin}{}{end}", turn.repeat(4)));
            (!matches).then(|| Slow { begin, turn, end: (*end).to_owned() })
        })
    }

    /// Whether a text is matched from its beginning, to wherever.
    fn matches(&self, all: &Part, text: &str) -> bool {
        let takes = |at: usize, c: char| self.places.get(at).is_some_and(|all| has(all, c));
        let is_end = |at: &usize| self.places.get(*at).is_some_and(Vec::is_empty);
        let follow = |at: usize| self.next.get(at).into_iter().flat_map(BTreeMap::keys).copied();
        let mut open: BTreeSet<usize> = all.first.iter().copied().collect();
        let mut matched = all.empty;
        for c in text.chars() {
            let taken: BTreeSet<usize> = open.iter().copied().filter(|at| takes(*at, c)).collect();
            matched |= taken.iter().any(|at| all.last.contains(at));
            open = taken.into_iter().flat_map(follow).collect();
        }
        matched || open.iter().any(|at| is_end(at) && all.last.contains(at))
    }

    /// Whether what follows one of these places begins with a letter.
    fn takes(&self, places: &BTreeSet<usize>, letter: Option<char>) -> bool {
        let next = places.iter().filter_map(|at| self.next.get(*at)).flat_map(BTreeMap::keys);
        let mut letters = next.filter_map(|at| self.places.get(*at));
        letter.is_none_or(|c| letters.any(|letters| has(letters, c)))
    }

    /// Letters that lead from a place back to it in two ways, and the places on both.
    fn turn(&self, at: usize, steps: &mut usize) -> Option<(String, BTreeSet<usize>)> {
        let start = (at, at, false);
        let mut before: BTreeMap<State, (State, char)> = BTreeMap::new();
        let mut open = VecDeque::from([start]);
        while let Some(state) = open.pop_front() {
            let (left, right, apart) = state;
            for (one, ways) in self.next.get(left)? {
                for other in self.next.get(right)?.keys() {
                    *steps += 1;
                    if *steps > MOST_STEPS {
                        return None;
                    }
                    let Some(letter) = self.common(*one, *other) else { continue };
                    let twice = left == right && one == other && *ways > 1;
                    let next = (*one, *other, apart || twice || one != other);
                    if before.contains_key(&next) {
                        continue;
                    }
                    before.insert(next, (state, letter));
                    if next == (at, at, true) {
                        return Some(told(&before, next, start));
                    }
                    open.push_back(next);
                }
            }
        }
        None
    }

    /// A letter that both places take, one that people type if there is one.
    fn common(&self, one: usize, other: usize) -> Option<char> {
        let (one, other) = (self.places.get(one)?, self.places.get(other)?);
        let typed = ['a', '0', 'A', '-', '.', ' '];
        let both = |c: &char| has(one, *c) && has(other, *c);
        typed.into_iter().find(both).or_else(|| first_common(one, other))
    }

    /// The shortest text that leads to a place, the place itself included.
    fn begin(&self, first: &[usize], to: usize) -> Option<String> {
        let mut known: BTreeMap<usize, String> = BTreeMap::new();
        let mut open = VecDeque::new();
        for at in first {
            if let Some(letter) = self.common(*at, *at) {
                known.entry(*at).or_insert_with(|| letter.to_string());
                open.push_back(*at);
            }
        }
        while let Some(at) = open.pop_front() {
            let text = known.get(&at)?.clone();
            if at == to {
                return Some(text);
            }
            for next in self.next.get(at)?.keys() {
                if let (false, Some(letter)) = (known.contains_key(next), self.common(*next, *next))
                {
                    known.insert(*next, format!("{text}{letter}"));
                    open.push_back(*next);
                }
            }
        }
        None
    }
}

/// Whether a letter is among letters.
fn has(letters: &[(char, char)], c: char) -> bool {
    let at = letters.partition_point(|(_, last)| *last < c);
    letters.get(at).is_some_and(|(first, _)| *first <= c)
}

/// The first letter that is among both. Word letters are hundreds of ranges: each is looked at once.
fn first_common(one: &[(char, char)], other: &[(char, char)]) -> Option<char> {
    let (mut left, mut right) = (one.iter().peekable(), other.iter().peekable());
    loop {
        let ((from, to), (start, end)) = (*left.peek()?, *right.peek()?);
        if to < start {
            left.next();
        } else if end < from {
            right.next();
        } else {
            return Some(*from.max(start));
        }
    }
}

/// Two places that the same letters lead to, and whether the ways there were different.
type State = (usize, usize, bool);

/// The letters on the way from a state to another, and the places.
fn told(
    before: &BTreeMap<State, (State, char)>,
    to: State,
    from: State,
) -> (String, BTreeSet<usize>) {
    let (mut letters, mut places, mut at) = (Vec::new(), BTreeSet::new(), to);
    while let Some((previous, letter)) = before.get(&at) {
        letters.push(*letter);
        places.extend([at.0, at.1]);
        at = *previous;
        if at == from {
            break;
        }
    }
    (letters.into_iter().rev().collect(), places)
}

#[cfg(test)]
mod tests {
    use super::slow;

    /// Each was run with Python 3.11 on the text that is shown: thirty turns take minutes.
    const SLOW: &[&str] = &[
        r"^(a+)+$",
        r"^(a*)*$",
        r"^([a-zA-Z]+)*$",
        r"^(\w+\s?)*$",
        r"^(\d+)*\.$",
        r"^(a?b?)*c",
        r"^(a|ab|b)*$",
        r"^([a-z0-9]+[-_]?)+$",
        r"^(([a-z])+.)+[A-Z]([a-z])+$",
        r"^\w+([-+.]?\w+)*@example\.com$",
        r"(x+x+)+y",
        r"^(.*,)*;$",
        r"^(?:[a-z]{1,20})+$",
        r"\A(?P<name>(?:\w+ ?)+)\Z",
    ];

    /// They look alike, and were as fast as others on what is slow for the ones above.
    const SOUND: &[&str] = &[
        r"^a+$",
        r"^(ab+)+$",
        r"^([a-z]+-)+$",
        r"^[a-z]+(-[a-z]+)*$",
        r"^\w+([-+.]\w+)*@",
        r"^(\d+,)*\d+$",
        r"^(a|b)*$",
        r"^(\w|\d)+$",
        r"(a++)+$",
        r"^(\w){1,3}+$",
        r"\[((?:[0-9]{1,3}[?:,-])+[0-9]{1,3})\]",
        r"a(?:b|(c|e){1,2}?|d)+?(.)",
        r"^(a{3})+$",
        r"(a+)+",
        r"^(\w+\s?)*",
        r"^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]+$",
        r"^(https?://)?([a-z]+\.)+[a-z]{2,6}(/.*)?$",
        r"^/orders/(?P<pk>\d+)/(?:(?P<slug>[-\w]+)/)?$",
        r"^#([0-9a-f]{3}){1,2}$",
        r"^(?:(?:25[0-5]|1?\d?\d)\.){3}(?:25[0-5]|1?\d?\d)$",
        r"^(a+)+(?=b)",
        r"(",
        r"^\d{3}-(\d{2})+$",
    ];

    #[test]
    fn loops_that_take_a_text_in_two_ways_are_slow() {
        for pattern in SLOW {
            let found = slow(pattern, false);
            println!("{pattern}\t{found:?}");
            assert!(found.is_some(), "{pattern}");
        }
    }

    #[test]
    fn loops_with_one_way_are_sound() {
        for pattern in SOUND {
            assert_eq!(slow(pattern, false), None, "{pattern}");
        }
    }

    #[test]
    fn what_must_match_to_the_end_can_fail() {
        assert_eq!(slow("(a+)+", false), None);
        let found = slow("(a+)+", true).map(|slow| (slow.begin, slow.turn, slow.end));
        assert_eq!(found, Some(("a".to_owned(), "a".to_owned(), "!".to_owned())));
    }
}
