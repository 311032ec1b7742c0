//! `avrop_native`: judges documents by compiled Schematron rules, or says that it is not certain.
//!
//! The Python form of `avrop.schematron` is the whole engine; this is the same engine for what documents and rules
//! mostly are. `Rules.judge` gives None where an expression ends in an error or holds what is not covered here.

mod compare;
mod eval;
mod functions;
mod judge;
mod kept;
mod lower;
mod paths;
mod plans;
mod program;
mod steps;
mod strict;
mod tree;
mod truth;
mod value;

use std::panic::{catch_unwind, AssertUnwindSafe};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::program::Program;
use crate::tree::Tree;

/// One document, read once for all rule sets. ValueError where it is not well-formed or holds a DOCTYPE.
#[pyclass(frozen)]
struct Document {
    tree: Tree,
}

#[pymethods]
impl Document {
    #[new]
    fn new(py: Python<'_>, content: &str) -> PyResult<Self> {
        let read = || catch_unwind(|| Tree::read(content)).unwrap_or_else(|_| Err("a fault of ours".into()));
        let tree = py.detach(read).map_err(PyValueError::new_err)?;
        Ok(Document { tree })
    }

    fn __len__(&self) -> usize {
        self.tree.nodes.len() - 1
    }
}

/// One rule set, from `avrop.schematron.program`. ValueError where it holds what is not covered.
#[pyclass(frozen)]
struct Rules {
    program: Program,
}

#[pymethods]
impl Rules {
    #[new]
    fn new(py: Python<'_>, program: &str) -> PyResult<Self> {
        let load = || catch_unwind(|| Program::load(program)).unwrap_or_else(|_| Err("a fault of ours".into()));
        Ok(Rules { program: py.detach(load).map_err(PyValueError::new_err)? })
    }

    /// (id, flag, location, text) of each finding; None where Python must judge.
    fn judge(&self, py: Python<'_>, document: &Document) -> Option<Vec<judge::Hit>> {
        // A fault of ours must not end a judgement: Python judges then, too.
        let work = AssertUnwindSafe(|| judge::judge(&document.tree, &self.program).ok());
        py.detach(|| catch_unwind(work).unwrap_or(None))
    }
}

#[pymodule]
fn avrop_native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Document>()?;
    module.add_class::<Rules>()
}
