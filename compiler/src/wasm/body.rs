//! A function's body: each operator is validated, then lowered if it is reachable.

use std::ops::Range;

use wasmparser::{
    BinaryReader, BlockType, BrTable, FrameKind, FrameStack, FuncValidator, HeapType, ValType, ValidatorResources,
    VisitOperator, VisitSimdOperator,
};

use crate::error::{CompileError, CompileResult};
use crate::microwasm::lower::control::Nesting;
use crate::microwasm::lower::{Lower, LowerState, Lowered};
use crate::microwasm::{Sink, Type};
use crate::wasm::module::ModuleInfo;
use crate::wasm::{features, refusal};

/// A function's body whose bytes are arriving.
pub struct Body {
    validator: FuncValidator<ValidatorResources>,
    /// The byte offset behind its last byte.
    end: u64,
    part: Part,
    /// The kind of the innermost open block.
    innermost: Option<FrameKind>,
}

/// What comes next in a body.
enum Part {
    /// How many runs of locals there are.
    Runs,
    Locals(Locals),
    Operators,
}

/// The declared locals that have been read.
struct Locals {
    /// How many runs are to come.
    runs: u32,
    /// How many locals there are so far.
    total: u64,
    /// Why the validator takes no more, and the byte offset behind the run that was too much.
    refused: Option<(CompileError, u64)>,
}

impl Body {
    /// Starts a function whose body has these byte offsets.
    pub fn begin<S: Sink>(
        validator: FuncValidator<ValidatorResources>,
        range: Range<u64>,
        info: &ModuleInfo,
        state: &mut LowerState,
        sink: &mut S,
    ) -> Body {
        let index = validator.index();
        Lower::begin(info, state, sink, index, info.func_type(index), position(range.start));
        let innermost = validator.get_control_frame(0).map(|frame| frame.kind);
        Body { validator, end: range.end, part: Part::Runs, innermost }
    }

    /// The byte offset behind its last byte.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// Gives the validator back when the function is complete.
    pub fn into_validator(self) -> FuncValidator<ValidatorResources> {
        self.validator
    }

    /// Validates and lowers what is whole among these bytes, which start at this offset. How many of them that
    /// is: all, if they reach to the body's end, and the function is then complete.
    ///
    /// # Errors
    ///
    /// If the body is malformed, invalid, unsupported or too large. The sink may then have seen a part
    /// of the function.
    pub fn take<S: Sink>(
        &mut self,
        bytes: &[u8],
        offset: u64,
        info: &ModuleInfo,
        state: &mut LowerState,
        sink: &mut S,
    ) -> CompileResult<usize> {
        let left = self.end - offset;
        let complete = bytes.len() as u64 >= left;
        let bytes = if complete { &bytes[..left as usize] } else { bytes };
        let mut reader = BinaryReader::new_features(bytes, offset, features::ACCEPTED);
        let mut lower = Lower::resume(info, state, sink);
        if !matches!(self.part, Part::Operators) {
            let used = self.locals(&mut reader, &mut lower, complete)?;
            if !matches!(self.part, Part::Operators) {
                return Ok(used);
            }
        }
        let mut visitor = Visitor { validator: &mut self.validator, lower, offset: 0, innermost: self.innermost };
        while !reader.eof() {
            visitor.offset = reader.original_position();
            match reader.visit_operator(&mut visitor) {
                Ok(lowered) => lowered.map_err(|error| *error)?,
                Err(error) => {
                    cut_off(error, complete)?;
                    self.innermost = visitor.innermost;
                    return Ok((visitor.offset - offset) as usize);
                }
            }
        }
        self.innermost = visitor.innermost;
        if complete {
            reader.finish_expression(&visitor)?;
            visitor.lower.finish();
        }
        Ok(bytes.len())
    }

    /// Reads the declared locals. How many bytes were used, if more are needed.
    fn locals<S: Sink>(
        &mut self,
        reader: &mut BinaryReader<'_>,
        lower: &mut Lower<'_, S>,
        complete: bool,
    ) -> CompileResult<usize> {
        if matches!(self.part, Part::Runs) {
            match reader.read_var_u32() {
                Ok(runs) => self.part = Part::Locals(Locals { runs, total: 0, refused: None }),
                Err(error) => return cut_off(error, complete).map(|()| 0),
            }
        }
        let Part::Locals(locals) = &mut self.part else { return Ok(0) };
        while locals.runs != 0 {
            let (used, offset) = (reader.current_position(), reader.original_position());
            let run = reader.read_var_u32().and_then(|count| Ok((count, reader.read()?)));
            match run {
                Ok((count, ty)) => locals.run(offset, count, ty, reader, &mut self.validator, lower)?,
                Err(error) => return cut_off(error, complete).map(|()| used),
            }
        }
        if let Some((error, offset)) = locals.refused.take() {
            return Err(locals.too_many(error, offset));
        }
        self.part = Part::Operators;
        Ok(reader.current_position())
    }
}

