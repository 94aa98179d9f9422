//! Compiles the native twins of the benchmark programs, with and without the vectoriser, and writes the table of
//! programs that `src/lib.rs` includes. Everything comes from `programs/programs.toml`.

use serde::Deserialize;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The manifest's shape.
#[derive(Deserialize)]
struct Manifest {
    program: Vec<Entry>,
}

/// One program in it.
#[derive(Deserialize)]
struct Entry {
    name: String,
    source: String,
    wasm: String,
    result: String,
    checksum: String,
}

fn main() {
    let programs = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("programs");
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    println!("cargo::rerun-if-changed=programs");
    println!("cargo::rerun-if-env-changed=CC");

    let text = fs::read_to_string(programs.join("programs.toml")).expect("programs.toml can be read");
    let manifest: Manifest = toml::from_str(&text).expect("programs.toml has the right shape");
    let compiler = Compiler::find();
    println!("cargo::rustc-env=LIGHTBEAM_BENCH_CC={}", compiler.version);

    let mut objects = Vec::new();
    let mut symbols = Vec::new();
    for entry in &manifest.program {
        let stem = entry.source.trim_end_matches(".c");
        for (suffix, flags) in [("", &[][..]), ("_novec", compiler.no_vectoriser())] {
            let symbol = format!("lightbeam_bench_{stem}{suffix}");
            if !symbols.contains(&symbol) {
                objects.push(compiler.compile(&programs.join(&entry.source), &symbol, flags, &out));
                symbols.push(symbol);
            }
        }
    }
    let mut library = cc::Build::new();
    library.cargo_warnings(false).objects(&objects).compile("lightbeam_bench_programs");

    fs::write(out.join("programs.rs"), table(&manifest, &programs)).expect("OUT_DIR can be written");
}

/// The C compiler that makes the native twins.
struct Compiler {
    command: String,
    version: String,
    clang: bool,
}

impl Compiler {
    /// `CC` if it is set, else clang, the newest first, else the system's `cc`.
    fn find() -> Compiler {
        let mut candidates: Vec<String> = env::var("CC").into_iter().collect();
        candidates.extend((14..=30).rev().map(|version| format!("clang-{version}")));
        candidates.extend(["clang".to_string(), "cc".to_string(), "gcc".to_string()]);
        for command in candidates {
            let Ok(output) = Command::new(&command).arg("--version").output() else { continue };
            let text = String::from_utf8_lossy(&output.stdout);
            if let (true, Some(version)) = (output.status.success(), text.lines().next()) {
                return Compiler { version: version.to_string(), clang: text.contains("clang"), command };
            }
        }
        panic!("no C compiler found: install clang or gcc, or set CC");
    }

    /// The flags that turn vectorisation off.
    fn no_vectoriser(&self) -> &'static [&'static str] {
        if self.clang { &["-fno-vectorize", "-fno-slp-vectorize"] } else { &["-fno-tree-vectorize"] }
    }

    /// Compiles one program whose `run` is named `symbol` in the object file.
    fn compile(&self, source: &Path, symbol: &str, flags: &[&str], out: &Path) -> PathBuf {
        let object = out.join(format!("{symbol}.o"));
        // The flags that matter for code are those of programs/build.sh. `-fPIE` because Rust links executables so.
        let status = Command::new(&self.command)
            .args(["-O2", "-std=c17", "-fPIE", "-ffreestanding", "-fno-math-errno", "-ffp-contract=off"])
            .args(flags)
            .arg(format!("-Drun={symbol}"))
            .arg("-c")
            .arg(source)
            .arg("-o")
            .arg(&object)
            .status()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", self.command));
        assert!(status.success(), "{} failed on {}", self.command, source.display());
        object
    }
}

/// The Rust source of the table of programs.
fn table(manifest: &Manifest, programs: &Path) -> String {
    let mut rust = String::from("static PROGRAMS: &[Program] = &[\n");
    for Entry { name, source, wasm, result, checksum } in &manifest.program {
        let stem = source.trim_end_matches(".c");
        let variant = match result.as_str() {
            "i32" => "I32",
            "i64" => "I64",
            "f64" => "F64",
            other => panic!("{name}: unknown result type {other}"),
        };
        let wasm = programs.join(wasm);
        writeln!(
            rust,
            "    Program {{ name: {name:?}, wasm: include_bytes!({wasm:?}), checksum: Checksum::{variant}({checksum}),\n\
             \x20       native: NativeFn::{variant}(native::lightbeam_bench_{stem}),\n\
             \x20       native_novec: NativeFn::{variant}(native::lightbeam_bench_{stem}_novec) }},"
        )
        .expect("a string takes everything");
    }
    rust.push_str("];\n\nmod native {\n    unsafe extern \"C\" {\n");
    let mut declared = Vec::new();
    for Entry { source, result, .. } in &manifest.program {
        if !declared.contains(&source) {
            declared.push(source);
            let stem = source.trim_end_matches(".c");
            for suffix in ["", "_novec"] {
                writeln!(rust, "        pub(super) fn lightbeam_bench_{stem}{suffix}() -> {result};")
                    .expect("a string takes everything");
            }
        }
    }
    rust.push_str("    }\n}\n");
    rust
}
