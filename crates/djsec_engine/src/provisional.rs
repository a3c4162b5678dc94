//! Stands in for `djsec_django::evidence` until it lands.

use djsec_base::{
    Certainty, EvidenceLine, Files, Location, Span, TextRange, TextSize, Utf8Path, Utf8PathBuf,
};

pub(crate) struct Choice {
    pub(crate) module: String,
    pub(crate) configuration: Option<String>,
    pub(crate) certainty: Certainty,
    pub(crate) evidence: Vec<EvidenceLine>,
}

pub(crate) fn project_roots(files: &Files) -> Vec<Utf8PathBuf> {
    files
        .iter()
        .filter(|(_, f)| f.path.file_name() == Some("manage.py"))
        .filter_map(|(_, f)| f.path.parent().map(Utf8Path::to_owned))
        .collect()
}

pub(crate) fn choose(files: &Files, root: &Utf8Path, stated: Option<&str>) -> Option<Choice> {
    if let Some(stated) = stated {
        let (module, class) =
            stated.split_once(':').map_or((stated, None), |(m, c)| (m, Some(c.to_owned())));
        return Some(Choice {
            module: module.to_owned(),
            configuration: class,
            certainty: Certainty::Stated,
            evidence: vec![],
        });
    }
    for name in ["wsgi.py", "asgi.py", "manage.py"] {
        for (id, file) in files.iter() {
            if file.path.file_name() != Some(name) || !file.path.starts_with(root) {
                continue;
            }
            let found =
                file.text().split_once("DJANGO_SETTINGS_MODULE").and_then(|(head, tail)| {
                    let module = tail
                        .split(['"', '\''])
                        .find(|s| s.contains('.') || s.contains("settings"))?;
                    Some((head.len(), module))
                });
            if let Some((at, module)) = found {
                let at = TextSize::try_from(at).unwrap_or_default();
                let span = Span::new(id, TextRange::empty(at));
                let line = EvidenceLine {
                    text: format!("{} falls back to {module}", file.path),
                    location: Some(Location::Span(span)),
                };
                return Some(Choice {
                    module: module.to_owned(),
                    configuration: None,
                    certainty: Certainty::Fallback,
                    evidence: vec![line],
                });
            }
        }
    }
    None
}
