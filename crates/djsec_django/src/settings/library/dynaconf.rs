//! dynaconf's Django extension: sections of files, then variables, over the module's own names.

use std::sync::Arc;

use djsec_base::FileId;
use djsec_python::eval::{Args, At, Interp, Leaf, NsId, Object, Val, paths};
use djsec_python::worlds::{Atom, Guard, Root, Sym, Type};
use djsec_syntax::data::Node;

use super::{config_file, dotenv, dynaconf_values};

/// Files that are looked for when none are named.
const FILES: [&str; 12] = [
    "settings.toml",
    "settings.tml",
    "settings.yaml",
    "settings.yml",
    "settings.ini",
    "settings.json",
    ".secrets.toml",
    ".secrets.tml",
    ".secrets.yaml",
    ".secrets.yml",
    ".secrets.ini",
    ".secrets.json",
];

struct Options {
    switch: String,
    prefix: String,
    environments: bool,
    files: Option<Vec<String>>,
    folder: String,
}

pub(super) fn call(it: &mut Interp<'_>, name: &str, args: &Args, at: At) -> Option<Val> {
    if !matches!(name, "dynaconf.DjangoDynaconf" | "dynaconf.contrib.django_dynaconf_v2.load") {
        return None;
    }
    let ns = it.globals()?;
    let folder = dotenv::caller_folder(it);
    let option = |names: [&str; 2]| names.iter().find_map(|name| args.keyword(name)).cloned();
    let text = |names: [&str; 2]| option(names).and_then(|v| v.as_str()).map(|t| t.to_string());
    let listed = option(["settings_files", "SETTINGS_FILES_FOR_DYNACONF"])
        .or_else(|| option(["settings_file", "SETTINGS_FILE_FOR_DYNACONF"]));
    let files = listed.map(|val| {
        if let Some(text) = val.as_str() {
            return text.split([',', ';']).map(|part| part.trim().to_owned()).collect();
        }
        let items = it.iterate(&val, at).items;
        items.iter().filter_map(|(_, v)| v.as_str()).map(|t| t.to_string()).collect()
    });
    let root = text(["root_path", "ROOT_PATH_FOR_DYNACONF"]);
    let options = Options {
        switch: text(["env_switcher", "ENV_SWITCHER_FOR_DYNACONF"])
            .unwrap_or_else(|| "DJANGO_ENV".to_owned()),
        prefix: text(["envvar_prefix", "ENVVAR_PREFIX_FOR_DYNACONF"])
            .unwrap_or_else(|| "DJANGO".to_owned()),
        environments: option(["environments", "ENVIRONMENTS_FOR_DYNACONF"])
            .and_then(|v| v.as_bool())
            != Some(false),
        files,
        folder: root.unwrap_or(folder),
    };
    if option(["load_dotenv", "LOAD_DOTENV_FOR_DYNACONF"]).and_then(|v| v.as_bool()) != Some(false)
        && let Some(path) = dotenv::upwards(it, &options.folder, ".env")
    {
        dotenv::load_file(it, &path, dotenv::Dialect::Dotenv, false, at);
    }
    for file in files_of(it, &options) {
        load(it, ns, file, &options, at);
    }
    variables(it, ns, &options.prefix, at);
    Some(it.external_instance("dynaconf.LazySettings", &Args::default(), at))
}

/// The files that exist, each also in its `.local` form.
fn files_of(it: &Interp<'_>, options: &Options) -> Vec<FileId> {
    let named: Vec<String> = match &options.files {
        Some(files) => files.clone(),
        None => FILES.iter().map(|name| (*name).to_owned()).collect(),
    };
    let mut out = Vec::new();
    for name in named {
        let local = name.rsplit_once('.').map(|(stem, ext)| format!("{stem}.local.{ext}"));
        for name in std::iter::once(name).chain(local) {
            let path = if name.starts_with('/') {
                Some(name)
            } else {
                dotenv::upwards(it, &options.folder, &name)
            };
            out.extend(path.and_then(|path| dotenv::file_at(it, &paths::normalize(&path))));
        }
    }
    out
}

