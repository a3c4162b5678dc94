//! Programs that give Django its settings themselves, by `settings.configure(…)`, instead of naming a module.

use djsec_base::{File, FileId, FileKind, Files, Span, TextRange, Utf8Path};

use super::modules::module_name;
use super::roots::is_manage;
use super::{Entry, Evidence, EvidenceKind, Speakers, Strength};

/// What starts a server or its commands once the settings are there.
const STARTS: [&str; 5] = [
    "get_wsgi_application",
    "get_asgi_application",
    "WSGIHandler",
    "ASGIHandler",
    "execute_from_command_line",
];

/// Whether a file gives settings that serve addresses, and starts what serves them: a project in one file. (Programs
/// that run the tests of a package do so, too.)
pub(super) fn is_program(file: &File) -> bool {
    let text = file.text();
    file.kind == FileKind::Python
        && configures(text)
        && text.contains("ROOT_URLCONF")
        && starts(text)
        && !["get_runner", "TestRunner", "\"test\"", "'test'"]
            .iter()
            .any(|word| text.contains(word))
}

/// What says that the project gives the settings itself: its programs that start Django, where one of them, or a module
/// that they may call, does so.
pub(super) fn programs(files: &Files, speakers: &Speakers) -> Vec<Evidence> {
    let own = || {
        files.iter().filter(|(_, file)| {
            file.kind == FileKind::Python
                && file.path.starts_with(speakers.root())
                && speakers.have_role(file.role)
        })
    };
    if !own().any(|(_, file)| configures(file.text())) {
        return Vec::new();
    }
    let entries = own().filter(|(_, file)| is_program(file) || is_start(file));
    entries.filter_map(|(id, file)| evidence(id, file, speakers.root())).collect()
}

fn evidence(id: FileId, file: &File, root: &Utf8Path) -> Option<Evidence> {
    let place = configure_range(file.text()).unwrap_or_default();
    let location = Span::new(id, place);
    let name = file.path.file_name().unwrap_or_default();
    let kind = if is_manage(file) { EvidenceKind::Manage } else { EvidenceKind::Wsgi };
    Some(Evidence {
        kind,
        strength: Strength::Fallback,
        entry: Entry::Web,
        settings_module: Some((module_name(&file.path, root)?, location)),
        configuration: None,
        environment: Vec::new(),
        app: None,
        program: None,
        location,
        note: format!("{name} (gives the settings itself, by settings.configure)"),
    })
}

/// Whether a file is `manage.py` or what servers load.
fn is_start(file: &File) -> bool {
    let stem = file.path.file_stem().unwrap_or_default();
    matches!(stem, "wsgi" | "asgi" | "manage") && starts(file.text())
}

fn starts(text: &str) -> bool {
    STARTS.iter().any(|word| text.contains(word))
}

fn configures(text: &str) -> bool {
    configure_range(text).is_some() && text.contains("django.conf")
}

fn configure_range(text: &str) -> Option<TextRange> {
    let call = "settings.configure(";
    let at = u32::try_from(text.find(call)?).ok()?;
    let end = at + u32::try_from(call.len()).ok()? - 1;
    Some(TextRange::new(at.into(), end.into()))
}
