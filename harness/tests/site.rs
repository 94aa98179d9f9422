//! The pages of the nightly report: their links lead somewhere, their numbers are the report's, and nothing in a report can
//! become markup. In a browser, if there is one.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const HOSTILE: &str = "<script>alert(1)</script> & \"quoted\" 'x'";

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

fn part(status: &str, reason: Option<&str>, data: Value) -> Value {
    json!({
        "title": "a part", "status": status, "reason": reason, "command": ["bench", HOSTILE], "processes": 3,
        "exit_code": 0, "output": HOSTILE, "given": 100.0, "seconds": 98.125, "started": 1_795_331_459,
        "resumed": false, "data": data,
    })
}

fn figure(part: &str, subject: &str, what: &str, unit: &str, [low, value, high]: [f64; 3]) -> Value {
    json!({
        "key": format!("{part}/{subject}/{what}"), "part": part, "subject": subject, "what": what, "unit": unit,
        "kind": "timed", "better": "lower", "value": value, "low": low, "high": high, "threshold": 0.05, "gates": true,
        "headline": subject == "all",
    })
}

fn with(mut value: Value, more: Value) -> Value {
    let fields = value.as_object_mut().expect("an object");
    fields.extend(more.as_object().expect("an object").clone());
    value
}

/// A night in which something of everything happened.
fn report() -> Value {
    let subject = json!({
        "commit": "0123456789abcdef0123", "title": HOSTILE, "committed": null, "dirty": true, "binary": "1", "lightbeam": "0.1.0",
    });
    let figures = [
        figure("execute", "fib", "over cranelift", "ratio", [1.1, 1.2, 1.3]),
        figure("execute", HOSTILE, "over cranelift", "ratio", [0.5, 0.625, 0.75]),
        figure("execute", "all", "over cranelift", "ratio", [0.8, 0.9, 1.0]),
        figure("execute", "fib", "time", "s", [0.000_120, 0.000_123, 0.000_125]),
        figure("mutants", "all", "killed share", "share", [0.5, 0.5, 0.5]),
    ];
    let change = |index: usize, state: &str, ratio: Option<f64>| {
        let more = json!({
            "before": 1.5, "before_low": 1.25, "before_high": 1.75, "ratio": ratio, "state": state,
            "regression": state == "slower", "reason": HOSTILE,
        });
        with(figures[index].clone(), more)
    };
    let finding = |reproducer: &str, flaky: bool| {
        json!({
            "signature": HOSTILE, "part": "diff", "operator": null, "located": null, "what": HOSTILE, "engine": "lightbeam",
            "oracle": "cranelift", "ours": HOSTILE, "theirs": "6", "blame": null, "votes": [HOSTILE], "origin": "seed 17",
            "count": 3, "reproducer": reproducer, "command": HOSTILE, "flaky": flaky, "new": !flaky,
        })
    };
    let failed = json!({"lightbeam": {"status": "failed", "reason": HOSTILE}});
    let assertion = json!({"line": 12, "column": 3, "kind": "assert_return", "what": HOSTILE, "not_passed": failed});
    let counts = json!({
        "passed": 1, "failed": 1, "expected_failures": 0, "unexpectedly_passing": 0, "skipped": 0, "blocked": 0, "crashed": 0,
        "timed_out": 0, "text_only": 0,
    });
    let file = "wasm-v1/a <b>.wast";
    let conform = json!({
        "version": 1, "suite": "0.7.5", "engines": ["lightbeam", "cranelift"], "absent": {}, "totals": {}, "skips": {},
        "stale": [],
        "files": [{
            "file": file, "proposal": "wasm-v1", "seconds": {"lightbeam": 0.5, "cranelift": 0.25},
            "assertions": [
                assertion,
                {"line": 14, "column": 1, "kind": "assert_trap"},
                {"line": 15, "column": 1, "kind": "module", "not_counted": ["cranelift"]},
            ],
        }],
    });
    let tally = |executed: u64| json!({"samples": 9, "executed": executed, "observed": 4});
    let median = |median: f64| json!({"low": median * 0.5, "median": median, "high": median * 2.0});
    let kernel = json!({
        "name": "i32.load8_s", "operator": "i32.load8_s", "code": {"bytes": 8.25, "instructions": 2.125}, "digest": "d",
        "nanoseconds": median(0.42), "ratio": median(3.5), "void": null,
    });
    let point = |size: f64| json!({"size": size, "bytes": 1000.0 * size, "seconds": 1e-5 * size * size, "peak": null});
    let curve = json!({"points": [point(1.0), point(2.0), point(4.0)], "exponent": 2.0, "ended": HOSTILE});
    let row = json!({
        "family": HOSTILE, "by_validation": null, "work_exponent": 1.01, "work_factor": 1.5, "curves": {"lightbeam": curve},
    });
    let trial = |killed: Value| json!({"generator": "mix", "seed": 1, "modules": 7, "seconds": 0.5, "killed": killed, "killer": null});
    let bug = |number: u32, killed: Value| {
        let bug = json!({"number": number, "name": "a-bug", "area": "Alu", "what": HOSTILE, "model": ""});
        json!({"bug": bug, "trials": [trial(killed)]})
    };
    let mutants = json!({
        "version": 1, "bugs": [bug(1, "call".into()), bug(2, Value::Null), bug(3, json!({"global": 2}))],
        "control": [trial(Value::Null)], "seconds": 30.0, "other_seconds": 6.0, "generators": ["mix"], "seeds": 1,
    });
    json!({
        "format": "lightbeam-nightly", "version": 1, "subject": subject, "started": 1_795_331_388_u64,
        "date": "2026-11-22T07:09:48Z", "seconds": 138.5, "settings": {"minutes": 1.5, "only": [], "seed": 1},
        "machine": {
            "cpu": HOSTILE, "lightbeam": "0.1.0", "wasmtime": "48", "v8": null, "native_compiler": "cc", "debug_build": false,
        },
        "features": null,
        "verdict": {"regressions": 1, "reasons": [HOSTILE], "missing": ["counted: valgrind is not installed"]},
        "baseline": {
            "file": "x", "reason": null, "subject": subject, "date": "2026-11-21T03:00:00Z", "same_program": false,
            "times": HOSTILE, "code": null,
        },
        "blame": [{"subject": "i32.mul", "fault": "slower-operator", "weight": 0.0512, "evidence": [HOSTILE]}],
        "changes": [change(0, "slower", Some(1.111)), change(3, "faster", Some(0.5)), change(2, "unsure", None)],
        "conformance_changes": [{
            "file": file, "line": 12, "column": 3, "kind": "assert_return", "engine": "lightbeam", "before": null,
            "after": {"status": "failed", "reason": HOSTILE}, "regression": true,
        }],
        "conformance": {
            "suite": "0.7.5", "engines": ["lightbeam", "cranelift"], "absent": {"winch": HOSTILE},
            "proposals": {"wasm-v1": {"lightbeam": counts}}, "files": {file: ["lightbeam", "cranelift"]},
            "not_passed": [with(json!({"file": file}), assertion.clone())], "stale": [HOSTILE],
        },
        "findings": [finding("findings/a b.wasm", false), finding("../outside.wasm", true)],
        "figures": figures,
        "parts": {
            "conform": part("done", None, conform),
            "diff": part("done", None, json!({"operators": {"I32Load8S": tally(5), "Nop": tally(6)}})),
            "counted": part("missing", Some("valgrind is not installed"), Value::Null),
            "operators": part("done", None, json!({
                "rows": [kernel], "programs": {"i32.load8_s": {"count": 12, "bytes": 100, "instructions": 30}}, "real": {},
            })),
            "execute": part("done", None, json!({})),
            "streaming": part("timed-out", Some(HOSTILE), Value::Null),
            "bombs": part("done", None, json!({"limit": 2.0, "rows": [row]})),
            "mutants": part("done", None, mutants),
        },
        "warnings": [HOSTILE],
    })
}

