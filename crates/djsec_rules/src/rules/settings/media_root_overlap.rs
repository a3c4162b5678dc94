use djsec_django::settings::{Cond, SettingRef};

use super::paths::{self, Relation};
use crate::{Check, Cx, Findings, declare_rule};

declare_rule! {
    /// ## What it does
    /// Finds a `MEDIA_ROOT` that is, lies in, or contains the folder of static files, of templates, or of
    /// the source.
    ///
    /// ## Why it matters
    /// Visitors write to `MEDIA_ROOT`. Where it meets static files, an upload can take the place of a
    /// script that every page loads; where it meets templates or source, an upload becomes a page or
    /// a module of the application, and the server may hand out the source.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// MEDIA_ROOT = BASE_DIR  # finding
    /// ```
    /// ```python settings.py
    /// STATIC_ROOT = BASE_DIR / "public"
    /// MEDIA_ROOT = BASE_DIR / "public" / "uploads"  # finding
    /// ```
    ///
    /// ## Not flagged
    /// ```python settings.py
    /// STATIC_ROOT = BASE_DIR / "static"
    /// MEDIA_ROOT = BASE_DIR / "media"
    /// ```
    /// ```python settings.py
    /// MEDIA_ROOT = "/srv/shop/media"
    /// STATIC_ROOT = "/srv/shop/static"
    /// ```
    /// ```python settings.py
    /// import os
    ///
    /// MEDIA_ROOT = os.environ.get("MEDIA_ROOT", "/data/media")
    /// ```
    ///
    /// ## How to fix
    /// Give uploads a folder of their own, beside the others and, better, outside of the source.
    ///
    /// ## References
    /// - [Django: user-uploaded content](https://docs.djangoproject.com/en/stable/topics/security/#user-uploaded-content)
    /// - [Django: MEDIA_ROOT](https://docs.djangoproject.com/en/stable/ref/settings/#media-root)
    RULE {
        id: "media-root-overlap",
        group: "settings",
        summary: "uploads share a folder with static files, templates or source",
        severity: Medium,
        cwe: [552, 434],
        owasp: ["2025:A02"],
        asvs: ["5.0:5.3.1"],
        checklist: ["media-outside-webroot"],
        since: "next",
        checks: [Check::Setting(&["MEDIA_ROOT"], check)],
    }
}

fn check(cx: &Cx<'_>, setting: &SettingRef<'_>, out: &mut Findings) {
    let mut others: Vec<(&str, String, Cond<'_>)> = Vec::new();
    for name in ["STATIC_ROOT", "STATICFILES_DIRS"] {
        let found = paths::folders(cx, &cx.setting(name));
        others.extend(found.into_iter().map(|(path, part)| (name, path, part.when)));
    }
    let templates = cx.setting("TEMPLATES");
    for at in 0..templates.elements().len().min(4) {
        let found = paths::folders(cx, &templates.index(at).entry("DIRS"));
        let named = found.into_iter().map(|(path, part)| ("the template folder", path, part.when));
        others.extend(named);
    }
    for (media, part) in paths::folders(cx, setting) {
        if matches!(
            paths::relation(&media, &paths::project(cx)),
            Some(Relation::Equal | Relation::Contains)
        ) {
            out.judge(
                cx,
                &RULE,
                setting,
                part.when,
                "uploads go into the folder of the source, which the web server then hands out",
            )
            .help("give uploads a folder of their own")
            // The value itself is made where `BASE_DIR` is.
            .at(setting.touched().last().copied())
            .done();
            continue;
        }
        for (name, path, when) in &others {
            let (words, ends) = match paths::relation(&media, path) {
                Some(Relation::Equal) => ("go into", "an upload can replace its files"),
                Some(Relation::Inside) => {
                    ("lie inside of", "whoever may read or clear it reaches them")
                }
                Some(Relation::Contains) => ("lie around", "an upload can replace its files"),
                None => continue,
            };
            let templates = name.contains(' ');
            let ends = if templates { "an upload can become a page of the site" } else { ends };
            let name = if templates { (*name).to_owned() } else { format!("`{name}`") };
            out.judge(
                cx,
                &RULE,
                setting,
                part.when & *when,
                format!("uploads {words} {name}: {ends}"),
            )
            .help("give uploads a folder of their own, beside the others")
            .done();
            break;
        }
    }
}
