//! Folders that settings name, and how they lie to each other.

use djsec_base::Utf8Path;
use djsec_django::settings::{Part, SettingRef};
use djsec_python::value::Data;

use crate::Cx;

/// Where the evaluator puts the audited tree.
const TREE: &str = "/project/";

/// How one folder lies to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// They are the same.
    Equal,
    /// The first lies in the second.
    Inside,
    /// The first contains the second.
    Contains,
}

/// A folder as an absolute path; a relative one starts where the process does. `None` for what is
/// no path, or an empty one.
pub(super) fn folder(cx: &Cx<'_>, data: &Data) -> Option<String> {
    let text = data.as_str().filter(|text| !text.is_empty())?;
    let start = format!("{TREE}{}", cx.project.root);
    Some(normal(Utf8Path::new(&start).join(text).as_str()))
}

/// The folder that holds the Django project, as [`folder`] gives it.
pub(super) fn project(cx: &Cx<'_>) -> String {
    normal(&format!("{TREE}{}", cx.project.root))
}

/// A path without `.`, `..` and doubled slashes.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// How `a` lies to `b`; `None` when they have nothing in common.
pub(super) fn relation(a: &str, b: &str) -> Option<Relation> {
    let inside = |a: &str, b: &str| {
        a.strip_prefix(b.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'))
    };
    if a == b {
        Some(Relation::Equal)
    } else if inside(a, b) {
        Some(Relation::Inside)
    } else if inside(b, a) {
        Some(Relation::Contains)
    } else {
        None
    }
}

/// The folders of a setting, each with its worlds: of one path, or of a list of paths and of pairs of
/// a prefix and a path (`STATICFILES_DIRS`).
pub(super) fn folders<'a>(cx: &Cx<'a>, setting: &SettingRef<'a>) -> Vec<(String, Part<'a>)> {
    let mut out = Vec::new();
    for part in setting.alternatives().into_iter().chain(setting.elements()) {
        let path = match &part.data {
            Data::Tuple(pair) | Data::List(pair)
                if pair.items.len() == 2 && !is_outer(setting, &part) =>
            {
                let second = pair.items.get(1).and_then(|item| item.value.single());
                second.and_then(|alt| folder(cx, &alt.data))
            }
            data => folder(cx, data),
        };
        if let Some(path) = path {
            out.push((path, part));
        }
    }
    out
}

/// Whether a part is the list itself rather than one of its elements.
fn is_outer(setting: &SettingRef<'_>, part: &Part<'_>) -> bool {
    setting.value().alts.iter().any(|alt| alt.data == part.data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_lie_in_each_other_by_whole_names() {
        assert_eq!(relation("/srv/media", "/srv/media"), Some(Relation::Equal));
        assert_eq!(relation("/srv/media/cache", "/srv/media"), Some(Relation::Inside));
        assert_eq!(relation("/srv", "/srv/media"), Some(Relation::Contains));
        assert_eq!(relation("/srv/media2", "/srv/media"), None);
        assert_eq!(relation("/", "/srv"), Some(Relation::Contains));
    }

    #[test]
    fn paths_lose_their_detours() {
        assert_eq!(normal("/srv/shop/media/../cache/"), "/srv/shop/cache");
        assert_eq!(normal("/project//./a"), "/project/a");
        assert_eq!(normal("/../.."), "/");
    }
}
