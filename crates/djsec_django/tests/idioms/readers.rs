//! Holds the models of readers of environment variables against `vectors/readers.jsonl`: what the
//! real packages made of each text.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;

use crate::fit::{Fit, World};
use crate::project::{Case, Project, Recorded};
use crate::python::Py;

/// The variable of the recordings, and the setting of the projects here.
const NAME: &str = "DJSEC_VALUE";

/// The settings that a project would have for each reader of `tools/record/readers.py`.
const SOURCES: [(&str, &str); 42] = [
    ("bool/os.environ.get truth", "import os\nX = bool(os.environ.get(NAME, False))"),
    (
        "bool/bool(os.environ.get(default 'False'))",
        "import os\nX = bool(os.environ.get(NAME, 'False'))",
    ),
    ("bool/in os.environ", "import os\nX = NAME in os.environ"),
    ("bool/lower() == 'true'", "import os\nX = os.environ.get(NAME, '').lower() == 'true'"),
    (
        "bool/helper true/1",
        "import os\ndef flag():\n    return os.environ[NAME].lower() in ('true', '1') if NAME in os.environ else False\nX = flag()",
    ),
    (
        "bool/django-environ bool default",
        "import environ\nX = environ.Env().bool(NAME, default=False)",
    ),
    ("bool/django-environ bool required", "import environ\nX = environ.Env().bool(NAME)"),
    ("bool/django-environ default False", "import environ\nX = environ.Env()(NAME, default=False)"),
    ("bool/django-environ no cast", "import environ\nX = environ.Env()(NAME)"),
    (
        "bool/python-decouple bool default",
        "import decouple\nX = decouple.config(NAME, default=False, cast=bool)",
    ),
    ("bool/python-decouple bool required", "import decouple\nX = decouple.config(NAME, cast=bool)"),
    ("bool/environs bool default", "import environs\nX = environs.Env().bool(NAME, default=False)"),
    ("bool/environs bool required", "import environs\nX = environs.Env().bool(NAME)"),
    (
        "bool/django-configurations BooleanValue",
        "from configurations import Configuration, values\nclass Prod(Configuration):\n    X = values.BooleanValue(False, environ_prefix=None)",
    ),
    ("bool/dynaconf", DYNACONF),
    (
        "bool/pydantic bool default",
        "from pydantic_settings import BaseSettings\nclass Flag(BaseSettings):\n    djsec_value: bool = False\nX = Flag().djsec_value",
    ),
    (
        "bool/pydantic bool required",
        "from pydantic_settings import BaseSettings\nclass Flag(BaseSettings):\n    djsec_value: bool\nX = Flag().djsec_value",
    ),
    (
        "bool/everett bool default",
        "from everett.manager import ConfigManager, ConfigOSEnv\nconfig = ConfigManager([ConfigOSEnv()])\nX = config(NAME, default='false', parser=bool)",
    ),
    (
        "bool/everett bool required",
        "from everett.manager import ConfigManager, ConfigOSEnv\nconfig = ConfigManager([ConfigOSEnv()])\nX = config(NAME, parser=bool)",
    ),
    (
        "bool/prettyconf boolean default",
        "from prettyconf import config\nX = config(NAME, default=False, cast=config.boolean)",
    ),
    (
        "bool/prettyconf boolean required",
        "from prettyconf import config\nX = config(NAME, cast=config.boolean)",
    ),
    ("list/split(',')", "import os\nX = os.environ.get(NAME, 'default').split(',')"),
    ("list/split()", "import os\nX = os.environ.get(NAME, 'default').split()"),
    (
        "list/django-environ list",
        "import environ\nX = environ.Env().list(NAME, default=['default'])",
    ),
    (
        "list/django-environ tuple",
        "import environ\nX = environ.Env().tuple(NAME, default=('default',))",
    ),
    (
        "list/python-decouple Csv",
        "import decouple\nX = decouple.config(NAME, default='default', cast=decouple.Csv())",
    ),
    ("list/environs list", "import environs\nX = environs.Env().list(NAME, default=['default'])"),
    (
        "list/django-configurations ListValue",
        "from configurations import Configuration, values\nclass Prod(Configuration):\n    X = values.ListValue(['default'], environ_prefix=None)",
    ),
    (
        "list/pydantic list[str]",
        "from pydantic_settings import BaseSettings\nclass Names(BaseSettings):\n    djsec_value: list[str] = ['default']\nX = Names().djsec_value",
    ),
    (
        "list/prettyconf list",
        "from prettyconf import config\nX = config(NAME, default=['default'], cast=config.list)",
    ),
    ("list/dynaconf", DYNACONF),
    ("int/int(os.environ.get)", "import os\nX = int(os.environ.get(NAME, '5'))"),
    ("int/django-environ int", "import environ\nX = environ.Env().int(NAME, default=5)"),
    ("int/python-decouple int", "import decouple\nX = decouple.config(NAME, default=5, cast=int)"),
    ("int/environs int", "import environs\nX = environs.Env().int(NAME, default=5)"),
    (
        "int/django-configurations IntegerValue",
        "from configurations import Configuration, values\nclass Prod(Configuration):\n    X = values.IntegerValue(5, environ_prefix=None)",
    ),
    (
        "int/pydantic int",
        "from pydantic_settings import BaseSettings\nclass Number(BaseSettings):\n    djsec_value: int = 5\nX = Number().djsec_value",
    ),
    (
        "int/everett int",
        "from everett.manager import ConfigManager, ConfigOSEnv\nconfig = ConfigManager([ConfigOSEnv()])\nX = config(NAME, default='5', parser=int)",
    ),
    ("int/dynaconf", DYNACONF),
    (
        "database/dj_database_url.config",
        "import dj_database_url\nX = dj_database_url.config(env=NAME, default='sqlite://:memory:')",
    ),
    (
        "database/django-environ db",
        "import environ\nX = environ.Env().db(NAME, default='sqlite://:memory:')",
    ),
    (
        "database/environs dj_db_url",
        "import environs\nX = environs.Env().dj_db_url(NAME, default='sqlite://:memory:')",
    ),
];

