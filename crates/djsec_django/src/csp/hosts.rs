//! Hosts of which it is known who may put a script there.

/// Anybody can publish a file there.
const ANYBODY: [&str; 24] = [
    "amazonaws.com",
    "azureedge.net",
    "azurewebsites.net",
    "blob.core.windows.net",
    "cdn.jsdelivr.net",
    "cdnjs.cloudflare.com",
    "cloudfront.net",
    "digitaloceanspaces.com",
    "esm.sh",
    "firebaseapp.com",
    "github.io",
    "gitlab.io",
    "herokuapp.com",
    "netlify.app",
    "pages.dev",
    "r2.dev",
    "raw.githubusercontent.com",
    "rawgit.com",
    "s3.amazonaws.com",
    "storage.googleapis.com",
    "unpkg.com",
    "vercel.app",
    "web.app",
    "workers.dev",
];

/// These answer with a script that the address decides (JSONP), or hold libraries that do.
const GADGETS: [&str; 7] = [
    "accounts.google.com",
    "ajax.googleapis.com",
    "api.twitter.com",
    "googleapis.com",
    "www.google.com",
    "www.googleapis.com",
    "www.youtube.com",
];

/// Why a host is no good source of scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    /// Anybody can publish a file there.
    Public,
    /// It answers with scripts that the address decides.
    Gadgets,
}

/// Why this host, in lower case and without `*.`, is no good source of scripts; with `wildcard`, all hosts
/// under the name are meant.
pub fn weakness(name: &str, wildcard: bool) -> Option<Weakness> {
    // `*.cloudfront.net` is everybody's, `d111.cloudfront.net` is one customer's.
    let covers = |known: &&str| -> bool {
        name == *known
            || (wildcard && known.strip_suffix(name).is_some_and(|rest| rest.ends_with('.')))
    };
    if ANYBODY.iter().any(covers) {
        return Some(Weakness::Public);
    }
    GADGETS.iter().any(covers).then_some(Weakness::Gadgets)
}
