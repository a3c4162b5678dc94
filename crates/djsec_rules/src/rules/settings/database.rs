//! What the rules on `DATABASES` ask.

use djsec_django::settings::{Cond, SettingRef};
use djsec_python::value::Data;

use crate::network::{Reach, reach};

/// How a database engine is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// PostgreSQL, over libpq.
    Postgres,
    /// MySQL or MariaDB.
    MySql,
    /// Another server.
    Server,
    /// A file.
    File,
}

/// What an engine is; `None` for one that djsec does not know.
fn kind(engine: &str) -> Option<Kind> {
    Some(match engine {
        "django.db.backends.postgresql"
        | "django.db.backends.postgresql_psycopg2"
        | "django.contrib.gis.db.backends.postgis"
        | "django_prometheus.db.backends.postgresql"
        | "django_prometheus.db.backends.postgis"
        | "django_tenants.postgresql_backend"
        | "psqlextra.backend"
        | "dj_db_conn_pool.backends.postgresql"
        | "django_db_geventpool.backends.postgresql_psycopg2" => Kind::Postgres,
        "django.db.backends.mysql"
        | "django.contrib.gis.db.backends.mysql"
        | "django_prometheus.db.backends.mysql"
        | "mysql.connector.django"
        | "dj_db_conn_pool.backends.mysql" => Kind::MySql,
        "django.db.backends.oracle" | "django.contrib.gis.db.backends.oracle" | "mssql" => {
            Kind::Server
        }
        "django.db.backends.sqlite3" | "django.contrib.gis.db.backends.spatialite" => Kind::File,
        _ => return None,
    })
}

/// In which worlds the engine is one of these kinds; unknown engines never are.
pub(super) fn kind_is<'a>(db: &SettingRef<'a>, test: impl Fn(Kind) -> bool) -> Cond<'a> {
    db.entry("ENGINE").is_raw(|data| match data {
        Data::Sym(_) => Some(false),
        data => Some(data.as_str().and_then(kind).is_some_and(&test)),
    })
}

/// In which worlds the host is written down and not this machine.
pub(super) fn remote<'a>(db: &SettingRef<'a>) -> Cond<'a> {
    db.entry("HOST").is_raw(|data| match data {
        Data::Str(host) => Some(reach(host) != Reach::Local),
        _ => Some(false),
    })
}

/// In which worlds the host is written down and public.
pub(super) fn public<'a>(db: &SettingRef<'a>) -> Cond<'a> {
    db.entry("HOST").is_raw(|data| match data {
        Data::Str(host) => Some(reach(host) == Reach::Public),
        _ => Some(false),
    })
}
