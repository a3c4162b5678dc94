use std::sync::Arc;

use djsec_base::{File, Role};

use super::*;

/// The shown form of a whole file.
fn shown(kind: FileKind, text: &str, about_secrets: bool) -> String {
    let file = File::new("f".into(), kind, Role::Application, Some(Arc::from(text)));
    let files = Files::new(vec![file]);
    let ranges = Secrets::default().within(&files, FileId(0), 0..text.len(), about_secrets);
    let mut out = text.to_owned();
    for range in ranges.into_iter().rev() {
        let hidden = redact(out.get(range.clone()).unwrap());
        out.replace_range(range, &hidden);
    }
    out
}

#[track_caller]
fn check(kind: FileKind, text: &str, expected: &str) {
    assert_eq!(shown(kind, text, false), expected);
}

#[test]
fn a_secret_keeps_a_few_characters_and_its_length() {
    assert_eq!(redact("abcdefghijklmnopqrstuvwxyz"), "abcd… (26 characters)");
    assert_eq!(redact("hunter2-hunter"), "hu… (14 characters)");
    assert_eq!(redact("hunter2"), "… (7 characters)");
    assert_eq!(redact(""), "… (0 characters)");
    assert_eq!(redact("ключключключключ"), "ключ… (16 characters)");
    assert_eq!(redact("django-insecure-abcdef"), "django-insecure-… (22 characters)");
}

#[test]
fn python_strings_under_secret_names_are_hidden() {
    let check = |text, expected| check(FileKind::Python, text, expected);
    check("SECRET_KEY = 'abc'", "SECRET_KEY = '… (3 characters)'");
    check("SECRET_KEY: str = b'abcdefgh'", "SECRET_KEY: str = b'ab… (8 characters)'");
    check(
        "DB = {'default': {'USER': 'shop', 'PASSWORD': 'hunter2', 'HOST': 'db'}}",
        "DB = {'default': {'USER': 'shop', 'PASSWORD': '… (7 characters)', 'HOST': 'db'}}",
    );
    check(
        "connect(user='someone-with-a-long-name', password='hunter2')",
        "connect(user='someone-with-a-long-name', password='… (7 characters)')",
    );
    check("D['default']['PASSWORD'] = 'x'", "D['default']['PASSWORD'] = '… (1 character)'");
    check(
        "SECRET_KEY = os.environ.get('DJANGO_SECRET_KEY', 'change-me')",
        "SECRET_KEY = os.environ.get('DJANGO_SECRET_KEY', 'ch… (9 characters)')",
    );
    check(
        "API_KEYS = [\n  'aaaabbbbccccdddd',  # 'it''s\n  'short']",
        "API_KEYS = [\n  'aaaa… (16 characters)',  # 'it''s\n  'short']",
    );
    check("SIGNING_KEY = '''-----BEGIN\nabc\n'''", "SIGNING_KEY = '''--… (15 characters)'''");
}

#[test]
fn python_strings_that_are_no_secrets_stay_readable() {
    for text in [
        "PASSWORD_HASHERS = ['django.contrib.auth.hashers.MD5PasswordHasher']",
        "DEBUG = True  # SECRET_KEY = 'abcdefghijklmnopqrs'",
        "TITLE = 'a long text that nobody hides'",
        "SECRET_KEY = env('DJANGO_SECRET_KEY')",
        "SECRET_KEY = getattr(configuration, 'SECRET_KEY')",
        "REDIS_PASSWORD = REDIS['caching-and-more'].get('PASSWORD', '')",
        "SECRET_KEY = os.environ[\"SECRET_KEY\"]\nTITLE = 'not a secret at all'",
        "if SECRET_KEY == other: NAME = 'not a secret at all'",
        "KEYCLOAK_URL = 'https://sso.example.com/realms/shop'",
        "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}",
    ] {
        check(FileKind::Python, text, text);
    }
}

#[test]
fn rules_about_secrets_hide_every_long_string_nearby() {
    let text = "KEYS = make('correct-horse-battery', 'ENGINE')";
    assert_eq!(
        shown(FileKind::Python, text, true),
        "KEYS = make('corr… (21 characters)', 'ENGINE')"
    );
}

#[test]
fn patterns_of_addresses_are_no_secrets() {
    let text = "path('accounts/<int:pk>/', view), path('letmein-please', view)";
    let left = "path('accounts/<int:pk>/', view), path('le… (14 characters)', view)";
    assert_eq!(shown(FileKind::Python, text, true), left);
    let named = "PASSWORD = 'accounts/open/'";
    assert_eq!(shown(FileKind::Python, named, false), "PASSWORD = 'ac… (14 characters)'");
}

