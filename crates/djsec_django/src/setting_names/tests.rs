use super::{invented, known, names, nearest, open_family, prefixes};

#[test]
fn every_name_has_a_package_whose_prefixes_are_known() {
    assert!(names().settings.len() > 1900);
    for (name, fact) in &names().settings {
        assert!(names().packages.contains_key(&fact.package), "{name}: {}", fact.package);
    }
}

#[test]
fn a_rename_leads_to_a_name_that_is_read() {
    for (name, fact) in &names().settings {
        if let Some(successor) = &fact.renamed_to {
            assert_eq!(known(successor).map(|f| &f.removed), Some(&None), "{name} -> {successor}");
        }
    }
}

#[test]
fn names_that_django_dropped_say_when_and_what_took_their_place() {
    let fact = known("PASSWORD_RESET_TIMEOUT_DAYS").unwrap();
    assert_eq!((fact.package.as_str(), fact.removed.as_deref()), ("Django", Some("4.0")));
    assert_eq!(fact.renamed_to.as_deref(), Some("PASSWORD_RESET_TIMEOUT"));
    for (name, removed) in [
        ("MIDDLEWARE_CLASSES", "2.0"),
        ("SECURE_BROWSER_XSS_FILTER", "4.0"),
        ("CSRF_COOKIE_MASKED", "5.0"),
        ("USE_L10N", "5.0"),
        ("STATICFILES_STORAGE", "5.1"),
    ] {
        assert_eq!(known(name).unwrap().removed.as_deref(), Some(removed), "{name}");
    }
    assert_eq!(known("SECURE_CSP").unwrap().since.as_deref(), Some("6.0"));
    assert_eq!(known("DEBUG").unwrap().removed, None);
}

#[test]
fn names_that_packages_dropped_or_still_read_under_their_old_name_are_told_apart() {
    assert_eq!(known("CSP_DEFAULT_SRC").unwrap().removed.as_deref(), Some("4.0"));
    assert_eq!(known("JWT_AUTH_SECURE").unwrap().removed.as_deref(), Some("3.0"));
    let still_read = known("CORS_ORIGIN_ALLOW_ALL").unwrap();
    assert_eq!(still_read.removed, None);
    assert_eq!(still_read.renamed_to.as_deref(), Some("CORS_ALLOW_ALL_ORIGINS"));
}

#[test]
fn slips_lead_to_the_name_that_was_meant() {
    for (slip, meant, edits) in [
        ("SECURE_HSTS_SECOND", "SECURE_HSTS_SECONDS", 1),
        ("SESSION_COOKIES_SECURE", "SESSION_COOKIE_SECURE", 1),
        ("SESSION_COOKIE_HTTP_ONLY", "SESSION_COOKIE_HTTPONLY", 1),
        ("SECURE_SSL_REDIERCT", "SECURE_SSL_REDIRECT", 1),
        ("SECURE_REDIRECT_SSL", "SECURE_SSL_REDIRECT", 2),
        ("ALLOWED_HOST", "ALLOWED_HOSTS", 1),
        ("X_FRAME_OPTION", "X_FRAME_OPTIONS", 1),
        ("CORS_ALLOWED_ALL_ORIGINS", "CORS_ALLOW_ALL_ORIGINS", 2),
        ("SECURE_CONTENT_TYPE_NO_SNIFF", "SECURE_CONTENT_TYPE_NOSNIFF", 1),
        ("AXES_FAILURES_LIMIT", "AXES_FAILURE_LIMIT", 1),
    ] {
        assert_eq!(nearest(slip), Some((meant, edits)), "{slip}");
    }
}

#[test]
fn names_that_are_real_or_unlike_any_are_not_slips() {
    for name in [
        "SESSION_COOKIE_SECURE",
        "SHOP_PAGE_SIZE",
        "BASE_DIR",
        "DEBUGS",
        "ENV",
        "",
        "SOCIAL_AUTH_GITHUB_KEY",
        "SHOP_SESSION_COOKIE_SECURE",
    ] {
        assert_eq!(nearest(name).filter(|(meant, _)| *meant != "DEBUG"), None, "{name}");
    }
}

#[test]
fn families_and_invented_names_are_recognised() {
    assert_eq!(open_family("SOCIAL_AUTH_GITHUB_KEY"), Some("social-auth-app-django"));
    assert_eq!(open_family("SECURE_SSL_REDIRECT"), None);
    assert!(invented("LOGIN_RATE_LIMIT").is_some());
    assert!(invented("LOGIN_URL").is_none());
    assert_eq!(prefixes("django-cors-headers"), ["CORS_"]);
    assert!(prefixes("no-such-package").is_empty());
}

#[test]
fn no_invented_name_is_read_by_a_known_package() {
    for name in names().invented.keys() {
        assert_eq!(known(name), None, "{name}");
    }
}
