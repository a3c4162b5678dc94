use djsec_base::{File, FileKind, Files, Role};
use djsec_django::hierarchy::Hierarchy;
use djsec_django::models::Models;
use djsec_django::routes::Routes;
use djsec_django::templates::Templates;
use djsec_django::views::Views;
use djsec_python::Program;

use crate::catalog::BUILT_IN;
use crate::{Catalog, Flows, Groundwork, Request, flows};

/// The flows in a module `views.py`.
pub(crate) fn flows_in(source: &str) -> Flows {
    let files = tree(&[("views.py", source)]);
    in_files(&files, Catalog::built_in())
}

fn in_files(files: &Files, catalog: &Catalog) -> Flows {
    let (program, ..) = Program::build(files);
    let hierarchy = Hierarchy::new(&program);
    let groundwork = Groundwork::new(files, &program, &hierarchy, "".into());
    let request = Request {
        files,
        program: &program,
        hierarchy: &hierarchy,
        models: &Models::default(),
        settings: None,
        routes: &Routes::default(),
        views: &Views::default(),
        root: "".into(),
        templates: &Templates::default(),
        catalog,
    };
    flows(request, groundwork)
}

/// The flows in a module `views.py`, each as `kind line: source`, those that are unsure with a `?`.
fn found(source: &str) -> Vec<String> {
    found_with(source, Catalog::built_in())
}

fn found_with(source: &str, catalog: &Catalog) -> Vec<String> {
    let files = tree(&[("views.py", source)]);
    let flows = in_files(&files, catalog);
    let shown = flows.all.iter().map(|flow| {
        let line = files.line_col(flow.place).line;
        let doubt = if flow.doubt == 0 { "" } else { "?" };
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

#[test]
fn the_page_on_models_says_what_is_so() {
    let page = include_str!("../../../docs/flow-models.md");
    let blocks = |language: &str| -> Vec<&str> {
        let open = format!("```{language}\n");
        page.split(open.as_str()).skip(1).filter_map(|rest| rest.split("```").next()).collect()
    };
    let mut catalog = Catalog::default();
    for (file, text) in BUILT_IN {
        catalog.add(file, text);
    }
    for text in blocks("toml") {
        assert_eq!(catalog.add("docs/flow-models.md", text), []);
    }
    let sources = blocks("python");
    assert!(!sources.is_empty());
    for source in sources {
        let marks = source.lines().zip(1..).filter_map(|(line, number)| {
            line.split_once("# flow: ").map(|(_, kind)| format!("{kind} {number}"))
        });
        let flows = found_with(source, &catalog);
        let short = flows.iter().map(|flow| flow.split(':').next().unwrap_or_default().to_owned());
        assert_eq!(short.collect::<Vec<_>>(), marks.collect::<Vec<_>>());
    }
}

#[test]
fn what_begins_a_text_decides_where_an_address_leads() {
    let source = "
from django.shortcuts import redirect
def view(request, a):
    name = request.GET['name']
    redirect('/x/' + name)
    redirect('/' + name)
    redirect(f'https://a.example.com/{name}')
    redirect(f'https://{name}/')
    redirect('{}/x'.format(name))
    redirect('/x/%s' % name)
    redirect('https://a.example.com' + name)
";
    let lines: Vec<String> = found(source);
    let name = "request.GET[\"name\"]";
    let expected = [6, 8, 9, 11].map(|line| format!("redirect {line}: {name}"));
    assert_eq!(lines, expected);
}

#[test]
fn the_program_of_a_list_stays_the_program() {
    let source = "
import subprocess
def view(request):
    name = request.GET['name']
    command = ['ls'] + [name]
    command += [name]
    command.append(name)
    subprocess.run(command)
    subprocess.run([name] + ['-l'])
";
    assert_eq!(found(source), ["command 9: request.GET[\"name\"]"]);
}

#[test]
fn what_a_function_checks_counts_where_it_says_yes_or_goes_on() {
    let source = "
from django.shortcuts import redirect
HOSTS = ('a', 'b')
def ok(url):
    if not url:
        return False
    return url in HOSTS
def refuse(url):
    if url not in HOSTS:
        raise ValueError
def changes(url):
    url = 'a'
    return url
def one(request):
    url = request.GET['a']
    if ok(url):
        redirect(url)
    redirect(url)
def two(request):
    url = request.GET['b']
    refuse(url)
    redirect(url)
def three(request):
    url = request.GET['c']
    changes(url)
    redirect(url)
";
    let expected = ["redirect 18: request.GET[\"a\"]", "redirect 26: request.GET[\"c\"]"];
    assert_eq!(found(source), expected);
}

#[test]
fn a_loop_that_is_left_brings_what_was_found_out() {
    let source = "
from django.shortcuts import redirect
def one(request):
    url = request.GET['a']
    for known in ('a', 'b'):
        if url == known:
            break
    else:
        return None
    redirect(url)
def two(request):
    url = request.GET['b']
    for known in ('a', 'b'):
        if url == known:
            break
    redirect(url)
";
    assert_eq!(found(source), ["redirect 16: request.GET[\"b\"]"]);
}

#[test]
fn values_under_fixed_names_choose_no_names() {
    let source = "
from django.db.models import Q
def query(**lookups):
    return Q(**lookups)
def one(request):
    query(name=request.GET['a'])
    query(**{'name': request.GET['b']})
def two(request):
    query(**{request.GET['c']: 1})
";
    assert_eq!(found(source), ["lookup 4: request.GET[\"c\"]"]);
}
