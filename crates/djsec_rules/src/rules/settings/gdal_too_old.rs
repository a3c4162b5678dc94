use djsec_base::{Finding, Location, Span};
use djsec_django::evidence::{ShippedImage, shipped_images};
use djsec_django::gdal;

use crate::{Check, Cx, Findings, declare_rule};

/// The first version with which Django can keep GDAL from files and the network.
const SAFE: (u32, u32) = (3, 9);

/// The packages that bring the library.
const PACKAGES: [&str; 5] = ["gdal-bin", "libgdal-dev", "python3-gdal", "gdal", "gdal-dev"];

declare_rule! {
    /// ## What it does
    /// Finds `django.contrib.gis` on a GDAL older than 3.9: in the image that is shipped, or held there by the
    /// requirements.
    ///
    /// ## Why it matters
    /// GDAL opens what it is told to describe: a spatial reference or raster that a user sends can be the
    /// address of a file or of a server. From 3.9 on Django can forbid that; before, a form field for a
    /// place on the map may read files and call into your network.
    ///
    /// ## Flagged
    /// ```python settings.py
    /// INSTALLED_APPS = ["django.contrib.gis", "shop"]
    /// ```
    /// ```dockerfile Dockerfile
    /// FROM python:3.12-slim-bookworm
    /// RUN apt-get update && apt-get install -y gdal-bin  # finding
    /// CMD ["gunicorn", "shop.wsgi"]
    /// ```
    ///
    /// ## Not flagged
    /// A release that has a newer one, and images that are only for developers:
    /// ```python settings.py
    /// INSTALLED_APPS = ["django.contrib.gis", "shop"]
    /// ```
    /// ```dockerfile Dockerfile
    /// FROM python:3.12-slim-trixie
    /// RUN apt-get update && apt-get install -y gdal-bin
    /// CMD ["gunicorn", "shop.wsgi"]
    /// ```
    ///
    /// ## How to fix
    /// Build on a release that has GDAL 3.9 or newer: Debian 13 (trixie), Ubuntu 25.04, or an image of
    /// GDAL's own.
    ///
    /// ## Limits
    /// The version is known from the name of the image, a version that is asked for, or `GDAL` in the
    /// requirements. Tags that move from release to release (`python:3.12-slim`), other sources of packages
    /// and libraries built by hand say nothing.
    ///
    /// ## References
    /// - [Django: `gis.W001`](https://docs.djangoproject.com/en/stable/ref/checks/)
    RULE {
        id: "gdal-too-old",
        group: "settings",
        summary: "GeoDjango runs on a GDAL that cannot be kept from files and the network",
        severity: Low,
        cwe: [918],
        owasp: ["2025:A03"],
        checklist: ["no-ssrf"],
        django: ["gis.W001"],
        since: "next",
        checks: [Check::Settings(check)],
    }
}

fn check(cx: &Cx<'_>, out: &mut Findings) {
    if cx.has_app("django.contrib.gis").is_never() {
        return;
    }
    for image in shipped_images(cx.files, &cx.project.speakers) {
        if let Some((version, place, whence)) = of_image(&image) {
            report(version, place, &whence, out);
        }
    }
    // The binding has the version of the library that it is built for.
    let Some(binding) = cx.project.inventory.version_of("gdal").filter(|found| found.exact) else {
        return;
    };
    if let Some(version) = old(gdal::version(&binding.version.to_string())) {
        report(version, binding.source, "the requirements ask for it", out);
    }
}

/// The old GDAL of an image, where it comes in, and how that is known.
fn of_image(image: &ShippedImage) -> Option<((u32, u32), Span, String)> {
    let base = image.base.as_ref();
    let packaged = image.packages.iter().find(|package| PACKAGES.contains(&&*package.name));
    if let Some(package) = packaged {
        if let Some(pin) = &package.pin {
            let version = old(gdal::version(pin))?;
            return Some((version, package.place, format!("`{}` is held at it", package.name)));
        }
        let (base, _) = base.filter(|_| !image.mixed)?;
        let version = old(gdal::of_image(base))?;
        return Some((version, package.place, format!("it is what `{base}` packages")));
    }
    let (name, place) = base.filter(|(name, _)| brings_gdal(name))?;
    let version = old(gdal::of_image(name))?;
    Some((version, *place, "the image brings it".to_owned()))
}

fn old(version: Option<(u32, u32)>) -> Option<(u32, u32)> {
    version.filter(|version| *version < SAFE)
}

/// `ghcr.io/osgeo/gdal:ubuntu-small-3.8.5`
fn brings_gdal(image: &str) -> bool {
    image.split([':', '@']).next().and_then(|path| path.rsplit('/').next()) == Some("gdal")
}

fn report((major, minor): (u32, u32), place: Span, whence: &str, out: &mut Findings) {
    let message = format!(
        "GeoDjango runs on GDAL {major}.{minor}, which cannot be kept from files and the network: \
         {whence}"
    );
    out.report(Finding::new(&RULE.meta, Location::Span(place), "GDAL", message))
        .help("build on a release with GDAL 3.9 or newer, such as Debian 13 (trixie)")
        .done();
}
