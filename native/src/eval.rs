//! Expressions over a document. Anything uncertain is a `Stop`: the Python form then judges the document.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::cmp::Ordering;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::functions;
use crate::program::{Axis, Conv, Ex, Kind, Op, Path, Pred, Program, Step, Sum, Test};
use crate::tree::{Tag, Tree, NO_NAME};
use crate::value::{boolean, date, double, double_text, integer, Dec, Item, Seq, Stop, R};

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
type Index<'a> = Rc<FxHashMap<Box<str>, Seq<'a>>>;
type Take<'t, 'a> = &'t mut dyn FnMut(&Item<'a>) -> R<bool>;

/// One document under one rule set.
pub struct Cx<'a> {
    pub tree: &'a Tree,
    pub program: &'a Program,
    memo: RefCell<Vec<Option<Rc<Seq<'a>>>>>,
    globals: RefCell<Vec<Option<Rc<Seq<'a>>>>>,
    groups: RefCell<FxHashMap<usize, Index<'a>>>,
    keys: RefCell<FxHashMap<usize, Index<'a>>>,
    depth: Cell<u32>,
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
    fn barren(&self, ex: &Ex) -> bool {
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

    fn path(&self, path: &'a Path, f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<Seq<'a>> {
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

    fn combined(&self, ex: &'a Ex, pair: &'a (Ex, Ex), f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<Seq<'a>> {
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
    fn is_single(&self, ex: &Ex) -> bool {
        match ex {
            Ex::Call(call, _) => functions::single(*call),
            Ex::Str(_) | Ex::Unt(_) | Ex::Int(_) | Ex::Dec(_) | Ex::Dbl(_) | Ex::Arith(..) | Ex::Neg(_) => true,
            Ex::And(_) | Ex::Or(_) | Ex::Some(..) | Ex::Every(..) | Ex::General(..) | Ex::OneOf(..) => true,
            Ex::Matches(..) | Ex::Among(..) | Ex::Castable(..) | Ex::Cast(..) | Ex::Value(..) | Ex::Replace(..) => true,
            _ => false,
        }
    }

    /// The value of an expression that gives at most one atomic item.
    fn single(&self, ex: &'a Ex, f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<Option<Item<'a>>> {
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
                let regex = rx.get().ok_or(Stop)?;
                Item::Str(Cow::Owned(regex.replace_all(&text, regex::NoExpand(instead)).into_owned()))
            }
            _ => return Err(Stop),
        }))
    }

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

    fn kept(&self, held: &RefCell<Vec<Option<Rc<Seq<'a>>>>>, at: usize, ex: &'a Ex) -> R<Rc<Seq<'a>>> {
        if let Some(known) = &held.borrow()[at] {
            return Ok(known.clone());
        }
        let made = Rc::new(self.deeper(|| self.seq(ex, Focus::on(&Item::Node(0)), None))?);
        held.borrow_mut()[at] = Some(made.clone());
        Ok(made)
    }

    /// Circles of variables and functions without end stop here.
    fn deeper<T>(&self, work: impl FnOnce() -> R<T>) -> R<T> {
        if self.depth.get() > 200 {
            return Err(Stop);
        }
        self.depth.set(self.depth.get() + 1);
        let made = work();
        self.depth.set(self.depth.get() - 1);
        made
    }

    fn group(&self, at: usize, base: &'a Ex, value: &'a Ex) -> R<Index<'a>> {
        if let Some(known) = self.groups.borrow().get(&at) {
            return Ok(known.clone());
        }
        let items = self.seq(base, Focus::on(&Item::Node(0)), None)?;
        let made = self.indexed(items, value)?;
        self.groups.borrow_mut().insert(at, made.clone());
        Ok(made)
    }

    fn indexed(&self, items: Seq<'a>, value: &'a Ex) -> R<Index<'a>> {
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

    fn by_key(&self, at: usize, wanted: &'a Ex, f: Focus<'_, 'a>, env: Scope<'_, 'a>, take: Take<'_, 'a>) -> R<bool> {
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

    fn variable(&self, slot: u32, env: Scope<'_, 'a>, take: Take<'_, 'a>) -> R<bool> {
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
    fn bound(
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

    fn user(&self, at: usize, arguments: &'a [Ex], f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<Seq<'a>> {
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

    fn applied(
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
    fn converted(&self, conv: &Conv, items: Seq<'a>) -> R<Seq<'a>> {
        if (items.is_empty() && !conv.optional) || (items.len() > 1 && !conv.many) {
            return Err(Stop);
        }
        let Some(kind) = conv.kind else { return Ok(items) };
        items.iter().map(|item| promoted(self.atomized(item), kind)).collect()
    }

    // Steps.

    fn step(&self, step: &'a Step, from: &Item<'a>, env: Scope<'_, 'a>, take: Take<'_, 'a>) -> R<bool> {
        if step.preds.is_empty() {
            return self.axis(step, from, take);
        }
        if step.plain {
            return self.axis(step, from, &mut |item| Ok(!self.passes(&step.preds, item, env)? || take(item)?));
        }
        let mut found = Seq::new();
        self.axis(step, from, &mut |item| {
            found.push(item.clone());
            Ok(true)
        })?;
        all(&self.filtered(found, &step.preds, env)?, take)
    }

    fn passes(&self, preds: &'a [Pred], item: &Item<'a>, env: Scope<'_, 'a>) -> R<bool> {
        for pred in preds {
            let Pred::If(ex) = pred else { return Err(Stop) };
            if !self.truth(ex, Focus::on(item), env)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn filtered(&self, mut items: Seq<'a>, preds: &'a [Pred], env: Scope<'_, 'a>) -> R<Seq<'a>> {
        for pred in preds {
            let last = items.len();
            let mut left = Seq::new();
            for (at, item) in items.into_iter().enumerate() {
                let pos = at + 1;
                let passes = match pred {
                    Pred::Nth(place) => *place == pos as i64,
                    Pred::If(ex) => self.truth(ex, Focus { item: &item, pos, last }, env)?,
                    Pred::Any(ex) => self.selects(ex, Focus { item: &item, pos, last }, env)?,
                };
                if passes {
                    left.push(item);
                }
            }
            items = left;
        }
        Ok(items)
    }

    fn selects(&self, ex: &'a Ex, f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<bool> {
        let found = self.seq(ex, f, env)?;
        match found.as_slice() {
            [Item::Int(number)] => Ok(*number == f.pos as i64),
            [Item::Dbl(number)] => Ok(*number == f.pos as f64),
            [Item::Dec(_)] => Err(Stop),
            items => truth_of(items),
        }
    }

    fn fits(&self, test: &Test, item: &Item<'_>) -> bool {
        match (test, item) {
            (Test::Node, _) => true,
            (Test::Name(tag), Item::Node(node)) => self.tree.nodes[*node as usize].tag == *tag,
            (Test::Name(tag), Item::Attr(attr)) => self.tree.attrs[*attr as usize].name == *tag,
            (Test::Open(uri, local), Item::Node(node)) => self.open(uri, local, self.tree.nodes[*node as usize].tag),
            (Test::Open(uri, local), Item::Attr(attr)) => self.open(uri, local, self.tree.attrs[*attr as usize].name),
            (Test::Element, Item::Node(node)) => *node != 0,
            (Test::Document, Item::Node(node)) => *node == 0,
            (Test::Text, Item::Text(_)) | (Test::AnyAttribute, Item::Attr(_)) => true,
            _ => false,
        }
    }

    pub fn open(&self, uri: &Option<Box<str>>, local: &Option<Box<str>>, tag: Tag) -> bool {
        if tag == NO_NAME {
            return false;
        }
        if uri.is_none() && local.is_none() {
            return true;
        }
        let (own_uri, own_local) = self.tree.name(tag);
        uri.as_ref().is_none_or(|uri| **uri == *own_uri) && local.as_ref().is_none_or(|local| **local == *own_local)
    }

    fn axis(&self, step: &'a Step, from: &Item<'a>, take: Take<'_, 'a>) -> R<bool> {
        let tree = self.tree;
        let (test, node) = (
            &step.test,
            match from {
                Item::Node(node) => *node,
                Item::Attr(_) | Item::Text(_) => return self.axis_of_other(step, from, take),
                _ => return Err(Stop),
            },
        );
        let mut give = |found: u32| -> R<bool> {
            let item = Item::Node(found);
            Ok(!self.fits(test, &item) || take(&item)?)
        };
        match step.axis {
            Axis::Child => return self.children(test, node, take),
            Axis::Attribute => {
                let (from, to) = tree.nodes[node as usize].attrs;
                for attr in from..to {
                    let item = Item::Attr(attr);
                    if self.fits(test, &item) && !take(&item)? {
                        return Ok(false);
                    }
                }
            }
            Axis::AttributeBelow => {
                let from = tree.nodes[node as usize].attrs.0;
                let to = tree.nodes[tree.nodes[node as usize].end as usize - 1].attrs.1;
                for attr in from..to {
                    let item = Item::Attr(attr);
                    if self.fits(test, &item) && !take(&item)? {
                        return Ok(false);
                    }
                }
            }
            Axis::Parent => {
                let parent = tree.nodes[node as usize].parent;
                return if parent == u32::MAX { Ok(true) } else { give(parent) };
            }
            Axis::OwnSelf => return give(node),
            Axis::Descendant | Axis::DescendantOrSelf => {
                if step.axis == Axis::DescendantOrSelf && !give(node)? {
                    return Ok(false);
                }
                return self.below(test, node, take);
            }
            Axis::Ancestor | Axis::AncestorOrSelf => {
                let mut here = if step.axis == Axis::Ancestor { tree.nodes[node as usize].parent } else { node };
                while here != u32::MAX {
                    if !give(here)? {
                        return Ok(false);
                    }
                    here = tree.nodes[here as usize].parent;
                }
            }
            _ => return self.beside(step.axis, test, node, take),
        }
        Ok(true)
    }

    /// Siblings, and what comes before or after; text nodes there are left to Python.
    fn beside(&self, axis: Axis, test: &Test, node: u32, take: Take<'_, 'a>) -> R<bool> {
        if matches!(test, Test::Node | Test::Text) {
            return Err(Stop);
        }
        let tree = self.tree;
        let parent = tree.nodes[node as usize].parent;
        if parent == u32::MAX {
            return Ok(true);
        }
        let mut found: Vec<u32> = Vec::new();
        match axis {
            Axis::FollowingSibling => {
                let (end, mut here) = (tree.nodes[parent as usize].end, tree.nodes[node as usize].end);
                while here < end {
                    found.push(here);
                    here = tree.nodes[here as usize].end;
                }
            }
            Axis::PrecedingSibling => {
                let mut here = parent + 1;
                while here < node {
                    found.push(here);
                    here = tree.nodes[here as usize].end;
                }
                found.reverse();
            }
            Axis::Following => found.extend(tree.nodes[node as usize].end..tree.nodes.len() as u32),
            _ => found.extend((1..node).rev().filter(|&n| tree.nodes[n as usize].end <= node)),
        }
        for node in found {
            let item = Item::Node(node);
            if self.fits(test, &item) && !take(&item)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn axis_of_other(&self, step: &'a Step, from: &Item<'a>, take: Take<'_, 'a>) -> R<bool> {
        let owner = match from {
            Item::Attr(attr) => self.tree.attrs[*attr as usize].owner,
            Item::Text(text) => self.tree.texts[*text as usize].parent,
            _ => return Err(Stop),
        };
        match step.axis {
            Axis::Parent => {
                let item = Item::Node(owner);
                Ok(!self.fits(&step.test, &item) || take(&item)?)
            }
            Axis::OwnSelf if matches!(step.test, Test::Node | Test::Text | Test::AnyAttribute) => {
                Ok(!self.fits(&step.test, from) || take(from)?)
            }
            Axis::Child | Axis::Attribute => Ok(true),
            Axis::Ancestor => {
                let mut here = owner;
                while here != u32::MAX {
                    let item = Item::Node(here);
                    if self.fits(&step.test, &item) && !take(&item)? {
                        return Ok(false);
                    }
                    here = self.tree.nodes[here as usize].parent;
                }
                Ok(true)
            }
            _ => Err(Stop),
        }
    }

    fn children(&self, test: &Test, node: u32, take: Take<'_, 'a>) -> R<bool> {
        let tree = self.tree;
        let nodes = &tree.nodes;
        let end = nodes[node as usize].end;
        let mut kid = node + 1;
        match test {
            Test::Name(tag) => {
                if let Some(found) = tree.indexed(node, *tag) {
                    for &kid in found {
                        if !take(&Item::Node(kid))? {
                            return Ok(false);
                        }
                    }
                    return Ok(true);
                }
                while kid < end {
                    let here = &nodes[kid as usize];
                    if here.tag == *tag && !take(&Item::Node(kid))? {
                        return Ok(false);
                    }
                    kid = here.end;
                }
            }
            Test::Text => return self.texts(node, take),
            Test::Node => {
                let mut found = Seq::new();
                self.texts(node, &mut |text| {
                    found.push(text.clone());
                    Ok(true)
                })?;
                while kid < end {
                    found.push(Item::Node(kid));
                    kid = nodes[kid as usize].end;
                }
                self.in_order(&mut found);
                return all(&found, take);
            }
            _ => {
                while kid < end {
                    let item = Item::Node(kid);
                    if self.fits(test, &item) && !take(&item)? {
                        return Ok(false);
                    }
                    kid = nodes[kid as usize].end;
                }
            }
        }
        Ok(true)
    }

    fn texts(&self, node: u32, take: Take<'_, 'a>) -> R<bool> {
        let (from, to) = self.tree.nodes[node as usize].texts;
        for text in from..to {
            if self.tree.texts[text as usize].parent == node && !take(&Item::Text(text))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn below(&self, test: &Test, node: u32, take: Take<'_, 'a>) -> R<bool> {
        match test {
            Test::Name(tag) => {
                for &found in self.tree.descendants(node, *tag) {
                    if !take(&Item::Node(found))? {
                        return Ok(false);
                    }
                }
            }
            Test::Text => {
                let (from, to) = self.tree.nodes[node as usize].texts;
                for text in from..to {
                    if !take(&Item::Text(text))? {
                        return Ok(false);
                    }
                }
            }
            Test::Node => {
                // Elements and texts in document order.
                let (mut text, texts) = self.tree.nodes[node as usize].texts;
                for found in node..self.tree.nodes[node as usize].end {
                    if found > node && !take(&Item::Node(found))? {
                        return Ok(false);
                    }
                    while text < texts && self.tree.texts[text as usize].after == found {
                        if !take(&Item::Text(text))? {
                            return Ok(false);
                        }
                        text += 1;
                    }
                }
            }
            _ => {
                for found in node + 1..self.tree.nodes[node as usize].end {
                    let item = Item::Node(found);
                    if self.fits(test, &item) && !take(&item)? {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(true)
    }

    // Values.

    pub fn atomized(&self, item: &Item<'a>) -> Item<'a> {
        match item {
            Item::Node(node) => Item::Unt(Cow::Borrowed(self.tree.value(*node))),
            Item::Attr(attr) => Item::Unt(Cow::Borrowed(self.tree.attribute(*attr))),
            Item::Text(text) => Item::Unt(Cow::Borrowed(self.tree.text(*text))),
            other => other.clone(),
        }
    }

    /// What a step by name to a child or attribute finds, without the detour over `each`: the first and whether there
    /// are more. None for any other expression.
    fn by_name(&self, ex: &'a Ex, from: &Item<'a>) -> Option<(Option<Item<'a>>, bool)> {
        let (Ex::Step(step), Item::Node(node)) = (ex, from) else { return None };
        let Test::Name(tag) = step.test else { return None };
        if !step.preds.is_empty() {
            return None;
        }
        let (tree, mut found) = (self.tree, None);
        if !tree.holds(tag) {
            return Some((None, false));
        }
        let here = &tree.nodes[*node as usize];
        match step.axis {
            Axis::Child => {
                if let Some(kids) = tree.indexed(*node, tag) {
                    return Some((kids.first().map(|&kid| Item::Node(kid)), kids.len() > 1));
                }
                let mut kid = node + 1;
                while kid < here.end {
                    let inner = &tree.nodes[kid as usize];
                    if inner.tag == tag {
                        if found.is_some() {
                            return Some((found, true));
                        }
                        found = Some(Item::Node(kid));
                    }
                    kid = inner.end;
                }
            }
            Axis::Attribute => {
                let own = (here.attrs.0..here.attrs.1).find(|&attr| tree.attrs[attr as usize].name == tag);
                found = own.map(Item::Attr);
            }
            _ => return None,
        }
        Some((found, false))
    }

    /// At most one item. Stops at more.
    pub fn one(&self, ex: &'a Ex, f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<Option<Item<'a>>> {
        if let Some((first, more)) = self.by_name(ex, f.item) {
            return if more { Err(Stop) } else { Ok(first) };
        }
        match ex {
            Ex::Call(call, arguments) if functions::single(*call) => {
                return functions::value(self, *call, arguments, f, env)
            }
            _ if self.is_single(ex) => return self.single(ex, f, env),
            _ => {}
        }
        let mut found = None;
        self.each(ex, f, env, &mut |item| {
            if found.is_some() {
                return Err(Stop);
            }
            found = Some(item.clone());
            Ok(true)
        })?;
        Ok(found)
    }

    /// At most one atomic value.
    pub fn atom(&self, ex: &'a Ex, f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<Option<Item<'a>>> {
        Ok(self.one(ex, f, env)?.map(|item| self.atomized(&item)))
    }

    /// An argument that is `xs:string?`: "" for none.
    pub fn string(&self, ex: &'a Ex, f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<Cow<'a, str>> {
        match self.atom(ex, f, env)? {
            None => Ok(Cow::Borrowed("")),
            Some(Item::Str(text) | Item::Unt(text)) => Ok(text),
            Some(_) => Err(Stop),
        }
    }

    /// An operand of arithmetic: untyped becomes xs:double.
    pub fn number(&self, ex: &'a Ex, f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<Option<Item<'a>>> {
        match self.atom(ex, f, env)? {
            Some(Item::Unt(text)) => Ok(Some(Item::Dbl(double(&text)?))),
            Some(item @ (Item::Int(_) | Item::Dec(_) | Item::Dbl(_))) => Ok(Some(item)),
            None => Ok(None),
            Some(_) => Err(Stop),
        }
    }

    fn whole(&self, ex: &'a Ex, f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<Option<i64>> {
        match self.atom(ex, f, env)? {
            None => Ok(None),
            Some(Item::Int(number)) => Ok(Some(number)),
            Some(_) => Err(Stop),
        }
    }

    // Truth.

    /// The effective boolean value.
    pub fn truth(&self, ex: &'a Ex, f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<bool> {
        match ex {
            Ex::And(operands) => {
                for operand in operands {
                    if !self.truth(operand, f, env)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Ex::Or(operands) => {
                for operand in operands {
                    if self.truth(operand, f, env)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Ex::Step(_) | Ex::Path(_) | Ex::Union(_) | Ex::Dot => {
                if let Some((first, _)) = self.by_name(ex, f.item) {
                    return Ok(first.is_some());
                }
                if let (Ex::Step(step), Item::Node(node)) = (ex, f.item) {
                    if step.axis == Axis::Child && step.preds.is_empty() && matches!(step.test, Test::Open(None, None))
                    {
                        return Ok(self.tree.nodes[*node as usize].end > node + 1);
                    }
                }
                // The first node settles it.
                let mut found = Seq::new();
                self.each(ex, f, env, &mut |item| {
                    found.push(item.clone());
                    Ok(!item.is_node())
                })?;
                truth_of(&found)
            }
            Ex::General(op, pair) => self.general(*op, &pair.0, &pair.1, f, env),
            Ex::OneOf(inner, words) => Ok(!self.each(inner, f, env, &mut |item| match self.atomized(item) {
                Item::Str(text) | Item::Unt(text) => Ok(!words.contains(text.as_ref())),
                _ => Err(Stop),
            })?),
            Ex::Some(bindings, body) => {
                Ok(!self.bound(bindings, f, env, &mut |inner| Ok(!self.truth(body, f, Some(inner))?))?)
            }
            Ex::Every(bindings, body) => self.bound(bindings, f, env, &mut |inner| self.truth(body, f, Some(inner))),
            Ex::Matches(inner, rx) => {
                let text = self.string(inner, f, env)?;
                Ok(rx.get().ok_or(Stop)?.is_match(&text))
            }
            Ex::Among(inner, words, literal) => {
                let text = match self.atom(inner, f, env)? {
                    None => Cow::Borrowed(""),
                    Some(item) => text_of(item)?,
                };
                Ok(words.contains(text.as_ref())
                    || ((text.contains(' ') || text.is_empty()) && literal.contains(&format!(" {text} "))))
            }
            Ex::Castable(inner, kind, optional) => self.castable(inner, *kind, *optional, f, env),
            Ex::Place(place) => {
                let Item::Node(node) = f.item else { return Err(Stop) };
                Ok(self.place(*node) == *place)
            }
            Ex::Call(call, arguments) => match functions::truth(self, *call, arguments, f, env)? {
                Some(truth) => Ok(truth),
                None => truth_of(&self.seq(ex, f, env)?),
            },
            _ => truth_of(&self.seq(ex, f, env)?),
        }
    }

    /// The position among siblings of the same name, from 1.
    pub fn place(&self, node: u32) -> usize {
        let nodes = &self.tree.nodes;
        let (tag, mut kid, mut place) = (nodes[node as usize].tag, nodes[node as usize].parent + 1, 1);
        while kid < node {
            place += usize::from(nodes[kid as usize].tag == tag);
            kid = nodes[kid as usize].end;
        }
        place
    }

    fn castable(&self, inner: &'a Ex, kind: Kind, optional: bool, f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<bool> {
        let items = self.seq(inner, f, env)?;
        let [item] = items.as_slice() else { return Ok(items.is_empty() && optional) };
        let (Item::Str(text) | Item::Unt(text)) = self.atomized(item) else { return Err(Stop) };
        Ok(match kind {
            Kind::Str | Kind::Unt => true,
            Kind::Bool => boolean(&text).is_ok(),
            Kind::Dbl => double(&text).is_ok(),
            // What is no plain number or date may still be one that only Python holds.
            Kind::Int if text.len() < 19 => integer(&text).is_ok(),
            Kind::Dec if text.len() < 38 => Dec::parse(&text).is_ok(),
            Kind::Date if text.len() < 30 && !text.trim_start().starts_with('-') => {
                if date(&text).is_err() && text.trim().len() > 10 && text.trim().as_bytes()[4] != b'-' {
                    return Err(Stop);
                }
                date(&text).is_ok()
            }
            _ => return Err(Stop),
        })
    }

    fn general(&self, op: Op, left: &'a Ex, right: &'a Ex, f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<bool> {
        if self.is_single(left) && self.is_single(right) {
            let (left, right) = (self.one(left, f, env)?, self.one(right, f, env)?);
            return left.zip(right).map_or(Ok(false), |(left, right)| compared(op, &left, &right));
        }
        if let Ex::Str(_) | Ex::Int(_) | Ex::Dec(_) | Ex::Dbl(_) = right {
            let Some(right) = self.single(right, f, env)? else { return Ok(false) };
            return Ok(!self.each(left, f, env, &mut |item| Ok(!compared(op, &self.atomized(item), &right)?))?);
        }
        // Both, so that an error in one of them is met whatever the other holds.
        let left: Seq<'a> = self.seq(left, f, env)?.iter().map(|item| self.atomized(item)).collect();
        let right: Seq<'a> = self.seq(right, f, env)?.iter().map(|item| self.atomized(item)).collect();
        for one in &left {
            for other in &right {
                if compared(op, one, other)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
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

fn holds(op: Op, order: Ordering) -> bool {
    match op {
        Op::Eq => order.is_eq(),
        Op::Ne => order.is_ne(),
        Op::Lt => order.is_lt(),
        Op::Le => order.is_le(),
        Op::Gt => order.is_gt(),
        Op::Ge => order.is_ge(),
    }
}

fn turned(op: Op) -> Op {
    match op {
        Op::Lt => Op::Gt,
        Op::Le => Op::Ge,
        Op::Gt => Op::Lt,
        Op::Ge => Op::Le,
        same => same,
    }
}

fn doubles(op: Op, a: f64, b: f64) -> bool {
    match a.partial_cmp(&b) {
        Some(order) => holds(op, order),
        None => op == Op::Ne,
    }
}

fn as_double(item: &Item<'_>) -> R<f64> {
    match item {
        Item::Dbl(number) => Ok(*number),
        Item::Dec(number) => number.double(),
        Item::Int(number) if number.unsigned_abs() < 1 << 53 => Ok(*number as f64),
        _ => Err(Stop),
    }
}

fn as_decimal(item: &Item<'_>) -> R<Dec> {
    match item {
        Item::Dec(number) => Ok(*number),
        Item::Int(number) => Ok(Dec::of(*number)),
        _ => Err(Stop),
    }
}

fn numbers(op: Op, a: &Item<'_>, b: &Item<'_>) -> R<bool> {
    match (a, b) {
        (Item::Int(a), Item::Int(b)) => Ok(holds(op, a.cmp(b))),
        (Item::Dbl(_), _) | (_, Item::Dbl(_)) => Ok(doubles(op, as_double(a)?, as_double(b)?)),
        _ => Ok(holds(op, as_decimal(a)?.cmp(as_decimal(b)?)?)),
    }
}

/// Two items of a general comparison.
fn compared(op: Op, a: &Item<'_>, b: &Item<'_>) -> R<bool> {
    use Item::{Bool, Date, Dbl, Dec, Int, Str, Unt};
    match (a, b) {
        (Str(a) | Unt(a), Str(b) | Unt(b)) => Ok(holds(op, a.as_ref().cmp(b.as_ref()))),
        (Unt(text), Int(_) | Dec(_) | Dbl(_)) => untyped(op, text, b),
        (Int(_) | Dec(_) | Dbl(_), Unt(text)) => untyped(turned(op), text, a),
        (Int(_) | Dec(_) | Dbl(_), Int(_) | Dec(_) | Dbl(_)) => numbers(op, a, b),
        (Bool(a), Bool(b)) => Ok(holds(op, a.cmp(b))),
        (Unt(text), Bool(b)) => Ok(holds(op, boolean(text)?.cmp(b))),
        (Bool(a), Unt(text)) => Ok(holds(op, a.cmp(&boolean(text)?))),
        (Date(a, _), Date(b, _)) => Ok(holds(op, a.cmp(b))),
        (Unt(text), Date(b, _)) => Ok(holds(op, date(text)?.cmp(b))),
        (Date(a, _), Unt(text)) => Ok(holds(op, a.cmp(&date(text)?))),
        _ => Err(Stop),
    }
}

/// An untyped value and a number, where the oracle's own order and that of doubles agree.
fn untyped(op: Op, text: &str, number: &Item<'_>) -> R<bool> {
    if let (Item::Int(number), Ok(whole)) = (number, integer(text)) {
        return Ok(holds(op, whole.cmp(number)));
    }
    let (left, right) = (double(text)?, as_double(number)?);
    if left.is_nan() || right.is_nan() || (left == 0.0 && right == 0.0) {
        // Not a number, or two zeros that may differ in their sign: only Python says how the oracle sees them.
        let plain = left == 0.0 && right == 0.0 && left.is_sign_negative() == right.is_sign_negative();
        if !plain {
            return Err(Stop);
        }
    }
    Ok(doubles(op, left, right))
}

/// `eq` and its kin: untyped is a string here.
fn values(op: Op, a: &Item<'_>, b: &Item<'_>) -> R<bool> {
    use Item::{Bool, Date, Dbl, Dec, Int, Str, Unt};
    match (a, b) {
        (Str(a) | Unt(a), Str(b) | Unt(b)) => Ok(holds(op, a.as_ref().cmp(b.as_ref()))),
        (Int(_) | Dec(_) | Dbl(_), Int(_) | Dec(_) | Dbl(_)) => numbers(op, a, b),
        (Bool(a), Bool(b)) => Ok(holds(op, a.cmp(b))),
        (Date(a, _), Date(b, _)) => Ok(holds(op, a.cmp(b))),
        _ => Err(Stop),
    }
}

fn calculate<'a>(sum: Sum, a: &Item<'a>, b: &Item<'a>) -> R<Item<'a>> {
    if let (Item::Int(a), Item::Int(b)) = (a, b) {
        let (a, b) = (*a, *b);
        return Ok(match sum {
            Sum::Add => Item::Int(a.checked_add(b).ok_or(Stop)?),
            Sum::Subtract => Item::Int(a.checked_sub(b).ok_or(Stop)?),
            Sum::Multiply => Item::Int(a.checked_mul(b).ok_or(Stop)?),
            Sum::Div => Item::Dec(Dec::of(a).div(Dec::of(b))?),
            Sum::Idiv => Item::Int(a.checked_div(b).ok_or(Stop)?),
            Sum::Mod => Item::Int(a.checked_rem(b).ok_or(Stop)?),
        });
    }
    if matches!(a, Item::Dbl(_)) || matches!(b, Item::Dbl(_)) {
        let (a, b) = (as_double(a)?, as_double(b)?);
        return Ok(Item::Dbl(match sum {
            Sum::Add => a + b,
            Sum::Subtract => a - b,
            Sum::Multiply => a * b,
            Sum::Div => a / b,
            Sum::Mod if b == 0.0 || a.is_infinite() => f64::NAN,
            Sum::Mod => a % b,
            Sum::Idiv => {
                let whole = (a / b).trunc();
                if !whole.is_finite() || whole.abs() > 9e15 {
                    return Err(Stop);
                }
                return Ok(Item::Int(whole as i64));
            }
        }));
    }
    let (a, b) = (as_decimal(a)?, as_decimal(b)?);
    Ok(Item::Dec(match sum {
        Sum::Add => a.add(b)?,
        Sum::Subtract => a.add(b.neg())?,
        Sum::Multiply => a.mul(b)?,
        Sum::Div => a.div(b)?,
        Sum::Mod => a.rem(b)?,
        Sum::Idiv => return Err(Stop),
    }))
}

fn promoted(item: Item<'_>, kind: Kind) -> R<Item<'_>> {
    match (&item, kind) {
        (Item::Unt(_), _) => cast(item, kind),
        (Item::Str(_), Kind::Str)
        | (Item::Bool(_), Kind::Bool)
        | (Item::Int(_), Kind::Int)
        | (Item::Dec(_), Kind::Dec)
        | (Item::Dbl(_), Kind::Dbl)
        | (Item::Date(..), Kind::Date) => Ok(item),
        (Item::Int(_), Kind::Dec | Kind::Dbl) | (Item::Dec(_), Kind::Dbl) => cast(item, kind),
        _ => Err(Stop),
    }
}

fn cast(item: Item<'_>, kind: Kind) -> R<Item<'_>> {
    if let Item::Str(text) | Item::Unt(text) = item {
        return Ok(match kind {
            Kind::Str => Item::Str(text),
            Kind::Unt => Item::Unt(text),
            Kind::Bool => Item::Bool(boolean(&text)?),
            Kind::Int => Item::Int(integer(&text)?),
            Kind::Dec => Item::Dec(Dec::parse(&text)?),
            Kind::Dbl => Item::Dbl(double(&text)?),
            Kind::Date => {
                let key = date(&text)?;
                let plain = text.trim_matches(crate::value::white).to_string();
                Item::Date(key, Cow::Owned(plain))
            }
        });
    }
    Ok(match (item, kind) {
        (item, Kind::Str) => Item::Str(Cow::Owned(text_of(item)?.into_owned())),
        (item, Kind::Unt) => Item::Unt(Cow::Owned(text_of(item)?.into_owned())),
        (Item::Int(n), Kind::Int) => Item::Int(n),
        (Item::Int(n), Kind::Dec) => Item::Dec(Dec::of(n)),
        (item @ (Item::Int(_) | Item::Dec(_) | Item::Dbl(_)), Kind::Dbl) => Item::Dbl(as_double(&item)?),
        (Item::Dec(n), Kind::Dec) => Item::Dec(n),
        (Item::Dec(n), Kind::Int) => Item::Int(n.whole()?),
        (Item::Dbl(n), Kind::Int) if n.abs() < 9e15 => Item::Int(n.trunc() as i64),
        (Item::Dbl(n), Kind::Dec) if n.is_finite() => Item::Dec(Dec::parse(&format!("{n}"))?),
        (item @ (Item::Int(_) | Item::Dec(_) | Item::Dbl(_)), Kind::Bool) => Item::Bool(truth_of(&[item])?),
        (Item::Bool(b), Kind::Bool) => Item::Bool(b),
        (Item::Bool(b), Kind::Int) => Item::Int(b.into()),
        (Item::Bool(b), Kind::Dec) => Item::Dec(Dec::of(b.into())),
        (Item::Bool(b), Kind::Dbl) => Item::Dbl(f64::from(u8::from(b))),
        (Item::Date(key, text), Kind::Date) => Item::Date(key, text),
        _ => return Err(Stop),
    })
}