fn load(it: &mut Interp<'_>, ns: NsId, file: FileId, options: &Options, at: At) {
    let path = it.files.path(file).as_str().to_owned();
    let text = it.files.text(file).to_owned();
    let extension = path.rsplit('.').next().unwrap_or_default();
    let yaml = matches!(extension, "yaml" | "yml");
    let tree = match extension {
        "yaml" | "yml" => djsec_syntax::yaml::parse(&text).tree.into_iter().next(),
        "json" => Some(djsec_syntax::json::parse(&text).tree),
        "toml" | "tml" => Some(djsec_syntax::toml::parse(&text).tree),
        _ => None,
    };
    let Some(tree) = tree else { return };
    if !options.environments {
        section(it, ns, &tree, yaml, file, at);
        return;
    }
    let sections: Vec<(String, &Node)> =
        tree.entries().into_iter().map(|entry| (entry.key.to_lowercase(), &entry.value)).collect();
    for (name, node) in &sections {
        if name == "default" {
            section(it, ns, node, yaml, file, at);
        }
    }
    let mut rest = at.pc;
    for (name, node) in &sections {
        if matches!(name.as_str(), "default" | "global") {
            continue;
        }
        let chosen = chosen(it, &options.switch, name, at);
        let pc = it.worlds.and(rest, chosen);
        rest = it.worlds.minus(rest, chosen);
        if !it.worlds.impossible(pc) {
            section(it, ns, node, yaml, file, At { pc, ..at });
        }
    }
    for (name, node) in &sections {
        if name == "global" {
            section(it, ns, node, yaml, file, at);
        }
    }
}

/// The worlds in which a section is the current environment; development unless the switch is set.
fn chosen(it: &mut Interp<'_>, switch: &str, section: &str, at: At) -> Guard {
    let mut out = Guard::NEVER;
    for alt in it.environ(switch, at).alts {
        let here = match &alt.leaf {
            Leaf::Absent => section == "development",
            Leaf::Str(text) => text.to_lowercase() == section,
            Leaf::Sym(sym) => {
                let is =
                    sym.then(".lower()", Type::Str).then(format!("== '{section}'"), Type::Bool);
                let is = it.worlds.atom(Atom::Truthy(Arc::new(is)));
                let both = it.worlds.and(alt.guard, is);
                out = it.worlds.or(out, both);
                continue;
            }
            _ => false,
        };
        if here {
            out = it.worlds.or(out, alt.guard);
        }
    }
    out
}

fn section(it: &mut Interp<'_>, ns: NsId, node: &Node, yaml: bool, file: FileId, at: At) {
    let entries: Vec<_> = node.entries().into_iter().cloned().collect();
    for entry in entries {
        let span = djsec_base::Span::new(file, entry.range());
        let here = At { span, ..at };
        let val = config_file::node(it, &entry.value, yaml, Some(file), here, 0);
        let mut path = entry.key.split("__");
        let name = path.next().unwrap_or_default().to_uppercase();
        let keys: Vec<&str> = path.collect();
        store(it, ns, &name, &keys, &val, false, here);
    }
}

/// Puts a value under a name, or deeper into its dicts; a merge mark keeps what is there.
fn store(it: &mut Interp<'_>, ns: NsId, name: &str, keys: &[&str], val: &Val, merge: bool, at: At) {
    let old = it.namespace(ns).and_then(|space| space.find(name)).map(|b| b.val.clone());
    let Some((last, before)) = keys.split_last() else {
        let merged = match old {
            Some(old) => dynaconf_values::merged(it, &old, val, merge, at),
            None => dynaconf_values::merged(it, &Val::nothing(), val, merge, at),
        };
        it.bind_in(ns, name, merged, at);
        return;
    };
    let mut container = old.unwrap_or_else(|| {
        let dict = it.dict_of(vec![], at);
        it.bind_in(ns, name, dict.clone(), at);
        dict
    });
    for key in before {
        let key = key_in(it, &container, key);
        let next = match container.single() {
            Some(Leaf::Ref(id)) => it.dict_get(*id, &Leaf::Str(Arc::clone(&key)), at),
            _ => return,
        };
        container = if matches!(next.single(), Some(Leaf::Absent) | None) {
            let dict = it.dict_of(vec![], at);
            it.set_item(&container, &Val::str(key), &dict, at);
            dict
        } else {
            next
        };
    }
    let key = key_in(it, &container, last);
    it.set_item(&container, &Val::str(key), val, at);
}