fn history() -> String {
    let night = |index: u64, figures: Value| {
        let line = json!({
            "version": 1, "started": index, "date": "2026-11-22T07:09:48Z", "subject": report()["subject"], "cpu": "",
            "minutes": 1.5, "regressions": index, "figures": figures,
        });
        format!("{line}\n")
    };
    let median = |median: f64| json!({"execute/all/over cranelift": {"median": median, "low": 0.5, "high": 1.5}});
    night(0, json!({})) + &night(1, median(0.875)) + &night(2, median(0.9))
}

/// Writes a night and its pages.
fn night(folder: &Path, report: &Value, history: &str) {
    fs::create_dir_all(folder.join("findings")).expect("a folder can be made");
    fs::write(folder.join("findings/a b.wasm"), "").expect("it can be written");
    fs::write(folder.join("findings/a b.wat"), "").expect("it can be written");
    let dossier = folder.join("findings/triage/a-1");
    fs::create_dir_all(&dossier).expect("a folder can be made");
    let origin = json!({"origin": folder.join("findings/a b.wasm")}).to_string();
    for (name, text) in [("dossier.json", origin.as_str()), ("case.wat", "(module)"), ("oracle.asm", "ret")] {
        fs::write(dossier.join(name), text).expect("it can be written");
    }
    fs::write(folder.join("report.json"), report.to_string()).expect("it can be written");
    fs::write(folder.join("history.jsonl"), history).expect("it can be written");
    let pages = lightbeam_harness::site::write(folder).expect("it has pages");
    assert_eq!(pages, self::pages(folder).len());
}

