//! The commands that deal with Microwasm, as they are typed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of its own for a test, in the build's.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

fn lightbeam(args: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_lightbeam"));
    command.args(args).current_dir(root).output().expect("the program starts")
}

/// What a command that succeeds prints.
fn printed(args: &[&str]) -> String {
    let output = lightbeam(args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints text")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the build's folder has a plain name")
}

/// There are two programs; what README types is the one without seeded bugs.
#[test]
fn cargo_run_means_lightbeam() {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1", "--manifest-path", manifest])
        .output()
        .expect("cargo starts");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it prints JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    let default = |package: &serde_json::Value| package["default_run"].as_str().map(ToString::to_string);
    let named: Vec<String> = packages.iter().filter_map(default).collect();
    assert_eq!(named, ["lightbeam"]);
}

#[test]
fn a_translation_runs_on_both_engines() {
    let folder = folder("translate");
    let (binary, back) = (folder.join("threaded.mwasm"), folder.join("threaded.mwat"));
    let source = "corpora/microwasm/threaded.mwat";
    printed(&["translate", source, text(&binary)]);
    printed(&["translate", text(&binary), text(&back)]);
    let wasm = "corpora/microwasm/threaded.wat";
    for (file, engine) in [(source, "lightbeam"), (text(&binary), "lightbeam"), (text(&back), "lightbeam")]
        .into_iter()
        .chain([(text(&binary), "microwasm"), (source, "microwasm"), (wasm, "cranelift")])
    {
        assert_eq!(printed(&["run", file, "--engine", engine]), "i32:299162 (0x4909a)\n", "{file} on {engine}");
    }
    let refused = lightbeam(&["run", source, "--engine", "cranelift"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("takes no Microwasm"));
}

#[test]
fn configurations_run_as_they_do_in_comparisons() {
    let wasm = "corpora/microwasm/threaded.wat";
    for engine in ["lightbeam:plain+baseline", "lightbeam:no-fuse-test", "lightbeam:pieces", "lightbeam:microwasm"] {
        assert_eq!(printed(&["run", wasm, "--engine", engine]), "i32:299162 (0x4909a)\n", "{engine}");
    }
    let refusals =
        [("lightbeam:quick", "no-fuse-test"), ("nothing", "cranelift-none"), ("winch/cranelift-none", "microwasm")];
    for (engine, listed) in refusals {
        let refused = lightbeam(&["run", wasm, "--engine", engine]);
        let error = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(2), "{engine}");
        assert!(error.contains(listed), "{engine}: {error}");
    }
}

#[test]
fn errors_say_where() {
    let folder = folder("errors");
    let (bad, binary, future) = (folder.join("bad.mwat"), folder.join("bad.mwasm"), folder.join("future.mwasm"));
    std::fs::write(&bad, "microwasm 1\nfunc $f :: [] -> []\ncode $f\n  i32.nonsense\n").expect("it can be written");
    std::fs::write(&binary, b"\0mwm\x01\x01\x01\x63").expect("it can be written");
    std::fs::write(&future, b"\0mwm\x63").expect("it can be written");
    for (file, expected) in [(bad, "4:3"), (binary, "byte 0x6"), (future, "version 99")] {
        let output = lightbeam(&["run", text(&file)]);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn explain_shows_each_form() {
    let folder = folder("explain");
    let binary = folder.join("threaded.mwasm");
    printed(&["translate", "corpora/microwasm/threaded.mwat", text(&binary)]);
    let code = |file: &str| {
        let shown = printed(&["explain", file]);
        shown.lines().filter(|line| line.starts_with("                ")).map(str::to_string).collect::<Vec<_>>()
    };
    let of_binary = code(text(&binary));
    for wanted in ["jmp", "dd "] {
        assert!(of_binary.iter().any(|line| line.contains(wanted)), "no {wanted}");
    }
    assert!(!of_binary.iter().any(|line| line.contains("(bad)")), "tables are no instructions");
    assert!(code("corpora/microwasm/threaded.mwat") == of_binary, "one language, one machine code");
}

#[test]
fn measure_accounts_for_every_byte() {
    let folder = folder("measure");
    let (table, json) = (folder.join("microwasm.md"), folder.join("microwasm.json"));
    let printed = printed(&["measure", "benches/programs", "--no-times", "--out", text(&table), "--json", text(&json)]);
    let written = std::fs::read_to_string(&table).expect("the table is written");
    assert!(printed.starts_with(written.trim_end()));
    let report: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&json).expect("the figures are written")).expect("they are JSON");
    let modules = report["modules"].as_array().expect("a list");
    assert!(modules.len() >= 10, "{} programs", modules.len());
    for module in modules {
        for form in [&module["wasm"], &module["microwasm"]] {
            let kinds = form["kinds"].as_object().expect("by kind");
            let bytes: u64 = kinds.values().map(|cost| cost["bytes"].as_u64().expect("a number")).sum();
            assert_eq!(form["bytes"].as_u64(), Some(bytes), "{}", module["name"]);
        }
    }
}

