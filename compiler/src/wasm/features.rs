//! The language that is accepted, feature by feature: Wasm 2.0, and relaxed vectors.

use wasmparser::WasmFeatures;

/// Every feature that the validator accepts. What is not named here is refused.
pub const ACCEPTED: WasmFeatures = WasmFeatures::empty()
    // Not proposals: floats, and reference types that need a collector elsewhere (`externref`).
    .union(WasmFeatures::FLOATS)
    .union(WasmFeatures::GC_TYPES)
    .union(WasmFeatures::MUTABLE_GLOBAL)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
    .union(WasmFeatures::MULTI_VALUE)
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::REFERENCE_TYPES)
    .union(WasmFeatures::SIMD)
    .union(WasmFeatures::RELAXED_SIMD);

/// The usual name of a feature that is missing, as proposals are named.
pub fn name(feature: WasmFeatures) -> &'static str {
    const NAMES: [(WasmFeatures, &str); 20] = [
        (WasmFeatures::SIMD, "simd"),
        (WasmFeatures::RELAXED_SIMD, "relaxed-simd"),
        (WasmFeatures::THREADS, "threads"),
        (WasmFeatures::SHARED_EVERYTHING_THREADS, "shared-everything-threads"),
        (WasmFeatures::TAIL_CALL, "tail-call"),
        (WasmFeatures::MULTI_MEMORY, "multi-memory"),
        (WasmFeatures::EXCEPTIONS, "exception-handling"),
        (WasmFeatures::LEGACY_EXCEPTIONS, "legacy-exceptions"),
        (WasmFeatures::MEMORY64, "memory64"),
        (WasmFeatures::EXTENDED_CONST, "extended-const"),
        (WasmFeatures::COMPONENT_MODEL, "component-model"),
        (WasmFeatures::FUNCTION_REFERENCES, "function-references"),
        (WasmFeatures::MEMORY_CONTROL, "memory-control"),
        (WasmFeatures::GC, "gc"),
        (WasmFeatures::CUSTOM_PAGE_SIZES, "custom-page-sizes"),
        (WasmFeatures::STACK_SWITCHING, "stack-switching"),
        (WasmFeatures::WIDE_ARITHMETIC, "wide-arithmetic"),
        (WasmFeatures::CUSTOM_DESCRIPTORS, "custom-descriptors"),
        (WasmFeatures::COMPACT_IMPORTS, "compact-imports"),
        (WasmFeatures::ACQUIRE_RELEASE_ATOMICS, "acquire-release-atomics"),
    ];
    let known = NAMES.iter().find(|(known, _)| feature.contains(*known)).map(|(_, name)| *name);
    known.or_else(|| feature.iter_names().next().map(|(name, _)| name)).unwrap_or("a later proposal")
}
