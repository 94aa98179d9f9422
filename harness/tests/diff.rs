//! What `lightbeam diff` does when something is not as it should be: files that are broken, tools that are missing,
//! signals, crashes that do not come again.

mod common;

use common::{finish, lightbeam};
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("the folder can be written");
    path
}

/// A worker that is a shell script.
fn script(folder: &Path, lines: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = write(folder, "worker.sh", format!("#!/bin/sh\n{lines}\n").as_bytes());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("the file is ours");
    path
}

const GOOD: &str = r#"(module (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 3))))"#;
const REFERENCES: &str = r#"(module (func (export "f") (param externref) (result externref) (local.get 0)))"#;

#[test]
fn broken_files_are_named_and_the_others_run() {
    use lightbeam_harness::plan::{Case, Plan};
    use lightbeam_harness::shape::Shape;
    let folder = folder();
    write(folder.path(), "good.wat", GOOD.as_bytes());
    write(folder.path(), "garbage.wat", b"(module (func (export \"f\") nonsense))");
    let wasm = wat::parse_str(GOOD).expect("well-formed text");
    let plan = Plan::real(&Shape::parse(&wasm).expect("it is valid"), 1);
    let finding = Case { wasm: wasm.clone(), plan }.to_envelope();
    write(folder.path(), "truncated.wasm", &finding[..finding.len() - 20]);
    let mut unplanned = finding.clone();
    *unplanned.last_mut().expect("it is not empty") = b'!';
    write(folder.path(), "unplanned.wasm", &unplanned);
    write(folder.path(), "whole.wasm", &finding);
    // The text of a module that is there is no other.
    write(folder.path(), "whole.wat", GOOD.as_bytes());
    write(folder.path(), "misplanned.wat", format!(";;! plan 5\n{GOOD}").as_bytes());
    let (printed, code) = finish(lightbeam(&["diff", text(folder.path())]));
    assert_eq!(code, Some(2), "{printed}");
    let unreadable: Vec<&str> = printed.lines().filter(|line| line.starts_with("unreadable: ")).collect();
    for (name, reason) in [
        ("garbage.wat", "cannot parse"),
        ("truncated.wasm", "does not parse"),
        ("unplanned.wasm", "a plan that cannot"),
        ("misplanned.wat", "a plan that cannot"),
    ] {
        let named = unreadable.iter().any(|line| line.contains(name) && line.contains(reason));
        assert!(named, "{name} is not named with its reason: {printed}");
    }
    assert_eq!(unreadable.len(), 4, "{printed}");
    // What does not parse is still compared: both must refuse it.
    assert!(printed.contains("\ndiff: 3 modules, 2 calls, 0 mismatches"), "{printed}");
}

#[test]
fn missing_tools_are_named() {
    let folder = folder();
    let mut command = lightbeam(&["diff", "--modules", "400", "--jobs", "1", "--out", text(folder.path())]);
    command.env("PATH", "");
    let (printed, code) = finish(command);
    assert_eq!(code, Some(0), "{printed}");
    assert!(printed.contains("looks skipped wasm-validate, which is not installed"), "{printed}");
    let good = write(folder.path(), "good.wat", GOOD.as_bytes());
    let mut command = lightbeam(&["diff", text(&good), "--oracle", "wasm-validate"]);
    command.env("PATH", "");
    let (printed, code) = finish(command);
    assert_eq!(code, Some(2), "{printed}");
    assert!(printed.contains("wabt"), "{printed}");
    if cfg!(not(feature = "wasmi")) {
        let (printed, code) = finish(lightbeam(&["diff", text(&good), "--oracle", "wasmi"]));
        assert_eq!(code, Some(2), "{printed}");
        assert!(printed.contains("feature `wasmi`"), "{printed}");
    }
}

#[test]
fn an_oracle_that_does_not_compile_is_no_finding() {
    let folder = folder();
    let (one, two) = (write(folder.path(), "one.wat", REFERENCES.as_bytes()), folder.path().join("two.wat"));
    std::fs::copy(&one, &two).expect("the folder can be written");
    let out = folder.path().join("out");
    let (printed, code) =
        finish(lightbeam(&["diff", text(&one), text(&two), "--oracle", "winch", "--out", text(&out)]));
    assert_eq!(code, Some(0), "{printed}");
    assert!(printed.contains("oracle failed: 2 modules: winch: unsupported: references"), "{printed}");
    let kept = std::fs::read_dir(out.join("oracle")).expect("an example is kept").count();
    assert_eq!(kept, 3, "one example, three files");
}

