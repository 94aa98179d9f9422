//! Shows that blame falls on the right half of the compiler: engines with a bug in the one or the
//! other, and a worker that dies.

mod common;

use common::{finish, lightbeam};
use lightbeam_harness::blame::{self, Blame};
use lightbeam_harness::compare::{self, Report};
use lightbeam_harness::engine::{Engine, Module};
use lightbeam_harness::engines::by_name;
use lightbeam_harness::engines::filtered::Filtered;
use lightbeam_harness::finding::Finding;
use lightbeam_harness::outcome::{Outcome, Rejection};
use lightbeam_harness::plan::{Case, Plan};
use lightbeam_harness::shape::Shape;
use lightbeam_harness::value::Value;

/// What an engine does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// The front end reads an addition for each subtraction.
    Misread,
    /// The front end refuses every module.
    Refuses,
    /// The front end panics.
    FrontPanics,
    /// The back end flips a bit of each result.
    Flips,
    /// The back end panics when something has run.
    BackPanics,
    /// The back end says that its stack is exhausted.
    Exhausted,
}

impl Fault {
    fn in_front(self) -> bool {
        matches!(self, Fault::Misread | Fault::Refuses | Fault::FrontPanics)
    }
}

/// An engine with faults.
struct Faulty {
    inner: Box<dyn Engine>,
    faults: Vec<Fault>,
}

const SUBTRACTION: u8 = 0x6b;
const ADDITION: u8 = 0x6a;

impl Engine for Faulty {
    fn name(&self) -> &str {
        "faulty"
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, Rejection> {
        if self.faults.contains(&Fault::Refuses) {
            return Err(Rejection::Invalid("made up".to_string()));
        }
        assert!(!self.faults.contains(&Fault::FrontPanics), "made up");
        let mut wasm = wasm.to_vec();
        if self.faults.contains(&Fault::Misread) {
            for offset in subtractions(&wasm) {
                assert_eq!(std::mem::replace(&mut wasm[offset], ADDITION), SUBTRACTION);
            }
        }
        let faults = self.faults.clone();
        Ok(Box::new(Filtered::new(self.inner.compile(&wasm)?, move |outcome| ended(&faults, outcome))))
    }
}

/// The offsets of all operators `i32.sub`.
fn subtractions(wasm: &[u8]) -> Vec<usize> {
    let bodies = wasmparser::Parser::new(0).parse_all(wasm).filter_map(|payload| {
        match payload.expect("the module is well-formed") {
            wasmparser::Payload::CodeSectionEntry(body) => Some(body),
            _ => None,
        }
    });
    bodies
        .flat_map(|body| body.get_operators_reader().expect("the body is well-formed").into_iter_with_offsets())
        .map(|operator| operator.expect("the body is well-formed"))
        .filter(|(operator, _)| *operator == wasmparser::Operator::I32Sub)
        .map(|(_, offset)| offset as usize)
        .collect()
}

/// How an instantiation or a call ends with these faults of the back end.
fn ended(faults: &[Fault], outcome: Outcome) -> Outcome {
    assert!(!faults.contains(&Fault::BackPanics), "made up");
    match outcome {
        _ if faults.contains(&Fault::Exhausted) => Outcome::Poison("made up".to_string()),
        Outcome::Returned(values) if faults.contains(&Fault::Flips) => {
            let flip = |value| if let Value::I32(bits) = value { Value::I32(bits ^ 0x80) } else { value };
            Outcome::Returned(values.into_iter().map(flip).collect())
        }
        outcome => outcome,
    }
}

fn engine(name: &str, faults: &[Fault]) -> Faulty {
    Faulty { inner: by_name(name).expect("the engine is known"), faults: faults.to_vec() }
}

/// A case in which a subtraction shows, and its calls with other numbers later.
fn case() -> Case {
    let wasm = wat::parse_str(
        r#"(module (global $g (mut i32) (i32.const 0))
            (func (export "same") (param i32) (result i32) (local.get 0))
            (func (export "minus") (param i32 i32) (result i32)
                (global.set $g (i32.add (global.get $g) (i32.const 1)))
                (i32.sub (local.get 0) (i32.or (local.get 1) (i32.const 1)))))"#,
    )
    .expect("the text is well-formed");
    let shape = Shape::parse(&wasm).expect("the shape is within Wasm 2.0");
    let plan = Plan::real(&shape, 5);
    Case { wasm, plan }
}

/// Who is to blame when the compiler has these faults, of which the interpreter has those of the
/// front end, and perhaps some of its own.
fn verdict(compiler: &[Fault], interpreter: &[Fault]) -> Blame {
    let (oracle, case) = (by_name("cranelift-none").expect("the engine is known"), case());
    let ours = engine("lightbeam", compiler);
    let front: Vec<Fault> = compiler.iter().copied().filter(|fault| fault.in_front()).collect();
    let interpreter = engine("microwasm", &[&front[..], interpreter].concat());
    let divergence = compare::run(&ours, &*oracle, &case).divergence.expect("the fault shows");
    blame::blame(&ours, &*oracle, &interpreter, &case, &divergence)
}

