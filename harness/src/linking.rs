//! A second instance of a case's module, its **twin**: some imports of the instance that is called are functions of the
//! twin, or what the twin imports, too. So calls cross from one instance to another, each with a memory of its own or both
//! with the same, and come back.

use crate::outcome::Outcome;
use crate::rewrite::names;
use crate::rng::Rng;
use crate::shape::{ImportShape, Shape};
use std::sync::Arc;

/// Where an import comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The host makes it.
    Host,
    /// It is the twin's function of this index, which the twin defines.
    Twin(u32),
    /// It is what the twin imports in its place.
    Shared,
}

/// The origins of a module's imports, in their order. No function of the twin stands for two: engines differ in whether
/// the imports would then be the same function.
pub fn origins(seed: u64, shape: &Shape) -> Vec<Origin> {
    let mut rng = Rng::new(seed, 0x3_0000_0000);
    let mut taken = vec![false; shape.funcs.len()];
    let origin = |kind| match kind {
        ImportShape::Func(index) => {
            let fits = |func: &u32| !taken[*func as usize] && shape.func_type(*func) == shape.func_type(index);
            let fitting: Vec<u32> = (shape.imported_funcs..shape.funcs.len() as u32).filter(fits).collect();
            // Some are left to the host, which then sees calls from both instances.
            if fitting.is_empty() || rng.one_in(4) {
                return Origin::Host;
            }
            let func = *rng.pick(&fitting);
            taken[func as usize] = true;
            Origin::Twin(func)
        }
        ImportShape::Table(_) | ImportShape::Memory(_) | ImportShape::Global(_) if rng.one_in(2) => Origin::Shared,
        ImportShape::Table(_) | ImportShape::Memory(_) | ImportShape::Global(_) => Origin::Host,
    };
    shape.imports.iter().map(|import| import.kind).map(origin).collect()
}

/// One of the two instances of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The one whose functions are called.
    Own,
    /// The other one.
    Twin,
}

/// The indices of an index space of `each` in a module, and by which [`crate::engine::Instance`] knows what one of the
/// instances has there.
pub fn space(each: usize, which: Which) -> impl Iterator<Item = (u32, u32)> {
    let first = if which == Which::Own { 0 } else { each as u32 };
    (0..each as u32).map(move |index| (index, first + index))
}

/// An engine's handles of one instance's state, by index: of imports first, of the rest once the instance is there.
#[derive(Debug)]
pub struct Parts<X, F, G, M, T> {
    /// The imports, in the order in which the engine takes them.
    pub imports: Vec<X>,
    /// The functions; none before the instance is there.
    pub funcs: Vec<F>,
    /// The globals.
    pub globals: Vec<G>,
    /// The memories.
    pub memories: Vec<M>,
    /// The tables.
    pub tables: Vec<T>,
    /// The fuel, and the flag that it has run out.
    pub fuel: Option<(G, G)>,
}

impl<X, F, G, M, T> Default for Parts<X, F, G, M, T> {
    fn default() -> Self {
        let (imports, funcs, globals) = (Vec::new(), Vec::new(), Vec::new());
        Parts { imports, funcs, globals, memories: Vec::new(), tables: Vec::new(), fuel: None }
    }
}

/// What an engine has of both instances. Without a twin, that has nothing.
#[derive(Debug, Default)]
pub struct Pair<P> {
    /// Of the instance whose functions are called.
    pub own: P,
    /// Of the other one.
    pub twin: P,
}

impl<P> Pair<P> {
    /// What there is of one of them.
    pub fn of(&self, which: Which) -> &P {
        match which {
            Which::Own => &self.own,
            Which::Twin => &self.twin,
        }
    }

    /// What there is of one of them, to be changed.
    pub fn of_mut(&mut self, which: Which) -> &mut P {
        match which {
            Which::Own => &mut self.own,
            Which::Twin => &mut self.twin,
        }
    }
}

impl<X, F, G: Copy, M: Copy, T: Copy> Pair<Parts<X, F, G, M, T>> {
    /// The global with this index: those of the twin follow.
    pub fn global(&self, shape: &Shape, index: u32) -> Option<G> {
        self.find(index, shape.globals.len(), |parts| &parts.globals)
    }

