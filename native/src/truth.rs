//! One value of an expression, and its truth.

use crate::compare::compared;
use crate::eval::{text_of, truth_of, Cx, Focus, Scope};
use crate::functions;
use crate::program::{Axis, Ex, Kind, Op, Test};
use crate::value::{boolean, date, double, integer, Dec, Item, Seq, Stop, R};
use std::borrow::Cow;

impl<'a> Cx<'a> {
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
    pub fn by_name(&self, ex: &'a Ex, from: &Item<'a>) -> Option<(Option<Item<'a>>, bool)> {
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

    pub fn whole(&self, ex: &'a Ex, f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<Option<i64>> {
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
                Ok(rx.of(&text)?.is_match(&text))
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

    pub fn castable(&self, inner: &'a Ex, kind: Kind, optional: bool, f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<bool> {
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

    pub fn general(&self, op: Op, left: &'a Ex, right: &'a Ex, f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<bool> {
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