/// Whether the bytes ended too early because more of them are to come; otherwise the error.
fn cut_off(error: wasmparser::Error, complete: bool) -> CompileResult<()> {
    if !complete && refusal::is_cut_off(&error) { Ok(()) } else { Err(error.into()) }
}

/// A byte offset as code records it. The front end takes no module in which it does not fit.
fn position(offset: u64) -> u32 {
    offset as u32
}

impl Locals {
    fn run<S: Sink>(
        &mut self,
        offset: u64,
        count: u32,
        ty: ValType,
        reader: &BinaryReader<'_>,
        validator: &mut FuncValidator<ValidatorResources>,
        lower: &mut Lower<'_, S>,
    ) -> CompileResult<()> {
        self.runs -= 1;
        self.total += u64::from(count);
        if self.refused.is_some() {
            return Ok(());
        }
        if let Err(error) = validator.define_locals(offset, count, ty) {
            self.refused = Some((error.into(), reader.original_position()));
            return Ok(());
        }
        let ty = refusal::value_type(ty).map_err(|feature| CompileError::Unsupported { offset, feature })?;
        lower.locals(position(offset), count, ty);
        Ok(())
    }

    /// More locals than the validator takes are a limit of this implementation; more than 2^32 - 1 are
    /// malformed (specification, "Binary Format", "Code Section").
    fn too_many(&self, error: CompileError, offset: u64) -> CompileError {
        if self.total > u64::from(u32::MAX) {
            return CompileError::Invalid { offset, message: "too many locals".to_string() };
        }
        error
    }
}

/// Visits one operator at a time: first the validator, then the lowering.
struct Visitor<'v, 'm, S> {
    validator: &'v mut FuncValidator<ValidatorResources>,
    lower: Lower<'m, S>,
    /// The byte offset of the current operator.
    offset: u64,
    /// The kind of the innermost open block: kept here because every operator asks for it.
    innermost: Option<FrameKind>,
}

impl<S: Sink> Visitor<'_, '_, S> {
    /// Whether to lower the operator that was just validated; if so the sink learns its offset.
    #[inline]
    fn live(&mut self, nesting: Nesting) -> bool {
        let live = self.lower.live(nesting);
        if live {
            self.lower.at(position(self.offset));
        }
        live
    }

    /// A block was opened or closed.
    fn note_frame(&mut self) {
        self.innermost = self.validator.get_control_frame(0).map(|frame| frame.kind);
    }

    #[cold]
    fn unsupported(&self, feature: &'static str) -> Box<CompileError> {
        Box::new(CompileError::Unsupported { offset: self.offset, feature })
    }

    fn block_type(&self, ty: BlockType) -> Result<crate::microwasm::lower::control::BlockType, Box<CompileError>> {
        refusal::block_type(ty).map_err(|feature| self.unsupported(feature))
    }

    // The operators whose lowering needs more than their immediates.

    fn lower_block(&mut self, ty: BlockType) -> Lowered {
        let ty = self.block_type(ty)?;
        if self.live(Nesting::Opens) { self.lower.visit_block(ty) } else { Ok(()) }
    }

    fn lower_loop(&mut self, ty: BlockType) -> Lowered {
        let ty = self.block_type(ty)?;
        if self.live(Nesting::Opens) { self.lower.visit_loop(ty) } else { Ok(()) }
    }

    fn lower_if(&mut self, ty: BlockType) -> Lowered {
        let ty = self.block_type(ty)?;
        if self.live(Nesting::Opens) { self.lower.visit_if(ty) } else { Ok(()) }
    }

    fn lower_else(&mut self) -> Lowered {
        if self.lower.live(Nesting::Else) { self.lower.visit_else(position(self.offset)) } else { Ok(()) }
    }

    fn lower_end(&mut self) -> Lowered {
        if self.lower.live(Nesting::Closes) { self.lower.visit_end(position(self.offset)) } else { Ok(()) }
    }

    fn lower_br_table(&mut self, table: &BrTable<'_>) -> Lowered {
        if self.live(Nesting::Same) { self.lower.visit_br_table(table) } else { Ok(()) }
    }

    fn lower_typed_select(&mut self, _ty: ValType) -> Lowered {
        if self.live(Nesting::Same) { self.lower.visit_select() } else { Ok(()) }
    }

    fn lower_ref_null(&mut self, ty: HeapType) -> Lowered {
        let ty = refusal::heap_type(ty).map_err(|feature| self.unsupported(feature))?;
        if self.live(Nesting::Same) { self.lower.visit_ref_null(ty) } else { Ok(()) }
    }

    /// `operand` is the type on top before the operator; it is unknown only in unreachable code.
    fn lower_ref_is_null(&mut self, operand: Option<ValType>) -> Lowered {
        if self.live(Nesting::Same) {
            // The validator has a type of its own for what `ref.func` pushes, so only `extern` tells.
            let external = matches!(operand, Some(ValType::Ref(ty)) if ty.is_extern_ref());
            return self.lower.visit_ref_is_null(if external { Type::ExternRef } else { Type::FuncRef });
        }
        Ok(())
    }
}