    /// The memory with this index: those of the twin follow.
    pub fn memory(&self, shape: &Shape, index: u32) -> Option<M> {
        self.find(index, shape.memories.len(), |parts| &parts.memories)
    }

    /// The table with this index: those of the twin follow.
    pub fn table(&self, shape: &Shape, index: u32) -> Option<T> {
        self.find(index, shape.tables.len(), |parts| &parts.tables)
    }

    fn find<H: Copy>(&self, index: u32, each: usize, space: impl Fn(&Parts<X, F, G, M, T>) -> &[H]) -> Option<H> {
        let (parts, index) = match (index as usize).checked_sub(each) {
            None => (&self.own, index as usize),
            Some(index) => (&self.twin, index),
        };
        space(parts).get(index).copied()
    }

    /// The globals of fuel, and of the flag that it has run out: the instance's first.
    pub fn fuels(&self) -> impl Iterator<Item = (G, G)> {
        self.own.fuel.into_iter().chain(self.twin.fuel)
    }

    /// The fuel that is left to both together, and whether either has run out; `read` reads an i32.
    pub fn fuel(&self, mut read: impl FnMut(G) -> Option<i32>) -> Option<(u32, bool)> {
        self.own.fuel?;
        self.fuels().try_fold((0u32, false), |(left, out), (fuel, flag)| {
            Some((left.wrapping_add(read(fuel)? as u32), out || read(flag)? != 0))
        })
    }
}

/// What can be imported and exported, as an engine's handle.
#[derive(Debug, Clone, Copy)]
pub enum Item<F, G, M, T> {
    /// A function.
    Func(F),
    /// A global.
    Global(G),
    /// A memory.
    Memory(M),
    /// A table.
    Table(T),
}

impl<X, F, G, M, T> Parts<X, F, G, M, T> {
    fn push(&mut self, item: Item<F, G, M, T>) {
        match item {
            Item::Func(func) => self.funcs.push(func),
            Item::Global(global) => self.globals.push(global),
            Item::Memory(memory) => self.memories.push(memory),
            Item::Table(table) => self.tables.push(table),
        }
    }
}

/// The handles of an engine.
pub type PartsOf<L> = Parts<
    <L as Linker>::Import,
    <L as Linker>::Func,
    <L as Linker>::Global,
    <L as Linker>::Memory,
    <L as Linker>::Table,
>;
/// A handle of an engine.
pub type ItemOf<L> = Item<<L as Linker>::Func, <L as Linker>::Global, <L as Linker>::Memory, <L as Linker>::Table>;

/// How an engine makes instances; [`prepare`] and [`start`] say which.
pub trait Linker {
    /// Anything that can be imported.
    type Import: Clone;
    /// A function.
    type Func: Copy;
    /// A global.
    type Global: Copy;
    /// A memory.
    type Memory: Copy;
    /// A table.
    type Table: Copy;
    /// An instance.
    type Instance: Copy;

    /// The module's declarations.
    fn shape(&self) -> Arc<Shape>;

    /// What there is of the instances.
    fn parts(&mut self) -> &mut Pair<PartsOf<Self>>;

    /// What an import is; `None` if it is nothing that Wasm 2.0 has.
    fn item(import: &Self::Import) -> Option<ItemOf<Self>>;

    /// A function as an import.
    fn import(func: Self::Func) -> Self::Import;

    /// What the host gives for an import.
    ///
    /// # Errors
    ///
    /// If the engine refuses to create it, with its reason.
    fn create(&mut self, kind: ImportShape) -> Result<Self::Import, String>;

    /// Instantiates the module with the imports that there are of this instance.
    ///
    /// # Errors
    ///
    /// With what comes of it, if that is no instance.
    fn instantiate(&mut self, which: Which) -> Result<Self::Instance, Outcome>;

    /// Why nothing can be said of what just ran, if the host says so.
    fn take_poison(&mut self) -> Option<String>;

    /// An export of an instance.
    fn export(&mut self, instance: Self::Instance, name: &str) -> Option<Self::Import>;

    /// The functions of this instance, which are called, have identities from now on.
    fn identify(&mut self, instance: Self::Instance);

    /// Finds what an instance has of this index, by the name that rewriting gave it.
    fn part(&mut self, instance: Self::Instance, what: ImportShape) -> Option<ItemOf<Self>> {
        let name = match what {
            ImportShape::Func(index) => names::func(index),
            ImportShape::Global(index) => names::global(index),
            ImportShape::Memory(index) => names::memory(index),
            ImportShape::Table(index) => names::table(index),
        };
        Self::item(&self.export(instance, &name)?)
    }
}

