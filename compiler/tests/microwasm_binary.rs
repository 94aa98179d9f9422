//! The binary format: what is written is read again, however it arrives, and what is wrong is refused.

mod common;

use lightbeam::CompileError;
use lightbeam::microwasm::binary::{Decoder, Encoder, encode, opcodes};
use lightbeam::microwasm::{Both, Callers, FuncType, Label, Op, Sink, Target, VERSION};
use lightbeam::wasm::module::ModuleInfo;
use lightbeam::wasm::stream::Frontend;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::fmt::Write;

/// Remembers every operator as text, and where functions begin and end.
#[derive(Default)]
struct Record {
    calls: Vec<String>,
    offsets: Vec<u32>,
}

impl Sink for Record {
    fn module(&mut self, module: &ModuleInfo) {
        // Without code, the front end tells of a module when it knows its data segments already.
        self.calls.push(format!("{:?}", ModuleInfo { data: Vec::new(), ..module.clone() }));
    }

    fn begin(&mut self, index: u32, ty: &FuncType, offset: u32) {
        self.calls.push(format!("begin {index} {ty:?}"));
        self.offsets.push(offset);
    }

    fn at(&mut self, offset: u32) {
        self.offsets.push(offset);
    }

    fn op(&mut self, op: Op<'_>) {
        self.calls.push(format!("{op:?}"));
    }

    fn end(&mut self) {
        self.calls.push("end".to_string());
    }
}

/// Lends a record to a decoder: one that fails keeps its sink.
struct Borrowed<'a>(&'a mut Record);

impl Sink for Borrowed<'_> {
    fn module(&mut self, module: &ModuleInfo) {
        self.0.module(module);
    }

    fn begin(&mut self, index: u32, ty: &FuncType, offset: u32) {
        self.0.begin(index, ty, offset);
    }

    fn at(&mut self, offset: u32) {
        self.0.at(offset);
    }

    fn op(&mut self, op: Op<'_>) {
        self.0.op(op);
    }

    fn end(&mut self) {
        self.0.end();
    }
}

/// A module of the binary format, what it declares, and its calls.
fn written(wasm: &[u8]) -> (Vec<u8>, ModuleInfo, Vec<String>) {
    let mut frontend = Frontend::new(Both(Encoder::new(Vec::new()), Record::default()));
    frontend.push(wasm).expect("a valid module");
    let (info, Both(encoder, record)) = frontend.finish().expect("a valid module");
    (encoder.finish(&info).expect("a vector takes everything"), info, record.calls)
}

/// Reads bytes in chunks of this size: everything that was seen, and how it ended.
fn read(bytes: &[u8], chunk: usize) -> (Vec<String>, Vec<u32>, Result<ModuleInfo, CompileError>) {
    let mut record = Record::default();
    let mut decoder = Decoder::new(Borrowed(&mut record));
    let pushed = bytes.chunks(chunk).try_for_each(|bytes| decoder.push(bytes));
    let result = pushed.and_then(|()| decoder.finish()).map(|(info, _)| info);
    (record.calls, record.offsets, result)
}

/// A module with every kind of declaration and of control.
fn sample() -> Vec<u8> {
    let text = r#"(module
        (import "a" "f" (func $imported (param i32)))
        (import "a" "g" (global $base i32))
        (type $pair (func (param i32 i64) (result i32 i64)))
        (memory (export "memory") 1 9)
        (table $t 4 8 funcref) (table $x 2 externref)
        (global $m (mut i64) (i64.const -5000000000)) (global f32 (f32.const nan:0x200001))
        (global externref (ref.null extern))
        (func $start (export "start") (call $imported (i32.const 1000)))
        (start $start)
        (elem (table $t) (global.get $base) func $start $start)
        (elem funcref (ref.null func) (ref.func $start))
        (elem declare func $start)
        (data (i32.const 8) "hello") (data "passive") (data (global.get $base) "")
        (func (param i32 i64) (result i32 i64) (local f64 f64 externref)
          (block (result i32)
            (loop $l
              (br_if $l (i32.load offset=300 (local.get 0)))
              (if (local.get 0) (then (br $l)) (else unreachable)))
            (i32.const -70000))
          (local.get 1)
          (block $b (param i32 i64) (result i32 i64)
            (if $i (param i32 i64) (result i32 i64) (i32.const 0) (then) (else))
            (br_table $b $b 1 (i32.const 1)))
          (memory.init 1 (i32.const 0) (i32.const 1) (i32.const 2)) (data.drop 1)
          (table.set $x (i32.const 0) (local.get 4)) (drop (table.get $x (i32.const 1)))
          (drop (f64.const 1.5)) (drop (call_indirect $t (type $pair) (i32.const 1) (i64.const 2) (i32.const 3))) drop))"#;
    wat::parse_str(text).expect("well-formed text")
}

