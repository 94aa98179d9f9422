//! Families of modules on which compilers take more than linear time ("compiler bombs"), and the measure of whether
//! ours does not: its deterministic work counter at a size and at twice, four times and eight times that.
//!
//! `corpora/pathological/README.md` says what each family strains, and how to add one.

mod branches;
mod draft;
mod layout;
mod locals;
mod modules;
mod nesting;
pub mod ordinary;
pub mod recipe;
mod registers;
mod stack;
pub mod validation;
mod values;

use anyhow::{Context, Result};
use lightbeam::Work;
use lightbeam::compile::{CompilerConfig, compile};
use validation::steps;

/// What the work on a family is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The bytes of the module.
    Bytes,
    /// The steps of validation, for this reason: where an operator of a few bytes stands for many values, validation
    /// deals with each of them.
    Validation(&'static str),
}

/// How many times the size that tests begin with is surely possible.
pub const LARGEST: u32 = 32;

/// Modules of one shape in any size.
#[derive(Debug, Clone, Copy)]
pub struct Family {
    /// Its name in tables and on the command line.
    pub name: &'static str,
    /// What it strains.
    pub strains: &'static str,
    /// The size that tests begin with. Up to [`LARGEST`] times as large a module keeps the limits that all engines have.
    pub size: u32,
    /// What its work is compared with.
    pub bound: Bound,
    /// The module of a size: its bytes grow with that.
    pub build: fn(u32) -> Vec<u8>,
}

impl Family {
    const fn new(name: &'static str, strains: &'static str, size: u32, build: fn(u32) -> Vec<u8>) -> Family {
        Family { name, strains, size, bound: Bound::Bytes, build }
    }

    const fn bound(self, bound: Bound) -> Family {
        Family { bound, ..self }
    }
}

/// All families, kind by kind.
pub fn families() -> impl Iterator<Item = &'static Family> {
    let kinds = [
        nesting::FAMILIES,
        locals::FAMILIES,
        stack::FAMILIES,
        values::FAMILIES,
        branches::FAMILIES,
        registers::FAMILIES,
        layout::FAMILIES,
        modules::FAMILIES,
    ];
    kinds.into_iter().flatten()
}

/// What compiling one module took, and validating it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    /// The compiler's work.
    pub work: Work,
    /// The steps of validation, see [`validation::steps`].
    pub validation: u64,
}

impl Measured {
    /// Compiles a module and counts.
    ///
    /// # Errors
    ///
    /// If the module is not valid, or we do not support it.
    pub fn of(wasm: &[u8], config: &CompilerConfig) -> Result<Measured> {
        let compiled = compile(wasm, config).context("the module cannot be compiled")?;
        Ok(Measured { work: compiled.work, validation: steps(wasm)? })
    }

    /// What bounds the work.
    pub fn measure(&self, bound: Bound) -> u64 {
        match bound {
            Bound::Bytes => self.work.input_bytes,
            Bound::Validation(_) => self.validation,
        }
    }

    /// The work by what bounds it.
    pub fn cost(&self, bound: Bound) -> f64 {
        self.work.total() as f64 / self.measure(bound) as f64
    }

    /// The exponent with which the work of ever larger modules of a family grows with what bounds it.
    pub fn growth(modules: &[Measured], bound: Bound) -> Option<f64> {
        // Where we do nothing at all, that grows with exponent 0.
        exponent(modules.iter().map(|one| (one.measure(bound) as f64, one.work.total().max(1) as f64)))
    }
}

/// The exponent with which `y` grows with `x`: the slope of the line of least squares through the points' logarithms.
/// `None` for fewer than two different values of `x`.
pub fn exponent(points: impl IntoIterator<Item = (f64, f64)>) -> Option<f64> {
    let logs: Vec<(f64, f64)> = points.into_iter().map(|(x, y)| (x.ln(), y.ln())).collect();
    let count = logs.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = logs.iter().map(|point| (point.0 - x).powi(2)).sum();
    let slope = logs.iter().map(|point| (point.0 - x) * (point.1 - y)).sum::<f64>() / spread;
    (spread > 0.0).then_some(slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_are_those_of_powers() {
        let powers = |of: f64| exponent([1.0_f64, 2.0, 4.0, 8.0].map(|x| (x, 3.0 * x.powf(of))));
        assert!(powers(2.0).is_some_and(|slope| (slope - 2.0).abs() < 1e-9));
        assert!(powers(1.0).is_some_and(|slope| (slope - 1.0).abs() < 1e-9));
        assert_eq!(exponent([(5.0, 1.0), (5.0, 2.0)]), None);
    }

    #[test]
    fn names_are_distinct_and_sizes_are_proportional_to_bytes() {
        let mut names: Vec<_> = families().map(|family| family.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), families().count());
        for family in families() {
            let points = [1, 2, 4].map(|times| {
                let size = family.size * times;
                (f64::from(size), (family.build)(size).len() as f64)
            });
            let grows = exponent(points).expect("the sizes differ");
            // Names and types that are all different become longer, the more there are.
            // Beside values by the thousand, the code that makes them once is most of a small module.
            let least = if family.bound == Bound::Bytes { 0.8 } else { 0.0 };
            assert!((least..=1.15).contains(&grows), "{}: bytes grow with exponent {grows:.3}", family.name);
        }
    }

    #[test]
    fn the_largest_modules_keep_the_limits() {
        for family in families() {
            let wasm = (family.build)(LARGEST * family.size);
            if let Err(error) = compile(&wasm, &CompilerConfig::native().expect("this processor")) {
                panic!("{}: {error}", family.name);
            }
        }
    }
}
