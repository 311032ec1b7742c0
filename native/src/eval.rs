//! Expressions over a document. Anything uncertain is a `Stop`: the Python form then judges the document.

use crate::compare::{calculate, cast, values};
use crate::functions;
use crate::kept::stack;
use crate::program::{Ex, Path, Pred, Program};
use crate::tree::Tree;
use crate::value::{double_text, Item, Seq, Stop, R};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::cell::Cell;
use std::cell::OnceCell;
use std::cell::RefCell;
use std::rc::Rc;

/// The context item, its position and how many there are.
#[derive(Clone, Copy)]
pub struct Focus<'e, 'a> {
    pub item: &'e Item<'a>,
    pub pos: usize,
    pub last: usize,
}

impl<'e, 'a> Focus<'e, 'a> {
    pub fn on(item: &'e Item<'a>) -> Self {
        Focus { item, pos: 1, last: 1 }
    }
}

pub enum Held<'e, 'a> {
    One(&'e Item<'a>),
    Many(&'e [Item<'a>]),
    /// A rule's variable: computed when first asked for, in the scope above it.
    Lazy(&'a Ex, &'e Item<'a>, &'e OnceCell<Seq<'a>>),
}

/// The variables in sight, the innermost first.
pub struct Env<'e, 'a> {
    pub slot: u32,
    pub held: Held<'e, 'a>,
    pub up: Option<&'e Env<'e, 'a>>,
}

pub type Scope<'e, 'a> = Option<&'e Env<'e, 'a>>;
pub type Index<'a> = Rc<FxHashMap<Box<str>, Seq<'a>>>;
pub type Take<'t, 'a> = &'t mut dyn FnMut(&Item<'a>) -> R<bool>;

/// One document under one rule set.
pub struct Cx<'a> {
    pub tree: &'a Tree,
    pub program: &'a Program,
    pub memo: RefCell<Vec<Option<Rc<Seq<'a>>>>>,
    pub globals: RefCell<Vec<Option<Rc<Seq<'a>>>>>,
    pub groups: RefCell<FxHashMap<usize, Index<'a>>>,
    pub keys: RefCell<FxHashMap<usize, Index<'a>>>,
    pub depth: Cell<u32>,
    /// Where the stack stood when the judgement began.
    pub base: usize,
}

impl<'a> Cx<'a> {
    pub fn new(tree: &'a Tree, program: &'a Program) -> Self {
        Cx {
            tree,
            program,
            memo: RefCell::new(vec![None; program.memos]),
            globals: RefCell::new(vec![None; program.globals.len()]),
            groups: RefCell::default(),
            keys: RefCell::default(),
            depth: Cell::new(0),
            base: stack(),
        }
    }

    // Sequences.

