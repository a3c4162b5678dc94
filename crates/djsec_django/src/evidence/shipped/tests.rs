use djsec_base::Utf8Path;

use super::*;
use crate::evidence::tests::{speakers, tree};

fn only(dockerfile: &str) -> ShippedImage {
    let files = tree(&[("Dockerfile", dockerfile), ("manage.py", "")]);
    shipped_images(&files, &speakers(&files, Utf8Path::new(""))).remove(0)
}

fn packages(image: &ShippedImage) -> Vec<(&str, Option<&str>)> {
    image.packages.iter().map(|it| (&*it.name, it.pin.as_deref())).collect()
}

#[test]
fn what_the_shipped_stages_install_is_read_in_order() {
    let image = only(
        "ARG SUITE=bookworm\nFROM python:3.12-${SUITE} AS base\n\
         RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y \\\n    libpq5 gdal-bin=3.6.2+dfsg-1\n\
         FROM base AS build\nRUN apt-get install -y gcc\n\
         FROM base\nRUN [\"apt\", \"install\", \"-qq\", \"curl\"]\n",
    );
    assert_eq!(image.base.as_ref().map(|(name, _)| &**name), Some("python:3.12-bookworm"));
    assert_eq!(
        packages(&image),
        [("libpq5", None), ("gdal-bin", Some("3.6.2+dfsg-1")), ("curl", None)]
    );
    assert!(!image.mixed);
}

#[test]
fn options_and_names_of_groups_are_no_packages() {
    let image = only(
        "FROM alpine:3.18\nRUN apk add --no-cache --virtual .build gcc 'gdal>3.5' geos~=3.11\n",
    );
    assert_eq!(packages(&image), [("gcc", None), ("gdal", None), ("geos", Some("3.11"))]);
}

#[test]
fn sources_of_other_releases_are_noticed() {
    for run in [
        "apt-get install -t bookworm-backports gdal-bin",
        "add-apt-repository -y ppa:ubuntugis/ppa",
        "sed -i s/bookworm/trixie/ /etc/apt/sources.list.d/debian.sources",
        "apk add --repository=https://dl-cdn.alpinelinux.org/alpine/edge/main gdal",
    ] {
        assert!(only(&format!("FROM debian:bookworm\nRUN {run}\n")).mixed, "{run}");
    }
    assert!(!only("FROM debian:bookworm\nRUN apt-get install -y gdal-bin\n").mixed);
}