/// Creates the imports of what is instantiated first; `linked` if that is the twin.
///
/// # Errors
///
/// If the engine refuses to create one, with its reason.
pub fn prepare<L: Linker>(linker: &mut L, linked: bool) -> Result<(), String> {
    let which = if linked { Which::Twin } else { Which::Own };
    for import in &linker.shape().imports {
        let created = linker.create(import.kind)?;
        add(linker, which, created);
    }
    Ok(())
}

/// Instantiates the twin, if imports have origins, and then the instance itself. If either fails, that is the outcome.
pub fn start<L: Linker>(linker: &mut L, origins: Option<&[Origin]>) -> Outcome {
    if let Some(origins) = origins {
        let outcome = instantiate(linker, Which::Twin);
        if !matches!(outcome, Outcome::Returned(_)) {
            return outcome;
        }
        for (number, (import, origin)) in linker.shape().imports.iter().zip(origins).enumerate() {
            let import = match origin {
                Origin::Host => match linker.create(import.kind) {
                    Ok(import) => import,
                    Err(reason) => return Outcome::Poison(format!("imports: {reason}")),
                },
                Origin::Twin(func) => L::import(linker.parts().twin.funcs[*func as usize]),
                Origin::Shared => linker.parts().twin.imports[number].clone(),
            };
            add(linker, Which::Own, import);
        }
    }
    instantiate(linker, Which::Own)
}

/// An instance's next import.
fn add<L: Linker>(linker: &mut L, which: Which, import: L::Import) {
    let parts = linker.parts().of_mut(which);
    // Functions are found once the instance is there, imported ones as well.
    if let Some(item) = L::item(&import).filter(|item| !matches!(item, Item::Func(_))) {
        parts.push(item);
    }
    parts.imports.push(import);
}

fn instantiate<L: Linker>(linker: &mut L, which: Which) -> Outcome {
    let outcome = linker.instantiate(which);
    if let Some(why) = linker.take_poison() {
        return Outcome::Poison(why);
    }
    match outcome.map(|instance| resolve(linker, which, instance)) {
        Ok(Some(())) => Outcome::Returned(Vec::new()),
        Ok(None) => Outcome::Poison("the module lacks the exports of the fuel pass".to_string()),
        Err(outcome) => outcome,
    }
}

