//! Steps along the axes, and predicates.

use crate::eval::{all, truth_of, Cx, Focus, Scope, Take};
use crate::program::{Axis, Ex, Pred, Step, Test};
use crate::tree::{Tag, NO_NAME};
use crate::value::{Item, Seq, Stop, R};

impl<'a> Cx<'a> {
    // Steps.

    pub fn step(&self, step: &'a Step, from: &Item<'a>, env: Scope<'_, 'a>, take: Take<'_, 'a>) -> R<bool> {
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

    pub fn passes(&self, preds: &'a [Pred], item: &Item<'a>, env: Scope<'_, 'a>) -> R<bool> {
        for pred in preds {
            let Pred::If(ex) = pred else { return Err(Stop) };
            if !self.truth(ex, Focus::on(item), env)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub fn filtered(&self, mut items: Seq<'a>, preds: &'a [Pred], env: Scope<'_, 'a>) -> R<Seq<'a>> {
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

    pub fn selects(&self, ex: &'a Ex, f: Focus<'_, 'a>, env: Scope<'_, 'a>) -> R<bool> {
        let found = self.seq(ex, f, env)?;
        match found.as_slice() {
            [Item::Int(number)] => Ok(*number == f.pos as i64),
            [Item::Dbl(number)] => Ok(*number == f.pos as f64),
            [Item::Dec(_)] => Err(Stop),
            items => truth_of(items),
        }
    }

    pub fn fits(&self, test: &Test, item: &Item<'_>) -> bool {
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

    pub fn axis(&self, step: &'a Step, from: &Item<'a>, take: Take<'_, 'a>) -> R<bool> {
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
    pub fn beside(&self, axis: Axis, test: &Test, node: u32, take: Take<'_, 'a>) -> R<bool> {
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

    pub fn axis_of_other(&self, step: &'a Step, from: &Item<'a>, take: Take<'_, 'a>) -> R<bool> {
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

    pub fn children(&self, test: &Test, node: u32, take: Take<'_, 'a>) -> R<bool> {
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

    pub fn texts(&self, node: u32, take: Take<'_, 'a>) -> R<bool> {
        let (from, to) = self.tree.nodes[node as usize].texts;
        for text in from..to {
            if self.tree.texts[text as usize].parent == node && !take(&Item::Text(text))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub fn below(&self, test: &Test, node: u32, take: Take<'_, 'a>) -> R<bool> {
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
}
