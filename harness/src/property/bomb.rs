//! No recipe makes our work grow faster than the module, or makes it many times what ordinary modules take.

use crate::pathological::recipe::Recipe;
use crate::pathological::{Bound, Measured, ordinary};
use lightbeam::compile::CompilerConfig;
use std::sync::LazyLock;

/// Sizes whose modules are compared, the next ones where these seem to grow: in larger modules, what is there once is small,
/// and so is what comes before values go to the frame and their places need longer displacements.
const SIZES: [[u32; 2]; 3] = [[16, 128], [512, 4096], [4096, 32768]];
/// What our work may grow with between two sizes that are eight times apart.
const EXPONENT: f64 = 1.15;
/// How many features [`Strain::features`] has.
pub const FEATURES: usize = 128;

/// How a recipe strains the compiler.
#[derive(Debug, Clone, Copy)]
pub struct Strain {
    /// With which exponent the work grows with the bytes.
    pub exponent: f64,
    /// The larger module's work, as a multiple of the ordinary programs' mean: by byte, or by step of validation,
    /// whichever is less.
    pub factor: f64,
}

impl Strain {
    /// What a fuzzer is to be told, as indices below [`FEATURES`]: each fifth of a doubling of the factor, and each
    /// fiftieth of the exponent above 0.8, that this reaches. So an input that costs more is always new.
    pub fn features(&self) -> impl Iterator<Item = usize> {
        let level = |value: f64| (value.max(0.0) as usize).min(FEATURES / 2 - 1);
        let (factor, exponent) = (level((self.factor.log2() + 2.0) * 5.0), level((self.exponent - 0.8) * 50.0));
        (0..=factor).chain(FEATURES / 2..=FEATURES / 2 + exponent)
    }
}

struct Scale {
    config: CompilerConfig,
    mean: Measured,
}

static SCALE: LazyLock<Scale> = LazyLock::new(|| {
    let config = CompilerConfig::native().expect("the fuzzer runs where the compiler does");
    let mean = ordinary::mean(&config).expect("the ordinary programs compile");
    Scale { config, mean }
});

/// The property for a fuzzer: the recipe that the bytes are makes modules on which our work is linear and not too much.
///
/// # Panics
///
/// If it is not, with what was measured.
pub fn bomb_bytes(data: &[u8]) -> Strain {
    let recipe = Recipe::new(data);
    let small = strain(&recipe, SIZES[0]);
    let mut last = small;
    for sizes in &SIZES[1..] {
        if last.exponent <= EXPONENT && last.factor <= ordinary::WORK_FACTOR {
            return small;
        }
        last = strain(&recipe, *sizes);
    }
    assert!(last.exponent <= EXPONENT, "superlinear: {last:?} {recipe:?}");
    assert!(last.factor <= ordinary::WORK_FACTOR, "too dear: {last:?} {recipe:?}");
    small
}

fn strain(recipe: &Recipe<'_>, sizes: [u32; 2]) -> Strain {
    let Scale { config, mean } = &*SCALE;
    let modules = sizes.map(|size| Measured::of(&recipe.module(size), config).expect("a recipe's module is valid"));
    let [smaller, larger] = modules.map(|module| (module.work.input_bytes as f64, module.work.total().max(1) as f64));
    // A recipe that repeats nothing has nothing to grow with.
    let grows =
        if larger.0 > 1.5 * smaller.0 { (larger.1 / smaller.1).ln() / (larger.0 / smaller.0).ln() } else { 0.0 };
    let factor = |bound| modules[1].cost(bound) / mean.cost(bound);
    // The reason of the bound is for a reader: here it decides nothing.
    Strain { exponent: grows, factor: factor(Bound::Bytes).min(factor(Bound::Validation(""))) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng, rngs::StdRng};

    #[test]
    fn recipes_are_no_bombs() {
        let mut rng = StdRng::seed_from_u64(23);
        let mut dearest = 0.0_f64;
        for _ in 0..40 {
            let bytes: Vec<u8> = (0..rng.random_range(20..120)).map(|_| rng.random()).collect();
            dearest = dearest.max(bomb_bytes(&bytes).factor);
        }
        assert!(dearest > 1.0, "recipes are to be dearer than ordinary modules, not {dearest}");
    }

    #[test]
    fn what_becomes_as_dear_as_it_gets_is_no_bomb() {
        // 1.5 units of work for a byte become 4.6 by and by, the last of them between 512 and 4096 repetitions.
        let data = [255, 255, 0, 48, 4, 48, 0, 48, 4, 48, 58, 51, 14];
        let recipe = Recipe::new(&data);
        assert!(strain(&recipe, SIZES[1]).exponent > EXPONENT);
        bomb_bytes(&data);
    }

    #[test]
    fn dearer_is_newer() {
        let features = |factor, exponent| Strain { exponent, factor }.features().collect::<Vec<_>>();
        assert!(features(8.0, 1.0).len() > features(4.0, 1.0).len());
        assert!(features(4.0, 1.1).len() > features(4.0, 1.0).len());
        assert!(features(1e9, 1e9).into_iter().all(|feature| feature < FEATURES));
    }
}
