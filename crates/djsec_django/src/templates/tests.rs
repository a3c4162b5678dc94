use djsec_base::{File, FileKind, Files, Role};

use djsec_templates::page::Access;

use super::{Engines, OwnTagKind, Templates};
use crate::hierarchy::Hierarchy;
use crate::trees::Tree;

/// The templates of a project with these files; what does not end in `.py` is a template.
fn templates(files: &[(&str, &str)]) -> Templates {
    let mut files = files.to_vec();
    if !files.iter().any(|(path, _)| *path == "settings.py") {
        files.push(("settings.py", ""));
    }
    let python: Vec<(&str, &str)> =
        files.iter().copied().filter(|(path, _)| is_python(path)).collect();
    let tree = Tree::of(&python);
    let hierarchy = Hierarchy::new(&tree.program);
    let all = Files::new(files.iter().map(file).collect());
    let engines = Engines::new(&all, &tree.program, &tree.settings, "".into());
    Templates::new(&all, &tree.program, &hierarchy, engines, "".into())
}

fn file((path, text): &(&str, &str)) -> File {
    let kind = if is_python(path) { FileKind::Python } else { FileKind::Template };
    File::new((*path).into(), kind, Role::Application, Some((*text).into()))
}

fn is_python(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| extension == "py")
}

fn names(templates: &Templates) -> Vec<&str> {
    templates.pages().map(|(name, _)| &**name).collect()
}

/// The text of the template that counts under a name.
fn text_of<'t>(templates: &'t Templates, name: &str) -> &'t str {
    templates.sources.get(name).map_or("", |source| &source.text)
}

#[test]
fn templates_have_the_names_under_which_loaders_find_them() {
    let found = templates(&[
        (
            "settings.py",
            "from pathlib import Path\nBASE_DIR = Path(__file__).parent\nINSTALLED_APPS = ['shop', 'blog']\n\
             TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'DIRS': [BASE_DIR / 'pages'], 'APP_DIRS': True}]\n",
        ),
        ("shop/__init__.py", ""),
        ("blog/__init__.py", ""),
        ("pages/base.html", "of the folder"),
        ("shop/templates/base.html", "of the shop"),
        ("shop/templates/shop/order.html", ""),
        ("blog/templates/post.html", "of the blog"),
        ("aaa/templates/post.html", "of no installed app"),
        ("shop/templates/mail.txt", ""),
        ("docs/index.html", ""),
        ("shop/jinja2/shop/page.html", ""),
    ]);
    // Mails are no pages; what no loader finds is no template.
    assert_eq!(names(&found), ["base.html", "post.html", "shop/order.html"]);
    assert_eq!(text_of(&found, "base.html"), "of the folder");
    assert_eq!(text_of(&found, "post.html"), "of the blog");
    // But a page may include one.
    assert_eq!(text_of(&found, "mail.txt"), "");
    assert!(found.sources.get("mail.txt").is_some());
}

#[test]
fn tags_and_filters_of_the_project_are_those_that_its_libraries_register() {
    let found = templates(&[
        (
            "shop/templatetags/shop.py",
            "from django import template\nfrom django.template import Library\nfrom shop.shared import shared\n\nregister = template.Library()\nother = object()\n\n\n\
         @register.filter\ndef short(text):\n    return text\n\n\n\
         @register.filter(name='long', is_safe=True)\ndef longer(text):\n    return text\n\n\n\
         @other.filter\ndef no_filter(text):\n    return text\n\n\n\
         @register.simple_tag(takes_context=True)\ndef price(context):\n    return ''\n\n\n\
         @register.inclusion_tag('shop/side.html')\ndef side():\n    return {}\n\n\n\
         @register.tag\ndef box(parser, token):\n    nodes = parser.parse(('else', 'endbox'))\n    return nodes\n\n\n\
         @register.tag('alone')\ndef single(parser, token):\n    return None\n\n\n\
         @register.simple_block_tag\ndef lead(content):\n    return content\n\n\n\
         def listed(rows):\n    return {}\n\n\nLISTED = ['shop/listed.html', 'none.html']\nregister.inclusion_tag(LISTED)(listed)\n\
         register.simple_tag(takes_context=False)(shared)\n\
         def late(text):\n    return text\n\n\nregister.filter('later', late)\n",
        ),
        ("shop/shared.py", "def shared():\n    return ''\n"),
    ]);
    let filters: Vec<&str> = found.libraries.filters.iter().map(|one| &*one.name).collect();
    assert_eq!(filters, ["short", "long", "later"]);
    let tags: Vec<(&str, &OwnTagKind)> =
        found.libraries.tags.iter().map(|(name, tag)| (&**name, &tag.kind)).collect();
    assert_eq!(
        tags,
        [
            ("alone", &OwnTagKind::Parsed),
            ("box", &OwnTagKind::Block("endbox".into())),
            ("lead", &OwnTagKind::SimpleBlock("endlead".into())),
            ("listed", &OwnTagKind::Inclusion(Some("shop/listed.html".into()))),
            ("price", &OwnTagKind::Simple),
            ("shared", &OwnTagKind::Simple),
            ("side", &OwnTagKind::Inclusion(Some("shop/side.html".into()))),
        ]
    );
}

