//! What is computed once a document: kept values, indexes and keys; and variables and functions.

use crate::compare::promoted;
use crate::eval::{all, text_of, Cx, Env, Focus, Held, Index, Scope, Take};
use crate::program::{Conv, Ex};
use crate::value::{Item, Seq, Stop, R};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// Functions and variables go no deeper once they have used this much of the stack: a thread may have little.
const MOST_STACK: usize = 1 << 18;

/// About where the stack stands.
#[inline(never)]
pub fn stack() -> usize {
    let here = 0u8;
    std::hint::black_box(&here) as *const u8 as usize
}

impl<'a> Cx<'a> {
    /// xsl:value-of: every item as a string, a space between; text nodes beside each other become one.
    pub fn said(&self, items: &[Item<'a>]) -> R<String> {
        let texts = items.iter().filter(|item| matches!(item, Item::Text(_))).count();
        if texts != 0 && texts != items.len() {
            return Err(Stop);
        }
        let mut out = String::new();
        for (at, item) in items.iter().enumerate() {
            if at > 0 && texts == 0 {
                out.push(' ');
            }
            out.push_str(&text_of(self.atomized(item))?);
        }
        Ok(out)
    }

    pub fn kept(&self, held: &RefCell<Vec<Option<Rc<Seq<'a>>>>>, at: usize, ex: &'a Ex) -> R<Rc<Seq<'a>>> {
        if let Some(known) = &held.borrow()[at] {
            return Ok(known.clone());
        }
        let made = Rc::new(self.deeper(|| self.seq(ex, Focus::on(&Item::Node(0)), None))?);
        held.borrow_mut()[at] = Some(made.clone());
        Ok(made)
    }

    /// Circles of variables and functions without end stop here.
    pub fn deeper<T>(&self, work: impl FnOnce() -> R<T>) -> R<T> {
        if self.depth.get() > 200 || self.base.abs_diff(stack()) > MOST_STACK {
            return Err(Stop);
        }
        self.depth.set(self.depth.get() + 1);
        let made = work();
        self.depth.set(self.depth.get() - 1);
        made
    }

    pub fn group(&self, at: usize, base: &'a Ex, value: &'a Ex) -> R<Index<'a>> {
        if let Some(known) = self.groups.borrow().get(&at) {
            return Ok(known.clone());
        }
        let items = self.seq(base, Focus::on(&Item::Node(0)), None)?;
        let made = self.indexed(items, value)?;
        self.groups.borrow_mut().insert(at, made.clone());
        Ok(made)
    }

    pub fn indexed(&self, items: Seq<'a>, value: &'a Ex) -> R<Index<'a>> {
        let mut index: FxHashMap<Box<str>, Seq<'a>> = FxHashMap::default();
        for item in items {
            if !item.is_node() {
                return Err(Stop);
            }
            self.each(value, Focus::on(&item), None, &mut |found| {
                let (Item::Str(text) | Item::Unt(text)) = self.atomized(found) else { return Err(Stop) };
                let held = index.entry(text.as_ref().into()).or_default();
                if held.last().is_none_or(|last| self.key(last) != self.key(&item)) {
                    held.push(item.clone());
                }
                Ok(true)
            })?;
        }
        Ok(Rc::new(index))
    }

    pub fn by_key(
        &self,
        at: usize,
        wanted: &'a Ex,
        f: Focus<'_, 'a>,
        env: Scope<'_, 'a>,
        take: Take<'_, 'a>,
    ) -> R<bool> {
        let known = self.keys.borrow().get(&at).cloned();
        let index = match known {
            Some(index) => index,
            None => {
                let (alternatives, value) = &self.program.keys[at];
                let mut items = Seq::new();
                for node in 1..self.tree.nodes.len() as u32 {
                    if self.fits_any(alternatives, node)? {
                        items.push(Item::Node(node));
                    }
                }
                let made = self.indexed(items, value)?;
                self.keys.borrow_mut().insert(at, made.clone());
                made
            }
        };
        let mut found = Seq::new();
        for item in self.seq(wanted, f, env)? {
            let (Item::Str(text) | Item::Unt(text)) = self.atomized(&item) else { return Err(Stop) };
            if let Some(nodes) = index.get(text.as_ref()) {
                found.extend(nodes.iter().cloned());
            }
        }
        self.in_order(&mut found);
        all(&found, take)
    }

    pub fn variable(&self, slot: u32, env: Scope<'_, 'a>, take: Take<'_, 'a>) -> R<bool> {
        let mut here = env;
        while let Some(env) = here {
            if env.slot == slot {
                return match &env.held {
                    Held::One(item) => take(item),
                    Held::Many(items) => all(items, take),
                    Held::Lazy(ex, item, cell) => {
                        if cell.get().is_none() {
                            let made = self.deeper(|| self.seq(ex, Focus::on(item), env.up))?;
                            let _ = cell.set(made);
                        }
                        all(cell.get().ok_or(Stop)?, take)
                    }
                };
            }
            here = env.up;
        }
        Err(Stop)
    }

    /// Each way to bind the variables; `work` says whether to go on.
    pub fn bound(
        &self,
        bindings: &'a [(u32, Ex)],
        f: Focus<'_, 'a>,
        env: Scope<'_, 'a>,
        work: &mut dyn FnMut(&Env<'_, 'a>) -> R<bool>,
    ) -> R<bool> {
        let Some(((slot, sequence), rest)) = bindings.split_first() else { return Err(Stop) };
        for item in self.seq(sequence, f, env)? {
            let inner = Env { slot: *slot, held: Held::One(&item), up: env };
            let go_on = if rest.is_empty() { work(&inner)? } else { self.bound(rest, f, Some(&inner), work)? };
            if !go_on {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub fn user(&self, at: usize, arguments: &'a [Ex], f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<Seq<'a>> {
        let function = &self.program.functions[at];
        if function.params.len() != arguments.len() {
            return Err(Stop);
        }
        let mut values: Vec<Seq<'a>> = Vec::with_capacity(arguments.len());
        for (argument, (_, conv)) in arguments.iter().zip(&function.params) {
            let items = self.seq(argument, f, env)?;
            values.push(match conv {
                Some(conv) => self.converted(conv, items)?,
                None => items,
            });
        }
        let made = self.deeper(|| self.applied(function, &values, 0, None))?;
        match &function.result {
            Some(conv) => self.converted(conv, made),
            None => Ok(made),
        }
    }

    pub fn applied(
        &self,
        function: &'a crate::program::Function,
        values: &[Seq<'a>],
        at: usize,
        env: Scope<'_, 'a>,
    ) -> R<Seq<'a>> {
        if at == values.len() {
            // A function has no context item: whoever asks for it gets none that is a node.
            let nothing = Item::Bool(false);
            return self.seq(&function.body, Focus::on(&nothing), env);
        }
        let inner = Env { slot: function.params[at].0, held: Held::Many(&values[at]), up: env };
        self.applied(function, values, at + 1, Some(&inner))
    }

    /// By the function conversion rules.
    pub fn converted(&self, conv: &Conv, items: Seq<'a>) -> R<Seq<'a>> {
        if (items.is_empty() && !conv.optional) || (items.len() > 1 && !conv.many) {
            return Err(Stop);
        }
        let Some(kind) = conv.kind else { return Ok(items) };
        items.iter().map(|item| promoted(self.atomized(item), kind)).collect()
    }
}