/// All pages of a night.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut pages = vec![folder.join("index.html")];
    for folder in [folder.join("site"), folder.join("site/conformance"), folder.join("site/explorer")] {
        let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("it can be read").path());
        pages.extend(entries.filter(|path| path.extension().is_some_and(|extension| extension == "html")));
    }
    pages.sort();
    pages
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn unescape(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x27;", "'");
    text.replace("&#x2f;", "/").replace("&amp;", "&")
}

/// The values of an attribute, with what follows them.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<(String, &'a str)> {
    let start = format!(" {name}=\"");
    let after = html.split(&start).skip(1);
    after.filter_map(|rest| rest.split_once('"')).map(|(value, rest)| (unescape(value), rest)).collect()
}

/// The report, with the sizes of the benchmark programs, which are in a file of their own.
fn with_counts(report: &Value, folder: &Path) -> Value {
    let counts: Value = serde_json::from_str(&read(&folder.join("site/explorer/counts.json"))).expect("it is JSON");
    with(report.clone(), json!({"explorer": counts}))
}

/// What a number's key names in the JSON: found here without the code under test.
fn named(report: &Value, history: &[Value], base: &str, key: &str) -> f64 {
    let place = |key: &str| -> Value {
        let in_history = key.strip_prefix("history/").and_then(|key| key.split_once('/'));
        let found = match in_history {
            Some((line, key)) => history[line.parse::<usize>().expect("a number")].pointer(&format!("/{key}")),
            None if key.starts_with('/') => report.pointer(key),
            None => {
                let whole = if key.starts_with("programs/") { key.to_string() } else { format!("{base}/{key}") };
                let counts = whole.starts_with("programs/").then(|| format!("/explorer/{whole}"));
                report.pointer(counts.as_ref().unwrap_or(&whole))
            }
        };
        found.unwrap_or_else(|| panic!("{key} is not in the JSON")).clone()
    };
    if let Some(key) = key.strip_prefix("len:") {
        let value = place(key);
        return value.as_array().map_or_else(|| value.as_object().expect("a list").len(), Vec::len) as f64;
    }
    if let Some((file, engine)) = key.strip_prefix("passed:").and_then(|key| key.split_once(':')) {
        let assertions = place(&format!("/parts/conform/data/files/{file}/assertions"));
        let mut passed = 0.0;
        for assertion in assertions.as_array().expect("a list") {
            let counts = !assertion["not_counted"].as_array().is_some_and(|all| all.contains(&engine.into()));
            passed += f64::from(u8::from(counts && assertion["not_passed"][engine].is_null()));
        }
        return passed;
    }
    place(key).as_f64().unwrap_or_else(|| panic!("{key} is no number"))
}

