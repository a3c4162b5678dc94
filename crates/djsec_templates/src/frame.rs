//! A block that is being read: what ends it, and what it holds so far.

use crate::tags::Structure;
use crate::token::Token;
use crate::tree::{Branch, Node, Tag};

/// What is being read: the template itself, or a block in it.
pub(crate) struct Frame {
    /// The block; none of the template.
    pub(crate) tag: Option<Tag>,
    pub(crate) token: Option<Token>,
    pub(crate) close: Close,
    /// The nodes since the last tag that divides the block.
    pub(crate) nodes: Vec<Node>,
    /// Whether one of them is more than text.
    pub(crate) nontext: bool,
    /// Whether one of them is an `{% extends %}`.
    pub(crate) extends: bool,
}

/// What ends a block. `last` says that the branch is read after which none may come.
#[derive(Debug, Clone)]
pub(crate) enum Close {
    /// The end of the text: the template itself, and what follows `{% extends %}`.
    End,
    If {
        last: bool,
    },
    For {
        last: bool,
    },
    IfChanged {
        last: bool,
    },
    Block(Box<str>),
    PartialDef(Box<str>),
    Until(&'static str),
    LateUntil(&'static str),
    /// A tag that is not Django's.
    Custom {
        end: Box<str>,
        between: Vec<Box<str>>,
    },
    /// A tag that nobody knows.
    Guessed(Box<str>),
}

impl Close {
    pub(crate) fn of(structure: Structure, name: Box<str>) -> Self {
        match structure {
            Structure::Until(end) => Self::Until(end),
            Structure::LateUntil(end) => Self::LateUntil(end),
            Structure::If => Self::If { last: false },
            Structure::For => Self::For { last: false },
            Structure::IfChanged => Self::IfChanged { last: false },
            Structure::Block => Self::Block(name),
            Structure::PartialDef => Self::PartialDef(name),
            _ => Self::End,
        }
    }

    /// Whether `Parser.parse` returns at a tag of that name.
    pub(crate) fn accepts(&self, name: &str) -> bool {
        match self {
            Self::End => false,
            Self::If { last } => name == "endif" || !last && matches!(name, "elif" | "else"),
            Self::For { last } => name == "endfor" || !last && name == "empty",
            Self::IfChanged { last } => name == "endifchanged" || !last && name == "else",
            Self::Block(_) => name == "endblock",
            Self::PartialDef(_) => name == "endpartialdef",
            Self::Until(end) | Self::LateUntil(end) => name == *end,
            Self::Custom { end, between } => {
                name == &**end || between.iter().any(|between| name == &**between)
            }
            Self::Guessed(end) => name == &**end || matches!(name, "else" | "elif" | "empty"),
        }
    }

    /// What Django says that it looks for.
    pub(crate) fn expected(&self) -> Vec<String> {
        let names: &[&str] = match self {
            Self::End => &[],
            Self::If { last: false } => &["elif", "else", "endif"],
            Self::If { last: true } => &["endif"],
            Self::For { last: false } => &["empty", "endfor"],
            Self::For { last: true } => &["endfor"],
            Self::IfChanged { last: false } => &["else", "endifchanged"],
            Self::IfChanged { last: true } => &["endifchanged"],
            Self::Block(_) => &["endblock"],
            Self::PartialDef(name) => &["endpartialdef", &format!("endpartialdef {name}")],
            Self::Until(end) | Self::LateUntil(end) => &[end],
            Self::Custom { end, between } => {
                return between.iter().chain([end]).map(ToString::to_string).collect();
            }
            Self::Guessed(end) => &[end],
        };
        names.iter().map(|name| (*name).to_owned()).collect()
    }
}

impl Frame {
    pub(crate) fn root() -> Self {
        Self {
            tag: None,
            token: None,
            close: Close::End,
            nodes: Vec::new(),
            nontext: false,
            extends: false,
        }
    }

    pub(crate) fn of(tag: Tag, token: Token, close: Close) -> Self {
        Self { tag: Some(tag), token: Some(token), close, ..Self::root() }
    }

    /// Ends the branch that is being read, and begins another.
    pub(crate) fn divide(&mut self, next: Branch) {
        self.finish_branch();
        if let Some(tag) = &mut self.tag {
            tag.branches.push(next);
        }
        self.nontext = false;
    }

    /// Puts the nodes into the branch that is being read.
    pub(crate) fn finish_branch(&mut self) {
        let branch = self.tag.as_mut().and_then(|tag| tag.branches.last_mut());
        if let Some(branch) = branch {
            branch.nodes = std::mem::take(&mut self.nodes);
        }
    }
}
