//! What has to be said of a proposed policy.

use std::collections::BTreeSet;

use djsec_base::Span;

use super::super::uses::{Engine, Fetch, Nonce, Origin, Use, What};
use super::{Facts, Note, Sender, is_open_host};

/// Settings that decide where files are served from.
const SETTINGS: [&str; 5] =
    ["STATIC_URL", "MEDIA_URL", "STORAGES", "STATICFILES_STORAGE", "DEFAULT_FILE_STORAGE"];

fn note(id: &'static str, text: String, help: &str, places: Vec<Span>) -> Note {
    let help = (!help.is_empty()).then(|| help.to_owned());
    Note { id, text, help, places }
}

/// `1 inline script`, `2 inline scripts`.
fn count(number: usize, noun: &str, plural: &str) -> String {
    format!("{number} {}", if number == 1 { noun } else { plural })
}

impl Facts<'_> {
    /// How a tag gets the nonce.
    fn nonce_help(&self) -> &'static str {
        match self.sender {
            Sender::Django if self.series >= (6, 1) => "add `{% csp_nonce_attr %}` to the tag",
            Sender::Django => "add `nonce=\"{{ csp_nonce }}\"` to the tag",
            Sender::Package | Sender::OldPackage => {
                "add `nonce=\"{{ request.csp_nonce }}\"` to the tag"
            }
            Sender::Server => "move the code into a file: a server's policy has no nonce",
        }
    }

    /// What the policy would block.
    pub(super) fn tasks(&self) -> Vec<Note> {
        let server = self.sender == Sender::Server;
        let mut notes = Vec::new();
        let lacks = |nonce: Nonce| server || nonce == Nonce::Absent;
        let scripts = self.places(|one| one.what == What::Script && lacks(one.nonce));
        if !scripts.is_empty() {
            let text = count(scripts.len(), "inline script", "inline scripts");
            let text = if server { text } else { format!("{text} without a nonce") };
            notes.push(note("inline-script", text, self.nonce_help(), scripts));
        }
        let styles = self.places(|one| one.what == What::Style && lacks(one.nonce));
        if !styles.is_empty() && !server {
            let text = count(styles.len(), "inline style", "inline styles");
            let text = format!("{text} without a nonce");
            notes.push(note("inline-style", text, self.nonce_help(), styles));
        }
        let handlers = self.places(|one| matches!(one.what, What::Handler(_)));
        if !handlers.is_empty() {
            let text = count(handlers.len(), "event handler", "event handlers");
            let text = format!("{text} in attributes, such as `onclick`");
            let help = "listen in a script: `element.addEventListener(…)`";
            notes.push(note("event-handler", text, help, handlers));
        }
        let addresses = self.places(|one| one.what == What::Address);
        if !addresses.is_empty() {
            let text = count(addresses.len(), "`javascript:` address", "`javascript:` addresses");
            let help = "write a button, and listen in a script";
            notes.push(note("javascript-address", text, help, addresses));
        }
        notes
    }

    /// What makes the policy looser than it could be.
    pub(super) fn looser(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        let attributes = self.places(|one| one.what == What::StyleAttribute);
        let inline = self.places(|one| one.what == What::Style);
        if self.sender == Sender::Server && !inline.is_empty() {
            let text = count(inline.len(), "inline style", "inline styles");
            let text = format!("{text}: `'unsafe-inline'` in `style-src`");
            notes.push(note("inline-style", text, "move them into style sheets", inline));
        }
        if !attributes.is_empty() {
            let text = count(attributes.len(), "`style` attribute", "`style` attributes");
            let text = format!("{text}: `style-src-attr 'unsafe-inline'`");
            let help = "use classes; a nonce does not help attributes";
            notes.push(note("style-attribute", text, help, attributes));
        }
        for engine in [Engine::Alpine, Engine::Vue, Engine::HtmxOn] {
            let places = self.places(|one| one.what == What::Eval(engine));
            if !places.is_empty() {
                let text = format!("{} makes code of texts: `'unsafe-eval'`", engine.words());
                notes.push(note("eval", text, engine.instead(), places));
            }
        }
        let open = self.places(|one| is_open_host(&one.what));
        if !open.is_empty() {
            let text = "scripts of a host where anybody can publish, under computed addresses";
            let help = "serve them yourself, or give them the nonce";
            notes.push(note("public-host", text.to_owned(), help, open));
        }
        notes
    }

    /// What keeps `'strict-dynamic'` away.
    pub(super) fn strict(&self) -> Vec<Note> {
        let scripts = |one: &Use| matches!(one.what, What::Script | What::Load(Fetch::Script, _));
        if self.sender == Sender::Server || !self.any(scripts) {
            return Vec::new();
        }
        let loaded = self.without_nonce();
        let mut notes = Vec::new();
        if !loaded.is_empty() {
            let text = count(loaded.len(), "loaded script", "loaded scripts");
            let text = format!("{text} without a nonce");
            notes.push(note("loaded-script", text, self.nonce_help(), loaded));
        }
        if self.admin && self.series < (6, 1) {
            let text = "the pages of Django's admin carry nonces from Django 6.1 on".to_owned();
            notes.push(note("admin", text, "", Vec::new()));
        }
        notes
    }

    /// What is not known.
    pub(super) fn unknown(&self) -> Vec<Note> {
        let needs = self.needs;
        let mut notes = self.computed();
        let mut add = |id, text: &str, places: &[Span]| {
            if !places.is_empty() {
                notes.push(note(id, text.to_owned(), "", places.to_vec()));
            }
        };
        add(
            "markup",
            "markup that djsec does not see: values that are not escaped, tags of packages",
            &needs.opaque,
        );
        add("computed-template", "templates that are included by a computed name", &needs.computed);
        add("missing-template", "templates that are not in the tree", &needs.missing);
        add("cut", "pages that were not read to their end", &needs.cut);
        add(
            "framed-view",
            "views that other sites may frame: they need a policy of their own",
            &needs.framed,
        );
        if !needs.packages.is_empty() {
            let text = format!("templates of packages: {}", needs.packages.join(", "));
            notes.push(note("packages", text, "", Vec::new()));
        }
        if !needs.loaders.is_empty() {
            let text = format!("templates that other loaders find: {}", needs.loaders.join(", "));
            notes.push(note("loaders", text, "", Vec::new()));
        }
        if needs.jinja > 0 {
            let text = count(needs.jinja, "template of Jinja", "templates of Jinja");
            notes.push(note("jinja", text, "", Vec::new()));
        }
        if !needs.mails.is_empty() {
            let text = count(
                needs.mails.len(),
                "template left out, as its name says that it is a mail",
                "templates left out, as their names say that they are mails",
            );
            notes.push(note("mails", text, "", Vec::new()));
        }
        let text = "what scripts and style sheets load themselves, HTML that code writes, and where \
                    requests are redirected to";
        notes.push(note("scripts", text.to_owned(), "", Vec::new()));
        notes
    }

    /// Addresses below settings that are not known.
    fn below_settings(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        for setting in SETTINGS {
            let fetches: BTreeSet<Fetch> = self
                .needs
                .uses
                .iter()
                .filter_map(|one| match one.what {
                    What::Load(fetch, Origin::Setting(name)) if name == setting => Some(fetch),
                    _ => None,
                })
                .collect();
            if fetches.is_empty() {
                continue;
            }
            let of = if setting == "MEDIA_URL" { "`MEDIA_URL`" } else { "`{% static %}`" };
            let text =
                format!("where {of} leads to, as `{setting}` decides on it: taken for this site");
            let names: Vec<&str> = fetches.into_iter().map(Fetch::directive).collect();
            let help = format!("if it is another host, add it to {}", names.join(", "));
            let places = self.project.settings.get(setting).touched().to_vec();
            notes.push(note("setting", text, &help, places));
        }
        notes
    }

    /// Requests to addresses that are computed, and nonces that are.
    fn computed(&self) -> Vec<Note> {
        let mut notes = self.below_settings();
        for (fetch, words) in [
            (Fetch::Script, "scripts"),
            (Fetch::Style, "style sheets"),
            (Fetch::Image, "images"),
            (Fetch::Font, "fonts"),
            (Fetch::Media, "media"),
            (Fetch::Frame, "frames"),
            (Fetch::Object, "objects"),
            (Fetch::Manifest, "manifests"),
            (Fetch::Form, "forms"),
            (Fetch::Base, "base addresses"),
        ] {
            let places = self.places(|one| one.what == What::Load(fetch, Origin::Computed));
            if !places.is_empty() {
                let directive = fetch.directive();
                let text = format!("computed addresses of {words} (`{directive}`)");
                let help = "add their hosts if they are not the site's own";
                notes.push(note("computed-address", text, help, places));
            }
        }
        let nonces = self.places(|one| {
            one.nonce == Nonce::Unknown && matches!(one.what, What::Script | What::Style)
        });
        if !nonces.is_empty() {
            let text = "inline scripts and styles that may carry a nonce or not".to_owned();
            notes.push(note("nonce", text, "", nonces));
        }
        let policies = self.places(|one| matches!(one.what, What::Policy(_)));
        if !policies.is_empty() {
            let text = "policies in `<meta>`: browsers apply them on top of this one".to_owned();
            notes.push(note("meta-policy", text, "", policies));
        }
        notes
    }
}
