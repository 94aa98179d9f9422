//! Which optional rewrite of the code generator a divergence needs: a search over how many may happen.

use crate::compare;
use crate::engines::setup::Setup;
use crate::plan::Case;
use crate::reduce::predicate::Judge;
use crate::rewrite::operators;
use anyhow::{Context, Result, bail};
use lightbeam::compile::Compiler;
use serde::Serialize;
use std::fmt;
use wasmparser::{Parser, Payload};

/// What the search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Culprit {
    /// The divergence is there without any rewrite.
    NoRewrite,
    /// It needs this one.
    Rewrite(Site),
    /// It needs this many, of which the last one happens in code that the runtime makes rather than in the module's.
    Beyond(u64),
}

/// A rewrite of a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Site {
    /// Its number in the module, from 1.
    pub number: u64,
    /// Its kind.
    pub kind: String,
    /// The function at work.
    pub func: u32,
    /// The byte offset of the operator at work, in the module as engines see it.
    pub offset: u32,
    /// That operator.
    pub operator: String,
}

impl fmt::Display for Culprit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Culprit::NoRewrite => f.write_str("none: it is there without any optional rewrite"),
            Culprit::Rewrite(site) => write!(
                f,
                "{} (number {}) at {} in function {}, {:#x}",
                site.kind, site.number, site.operator, site.func, site.offset
            ),
            Culprit::Beyond(number) => write!(f, "number {number}, which is outside of the module's functions"),
        }
    }
}

/// The most rewrites that are taken into account.
const MOST: u64 = 1 << 40;

/// Finds the rewrite that a case's divergence on a configuration of our engine needs.
///
/// # Errors
///
/// If the engine is not ours, if the case does not show the divergence each time, or if a process cannot be started.
pub fn bisect(judge: &Judge<'_>, case: &Case) -> Result<Culprit> {
    let engine = &judge.engine;
    let setup = Setup::parse(engine).context("only lightbeam's rewrites can be counted")?;
    let limited = |limit: u64| format!("{engine}{}limit={limit}", if engine.contains(':') { "+" } else { ":" });
    let diverges = |limit: u64| judge.shows_on(&limited(limit), case);
    if diverges(0)? {
        return Ok(Culprit::NoRewrite);
    }
    let wasm = compare::rewritten(case).map_err(anyhow::Error::msg)?;
    let sites = rewrites(&setup, &wasm)?;
    let (mut without, mut with) = (0, sites.len() as u64);
    // Code that is not the module's has rewrites, too.
    while with < MOST && !diverges(with)? {
        without = with;
        with = with * 2 + 1;
    }
    if with >= MOST {
        bail!("it is not there each time: not with any number of rewrites, although it was with all of them");
    }
    while with - without > 1 {
        let middle = without + (with - without) / 2;
        if diverges(middle)? {
            with = middle;
        } else {
            without = middle;
        }
    }
    let Some(site) = sites.get(with as usize - 1) else { return Ok(Culprit::Beyond(with)) };
    let (func, operator) = operator_at(&wasm, site.wasm_offset);
    Ok(Culprit::Rewrite(Site {
        number: with,
        kind: site.rewrite.name().to_string(),
        func,
        offset: site.wasm_offset,
        operator,
    }))
}

/// Each rewrite of a module, in order.
fn rewrites(setup: &Setup, wasm: &[u8]) -> Result<Vec<lightbeam::x64::rewrites::RewriteSite>> {
    let mut config = setup.compiler_config()?;
    config.listing = true;
    let mut compiler = Compiler::new(&config);
    compiler.push(wasm)?;
    Ok(compiler.finish()?.listing.rewrite_sites)
}

/// The function and the name of the operator at a byte offset, or before it where there is none.
pub fn operator_at(wasm: &[u8], offset: u32) -> (u32, String) {
    let mut func = 0;
    for payload in Parser::new(0).parse_all(wasm).map_while(Result::ok) {
        match payload {
            Payload::ImportSection(imports) => {
                let imports = imports.into_imports().map_while(Result::ok);
                func += imports.filter(|import| matches!(import.ty, wasmparser::TypeRef::Func(_))).count() as u32;
            }
            Payload::CodeSectionEntry(body) => {
                if body.range().contains(&u64::from(offset)) {
                    let operators = body.get_operators_reader().into_iter();
                    let operators = operators.flat_map(|operators| operators.into_iter_with_offsets());
                    let last = operators.map_while(Result::ok).take_while(|(_, at)| *at <= u64::from(offset)).last();
                    let name = last
                        .map_or("the beginning".to_string(), |(operator, _)| operators::name(&operator).to_string());
                    return (func, name);
                }
                func += 1;
            }
            _ => {}
        }
    }
    (func, "no operator".to_string())
}
