//! `bench operators`: what each operator costs, in its kernel: instructions and bytes of its code, nanoseconds, and our time
//! over Cranelift's; and what the code of each is over the programs and the real modules.

use super::rounds::Effort;
use super::stats::Summary;
use super::{Case, Machine};
use crate::kernels::code::{Code, Share, add_module, of_kernel};
use crate::kernels::{self, Kernel, time};
use anyhow::Result;
use lightbeam::compile::CompilerConfig;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// One kernel.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Row {
    /// The kernel's name.
    pub name: String,
    /// The operator's name.
    pub operator: String,
    /// Its code in the kernel.
    pub code: Code,
    /// A digest of the kernel's machine code.
    pub digest: String,
    /// Our nanoseconds for one.
    pub nanoseconds: Option<Summary>,
    /// Our time over Cranelift's.
    pub ratio: Option<Summary>,
    /// Why there are no times, if there should be.
    pub void: Option<String>,
}

/// What was measured.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Where it ran.
    pub machine: Machine,
    /// The features of the CPU that code was compiled for.
    pub features: String,
    /// The kernels.
    pub rows: Vec<Row>,
    /// Whether somebody ended the run before all kernels were measured.
    pub interrupted: bool,
    /// What operators become over the programs of this repository.
    pub programs: BTreeMap<String, Share>,
    /// What operators become over the real modules, as far as they are there.
    pub real: BTreeMap<String, Share>,
}

impl Report {
    /// Kernels without times that should have some.
    pub fn void(&self) -> impl Iterator<Item = (&str, &str)> {
        self.rows.iter().filter_map(|row| Some((row.name.as_str(), row.void.as_deref()?)))
    }
}

/// The kernels whose names contain one of these texts; all without any.
pub fn kernels(only: &[String]) -> Vec<Kernel> {
    let wanted = |name: &str| only.is_empty() || only.iter().any(|text| name.contains(text.as_str()));
    kernels::all().into_iter().filter(|kernel| wanted(&kernel.name)).collect()
}

/// Measures until `stop` becomes true; without an effort only what is deterministic. `progress` hears of each kernel before
/// it starts.
///
/// # Errors
///
/// If an engine cannot run here, or if the compiler refuses a module.
pub fn run(
    kernels: &[Kernel],
    effort: Option<&Effort>,
    stop: &AtomicBool,
    mut progress: impl FnMut(&str),
) -> Result<Report> {
    let wished = || stop.load(Ordering::Relaxed);
    let config = CompilerConfig::native()?;
    let (engine, cranelift) = (time::engine()?, time::cranelift()?);
    let mut rows = Vec::new();
    for kernel in kernels {
        if wished() {
            break;
        }
        progress(&kernel.name);
        let mut row = Row {
            name: kernel.name.clone(),
            operator: kernel.operator.clone(),
            code: of_kernel(kernel, &config)?,
            digest: super::code_digest(&kernel.wasm).unwrap_or_default(),
            nanoseconds: None,
            ratio: None,
            void: None,
        };
        match effort.map(|effort| time::measure(&engine, &cranelift, kernel, effort)) {
            Some(Ok((nanoseconds, ratio))) => (row.nanoseconds, row.ratio) = (Some(nanoseconds), Some(ratio)),
            Some(Err(error)) => row.void = Some(format!("{error:#}")),
            None => {}
        }
        rows.push(row);
    }
    let shares = |cases: Vec<Case>| -> Result<BTreeMap<String, Share>> {
        let mut shares = BTreeMap::new();
        for case in cases {
            add_module(&case.wasm, &config, &mut shares)?;
        }
        Ok(shares)
    };
    let programs = Case::programs().into_iter().chain(Case::simd_programs()).collect();
    Ok(Report {
        machine: Machine::this(),
        features: format!("{:?}", config.features),
        rows,
        interrupted: wished(),
        programs: shares(programs)?,
        real: shares(Case::real_modules()?)?,
    })
}