/// A worker whose first process dies, and no other.
#[test]
fn what_does_not_come_again_is_reported_apart() {
    let folder = folder();
    let (marker, binary) = (folder.path().join("died"), env!("CARGO_BIN_EXE_lightbeam"));
    let worker = script(
        folder.path(),
        &format!(
            "if [ -e {0} ]; then exec {binary} \"$@\"; fi\n\
             read line; touch {0}; echo '{{\"start\":{{\"number\":0}}}}'; kill -SEGV $$",
            text(&marker)
        ),
    );
    let out = folder.path().join("out");
    let json = folder.path().join("figures.json");
    let args = ["diff", "--modules", "20", "--jobs", "1", "--engine", "lightbeam", "--oracle", "cranelift-none"];
    let mut command = lightbeam(&args);
    command.args(["--out", text(&out), "--json", text(&json)]).env("LIGHTBEAM_WORKER", &worker);
    let (printed, code) = finish(command);
    assert_eq!(code, Some(1), "{printed}");
    assert!(printed.contains("flaky: 1 of the mismatches"), "{printed}");
    assert!(printed.contains("flaky: a fresh process shows no difference"), "{printed}");
    assert!(printed.contains("\ndiff: 20 modules, ") && printed.contains(", 1 mismatches, "), "{printed}");
    assert_eq!(std::fs::read_dir(out.join("flaky")).expect("it is kept").count(), 3);
    let figures: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&json).expect("the figures are written")).expect("they are JSON");
    assert_eq!((figures["flaky"].as_u64(), figures["crashes"].as_u64()), (Some(1), Some(1)));
    assert_eq!(figures["modules"].as_u64(), Some(20));
    let by_generator = figures["generators"].as_object().expect("by generator");
    let modules: u64 = by_generator.values().map(|counts| counts["modules"].as_u64().expect("a number")).sum();
    assert_eq!(modules, 20, "{by_generator:?}");
}

/// An engine that crashes on one case of a batch loses that case alone, and says so with one signature.
#[test]
fn a_crash_costs_one_case() {
    let folder = folder();
    let binary = env!("CARGO_BIN_EXE_lightbeam");
    // Dies on each piece of work that begins with case 0, wherever it runs.
    let worker = script(
        folder.path(),
        &format!(
            "read line\ncase \"$line\" in *'\"first\":0,'*) echo '{{\"start\":{{\"number\":0}}}}'; kill -SEGV $$;; esac\n\
             (printf '%s\\n' \"$line\"; cat) | exec {binary} \"$@\""
        ),
    );
    let out = folder.path().join("out");
    let args = ["diff", "--modules", "48", "--jobs", "1", "--engine", "winch", "--out", text(&out)];
    let mut command = lightbeam(&args);
    command.env("LIGHTBEAM_WORKER", &worker);
    let (printed, code) = finish(command);
    assert_eq!(code, Some(1), "{printed}");
    assert!(printed.contains("module 0") && printed.contains("crash: SIGSEGV"), "{printed}");
    assert!(printed.contains("\ndiff: 48 modules, ") && printed.contains(", 1 mismatches, "), "{printed}");
}

/// Whether a process has started others, from any of its threads.
fn has_children(process: u32) -> bool {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    threads
        .map(|thread| std::fs::read_to_string(thread.path().join("children")).unwrap_or_default())
        .any(|children| !children.trim().is_empty())
}

