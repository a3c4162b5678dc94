//! `wsgi.py`, `asgi.py`, `manage.py` and worker modules: what they put into the environment before
//! Django starts, and gunicorn's configuration, which is Python too.

use djsec_base::{FileId, Files, Span, TextRange};
use djsec_syntax::python::ast::visitor::{Visitor, walk_expr, walk_stmt};
use djsec_syntax::python::ast::{Expr, ExprCall, Stmt, StmtIf};
use djsec_syntax::python::{Ranged, parse};
use djsec_syntax::under;

use super::{Entry, EnvValue, EnvVar, Evidence, EvidenceKind, Strength};

/// What an entry module says; nothing if it does not touch Django's environment.
pub(super) fn entry(files: &Files, file: FileId) -> Vec<Evidence> {
    let path = files.path(file);
    let name = path.file_name().unwrap_or_default();
    let text = files.text(file);
    let (kind, entry) = if name.contains("wsgi") {
        (EvidenceKind::Wsgi, Entry::Web)
    } else if name.contains("asgi") {
        (EvidenceKind::Asgi, Entry::Web)
    } else if name.starts_with("manage.py") {
        (EvidenceKind::Manage, Entry::Manage)
    } else {
        (EvidenceKind::Worker, Entry::Worker)
    };
    if !text.contains("DJANGO_") {
        return Vec::new();
    }
    let writes = writes(text);
    let mut out = Vec::new();
    let modules: Vec<&Write> =
        writes.iter().filter(|w| w.name == "DJANGO_SETTINGS_MODULE").collect();
    let class = writes.iter().find(|write| write.name == "DJANGO_CONFIGURATION");
    let configuration = class.and_then(|write| write.found(file));
    let start = modules.first().or(class.as_ref()).map_or(TextRange::default(), |w| w.range);
    let doubtful = modules.len() > 1 || modules.iter().any(|write| write.conditional);
    for write in &modules {
        let strength = match kind {
            EvidenceKind::Manage => Strength::Development,
            _ if write.hard && !doubtful => Strength::Deployed,
            _ => Strength::Fallback,
        };
        let certain = !doubtful || modules.iter().all(|other| other.value == write.value);
        let mut note = name.to_owned();
        if write.value.is_none() {
            let written = under(text, write.value_range);
            note = format!("{name} (computes the module: `{}`)", shortened(written));
        } else if !certain {
            let named: Vec<_> = modules.iter().filter_map(|w| w.value.as_deref()).collect();
            note = format!("{name} (chooses between {} by a condition)", named.join(" and "));
        } else if write.hard {
            note = format!("{name} (whatever the environment says)");
        }
        out.push(Evidence {
            kind,
            strength,
            entry,
            settings_module: if certain { write.found(file) } else { None },
            configuration: configuration.clone(),
            environment: Vec::new(),
            app: None,
            program: None,
            location: Span::new(file, write.range),
            note,
        });
        if !certain {
            break;
        }
    }
    if modules.is_empty() && configuration.is_some() {
        let location = Span::new(file, start);
        let environment = Vec::new();
        let strength =
            if kind == EvidenceKind::Manage { Strength::Development } else { Strength::Fallback };
        let note = name.to_owned();
        out.push(Evidence {
            kind,
            strength,
            entry,
            settings_module: None,
            configuration,
            environment,
            app: None,
            program: None,
            location,
            note,
        });
    }
    out
}

/// The settings modules that a program with no usual name puts into the environment, as far as it writes their names.
pub(super) fn launcher(files: &Files, file: FileId) -> Vec<Evidence> {
    let name = files.path(file).file_name().unwrap_or_default();
    let found = writes(files.text(file)).into_iter().filter_map(|write| {
        let module = (write.name == "DJANGO_SETTINGS_MODULE").then(|| write.found(file))??;
        Some(Evidence {
            kind: EvidenceKind::Worker,
            strength: Strength::Name,
            entry: Entry::Worker,
            settings_module: Some(module),
            configuration: None,
            environment: Vec::new(),
            app: None,
            program: None,
            location: Span::new(file, write.range),
            note: name.to_owned(),
        })
    });
    found.collect()
}

/// Text for a note: on one line and not long.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 60 {
        let head: String = line.chars().take(57).collect();
        format!("{head}...")
    } else {
        line
    }
}

/// A write to `os.environ`.
struct Write {
    name: String,
    /// The value, if it is a literal.
    value: Option<String>,
    value_range: TextRange,
    range: TextRange,
    /// `environ[x] = y` and not `setdefault`.
    hard: bool,
    /// Inside a condition that is not about the variable itself or `__main__`.
    conditional: bool,
}

