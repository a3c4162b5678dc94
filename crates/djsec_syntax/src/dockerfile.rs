//! Dockerfiles: build stages with the instructions that decide what runs and with which
//! environment. Parsed by `parse-dockerfile`; a fragment without `FROM` and a file with a line that is
//! no instruction (a template, say) keep everything else.

use djsec_base::TextRange;
use parse_dockerfile::{Command as Words, Instruction as Read, Source, UnescapedString};

use crate::parsed::{Parsed, SyntaxError, Text, range};

/// After this many lines that are no instructions the rest is given up.
const MAX_ERRORS: usize = 100;

/// What stands before a fragment so that the parser accepts it.
const PREFIX: &str = "FROM scratch\n";

/// A Dockerfile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dockerfile {
    /// `ARG`s before the first `FROM`.
    pub args: Vec<Variable>,
    /// The stages in order; a fragment without `FROM` is one stage with an empty image.
    pub stages: Vec<Stage>,
}

impl Dockerfile {
    /// The stage of this name (any case) or number.
    pub fn stage(&self, name: &str) -> Option<usize> {
        self.stages
            .iter()
            .position(|stage| {
                stage.name.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(name))
            })
            .or_else(|| name.parse().ok().filter(|at| *at < self.stages.len()))
    }

    /// The stages that a stage is built on, itself last.
    pub fn lineage(&self, last: usize) -> Vec<&Stage> {
        let mut chain = Vec::new();
        let mut next = Some(last);
        while let Some(stage) = next.and_then(|at| self.stages.get(at)) {
            chain.push(stage);
            let before = next.unwrap_or(0);
            next = self.stage(&stage.image).filter(|at| *at < before);
        }
        chain.reverse();
        chain
    }
}

/// A build stage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stage {
    /// The image or stage it is built on.
    pub image: String,
    /// Where that stands.
    pub image_range: TextRange,
    /// Its own name.
    pub name: Option<String>,
    /// Its instructions.
    pub instructions: Vec<Instruction>,
}

/// An instruction that matters to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instruction {
    /// `ENV`: holds while building and in the container.
    Env(Vec<Variable>),
    /// `ARG`: holds while building.
    Arg(Vec<Variable>),
    /// `WORKDIR`.
    Workdir(Text),
    /// `USER`.
    User(Text),
    /// `COPY` or `ADD`.
    Copy {
        /// The stage it copies from (`--from`).
        from: Option<String>,
        /// What is copied.
        sources: Vec<String>,
        /// Where to, in the container.
        target: String,
    },
    /// `RUN`: while building only.
    Run(Command),
    /// `CMD`.
    Cmd(Command),
    /// `ENTRYPOINT`.
    Entrypoint(Command),
}

/// A variable with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// The name.
    pub name: String,
    /// The value, quotes removed, `${X}` as written; `None` for `ARG X`.
    pub value: Option<String>,
    /// From the name to the end of the value.
    pub range: TextRange,
}

/// A command in exec form or shell form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// `["a", "b"]`: run as it is.
    Exec(Vec<Text>),
    /// A line for the shell.
    Shell(Text),
}

impl Command {
    /// Where it stands.
    pub fn range(&self) -> TextRange {
        match self {
            Self::Shell(line) => line.range,
            Self::Exec(words) => match (words.first(), words.last()) {
                (Some(first), Some(last)) => first.range.cover(last.range),
                _ => range(0, 0),
            },
        }
    }
}

/// Parses a Dockerfile.
pub fn parse(text: &str) -> Parsed<Dockerfile> {
    let mut out = Parsed::clean(Dockerfile::default());
    let mut base = usize::from(text.starts_with('\u{feff}')) * '\u{feff}'.len_utf8();
    while let Some(rest) = text.get(base..).filter(|rest| !rest.trim().is_empty()) {
        let Some(failed) = pass(text, rest, base, &mut out) else { break };
        if out.errors.len() >= MAX_ERRORS {
            break;
        }
        base = failed;
    }
    out
}

/// Reads instructions until one fails; gives the start of the line after it.
fn pass(text: &str, rest: &str, base: usize, out: &mut Parsed<Dockerfile>) -> Option<usize> {
    // The prefix makes every text one that starts with a stage.
    let whole = format!("{PREFIX}{rest}");
    let place = Place { text, base };
    let iter = match parse_dockerfile::parse_iter(&whole) {
        Ok(iter) => iter,
        Err(error) => {
            out.errors.push(SyntaxError::new(range(base, base), error.to_string()));
            return None;
        }
    };
    for instruction in iter.skip(1) {
        match instruction {
            Ok(instruction) => take(&instruction, place, &mut out.tree),
            Err(error) => {
                let line = error.line().saturating_sub(2);
                let start: usize = rest.split_inclusive('\n').take(line).map(str::len).sum();
                let length = rest
                    .get(start..)
                    .and_then(|tail| tail.split_inclusive('\n').next())
                    .map_or(0, str::len);
                let at = range(base + start, base + start + length);
                out.errors.push(SyntaxError::new(at, "this is not an instruction"));
                return (length > 0).then_some(base + start + length);
            }
        }
    }
    None
}

/// Where the text of a pass stands in the file.
#[derive(Clone, Copy)]
struct Place<'a> {
    text: &'a str,
    base: usize,
}

