//! Opens what the user points at: the folder, its config, and the files that the config names.

use std::fs;

use anyhow::Result;
use camino::{Utf8Path, Utf8PathBuf};
use djsec_engine::{
    Baseline, Catalog, Config,
    config::{ConfigKind, EnvFile, OverrideError, Overrides},
    did_you_mean, nearest,
};

use crate::{
    cli::ConfigOptions,
    disk::{Disk, reason},
    failure::Failure,
};

/// An opened project.
pub(crate) struct Project {
    /// As the user wrote it.
    pub(crate) root: Utf8PathBuf,
    /// The way to its files.
    pub(crate) disk: Disk,
    /// Config file and command line together.
    pub(crate) config: Config,
}

impl Project {
    /// Opens the folder, and reads its config with the command line on top.
    pub(crate) fn open(
        path: &Utf8Path,
        options: &ConfigOptions,
        overrides: Overrides,
        catalog: &Catalog,
    ) -> Result<Self> {
        check_folder(path)?;
        let file = read_config(path, options, catalog)?.unwrap_or_default();
        // Paths of the command line are relative to the working directory, as the shell completes
        // them; those of the config were made so when it was read.
        let mut config = file.overridden(overrides, catalog).map_err(|error| match error {
            OverrideError::UnknownRule(unknown) => Failure::unknown_rule(&unknown),
            OverrideError::NotAModule(_) => Failure::new(error.to_string()),
        })?;
        config.python_env = config.python_env.map(|path| python_env(&path)).transpose()?;
        if !config.flow_models.is_empty()
            && let Err(errors) = config.models()
        {
            let lines = errors.iter().map(ToString::to_string).collect();
            let hint = "docs/flow-models.md describes the format";
            return Err(Failure::lines(lines).hint(hint).into());
        }
        Ok(Self { root: path.to_owned(), disk: Disk::new(path.to_owned()), config })
    }

    /// Reads the baseline that the config or the command line names.
    pub(crate) fn load_baseline(&mut self) -> Result<()> {
        let Some(path) = &self.config.baseline_path else { return Ok(()) };
        let text = read_text(path).map_err(|error| {
            if path.exists() {
                return error;
            }
            Failure::new(error.to_string())
                .hint(format!("`djsec check --write-baseline {path}` writes one"))
                .into()
        })?;
        let baseline = Baseline::parse(&text).map_err(|error| {
            Failure::new(format!("'{path}' is no baseline: {path}:{error}"))
                .hint(format!("`djsec check --write-baseline {path}` writes it anew"))
        })?;
        self.config.baseline = Some(baseline);
        Ok(())
    }
}

/// Says in one line what is wrong with a path that is no readable folder.
fn check_folder(path: &Utf8Path) -> Result<()> {
    let metadata = fs::metadata(path).map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            missing(path)
                .hint("give the folder of a Django project, or nothing for the current one")
        } else {
            Failure::new(format!("'{path}' could not be read: {}", reason(&error)))
        }
    })?;
    if !metadata.is_dir() {
        let parent = path.parent().filter(|parent| !parent.as_str().is_empty());
        let folder = parent.unwrap_or(Utf8Path::new("."));
        return Err(Failure::new(format!("'{path}' is not a folder"))
            .hint(format!("djsec audits whole projects: djsec check {folder}"))
            .into());
    }
    fs::read_dir(path)
        .map_err(|error| Failure::new(format!("'{path}' could not be read: {}", reason(&error))))?;
    Ok(())
}

/// The environment that the user names, by its absolute path: the tree's own paths are relative.
fn python_env(path: &Utf8Path) -> Result<Utf8PathBuf> {
    if !path.is_dir() {
        let error = if path.exists() {
            Failure::new(format!("'{path}' is not a folder"))
        } else {
            missing(path)
        };
        return Err(error.into());
    }
    let packages = matches!(path.file_name(), Some("site-packages" | "dist-packages"));
    if !packages && !path.join("pyvenv.cfg").is_file() {
        return Err(Failure::new(format!(
            "'{path}' is no virtual environment: it has no pyvenv.cfg"
        ))
        .hint("give its folder, or the site-packages of another Python")
        .into());
    }
    path.canonicalize_utf8().map_err(|error| {
        Failure::new(format!("'{path}' could not be read: {}", reason(&error))).into()
    })
}

