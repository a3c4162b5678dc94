//! Who gets through methods that many views inherit, kept: most views of a project run the handlers and
//! hooks of a few base classes.
//!
//! What such a method lets in depends on the class of `self` only by the methods that it finds there. They
//! are noted while it is looked at for the first time; where another class has the same ones, so is the
//! answer.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};

use djsec_python::code::FunctionId;
use djsec_python::{ModuleId, QualifiedName};
use rustc_hash::FxHashMap;

use super::Level;
use super::frame::{Frame, Goal};

/// A function of the project: its module and its place there.
pub(super) type Place = (ModuleId, FunctionId);

/// What a class is asked for: a name, by itself or behind one of its classes.
pub(super) type Wanted = (Box<str>, Option<QualifiedName>);

/// What a class was asked for, and the methods of the project that it has there.
pub(super) type Asked = Vec<(Wanted, Option<Place>)>;

/// The function, the method of `super()` that is part of the answer, and the request's method and
/// action.
type Key = (Place, Option<Box<str>>, Option<Box<str>>, Option<Box<str>>);

/// The answers so far.
#[derive(Debug, Default)]
pub(super) struct Reached(Mutex<FxHashMap<Key, Vec<(Asked, Level)>>>);

impl Reached {
    /// As [`Frame::reach`], for a method that is called as a framework does: `self`, then the request.
    pub(super) fn of(&self, mut frame: Frame<'_>) -> Level {
        if frame.address.is_some() {
            return frame.reach();
        }
        let goal = match frame.goal {
            Goal::Response => None,
            Goal::Super(name) => Some(Box::from(name)),
            _ => return frame.reach(),
        };
        let place = frame.def.place();
        let key = (place, goal, frame.method.map(Box::from), frame.action.map(Box::from));
        if let Some(known) = self.known(&key, &frame) {
            return known;
        }
        let asked = Rc::new(RefCell::new(Asked::new()));
        frame.asked = Some(Rc::clone(&asked));
        // No lock is held meanwhile: two threads may work it out both, and find the same.
        let level = frame.reach();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.entry(key).or_default().push((asked.take(), level.clone()));
        level
    }

    fn known(&self, key: &Key, frame: &Frame<'_>) -> Option<Level> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |asked: &Asked| {
            asked.iter().all(|((name, behind), found)| {
                frame.method_of(name, behind.as_ref()).map(|def| def.place()) == *found
            })
        };
        kept.get(key)?.iter().find(|(asked, _)| same(asked)).map(|(_, level)| level.clone())
    }
}
