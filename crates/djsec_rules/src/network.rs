//! Where a service is: on this machine, in the same private network, or somewhere on the way.

/// What lies between the application and a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The same machine: a socket, or a loopback address.
    Local,
    /// A private network: a container's neighbour, a private address, an internal name.
    Private,
    /// A public name or address.
    Public,
}

/// How far away a host is. An empty host means the default of most clients: this machine.
pub(crate) fn reach(host: &str) -> Reach {
    let host = host.trim().trim_matches(['[', ']']).to_ascii_lowercase();
    if host.is_empty() || host.starts_with('/') || host == "localhost" || host == "::1" {
        return Reach::Local;
    }
    if let Ok(address) = host.parse::<std::net::Ipv4Addr>() {
        return if address.is_loopback() || address.is_unspecified() {
            Reach::Local
        } else if address.is_private() || address.is_link_local() {
            Reach::Private
        } else {
            Reach::Public
        };
    }
    if let Ok(address) = host.parse::<std::net::Ipv6Addr>() {
        let private = address.is_unique_local() || address.is_unicast_link_local();
        return if private { Reach::Private } else { Reach::Public };
    }
    if host.ends_with(".localhost") {
        return Reach::Local;
    }
    let internal = [".internal", ".local", ".lan", ".intranet", ".svc", ".corp", ".home.arpa"];
    if !host.contains('.') || internal.iter().any(|end| host.ends_with(end)) {
        return Reach::Private;
    }
    Reach::Public
}

/// The parts of a service's URL that say how it is protected.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Url<'a> {
    /// `redis`, `rediss`, `amqp`, …
    pub(crate) scheme: &'a str,
    /// The password, percent-encoded as it stands.
    pub(crate) password: &'a str,
    /// The host; several are joined by commas.
    pub(crate) host: &'a str,
}

/// Splits a URL; `None` for what has no scheme and host.
pub(crate) fn url(text: &str) -> Option<Url<'_>> {
    let (scheme, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let (login, place) = authority.rsplit_once('@').unwrap_or(("", authority));
    let password = login.split_once(':').map_or("", |(_, password)| password);
    Some(Url { scheme, password, host: without_port(place) })
}

/// The host that an address in a page names, behind `https://` or `//`.
pub(crate) fn host_of(address: &str) -> &str {
    let rest = address.split_once("//").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?', '#', ':']).next().unwrap_or(rest)
}

/// Whether a host is this domain, or one below it.
pub(crate) fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// A host without its port.
pub(crate) fn without_port(place: &str) -> &str {
    if let Some(end) = place.find(']') {
        return place.get(..=end).unwrap_or(place);
    }
    match place.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') && port.bytes().all(|b| b.is_ascii_digit()) => {
            host
        }
        _ => place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_local_private_or_public() {
        for host in ["", "localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]", "/run/postgresql"] {
            assert_eq!(reach(host), Reach::Local, "{host}");
        }
        for host in ["db", "redis", "10.0.0.5", "192.168.1.2", "pg.internal", "r.ns.svc", "fd00::1"]
        {
            assert_eq!(reach(host), Reach::Private, "{host}");
        }
        for host in ["db.example.com", "8.8.8.8", "2001:db8::1", "x.rds.amazonaws.com"] {
            assert_eq!(reach(host), Reach::Public, "{host}");
        }
    }

    #[test]
    fn urls_give_scheme_password_and_host() {
        let of = |text| url(text).map(|url| (url.scheme, url.password, url.host));
        assert_eq!(of("redis://r.example.com:6379/0"), Some(("redis", "", "r.example.com")));
        assert_eq!(of("rediss://:pw@r.example.com/1"), Some(("rediss", "pw", "r.example.com")));
        assert_eq!(of("amqp://u:p%40@[::1]:5672//"), Some(("amqp", "p%40", "[::1]")));
        assert_eq!(of("redis://"), Some(("redis", "", "")));
        assert_eq!(of("/run/redis.sock"), None);
    }
}
