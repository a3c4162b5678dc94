//! Dockerfiles: what the image that is shipped starts, and with which environment.

use djsec_base::{FileId, Files, Span, TextRange, TextSize, Utf8Path, Utf8PathBuf};
use djsec_syntax::Text;
use djsec_syntax::dockerfile::{Command, Dockerfile, Instruction, Variable, parse};

use super::container::Container;
use super::launch::{self, Launch, Place};
use super::names::is_development;
use super::{EnvValue, EnvVar, overlay};

/// An image as a Dockerfile builds it.
#[derive(Debug, Clone)]
pub(super) struct Image {
    pub(super) file: FileId,
    pub(super) environment: Vec<EnvVar>,
    /// The image it is built on, and where that is said; nothing where it depends on what is not known.
    pub(super) base: Option<(String, Span)>,
    /// What its build runs, in order.
    pub(super) runs: Vec<Command>,
    pub(super) container: Container,
    pub(super) entrypoint: Option<Command>,
    pub(super) command: Option<Command>,
    /// The stage's name, if it has one.
    pub(super) stage: Option<String>,
}

/// Reads a Dockerfile as built from one of these folders, up to `target` or the last stage that is
/// not for development or tests.
pub(super) fn read(
    files: &Files,
    file: FileId,
    context: Option<&Utf8Path>,
    target: Option<&str>,
) -> Image {
    let tree = parse(files.text(file)).tree;
    let contexts = contexts(files, file, context);
    let mut image = Image {
        file,
        environment: Vec::new(),
        base: None,
        runs: Vec::new(),
        container: Container::new(contexts),
        entrypoint: None,
        command: None,
        stage: None,
    };
    let last = target.and_then(|name| tree.stage(name)).or_else(|| shipped(&tree));
    let mut args = variables(&tree.args, file, &[]);
    // What other stages hold may be copied from them to the same place.
    for stage in &tree.stages {
        copies(&mut image.container, &stage.instructions, &args);
    }
    let Some(last) = last else { return image };
    image.stage = tree.stages.get(last).and_then(|stage| stage.name.clone());
    let lineage = tree.lineage(last);
    if let Some(first) = lineage.first() {
        let name = EnvValue::of(&first.image, &args).text().map(str::to_owned);
        image.base = name.zip(Some(Span::new(file, first.image_range)));
    }
    for stage in lineage {
        for instruction in &stage.instructions {
            match instruction {
                Instruction::Env(list) => {
                    let mut known = args.clone();
                    overlay(&mut known, image.environment.iter().cloned());
                    overlay(&mut image.environment, variables(list, file, &known));
                }
                Instruction::Arg(list) => {
                    let list: Vec<Variable> =
                        list.iter().filter(|arg| arg.value.is_some()).cloned().collect();
                    let list = variables(&list, file, &args);
                    overlay(&mut args, list);
                }
                Instruction::Entrypoint(command) => {
                    image.entrypoint = Some(command.clone());
                    image.command = None;
                }
                Instruction::Cmd(command) => image.command = Some(command.clone()),
                // What it sets is gone when the container starts; what it installs is not.
                Instruction::Run(command) => image.runs.push(command.clone()),
                _ => {}
            }
        }
        copies(&mut image.container, &stage.instructions, &args);
    }
    image
}

/// The folders that what is copied may be relative to, the likeliest first.
pub(super) fn contexts(
    files: &Files,
    file: FileId,
    context: Option<&Utf8Path>,
) -> Vec<Utf8PathBuf> {
    let folder = files.path(file).parent().unwrap_or(Utf8Path::new(""));
    let mut contexts: Vec<Utf8PathBuf> = context.into_iter().map(Utf8Path::to_path_buf).collect();
    contexts.extend([folder.to_path_buf(), Utf8PathBuf::new()]);
    contexts.extend(folder.ancestors().skip(1).map(Utf8Path::to_path_buf));
    contexts
}

/// The stage that is shipped: the last that is not for development.
pub(super) fn shipped(tree: &Dockerfile) -> Option<usize> {
    let fit = |at: &usize| {
        let name = tree.stages.get(*at).and_then(|stage| stage.name.as_deref());
        !name.is_some_and(is_development)
    };
    let all = 0..tree.stages.len();
    all.clone().rev().find(fit).or_else(|| all.last())
}

