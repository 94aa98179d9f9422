//! Machine code as text, in the form of [`lightbeam::explain`].

use iced_x86::{Code, Decoder, DecoderOptions, FlowControl, Formatter, Instruction as Decoded, NasmFormatter, OpKind};
use lightbeam::explain::Instruction;
use std::collections::BTreeSet;
use std::ops::Range;

/// What an engine's code amounts to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Size {
    /// Bytes, with tables and constants that lie in the code.
    pub bytes: u64,
    /// Instructions.
    pub instructions: u64,
}

impl Size {
    /// Of these instructions.
    pub fn of<'a>(code: impl IntoIterator<Item = &'a Instruction>) -> Size {
        code.into_iter().fold(Size::default(), |size, instruction| {
            size.and(Size {
                bytes: u64::from(instruction.length),
                instructions: u64::from(!is_data(&instruction.text)),
            })
        })
    }

    /// Both.
    pub fn and(self, other: Size) -> Size {
        Size { bytes: self.bytes + other.bytes, instructions: self.instructions + other.instructions }
    }
}

/// Whether a text is that of an entry of a table, or of a constant.
fn is_data(text: &str) -> bool {
    ["db ", "dd ", "dq "].iter().any(|directive| text.starts_with(directive))
}

/// What a function's bytes have besides instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    /// Nothing, as in a C compiler's object files, where fields that the linker fills in may be anything.
    Elsewhere,
    /// Tables of jumps, and constants behind the code, as from Cranelift: what an address is taken of is a table, as
    /// far as its entries lead into the function, and what else is addressed there begins the constants.
    Inside,
}

/// The instructions of a function, whose offsets are from its start on.
pub fn disassemble(bytes: &[u8], data: Data) -> Vec<Instruction> {
    let (mut tables, mut targets, mut end) = (BTreeSet::new(), BTreeSet::new(), bytes.len());
    let mut instructions = Vec::new();
    let mut formatter = NasmFormatter::new();
    let options = formatter.options_mut();
    options.set_space_after_operand_separator(true);
    options.set_rip_relative_addresses(true);
    options.set_branch_leading_zeros(false);
    let mut at = 0;
    while at < end {
        if tables.contains(&at) {
            let next = tables.range(at + 1..).chain(targets.range(at + 1..)).min().map_or(end, |next| end.min(*next));
            let entries = entries(bytes, at, at..next);
            if !entries.is_empty() {
                at += 4 * entries.len();
                instructions.extend(entries);
                continue;
            }
        }
        let mut decoder = Decoder::with_ip(64, &bytes[at..end], at as u64, DecoderOptions::NONE);
        let instruction = decoder.decode();
        if data == Data::Inside {
            note(&instruction, bytes.len(), &mut tables, &mut targets, &mut end);
        }
        let mut text = String::new();
        formatter.format(&instruction, &mut text);
        instructions.push(Instruction { offset: offset(at), length: instruction.len() as u32, text });
        at += instruction.len();
    }
    for (number, constant) in bytes[at..].chunks(8).enumerate() {
        let text = match <[u8; 8]>::try_from(constant) {
            Ok(whole) => format!("dq {:X}h", u64::from_le_bytes(whole)),
            Err(_) => format!("db {}", constant.iter().map(|byte| format!("{byte:X}h")).collect::<Vec<_>>().join(", ")),
        };
        instructions.push(Instruction { offset: offset(at + 8 * number), length: constant.len() as u32, text });
    }
    instructions
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).expect("a function is smaller than 4 GiB")
}

/// Notes what an instruction tells about what lies behind it.
fn note(
    instruction: &Decoded,
    length: usize,
    tables: &mut BTreeSet<usize>,
    targets: &mut BTreeSet<usize>,
    end: &mut usize,
) {
    if matches!(instruction.flow_control(), FlowControl::ConditionalBranch | FlowControl::UnconditionalBranch) {
        targets.insert(instruction.near_branch_target() as usize);
    }
    let addresses = (0..instruction.op_count()).any(|operand| instruction.op_kind(operand) == OpKind::Memory);
    if addresses && instruction.is_ip_rel_memory_operand() {
        let place = instruction.ip_rel_memory_address() as usize;
        if (instruction.next_ip() as usize..length).contains(&place) {
            if instruction.code() == Code::Lea_r64_m {
                tables.insert(place);
            } else {
                *end = (*end).min(place);
            }
        }
    }
}

/// The entries of a table of jumps, which are relative to its start.
fn entries(bytes: &[u8], table: usize, places: Range<usize>) -> Vec<Instruction> {
    let mut entries = Vec::new();
    for place in places.step_by(4) {
        let Some(field) = bytes[place..].first_chunk() else { break };
        let target = table as i64 + i64::from(i32::from_le_bytes(*field));
        if !(0..bytes.len() as i64).contains(&target) {
            break;
        }
        entries.push(Instruction { offset: offset(place), length: 4, text: format!("dd {target:X}h") });
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_constants_are_no_instructions() {
        // lea rcx, [table]; movsd xmm0, [constant]; jmp rcx; table: end, end; end: ret; int3 ...; constant
        let mut code = vec![0x48, 0x8d, 0x0d, 0x0a, 0, 0, 0, 0xf2, 0x0f, 0x10, 0x05, 0x0b, 0, 0, 0, 0xff, 0xe1];
        code.extend([8, 0, 0, 0, 8, 0, 0, 0, 0xc3]);
        code.extend(1.0f64.to_le_bytes());
        // Without tables, the same bytes are other instructions.
        assert!(disassemble(&code, Data::Elsewhere).iter().all(|instruction| !is_data(&instruction.text)));
        let code = disassemble(&code, Data::Inside);
        let texts: Vec<&str> = code.iter().map(|instruction| instruction.text.as_str()).collect();
        let table = ["dd 19h", "dd 19h", "ret", "dq 3FF0000000000000h"];
        assert_eq!(texts, [&["lea rcx, [rip+0Ah]", "movsd xmm0, [rip+0Bh]", "jmp rcx"], &table[..]].concat());
        assert_eq!(Size::of(&code), Size { bytes: 34, instructions: 4 });
    }
}