#[test]
fn a_fault_of_the_back_end_is_its_own() {
    assert_eq!(verdict(&[Fault::Flips], &[]), Blame::BackEnd);
    assert_eq!(verdict(&[Fault::BackPanics], &[]), Blame::BackEnd);
}

#[test]
fn a_fault_of_the_front_end_is_its_own() {
    assert_eq!(verdict(&[Fault::Misread], &[]), Blame::FrontEnd);
    assert_eq!(verdict(&[Fault::Refuses], &[]), Blame::FrontEnd);
    assert_eq!(verdict(&[Fault::FrontPanics], &[]), Blame::FrontEnd);
}

#[test]
fn what_proves_nothing_is_said_to_be_unclear() {
    let reason = |blame| match blame {
        Blame::Unclear(reason) => reason,
        other => panic!("{other}"),
    };
    assert_eq!(reason(verdict(&[Fault::Misread, Fault::Flips], &[])), "three different results");
    let exhausted = reason(verdict(&[Fault::Flips], &[Fault::Exhausted]));
    assert_eq!(exhausted, "the interpreter and the oracle: made up");
}

/// The engines of every day have their blame computed where their cases run.
#[test]
fn only_lightbeam_has_halves() {
    let (oracle, case) = (by_name("cranelift-none").expect("the engine is known"), case());
    let faulty = engine("lightbeam", &[Fault::Flips]);
    let divergence = compare::run(&faulty, &*oracle, &case).divergence.expect("the fault shows");
    assert_eq!(blame::of(&faulty, &*oracle, &case, &divergence), None);
    // Lightbeam itself is right, and so is the interpreter.
    let ours = by_name("lightbeam").expect("the engine is known");
    assert_eq!(blame::of(&*ours, &*oracle, &case, &divergence), Some(Blame::BackEnd));
}

#[test]
fn a_death_is_blamed_by_what_the_interpreter_shows() {
    assert_eq!(blame::after_death(Ok(Report::default())), Blame::BackEnd);
    let unclear = |report| matches!(blame::after_death(report), Blame::Unclear(_));
    assert!(unclear(Err("crash: SIGSEGV".to_string())));
    assert!(unclear(Ok(Report { no_verdict: Some("stack".to_string()), ..Report::default() })));
}

#[test]
fn a_finding_says_who_is_to_blame() {
    let (oracle, case) = (by_name("cranelift-none").expect("the engine is known"), case());
    let ours = engine("lightbeam", &[Fault::Misread]);
    let divergence = compare::run(&ours, &*oracle, &case).divergence.expect("the fault shows");
    let new = |blame| Finding::new("a test".to_string(), "lightbeam", "cranelift", divergence.clone(), blame);
    let folder = tempfile::tempdir().expect("a folder");
    let path = new(Some(Blame::FrontEnd)).write(&case, folder.path()).expect("the folder can be written");
    let text = std::fs::read_to_string(path.with_extension("wat")).expect("it was written");
    assert!(text.contains(";;            blame: front end\n"), "{text}");
    let json = std::fs::read_to_string(path.with_extension("json")).expect("it was written");
    assert!(json.contains("\"blame\": \"front-end\""), "{json}");
    let finding: Finding = serde_json::from_str(&json).expect("it reads what it writes");
    assert_eq!(finding.blame, Some(Blame::FrontEnd));
    assert!(!new(None).to_string().contains("blame"));
}

/// A worker that dies as the compiler under test, and is well as the interpreter.
#[test]
fn a_crash_of_machine_code_is_blamed_on_the_back_end() {
    use std::os::unix::fs::PermissionsExt;
    let out = tempfile::tempdir().expect("a folder");
    let worker = out.path().join("worker.sh");
    let binary = env!("CARGO_BIN_EXE_lightbeam");
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in *\"--engine microwasm \"*) exec {binary} \"$@\";; esac\n\
         read line\necho '{{\"start\":{{\"number\":0}}}}'\nkill -SEGV $$\n"
    );
    std::fs::write(&worker, script).expect("the folder can be written");
    std::fs::set_permissions(&worker, std::fs::Permissions::from_mode(0o755)).expect("the file is ours");
    let folder = out.path().join("findings");
    let args = ["diff", "--modules", "2", "--jobs", "1", "--engine", "lightbeam", "--out", &folder.to_string_lossy()];
    let mut command = lightbeam(&args);
    command.env("LIGHTBEAM_WORKER", &worker);
    let (text, code) = finish(command);
    assert_eq!(code, Some(1), "{text}");
    assert_eq!(text.matches("blame: back end").count(), 2, "{text}");
}