#[test]
fn a_signal_ends_a_run_with_its_summary() {
    for signal in ["INT", "TERM"] {
        let folder = folder();
        let json = folder.path().join("figures.json");
        let out = folder.path().join("out");
        let args = ["diff", "--seconds", "500", "--jobs", "2", "--out", text(&out), "--json", text(&json)];
        let mut child = lightbeam(&args).stdout(Stdio::piped()).spawn().expect("the program starts");
        // It watches for signals before it starts workers.
        let begin = Instant::now();
        while !has_children(child.id()) {
            assert!(begin.elapsed() < Duration::from_secs(60), "no worker starts");
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(Duration::from_millis(700));
        let sent = Command::new("sh").args(["-c", &format!("kill -{signal} {}", child.id())]).status();
        assert!(sent.expect("a shell").success());
        let mut printed = String::new();
        child.stdout.take().expect("it is piped").read_to_string(&mut printed).expect("it prints text");
        let status = child.wait().expect("it ends");
        assert!(begin.elapsed() < Duration::from_secs(120), "it goes on");
        assert_eq!(status.code(), Some(0), "{printed}");
        assert!(printed.contains("interrupted: "), "{printed}");
        let last = printed.lines().last().unwrap_or_default();
        assert!(last.starts_with("diff: ") && last.contains(" 0 mismatches, "), "{printed}");
        let figures: serde_json::Value =
            serde_json::from_slice(&std::fs::read(&json).expect("the figures are written")).expect("they are JSON");
        assert_eq!(figures["interrupted"].as_bool(), Some(true));
        assert!(last.starts_with(&format!("diff: {} modules", figures["modules"])), "{last}");
    }
}

/// Whether a process is there and does something.
fn lives(process: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The state comes behind the name, which is in parentheses.
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
}

/// Waits for something, but not for ever.
fn soon(what: &str, seconds: u64, holds: impl Fn() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < Duration::from_secs(seconds), "{what}: not within {seconds} s");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A case that hangs is given up when the run is to end, and counted.
#[test]
fn a_signal_does_not_wait_for_what_hangs() {
    let folder = folder();
    let process = folder.path().join("process");
    let lines =
        format!("read line\necho '{{\"start\":{{\"number\":0}}}}'\necho $$ > {}\nexec sleep 1000", text(&process));
    let worker = script(folder.path(), &lines);
    let out = folder.path().join("out");
    let args = ["diff", "--modules", "20", "--jobs", "1", "--watchdog", "500", "--out", text(&out)];
    let mut command = lightbeam(&args);
    let mut child =
        command.env("LIGHTBEAM_WORKER", &worker).stdout(Stdio::piped()).spawn().expect("the program starts");
    let named = || std::fs::read_to_string(&process).unwrap_or_default().trim().to_string();
    soon("the worker has work", 60, || !named().is_empty());
    let sent = Command::new("kill").arg(child.id().to_string()).status();
    assert!(sent.expect("it is there").success());
    let begin = Instant::now();
    let mut printed = String::new();
    child.stdout.take().expect("it is piped").read_to_string(&mut printed).expect("it prints text");
    child.wait().expect("it ends");
    assert!(begin.elapsed() < Duration::from_secs(30), "it waits: {:?}", begin.elapsed());
    assert!(printed.contains("not run: 1 modules: given up"), "{printed}");
    assert!(printed.contains("diff: 1 modules, 0 calls, 0 mismatches, "), "{printed}");
    assert!(!lives(&named()), "the worker is left");
}

/// Whatever it is doing: here it waits for work, which might come.
#[test]
fn a_worker_does_not_outlive_its_pool() {
    let binary = env!("CARGO_BIN_EXE_lightbeam");
    let command = format!("exec 3<&0; {binary} worker --engine lightbeam --oracle microwasm <&3 & echo $!; sleep 2");
    let mut pool = Command::new("sh");
    let pool = pool.args(["-c", &command]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut pool = pool.spawn().expect("a shell");
    let _open = pool.stdin.take();
    let mut named = String::new();
    let mut stdout = std::io::BufReader::new(pool.stdout.take().expect("it is piped"));
    stdout.read_line(&mut named).expect("it prints text");
    assert!(lives(named.trim()), "there is no worker `{named}`");
    std::thread::sleep(Duration::from_millis(1000));
    assert!(lives(named.trim()), "the worker does not wait for work");
    pool.wait().expect("it ends");
    soon("the worker ends", 30, || !lives(named.trim()));
}

#[test]
fn mutants_and_the_validator_are_oracles() {
    let folder = folder();
    let args = ["diff", "--modules", "60", "--jobs", "1", "--generator", "expression", "--oracle", "mutant"];
    let (printed, code) = finish(lightbeam(&[&args[..], &["--out", text(folder.path())]].concat()));
    assert_eq!(code, Some(0), "{printed}");
    assert!(!printed.contains("oracle failed"), "{printed}");
    let installed = Command::new("wasm-validate").arg("--version").output().is_ok();
    let args = ["diff", "--modules", "30", "--jobs", "1", "--oracle", "wasm-validate"];
    let (printed, code) = finish(lightbeam(&[&args[..], &["--out", text(folder.path())]].concat()));
    assert_eq!(code, Some(if installed { 0 } else { 2 }), "{printed}");
}

#[test]
fn files_behind_the_limit_are_named() {
    let folder = folder();
    let files = ["a.wat", "b.wat"].map(|name| write(folder.path(), name, b"(module (func (export \"f\")))"));
    let [a, b] = files.each_ref().map(|file| text(file));
    let run = |limit| finish(lightbeam(&["diff", a, b, "--limit", limit, "--out", text(folder.path())]));
    let (printed, code) = run("0");
    assert!(printed.contains(&format!("not reached: 2 files: {a}, {b}")), "{printed}");
    assert_eq!(code, Some(2), "{printed}");
    let (printed, code) = run("600");
    assert!(printed.contains("diff: 2 modules, ") && !printed.contains("not reached"), "{printed}");
    assert_eq!(code, Some(0), "{printed}");
}
