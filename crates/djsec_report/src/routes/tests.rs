use serde_json::Value;

use super::sample::{gap, hostile, need, profile, route, routes, table};
use super::*;
use crate::sample;

const SCHEMA: &str = include_str!("../../../../docs/schema/djsec-routes-1.schema.json");

fn render(format: RouteFormat, routes: Vec<RouteView>, gaps: Vec<GapView>, width: usize) -> String {
    let files = sample::files();
    let profile = profile();
    let tables = [table(&profile, routes, gaps)];
    let options = Options { width, ..Options::default() };
    let report = RoutesReport { tables: &tables, notices: &[], files: &files, options };
    let mut out = Vec::new();
    write(&mut out, format, &report).unwrap();
    String::from_utf8(out).unwrap()
}

fn all() -> Vec<RouteView> {
    routes(&sample::files())
}

fn changed(change: impl Fn(&mut RouteView)) -> String {
    let profile = profile();
    let old = Lock::of(&[table(&profile, all(), Vec::new())]);
    let mut routes = all();
    change(&mut routes[1]);
    let new = Lock::of(&[table(&profile, routes, Vec::new())]);
    said(&Diff::between(&old, &new))
}

fn said(diff: &Diff) -> String {
    let mut out = Vec::new();
    write_diff(&mut out, diff, &Options::default()).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_table_reads_well_in_a_terminal() {
    insta::assert_snapshot!(render(RouteFormat::Text, all(), vec![gap()], 100));
}

#[test]
fn a_narrow_terminal_gets_a_block_for_each_route() {
    let text = render(RouteFormat::Text, all(), vec![gap()], 40);
    assert!(text.lines().all(|line| line.chars().count() <= 40), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in [40, 60, 72, 80, 100, 120] {
        let text = render(RouteFormat::Text, all(), vec![gap()], width);
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(width), "{width}: {text}");
    }
}

#[test]
fn columns_of_which_nothing_is_known_are_left_out() {
    let route = RouteView {
        methods: None,
        access: Vec::new(),
        csrf: Csrf::Unknown,
        throttle: None,
        scoping: Scoping::Unknown,
        ..route("/", "shop", "views.home")
    };
    let text = render(RouteFormat::Text, vec![route], Vec::new(), 100);
    assert!(text.contains("Pattern  View"), "{text}");
    assert!(!text.contains("Methods") && !text.contains("CSRF"), "{text}");
    assert!(text.contains("1 route: 1 with unknown access."), "{text}");
}

#[test]
fn what_is_unknown_is_never_counted_as_public() {
    let mixed = vec![need(&["GET"], Level::Unknown, None), need(&["POST"], Level::Staff, None)];
    let route = RouteView { access: mixed, ..route("/", "shop", "views.home") };
    assert_eq!(route.level(), Level::Unknown);
}

#[test]
fn the_json_is_valid_by_its_schema() {
    for (routes, gaps) in [(all(), vec![gap()]), (vec![hostile()], vec![]), (vec![], vec![])] {
        let whole = gaps.is_empty() && routes.iter().all(|route| route.view.is_ok());
        let text = render(RouteFormat::Json, routes, gaps, 100);
        let document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(crate::schema::complaints(SCHEMA, &document), Vec::<String>::new());
        assert_eq!(document["incomplete"], !whole);
    }
}

#[test]
fn no_cell_of_the_csv_is_a_formula() {
    let text = render(RouteFormat::Csv, vec![hostile()], vec![gap()], 100);
    assert_eq!(text.matches("\r\n").count(), 3, "{text}");
    for record in text.split_terminator("\r\n") {
        let cells = csv_cells(record);
        assert_eq!(cells.len(), 21, "{record}");
        for cell in cells {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t']), "{cell}");
        }
    }
    assert!(!text.contains('\u{1b}'), "{text}");
}

/// The cells of a record, as a reader of RFC 4180 takes them.
fn csv_cells(record: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for character in record.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells.last_mut().unwrap().push(character),
        }
    }
    assert!(!quoted, "{record}");
    cells
}