/// What a number's text says, in the JSON's unit.
fn said(text: &str) -> f64 {
    let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
    let number: f64 = number.parse().unwrap_or_else(|_| panic!("`{text}` is no number"));
    match unit {
        "" | "s" => number,
        "ms" => number / 1e3,
        "µs" => number / 1e6,
        "ns" => number / 1e9,
        "%" => number / 100.0,
        _ => panic!("`{text}` is in an unknown unit"),
    }
}

/// Checks that a page's numbers are the JSON's, and returns how many there are.
fn check_numbers(html: &str, report: &Value, history: &[Value]) -> usize {
    let bases = attributes(html, "data-base");
    let base = &bases.first().expect("a page says where its numbers are from").0;
    let keys = attributes(html, "data-key");
    for (key, rest) in &keys {
        let expected = named(report, history, base, key);
        let values = attributes(rest, "data-value");
        assert_eq!(values.first().expect("a value for each key").0.parse(), Ok(expected), "{key}");
        let text = rest.split_once('>').and_then(|(_, rest)| rest.split_once('<')).expect("an element").0;
        // What the JSON has in nanoseconds is shown with its unit.
        let nanoseconds = key.contains("/nanoseconds/");
        let shown = if nanoseconds { said(text) * 1e9 } else { said(text) };
        assert!((shown - expected).abs() <= expected.abs() * 1e-3, "{key} is {expected}, and the page says {text}");
    }
    keys.len()
}

/// Checks that a page's links lead to files, and to places in them.
fn check_links(page: &Path, html: &str) {
    for (href, _) in attributes(html, "href").iter().chain(&attributes(html, "src")) {
        if href.starts_with("data:") {
            continue;
        }
        let (file, place) = href.split_once('#').unwrap_or((href, ""));
        let file = file.replace("%20", " ");
        let target = if file.is_empty() { page.to_path_buf() } else { page.parent().expect("a folder").join(&file) };
        assert!(target.is_file(), "{}: {href} leads nowhere", page.display());
        if !place.is_empty() {
            let ids = attributes(&read(&target), "id").into_iter().map(|(id, _)| id).collect::<BTreeSet<_>>();
            assert!(ids.contains(place), "{}: {href} leads nowhere", page.display());
        }
    }
}

/// Checks all pages, and returns how many numbers are on them.
fn check(folder: &Path, report: &Value, history: &str) -> usize {
    let history: Vec<Value> = history.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    let report = with_counts(report, folder);
    let mut numbers = 0;
    for page in pages(folder) {
        let html = read(&page);
        numbers += check_numbers(&html, &report, &history);
        check_links(&page, &html);
        assert!(!html.contains("<script"), "{}: a script", page.display());
        assert!(!html.contains("http://") || html.contains("http://www.w3.org/2000/svg"), "{}", page.display());
        assert!(html.contains("<meta name=\"viewport\""), "{}", page.display());
    }
    numbers
}

