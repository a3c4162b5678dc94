//! Path algebra. The audited tree stands at a fixed made-up place, so that absolute paths in
//! settings compare and print the same on every machine.

/// Where the audited tree is taken to stand.
pub const ROOT: &str = "/project/";

/// `posixpath.join`.
pub fn join(a: &str, b: &str) -> String {
    if b.starts_with('/') || a.is_empty() {
        return b.to_owned();
    }
    if b.is_empty() {
        return if a.ends_with('/') { a.to_owned() } else { format!("{a}/") };
    }
    if a.ends_with('/') { format!("{a}{b}") } else { format!("{a}/{b}") }
}

/// `posixpath.normpath`.
pub fn normalize(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.last().is_some_and(|last| *last != "..") {
                    parts.pop();
                } else if !absolute {
                    parts.push("..");
                }
            }
            part => parts.push(part),
        }
    }
    let body = parts.join("/");
    match (absolute, body.is_empty()) {
        (true, _) => format!("/{body}"),
        (false, true) => ".".to_owned(),
        (false, false) => body,
    }
}

/// `pathlib`'s spelling: no trailing slash, no `.` parts, `..` kept.
pub fn pure(path: &str) -> String {
    let absolute = path.starts_with('/');
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty() && *p != ".").collect();
    let body = parts.join("/");
    match (absolute, body.is_empty()) {
        (true, _) => format!("/{body}"),
        (false, true) => ".".to_owned(),
        (false, false) => body,
    }
}

/// `posixpath.dirname`.
pub fn dirname(path: &str) -> String {
    match path.rsplit_once('/') {
        Some(("", _)) => "/".to_owned(),
        Some((head, _)) => head.trim_end_matches('/').to_owned(),
        None => String::new(),
    }
}

/// `PurePath.parent`.
pub fn parent(path: &str) -> String {
    match path.rsplit_once('/') {
        Some(("", _)) => "/".to_owned(),
        Some((head, _)) => head.to_owned(),
        None => ".".to_owned(),
    }
}

/// `posixpath.basename`.
pub fn basename(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, tail)| tail)
}

/// The path relative to the tree, if it lies in it.
pub fn in_tree(path: &str) -> Option<String> {
    let normal = normalize(path);
    if let Some(inner) = normal.strip_prefix(ROOT) {
        return Some(inner.to_owned());
    }
    (normal == ROOT.trim_end_matches('/')).then(String::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_behave_as_in_python() {
        assert_eq!(join("/a", "b"), "/a/b");
        assert_eq!(join("/a/", "/b"), "/b");
        assert_eq!(join("a", ""), "a/");
        assert_eq!(normalize("/a/./b/../c"), "/a/c");
        assert_eq!(normalize("a/../.."), "..");
        assert_eq!(dirname("/a/b.py"), "/a");
        assert_eq!(dirname("b.py"), "");
        assert_eq!(parent("/a"), "/");
        assert_eq!(parent("b.py"), ".");
        assert_eq!(in_tree("/project/x/../y.py").as_deref(), Some("y.py"));
        assert_eq!(in_tree("/etc/passwd"), None);
    }
}
