//! `cargo xtask record`: asks the real Django and the real packages, and writes down what they say.
//!
//! The Python scripts in `tools/record` do the asking; here is only which one runs in which virtual
//! environment, and where its answer goes. Heavy and in need of the network: never part of CI.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use crate::Result;
use crate::repository::Repository;

/// The series whose behaviour is recorded.
const SERIES: [&str; 4] = ["4.2", "5.2", "6.0", "6.1"];
/// The series whose default settings are recorded.
const DEFAULTS: [&str; 9] = ["3.2", "4.0", "4.1", "4.2", "5.0", "5.1", "5.2", "6.0", "6.1"];
const CASES: &str = "vectors/deploy/settings.jsonl";
const NAMES: &str = "crates/djsec_django/data/settings-names.json";

/// The first lines of the libraries of Django.
const TEMPLATE_LIBRARIES: &str = "\
# Recorded by `cargo xtask record templates` from the newest Django of each series.
# series library kind name …: of a tag what ends it and what divides it, of a filter its arguments
";

pub(crate) fn run(repository: &Repository, what: &str) -> Result<()> {
    let recorder = Recorder { repository, environments: environments(repository) };
    match what {
        "environments" => recorder.make_environments(),
        "defaults" => recorder.defaults(),
        "names" => recorder.names(),
        "deploy" => recorder.deploy(),
        "idioms" => recorder.idioms(),
        "readers" => recorder.readers(),
        "routes" => recorder.routes(),
        "classes" => recorder.classes(),
        "mro" => recorder.mro(),
        "urlconfs" => recorder.urlconfs(),
        "templates" => recorder.templates(),
        _ => Err(format!("cannot record {what}")),
    }
}

/// Where the virtual environments live: they may be shared by several checkouts.
fn environments(repository: &Repository) -> PathBuf {
    std::env::var_os("DJSEC_RECORD_ENVIRONMENTS")
        .map_or_else(|| repository.root().join("target/record"), PathBuf::from)
}

struct Recorder<'a> {
    repository: &'a Repository,
    environments: PathBuf,
}

impl Recorder<'_> {
    fn make_environments(&self) -> Result<()> {
        let folder = self.environments.display().to_string();
        self.script("python3", "venvs.py", &[&folder]).map(drop)
    }

    fn defaults(&self) -> Result<()> {
        for series in DEFAULTS {
            let answer = self.script(&self.python("plain", series), "defaults.py", &[])?;
            let path = format!("crates/djsec_django/data/django-{series}.json");
            self.repository.write(&path, &answer)?;
        }
        Ok(())
    }

    fn names(&self) -> Result<()> {
        let packages = self.environments.join("names").display().to_string();
        let defaults = "crates/djsec_django/data";
        let answer = self.script("python3", "names.py", &[&packages, defaults])?;
        self.repository.write(NAMES, &answer)
    }

    fn deploy(&self) -> Result<()> {
        let cases = self.script("python3", "deploy_cases.py", &[])?;
        self.repository.write(CASES, &cases)?;
        for series in SERIES {
            let python = self.python("full", series);
            let answer = self.script(&python, "deploy.py", &[CASES])?;
            self.repository.write(&format!("vectors/deploy/django-{series}.jsonl"), &answer)?;
            let compared = self.script(&python, "deploy.py", &[CASES, "--cross-check", "20"])?;
            print!("{compared}");
        }
        Ok(())
    }

    fn idioms(&self) -> Result<()> {
        for series in SERIES {
            self.script(&self.python("full", series), "idioms.py", &["vectors/idioms", series])?;
        }
        Ok(())
    }

    fn readers(&self) -> Result<()> {
        let answer = self.script(&self.python("full", "5.2"), "readers.py", &[])?;
        self.repository.write("vectors/readers.jsonl", &answer)
    }

    fn routes(&self) -> Result<()> {
        let python = self.environments.join("routes/bin/python").display().to_string();
        let counts = self.script(&python, "routes.py", &["vectors/routes"])?;
        print!("{counts}");
        Ok(())
    }

    fn classes(&self) -> Result<()> {
        let python = self.environments.join("classes/bin/python").display().to_string();
        let answer = self.script(&python, "classes.py", &[])?;
        self.repository.write("crates/djsec_django/data/classes.txt", &answer)
    }

    fn urlconfs(&self) -> Result<()> {
        let python = self.environments.join("urlconfs/bin/python").display().to_string();
        let answer = self.script(&python, "urlconfs.py", &[])?;
        self.repository.write("crates/djsec_django/data/urlconfs.json", &answer)
    }

    fn templates(&self) -> Result<()> {
        let mut lines: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for series in DEFAULTS {
            let answer = self.script(&self.python("plain", series), "templates.py", &["django"])?;
            for line in answer.lines() {
                lines.entry(line.to_owned()).or_default().push(series);
            }
        }
        let data = "crates/djsec_templates/data";
        let mut merged = TEMPLATE_LIBRARIES.to_owned();
        for (line, series) in lines {
            merged.extend([&series.join(","), " ", &line, "\n"]);
        }
        self.repository.write(&format!("{data}/django.txt"), &merged)?;
        let python = self.environments.join("templates/bin/python").display().to_string();
        for (what, path) in [
            ("packages", format!("{data}/packages.txt")),
            ("cases", "vectors/templates/cases.jsonl".to_owned()),
            ("trees", "vectors/templates/packages.jsonl".to_owned()),
        ] {
            let answer = self.script(&python, "templates.py", &[what])?;
            self.repository.write(&path, &answer)?;
        }
        let answer = self.script(&python, "jinja_trees.py", &[])?;
        self.repository.write("vectors/templates/jinja.jsonl", &answer)
    }

    fn mro(&self) -> Result<()> {
        let python = self.environments.join("classes/bin/python").display().to_string();
        let answer = self.script(&python, "mro.py", &["vectors/classes"])?;
        self.repository.write("vectors/classes/expected.json", &answer)
    }

    fn python(&self, kind: &str, series: &str) -> String {
        let folder = self.environments.join(format!("{kind}-{series}"));
        folder.join("bin/python").display().to_string()
    }

    /// What a script of `tools/record` prints, run from the root of the checkout.
    fn script(&self, python: &str, name: &str, arguments: &[&str]) -> Result<String> {
        println!("{name} {} ({python})", arguments.join(" "));
        let output = Command::new(python)
            .arg(format!("tools/record/{name}"))
            .args(arguments)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .current_dir(self.repository.root())
            .stderr(std::process::Stdio::inherit())
            .output()
            .map_err(|error| {
                format!(
                    "cannot start {python}: {error}; `cargo xtask record environments` makes it"
                )
            })?;
        if !output.status.success() {
            return Err(format!("{name} failed ({})", output.status));
        }
        String::from_utf8(output.stdout).map_err(|_| format!("{name} printed no UTF-8"))
    }
}