/// What instructions copy, and the folders that they work in.
pub(super) fn copies(container: &mut Container, instructions: &[Instruction], args: &[EnvVar]) {
    for instruction in instructions {
        match instruction {
            Instruction::Workdir(path) => {
                if let Some(path) = EnvValue::of(path.as_str(), args).text() {
                    container.workdir(path);
                }
            }
            Instruction::Copy { from: None, sources, target } => {
                if let Some(target) = EnvValue::of(target, args).text() {
                    container.copy(sources, target);
                }
            }
            _ => {}
        }
    }
}

fn variables(list: &[Variable], file: FileId, known: &[EnvVar]) -> Vec<EnvVar> {
    list.iter()
        .map(|variable| EnvVar {
            name: variable.name.clone(),
            value: match &variable.value {
                Some(text) => EnvValue::of(text, known),
                None => EnvValue::Passed,
            },
            span: Span::new(file, variable.range),
        })
        .collect()
}

/// A command of a compose file or manifest, to be run in an image.
#[derive(Debug, Clone)]
pub(super) struct Ordered {
    /// The words; one word with blanks is a command line.
    pub(super) words: Vec<Text>,
    /// Whether it is a list of words and no line.
    pub(super) list: bool,
    /// The file that orders it.
    pub(super) file: FileId,
}

impl Image {
    /// What the image starts.
    pub(super) fn launch(&self, files: &Files) -> Launch {
        self.launch_with(files, None, None, &self.environment)
    }

    /// What the image starts when its entrypoint or command are replaced.
    pub(super) fn launch_with(
        &self,
        files: &Files,
        entrypoint: Option<&Ordered>,
        command: Option<&Ordered>,
        environment: &[EnvVar],
    ) -> Launch {
        let mut launch = Launch { environment: environment.to_vec(), ..Launch::default() };
        let mut steps: Vec<Step<'_>> = Vec::new();
        match entrypoint {
            Some(order) => steps.push(order.step(files, &self.container)),
            None => steps.extend(self.entrypoint.as_ref().map(|it| self.step(files, it))),
        }
        match command {
            Some(order) => steps.push(order.step(files, &self.container)),
            None if entrypoint.is_none() => {
                steps.extend(self.command.as_ref().map(|it| self.step(files, it)));
            }
            None => {}
        }
        for step in steps {
            let before = launch;
            let next = step.run(&before.environment);
            // The command is what the entrypoint passes on to, if it starts anything itself.
            launch = if next.entry.is_some() || before.entry.is_none() {
                next
            } else {
                Launch { environment: next.environment, ..before }
            };
        }
        launch
    }

    fn step<'a>(&'a self, files: &'a Files, command: &'a Command) -> Step<'a> {
        let place = Place {
            files,
            container: &self.container,
            file: self.file,
            offset: Some(TextSize::new(0)),
            range: command.range(),
        };
        match command {
            Command::Exec(words) => Step { place, words: words.clone(), line: None },
            Command::Shell(line) => {
                let place = Place { offset: Some(line.range.start()), ..place };
                Step { place, words: Vec::new(), line: Some(line.text.clone()) }
            }
        }
    }
}

impl Ordered {
    pub(super) fn step<'a>(&self, files: &'a Files, container: &'a Container) -> Step<'a> {
        let range = self.words.iter().map(|word| word.range).reduce(TextRange::cover);
        let place = Place {
            files,
            container,
            file: self.file,
            offset: None,
            range: range.unwrap_or_default(),
        };
        if self.list {
            Step { place, words: self.words.clone(), line: None }
        } else {
            let line = self.words.iter().map(Text::as_str).collect::<Vec<_>>().join(" ");
            Step { place, words: Vec::new(), line: Some(line) }
        }
    }
}

/// One of entrypoint and command, ready to be followed.
pub(super) struct Step<'a> {
    place: Place<'a>,
    words: Vec<Text>,
    line: Option<String>,
}

impl Step<'_> {
    pub(super) fn run(&self, known: &[EnvVar]) -> Launch {
        match &self.line {
            Some(line) => launch::line(line, self.place, known),
            None => launch::words(&self.words, self.place, known),
        }
    }
}