impl Write {
    fn found(&self, file: FileId) -> Option<(String, Span)> {
        let value = self.value.as_deref().filter(|value| !value.is_empty())?;
        // Templates of projects (`startproject --template`) have this for the name of the folder.
        let value = value.replace("{{ project_name }}", "project_name");
        Some((value, Span::new(file, self.value_range)))
    }
}

fn writes(text: &str) -> Vec<Write> {
    let parsed = parse(text);
    let mut finder = Finder { text, found: Vec::new(), conditions: 0, absent: 0 };
    for statement in &parsed.tree.body {
        finder.visit_stmt(statement);
    }
    finder.found
}

struct Finder<'t> {
    text: &'t str,
    found: Vec<Write>,
    conditions: usize,
    /// Inside `if "DJANGO_SETTINGS_MODULE" not in os.environ`, where an assignment is a default.
    absent: usize,
}

impl<'a> Visitor<'a> for Finder<'_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::If(branch) => {
                self.branch(branch);
                return;
            }
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    if let Expr::Subscript(subscript) = target
                        && is_environ(&subscript.value)
                    {
                        self.push(&subscript.slice, &assign.value, assign.range, true);
                    }
                }
            }
            _ => {}
        }
        walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Call(call) = expression {
            self.call(call);
        }
        walk_expr(self, expression);
    }
}

impl Finder<'_> {
    fn branch(&mut self, branch: &StmtIf) {
        let condition = under(self.text, branch.test.range());
        let main = condition.contains("__name__");
        let own = condition.contains("DJANGO_SETTINGS_MODULE");
        let counts = usize::from(!main && !own);
        self.conditions += counts;
        self.absent += usize::from(own);
        for statement in &branch.body {
            self.visit_stmt(statement);
        }
        self.absent -= usize::from(own);
        for clause in &branch.elif_else_clauses {
            for statement in &clause.body {
                self.visit_stmt(statement);
            }
        }
        self.conditions -= counts;
    }

    fn call(&mut self, call: &ExprCall) {
        let Expr::Attribute(function) = &*call.func else { return };
        if function.attr.as_str() != "setdefault" || !is_environ(&function.value) {
            return;
        }
        if let [key, value] = &*call.arguments.args {
            self.push(key, value, call.range(), false);
        }
    }

    fn push(&mut self, key: &Expr, value: &Expr, range: TextRange, hard: bool) {
        let name = match key {
            Expr::StringLiteral(literal) => literal.value.to_str().to_owned(),
            Expr::Name(name) if name.id.as_str() == "ENVIRONMENT_VARIABLE" => {
                "DJANGO_SETTINGS_MODULE".to_owned()
            }
            _ => return,
        };
        let text = match value {
            Expr::StringLiteral(literal) => Some(literal.value.to_str().to_owned()),
            _ => None,
        };
        self.found.push(Write {
            name,
            value: text,
            value_range: value.range(),
            range,
            hard: hard && self.absent == 0,
            conditional: self.conditions > 0,
        });
    }
}

fn is_environ(expression: &Expr) -> bool {
    match expression {
        Expr::Attribute(attribute) => attribute.attr.as_str() == "environ",
        Expr::Name(name) => name.id.as_str() == "environ",
        _ => false,
    }
}

/// `raw_env` of gunicorn's configuration.
pub(super) fn gunicorn(files: &Files, file: FileId) -> Vec<EnvVar> {
    let text = files.text(file);
    if !text.contains("raw_env") {
        return Vec::new();
    }
    let mut out = Vec::new();
    for statement in &parse(text).tree.body {
        let Stmt::Assign(assign) = statement else { continue };
        let named = assign
            .targets
            .iter()
            .any(|target| matches!(target, Expr::Name(name) if name.id.as_str() == "raw_env"));
        let items: &[Expr] = match &*assign.value {
            Expr::List(list) => &list.elts,
            Expr::Tuple(tuple) => &tuple.elts,
            _ => &[],
        };
        for item in items.iter().filter(|_| named) {
            let Expr::StringLiteral(literal) = item else { continue };
            if let Some((name, value)) = literal.value.to_str().split_once('=') {
                let span = Span::new(file, literal.range);
                let value = EnvValue::Literal(value.to_owned());
                out.push(EnvVar { name: name.to_owned(), value, span });
            }
        }
    }
    out
}
