//! The nightly report as a static site: `index.html` beside `report.json`, its other pages in `site/`. Needs no server, no
//! network and no script; everything on it is from `report.json` and `history.jsonl`, but for the pages of the benchmark programs,
//! which this program explores itself: their numbers are in `site/explorer/counts.json`.

mod chart;
mod number;
mod pages;

use crate::bench::Machine;
use crate::explorer::{self, Explored};
use crate::nightly::{baseline, history};
use anyhow::{Context as _, Result, anyhow, ensure};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value as View, context};
use number::Source;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The folder of all pages but the first.
pub const FOLDER: &str = "site";
/// The first page.
pub const INDEX: &str = "index.html";

const STYLE: &str = include_str!("templates/style.css");
const TEMPLATES: [(&str, &str); 14] = [
    ("base.html", include_str!("templates/base.html")),
    ("macros.html", include_str!("templates/macros.html")),
    ("index.html", include_str!("templates/index.html")),
    ("conformance.html", include_str!("templates/conformance.html")),
    ("script.html", include_str!("templates/script.html")),
    ("benchmarks.html", include_str!("templates/benchmarks.html")),
    ("history.html", include_str!("templates/history.html")),
    ("bombs.html", include_str!("templates/bombs.html")),
    ("findings.html", include_str!("templates/findings.html")),
    ("mutants.html", include_str!("templates/mutants.html")),
    ("operators.html", include_str!("templates/operators.html")),
    ("part.html", include_str!("templates/part.html")),
    ("explorer.html", include_str!("templates/explorer.html")),
    ("program.html", include_str!("templates/program.html")),
];

/// The pages that every page links to: title and path from the report's folder on.
const PAGES: [(&str, &str); 9] = [
    ("Verdict", INDEX),
    ("Conformance", "site/conformance.html"),
    ("Benchmarks", "site/benchmarks.html"),
    ("History", "site/history.html"),
    ("Bombs", "site/bombs.html"),
    ("Findings", "site/findings.html"),
    ("Mutants", "site/mutants.html"),
    ("Operators", "site/operators.html"),
    ("Explorer", "site/explorer/index.html"),
];
/// The numbers of the benchmark programs' pages, in the site's folder.
const COUNTS: &str = "explorer/counts.json";

/// A page before it is written.
struct Page {
    /// Where it goes, from the report's folder on.
    path: String,
    template: &'static str,
    title: String,
    /// The title of the page of [`PAGES`] that it is, or belongs to.
    section: &'static str,
    /// What numbers' keys go on from that do not begin with a slash.
    base: String,
    view: View,
}

/// What pages are made of.
struct Site<'a> {
    folder: &'a Path,
    source: Arc<Source>,
    programs: &'a [Explored],
    warnings: Vec<String>,
}

/// The benchmark programs; they are the same on every site that a process writes.
fn programs() -> Result<&'static [Explored]> {
    static PROGRAMS: OnceLock<Result<Vec<Explored>, String>> = OnceLock::new();
    let programs = PROGRAMS.get_or_init(|| explorer::all().map_err(|error| format!("{error:#}")));
    programs.as_deref().map_err(|error| anyhow!("cannot explore the programs: {error}"))
}