#[test]
fn hostile_names_stay_text_in_html() {
    let page = render(RouteFormat::Html, vec![hostile()], vec![gap()], 100);
    assert_eq!(page.matches("<script>").count(), 1);
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!page.contains('\u{1b}') && !page.contains('\u{202e}'));
    assert_balanced(&page);
}

#[test]
fn the_html_page_is_well_formed_and_asks_for_nothing() {
    let page = render(RouteFormat::Html, all(), vec![gap()], 100);
    assert_balanced(&page);
    for outside in ["http:", "https:", "url(", "src=", "<link", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("<strong>Incomplete:</strong>"));
}

/// Asserts that elements are closed in the order in which they are opened.
fn assert_balanced(page: &str) {
    const VOID: [&str; 4] = ["meta", "input", "br", "!doctype"];
    let mut open: Vec<&str> = Vec::new();
    let mut rest = page;
    while let Some((_, tag)) = rest.split_once('<') {
        let (tag, after) = tag.split_once('>').expect("a tag ends");
        let name = tag.split([' ', '\n']).next().unwrap();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "at {tag}"),
            None if VOID.contains(&name) => {}
            None => open.push(name),
        }
        rest = after;
        if name == "script" || name == "style" {
            let end = rest.find(&format!("</{name}>")).expect("it is closed");
            rest = rest.split_at(end).1;
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}