#[test]
fn suite_comes_back() {
    let mut modules = 0;
    common::suite_modules(|name, wasm| {
        let (bytes, info, calls) = written(wasm);
        let (found, _, result) = read(&bytes, bytes.len());
        assert_eq!(result.as_ref(), Ok(&info), "{name}");
        assert_eq!(found, calls, "{name}");
        modules += 1;
    });
    assert!(modules > 1000, "{modules} modules");
}

#[test]
fn any_chunks_are_the_same() {
    let (bytes, info, calls) = written(&sample());
    assert_eq!(encode(&sample()).as_ref(), Ok(&bytes));
    let (found, offsets, result) = read(&bytes, bytes.len());
    assert_eq!((&found, result), (&calls, Ok(info.clone())));
    for chunk in 1..bytes.len() {
        assert_eq!(read(&bytes, chunk), (found.clone(), offsets.clone(), Ok(info.clone())), "chunks of {chunk}");
    }
}

#[test]
fn a_part_is_a_prefix() {
    let (bytes, _, calls) = written(&sample());
    for length in 0..bytes.len() {
        let (found, _, result) = read(&bytes[..length], length.max(1));
        assert_eq!(result, Err(CompileError::UnexpectedEnd { offset: length as u64 }));
        assert!(calls.starts_with(&found), "{length} bytes");
    }
    let longer = [&bytes[..], &[0]].concat();
    let message = "bytes after the module's end".to_string();
    let expected = CompileError::Microwasm { offset: bytes.len() as u64, label: None, message };
    assert_eq!(read(&longer, 7).2, Err(expected));
}

#[test]
fn what_is_wrong_does_not_depend_on_chunks() {
    let (bytes, ..) = written(&sample());
    let mut random = StdRng::seed_from_u64(1);
    let mut refused = 0;
    for _ in 0..20_000 {
        let mut bytes = bytes.clone();
        for _ in 0..random.random_range(1..4) {
            let at = random.random_range(0..bytes.len());
            bytes[at] = random.random();
        }
        let whole = read(&bytes, bytes.len());
        assert_eq!(read(&bytes, random.random_range(1..9)), whole);
        refused += usize::from(whole.2.is_err());
    }
    assert!(refused > 10_000, "{refused} are refused");
}

#[test]
fn magic_and_version_are_named() {
    assert_eq!(read(b"\0mwm\x05", 1).2, Err(CompileError::Version { found: 5 }));
    let (_, _, result) = read(b"\0asm\x01\0\0\0", 3);
    assert!(matches!(result, Err(CompileError::Microwasm { offset: 0, label: None, .. })), "{result:?}");
}

/// A module with one function without parameters and results, and this as its code.
fn function(write: impl FnOnce(&mut dyn Sink)) -> Vec<u8> {
    let info = ModuleInfo { types: vec![FuncType::default()], funcs: vec![0], ..ModuleInfo::default() };
    let mut encoder = Encoder::new(Vec::new());
    encoder.module(&info);
    encoder.begin(0, &info.types[0], 0);
    write(&mut encoder);
    encoder.end();
    encoder.finish(&info).expect("a vector takes everything")
}

#[test]
fn an_error_names_operator_and_label() {
    let bytes = function(|sink| {
        let def = Op::Def { label: Label(0), keep: 0, params: &[], callers: Callers::Many, backward: false };
        sink.op(def);
        sink.op(Op::Br(Target::Return));
        sink.op(Op::Label(Label(0)));
    });
    let (_, offsets, result) = read(&bytes, 1);
    let Err(CompileError::Microwasm { offset, label, message }) = result else { panic!("{result:?}") };
    assert_eq!((label, message.as_str()), (Some(0), "M7: nothing branches to the label"));
    assert_eq!(Some(offset), offsets.last().map(|last| u64::from(*last)));
}

#[test]
fn two_ends_are_one_byte() {
    let blocks = |count: u32| {
        function(|sink| {
            for label in 0..count {
                let label = Label(label);
                sink.op(Op::Def { label, keep: 0, params: &[], callers: Callers::Many, backward: false });
            }
            for label in (0..count).rev() {
                sink.op(Op::Br(Target::Label(Label(label))));
                sink.op(Op::Label(Label(label)));
            }
            sink.op(Op::Br(Target::Return));
        })
    };
    let code = |count| blocks(count).len() - blocks(0).len();
    assert_eq!([1, 2, 3, 4].map(code), [2, 3, 5, 6]);
    // Two ends of one block.
    let opcode = |means: &str| opcodes().iter().find(|row| row.3 == means).expect("it has a row").0[0];
    let mut bytes = blocks(1);
    let at = bytes.iter().rposition(|byte| *byte == opcode("`br 0; 0:`")).expect("the block ends");
    bytes[at] = opcode("`br 0; 0: br 0; 0:`");
    let (.., result) = read(&bytes, 1);
    let Err(CompileError::Microwasm { offset, message, .. }) = result else { panic!("{result:?}") };
    assert_eq!((offset, message.as_str()), (at as u64, "M6: no label is 0 below the newest"));
}