#[test]
fn numbers_are_the_reports_and_links_lead_somewhere() {
    let folder = folder("site-all");
    let (report, history) = (report(), history());
    night(&folder, &report, &history);
    assert!(check(&folder, &report, &history) > 100);
    let page = |name: &str| read(&folder.join(name));
    let index = page("index.html");
    for text in ["1</span> regression", "i32.mul", "slower operator", "counted", "valgrind is not installed", "5.120 %"]
    {
        assert!(index.contains(text), "{text}: {index}");
    }
    for (name, texts) in [
        ("site/benchmarks.html", &["<svg", "var(--bad)", "1.200", "compile: missing", "streaming: timed-out"][..]),
        ("site/history.html", &["<svg", "0.8750", "0123456"]),
        ("site/bombs.html", &["<svg", "quadratic"]),
        ("site/mutants.html", &["survived", "global", "nothing found"]),
        ("site/operators.html", &["i32.load8_s", "no kernel", "grid: missing", "3.500"]),
        (
            "site/findings.html",
            &["findings/a%20b.wasm", "findings/a%20b.wat", "not in this folder", "flaky", "a-1/oracle.asm"],
        ),
        ("site/conformance.html", &["winch is absent", "failed</span>"]),
        ("site/part-counted.html", &["valgrind is not installed"]),
    ] {
        texts.iter().for_each(|text| assert!(unescape(&page(name)).contains(text), "{name}: {text}"));
    }
    let script =
        pages(&folder).into_iter().find(|page| page.parent().is_some_and(|folder| folder.ends_with("conformance")));
    let script = read(&script.expect("a page for the script"));
    assert!(script.contains("id=\"L12C3\"") && script.contains("failed: &lt;script&gt;"), "{script}");
    // Nothing is left of the night before.
    fs::write(folder.join("site/old.html"), "").expect("it can be written");
    night(&folder, &report, &history);
    assert!(!folder.join("site/old.html").exists());
}

#[test]
fn programs_are_explored_from_source_to_machine_code() {
    let folder = folder("site-explorer");
    night(&folder, &report(), "");
    let explorer = folder.join("site/explorer");
    let list = read(&explorer.join("index.html"));
    let programs = lightbeam_bench::programs().len() + lightbeam_bench::simd_programs().len();
    assert_eq!(pages(&folder).iter().filter(|page| page.parent() == Some(&explorer)).count(), programs + 1);
    let numbers = attributes(&list, "data-key").len();
    assert_eq!(numbers, 9 * programs, "nothing is missing");
    let counts = &with_counts(&report(), &folder)["explorer"]["programs"];
    for (name, counts) in counts.as_object().expect("programs") {
        for engine in ["lightbeam", "cranelift", "native"] {
            let count =
                |what: &str| counts["engines"][engine][what].as_u64().unwrap_or_else(|| panic!("{name}: {engine}"));
            assert!(count("instructions") > 0 && count("bytes") > count("instructions"), "{name}: {engine}");
            // Most has its place. Cranelift forgets more than others, and what was written in Wasm's text has no lines.
            let has_lines = engine != "native" || name != "fib_readme";
            let most = if engine == "cranelift" { 3 } else { 4 };
            assert!(!has_lines || count("unplaced") * 4 <= count("instructions") * most, "{name}: {engine}: {counts}");
        }
    }
    let page = |name: &str| unescape(&read(&explorer.join(name)));
    let sort = page("quicksort.html");
    for text in ["while (keys[i] < pivot) i++;", "i64.lt_u", "br_if", "lea", "<code>sort</code>", "above"] {
        assert!(sort.contains(text), "{text}: {sort}");
    }
    assert!(page("fib~5freadme.html").contains("no lines of C"));
    assert!(page("simd_search.html").contains("v128.load"));
}

