//! The words of a command that stand in a list: `["git", "clone", url]`.

use std::sync::Arc;

use crate::taint::Taint;
use crate::value::Value;

/// Programs that run the text after `-c`.
const SHELLS: &[&str] = &["sh", "bash", "dash", "zsh", "ksh", "ash"];

/// Programs that run others, write files, or read files that nobody meant, when an option says so
/// (<https://sonarsource.github.io/argument-injection-vectors/>, and their own manuals).
const PROGRAMS: &[&str] = &[
    "7z",
    "awk",
    "chromium",
    "chromium-browser",
    "convert",
    "curl",
    "docker",
    "exiftool",
    "ffmpeg",
    "find",
    "gawk",
    "git",
    "google-chrome",
    "gpg",
    "gs",
    "hg",
    "identify",
    "inkscape",
    "java",
    "kubectl",
    "latex",
    "magick",
    "man",
    "mogrify",
    "mysql",
    "mysqldump",
    "nmap",
    "node",
    "npm",
    "openssl",
    "pandoc",
    "pdflatex",
    "perl",
    "pg_dump",
    "php",
    "pip",
    "pip3",
    "psql",
    "python",
    "python3",
    "rsync",
    "ruby",
    "scp",
    "sed",
    "sendmail",
    "sftp",
    "soffice",
    "sort",
    "sqlite3",
    "ssh",
    "svn",
    "tar",
    "tcpdump",
    "vim",
    "wget",
    "wkhtmltoimage",
    "wkhtmltopdf",
    "xargs",
    "xelatex",
    "youtube-dl",
    "yt-dlp",
    "zip",
];

/// Options that take no value, so that the next word is none of theirs.
const ALONE: &[&str] = &[
    "--bare",
    "--batch",
    "--compressed",
    "--delete",
    "--fail",
    "--force",
    "--heads",
    "--insecure",
    "--location",
    "--mirror",
    "--no-checkout",
    "--no-playlist",
    "--quiet",
    "--recurse-submodules",
    "--recursive",
    "--silent",
    "--single-branch",
    "--tags",
    "--verbose",
    "--yes",
    "-L",
    "-a",
    "-av",
    "-avz",
    "-f",
    "-k",
    "-l",
    "-q",
    "-r",
    "-rf",
    "-s",
    "-sL",
    "-sS",
    "-v",
    "-y",
];

fn word(list: &Value, at: usize) -> Option<Arc<str>> {
    list.known_field(&format!("[{at}]"))?.as_text().cloned()
}

/// The position of the first word that names one of some programs, by itself or in a folder: `sudo` and
/// `timeout` may stand in front.
fn program(list: &Value, programs: &[&str], most: usize) -> Option<usize> {
    (0..most).find(|at| {
        let named = word(list, *at);
        named.is_some_and(|word| {
            word.rsplit('/').next().is_some_and(|name| programs.contains(&name))
        })
    })
}

/// The text that a shell runs: that after `-c`.
pub(crate) fn script(list: &Value) -> Option<Value> {
    let shell = program(list, SHELLS, 8)?;
    let is_option =
        |at: &usize| word(list, *at).is_some_and(|w| w.starts_with('-') && w.ends_with('c'));
    let option = (shell + 1..shell + 4).find(is_option)?;
    list.known_field(&format!("[{}]", option + 1)).cloned()
}

/// What a program that does harm by its options takes for one where it begins so: every word that stands neither
/// behind `--` nor behind an option whose value it is.
pub(crate) fn optional(list: &Value) -> Taint {
    let mut all = Taint::default();
    let Some(program) = program(list, PROGRAMS, 4) else { return all };
    let mut is_value = false;
    for at in program + 1.. {
        let Some(item) = list.known_field(&format!("[{at}]")) else { break };
        match item.as_text() {
            Some(text) if &**text == "--" => break,
            Some(text) => is_value = text.starts_with('-') && !ALONE.contains(&&**text),
            None => {
                if !is_value {
                    all.merge(&item.written());
                }
                is_value = false;
            }
        }
    }
    all
}