/// Says random operators that keep the rules, in orders that Wasm does not have.
fn random_function(random: &mut StdRng, sink: &mut dyn Sink) {
    // For each open label: its kind, whether it is branched to, and bound.
    let mut labels: Vec<(Callers, bool, bool, bool)> = Vec::new();
    let mut dead = false;
    for _ in 0..random.random_range(1..200) {
        let top = labels.len();
        let free = labels.iter().rposition(|(_, _, branched, bound)| *branched && !bound).map_or(0, |at| at + 1);
        let number = random.random_range(0..=top);
        match random.random_range(0..6) {
            0 | 1 => {
                let number = number.max(free);
                let backward = random.random::<bool>();
                let callers = if !backward && random.random() { Callers::One } else { Callers::Many };
                labels.truncate(number);
                labels.push((callers, backward, false, false));
                sink.op(Op::Def { label: Label(number as u32), keep: 0, params: &[], callers, backward });
            }
            2 if dead && number < top && number + 1 >= free => {
                let (_, backward, branched, bound) = labels[number];
                if bound || !(branched || backward) {
                    continue;
                }
                sink.op(Op::Label(Label(number as u32)));
                dead = false;
                if backward {
                    labels[number].3 = true;
                } else {
                    labels.truncate(number);
                }
            }
            3 | 4 if !dead && number < top => {
                let (callers, _, branched, _) = labels[number];
                if branched && callers == Callers::One {
                    continue;
                }
                labels[number].2 = true;
                dead = true;
                let target = Target::Label(Label(number as u32));
                if random.random() {
                    sink.op(Op::Br(target));
                } else {
                    sink.op(Op::Const(lightbeam::microwasm::Const::I32(random.random())));
                    let (then, otherwise) =
                        if random.random() { (target, Target::Return) } else { (Target::Return, target) };
                    sink.op(Op::BrIf { then, otherwise });
                }
            }
            5 if !dead && top == 0 => {
                sink.op(Op::Unreachable);
                dead = true;
            }
            _ => {}
        }
    }
    // Bind what has to be bound, from the top.
    while let Some((_, _, branched, bound)) = labels.pop() {
        if branched && !bound {
            if !dead {
                sink.op(Op::Br(Target::Return));
            }
            sink.op(Op::Label(Label(labels.len() as u32)));
            dead = false;
        }
    }
    if !dead {
        sink.op(Op::Br(Target::Return));
    }
}

#[test]
fn what_wasm_cannot_say_comes_back() {
    let mut operators = 0;
    for seed in 0..3000 {
        let mut record = Record::default();
        random_function(&mut StdRng::seed_from_u64(seed), &mut record);
        let bytes = function(|sink| random_function(&mut StdRng::seed_from_u64(seed), sink));
        let (found, _, result) = read(&bytes, 1 + seed as usize % 7);
        assert_eq!(result.err(), None, "seed {seed}: {:#?}", record.calls);
        assert_eq!(found[2..found.len() - 1], record.calls, "seed {seed}");
        operators += record.calls.len();
    }
    assert!(operators > 50_000, "{operators} operators");
}

const START: &str = "<!-- opcodes: generated by compiler/tests/microwasm_binary.rs -->\n";
const END: &str = "<!-- end -->\n";

/// The table of opcodes.
fn table() -> String {
    let mut table = String::from("\n| bytes | operator | immediates | abbreviates |\n|---|---|---|---|\n");
    for (bytes, name, immediates, meaning) in opcodes() {
        let bytes: Vec<_> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        writeln!(table, "| `{}` | {name} | {immediates} | {meaning} |", bytes.join(" "))
            .expect("a string takes everything");
    }
    table + "\n"
}

#[test]
fn the_opcodes_are_those_of_the_code() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("MICROWASM.md");
    let text = std::fs::read_to_string(&path).expect("the specification lies beside the sources");
    assert!(text.contains(&format!("then `{VERSION}`, the version")), "the specification states the version");
    let start = text.find(START).expect("the table has a place") + START.len();
    let end = start + text[start..].find(END).expect("the table ends");
    if std::env::var_os("BLESS").is_some() {
        let blessed = format!("{}{}{}", &text[..start], table(), &text[end..]);
        std::fs::write(path, blessed).expect("the specification can be written");
    } else {
        assert_eq!(&text[start..end], table(), "run with BLESS=1 and look at what changed");
    }
}
