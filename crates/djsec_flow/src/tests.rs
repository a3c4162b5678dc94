use djsec_base::{File, FileKind, Files, Role};
use djsec_django::hierarchy::Hierarchy;
use djsec_django::models::Models;
use djsec_django::routes::Routes;
use djsec_django::views::Views;
use djsec_python::Program;

use crate::{Catalog, Flows, Request, flows};

/// The flows in a module `views.py`.
pub(crate) fn flows_in(source: &str) -> Flows {
    let files = tree(&[("views.py", source)]);
    in_files(&files)
}

fn in_files(files: &Files) -> Flows {
    let (program, ..) = Program::build(files);
    let hierarchy = Hierarchy::new(&program);
    flows(Request {
        files,
        program: &program,
        hierarchy: &hierarchy,
        models: &Models::default(),
        routes: &Routes::default(),
        views: &Views::default(),
        root: "".into(),
        catalog: Catalog::built_in(),
    })
}

/// The flows in a module `views.py`, each as `kind line: source`, those that are unsure with a `?`.
fn found(source: &str) -> Vec<String> {
    let files = tree(&[("views.py", source)]);
    let flows = in_files(&files);
    let shown = flows.all.iter().map(|flow| {
        let line = files.line_col(flow.place).line;
        let doubt = if flow.sure { "" } else { "?" };
        format!("{}{doubt} {line}: {}", flow.kind, flow.source.words)
    });
    shown.collect()
}

fn tree(sources: &[(&str, &str)]) -> Files {
    let file = |(path, text): &(&str, &str)| {
        File::new((*path).into(), FileKind::Python, Role::Application, Some((*text).into()))
    };
    Files::new(sources.iter().map(file).collect())
}

#[test]
fn concatenation_carries_data() {
    let source = "
import os
def view(request):
    name = request.GET['name']
    os.system('ls ' + name)
";
    assert_eq!(found(source), ["command 5: request.GET[\"name\"]"]);
}
