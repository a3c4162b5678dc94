//! Small projects for the tests of this crate.

use djsec_base::{File, FileKind, Files, Role};
use djsec_deps::Inventory;
use djsec_python::eval::{Budget, Environment};
use djsec_python::{ModuleId, Program};

use crate::defaults::DjangoSeries;
use crate::settings::{Request, Settings, evaluate};

/// A project of Python files, whose settings are `settings.py`.
pub(crate) struct Tree {
    pub(crate) program: Program,
    pub(crate) settings: Settings,
}

impl Tree {
    pub(crate) fn of(tree: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| {
            File::new((*path).into(), FileKind::Python, Role::Application, Some((*text).into()))
        };
        let files = Files::new(tree.iter().map(file).collect());
        let (program, ..) = Program::build(&files);
        let inventory = Inventory::read(&files, "".into());
        let settings = evaluate(Request {
            files: &files,
            program: &program,
            inventory: &inventory,
            root: "".into(),
            module: "settings",
            configuration: None,
            environment: Environment::default(),
            series: DjangoSeries::NEWEST,
            budget: Budget::default(),
        })
        .expect("settings.py is there");
        Self { program, settings }
    }

    pub(crate) fn modules(&self) -> Vec<ModuleId> {
        self.program.modules().map(|(id, _)| id).collect()
    }
}
