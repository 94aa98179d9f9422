//! The native twin's code, with the lines that it is from: from the object file's debugging information.

use super::code::{Data, disassemble};
use addr2line::gimli::{Dwarf, EndianSlice, LittleEndian};
use anyhow::{Context as _, Result, ensure};
use lightbeam::explain::Instruction;
use lightbeam_bench::Program;
use object::{
    File, Object, ObjectSection, ObjectSymbol, Relocation, RelocationKind, RelocationTarget, SectionIndex, SectionKind,
    SymbolKind,
};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Sections of an object file all begin at 0: here they do so this far from each other.
const APART: u64 = 1 << 32;

/// An instruction.
#[derive(Debug)]
pub struct Placed {
    /// The line of the program's own file that it is from, the innermost of what was inlined; 0 if none is known.
    pub line: u32,
    /// The function that it lies in, as the C compiler names it.
    pub function: String,
    /// The instruction; jumps name offsets from the function's start.
    pub instruction: Instruction,
}

/// The code of a program's native twin.
///
/// # Errors
///
/// If the object file is none, or without debugging information.
pub fn code(program: &Program) -> Result<Vec<Placed>> {
    let file = File::parse(program.object).context("the object file")?;
    let sections: BTreeMap<_, _> = file
        .sections()
        .filter_map(|section| Some((section.name().ok()?.to_string(), data(&file, &section)?)))
        .collect();
    ensure!(sections.contains_key(".debug_line"), "the object file has no debugging information");
    let section = |name: &str| sections.get(name).map_or(&[][..], |data| data);
    let dwarf = Dwarf::load(|id| Ok::<_, addr2line::gimli::Error>(EndianSlice::new(section(id.name()), LittleEndian)))?;
    let lines = addr2line::Context::from_dwarf(dwarf).context("the debugging information")?;

    let mut functions: Vec<_> = file
        .symbols()
        .filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.size() > 0)
        .filter_map(|symbol| Some((symbol.section_index()?, symbol.address(), symbol.size(), symbol.name().ok()?)))
        .collect();
    functions.sort_unstable_by_key(|(section, address, ..)| (section.0, *address));
    functions.dedup_by_key(|(section, address, ..)| (section.0, *address));
    let mut code = Vec::new();
    for (index, address, size, name) in functions {
        let section = file.section_by_index(index)?;
        let bytes = section.data_range(address, size)?.context("a function lies outside of its section")?;
        let relocations: BTreeMap<u64, Relocation> = section.relocations().collect();
        for mut instruction in disassemble(bytes, Data::Elsewhere) {
            let at = address + u64::from(instruction.offset);
            let end = at + u64::from(instruction.length);
            if let Some((place, relocation)) = relocations.range(at..end).next()
                && let Some(target) = target(&file, relocation, end - place)
            {
                instruction.text = format!("{}  ; {target}", instruction.text);
            }
            let mut frames = lines.find_frames(base(index) + at).skip_all_loads()?;
            let mut line = 0;
            while let Some(frame) = frames.next()? {
                let Some(location) = frame.location else { continue };
                if let (Some(file), Some(known @ 1..)) = (location.file, location.line)
                    && file.rsplit('/').next() == Some(program.file)
                {
                    line = known;
                    break;
                }
            }
            code.push(Placed { line, function: called(name), instruction });
        }
    }
    Ok(code)
}

/// Where addresses of a section begin.
fn base(section: SectionIndex) -> u64 {
    APART * section.0 as u64
}

/// A section of debugging information, with what the linker would put in.
fn data<'a>(file: &File<'a>, section: &object::Section<'a, '_>) -> Option<Cow<'a, [u8]>> {
    let mut data = section.uncompressed_data().ok()?;
    if section.name().is_ok_and(|name| name.starts_with(".debug")) {
        for (offset, relocation) in section.relocations() {
            let RelocationTarget::Symbol(symbol) = relocation.target() else { continue };
            let symbol = file.symbol_by_index(symbol).ok()?;
            let code = symbol
                .section_index()
                .filter(|index| file.section_by_index(*index).is_ok_and(|section| section.kind() == SectionKind::Text));
            let value = (code.map_or(0, base) + symbol.address()).wrapping_add_signed(relocation.addend());
            let (offset, length) = (usize::try_from(offset).ok()?, usize::from(relocation.size() / 8));
            if relocation.kind() == RelocationKind::Absolute && length <= 8 {
                let field = data.to_mut().get_mut(offset..offset + length)?;
                field.copy_from_slice(&value.to_le_bytes()[..length]);
            }
        }
    }
    Some(data)
}

/// What a field that the linker fills in will lead to. It lies `before` the instruction's end.
fn target(file: &File<'_>, relocation: &Relocation, before: u64) -> Option<String> {
    let RelocationTarget::Symbol(index) = relocation.target() else { return None };
    let symbol = file.symbol_by_index(index).ok()?;
    let name = match symbol.kind() {
        SymbolKind::Section => file.section_by_index(symbol.section_index()?).ok()?.name().ok()?.to_string(),
        _ => called(symbol.name().ok()?),
    };
    let from_end = matches!(relocation.kind(), RelocationKind::Relative | RelocationKind::PltRelative);
    let addend = relocation.addend() + if from_end { before.cast_signed() } else { 0 };
    Some(match addend {
        0 => name,
        1.. => format!("{name}+{addend:#x}"),
        _ => format!("{name}-{:#x}", addend.unsigned_abs()),
    })
}

/// A function's name: the program's `run` has a longer one natively.
fn called(symbol: &str) -> String {
    match symbol.strip_prefix("lightbeam_bench_") {
        Some(rest) => rest.split_once('.').map_or("run".to_string(), |(_, part)| format!("run.{part}")),
        None => symbol.to_string(),
    }
}