/// How Django's settings use dynaconf, which drops the prefix of the variable's name.
const DYNACONF: &str = "import dynaconf\nVALUE = 'default'\nsettings = dynaconf.DjangoDynaconf(__name__, envvar_prefix='DJSEC')";

/// One line of the recordings.
struct Vector {
    reader: String,
    input: Option<String>,
    recorded: Result<Py, String>,
}

fn vectors() -> (String, Vec<Vector>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/readers.jsonl");
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
    let head = lines.next().unwrap();
    let requirements: Vec<String> = head["packages"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, version)| format!("{name}=={}", version.as_str().unwrap()))
        .collect();
    let read = |json: Json| Vector {
        reader: format!("{}/{}", json["kind"].as_str().unwrap(), json["reader"].as_str().unwrap()),
        input: json["input"].as_str().map(str::to_owned),
        recorded: match json.get("error") {
            Some(class) => Err(class.as_str().unwrap().to_owned()),
            None => Ok(Py::read(&json["value"])),
        },
    };
    (requirements.join("\n"), lines.map(read).collect())
}

#[test]
fn every_reader_answers_as_the_real_package_did() {
    let thread = std::thread::Builder::new().stack_size(256 << 20);
    let problems = thread.spawn(differences).unwrap().join().unwrap();
    assert!(problems.is_empty(), "{} differences:\n{}", problems.len(), problems.join("\n"));
}

fn differences() -> Vec<String> {
    let (requirements, vectors) = vectors();
    let projects: BTreeMap<&str, Project> = SOURCES
        .iter()
        .map(|(reader, source)| {
            let source = source.replace("NAME", "'DJSEC_VALUE'").replace("X =", "DJSEC_VALUE =");
            (*reader, Project::of_one_file(reader, &source, &requirements))
        })
        .collect();
    let mut out = Vec::new();
    for vector in vectors {
        let Some(project) = projects.get(vector.reader.as_str()) else {
            out.push(format!("{} is not among the sources here", vector.reader));
            continue;
        };
        if let Some(problem) = difference(project, &vector) {
            let text = vector.input.as_deref().unwrap_or("<unset>");
            out.push(format!("{} of {text:?}: {problem}", vector.reader));
        }
    }
    out
}

/// How djsec's answer differs from the recorded one, if it does.
fn difference(project: &Project, vector: &Vector) -> Option<String> {
    let configuration = vector.reader.contains("configurations").then_some("Prod");
    let recorded = Recorded::Settings(vec![]);
    let case = Case::of_one_variable(NAME, vector.input.as_deref(), recorded, configuration);
    let Some(settings) = project.evaluate(&case, true) else {
        return Some("the settings were not found".to_owned());
    };
    let world = World::new(&settings, &case.env);
    let fails = world.failure();
    let kinds: Vec<&str> = fails.reached.iter().map(|(kind, _)| kind.as_str()).collect();
    let name = if vector.reader.contains("dynaconf") { "VALUE" } else { NAME };
    match &vector.recorded {
        Err(class) if fails.surely && kinds.contains(&class.as_str()) => None,
        Err(class) if fails.surely => Some(format!("raises {kinds:?}, not {class}")),
        Err(class) => {
            Some(format!("{class} is missed: {}", world.show(settings.get(name).value())))
        }
        Ok(_) if !kinds.is_empty() => Some(format!("raises {kinds:?}")),
        Ok(py) => {
            let setting = settings.get(name);
            let got = || world.show(setting.value());
            match world.value(setting.value(), py) {
                Fit::Exact => None,
                Fit::Maybe => Some(format!("{py:?}, not known: {}", got())),
                Fit::No => Some(format!("{py:?}, not {}", got())),
            }
        }
    }
}
