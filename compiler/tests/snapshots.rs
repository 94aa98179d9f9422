//! What is emitted: one `.wat` a file, its Microwasm and machine code behind it as the expectation. In the folder `segment`
//! the base of memory 0 is in the segment.
//!
//! `BLESS=1 cargo test -p lightbeam --test snapshots` writes what is emitted now; read the diff.

use lightbeam::MemoryBase;
use lightbeam::compile::CompilerConfig;
use lightbeam::explain::explain;
use lightbeam::microwasm::{
    Binary, Compare, FuncType, Lane, Load, LoadLane, Op, Sink, Store, StoreLane, Type, Unary, Vector,
};
use lightbeam::wasm::module::ModuleInfo;
use lightbeam::wasm::stream::Frontend;
use lightbeam::x64::features::CpuFeatures;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What stands between a module and what it becomes.
const MARKER: &str = "\n;; becomes\n";

/// The features that the expectations are for, whatever CPU the test runs on.
const FEATURES: CpuFeatures =
    CpuFeatures { popcnt: true, lzcnt: true, bmi1: true, bmi2: true, avx: true, avx2: true, fma: true };

fn files() -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder of snapshots can be read") {
            let path = entry.expect("its entries too").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "wat") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// A file's module, and what it is expected to become.
fn read(path: &Path) -> (String, String) {
    let text = std::fs::read_to_string(path).expect("a snapshot can be read");
    match text.split_once(MARKER) {
        Some((wat, expected)) => (wat.to_string(), expected.to_string()),
        None => (text.trim_end().to_string(), String::new()),
    }
}

fn emitted(path: &Path, wat: &str) -> String {
    let wasm = wat::parse_str(wat).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut config = CompilerConfig::native().expect("this CPU can be compiled for");
    config.features = FEATURES;
    if path.components().any(|part| part.as_os_str() == MemoryBase::Segment.name()) {
        config.memory_base = MemoryBase::Segment;
    }
    let functions = explain(&wasm, &config).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    functions.iter().flat_map(|f| f.to_string().lines().map(|l| format!(";; {l}\n")).collect::<Vec<_>>()).collect()
}

#[test]
fn what_is_emitted_is_what_was_blessed() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut differ = Vec::new();
    for path in files() {
        let (wat, expected) = read(&path);
        let emitted = emitted(&path, &wat);
        if emitted == expected {
            continue;
        }
        if bless {
            std::fs::write(&path, format!("{wat}{MARKER}{emitted}")).expect("a snapshot can be written");
        } else {
            println!("{}:\n--- expected\n{expected}--- emitted\n{emitted}", path.display());
            differ.push(path);
        }
    }
    assert!(differ.is_empty(), "{} snapshots differ (BLESS=1 accepts what is emitted): {differ:?}", differ.len());
}

#[test]
fn every_operator_has_a_snapshot() {
    let mut seen = Seen::default();
    for path in files() {
        let (wat, _) = read(&path);
        let wasm = wat::parse_str(&wat).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut frontend = Frontend::new(seen);
        frontend.push(&wasm).expect("a snapshot's module is valid");
        seen = frontend.finish().expect("and complete").1;
    }
    let families = [
        Unary::ALL.iter().map(|op| op.name()).collect::<Vec<_>>(),
        Binary::ALL.iter().map(|op| op.name()).collect(),
        Compare::ALL.iter().map(|op| op.name()).collect(),
        Load::ALL.iter().filter(|op| op.result() != Type::V128).map(|op| op.name()).collect(),
        Store::ALL.iter().filter(|op| op.result() != Type::V128).map(|op| op.name()).collect(),
        PLAIN.to_vec(),
    ];
    let vectors = [
        Load::ALL.iter().filter(|op| op.result() == Type::V128).map(|op| op.name()).collect::<Vec<_>>(),
        Store::ALL.iter().filter(|op| op.result() == Type::V128).map(|op| op.name()).collect(),
        Vector::ALL.iter().map(|op| op.name()).collect(),
        Lane::ALL.iter().map(|op| op.name()).collect(),
        LoadLane::ALL.iter().map(|op| op.name()).collect(),
        StoreLane::ALL.iter().map(|op| op.name()).collect(),
        vec!["i8x16.shuffle"],
    ];
    let families = [families.concat(), vectors.concat()];
    let missing: Vec<&str> = families.concat().into_iter().filter(|name| !seen.0.contains(name)).collect();
    assert!(missing.is_empty(), "no snapshot has {missing:?}");
}

/// The operators without a family, as [`Seen`] names them.
const PLAIN: &[&str] = &[
    "locals",
    "def",
    "label",
    "br",
    "br_if",
    "br_table",
    "unreachable",
    "pick",
    "put",
    "tee",
    "drop",
    "const",
    "select",
    "global.get",
    "global.set",
    "memory.size",
    "memory.grow",
    "memory.fill",
    "memory.copy",
    "memory.init",
    "data.drop",
    "table.get",
    "table.set",
    "table.size",
    "table.grow",
    "table.fill",
    "table.copy",
    "table.init",
    "elem.drop",
    "ref.func",
    "call",
    "call_indirect",
];

/// Collects the names of the operators it is given. The match has no default, so that a new
/// operator cannot be forgotten here.
#[derive(Debug, Default)]
struct Seen(BTreeSet<&'static str>);

impl Sink for Seen {
    fn module(&mut self, _module: &ModuleInfo) {}
    fn begin(&mut self, _index: u32, _ty: &FuncType, _offset: u32) {}
    fn at(&mut self, _offset: u32) {}
    fn end(&mut self) {}

    fn op(&mut self, op: Op<'_>) {
        self.0.insert(match op {
            Op::Locals { .. } => "locals",
            Op::Def { .. } => "def",
            Op::Label(_) => "label",
            Op::Br(_) => "br",
            Op::BrIf { .. } => "br_if",
            Op::BrTable { .. } => "br_table",
            Op::Unreachable => "unreachable",
            Op::Pick(_) => "pick",
            Op::Put(_) => "put",
            Op::Tee(_) => "tee",
            Op::Drop(_) => "drop",
            Op::Const(_) => "const",
            Op::Select => "select",
            Op::Unary(op) => op.name(),
            Op::Binary(op) => op.name(),
            Op::Compare(op) => op.name(),
            Op::Load(op, _) => op.name(),
            Op::Store(op, _) => op.name(),
            Op::Vector(op) => op.name(),
            Op::Lane(op, _) => op.name(),
            Op::Shuffle(_) => "i8x16.shuffle",
            Op::LoadLane(op, ..) => op.name(),
            Op::StoreLane(op, ..) => op.name(),
            Op::GlobalGet { .. } => "global.get",
            Op::GlobalSet(_) => "global.set",
            Op::MemorySize => "memory.size",
            Op::MemoryGrow => "memory.grow",
            Op::MemoryFill => "memory.fill",
            Op::MemoryCopy => "memory.copy",
            Op::MemoryInit(_) => "memory.init",
            Op::DataDrop(_) => "data.drop",
            Op::TableGet { .. } => "table.get",
            Op::TableSet(_) => "table.set",
            Op::TableSize(_) => "table.size",
            Op::TableGrow(_) => "table.grow",
            Op::TableFill(_) => "table.fill",
            Op::TableCopy { .. } => "table.copy",
            Op::TableInit { .. } => "table.init",
            Op::ElemDrop(_) => "elem.drop",
            Op::RefFunc(_) => "ref.func",
            Op::Call { .. } => "call",
            Op::CallIndirect { .. } => "call_indirect",
        });
    }
}
