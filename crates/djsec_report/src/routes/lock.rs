//! The lock: who may reach what, as a file that is kept with the source.
//!
//! One block for each route, one line for each fact, sorted: so that a change in who may reach
//! what is a change of few lines, and moving code is none.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use toml_edit::{Document, Item, Table, Value};

use super::{Level, RouteTable, RouteView, words};
use crate::neutral::substitute;
use crate::redact::mask_addresses;

const VERSION: i64 = 1;
const HEAD: &str = "\
# Who may reach what. `djsec routes --write-lock` writes this file, `djsec routes --check-lock`
# compares it with the project. Keep it with the source, and read its changes in review.
";

/// What a lock says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// The routes, sorted.
    pub(super) routes: Vec<Entry>,
    /// Where addresses may be missing, sorted.
    pub(super) gaps: Vec<GapEntry>,
}

/// A route. Facts come in the order in which the file has them.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) project: String,
    pub(super) pattern: String,
    /// The dotted path; empty for one that is not known.
    pub(super) view: String,
    /// `None` when not known.
    pub(super) methods: Option<Vec<String>>,
    /// By method; under `*` for all.
    pub(super) access: BTreeMap<String, Need>,
    pub(super) csrf: String,
    pub(super) scoping: String,
    pub(super) when: String,
}

/// What it takes to reach a route.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Need {
    pub(super) level: Level,
    pub(super) permission: Option<String>,
}

/// A place whose addresses are not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct GapEntry {
    pub(super) project: String,
    pub(super) prefix: String,
    pub(super) reason: String,
}

