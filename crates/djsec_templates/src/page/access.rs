//! Where a value in a template comes from: a name of the context, and what is done to it.

use std::sync::Arc;

/// A value of the context and what leads from it to what is written out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Access {
    /// The name in the context.
    pub root: Arc<str>,
    /// What is done to it, the first first.
    pub steps: Vec<Step>,
}

/// One step from a value to another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// `.name`: an item, an attribute, or a method that is called.
    Get(Arc<str>),
    /// One of several, as `{% for %}` gives them.
    Each,
    /// A filter.
    Filter {
        /// Its name.
        name: Arc<str>,
        /// Its argument, if that is a constant.
        argument: Option<Arc<str>>,
    },
}

impl Access {
    /// A name of the context itself.
    pub fn root(name: &str) -> Self {
        Self { root: Arc::from(name), steps: Vec::new() }
    }

    /// With one more step.
    #[must_use]
    pub fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// As it would be written without filters, for people: `order.lines[…].note`.
    pub fn words(&self) -> String {
        let mut words = self.root.to_string();
        for step in &self.steps {
            match step {
                Step::Get(name) => {
                    words.push('.');
                    words.push_str(name);
                }
                Step::Each => words.push_str("[…]"),
                Step::Filter { .. } => {}
            }
        }
        words
    }
}
