//! Random modules by wasm-smith: a swarm of configurations with every knob set here.

use crate::plan::{Case, NanMode, Plan};
use crate::rng::Rng;
use crate::shape::Shape;
use arbitrary::Unstructured;
use wasm_smith::{Config, InstructionKind, InstructionKinds, MemoryOffsetChoices, Module};

/// The case with this number in the sequence of a seed.
pub fn case(seed: u64, number: u64) -> Case {
    let mut rng = Rng::new(seed, number);
    loop {
        let length = *rng.pick(&[300, 600, 1000, 2000, 3000]);
        let dna = rng.bytes(length);
        // wasm-smith may find that the bytes do not suffice; the sequence goes on with others.
        if let Some(case) = from_dna(&dna, &mut rng, false) {
            return case;
        }
    }
}

/// As [`case`], with vectors.
pub fn vectors(seed: u64, number: u64) -> Case {
    let mut rng = Rng::new(seed, number ^ 0x7665_6374_6f72_7300);
    loop {
        let length = *rng.pick(&[600, 1000, 2000, 3000, 4000]);
        let dna = rng.bytes(length);
        if let Some(case) = from_dna(&dna, &mut rng, true) {
            return case;
        }
    }
}

/// The case that these bytes describe, with vectors or without, if they suffice for one.
pub fn from_dna(dna: &[u8], rng: &mut Rng, vectors: bool) -> Option<Case> {
    let mut config = config(rng);
    if vectors {
        config.simd_enabled = true;
        // Most values have to be vectors for the operators on them to find operands.
        config.allowed_instructions = vector_instructions(rng);
    }
    let nan = match (config.allow_floats, config.canonicalize_nans) {
        (false, _) => NanMode::NoFloats,
        (true, true) => NanMode::Generated,
        (true, false) => NanMode::Rewritten,
    };
    let wasm = Module::new(config, &mut Unstructured::new(dna)).ok()?.to_bytes();
    let shape = Shape::parse(&wasm).ok()?;
    let plan = Plan::generated(&shape, nan, rng);
    Some(Case { wasm, plan })
}

fn vector_instructions(rng: &mut Rng) -> InstructionKinds {
    use InstructionKind as Kind;
    const OTHERS: [Kind; 7] =
        [Kind::Numeric, Kind::Reference, Kind::Parametric, Kind::Variable, Kind::Table, Kind::Memory, Kind::Control];
    let mut kinds = vec![Kind::Vector];
    kinds.extend(OTHERS.into_iter().filter(|_| !rng.one_in(2)));
    InstructionKinds::new(&kinds)
}

fn instructions(rng: &mut Rng) -> InstructionKinds {
    use InstructionKind as Kind;
    const ALL: [Kind; 7] =
        [Kind::Numeric, Kind::Reference, Kind::Parametric, Kind::Variable, Kind::Table, Kind::Memory, Kind::Control];
    if rng.one_in(2) {
        return InstructionKinds::new(&ALL);
    }
    let mut kinds = vec![Kind::Numeric];
    kinds.extend(ALL.into_iter().filter(|_| !rng.one_in(3)));
    InstructionKinds::new(&kinds)
}

/// A configuration within what the compiler supports. A struct literal without a rest, so that a
/// knob which a new version of wasm-smith adds does not compile until someone has decided on it.
fn config(rng: &mut Rng) -> Config {
    let reference_types = !rng.one_in(4);
    let allow_floats = !rng.one_in(8);
    let pages = 1 + rng.below(3);
    let max_imports = if rng.one_in(2) { 0 } else { rng.below(6) as usize };
    Config {
        available_imports: None,
        exports: None,
        module_shape: None,
        allow_start_export: rng.one_in(16),
        allowed_instructions: instructions(rng),
        allow_floats,
        canonicalize_nans: allow_floats && rng.one_in(2),
        disallow_traps: !rng.one_in(10),
        export_everything: true,
        generate_custom_sections: false,
        allow_invalid_funcs: false,

        bulk_memory_enabled: !rng.one_in(4),
        multi_value_enabled: !rng.one_in(4),
        reference_types_enabled: reference_types,
        saturating_float_to_int_enabled: !rng.one_in(8),
        sign_extension_ops_enabled: !rng.one_in(8),
        // Only where they are asked for.
        simd_enabled: false,
        // Beyond Wasm 2.0.
        relaxed_simd_enabled: false,
        exceptions_enabled: false,
        gc_enabled: false,
        compact_imports_enabled: false,
        custom_descriptors_enabled: false,
        custom_page_sizes_enabled: false,
        memory64_enabled: false,
        shared_everything_threads_enabled: false,
        tail_call_enabled: false,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        acquire_release_atomics_enabled: false,
        multibyte_array_access_enabled: false,
        extended_const_enabled: false,

        min_types: 1,
        max_types: 2 + rng.below(8) as usize,
        max_type_size: 1000,
        min_imports: 0,
        max_imports,
        min_funcs: 1 + max_imports,
        max_funcs: 1 + max_imports + rng.below(6) as usize,
        max_instructions: *rng.pick(&[20, 60, 100, 100, 200]),
        min_globals: 0,
        max_globals: rng.below(8) as usize,
        min_exports: 0,
        max_exports: 100,
        min_memories: u32::from(!rng.one_in(4)),
        max_memories: 1,
        max_memory32_bytes: pages * 65536,
        max_memory64_bytes: 0,
        memory_max_size_required: true,
        memory_offset_choices: MemoryOffsetChoices(95, 4, 1),
        min_tables: u32::from(rng.one_in(2)),
        max_tables: if reference_types { 1 + rng.below(3) as usize } else { 1 },
        max_table_elements: 1 + rng.below(30),
        table_max_size_required: true,
        min_data_segments: 0,
        max_data_segments: rng.below(4) as usize,
        min_element_segments: 0,
        max_element_segments: rng.below(4) as usize,
        min_elements: 0,
        max_elements: 10,
        min_tags: 0,
        max_tags: 0,
        min_uleb_size: if rng.one_in(8) { 1 + rng.below(5) as u8 } else { 1 },
        const_expr_fuel: 10,
        limit_arrays_in_const_exprs: true,

        // Only for components.
        max_aliases: 0,
        max_components: 0,
        max_instances: 0,
        max_modules: 0,
        max_nesting_depth: 0,
        max_values: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_a_function_of_its_number() {
        for number in 0..20 {
            let case = case(11, number);
            assert_eq!(case, super::case(11, number));
            wasmparser::validate(&case.wasm).expect("wasm-smith makes valid modules");
        }
        assert_ne!(case(11, 0), case(11, 1));
        assert_ne!(case(11, 0), case(12, 0));
    }
}