#[test]
fn passwords_in_addresses_are_hidden_everywhere() {
    check(
        FileKind::Python,
        "DSN = 'postgres://shop:hunter2@db/shop'",
        "DSN = 'postgres://shop:… (7 characters)@db/shop'",
    );
    check(FileKind::Other, "redis://:pw@cache:6379", "redis://:… (2 characters)@cache:6379");
    check(FileKind::Shell, "curl https://u:${TOKEN}@host", "curl https://u:${TOKEN}@host");
    assert_eq!(mask_addresses("x amqp://a:b@c y"), "x amqp://a:… (1 character)@c y");
}

#[test]
fn values_in_configuration_files_are_hidden_by_their_names() {
    check(
        FileKind::DotEnv,
        "DJANGO_SECRET_KEY=abcdefgh\nDEBUG=1\n",
        "DJANGO_SECRET_KEY=ab… (8 characters)\nDEBUG=1\n",
    );
    check(
        FileKind::Compose,
        "  POSTGRES_PASSWORD: hunter2\n  PASSWORD: ${PASSWORD}\n",
        "  POSTGRES_PASSWORD: … (7 characters)\n  PASSWORD: ${PASSWORD}\n",
    );
    check(
        FileKind::Compose,
        "  KEY: \"${SECRET_KEY:-abcdefgh}\"\n  image: some/valkey:9.1-a-long-enough-tag\n",
        "  KEY: \"${SECRET_KEY:-ab… (8 characters)}\"\n  image: some/valkey:9.1-a-long-enough-tag\n",
    );
    check(
        FileKind::Json,
        "{\"password\": \"hunter2\", \"keys\": \"short\"}",
        "{\"password\": \"… (7 characters)\", \"keys\": \"short\"}",
    );
    check(
        FileKind::Yaml,
        "- name: SECRET_KEY\n  value: abcdefgh\n- name: HOST\n  value: shop.internal\n",
        "- name: SECRET_KEY\n  value: ab… (8 characters)\n- name: HOST\n  value: shop.internal\n",
    );
    check(
        FileKind::Json,
        "{\"name\": \"DB_PASSWORD\", \"value\": \"hunter2\"}",
        "{\"name\": \"DB_PASSWORD\", \"value\": \"… (7 characters)\"}",
    );
    check(
        FileKind::Dockerfile,
        "ENV A=b SECRET_KEY='x y'",
        "ENV A=b SECRET_KEY='… (3 characters)'",
    );
}

#[test]
fn hostile_python_is_scanned_to_its_end() {
    let deep = format!("SECRET_KEY = {}'abcdefgh'", "[".repeat(100_000));
    let hidden = shown(FileKind::Python, &deep, false);
    assert!(hidden.ends_with("'ab… (8 characters)'"));
    for text in ["SECRET_KEY = '", "SECRET_KEY = '''abc", "SECRET_KEY = 'a\\", "]]]}'ä", "ä='é\\é"]
    {
        shown(FileKind::Python, text, true);
    }
}

#[test]
fn evidence_hides_what_it_assigns_and_redacts_nothing_twice() {
    assert_eq!(
        mask_evidence("ENV SECRET_KEY=abcdefgh A=b"),
        "ENV SECRET_KEY=ab… (8 characters) A=b"
    );
    for text in [
        "ENV DJANGO_SETTINGS_MODULE=shop.settings.production",
        "SECRET_KEY=ab… (8 characters)",
        "SECRET_KEY=${KEY}",
        "setdefault(\"DJANGO_SETTINGS_MODULE\", \"shop.settings\")",
    ] {
        assert_eq!(mask_evidence(text), text);
    }
}

#[test]
fn a_value_is_hidden_although_the_line_that_names_it_is_not_shown() {
    let text = "env:\n  - name: SECRET_KEY\n    value: abcdefgh\n";
    let file = File::new("web.yaml".into(), FileKind::Yaml, Role::Application, Some(text.into()));
    let files = Files::new(vec![file]);
    let id = files.find("web.yaml".into()).expect("the file is there");
    let at = text.find("abcdefgh").expect("the value is there");
    let line = window_around(text, at, at);
    let found = Secrets::default().within(&files, id, line, false);
    assert_eq!(found.first(), Some(&(at..at + 8)));
}
