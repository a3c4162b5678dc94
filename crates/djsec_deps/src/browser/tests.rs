use super::*;

/// The library and its release; nothing where it is no copy.
fn told(copy: Option<Copy>) -> String {
    let Some(copy) = copy else { return String::new() };
    let release = copy.release.map(|release| format!(" {release}"));
    format!("{}{}", copy.library.name, release.unwrap_or_default())
}

fn file(name: &str) -> String {
    told(of_file(name))
}

#[test]
fn every_entry_of_the_table_is_whole() {
    assert!(toml::parse(TABLE).errors.is_empty());
    assert!(LIBRARIES.len() > 20);
    for library in LIBRARIES.iter() {
        assert!(!library.names.is_empty() && !library.marks.is_empty(), "{}", library.name);
        assert!(!library.flaws.is_empty(), "{}", library.name);
        for flaw in &library.flaws {
            assert!(flaw.until.is_some(), "{}", flaw.id);
            assert!(flaw.from < flaw.until, "{}", flaw.id);
            assert!(flaw.id.starts_with("CVE-") && !flaw.words.is_empty(), "{}", flaw.id);
        }
    }
}

#[test]
fn names_of_files_say_what_they_are_copies_of() {
    assert_eq!(file("jquery-1.8.3.min.js"), "jQuery 1.8.3");
    assert_eq!(file("jQuery.js"), "jQuery");
    assert_eq!(file("jquery-ui-1.9.2.custom.min.js"), "jQuery UI 1.9.2");
    assert_eq!(file("bootstrap.bundle.min.js"), "Bootstrap");
    assert_eq!(file("moment-with-locales-2.10.6.min.js"), "Moment 2.10.6");
    assert_eq!(file("jquery-3.0.0-beta1.js"), "jQuery 3.0.0 (preview)");
    assert_eq!(file("select2.full.min.js"), "Select2");
    // Names that files of others have, too: their text has to say it.
    assert_eq!(file("video.js"), "video.js");
    assert_eq!(file("video-1.2.js"), "");
    for other in [
        "jquery.datetimepicker.js",
        "jquery-migrate-1.2.1.min.js",
        "bootstrap-native.min.js",
        "bootstrap-modal.js",
        "jquery.dcjqaccordion.2.7.js",
        "angular-ui-router.js",
        "jquery.css",
        "app.js",
    ] {
        assert_eq!(file(other), "", "{other}");
    }
}

#[test]
fn addresses_say_it_too() {
    let of = [
        ("https://code.jquery.com/jquery-1.8.3.min.js", "jQuery 1.8.3"),
        ("http://code.jquery.com/jquery-latest.js", "jQuery 1.11.1"),
        ("//ajax.googleapis.com/ajax/libs/jqueryui/1.12.1/jquery-ui.min.js", "jQuery UI 1.12.1"),
        ("https://cdn.jsdelivr.net/npm/lodash@4.17.15/lodash.min.js?x", "Lodash 4.17.15"),
        ("https://unpkg.com/vue@2.6.10", "Vue 2 2.6.10"),
        ("https://cdn.jsdelivr.net/npm/vue@2", "Vue 2"),
        ("https://cdnjs.cloudflare.com/ajax/libs/pdf.js/2.0.943/pdf.min.js", "PDF.js 2.0.943"),
        ("https://cdn.ckeditor.com/4.14.0/standard/ckeditor.js", "CKEditor 4 4.14.0"),
        ("https://cdn.datatables.net/1.10.19/js/jquery.dataTables.min.js", "DataTables 1.10.19"),
        ("https://cdn.example.net/1.2.3/video.js", ""),
        ("https://cdn.example.net/jquery.js", "jQuery"),
        ("/static/jquery-1.8.3.js", ""),
    ];
    for (written, expected) in of {
        assert_eq!(told(of_address(written)), expected, "{written}");
    }
}

#[test]
fn first_lines_say_which_release_it_is() {
    let in_text = |name: &str, text: &str| {
        let copy = of_file(name).unwrap();
        copy.library.release_in(text).map_or(String::new(), |(release, range)| {
            let number = text.get(std::ops::Range::<usize>::from(range)).unwrap();
            assert_eq!(number, release.to_string());
            release.to_string()
        })
    };
    assert_eq!(in_text("jquery.js", "/*! jQuery v1.10.2 | (c) 2005"), "1.10.2");
    assert_eq!(in_text("jquery.js", "/*!\n * jQuery JavaScript Library v3.4.1\n"), "3.4.1");
    assert_eq!(in_text("tinymce.min.js", "// 4.9.4 (2019-03-20)\n!function"), "4.9.4");
    assert_eq!(in_text("purify.js", "github.com/cure53/DOMPurify/blob/2.2.2/LICENSE"), "2.2.2");
    assert_eq!(in_text("ckeditor.js", r#"d={timestamp:"L7C8",version:"4.17.1","#), "4.17.1");
    assert_eq!(in_text("jquery.js", "// needs jQuery v1\nlet a = 1;"), "");
    assert_eq!(in_text("jquery.js", ""), "");
}

#[test]
fn flaws_count_for_the_releases_that_have_them() {
    let ids = |name: &str, release: &str| -> Vec<String> {
        let library = of_file(name).unwrap().library;
        let release = Release::read(release).unwrap();
        library.flaws(&release).iter().map(|flaw| flaw.id.clone()).collect()
    };
    assert_eq!(ids("jquery.js", "3.5.0"), Vec::<String>::new());
    assert_eq!(ids("jquery.js", "3.4.1"), ["CVE-2020-11023", "CVE-2020-11022"]);
    assert!(ids("jquery.js", "1.8.3").contains(&"CVE-2012-6708".to_owned()));
    assert!(!ids("jquery.js", "1.12.1").contains(&"CVE-2015-9251".to_owned()));
    assert_eq!(ids("bootstrap.js", "4.6.2"), Vec::<String>::new());
    assert_eq!(ids("bootstrap.js", "3.4.1"), ["CVE-2024-6485"]);
    assert_eq!(ids("vue.js", "3.4.0"), Vec::<String>::new());
    assert_eq!(ids("lodash.js", "4.17.21"), ["CVE-2025-13465"]);
    assert!(Release::read("3.0.0-beta1") < Release::read("3.0.0"));
}
