//! A module with more globals and more operators in its functions: the frame of passes that look into
//! executions.

use super::fuel::RewriteError;
use wasm_encoder::reencode::{self, Reencode, RoundtripReencoder, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, Function, GlobalSection, GlobalType, Instruction, Module, SectionId, ValType,
};
use wasmparser::{Operator, Parser};

/// What is done with a function's operators.
pub trait Pass {
    /// The globals to add: mutable, with these types and values. Only their indices tell them from others.
    fn globals(&self) -> Vec<(ValType, ConstExpr)>;

    /// Adds what comes before the first operator of a function; functions count from the first defined one.
    fn entry(&mut self, _func: u32, _out: &mut Function) {}

    /// Adds what comes before an operator at this byte offset.
    fn before(&mut self, _func: u32, _offset: u64, _operator: &Operator<'_>, _out: &mut Function) {}

    /// Adds what comes after an operator at this byte offset.
    fn after(&mut self, _func: u32, _offset: u64, _operator: &Operator<'_>, _out: &mut Function) {}
}

/// The module with a pass's globals and operators.
///
/// # Errors
///
/// If the module is malformed.
pub fn extend(wasm: &[u8], pass: &mut impl Pass) -> Result<Vec<u8>, RewriteError> {
    let mut module = Module::new();
    let mut extender = Extender { pass, func: 0, added: false };
    match extender.parse_core_module(&mut module, Parser::new(0), wasm) {
        Ok(()) => Ok(module.finish()),
        Err(error) => Err(RewriteError::Malformed(error.to_string())),
    }
}

struct Extender<'p, P> {
    pass: &'p mut P,
    /// The next defined function.
    func: u32,
    added: bool,
}

impl<P: Pass> Extender<'_, P> {
    fn add(&mut self, globals: &mut GlobalSection) {
        self.added = true;
        for (val_type, value) in self.pass.globals() {
            globals.global(GlobalType { val_type, mutable: true, shared: false }, &value);
        }
    }
}

impl<P: Pass> Reencode for Extender<'_, P> {
    type Error = std::convert::Infallible;

    fn intersperse_section_hook(
        &mut self,
        module: &mut Module,
        _after: Option<SectionId>,
        before: Option<SectionId>,
    ) -> Result<(), reencode::Error> {
        use SectionId as S;
        let early = [S::Custom, S::Type, S::Import, S::Function, S::Table, S::Memory, S::Tag, S::Global];
        if !self.added && before.is_none_or(|section| !early.contains(&section)) {
            let mut globals = GlobalSection::new();
            self.add(&mut globals);
            module.section(&globals);
        }
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: wasmparser::GlobalSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        utils::parse_global_section(self, globals, section)?;
        self.add(globals);
        Ok(())
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: wasmparser::FunctionBody<'_>,
    ) -> Result<(), reencode::Error> {
        let func = self.func;
        self.func += 1;
        let mut locals = Vec::new();
        for local in body.get_locals_reader()? {
            let (count, ty) = local?;
            locals.push((count, RoundtripReencoder.val_type(ty)?));
        }
        let mut out = Function::new(locals);
        self.pass.entry(func, &mut out);
        for operator in body.get_operators_reader()?.into_iter_with_offsets() {
            let (operator, offset) = operator?;
            self.pass.before(func, offset, &operator, &mut out);
            let instruction: Instruction<'_> = self.instruction(operator.clone())?;
            out.instruction(&instruction);
            self.pass.after(func, offset, &operator, &mut out);
        }
        code.function(&out);
        Ok(())
    }
}
