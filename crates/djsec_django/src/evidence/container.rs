//! Paths in a container, and the files of the repository that end up there.

use djsec_base::{FileId, FileKind, Files, Utf8Component, Utf8Path, Utf8PathBuf};

/// What the files of an image or service are made of.
#[derive(Debug, Clone, Default)]
pub(super) struct Container {
    /// Folders of the repository that copied paths may be relative to, the likeliest first.
    contexts: Vec<Utf8PathBuf>,
    /// What is copied or mounted: from the context, to the container.
    copies: Vec<(String, Utf8PathBuf)>,
    /// The working folder.
    workdir: String,
}

impl Container {
    /// A container whose copies are relative to one of these folders.
    pub(super) fn new(contexts: Vec<Utf8PathBuf>) -> Self {
        Self { contexts, copies: Vec::new(), workdir: String::new() }
    }

    pub(super) fn workdir(&mut self, path: &str) {
        self.workdir = self.absolute(path);
    }

    pub(super) fn copy(&mut self, sources: &[String], target: &str) {
        let target = normal(&self.absolute(target));
        for source in sources {
            self.copies.push((source.clone(), target.clone()));
        }
    }

    fn absolute(&self, path: &str) -> String {
        if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("{}/{}", self.workdir, path.trim_start_matches("./"))
        }
    }

    /// The repository's file at a path of the container. Where no copy says so, a script of the same
    /// name that is the only one, or the one nearest to the contexts.
    pub(super) fn find(&self, files: &Files, path: &str) -> Option<FileId> {
        let absolute = normal(&self.absolute(path));
        // Each word that may be a script is asked for, and only a copy to the very path gives a file another name.
        let name = absolute.file_name()?;
        if files.named(name).is_empty()
            && !self.copies.iter().any(|(_, target)| *target == absolute)
        {
            return None;
        }
        // What is copied or mounted later lies above.
        for (source, target) in self.copies.iter().rev() {
            if !absolute.starts_with(target) {
                continue;
            }
            for context in &self.contexts {
                let origin = normal(context.join(source.trim_start_matches('/')).as_str());
                for candidate in candidates(&origin, target, &absolute) {
                    if let Some(found) = files.find(&candidate) {
                        return Some(found);
                    }
                }
            }
        }
        self.by_name(files, &absolute)
    }

    /// Where in the repository a path of the container would lie: below a folder that is copied as a whole, in
    /// a folder that holds files.
    pub(super) fn origin(&self, files: &Files, path: &str) -> Option<Utf8PathBuf> {
        let absolute = normal(&self.absolute(path));
        let is_folder =
            |folder: &Utf8Path| files.iter().any(|(_, file)| file.path.parent() == Some(folder));
        for (source, target) in self.copies.iter().rev() {
            let Ok(rest) = absolute.strip_prefix(target) else { continue };
            if rest.as_str().is_empty() {
                continue;
            }
            for context in &self.contexts {
                let origin = context.join(source.trim_start_matches('/')).join(rest);
                let origin = normal(origin.as_str());
                if origin.parent().is_some_and(is_folder) {
                    return Some(origin);
                }
            }
        }
        None
    }

    fn by_name(&self, files: &Files, path: &Utf8Path) -> Option<FileId> {
        let name = path.file_name()?;
        let mut found: Vec<(bool, usize, FileId)> = Vec::new();
        for id in files.named(name) {
            let Some(file) = files.file(*id) else { continue };
            let kind = matches!(file.kind, FileKind::Shell | FileKind::Ini | FileKind::Python);
            if kind && file.text.is_some() {
                let near = self.contexts.iter().any(|context| file.path.starts_with(context));
                found.push((!near, file.path.components().count(), *id));
            }
        }
        found.sort_unstable();
        match found.as_slice() {
            [only] => Some(only.2),
            // `start` may be there for production and for development: better none than the wrong one.
            [first, second, ..] if (first.0, first.1) != (second.0, second.1) => Some(first.2),
            _ => None,
        }
    }
}

/// Where a file of the container may come from, given that `origin` was copied to `target`.
fn candidates(origin: &Utf8Path, target: &Utf8Path, path: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut out = Vec::new();
    if path == target {
        out.push(origin.to_path_buf());
    }
    if let Ok(rest) = path.strip_prefix(target)
        && !rest.as_str().is_empty()
    {
        // A folder's contents are copied; a file is copied into the folder.
        out.push(normal(origin.join(rest).as_str()));
        if origin.file_name() == rest.file_name() && rest.components().count() == 1 {
            out.push(origin.to_path_buf());
        }
        // `docker/*.sh /`
        if origin.file_name().is_some_and(|name| name.contains('*')) {
            out.push(origin.with_file_name(rest.as_str()));
        }
    }
    out
}

/// A path without `.`, `..` and the leading slash.
pub(super) fn normal(path: &str) -> Utf8PathBuf {
    let mut out = Utf8PathBuf::new();
    for component in Utf8Path::new(path).components() {
        match component {
            Utf8Component::ParentDir => {
                out.pop();
            }
            Utf8Component::Normal(part) => out.push(part),
            Utf8Component::CurDir | Utf8Component::RootDir | Utf8Component::Prefix(_) => {}
        }
    }
    out
}
