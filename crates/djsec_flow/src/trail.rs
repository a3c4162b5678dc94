//! The way that data took, for people.

use std::sync::Arc;

use djsec_base::Span;

/// One step on the way of data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Where.
    pub place: Span,
    /// What happens there.
    pub words: Arc<str>,
}

/// The way that data took so far, last step first. Ways are put together at every call, and few of them are
/// ever told: so one that goes on with another only points to it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trail(Option<Arc<Node>>);

#[derive(Debug)]
struct Node {
    part: Part,
    before: Trail,
    length: u16,
    /// Where it begins and ends.
    first: Span,
    last: Span,
}

#[derive(Debug)]
enum Part {
    Step(Step),
    /// All steps of another way.
    Way(Trail),
}

impl Drop for Node {
    fn drop(&mut self) {
        // A long way must not need a deep stack to be forgotten.
        let mut next = self.before.0.take();
        while let Some(node) = next {
            match Arc::try_unwrap(node) {
                Ok(mut node) => next = node.before.0.take(),
                Err(_) => break,
            }
        }
    }
}

impl Trail {
    /// Ways longer than this are not told in full. As each way is at least a step longer than those in it, this
    /// is also how deep they stand in each other.
    const LONGEST: u16 = 40;

    /// This way and one more step; what happens at the place of the last step is part of that.
    pub(crate) fn and(&self, place: Span, words: &str) -> Self {
        self.and_shared(place, || Arc::from(words))
    }

    /// As [`Self::and`], with words that many ways share.
    pub(crate) fn and_shared(&self, place: Span, words: impl FnOnce() -> Arc<str>) -> Self {
        let (length, first) = match &self.0 {
            None => (0, place),
            Some(node) if node.length >= Self::LONGEST || node.last == place => {
                return self.clone();
            }
            Some(node) => (node.length, node.first),
        };
        let part = Part::Step(Step { place, words: words() });
        let before = self.clone();
        Self(Some(Arc::new(Node { part, before, length: length + 1, first, last: place })))
    }

    /// This way, and then that.
    pub(crate) fn then(&self, rest: &Self) -> Self {
        let (mine, theirs) = match (&self.0, &rest.0) {
            (_, None) => return self.clone(),
            (None, _) => return rest.clone(),
            (Some(mine), Some(theirs)) => (mine, theirs),
        };
        let added = theirs.length - u16::from(mine.last == theirs.first);
        if added == 0 || mine.length >= Self::LONGEST {
            return self.clone();
        }
        let length = mine.length + added;
        if length > Self::LONGEST {
            // Only what is short may stand in another way, or they would stand in each other without end.
            let steps = rest.steps().into_iter();
            return steps.fold(self.clone(), |way, step| way.and_shared(step.place, || step.words));
        }
        let (part, before) = (Part::Way(rest.clone()), self.clone());
        Self(Some(Arc::new(Node { part, before, length, first: mine.first, last: theirs.last })))
    }

    pub(crate) fn length(&self) -> u16 {
        self.0.as_ref().map_or(0, |node| node.length)
    }

    /// The steps in the order in which they were taken.
    pub(crate) fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        self.tell(&mut steps);
        steps
    }

    fn tell(&self, steps: &mut Vec<Step>) {
        let mut nodes = Vec::new();
        let mut at = self;
        while let Some(node) = &at.0 {
            nodes.push(node);
            at = &node.before;
        }
        for node in nodes.into_iter().rev() {
            match &node.part {
                Part::Way(way) => way.tell(steps),
                Part::Step(step) if steps.last().is_none_or(|last| last.place != step.place) => {
                    steps.push(step.clone());
                }
                Part::Step(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use djsec_base::{FileId, TextRange};

    use super::*;

    fn at(offset: u32) -> Span {
        Span::new(FileId(0), TextRange::empty(offset.into()))
    }

    fn told(trail: &Trail) -> String {
        trail.steps().iter().map(|step| &*step.words).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_way_goes_on_with_another() {
        let caller = Trail::default().and(at(1), "source").and(at(2), "passed");
        let callee = Trail::default().and(at(3), "kept").and(at(4), "sink");
        let both = caller.then(&callee);
        assert_eq!((told(&both).as_str(), both.length()), ("source passed kept sink", 4));
        assert_eq!(told(&both.and(at(5), "end")), "source passed kept sink end");
        assert_eq!(told(&Trail::default().then(&both)), told(&both));
    }

    #[test]
    fn one_place_is_told_once() {
        let way = Trail::default().and(at(1), "first").and(at(1), "again");
        assert_eq!(told(&way), "first");
        let next = Trail::default().and(at(1), "again").and(at(2), "second");
        let both = way.then(&next);
        assert_eq!((told(&both).as_str(), both.length()), ("first second", 2));
    }

    #[test]
    fn ways_that_go_round_and_round_stay_short() {
        let mut way = Trail::default().and(at(0), "0");
        for i in 1..100_000 {
            way = Trail::default().and(at(i), "call").then(&way);
        }
        assert_eq!(way.steps().len(), 40);
        assert!(way.length() <= 40);
    }
}
