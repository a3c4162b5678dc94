//! Which GDAL images come with: what users send as places on a map is given to it.

/// The GDAL that the release of a distribution has, as `major.minor`; Debian's and Ubuntu's package
/// indexes say it.
const RELEASES: [(&str, &str, &str, (u32, u32)); 9] = [
    ("debian", "9", "stretch", (2, 1)),
    ("debian", "10", "buster", (2, 4)),
    ("debian", "11", "bullseye", (3, 2)),
    ("debian", "12", "bookworm", (3, 6)),
    ("debian", "13", "trixie", (3, 10)),
    ("ubuntu", "18.04", "bionic", (2, 2)),
    ("ubuntu", "20.04", "focal", (3, 0)),
    ("ubuntu", "22.04", "jammy", (3, 4)),
    ("ubuntu", "24.04", "noble", (3, 8)),
];

/// The GDAL that comes with an image or is packaged for it, as `(major, minor)`, as far as its name says:
/// `python:3.12-slim-bookworm`, `ubuntu:22.04`, `ghcr.io/osgeo/gdal:ubuntu-small-3.8.5`. Nothing for tags
/// that move from release to release.
pub fn of_image(image: &str) -> Option<(u32, u32)> {
    let (path, tag) = image.split('@').next()?.rsplit_once(':')?;
    let name = path.rsplit('/').next()?;
    let parts: Vec<&str> = tag.split(['-', '_']).collect();
    if name == "gdal" {
        return version(parts.last()?);
    }
    let known = |(distribution, number, code, gdal): &(&str, &str, &str, (u32, u32))| {
        let numbered = name == *distribution
            && parts.first().is_some_and(|part| {
                part == number
                    || part.strip_prefix(number).is_some_and(|more| more.starts_with('.'))
            });
        (numbered || parts.contains(code)).then_some(*gdal)
    };
    RELEASES.iter().find_map(known)
}

/// The beginning of a version: `(3, 6)` of `3.6.2+dfsg-1`, `1:3.6.2` and `v3.6`.
pub fn version(text: &str) -> Option<(u32, u32)> {
    let text = text.rsplit_once(':').map_or(text, |(_, after)| after);
    let mut parts = text.trim_start_matches('v').split(|c: char| !c.is_ascii_digit());
    let mut number = || parts.next()?.parse().ok();
    Some((number()?, number()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_image_says_which_gdal_it_has() {
        for (image, gdal) in [
            ("python:3.12-slim-bookworm", Some((3, 6))),
            ("docker.io/library/python:3.13-trixie", Some((3, 10))),
            ("debian:12.5-slim", Some((3, 6))),
            ("ubuntu:22.04", Some((3, 4))),
            ("ubuntu:noble-20240605", Some((3, 8))),
            ("ghcr.io/osgeo/gdal:ubuntu-small-3.8.5", Some((3, 8))),
            ("ghcr.io/osgeo/gdal:alpine-normal-latest", None),
            ("python:3.12-slim", None),
            ("python", None),
            ("registry:5000/python", None),
            ("python:3.12-alpine3.19", None),
            ("debian:1", None),
        ] {
            assert_eq!(of_image(image), gdal, "{image}");
        }
    }

    #[test]
    fn versions_are_read_as_distributions_write_them() {
        for (text, read) in [
            ("3.6.2+dfsg-1+b2", Some((3, 6))),
            ("1:3.10.3", Some((3, 10))),
            ("3.4.*", Some((3, 4))),
            ("3.8.5-r0", Some((3, 8))),
            ("3", None),
            ("*", None),
        ] {
            assert_eq!(version(text), read, "{text}");
        }
    }
}
