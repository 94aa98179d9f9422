//! The benchmark programs from source to machine code: not from the report, but from the program that makes the pages.

use super::super::{Page, slug};
use super::context;
use crate::explorer::Explored;
use minijinja::Value as View;

/// The engines, as they are called here, and on pages.
const ENGINES: [(&str, &str); 3] = [("lightbeam", "Lightbeam"), ("cranelift", "Cranelift"), ("native", "native")];

/// What the list of programs goes through.
pub(super) fn view(programs: &[Explored]) -> View {
    let names: Vec<&str> = programs.iter().map(|program| program.name.as_str()).collect();
    context! { names, engines => ENGINES }
}

/// A page for each program.
pub(super) fn pages(programs: &[Explored]) -> impl Iterator<Item = Page> {
    programs.iter().map(|program| Page {
        path: format!("site/explorer/{}.html", slug(&program.name)),
        template: "program.html",
        title: program.name.clone(),
        section: "Explorer",
        base: format!("programs/{}", super::super::number::segment(&program.name)),
        view: context! { program => View::from_serialize(program), engines => ENGINES },
    })
}