#[test]
fn nothing_is_lost_on_the_round_trip() {
    let printed = printed(&["roundtrip", "benches/programs"]);
    assert!(printed.contains(" 0 lost something, 0 refused"), "{printed}");
}

#[test]
fn what_does_not_diverge_has_no_cause() {
    let wat = folder("agree").join("agree.wat");
    std::fs::write(&wat, "(module (func (export \"f\") (result i32) i32.const 7))").expect("it can be written");
    let printed = printed(&["triage", text(&wat), "--out", text(&folder("agree"))]);
    assert!(printed.contains("triage: 0 mismatches, 0 meanings, 1 gone, 0 unreadable"), "{printed}");
    for command in ["bisect", "reduce"] {
        assert_eq!(lightbeam(&[command, text(&wat)]).status.code(), Some(2), "{command}");
    }
    let refused = lightbeam(&["diff", text(&wat), "--engine", "lightbeam:quick"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("no-fuse-test"), "parts are listed");
}

#[test]
fn ablation_has_a_line_for_each_switch() {
    let json = folder("ablate").join("ablate.json");
    let quick = ["--rounds", "1", "--round-ms", "1", "--budget", "0", "--only", "fib", "--modules", "benches/programs"];
    let switches = ["--switch", "immediate", "--switch", "reciprocal", "--switch", "all"];
    let arguments = [&["bench", "--ablate", "--json", text(&json)], &quick[..], &switches[..]].concat();
    let printed = printed(&arguments);
    assert!(printed.ends_with("bench: 3 switches, 4 modules, 0 void\n"), "{printed}");
    let line = |name: &str| printed.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("no {name}"));
    let words: Vec<&str> = line("reciprocal").split_whitespace().collect();
    assert_eq!(words, ["reciprocal", "1.0000", "1.0000", "1.000", "[1.000", "1.000]", "0", "-", "-"]);
    let report: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&json).expect("the figures are written")).expect("they are JSON");
    let immediate = &report["switches"][0];
    assert_eq!((immediate["switch"].as_str(), immediate["changed"].as_u64()), (Some("immediate"), Some(2)));
    for code in ["program_code", "module_code"] {
        assert!(immediate[code].as_f64().is_some_and(|ratio| ratio < 1.0), "{immediate}");
    }
    assert!(line("all").contains("fib"), "the ends of its range are named");
}

#[test]
fn switches_to_ablate_are_listed() {
    for (arguments, expected) in [
        (&["bench", "--ablate", "--switch", "magic"][..], "fuse-test"),
        (&["bench", "microwasm", "--ablate"], "not in `microwasm`"),
        (&["bench", "--switch", "immediate"], "--ablate"),
    ] {
        let refused = lightbeam(arguments);
        let error = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(2), "{error}");
        assert!(error.contains(expected), "{arguments:?}: {error}");
    }
}

#[test]
fn statistics_add_up() {
    let json = folder("statistics").join("statistics.json");
    let printed = printed(&["explain", "benches/programs/sha256.wasm", "--stats", "--json", text(&json)]);
    let sum = printed.lines().last().expect("it prints something");
    assert!(sum.trim_start().starts_with("all") && sum.contains("fuse-test"), "{printed}");
    let report: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&json).expect("the figures are written")).expect("they are JSON");
    for counter in ["code_bytes", "wasm_bytes", "spills", "reloads", "back_edges", "adaptors"] {
        let functions = report["functions"].as_array().expect("a list").iter();
        let total: u64 = functions.map(|function| function[counter].as_u64().expect("a number")).sum();
        assert_eq!(report["sum"][counter].as_u64(), Some(total), "{counter}");
    }
    assert!(report["sum"]["back_edges"].as_u64().is_some_and(|edges| edges > 0));
    assert_eq!(
        lightbeam(&["explain", "benches/programs/sha256.wasm", "--stats", "--func", "99"]).status.code(),
        Some(2)
    );
}