#[test]
fn markdown_has_as_many_cells_as_headings() {
    let text = render(RouteFormat::Markdown, vec![hostile(), route("/a/", "a", "b")], vec![], 100);
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(rows.len(), 4, "{text}");
    for row in rows {
        let bars = row.replace("\\|", "").matches('|').count();
        assert_eq!(bars, 9, "{row}");
    }
    assert!(!text.contains("<script>alert(1)</script>|") && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn a_lock_reads_back_as_it_was_written() {
    let profile = profile();
    let mut everything = all();
    everything.push(hostile());
    let mut partly = route("/partly/", "shop", "views.partly");
    partly.access =
        vec![need(&["GET"], Level::Public, None), need(&[], Level::Permission, Some("a.b"))];
    everything.push(partly);
    let lock = Lock::of(&[table(&profile, everything, vec![gap()])]);
    assert_eq!(Lock::parse(&lock.to_toml()), Ok(lock));
}

#[test]
fn a_lock_is_a_block_for_each_route_without_places() {
    let profile = profile();
    insta::assert_snapshot!(Lock::of(&[table(&profile, all(), vec![gap()])]).to_toml());
}

#[test]
fn moved_and_reordered_routes_are_the_same_lock() {
    let profile = profile();
    let mut moved = all();
    moved.reverse();
    for route in &mut moved {
        route.place = None;
        route.view_place = None;
        route.guards.clear();
    }
    let old = Lock::of(&[table(&profile, all(), Vec::new())]);
    assert_eq!(old.to_toml(), Lock::of(&[table(&profile, moved, Vec::new())]).to_toml());
}

#[test]
fn a_route_that_opens_is_weaker() {
    let text = changed(|route| route.access = vec![need(&[], Level::Public, None)]);
    assert!(text.starts_with("Weaker guards\n  ! /orders/<int:pk>/"), "{text}");
    assert!(text.contains("anyone may reach it now, was every signed-in user"), "{text}");
    assert!(text.contains("1 change: 1 weaker."), "{text}");
}

#[test]
fn one_method_that_opens_is_weaker() {
    let text = changed(|route| {
        route.methods = Some(vec![String::from("GET"), String::from("POST")]);
        route.access =
            vec![need(&["GET"], Level::Authenticated, None), need(&["POST"], Level::Public, None)];
    });
    assert!(text.contains("POST: anyone may reach it now, was every signed-in user"), "{text}");
    assert!(!text.contains("GET:"), "{text}");
    assert!(text.contains("answers POST now"), "{text}");
}

#[test]
fn what_cannot_be_told_any_more_is_weaker() {
    for change in [
        |route: &mut RouteView| route.access = Vec::new(),
        |route: &mut RouteView| route.scoping = Scoping::Unscoped(String::from("Order by pk")),
        |route: &mut RouteView| route.csrf = Csrf::Off,
        |route: &mut RouteView| route.view = Err(String::from("lost")),
    ] {
        let text = changed(change);
        assert!(text.starts_with("Weaker guards\n"), "{text}");
    }
}

#[test]
fn more_guards_are_stronger_and_others_are_changes() {
    let text = changed(|route| route.access = vec![need(&[], Level::Staff, None)]);
    assert!(text.starts_with("Stronger guards\n  ~ /orders/<int:pk>/"), "{text}");
    let text = changed(|route| route.view = Ok(String::from("orders.views.detail")));
    assert!(text.starts_with("Changed\n  ~ /orders/<int:pk>/"), "{text}");
    assert!(
        text.contains("answered by orders.views.detail now, was orders.views.order_detail"),
        "{text}"
    );
}

#[test]
fn added_and_removed_routes_say_who_may_reach_them() {
    let text = changed(|route| {
        route.pattern = String::from("/orders/<uuid:pk>/");
        route.access = vec![need(&[], Level::Public, None)];
    });
    assert!(
        text.starts_with("New routes\n  + /orders/<uuid:pk>/  orders.views.order_detail\n"),
        "{text}"
    );
    assert!(text.contains("      anyone may reach it\n"), "{text}");
    assert!(text.contains("Removed routes\n  - /orders/<int:pk>/"), "{text}");
}

#[test]
fn an_equal_lock_says_so_and_names_what_it_does_not_see() {
    let profile = profile();
    let lock = Lock::of(&[table(&profile, all(), vec![gap()])]);
    let diff = Diff::between(&lock, &lock.clone());
    assert!(diff.is_empty());
    let text = said(&diff);
    assert!(text.starts_with("Who may reach what is as the lock says.\n"), "{text}");
    assert!(text.contains("is not compared: 2 places"), "{text}");
}

#[test]
fn a_new_gap_is_a_change() {
    let profile = profile();
    let old = Lock::of(&[table(&profile, all(), Vec::new())]);
    let new = Lock::of(&[table(&profile, all(), vec![gap()])]);
    let text = said(&Diff::between(&old, &new));
    assert!(text.starts_with("Not seen any more\n  ! /api/\n"), "{text}");
}

#[test]
fn a_broken_lock_is_told_by_its_line() {
    let error = |text: &str| {
        let error = Lock::parse(text).unwrap_err();
        format!("{}: {}", error.line, error.message)
    };
    assert_eq!(error("version = 2\n"), "0: its version is 2, and this djsec knows 1");
    assert_eq!(error("pattern = 1\n"), "0: `version` is missing");
    assert_eq!(error("version = 1\n\n[[route]]\nview = 'a'\n"), "3: `pattern` is missing");
    let open = "version = 1\n[[route]]\npattern = '/'\naccess = 'open'\n";
    assert_eq!(error(open), "4: `access` says no known level");
    assert!(error("version = 1\n<<<<<<< HEAD\n").starts_with("2: "));
}

#[test]
fn the_digests_in_the_policy_are_those_of_the_page() {
    let page = render(RouteFormat::Html, Vec::new(), Vec::new(), 100);
    let style = concat!(include_str!("../page/base.css"), include_str!("page.css"));
    crate::page::digest::assert_named(&page, style, include_str!("page.js"));
}

#[test]
fn a_file_of_no_routes_is_a_lock_too() {
    let none = Lock::of(&[]);
    assert!(none.is_empty() && Lock::parse(&none.to_toml()) == Ok(none));
}
