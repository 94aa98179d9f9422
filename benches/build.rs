//! Compiles the native twins of the benchmark programs, with and without the vectoriser, and writes the tables of
//! programs that `src/lib.rs` includes. Everything comes from `programs/programs.toml` and `programs/simd/programs.toml`.

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

    let compiler = Compiler::find();
    println!("cargo::rustc-env=LIGHTBEAM_BENCH_CC={}", compiler.version);

    let mut objects = Vec::new();
    let mut symbols = Vec::new();
    for set in &SETS {
        let folder = programs.join(set.folder);
        let text = fs::read_to_string(folder.join("programs.toml")).expect("programs.toml can be read");
        let manifest: Manifest = toml::from_str(&text).expect("programs.toml has the right shape");
        for entry in &manifest.program {
            for (suffix, vectoriser) in [("", &[][..]), ("_novec", compiler.no_vectoriser())] {
                let symbol = set.symbol(entry, suffix);
                if !symbols.contains(&symbol) {
                    let flags = [set.flags, vectoriser].concat();
                    objects.push(compiler.compile(&folder.join(&entry.source), &symbol, &flags, &out));
                    symbols.push(symbol);
                }
            }
        }
        fs::write(out.join(set.file), set.table(&manifest, &folder, &out)).expect("OUT_DIR can be written");
    }
    let mut library = cc::Build::new();
    library.cargo_warnings(false).objects(&objects).compile("lightbeam_bench_programs");
}

/// A folder of programs.
struct Set {
    /// Within `programs`.
    folder: &'static str,
    /// What the symbols of its native twins begin with.
    prefix: &'static str,
    /// Flags of its native twins.
    flags: &'static [&'static str],
    /// The Rust source of its table.
    file: &'static str,
    /// The table's name, and that of the module of its native twins.
    names: (&'static str, &'static str),
}

/// The folders. Vectors are SSE4.1 natively, the least that Lightbeam runs on and as wide as those of Wasm.
const SETS: [Set; 2] = [
    Set { folder: "", prefix: "lightbeam_bench_", flags: &[], file: "programs.rs", names: ("PROGRAMS", "native") },
    Set {
        folder: "simd",
        prefix: "lightbeam_bench_simd_",
        flags: &["-msse4.1"],
        file: "simd.rs",
        names: ("SIMD_PROGRAMS", "native_simd"),
    },
];

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
        // The flags that matter for code are those of programs/build.sh. `-fPIE` because Rust links executables so. Debug
        // information does not change code, and tells which line it is from; valgrind 3.19 gives up on clang's version 5 of it.
        let status = Command::new(&self.command)
            .args(["-O2", "-gdwarf-4", "-std=c17", "-fPIE", "-ffreestanding", "-fno-math-errno", "-ffp-contract=off"])
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

impl Set {
    /// The name of a program's `run` in its object file.
    fn symbol(&self, entry: &Entry, suffix: &str) -> String {
        format!("{}{}{suffix}", self.prefix, entry.source.trim_end_matches(".c"))
    }

    /// The Rust source of the table of programs.
    fn table(&self, manifest: &Manifest, folder: &Path, out: &Path) -> String {
        let (table, module) = self.names;
        let mut rust = format!("static {table}: &[Program] = &[\n");
        for entry in &manifest.program {
            let Entry { name, source: file, wasm, result, checksum } = entry;
            let variant = match result.as_str() {
                "i32" => "I32",
                "i64" => "I64",
                "f64" => "F64",
                other => panic!("{name}: unknown result type {other}"),
            };
            let (wasm, native, novec) = (folder.join(wasm), self.symbol(entry, ""), self.symbol(entry, "_novec"));
            let (source, object) = (folder.join(&entry.source), out.join(format!("{native}.o")));
            // What is not from C has no lines.
            let lines = Some(wasm.with_extension("lines")).filter(|lines| lines.is_file());
            let lines = lines.map_or("None".to_string(), |lines| format!("Some(include_str!({lines:?}))"));
            writeln!(
                rust,
                "    Program {{ name: {name:?}, wasm: include_bytes!({wasm:?}), checksum: Checksum::{variant}({checksum}),\n\
                 \x20       native: NativeFn::{variant}({module}::{native}),\n\
                 \x20       native_novec: NativeFn::{variant}({module}::{novec}),\n\
                 \x20       source: include_str!({source:?}), file: {file:?}, lines: {lines},\n\
                 \x20       object: include_bytes!({object:?}) }},"
            )
            .expect("a string takes everything");
        }
        writeln!(rust, "];\n\nmod {module} {{\n    unsafe extern \"C\" {{").expect("a string takes everything");
        let mut declared = Vec::new();
        for entry in &manifest.program {
            if !declared.contains(&&entry.source) {
                declared.push(&entry.source);
                for suffix in ["", "_novec"] {
                    writeln!(rust, "        pub(super) fn {}() -> {};", self.symbol(entry, suffix), entry.result)
                        .expect("a string takes everything");
                }
            }
        }
        rust.push_str("    }\n}\n");
        rust
    }
}