/// Finds all of an instance's state. `None` if the module lacks what rewriting exports.
fn resolve<L: Linker>(linker: &mut L, which: Which, instance: L::Instance) -> Option<()> {
    let shape = linker.shape();
    let funcs = (0..shape.funcs.len() as u32).map(ImportShape::Func);
    let globals = (shape.imported_globals..shape.globals.len() as u32).map(ImportShape::Global);
    let memories = (shape.imported_memories..shape.memories.len() as u32).map(ImportShape::Memory);
    let tables = (shape.imported_tables..shape.tables.len() as u32).map(ImportShape::Table);
    for what in funcs.chain(globals).chain(memories).chain(tables) {
        let item = linker.part(instance, what)?;
        linker.parts().of_mut(which).push(item);
    }
    let mut global = |name| match L::item(&linker.export(instance, name)?)? {
        Item::Global(global) => Some(global),
        _ => None,
    };
    let fuel = (global(names::FUEL)?, global(names::OUT)?);
    linker.parts().of_mut(which).fuel = Some(fuel);
    if which == Which::Own {
        linker.identify(instance);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare;
    use crate::engines::by_name;
    use crate::host::{Host, Manner};
    use crate::plan::{Case, NanMode, Plan, PlannedCall, Variant};
    use crate::rewrite::fuel::FuelMode;
    use crate::value::Value;

    /// Counts in its memory, its table and its global, and lets its other instance count, too.
    const MODULE: &str = r#"(module
        (type $step (func (param i32) (result i32)))
        (import "m" "f" (func $f (type $step)))
        (import "m" "g" (func $g (type $step)))
        (import "m" "shared" (global $shared (mut i32)))
        (memory 1)
        (table 2 2 funcref)
        (elem (i32.const 0) $f $count)
        (global $own (mut i32) (i32.const 5))
        (func $count (type $step)
            (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (local.get 0)))
            (global.set $own (i32.add (global.get $own) (i32.const 1)))
            (global.set $shared (i32.add (global.get $shared) (i32.const 2)))
            (i32.load (i32.const 16)))
        (func $twice (type $step) (i32.add (call $count (local.get 0)) (call $count (i32.const 1))))
        (func (export "cross") (param i32) (result i32 i32 i32)
            (i32.store (i32.const 20) (local.get 0))
            (call $f (local.get 0))
            (call_indirect (type $step) (i32.load (i32.const 20)) (i32.and (local.get 0) (i32.const 1)))
            (i32.store (i32.const 24) (call $g (i32.load (i32.const 20))))
            (i32.load (i32.const 24))))"#;

    fn case(seed: u64) -> Case {
        let wasm = wat::parse_str(MODULE).expect("it is a module");
        let calls = (0..6).map(|number| PlannedCall { func: 4, args: vec![Value::I32(number)] }).collect();
        let (manner, fuel_mode, nan) = (Manner::Linked, FuelMode::Trap, NanMode::NoFloats);
        let plan = Plan { host_seed: seed, manner, fuel: 1000, fuel_mode, nan, variant: Variant::Traced, calls };
        Case { wasm, plan }
    }

    #[test]
    fn no_function_stands_for_two_and_all_fit() {
        let shape = Shape::parse(&case(0).wasm).expect("it has a shape");
        let all: Vec<_> = (0..200).map(|seed| origins(seed, &shape)).collect();
        for origins in &all {
            assert_eq!(origins.len(), 3);
            assert!(origins[0] == Origin::Host || origins[0] != origins[1], "{origins:?}");
            let fits = |origin: &Origin| matches!(origin, Origin::Host | Origin::Twin(2 | 3));
            assert!(origins[..2].iter().all(fits), "{origins:?}");
            assert!(matches!(origins[2], Origin::Host | Origin::Shared), "{origins:?}");
        }
        assert!(all.iter().any(|origins| origins[..] == [Origin::Twin(3), Origin::Twin(2), Origin::Shared]));
        assert!(all.iter().any(|origins| origins[..] == [Origin::Host, Origin::Twin(2), Origin::Host]));
    }

    #[test]
    fn engines_agree_on_two_instances() {
        let names = [
            "microwasm",
            "winch",
            "cranelift",
            #[cfg(feature = "wasmi")]
            "wasmi",
        ];
        for ours in ["lightbeam", "lightbeam:segment"] {
            let ours = by_name(ours).expect("it exists");
            for oracle in names {
                let oracle = by_name(oracle).expect("it exists");
                for seed in 0..20 {
                    let report = compare::run(&*ours, &*oracle, &case(seed));
                    assert_eq!(report.divergence, None, "seed {seed} beside {}", oracle.name());
                    assert!(report.calls > 0 && report.poisoned == 0, "{report:?}");
                }
            }
        }
    }

    #[test]
    fn the_twin_has_state_of_its_own() {
        let engine = by_name("lightbeam").expect("it exists");
        let (mut counted, mut shared) = (0, 0);
        for seed in 0..40 {
            let mut case = case(seed);
            case.plan.variant = Variant::Fuelled;
            let wasm = compare::rewritten(&case).expect("it can be rewritten");
            let module = engine.compile(&wasm).expect("it is valid");
            let shape = Arc::new(Shape::parse(&case.wasm).expect("it has a shape"));
            let mut instance = module.prepare(shape, Host::new(seed, Manner::Linked)).expect("imports");
            assert!(matches!(instance.start(), Outcome::Returned(_)));
            instance.refuel(1000);
            assert_eq!(instance.fuel(), Some((2000, false)));
            instance.call(4, &[Value::I32(1)]);
            counted += usize::from(instance.global(3) != Some(Value::I32(5)));
            shared += usize::from(instance.global(0) == instance.global(2));
            let own = instance.memory(0).map(<[u8]>::to_vec);
            assert!(own.as_deref() != instance.memory(1));
            assert!(instance.memory(2).is_none() && instance.global(4).is_none() && instance.table_get(2, 0).is_none());
        }
        assert!(counted > 15 && (10..30).contains(&shared), "{counted} {shared}");
    }
}