impl Place<'_> {
    fn byte(self, at: usize) -> usize {
        (at + self.base).saturating_sub(PREFIX.len())
    }

    fn text(self, value: &UnescapedString<'_>) -> Text {
        let (start, end) = (self.byte(value.span.start), self.byte(value.span.end));
        Text::new(value.value.as_ref(), start, end)
    }
}

fn take(instruction: &Read<'_>, place: Place<'_>, tree: &mut Dockerfile) {
    let taken = match instruction {
        Read::From(from) => {
            tree.stages.push(Stage {
                image: from.image.value.to_string(),
                image_range: place.text(&from.image).range,
                name: from.as_.as_ref().map(|(_, name)| name.value.to_string()),
                instructions: Vec::new(),
            });
            return;
        }
        Read::Arg(arg) if tree.stages.is_empty() => {
            tree.args.extend(variables(&arg.arguments, place, true));
            return;
        }
        Read::Arg(arg) => Instruction::Arg(variables(&arg.arguments, place, true)),
        Read::Env(env) => Instruction::Env(variables(&env.arguments, place, false)),
        Read::Workdir(workdir) => Instruction::Workdir(place.text(&workdir.arguments)),
        Read::User(user) => Instruction::User(place.text(&user.arguments)),
        Read::Copy(copy) => {
            let from =
                copy.options.iter().find(|flag| flag.name.value.eq_ignore_ascii_case("from"));
            Instruction::Copy {
                from: from.and_then(|flag| Some(flag.value.as_ref()?.value.to_string())),
                sources: sources(&copy.src),
                target: copy.dest.value.to_string(),
            }
        }
        Read::Add(add) => Instruction::Copy {
            from: None,
            sources: sources(&add.src),
            target: add.dest.value.to_string(),
        },
        Read::Run(run) => Instruction::Run(command(&run.arguments, place)),
        Read::Cmd(cmd) => Instruction::Cmd(command(&cmd.arguments, place)),
        Read::Entrypoint(entry) => Instruction::Entrypoint(command(&entry.arguments, place)),
        _ => return,
    };
    if tree.stages.is_empty() {
        tree.stages.push(Stage::default());
    }
    if let Some(stage) = tree.stages.last_mut() {
        stage.instructions.push(taken);
    }
}

fn sources(sources: &[Source<'_>]) -> Vec<String> {
    sources
        .iter()
        .filter_map(|source| match source {
            Source::Path(path) => Some(path.value.to_string()),
            _ => None,
        })
        .collect()
}

fn command(words: &Words<'_>, place: Place<'_>) -> Command {
    match words {
        Words::Exec(words) => {
            Command::Exec(words.value.iter().map(|word| place.text(word)).collect())
        }
        Words::Shell(line) => {
            let (start, end) = (place.byte(line.span.start), place.byte(line.span.end));
            Command::Shell(Text::new(line.value, start, end))
        }
        _ => Command::Exec(Vec::new()),
    }
}

/// Splits `A=1 B="x y"` (or the old `ENV A 1`) as written in the file, where lines may be joined by
/// backslashes and comments may stand between them.
fn variables(arguments: &UnescapedString<'_>, place: Place<'_>, arg: bool) -> Vec<Variable> {
    let (start, end) = (place.byte(arguments.span.start), place.byte(arguments.span.end));
    let raw = place.text.get(start..end).unwrap_or_default();
    let words = words(raw, start);
    let old = !arg && words.first().is_some_and(|word| !word.text.contains('='));
    if old && let Some((name, value)) = arguments.value.trim().split_once([' ', '\t']) {
        return vec![Variable {
            name: name.to_owned(),
            value: Some(value.trim().to_owned()),
            range: range(start, end),
        }];
    }
    words
        .into_iter()
        .map(|word| match word.text.split_once('=') {
            Some((name, value)) => {
                Variable { name: name.to_owned(), value: Some(value.to_owned()), range: word.range }
            }
            None => Variable { name: word.text, value: None, range: word.range },
        })
        .collect()
}

fn words(raw: &str, base: usize) -> Vec<Text> {
    let mut out: Vec<Text> = Vec::new();
    let mut word: Option<(usize, String)> = None;
    let mut quote = None;
    let mut chars = raw.char_indices().peekable();
    let mut end = 0;
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let joins = c == '\\' && matches!(next, Some('\n' | '\r'));
        if joins || (c.is_whitespace() && quote.is_none()) {
            if !joins && let Some((start, text)) = word.take() {
                out.push(Text::new(text, base + start, base + end));
            }
            // A line that begins with `#` inside a joined instruction is a comment.
            if c == '\n' || joins {
                while chars.next_if(|(_, c)| c.is_whitespace()).is_some() {}
                while chars.peek().is_some_and(|(_, c)| *c == '#') {
                    while chars.next_if(|(_, c)| *c != '\n').is_some() {}
                    while chars.next_if(|(_, c)| c.is_whitespace()).is_some() {}
                }
            }
            continue;
        }
        let (_, text) = word.get_or_insert_with(|| (at, String::new()));
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            (None | Some('"'), '\\') => {
                if let Some((_, escaped)) = chars.next() {
                    text.push(escaped);
                }
            }
            _ => text.push(c),
        }
        end = chars.peek().map_or(raw.len(), |(next, _)| *next);
    }
    if let Some((start, text)) = word {
        out.push(Text::new(text, base + start, base + end));
    }
    out
}

#[cfg(test)]
mod tests;
