//! The command line as users meet it: one binary, temporary folders, an empty environment.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test helpers fail loudly; clippy's switch covers only #[test] functions"
)]

mod bad_input;
mod command_line;
mod config;
mod csp;
mod flows;
mod formats;
mod hostile_routes;
mod python_env;
mod readme;
mod routes;
mod walk;
mod worlds;

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// A temporary folder with files, in which djsec runs.
pub(crate) struct Project {
    folder: TempDir,
}

impl Project {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let project = Self { folder: TempDir::new().expect("a temporary folder") };
        for (path, text) in files {
            project.write(path, text.as_bytes());
        }
        project
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, bytes).expect("written");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).expect("read")
    }

    /// A command in the folder with an empty environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_djsec"));
        command.args(arguments).current_dir(self.path()).env_clear().stdin(Stdio::null());
        command
    }

    /// Runs djsec in the folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).output().expect("djsec starts"), self)
    }

    /// Runs `djsec check --format json`, and gives its exit status and report.
    pub(crate) fn json(&self, arguments: &[&str]) -> (i32, serde_json::Value) {
        let all = [&["check", "--format", "json"], arguments].concat();
        let ran = self.run(&all);
        assert_eq!(ran.stderr, "");
        let report = serde_json::from_str(&ran.stdout);
        (ran.status, report.unwrap_or_else(|error| panic!("{error}: {}", ran.stdout)))
    }
}

/// What a run of djsec gave, with the temporary folder shown as `[ROOT]`.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn of(output: Output, project: &Project) -> Self {
        let root = project.path().to_str().expect("a UTF-8 path");
        let text = |bytes: Vec<u8>| {
            String::from_utf8(bytes).expect("djsec writes UTF-8").replace(root, "[ROOT]")
        };
        Self {
            status: output.status.code().expect("djsec was not killed"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

/// The ids of the notices of a JSON report, sorted.
pub(crate) fn notices(report: &serde_json::Value) -> Vec<&str> {
    let notices = report["notices"].as_array().expect("a list");
    let mut ids: Vec<_> =
        notices.iter().map(|notice| notice["id"].as_str().expect("an id")).collect();
    ids.sort_unstable();
    ids
}
