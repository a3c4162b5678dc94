use djsec_base::{Confidence, FileId, Finding, Location, Role, Span};

use crate::{Check, Cx, Findings, declare_rule};

/// Files that services for translation are set up by, with what people call them.
const SERVICES: [(&str, &str); 13] = [
    (".crowdin.yml", "Crowdin"),
    (".lokalise.yml", "Lokalise"),
    (".phrase.yml", "Phrase"),
    (".transifex.yml", "Transifex"),
    (".tx/config", "Transifex"),
    (".weblate", "Weblate"),
    (".weblate.ini", "Weblate"),
    ("crowdin.yaml", "Crowdin"),
    ("crowdin.yml", "Crowdin"),
    ("localazy.json", "Localazy"),
    ("lokalise.yml", "Lokalise"),
    ("transifex.yml", "Transifex"),
    ("weblate.ini", "Weblate"),
];

declare_rule! {
    /// ## What it does
    /// Finds projects whose pages are translated on a service (Transifex, Crowdin, Weblate and others), by the service's
    /// file in the project.
    ///
    /// ## Why it matters
    /// Django takes what catalogues say for HTML: `{% translate %}`, `{% blocktranslate %}` and `_("…")` in templates are never
    /// escaped, only the values that are put into them. As long as catalogues are written where code is, that is as good as
    /// code. On a service, whoever may translate may write `<script>` into every page, and few reviewers read the language.
    /// This is a matter of information: nothing has to be wrong, but somebody should look.
    ///
    /// ## Flagged
    /// ```yaml crowdin.yml
    /// project_id: "1" # finding
    /// ```
    /// ```html templates/shop.html
    /// {% load i18n %}<h1>{% translate "Welcome" %}</h1>
    /// ```
    ///
    /// ## Not flagged
    /// Catalogues that are written in the project, and services for projects whose pages hold no translations:
    /// ```html templates/shop.html
    /// {% load i18n %}<h1>{% translate "Welcome" %}</h1>
    /// ```
    /// ```text locale/de/LC_MESSAGES/django.po
    /// msgid "Welcome"
    /// msgstr "Willkommen"
    /// ```
    ///
    /// ## How to fix
    /// Let the service check markup (Weblate has "unsafe HTML", Transifex and Crowdin compare tags), let only people whom you
    /// know approve translations, and look for `<` in what is pulled that is not in the original. Then ignore this finding,
    /// with that as the reason.
    ///
    /// ## Limits
    /// Services that are set up elsewhere leave no trace in the project. The catalogues are not read.
    ///
    /// ## References
    /// - [Django: translation in templates](https://docs.djangoproject.com/en/stable/topics/i18n/translation/#internationalization-in-template-code)
    RULE {
        id: "template-translation-unescaped",
        group: "templates",
        summary: "texts that others translate become part of pages without being escaped",
        severity: Info,
        cwe: [79],
        owasp: ["2025:A05"],
        asvs: ["5.0:1.2.1"],
        checklist: ["output-escaped"],
        since: "next",
        checks: [Check::Project(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    const TAGS: [&str; 4] = ["translate", "trans", "blocktranslate", "blocktrans"];
    let Some((file, service)) = service(cx) else { return };
    let sources = &cx.templates().sources;
    let mut tags = TAGS.iter().flat_map(|name| sources.tags(name)).filter(|(source, _)| {
        let name = cx.files.path(source.file).as_str();
        name.rsplit_once('.').is_none_or(|(_, extension)| extension != "txt")
    });
    let Some((source, tag)) = tags.next() else { return };
    let message =
        format!("whoever may translate on {service} writes HTML of pages, which nothing escapes");
    let finding = Finding::new(&RULE.meta, Location::File(file), service.to_owned(), message)
        .confidence(Confidence::Medium)
        .related(Span::new(source.file, tag.head).into(), "is written out as it is translated");
    out.report(finding).help("let the service check markup, and look at what it brings").done();
}

/// The service on which the project is translated: by its file at the top of the tree or of the project.
fn service(cx: &Cx<'_>) -> Option<(FileId, &'static str)> {
    let root = &cx.project.root;
    cx.files.iter().find_map(|(id, file)| {
        let within = file.path.strip_prefix(root).unwrap_or(&file.path);
        let counts = matches!(file.role, Role::Application);
        let (_, name) = SERVICES.iter().find(|(name, _)| within == *name || file.path == *name)?;
        counts.then_some((id, *name))
    })
}