impl<S> FrameStack for Visitor<'_, '_, S> {
    #[inline]
    fn current_frame(&self) -> Option<FrameKind> {
        self.innermost
    }
}

/// Defines the visit of each operator. What is not special is validated, and lowered by the method
/// of the same name in [`Lower`].
macro_rules! visit {
    ($( @$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
        $(visit!(one $proposal $op $visit ($($($arg: $argty),*)?));)*
    };
    (one mvp Nop visit_nop ()) => {
        fn visit_nop(&mut self) -> Lowered {
            Ok(self.validator.visitor(self.offset).visit_nop()?)
        }
    };
    (one mvp Block $visit:ident $args:tt) => { visit!(nesting $visit lower_block $args); };
    (one mvp Loop $visit:ident $args:tt) => { visit!(nesting $visit lower_loop $args); };
    (one mvp If $visit:ident $args:tt) => { visit!(nesting $visit lower_if $args); };
    (one mvp Else $visit:ident $args:tt) => { visit!(nesting $visit lower_else $args); };
    (one mvp End $visit:ident $args:tt) => { visit!(nesting $visit lower_end $args); };
    (one mvp BrTable visit_br_table ($table:ident: $ty:ty)) => {
        fn visit_br_table(&mut self, $table: $ty) -> Lowered {
            self.validator.visitor(self.offset).visit_br_table($table.clone())?;
            self.lower_br_table(&$table)
        }
    };
    (one reference_types TypedSelect $visit:ident $args:tt) => { visit!(special $visit lower_typed_select $args); };
    (one reference_types TypedSelectMulti $visit:ident $args:tt) => { visit!(refused reference_types $visit $args); };
    (one reference_types RefNull $visit:ident $args:tt) => { visit!(special $visit lower_ref_null $args); };
    (one reference_types RefIsNull visit_ref_is_null ()) => {
        fn visit_ref_is_null(&mut self) -> Lowered {
            let operand = self.validator.get_operand_type(0).flatten();
            self.validator.visitor(self.offset).visit_ref_is_null()?;
            self.lower_ref_is_null(operand)
        }
    };
    (one mvp $op:ident $visit:ident $args:tt) => { visit!(plain $visit $args); };
    (one sign_extension $op:ident $visit:ident $args:tt) => { visit!(plain $visit $args); };
    (one saturating_float_to_int $op:ident $visit:ident $args:tt) => { visit!(plain $visit $args); };
    (one bulk_memory $op:ident $visit:ident $args:tt) => { visit!(plain $visit $args); };
    (one reference_types $op:ident $visit:ident $args:tt) => { visit!(plain $visit $args); };
    (one $proposal:ident $op:ident $visit:ident $args:tt) => { visit!(refused $proposal $visit $args); };
    (plain $visit:ident ($($arg:ident: $argty:ty),*)) => {
        #[inline]
        fn $visit(&mut self $(, $arg: $argty)*) -> Lowered {
            self.validator.visitor(self.offset).$visit($($arg),*)?;
            if self.live(Nesting::Same) { self.lower.$visit($($arg),*) } else { Ok(()) }
        }
    };
    (nesting $visit:ident $lower:ident ($($arg:ident: $argty:ty),*)) => {
        fn $visit(&mut self $(, $arg: $argty)*) -> Lowered {
            self.validator.visitor(self.offset).$visit($($arg),*)?;
            self.note_frame();
            self.$lower($($arg),*)
        }
    };
    (special $visit:ident $lower:ident ($($arg:ident: $argty:ty),*)) => {
        fn $visit(&mut self $(, $arg: $argty)*) -> Lowered {
            self.validator.visitor(self.offset).$visit($($arg),*)?;
            self.$lower($($arg),*)
        }
    };
    // The validator refuses these, because their feature is not accepted; it also says why.
    (refused $proposal:ident $visit:ident ($($arg:ident: $argty:ty),*)) => {
        fn $visit(&mut self $(, $arg: $argty)*) -> Lowered {
            self.validator.visitor(self.offset).$visit($($arg),*)?;
            Err(self.unsupported(stringify!($proposal)))
        }
    };
}

impl<'a, S: Sink> VisitOperator<'a> for Visitor<'_, '_, S> {
    type Output = Lowered;

    fn simd_visitor(&mut self) -> Option<&mut dyn VisitSimdOperator<'a, Output = Lowered>> {
        Some(self)
    }

    wasmparser::for_each_visit_operator!(visit);
}

/// Defines the visit of each vector operator: it is validated, and lowered by the method of the same
/// name in [`Lower`].
macro_rules! visit_simd {
    ($( @$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
        $(fn $visit(&mut self $($(, $arg: $argty)*)?) -> Lowered {
            self.validator.simd_visitor(self.offset).$visit($($($arg),*)?)?;
            if self.live(Nesting::Same) { self.lower.$visit($($($arg),*)?) } else { Ok(()) }
        })*
    };
}

impl<'a, S: Sink> VisitSimdOperator<'a> for Visitor<'_, '_, S> {
    wasmparser::for_each_visit_simd_operator!(visit_simd);
}
