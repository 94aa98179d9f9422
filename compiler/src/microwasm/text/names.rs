//! Readable names of functions, globals and tables: from exports, else from imports. They follow from
//! what the module declares, so that text that is read and printed again has the same ones.

use crate::wasm::module::{ExportKind, ImportKind, ModuleInfo};
use std::collections::HashSet;
use std::fmt;

/// The most bytes of a name.
const LONGEST: usize = 64;

/// The names of one index space.
#[derive(Debug, Default)]
pub(super) struct Space {
    names: Vec<Option<Box<str>>>,
    used: HashSet<Box<str>>,
}

impl Space {
    fn with_room(count: usize) -> Space {
        Space { names: vec![None; count], used: HashSet::new() }
    }

    /// Names an item, unless it has a name already or another item has this one.
    fn suggest(&mut self, index: u32, source: &str) {
        let Some(slot @ None) = self.names.get_mut(index as usize) else { return };
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$' | '-');
        let name: Box<str> = source.chars().take(LONGEST).map(|c| if fits(c) { c } else { '_' }).collect();
        if !name.is_empty() && self.used.insert(name.clone()) {
            *slot = Some(name);
        }
    }

    /// How an item is written: `$name` or its index.
    pub(super) fn of(&self, index: u32) -> Name<'_> {
        Name { name: self.names.get(index as usize).and_then(Option::as_deref), index }
    }
}

/// An item as it is written.
pub(super) struct Name<'a> {
    name: Option<&'a str>,
    index: u32,
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name {
            Some(name) => write!(f, "${name}"),
            None => write!(f, "{}", self.index),
        }
    }
}

/// All names of a module.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) funcs: Space,
    pub(super) globals: Space,
    pub(super) tables: Space,
}

impl Names {
    /// The names that follow from a module's declarations.
    pub(super) fn of(info: &ModuleInfo) -> Names {
        let mut names = Names {
            funcs: Space::with_room(info.funcs.len()),
            globals: Space::with_room(info.globals.len()),
            tables: Space::with_room(info.tables.len()),
        };
        for export in &info.exports {
            match export.kind {
                ExportKind::Func(index) => names.funcs.suggest(index, &export.name),
                ExportKind::Global(index) => names.globals.suggest(index, &export.name),
                ExportKind::Table(index) => names.tables.suggest(index, &export.name),
                ExportKind::Memory(_) => {}
            }
        }
        let (mut func, mut global, mut table) = (0.., 0.., 0..);
        for import in &info.imports {
            let (space, index) = match import.kind {
                ImportKind::Func(_) => (&mut names.funcs, func.next()),
                ImportKind::Global(_) => (&mut names.globals, global.next()),
                ImportKind::Table(_) => (&mut names.tables, table.next()),
                ImportKind::Memory(_) => continue,
            };
            space.suggest(index.unwrap_or(u32::MAX), &import.name);
        }
        names
    }
}
