//! The images that are shipped: what they are built on, and which packages of the operating system they
//! add to it.

use djsec_base::{FileId, FileKind, Files, Role, Span};
use djsec_syntax::Text;
use djsec_syntax::dockerfile::Command;
use djsec_syntax::shell;

use super::Speakers;
use super::image::{self, Image};
use super::names::{is_development, is_development_path};

/// Takes the name of a group of packages.
const NAMES_GROUP: &str = "--virtual";
/// Options that take a release or a source of packages.
const OTHER_SOURCE: [&str; 4] = ["--repository", "-X", "--target-release", "-t"];
/// What is written where sources of packages are added.
const SOURCES: [&str; 7] = [
    "ppa:",
    "deb http",
    "deb [",
    "backports",
    "/etc/apt/sources.list",
    "/etc/apk/repositories",
    "edge/",
];

/// An image that a Dockerfile builds for others than developers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShippedImage {
    /// The image it is built on, such as `python:3.12-slim-bookworm`, and where that is said; nothing where
    /// it depends on what is not in the repository.
    pub base: Option<(String, Span)>,
    /// The packages that it installs, in order.
    pub packages: Vec<SystemPackage>,
    /// Whether it takes packages from more places than its distribution's release.
    pub mixed: bool,
}

/// A package of the distribution that an image installs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemPackage {
    /// What it is called: `gdal-bin`.
    pub name: String,
    /// The version that it is held at, as it is written: `3.6.2+dfsg-1`.
    pub pin: Option<String>,
    /// Where it is named.
    pub place: Span,
}

/// The images of a project, in order of their files.
pub fn shipped_images(files: &Files, speakers: &Speakers) -> Vec<ShippedImage> {
    let dockerfiles = files.iter().filter(|(_, file)| {
        file.kind == FileKind::Dockerfile
            && file.role == Role::Application
            && speakers.have(&file.path)
            && !is_development_path(&file.path, speakers.root())
    });
    dockerfiles
        .map(|(id, _)| image::read(files, id, None, None))
        .filter(|image| !image.stage.as_deref().is_some_and(is_development))
        .map(|image| of(&image))
        .collect()
}

fn of(image: &Image) -> ShippedImage {
    let mut shipped = ShippedImage { base: image.base.clone(), packages: Vec::new(), mixed: false };
    for run in &image.runs {
        match run {
            Command::Exec(words) => shipped.add(image.file, words),
            Command::Shell(line) => {
                for command in shell::parse(&line.text) {
                    let words = command.words.into_iter();
                    let words: Vec<Text> =
                        words.map(|word| word.shifted(line.range.start())).collect();
                    shipped.add(image.file, &words);
                }
            }
        }
    }
    shipped
}

impl ShippedImage {
    /// Takes in what one command of the build does.
    fn add(&mut self, file: FileId, words: &[Text]) {
        let mut words = words.iter().skip_while(|word| word.as_str() == "sudo");
        let Some(program) = words.next() else { return };
        let arguments: Vec<&Text> = words.collect();
        self.mixed |= takes_from_elsewhere(program, &arguments);
        let verb = match program.as_str().rsplit('/').next() {
            Some("apt-get" | "apt" | "aptitude") => "install",
            Some("apk") => "add",
            _ => return,
        };
        let mut after = arguments.into_iter().skip_while(|word| word.as_str() != verb).skip(1);
        while let Some(word) = after.next() {
            match word.as_str() {
                option if option == NAMES_GROUP || OTHER_SOURCE.contains(&option) => {
                    after.next();
                }
                option if option.starts_with('-') => {}
                _ => self.packages.push(package(file, word)),
            }
        }
    }
}

/// `gdal-bin=3.6.2+dfsg-1`; of `gdal>3.5` and `gdal@edge` the name is all that is known.
fn package(file: FileId, word: &Text) -> SystemPackage {
    let text = word.as_str();
    let end = text.find(['=', '~', '<', '>', '@', '/']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let pin = rest.trim_start_matches('~').strip_prefix('=');
    SystemPackage {
        name: name.to_owned(),
        pin: pin.filter(|pin| !pin.is_empty()).map(str::to_owned),
        place: Span::new(file, word.range),
    }
}

/// Whether a command adds a source of packages, or takes some from another release.
fn takes_from_elsewhere(program: &Text, arguments: &[&Text]) -> bool {
    let program = program.as_str().rsplit('/').next().unwrap_or_default();
    let names_source = |word: &&Text| {
        let text = word.as_str();
        let option = text.split('=').next().unwrap_or(text);
        OTHER_SOURCE.contains(&option) || SOURCES.iter().any(|sign| text.contains(sign))
    };
    matches!(program, "add-apt-repository" | "apt-add-repository")
        || arguments.iter().any(names_source)
}

#[cfg(test)]
mod tests;