fn read_config(
    root: &Utf8Path,
    options: &ConfigOptions,
    catalog: &Catalog,
) -> Result<Option<Config>> {
    if options.no_config {
        return Ok(None);
    }
    if let Some(path) = &options.config {
        let config = read_config_file(root, path, catalog)?;
        return match config {
            Some(config) => Ok(Some(config)),
            None => Err(Failure::new(format!("{path} has no [tool.djsec]")).into()),
        };
    }
    for name in ["djsec.toml", "pyproject.toml"] {
        let path = if root == "." { name.into() } else { root.join(name) };
        if path.is_file()
            && let Some(config) = read_config_file(root, &path, catalog)?
        {
            return Ok(Some(config));
        }
    }
    Ok(None)
}

fn read_config_file(root: &Utf8Path, path: &Utf8Path, catalog: &Catalog) -> Result<Option<Config>> {
    let pyproject = path.file_name() == Some("pyproject.toml");
    let kind = if pyproject { ConfigKind::Pyproject } else { ConfigKind::Djsec };
    let text = read_text(path)?;
    let config = Config::read(&text, kind, path, catalog).map_err(|errors| {
        Failure::lines(errors.0.iter().map(ToString::to_string).collect())
            .hint("docs/configuration.md describes every key; --no-config runs without the file")
    })?;
    let Some(mut config) = config else { return Ok(None) };

    let folder = path.parent().unwrap_or(Utf8Path::new(""));
    config.baseline_path = config.baseline_path.map(|baseline| folder.join(baseline));
    config.python_env = config.python_env.map(|environment| folder.join(environment));
    for file in &mut config.flow_models {
        file.path = folder.join(&file.path);
        file.text = read_text(&file.path)?;
    }
    for profile in std::iter::once(&mut config.profile).chain(config.profiles.values_mut()) {
        for file in &mut profile.env_files {
            read_env_file(file, folder)?;
        }
    }
    config.file = inside(root, path);
    Ok(Some(config))
}

fn read_env_file(file: &mut EnvFile, folder: &Utf8Path) -> Result<()> {
    file.text = read_text(&folder.join(&file.path))?;
    Ok(())
}

/// The path relative to the root, if it lies inside.
fn inside(root: &Utf8Path, path: &Utf8Path) -> Option<Utf8PathBuf> {
    let root = root.canonicalize_utf8().ok()?;
    let path = path.canonicalize_utf8().ok()?;
    path.strip_prefix(root).ok().map(Utf8Path::to_owned)
}

/// Reads a file that the user names.
pub(crate) fn read_text(path: &Utf8Path) -> Result<String> {
    let bytes = fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => missing(path),
        std::io::ErrorKind::IsADirectory => {
            Failure::new(format!("'{path}' is a folder, not a file"))
        }
        _ => Failure::new(format!("'{path}' could not be read: {}", reason(&error))),
    })?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(_) => Err(Failure::new(format!("'{path}' is not valid UTF-8")).into()),
    }
}

/// Writes a file that the user names, whole or not at all.
pub(crate) fn write_file(path: &Utf8Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).map_err(|error| {
        let folder = path.parent().filter(|folder| !folder.as_str().is_empty());
        let failure = match (error.kind(), folder) {
            (std::io::ErrorKind::NotFound, Some(folder)) => Failure::new(format!(
                "'{path}' could not be written: there is no folder '{folder}'"
            )),
            (std::io::ErrorKind::IsADirectory, _) => {
                Failure::new(format!("'{path}' is a folder, not a file"))
            }
            _ => Failure::new(format!("'{path}' could not be written: {}", reason(&error))),
        };
        failure.into()
    })
}

/// Says that a path leads nowhere, and which name beside it is nearest.
fn missing(path: &Utf8Path) -> Failure {
    if path.as_str().is_empty() {
        return Failure::new("the path is empty");
    }
    let folder = path.parent().unwrap_or(Utf8Path::new(""));
    let listed = if folder.as_str().is_empty() { Utf8Path::new(".") } else { folder };
    let mut names: Vec<String> = listed
        .read_dir_utf8()
        .map(|entries| entries.flatten().map(|entry| entry.file_name().to_owned()).collect())
        .unwrap_or_default();
    names.sort_unstable();
    let name = path.file_name().unwrap_or_default();
    let near = nearest(name, names.iter().map(String::as_str)).map(|name| folder.join(name));
    let near = did_you_mean(near.as_ref().map(|path| path.as_str()));
    Failure::new(format!("there is no '{path}'{near}"))
}