    /// All items; nodes in document order, each once, where the expression is a path.
    pub fn seq(&self, ex: &'a Ex, f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<Seq<'a>> {
        let mut out = Seq::new();
        if self.barren(ex) {
            return Ok(out);
        }
        match ex {
            Ex::Path(path) if !(path.distinct && path.ordered) => return self.path(path, f, env),
            Ex::Union(pair) | Ex::Intersect(pair) | Ex::Except(pair) => return self.combined(ex, pair, f, env),
            Ex::Filter(base, preds) => return self.filtered(self.seq(base, f, env)?, preds, env),
            Ex::If(parts) => {
                let chosen = if self.truth(&parts.0, f, env)? { &parts.1 } else { &parts.2 };
                return self.seq(chosen, f, env);
            }
            Ex::Let(slot, pair) => {
                let held = self.seq(&pair.0, f, env)?;
                return self.seq(&pair.1, f, Some(&Env { slot: *slot, held: Held::Many(&held), up: env }));
            }
            Ex::Seq(items) => {
                for item in items {
                    out.append(&mut self.seq(item, f, env)?);
                }
            }
            Ex::For(bindings, body) => {
                self.bound(bindings, f, env, &mut |inner| {
                    out.append(&mut self.seq(body, f, Some(inner))?);
                    Ok(true)
                })?;
            }
            _ => {
                self.each(ex, f, env, &mut |item| {
                    out.push(item.clone());
                    Ok(true)
                })?;
            }
        }
        if matches!(ex, Ex::Step(step) if step.axis.reverse()) {
            out.reverse();
        }
        Ok(out)
    }

    /// A path to what the document does not hold at all: most of what the rules forbid.
    pub fn barren(&self, ex: &Ex) -> bool {
        let path = match ex {
            Ex::Path(path) => path,
            Ex::Memo(_, inner) => match &**inner {
                Ex::Path(path) => path,
                _ => return false,
            },
            _ => return false,
        };
        path.needs.is_some_and(|tag| !self.tree.holds(tag))
    }

    pub fn path(&self, path: &'a Path, f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<Seq<'a>> {
        let mut out = Seq::new();
        for item in self.seq(&path.left, f, env)? {
            if !item.is_node() {
                return Err(Stop);
            }
            self.each(&path.right, Focus::on(&item), env, &mut |found| {
                out.push(found.clone());
                Ok(true)
            })?;
        }
        let nodes = out.iter().filter(|item| item.is_node()).count();
        if nodes == 0 {
            return Ok(out);
        }
        if nodes < out.len() {
            return Err(Stop);
        }
        self.in_order(&mut out);
        Ok(out)
    }

    pub fn combined(&self, ex: &'a Ex, pair: &'a (Ex, Ex), f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<Seq<'a>> {
        let (mut left, mut right) = (self.seq(&pair.0, f, env)?, self.seq(&pair.1, f, env)?);
        if !left.iter().chain(&right).all(Item::is_node) {
            return Err(Stop);
        }
        if matches!(ex, Ex::Union(_)) {
            left.append(&mut right);
        } else {
            let keys: Vec<_> = right.iter().map(|item| self.key(item)).collect();
            left.retain(|item| keys.contains(&self.key(item)) == matches!(ex, Ex::Intersect(_)));
        }
        self.in_order(&mut left);
        Ok(left)
    }

    pub fn in_order(&self, items: &mut Seq<'a>) {
        if items.len() > 1 {
            items.sort_by_key(|item| self.key(item));
            items.dedup_by_key(|item| self.key(item));
        }
    }

    /// Where a node stands in the document.
    pub fn key(&self, item: &Item<'_>) -> (u32, u8, u32) {
        match item {
            Item::Attr(attr) => (self.tree.attrs[*attr as usize].owner, 1, *attr),
            Item::Text(text) => (self.tree.texts[*text as usize].after, 2, *text),
            Item::Node(node) => (*node, 0, 0),
            _ => (0, 0, 0),
        }
    }

    /// Each item once, nodes in any order; `take` says whether to go on.
    pub fn each(&self, ex: &'a Ex, f: Focus<'_, 'a>, env: Scope<'_, 'a>, take: Take<'_, 'a>) -> R<bool> {
        if self.barren(ex) {
            return Ok(true);
        }
        match ex {
            Ex::Dot => take(f.item),
            Ex::Root => {
                if !f.item.is_node() {
                    return Err(Stop);
                }
                take(&Item::Node(0))
            }
            Ex::Step(step) => self.step(step, f.item, env, take),
            Ex::Path(path) if path.distinct => self.each(&path.left, f, env, &mut |item| {
                if !item.is_node() {
                    return Err(Stop);
                }
                self.each(&path.right, Focus::on(item), env, take)
            }),
            Ex::Path(_) | Ex::Union(_) | Ex::Intersect(_) | Ex::Except(_) => all(&self.seq(ex, f, env)?, take),
            Ex::Filter(base, preds) => {
                if preds.iter().all(|p| matches!(p, Pred::If(_))) {
                    return self.each(base, f, env, &mut |item| Ok(!self.passes(preds, item, env)? || take(item)?));
                }
                all(&self.filtered(self.seq(base, f, env)?, preds, env)?, take)
            }
            Ex::Memo(at, inner) => all(&self.kept(&self.memo, *at, inner)?, take),
            Ex::Global(at) => all(&self.kept(&self.globals, *at, &self.program.globals[*at])?, take),
            Ex::Grouped(at, inner) => {
                let index = self.group(*at, &inner.0, &inner.1)?;
                index.get(&inner.2).map_or(Ok(true), |found| all(found, take))
            }
            Ex::Var(slot) => self.variable(*slot, env, take),
            Ex::Seq(items) => {
                for item in items {
                    if !self.each(item, f, env, take)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Ex::Words(words) => {
                for word in words {
                    if !take(&Item::Str(Cow::Borrowed(word)))? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Ex::If(parts) => {
                let chosen = if self.truth(&parts.0, f, env)? { &parts.1 } else { &parts.2 };
                all(&self.seq(chosen, f, env)?, take)
            }
            Ex::For(bindings, body) => self.bound(bindings, f, env, &mut |inner| self.each(body, f, Some(inner), take)),
            Ex::Range(pair) => {
                let (from, to) = (self.whole(&pair.0, f, env)?, self.whole(&pair.1, f, env)?);
                let (Some(from), Some(to)) = (from, to) else { return Ok(true) };
                if to.saturating_sub(from) > 100_000 {
                    return Err(Stop);
                }
                for number in from..=to {
                    if !take(&Item::Int(number))? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Ex::Let(slot, pair) => {
                let held = self.seq(&pair.0, f, env)?;
                let inner = Env { slot: *slot, held: Held::Many(&held), up: env };
                self.each(&pair.1, f, Some(&inner), take)
            }
            Ex::User(at, arguments) => all(&self.user(*at, arguments, f, env)?, take),
            Ex::Key(at, wanted) => self.by_key(*at, wanted, f, env, take),
            Ex::Convert(conv, inner) => all(&self.converted(conv, self.seq(inner, f, env)?)?, take),
            Ex::Call(call, arguments) => functions::call(self, *call, arguments, f, env, take),
            Ex::Tokenize(inner, by) => {
                let text = self.string(inner, f, env)?;
                functions::tokenize(text, by.as_ref(), take)
            }
            _ => match self.single(ex, f, env)? {
                Some(item) => take(&item),
                None => Ok(true),
            },
        }
    }

    /// Whether `single` knows the expression, or it is a function of one item.
    pub fn is_single(&self, ex: &Ex) -> bool {
        match ex {
            Ex::Call(call, _) => functions::single(*call),
            Ex::Str(_) | Ex::Unt(_) | Ex::Int(_) | Ex::Dec(_) | Ex::Dbl(_) | Ex::Arith(..) | Ex::Neg(_) => true,
            Ex::And(_) | Ex::Or(_) | Ex::Some(..) | Ex::Every(..) | Ex::General(..) | Ex::OneOf(..) => true,
            Ex::Matches(..) | Ex::Among(..) | Ex::Castable(..) | Ex::Cast(..) | Ex::Value(..) | Ex::Replace(..) => true,
            _ => false,
        }
    }

    /// The value of an expression that gives at most one atomic item.
    pub fn single(&self, ex: &'a Ex, f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<Option<Item<'a>>> {
        Ok(Some(match ex {
            Ex::Str(text) => Item::Str(Cow::Borrowed(text)),
            Ex::Unt(text) => Item::Unt(Cow::Borrowed(text)),
            Ex::Int(number) => Item::Int(*number),
            Ex::Dec(number) => Item::Dec(*number),
            Ex::Dbl(number) => Item::Dbl(*number),
            Ex::And(_)
            | Ex::Or(_)
            | Ex::Some(..)
            | Ex::Every(..)
            | Ex::General(..)
            | Ex::OneOf(..)
            | Ex::Matches(..)
            | Ex::Among(..)
            | Ex::Castable(..)
            | Ex::Place(_) => Item::Bool(self.truth(ex, f, env)?),
            Ex::Value(op, pair) => {
                let (left, right) = (self.atom(&pair.0, f, env)?, self.atom(&pair.1, f, env)?);
                let (Some(left), Some(right)) = (left, right) else { return Ok(None) };
                Item::Bool(values(*op, &left, &right)?)
            }
            Ex::Is(pair) => {
                let (left, right) = (self.seq(&pair.0, f, env)?, self.seq(&pair.1, f, env)?);
                match (left.as_slice(), right.as_slice()) {
                    ([a], [b]) if a.is_node() && b.is_node() => Item::Bool(self.key(a) == self.key(b)),
                    ([], [_]) | ([_], []) | ([], []) => return Ok(None),
                    _ => return Err(Stop),
                }
            }
            Ex::Arith(sum, pair) => {
                let Some(left) = self.number(&pair.0, f, env)? else { return Ok(None) };
                let Some(right) = self.number(&pair.1, f, env)? else { return Ok(None) };
                calculate(*sum, &left, &right)?
            }
            Ex::Neg(inner) => match self.number(inner, f, env)? {
                None => return Ok(None),
                Some(Item::Int(n)) => Item::Int(n.checked_neg().ok_or(Stop)?),
                Some(Item::Dec(n)) => Item::Dec(n.neg()),
                Some(Item::Dbl(n)) => Item::Dbl(-n),
                _ => return Err(Stop),
            },
            Ex::Cast(inner, kind, optional) => match self.atom(inner, f, env)? {
                None if *optional => return Ok(None),
                None => return Err(Stop),
                Some(item) => cast(item, *kind)?,
            },
            Ex::ValueOf(inner) => {
                let items = self.seq(inner, f, env)?;
                Item::Unt(Cow::Owned(self.said(&items)?))
            }
            Ex::Replace(inner, rx, instead) => {
                let text = self.string(inner, f, env)?;
                let regex = rx.of(&text)?;
                Item::Str(Cow::Owned(regex.replace_all(&text, regex::NoExpand(instead)).into_owned()))
            }
            _ => return Err(Stop),
        }))
    }
}

pub fn all<'a>(items: &[Item<'a>], take: Take<'_, 'a>) -> R<bool> {
    for item in items {
        if !take(item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

pub fn truth_of(items: &[Item<'_>]) -> R<bool> {
    match items {
        [] => Ok(false),
        [first, ..] if first.is_node() => Ok(true),
        [Item::Bool(truth)] => Ok(*truth),
        [Item::Str(text) | Item::Unt(text)] => Ok(!text.is_empty()),
        [Item::Int(number)] => Ok(*number != 0),
        [Item::Dec(number)] => Ok(number.mantissa() != 0),
        [Item::Dbl(number)] => Ok(!(*number == 0.0 || number.is_nan())),
        _ => Err(Stop),
    }
}

pub fn text_of(item: Item<'_>) -> R<Cow<'_, str>> {
    Ok(match item {
        Item::Str(text) | Item::Unt(text) | Item::Date(_, text) => text,
        Item::Int(number) => Cow::Owned(number.to_string()),
        Item::Dec(number) => Cow::Owned(number.text()),
        Item::Dbl(number) => Cow::Owned(double_text(number)?),
        Item::Bool(truth) => Cow::Borrowed(if truth { "true" } else { "false" }),
        _ => return Err(Stop),
    })
}
