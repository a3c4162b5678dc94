//! Where a value in a template comes from: a name of the context, and what is done to it.

use std::sync::Arc;

use djsec_base::Span;

/// A value of the context and what leads from it to what is written out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Access {
    /// Where its name is from.
    pub of: Of,
    /// The name in the context; of what a tag gives, the name of the tag.
    pub root: Arc<str>,
    /// What is done to it, the first first.
    pub steps: Vec<Step>,
}

/// Whose name the first name of an access is. Calls are numbered among those of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Of {
    /// The context of the page.
    Page,
    /// It is what this call of a tag gives.
    Call(u32),
    /// The context that this call of a tag gives to its template.
    Made(u32),
}

/// A call of a tag that the project makes: `{% badge user.name kind="x" %}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// The name of the tag.
    pub tag: Arc<str>,
    /// The tag.
    pub span: Span,
    /// What it is given, with the names of keywords. Nothing for what the template itself says. Of a tag that reads
    /// its words itself, all of them.
    pub arguments: Vec<(Option<Arc<str>>, Vec<Access>)>,
    /// Whether it sets a variable: `{% badge user.name as name %}`.
    pub sets: bool,
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
    /// A name of a context, or what a tag gives.
    pub(super) fn of(of: Of, name: &str) -> Self {
        Self { of, root: Arc::from(name), steps: Vec::new() }
    }

    /// With one more step.
    #[must_use]
    pub fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// The names that are looked up behind the first one, in order.
    pub fn names(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.steps.iter().filter_map(|step| match step {
            Step::Get(name) => Some(&**name),
            _ => None,
        })
    }

    /// The name that says most of what it is: the last one.
    pub fn last_name(&self) -> &str {
        self.names().next_back().unwrap_or(&self.root)
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