#[test]
fn a_form_is_told_once_with_its_token_wherever_it_is_written() {
    let found = templates(&[
        ("templates/form.html", "<form method=post><button>Go</button></form>"),
        ("templates/one.html", "{% include 'form.html' %}"),
        ("templates/two.html", "{% include 'form.html' %}{% include 'form.html' %}"),
        ("templates/three.html", "<form>{% csrf_token %}</form>"),
    ]);
    let told: Vec<(&str, bool)> =
        found.forms().map(|(page, form)| (&**page, form.token.is_some())).collect();
    // What only others are made of is no page of its own.
    assert_eq!(told, [("one.html", false), ("three.html", true)]);
}

#[test]
fn what_cannot_be_read_is_counted() {
    let long = "x".repeat(super::LONGEST + 1);
    let found = templates(&[("templates/a.html", "<p>"), ("templates/long.html", &long)]);
    assert_eq!((names(&found), found.unread), (vec!["a.html"], 1));
}

#[test]
fn templates_of_jinja_are_those_of_its_engine() {
    let engine = |name: &str, more: &str| {
        format!("{{'BACKEND': 'django.template.backends.{name}', 'APP_DIRS': True{more}}}")
    };
    let django = engine("django.DjangoTemplates", "");
    let jinja = engine("jinja2.Jinja2", ", 'DIRS': ['/project/pages']");
    let read = |engines: &str| {
        let settings = format!("INSTALLED_APPS = ['shop']\nTEMPLATES = [{engines}]\n");
        let found = templates(&[
            ("settings.py", &settings),
            ("shop/__init__.py", ""),
            ("shop/templates/both.html", "{{ a|safe }}"),
            ("shop/templates/django.html", "{{ a|safe }}"),
            ("shop/templates/of_package.jinja", "{{ a|safe }}"),
            ("shop/jinja2/both.html", "{{ b|safe }}"),
            ("shop/jinja2/page.html", "{% set c = b.c %}{{ c|safe }}"),
            ("shop/jinja2/mail.txt.j2", "{{ b }}"),
            ("pages/top.html.j2", "{{ b }}"),
        ]);
        let all = found.pages().map(|(name, page)| {
            let first = page.insertions.iter().flat_map(|one| &one.accesses).next();
            format!("{name} {}", first.map_or_else(String::new, Access::words))
        });
        all.collect::<Vec<_>>()
    };
    assert_eq!(read(&django), ["both.html a", "django.html a"]);
    let of_jinja =
        ["both.html a", "django.html a", "of_package.jinja a", "page.html b.c", "top.html.j2 "];
    assert_eq!(read(&format!("{django}, {jinja}")), of_jinja);
}

#[test]
fn what_the_function_of_the_environment_adds_is_known() {
    let found = templates(&[
        (
            "settings.py",
            "TEMPLATES = [{'BACKEND': 'django.template.backends.jinja2.Jinja2', \
             'OPTIONS': {'environment': 'shop.jinja.environment'}}]\n",
        ),
        ("shop/__init__.py", ""),
        ("shop/texts.py", "def bold(value):\n    return value\n"),
        (
            "shop/jinja.py",
            "from jinja2 import Environment, pass_context\nfrom . import texts\n\n\n\
             @pass_context\ndef user(context):\n    return ''\n\n\n\
             def environment(**options):\n    env = Environment(**options)\n    \
             env.filters['bold'] = texts.bold\n    env.filters['other'] = str\n    \
             env.globals.update({'user': user, 'none': None}, strong=texts.bold)\n    return env\n",
        ),
    ]);
    let environment = &found.environment;
    assert_eq!(environment.filters.keys().map(|name| &**name).collect::<Vec<_>>(), ["bold"]);
    let functions = environment.functions.iter().map(|(name, own)| (&**name, own.is_passed));
    assert_eq!(functions.collect::<Vec<_>>(), [("strong", false), ("user", true)]);
}
