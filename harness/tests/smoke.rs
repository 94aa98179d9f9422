//! Some hundred generated modules agree with Cranelift, and a crash costs one case.

mod common;

use common::{finish, lightbeam};

#[test]
fn generated_modules_agree() {
    let out = tempfile::tempdir().expect("a folder");
    let folder = out.path().to_string_lossy();
    let (text, code) = finish(lightbeam(&["diff", "--modules", "400", "--seed", "1", "--out", &folder]));
    assert_eq!(code, Some(0), "{text}");
    let last = text.lines().last().unwrap_or_default();
    assert!(last.starts_with("diff: 400 modules, ") && last.contains(" 0 mismatches, "), "{text}");
}

#[test]
fn generated_modules_agree_in_the_interpreter() {
    let out = tempfile::tempdir().expect("a folder");
    let folder = out.path().to_string_lossy();
    for (engine, oracle) in [("microwasm", "cranelift-none"), ("lightbeam", "microwasm")] {
        let args = ["--engine", engine, "--oracle", oracle, "--modules", "400", "--seed", "2", "--out", &folder];
        let (text, code) = finish(lightbeam(&[&["diff"], &args[..]].concat()));
        assert_eq!(code, Some(0), "{text}");
        let last = text.lines().last().unwrap_or_default();
        assert!(last.starts_with("diff: 400 modules, ") && last.contains(" 0 mismatches, "), "{text}");
    }
}

#[test]
fn a_module_from_the_world_agrees_and_its_finding_format_replays() {
    let out = tempfile::tempdir().expect("a folder");
    let path = out.path().join("world.wat");
    let wat = r#"(module
        (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
        (import "env" "memory" (memory 1))
        (global $sum (mut f64) (f64.const 0))
        (func (export "spin") (loop (br 0)))
        (func (export "sum") (param f64) (result f64)
            (global.set $sum (f64.add (global.get $sum) (local.get 0)))
            (drop (call $write (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4)))
            (global.get $sum)))"#;
    std::fs::write(&path, wat).expect("the folder can be written");
    let (text, code) = finish(lightbeam(&["diff", &path.to_string_lossy(), "--seed", "9"]));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.ends_with("diff: 1 modules, 2 calls, 0 mismatches, 0 poisoned\n"), "{text}");
}

/// A worker that dies on its first case, as an engine's crash would make it.
#[test]
fn a_crash_is_a_finding_of_one_case() {
    use std::os::unix::fs::PermissionsExt;
    let out = tempfile::tempdir().expect("a folder");
    let worker = out.path().join("worker.sh");
    let script = "#!/bin/sh\nread line\necho '{\"start\":{\"number\":0}}'\nkill -SEGV $$\n";
    std::fs::write(&worker, script).expect("the folder can be written");
    std::fs::set_permissions(&worker, std::fs::Permissions::from_mode(0o755)).expect("the file is ours");
    let folder = out.path().join("findings");
    let args = ["diff", "--modules", "2", "--jobs", "1", "--engine", "winch", "--out", &folder.to_string_lossy()];
    let mut command = lightbeam(&args);
    command.env("LIGHTBEAM_WORKER", &worker);
    let (text, code) = finish(command);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("crash: SIGSEGV") && text.contains("diff: 2 modules, 0 calls, 2 mismatches"), "{text}");
    let written = std::fs::read_dir(&folder).expect("findings are written").count();
    assert_eq!(written, 6, "two cases, three files each");
}

#[test]
fn wrong_usage_has_its_own_exit_code() {
    assert_eq!(finish(lightbeam(&["diff", "no-such-file.wasm"])).1, Some(2));
    assert_eq!(finish(lightbeam(&["conform", "--engine", "no-such-engine"])).1, Some(2));
    assert_eq!(finish(lightbeam(&["no-such-command"])).1, Some(2));
}
