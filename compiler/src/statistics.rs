//! Static counters of compiled functions: what the code of each spends on keeping values in their places.
//!
//! Nothing is counted while code is emitted: the counters are taken from the finished code and its listing.

use crate::code::FunctionCode;
use crate::compile::CompiledModule;
use crate::x64::edges::{Edge, EdgeCode, EdgePart};
use crate::x64::rewrites::Rewrite;
use iced_x86::{Decoder, DecoderOptions, FlowControl, InstructionInfoFactory, OpAccess, Register};
use std::collections::BTreeMap;

/// Instructions that only bring values to their places.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Transfers {
    /// Between registers, and constants into registers.
    pub moves: u32,
    /// Loads from the frame, arguments that arrived in memory included. An operand in the frame counts.
    pub reloads: u32,
    /// Stores to the frame.
    pub spills: u32,
}

/// Counters of one function.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FunctionStatistics {
    /// Its index, imported functions included.
    pub index: u32,
    /// The Wasm offset of its body.
    pub wasm_offset: u32,
    /// Bytes of its body, from its locals to its last operator, which has one byte in Wasm.
    pub wasm_bytes: u32,
    /// Bytes of its code, with the gap before the prologue and with jump tables.
    pub code_bytes: u32,
    /// Bytes of its frame.
    pub frame_bytes: u32,
    /// Loads from the frame in all of its code behind the prologue.
    pub reloads: u32,
    /// Stores to the frame in all of its code behind the prologue.
    pub spills: u32,
    /// Branches back to loops' headers; a jump table has one for each header.
    pub back_edges: u32,
    /// What those move, each time around.
    pub on_back_edges: Transfers,
    /// Pieces of code that a branch goes through on the way to its target, because values must move.
    pub adaptors: u32,
    /// Bytes of those, without the jumps at their ends.
    pub adaptor_bytes: u32,
    /// How many rewrites of each kind there were; kinds without any are left out.
    pub rewrites: BTreeMap<Rewrite, u32>,
}

/// Counts in each function of a module that was compiled with its
/// [`listing`](crate::compile::CompilerConfig::listing). Without that there are no edges and no rewrites to count.
pub fn statistics(module: &CompiledModule) -> Vec<FunctionStatistics> {
    let mut operators = module.listing.operators.iter().peekable();
    let mut sites = module.listing.rewrite_sites.iter().peekable();
    let mut edges = module.listing.edges.iter().peekable();
    let mut all = Vec::with_capacity(module.code.functions.len());
    for (position, function) in module.code.functions.iter().enumerate() {
        let next = module.code.functions.get(position + 1).map_or(u32::MAX, |next| next.wasm_offset);
        let mut counted = FunctionStatistics {
            index: module.info.imported_funcs + position as u32,
            wasm_offset: function.wasm_offset,
            code_bytes: function.end - function.start,
            frame_bytes: function.frame_bytes,
            ..FunctionStatistics::default()
        };
        let mut body = None;
        while let Some(operator) = operators.next_if(|operator| operator.wasm_offset < next) {
            body.get_or_insert(operator.code_offset);
            counted.wasm_bytes = operator.wasm_offset + 1 - function.wasm_offset;
        }
        while let Some(site) = sites.next_if(|site| site.wasm_offset < next) {
            *counted.rewrites.entry(site.rewrite).or_default() += 1;
        }
        while let Some(edge) = edges.next_if(|edge| edge.start < function.end) {
            add_edge(&mut counted, module, edge);
        }
        let code = add_code(module, function, body.unwrap_or(function.end));
        (counted.reloads, counted.spills) = (code.reloads, code.spills);
        all.push(counted);
    }
    all
}

fn add_edge(counted: &mut FunctionStatistics, module: &CompiledModule, edge: &EdgeCode) {
    if edge.edge == Edge::Back {
        counted.back_edges += u32::from(edge.part != EdgePart::Shared);
        let found = transfers(module, edge.start, edge.end);
        counted.on_back_edges.moves += found.moves;
        counted.on_back_edges.reloads += found.reloads;
        counted.on_back_edges.spills += found.spills;
    }
    if edge.part == EdgePart::Adaptor && edge.start < edge.end {
        counted.adaptors += 1;
        counted.adaptor_bytes += edge.end - edge.start;
    }
}

/// What a function's code behind its prologue does, around the jump tables in it.
fn add_code(module: &CompiledModule, function: &FunctionCode, body: u32) -> Transfers {
    // A prologue that does not fit before the body stands at the end.
    let end = if function.entry > body { function.entry } else { function.end };
    let tables = &module.code.tables;
    let first = tables.partition_point(|table| table.start < body);
    let mut sum = Transfers::default();
    let mut start = body;
    for table in tables[first..].iter().take_while(|table| table.start < end) {
        sum = add(sum, transfers(module, start, table.start));
        start = table.start + 4 * table.entries;
    }
    add(sum, transfers(module, start, end))
}

fn add(a: Transfers, b: Transfers) -> Transfers {
    Transfers { moves: a.moves + b.moves, reloads: a.reloads + b.reloads, spills: a.spills + b.spills }
}

/// Counts in a range of code without jump tables. Accesses to the frame are those relative to the stack pointer.
fn transfers(module: &CompiledModule, from: u32, to: u32) -> Transfers {
    let mut found = Transfers::default();
    let Some(bytes) = module.code.bytes.get(from as usize..to as usize) else { return found };
    let mut decoder = Decoder::with_ip(64, bytes, u64::from(from), DecoderOptions::NONE);
    let mut factory = InstructionInfoFactory::new();
    while decoder.can_decode() {
        let instruction = decoder.decode();
        if instruction.is_stack_instruction() || instruction.flow_control() != FlowControl::Next {
            // What calls push and frames save has its place by convention.
            continue;
        }
        let mut in_frame = false;
        for access in factory.info(&instruction).used_memory() {
            if access.base() != Register::RSP {
                continue;
            }
            in_frame = true;
            let (reads, writes) = match access.access() {
                OpAccess::Read | OpAccess::CondRead => (true, false),
                OpAccess::Write | OpAccess::CondWrite => (false, true),
                OpAccess::ReadWrite | OpAccess::ReadCondWrite => (true, true),
                _ => (false, false),
            };
            found.reloads += u32::from(reads);
            found.spills += u32::from(writes);
        }
        found.moves += u32::from(!in_frame);
    }
    found
}