/// Writes the site of the report in `folder`, in place of one that is there; returns how many pages it has.
///
/// # Errors
///
/// If there is no report, if it or the history is of a newer version than this program's, or if pages cannot be written.
pub fn write(folder: &Path) -> Result<usize> {
    let file = folder.join("report.json");
    // Tells damaged reports and newer ones; pages are made of the JSON itself, so that what they show is what it says.
    baseline::read(&file)?;
    let report =
        serde_json::from_slice(&std::fs::read(&file)?).with_context(|| format!("cannot read {}", file.display()))?;
    let mut warnings = Vec::new();
    let history = serde_json::to_value(history::read(folder, &mut warnings)?)?;
    let programs = programs()?;
    let counts: BTreeMap<&str, _> = programs.iter().map(|program| (program.name.as_str(), &program.counts)).collect();
    let counts = json!({ "machine": Machine::this(), "programs": counts });
    let site = Site { folder, source: Arc::new(Source { report, history, counts }), programs, warnings };
    let environment = environment(&site)?;

    // A site that cannot be finished leaves the one before it.
    let unfinished = folder.join(".site.unfinished");
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished).with_context(|| format!("cannot remove {}", unfinished.display()))?;
    }
    let put = |path: PathBuf, text: &str| -> Result<()> {
        let parent = path.parent().context("a page has a folder")?;
        std::fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    };
    put(unfinished.join("style.css"), STYLE)?;
    put(unfinished.join(COUNTS), &serde_json::to_string_pretty(&site.source.counts)?)?;
    let (mut count, mut index) = (0, None);
    for page in pages::all(&site) {
        let text = render(&environment, &page, &site).with_context(|| format!("cannot render {}", page.path))?;
        match page.path.strip_prefix("site/") {
            Some(path) => put(unfinished.join(path), &text)?,
            None => index = Some(text),
        }
        count += 1;
    }
    remove(&folder.join(FOLDER))?;
    std::fs::rename(&unfinished, folder.join(FOLDER)).context("cannot put the site in its place")?;
    history::write_whole(&folder.join(INDEX), index.context("there is a first page")?.as_bytes())?;
    Ok(count)
}

/// Removes the site that is there, if it is one of this program's.
fn remove(folder: &Path) -> Result<()> {
    match std::fs::symlink_metadata(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).with_context(|| format!("cannot look at {}", folder.display())),
        Ok(data) => {
            let ours = data.is_dir() && folder.join("style.css").is_file();
            ensure!(ours, "{} is in the way: it is no site of this program's", folder.display());
            std::fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))
        }
    }
}

fn environment(site: &Site<'_>) -> Result<Environment<'static>> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_trim_blocks(true);
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    environment.add_filter("segment", |name: String| number::segment(&name));
    environment.add_filter("slug", |name: String| slug(&name));
    let source = Arc::clone(&site.source);
    let num = move |state: &minijinja::State<'_, '_>, key: String, unit: String| {
        let base = state.lookup("base");
        source.element(base.as_ref().and_then(View::as_str).unwrap_or_default(), &key, &unit)
    };
    environment.add_function("num", num);
    environment.add_global("report", View::from_serialize(&site.source.report));
    environment.add_global("nights", View::from_serialize(&site.source.history));
    environment.add_global("machine", View::from_serialize(&site.source.counts["machine"]));
    environment.add_global("counts", COUNTS);
    environment.add_global(
        "pages",
        View::from_serialize(PAGES.map(|(title, path)| BTreeMap::from([("title", title), ("path", path)]))),
    );
    environment.add_global("part_pages", View::from_serialize(part_pages(&site.source.report)));
    Ok(environment)
}

fn render(environment: &Environment<'_>, page: &Page, site: &Site<'_>) -> Result<String> {
    let root = "../".repeat(page.path.matches('/').count());
    let base = &page.base;
    let fixed = context! { root, base, title => page.title, section => page.section, warnings => warnings(site) };
    let text = environment.get_template(page.template)?.render(context! { ..fixed, ..page.view.clone() })?;
    Ok(text)
}

/// What was wrong with files from before: then, and now.
fn warnings(site: &Site<'_>) -> Vec<String> {
    let then = site.source.report["warnings"].as_array().into_iter().flatten().filter_map(Value::as_str);
    then.map(ToString::to_string).chain(site.warnings.iter().cloned()).collect()
}

/// The pages of parts, by the part's name.
fn part_pages(report: &Value) -> BTreeMap<String, String> {
    let parts = report["parts"].as_object().into_iter().flat_map(|parts| parts.keys().cloned());
    parts.map(|name| (name.clone(), format!("part-{}.html", slug(&name)))).collect()
}

/// A file's name that no other name has.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' || (byte == b'.' && !slug.is_empty()) {
            slug.push(char::from(byte));
        } else if byte == b'/' {
            slug.push('_');
        } else {
            write!(slug, "~{byte:02x}").expect("a string takes everything");
        }
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_stay_in_their_folder() {
        assert_eq!(slug("simd/simd_i8x16.wast"), "simd_simd~5fi8x16.wast");
        assert_eq!(slug("../x"), "~2e._x");
        assert_ne!(slug("a_b"), slug("a/b"));
    }
}