/// Why a lock cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockError {
    /// Line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl Lock {
    /// What the tables say, as a lock keeps it.
    pub fn of(tables: &[RouteTable<'_>]) -> Self {
        let mut lock = Self::default();
        for table in tables {
            lock.routes.extend(table.routes.iter().map(|route| Entry::of(&table.project, route)));
            lock.gaps.extend(table.gaps.iter().map(|gap| GapEntry {
                project: table.project.clone(),
                prefix: gap.prefix.clone(),
                reason: mask_addresses(&gap.reason),
            }));
        }
        lock.routes.sort();
        lock.gaps.sort();
        lock.gaps.dedup();
        lock
    }

    /// How many routes it has.
    pub const fn len(&self) -> usize {
        self.routes.len()
    }

    /// Whether it has none.
    pub const fn is_empty(&self) -> bool {
        self.routes.is_empty()
    }

    /// How many places it names whose addresses are not known, and views that are not.
    pub fn unresolved(&self) -> usize {
        self.gaps.len() + self.routes.iter().filter(|entry| entry.view.is_empty()).count()
    }

    /// The file.
    pub fn to_toml(&self) -> String {
        let mut out = format!("{HEAD}version = {VERSION}\n");
        for entry in &self.routes {
            out.push_str("\n[[route]]\n");
            line(&mut out, "project", &entry.project);
            // Always there, also for the front page of a URLconf without slashes.
            let _ = writeln!(out, "pattern = {}", quoted(&entry.pattern));
            line(&mut out, "view", &entry.view);
            if let Some(methods) = &entry.methods {
                let methods: Vec<String> = methods.iter().map(|method| quoted(method)).collect();
                let _ = writeln!(out, "methods = [{}]", methods.join(", "));
            }
            for (method, need) in &entry.access {
                let key = match method.as_str() {
                    "*" if entry.access.len() == 1 => String::from("access"),
                    method => format!("access.{}", key(method)),
                };
                line(&mut out, &key, &need.text());
            }
            line(&mut out, "csrf", &entry.csrf);
            line(&mut out, "scoping", &entry.scoping);
            line(&mut out, "when", &entry.when);
        }
        for gap in &self.gaps {
            out.push_str("\n[[gap]]\n");
            line(&mut out, "project", &gap.project);
            let _ = writeln!(out, "prefix = {}", quoted(&gap.prefix));
            line(&mut out, "reason", &gap.reason);
        }
        out
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it is no lock, or one of a newer djsec.
    pub fn parse(text: &str) -> Result<Self, LockError> {
        let document = Document::parse(text).map_err(|error| LockError {
            line: error.span().map_or(0, |span| line_of(text, &span)),
            message: error.message().lines().next().unwrap_or_default().to_owned(),
        })?;
        let reader = Reader { text };
        let root = document.as_table();
        match root.get("version").and_then(Item::as_integer) {
            Some(VERSION) => {}
            Some(other) => {
                return Err(LockError {
                    line: 0,
                    message: format!("its version is {other}, and this djsec knows {VERSION}"),
                });
            }
            None => return Err(LockError { line: 0, message: "`version` is missing".to_owned() }),
        }
        let mut lock = Self::default();
        for block in reader.blocks(root, "route")? {
            lock.routes.push(reader.entry(block)?);
        }
        for block in reader.blocks(root, "gap")? {
            lock.gaps.push(GapEntry {
                project: reader.text(block, "project")?.unwrap_or_default(),
                prefix: reader.required(block, "prefix")?,
                reason: reader.text(block, "reason")?.unwrap_or_default(),
            });
        }
        lock.routes.sort();
        lock.gaps.sort();
        Ok(lock)
    }
}

impl Entry {
    fn of(project: &str, route: &RouteView) -> Self {
        let methods = route.methods.as_ref().map(|methods| {
            let mut methods: Vec<String> =
                words::telling(methods).into_iter().map(str::to_owned).collect();
            methods.sort();
            methods.dedup();
            methods
        });
        let mut access = BTreeMap::new();
        for group in &route.access {
            let need = Need {
                level: group.level,
                permission: group.permission.as_deref().map(mask_addresses),
            };
            if group.methods.is_empty() {
                access.insert(String::from("*"), need);
                continue;
            }
            for method in words::telling(&group.methods) {
                access.insert(method.to_owned(), need.clone());
            }
        }
        if let Some(first) = access.values().next().cloned()
            && access.values().all(|need| *need == first)
        {
            access = BTreeMap::from([(String::from("*"), first)]);
        }
        Self {
            project: project.to_owned(),
            pattern: route.pattern.clone(),
            view: route.view.clone().unwrap_or_default(),
            methods,
            access,
            csrf: route.csrf.name().to_owned(),
            scoping: match words::scoping(route) {
                none if none.is_empty() => route.scoping.name().to_owned(),
                words => mask_addresses(&words),
            },
            when: words::when(route).unwrap_or_default(),
        }
    }

    /// What it takes by this method.
    pub(super) fn need(&self, method: &str) -> Need {
        let need = self.access.get(method).or_else(|| self.access.get("*"));
        need.cloned().unwrap_or(Need { level: Level::Unknown, permission: None })
    }
}

impl Need {
    /// `permission: orders.change_order`
    fn text(&self) -> String {
        match &self.permission {
            Some(permission) => format!("{}: {permission}", self.level.name()),
            None => self.level.name().to_owned(),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (level, permission) = match text.split_once(": ") {
            Some((level, permission)) => (level, Some(permission.to_owned())),
            None => (text, None),
        };
        let level = Level::ALL.into_iter().find(|known| known.name() == level)?;
        Some(Self { level, permission })
    }
}

/// Reads blocks, and knows their lines.
struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn blocks<'t>(&self, root: &'t Table, name: &str) -> Result<Vec<&'t Table>, LockError> {
        match root.get(name) {
            None => Ok(Vec::new()),
            Some(Item::ArrayOfTables(blocks)) => Ok(blocks.iter().collect()),
            Some(other) => Err(self.error(other.span(), format!("write [[{name}]]"))),
        }
    }

    fn entry(&self, block: &Table) -> Result<Entry, LockError> {
        Ok(Entry {
            project: self.text(block, "project")?.unwrap_or_default(),
            pattern: self.required(block, "pattern")?,
            view: self.text(block, "view")?.unwrap_or_default(),
            methods: self.methods(block)?,
            access: self.access(block)?,
            csrf: self.text(block, "csrf")?.unwrap_or_else(|| String::from("unknown")),
            scoping: self.text(block, "scoping")?.unwrap_or_else(|| String::from("unknown")),
            when: self.text(block, "when")?.unwrap_or_default(),
        })
    }

    fn text(&self, block: &Table, key: &str) -> Result<Option<String>, LockError> {
        match block.get(key) {
            None => Ok(None),
            Some(item) => match item.as_str() {
                Some(text) => Ok(Some(text.to_owned())),
                None => Err(self.error(item.span(), format!("`{key}` is no string"))),
            },
        }
    }

    fn required(&self, block: &Table, key: &str) -> Result<String, LockError> {
        self.text(block, key)?
            .ok_or_else(|| self.error(block.span(), format!("`{key}` is missing")))
    }

    fn methods(&self, block: &Table) -> Result<Option<Vec<String>>, LockError> {
        let Some(item) = block.get("methods") else { return Ok(None) };
        let methods = item.as_array().and_then(|array| {
            array.iter().map(|value| value.as_str().map(str::to_owned)).collect()
        });
        match methods {
            Some(methods) => Ok(Some(methods)),
            None => Err(self.error(item.span(), "`methods` is no list of strings".to_owned())),
        }
    }

    fn access(&self, block: &Table) -> Result<BTreeMap<String, Need>, LockError> {
        let need = |item: &Item| {
            item.as_str()
                .and_then(Need::parse)
                .ok_or_else(|| self.error(item.span(), "`access` says no known level".to_owned()))
        };
        match block.get("access") {
            None => Ok(BTreeMap::new()),
            Some(item @ Item::Value(Value::String(_))) => {
                Ok(BTreeMap::from([(String::from("*"), need(item)?)]))
            }
            Some(item) => {
                let Some(table) = item.as_table_like() else {
                    return Err(self.error(item.span(), "`access` is no string".to_owned()));
                };
                table.iter().map(|(method, item)| Ok((method.to_owned(), need(item)?))).collect()
            }
        }
    }

    fn error(&self, span: Option<Range<usize>>, message: String) -> LockError {
        LockError { line: span.map_or(0, |span| line_of(self.text, &span)), message }
    }
}

fn line_of(text: &str, span: &Range<usize>) -> usize {
    text.get(..span.start).unwrap_or_default().matches('\n').count() + 1
}

/// A line for a fact; none for an empty one.
fn line(out: &mut String, key: &str, value: &str) {
    if !value.is_empty() {
        let _ = writeln!(out, "{key} = {}", quoted(value));
    }
}

/// A key, bare where it may be.
fn key(text: &str) -> String {
    let bare =
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare { text.to_owned() } else { quoted(text) }
}

/// A TOML string. Characters that a reader of the diff would not see are escaped.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            _ if substitute(character).is_some() => {
                let _ = write!(out, "\\U{:08X}", character as u32);
            }
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}
