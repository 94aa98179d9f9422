//! `lightbeam run`: one module, one function, its results.

use super::{FINE, FOUND, jobs, say, write_json};
use crate::engines::ours::value_type;
use crate::shape::Shape;
use crate::source::Source;
use crate::value::{FuncIdentity, Value, ValueType};
use crate::wast::by_name;
use anyhow::{Context, Result, bail};
use lightbeam::wasm::module::ExportKind;
use serde::Serialize;
use std::path::PathBuf;

/// Calls an exported function of a module and prints its results.
///
/// Without --invoke: `_start`, or else `run`, or else the only exported function. Imports are those of `spectest`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  lightbeam run fib.wat --invoke fib 30
  lightbeam run fib.wasm --invoke fib 30 --engine cranelift
  lightbeam run m.wat --invoke add -- -1.5 nan:0x7fc00001
  lightbeam run fib.wasm --invoke fib 30 --engine lightbeam:no-fuse-test+baseline
  lightbeam run corpora/microwasm/threaded.mwat --engine microwasm")]
pub struct Args {
    /// The module: .wasm, .wat, .mwasm or .mwat
    file: PathBuf,
    /// The exported function
    #[arg(long, value_name = "NAME")]
    invoke: Option<String>,
    /// Its arguments: decimal or 0x; floats also as inf, nan, or nan: with all their bits
    #[arg(allow_hyphen_values = true)]
    args: Vec<String>,
    /// The engine, or a configuration of lightbeam: lightbeam:PART+PART
    #[arg(long, value_name = "NAME", default_value = "lightbeam")]
    engine: String,
    /// How many threads may compile the module; our engine only
    #[arg(long, value_name = "N", value_parser = jobs::count)]
    jobs: Option<usize>,
    /// Where to write the outcome
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// How the call ended.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// It returned these values.
    Results(Vec<String>),
    /// It, or the instantiation, did not return, and why.
    Failure(String),
}

/// Runs the command.
///
/// # Errors
///
/// If the module cannot be read, is refused, or has no such function.
pub fn run(args: &Args) -> Result<u8> {
    let source = Source::read(&args.file)?;
    let mut embedding = by_name(&engine(args)?)?;
    let module = match embedding.define_source(&source) {
        Ok(module) => module,
        Err(rejection) => bail!("{rejection}"),
    };
    let (name, params) = choose(&exports(&source)?, args.invoke.as_deref())?;
    let values = arguments(&params, &args.args)?;
    let outcome = match embedding.instantiate(module) {
        Err(failure) => Outcome::Failure(format!("instantiation {failure}")),
        Ok(instance) => match embedding.invoke(instance, &name, &values) {
            Ok(results) => Outcome::Results(results.iter().map(ToString::to_string).collect()),
            Err(failure) => Outcome::Failure(failure.to_string()),
        },
    };
    if let Some(path) = &args.json {
        write_json(path, &outcome)?;
    }
    Ok(match outcome {
        Outcome::Results(results) => {
            results.iter().for_each(say);
            FINE
        }
        Outcome::Failure(failure) => {
            say(failure);
            FOUND
        }
    })
}

/// The engine's name with the number of jobs in it.
fn engine(args: &Args) -> Result<String> {
    let Some(jobs) = args.jobs else { return Ok(args.engine.clone()) };
    let Some(parts) = args.engine.strip_prefix("lightbeam") else { bail!("--jobs is for lightbeam") };
    Ok(format!("lightbeam:jobs={jobs}+{}", parts.trim_start_matches(':')))
}

/// An exported function: its name and its parameters.
type Exported = (String, Vec<ValueType>);

fn exports(source: &Source) -> Result<Vec<Exported>> {
    if let Source::Wasm(wasm) = source {
        let shape = Shape::parse(wasm)?;
        let exported = shape.exported_funcs.iter();
        return Ok(exported.map(|(name, func)| (name.clone(), shape.func_type(*func).params.clone())).collect());
    }
    let (info, ()) = source.say(())?;
    let exported = info.exports.iter().filter_map(|export| match export.kind {
        ExportKind::Func(func) => {
            let params = info.func_type(func).params.iter();
            Some((export.name.to_string(), params.map(|ty| value_type(*ty)).collect()))
        }
        _ => None,
    });
    Ok(exported.collect())
}

fn choose(exported: &[Exported], wanted: Option<&str>) -> Result<Exported> {
    let find = |name: &str| exported.iter().find(|(exported, _)| exported == name).cloned();
    if let Some(name) = wanted {
        return find(name).with_context(|| format!("no function `{name}` is exported"));
    }
    let only = if let [only] = exported { Some(only.clone()) } else { None };
    find("_start").or_else(|| find("run")).or(only).context("say by --invoke which of the exported functions to call")
}

fn arguments(params: &[ValueType], words: &[String]) -> Result<Vec<Value>> {
    if params.len() != words.len() {
        bail!("the function takes {} arguments, not {}", params.len(), words.len());
    }
    let pairs = params.iter().zip(words);
    pairs.map(|(ty, word)| argument(*ty, word).with_context(|| format!("`{word}` is no {ty}"))).collect()
}

fn argument(ty: ValueType, word: &str) -> Option<Value> {
    let bits = |word: &str| u64::from_str_radix(word.strip_prefix("0x")?, 16).ok();
    let integer = |least: i128, most: i128| {
        let value = bits(word).map(i128::from).or_else(|| word.parse::<i128>().ok())?;
        (least..=most).contains(&value).then_some(value)
    };
    let nan = word.strip_prefix("nan:").map(bits);
    Some(match ty {
        ValueType::I32 => Value::I32(integer(i32::MIN.into(), u32::MAX.into())? as u32),
        ValueType::I64 => Value::I64(integer(i64::MIN.into(), u64::MAX.into())? as u64),
        ValueType::F32 => match nan {
            Some(bits) => Value::F32(u32::try_from(bits?).ok()?),
            None => Value::F32(word.parse::<f32>().ok()?.to_bits()),
        },
        ValueType::F64 => match nan {
            Some(bits) => Value::F64(bits?),
            None => Value::F64(word.parse::<f64>().ok()?.to_bits()),
        },
        ValueType::FuncRef if word == "null" => Value::FuncRef(FuncIdentity::Null),
        ValueType::ExternRef if word == "null" => Value::ExternRef(None),
        ValueType::ExternRef => Value::ExternRef(Some(word.parse().ok()?)),
        // All 128 bits.
        ValueType::V128 => Value::V128(u128::from_str_radix(word.strip_prefix("0x")?, 16).ok()?),
        ValueType::FuncRef => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_keep_their_bits() {
        assert_eq!(argument(ValueType::I32, "-1"), Some(Value::I32(u32::MAX)));
        assert_eq!(argument(ValueType::I32, "0xffffffff"), Some(Value::I32(u32::MAX)));
        assert_eq!(argument(ValueType::I32, "4294967296"), None);
        assert_eq!(argument(ValueType::F32, "nan:0x7fa00001"), Some(Value::F32(0x7fa0_0001)));
        assert_eq!(argument(ValueType::F64, "-0"), Some(Value::F64(1 << 63)));
        assert_eq!(argument(ValueType::V128, "0x10000000000000000"), Some(Value::V128(1 << 64)));
        assert_eq!(argument(ValueType::ExternRef, "7"), Some(Value::ExternRef(Some(7))));
    }
}