/// The key as the dict spells it: dynaconf does not mind the case.
fn key_in(it: &Interp<'_>, container: &Val, key: &str) -> Arc<str> {
    if let Some(Leaf::Ref(id)) = container.single()
        && let Some(Object::Dict(dict)) = it.object(*id)
    {
        for (known, _) in &dict.entries {
            if let Leaf::Str(known) = known
                && known.eq_ignore_ascii_case(key)
            {
                return Arc::clone(known);
            }
        }
    }
    Arc::from(key)
}

/// Settings that a site's security hangs on: those that a project leaves to Django may be set by variables as well,
/// and where they are not, Django's defaults hold.
const JUDGED: &[&str] = &[
    "ALLOWED_HOSTS",
    "CSRF_COOKIE_HTTPONLY",
    "CSRF_COOKIE_SECURE",
    "CSRF_TRUSTED_ORIGINS",
    "DEBUG",
    "SECRET_KEY",
    "SECURE_HSTS_SECONDS",
    "SECURE_PROXY_SSL_HEADER",
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SECURE",
];

/// `PREFIX_NAME` overrides a setting, `PREFIX_NAME__KEY` a part of it.
fn variables(it: &mut Interp<'_>, ns: NsId, prefix: &str, at: At) {
    let start = format!("{prefix}_");
    let known: Vec<Arc<str>> = it
        .namespace(ns)
        .map(|space| space.iter().map(|(name, _)| Arc::clone(name)).collect())
        .unwrap_or_default();
    let given: Vec<String> = it.given_variables(&start);
    for variable in &given {
        let Some(rest) = variable.strip_prefix(&start) else { continue };
        let mut path = rest.split("__");
        let name = path.next().unwrap_or_default().to_uppercase();
        let keys: Vec<&str> = path.collect();
        let val = it.environ(variable, at);
        for alt in val.alts {
            let pc = it.worlds.and(at.pc, alt.guard);
            let here = At { pc, ..at };
            if let (Leaf::Str(text), false) = (&alt.leaf, it.worlds.impossible(pc)) {
                let span = alt.span.unwrap_or(at.span);
                let (val, merge) = dynaconf_values::parse(it, text, At { span, ..here });
                store(it, ns, &name, &keys, &val, merge, here);
            }
        }
    }
    if it.is_closed() {
        return;
    }
    // Whoever deploys can override any setting, those that the project leaves to Django, too.
    let left = JUDGED.iter().filter(|name| known.iter().all(|known| **known != ***name));
    let left: Vec<Arc<str>> = left.map(|name| Arc::from(*name)).collect();
    for name in known.into_iter().chain(left) {
        let setting = name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase);
        let variable: Arc<str> = Arc::from(format!("{start}{name}"));
        if !setting || given.iter().any(|known| **known == *variable) {
            continue;
        }
        let dict = it
            .namespace(ns)
            .and_then(|space| space.find(&name))
            .is_some_and(|bound| bound.val.alts.iter().any(|alt| is_dict(it, &alt.leaf)));
        overridable(it, ns, &name, variable, at);
        if dict {
            // A part of it, by a longer name.
            let part: Arc<str> = Arc::from(format!("{start}{name}__*"));
            overridable(it, ns, &name, part, at);
        }
    }
}

fn is_dict(it: &Interp<'_>, leaf: &Leaf) -> bool {
    matches!(leaf, Leaf::Ref(id) if matches!(it.object(*id), Some(Object::Dict(_))))
}

/// Where the variable is set, it decides.
fn overridable(it: &mut Interp<'_>, ns: NsId, name: &str, variable: Arc<str>, at: At) {
    let set = it.worlds.atom(Atom::EnvSet(Arc::clone(&variable)));
    let root = Root::Env(variable);
    let ops = vec![Arc::from("dynaconf")];
    let val = it.symbol(Sym { root, ops, ty: Type::Any, span: Some(at.span) }, at);
    let pc = it.worlds.and(at.pc, set);
    it.bind_in(ns, name, val, At { pc, ..at });
}
