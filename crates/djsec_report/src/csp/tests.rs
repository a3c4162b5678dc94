use djsec_base::Files;
use serde_json::Value;

use super::*;
use crate::Options;
use crate::sample::{self, span};

fn directive(name: &str, sources: &[&str]) -> DirectiveView {
    let sources = sources.iter().map(|source| (*source).to_owned()).collect();
    DirectiveView { name: name.to_owned(), sources }
}

/// A view with one of everything.
fn view(files: &Files, style: Style) -> CspView {
    let at = |needle: &str| span(files, "shop/settings/base.py", needle);
    let note = |id, text: &str, help: Option<&str>, places: Vec<Span>| NoteView {
        id,
        text: text.to_owned(),
        help: help.map(str::to_owned),
        places,
    };
    CspView {
        project: "shop".to_owned(),
        module: "shop.settings.production".to_owned(),
        django: Some("6.1".to_owned()),
        pages: 12,
        present: vec![PresentView {
            setting: "SECURE_CSP".to_owned(),
            enforced: true,
            place: Some(at("DEBUG").into()),
        }],
        style,
        wiring: vec!["MIDDLEWARE: \"csp.middleware\"".to_owned()],
        directives: vec![
            directive("default-src", &["'self'"]),
            directive(
                "script-src",
                &["'self'", NONCE, "https://cdn.example.com", "https://js.payments.example.net"],
            ),
            directive("object-src", &["'none'"]),
        ],
        tasks: vec![note(
            "inline-script",
            "1 inline script without a nonce",
            Some("add the nonce"),
            vec![at("DEBUG")],
        )],
        looser: vec![note("eval", "Alpine's standard build", None, vec![at("SECRET_KEY"); 5])],
        strict: Vec::new(),
        unknown: vec![note("packages", "templates of packages: \u{1b}[31m", None, Vec::new())],
        uses: vec![UseView {
            kind: "inline-script",
            directive: Some("script-src"),
            source: None,
            nonce: Some("absent"),
            place: at("DEBUG"),
        }],
    }
}

fn text(view: CspView, options: &Options<'_>) -> String {
    let files = sample::files();
    let mut out = Vec::new();
    write_text(&mut out, &files, &[view], options).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_policy_comes_first_and_then_what_to_do() {
    let files = sample::files();
    insta::assert_snapshot!(text(view(&files, Style::Django), &Options::default()), @r#"
    shop.settings.production in shop
    Django 6.1; 12 pages
    set now: SECURE_CSP (enforced)  shop/settings/base.py:7

    This policy is as strict as the templates can get. It would block some of what they do now, so it is
    only reported until that is changed:

        # MIDDLEWARE: "csp.middleware"
        from django.utils.csp import CSP

        SECURE_CSP_REPORT_ONLY = {
            "default-src": [CSP.SELF],
            "script-src": [
                CSP.SELF,
                CSP.NONCE,
                "https://cdn.example.com",
                "https://js.payments.example.net",
            ],
            "object-src": [CSP.NONE],
        }

    Before it is enforced, change
      - 1 inline script without a nonce
        add the nonce
        shop/settings/base.py:7

    Looser than it could be, because of
      - Alpine's standard build (5 places)
        shop/settings/base.py:6
        shop/settings/base.py:6
        shop/settings/base.py:6
        shop/settings/base.py:6
        and 1 more (-v lists them)

    Not known
      - templates of packages: ␛[31m
    "#);
}

#[test]
fn each_sender_gets_its_own_form() {
    let files = sample::files();
    let snippets = [Style::DjangoCsp, Style::DjangoCsp3, Style::Nginx]
        .map(|style| snippet::snippet(&view(&files, style)));
    insta::assert_snapshot!(snippets.join("---\n"), @r#"
    # MIDDLEWARE: "csp.middleware"
    from csp.constants import NONCE, NONE, SELF

    CONTENT_SECURITY_POLICY_REPORT_ONLY = {
        "DIRECTIVES": {
            "default-src": [SELF],
            "script-src": [
                SELF,
                NONCE,
                "https://cdn.example.com",
                "https://js.payments.example.net",
            ],
            "object-src": [NONE],
        },
    }
    ---
    # MIDDLEWARE: "csp.middleware"
    CSP_DEFAULT_SRC = ["'self'"]
    CSP_SCRIPT_SRC = [
        "'self'",
        "https://cdn.example.com",
        "https://js.payments.example.net",
    ]
    CSP_OBJECT_SRC = ["'none'"]
    CSP_INCLUDE_NONCE_IN = ["script-src"]
    CSP_REPORT_ONLY = True
    ---
    # MIDDLEWARE: "csp.middleware"
    add_header Content-Security-Policy-Report-Only "default-src 'self'; script-src 'self' 'nonce-…' https://cdn.example.com https://js.payments.example.net; object-src 'none'" always;
    "#);
}

#[test]
fn without_tasks_it_is_enforced() {
    let files = sample::files();
    let done = |style| CspView { tasks: Vec::new(), ..view(&files, style) };
    assert!(text(done(Style::Django), &Options::default()).contains("    SECURE_CSP = {\n"));
    assert!(!snippet::snippet(&done(Style::DjangoCsp3)).contains("REPORT_ONLY"));
    assert!(
        snippet::snippet(&done(Style::Nginx)).contains("add_header Content-Security-Policy \"")
    );
    // Of no pages nothing is known.
    let none = CspView { pages: 0, ..done(Style::Django) };
    assert!(snippet::snippet(&none).contains("SECURE_CSP_REPORT_ONLY"));
}

#[test]
fn all_places_are_listed_when_asked_for() {
    let files = sample::files();
    let brief = text(view(&files, Style::Django), &Options::default());
    assert!(brief.contains("and 1 more (-v lists them)"), "{brief}");
    let all = text(view(&files, Style::Django), &Options { verbose: true, ..Options::default() });
    assert!(!all.contains("(-v"), "{all}");
}

#[test]
fn text_of_the_tree_cannot_steer_the_terminal() {
    let files = sample::files();
    assert!(!text(view(&files, Style::Django), &Options::default()).contains('\u{1b}'));
}

#[test]
fn the_json_is_valid_by_the_published_schema() {
    let files = sample::files();
    let mut out = Vec::new();
    write_json(&mut out, &files, &[view(&files, Style::Nginx)], &Options::default()).unwrap();
    let mut document: Value = serde_json::from_slice(&out).unwrap();
    let schema = include_str!("../../../../docs/schema/djsec-csp-1.schema.json");
    assert_eq!(crate::schema::complaints(schema, &document), Vec::<String>::new());
    *document.pointer_mut("/projects/0/uses/0/kind").unwrap() = "something".into();
    assert_ne!(crate::schema::complaints(schema, &document), Vec::<String>::new());
}
