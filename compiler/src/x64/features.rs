//! What the CPU can do beyond the x86-64 baseline.

use crate::error::{CompileError, CompileResult};
use raw_cpuid::CpuId;

/// Instruction set extensions that the code generator may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CpuFeatures {
    /// `popcnt`.
    pub popcnt: bool,
    /// `lzcnt`.
    pub lzcnt: bool,
    /// `tzcnt`.
    pub bmi1: bool,
    /// `shlx`, `shrx`, `sarx`.
    pub bmi2: bool,
    /// Three-operand arithmetic on floats and vectors. Comes with SSE4.2.
    pub avx: bool,
    /// Spreading bytes and words over a vector. Needs `avx`.
    pub avx2: bool,
    /// Multiplication and addition in one. Needs `avx`.
    pub fma: bool,
}

impl CpuFeatures {
    /// Only what every supported CPU has: SSE4.1.
    pub const BASELINE: CpuFeatures =
        CpuFeatures { popcnt: false, lzcnt: false, bmi1: false, bmi2: false, avx: false, avx2: false, fma: false };

    /// What the CPU that this runs on has.
    ///
    /// # Errors
    ///
    /// [`CompileError::Host`] without SSE4.1.
    pub fn detect() -> CompileResult<CpuFeatures> {
        let cpuid = CpuId::new();
        let Some(basic) = cpuid.get_feature_info().filter(|info| info.has_sse41()) else {
            return Err(CompileError::Host("the CPU lacks SSE4.1".to_string()));
        };
        let extended = cpuid.get_extended_feature_info();
        let bmi1 = extended.as_ref().is_some_and(|info| info.has_bmi1());
        let bmi2 = extended.as_ref().is_some_and(|info| info.has_bmi2());
        let lzcnt = cpuid.get_extended_processor_and_feature_identifiers().is_some_and(|info| info.has_lzcnt());
        // The operating system must save the wider registers, too.
        let avx = basic.has_avx() && basic.has_oxsave();
        let avx2 = avx && extended.as_ref().is_some_and(|info| info.has_avx2());
        let fma = avx && basic.has_fma();
        Ok(CpuFeatures { popcnt: basic.has_popcnt(), lzcnt, bmi1, bmi2, avx, avx2, fma })
    }

    /// What both have.
    #[must_use]
    pub const fn and(self, other: CpuFeatures) -> CpuFeatures {
        CpuFeatures {
            popcnt: self.popcnt && other.popcnt,
            lzcnt: self.lzcnt && other.lzcnt,
            bmi1: self.bmi1 && other.bmi1,
            bmi2: self.bmi2 && other.bmi2,
            avx: self.avx && other.avx,
            avx2: self.avx2 && other.avx2,
            fma: self.fma && other.fma,
        }
    }
}