#[test]
fn a_night_without_anything_has_its_pages() {
    let folder = folder("site-empty");
    let empty = json!({
        "parts": {}, "figures": [], "findings": [], "conformance": null, "conformance_changes": [], "changes": [], "blame": [],
        "verdict": {"regressions": 0, "reasons": [], "missing": []}, "warnings": [],
        "baseline": {"file": null, "reason": "there is none", "subject": null, "date": null, "times": null, "code": null},
        "settings": {"minutes": 1.0, "only": ["sizes"], "seed": 1},
    });
    let empty = with(report(), empty);
    night(&folder, &empty, "");
    check(&folder, &empty, "");
    for name in ["conformance", "benchmarks", "bombs", "mutants", "operators"] {
        let html = read(&folder.join(format!("site/{name}.html")));
        assert!(html.contains("missing.") && html.contains("asked for other parts only: sizes"), "{name}: {html}");
    }
    assert!(read(&folder.join("site/history.html")).contains("history: missing"));
    assert!(read(&folder.join("index.html")).contains("Compared with nothing: there is none"));
}

#[test]
fn newer_reports_and_foreign_folders_are_left_alone() {
    let folder = folder("site-newer");
    let site = || lightbeam_harness::site::write(&folder).map_err(|error| format!("{error:#}"));
    fs::write(folder.join("report.json"), with(report(), json!({"version": 99})).to_string())
        .expect("it can be written");
    assert!(site().is_err_and(|error| error.contains("version 99")));
    assert!(!folder.join("index.html").exists() && !folder.join("site").exists());
    fs::write(folder.join("report.json"), report().to_string()).expect("it can be written");
    fs::write(folder.join("history.jsonl"), "{\"version\": 99}\n").expect("it can be written");
    assert!(site().is_err_and(|error| error.contains("newer version")));
    fs::write(folder.join("history.jsonl"), history()).expect("it can be written");
    fs::create_dir(folder.join("site")).expect("a folder can be made");
    fs::write(folder.join("site/mine.txt"), "").expect("it can be written");
    assert!(site().is_err_and(|error| error.contains("is in the way")));
    assert!(folder.join("site/mine.txt").exists() && !folder.join("index.html").exists());
}

/// Opens pages in the browser: what it makes of them goes to `doms`.
fn browse(doms: &Path, pages: &[PathBuf]) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browse.sh");
    let output = Command::new("bash").arg(script).arg(doms).args(pages).output().expect("bash is there");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), text)
}

#[test]
fn a_browser_shows_the_same() {
    let browser = Command::new("chromium").arg("--version").output();
    if !browser.is_ok_and(|output| output.status.success()) {
        // Past the capture of a test's output: who reads the log is to see it.
        writeln!(std::io::stderr(), "skipped: a_browser_shows_the_same: chromium is not installed").expect("a log");
        return;
    }
    let folder = folder("site-browser");
    let (report, history) = (report(), history());
    night(&folder, &report, &history);
    let lines: Vec<Value> = history.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    let doms = folder.join("doms");
    let report = with_counts(&report, &folder);
    let mut pages = pages(&folder);
    // Those of all programs are alike: the list and three of them are opened, with and without C, and with vectors.
    let opened = ["index.html", "fib.html", "fib~5freadme.html", "simd_search.html"];
    pages.retain(|page| {
        !page.parent().is_some_and(|folder| folder.ends_with("explorer"))
            || opened.iter().any(|name| page.ends_with(name))
    });
    assert_eq!(pages.iter().filter(|page| page.parent().is_some_and(|folder| folder.ends_with("explorer"))).count(), 4);
    let (well, text) = browse(&doms, &pages);
    assert!(well, "{text}");
    for (number, page) in pages.iter().enumerate() {
        let (dom, html) = (read(&doms.join(format!("{number}.html"))), read(page));
        assert_eq!(check_numbers(&dom, &report, &lines), attributes(&html, "data-key").len(), "{}", page.display());
        assert_eq!(dom.matches("<svg").count(), html.matches("<svg").count(), "{}", page.display());
        assert!(!dom.contains("<script"), "{}", page.display());
    }
    // It would say so if something were wrong.
    let broken = folder.join("broken.html");
    fs::write(&broken, "<!doctype html><title>x</title><script>nothing()</script>").expect("it can be written");
    assert!(!browse(&doms, &[broken]).0, "an error of a script is noticed");
}
