//! One walk over the document: each element is asked what the first rule of each pattern that matches it asks.

use std::cell::OnceCell;

use crate::eval::{Cx, Env, Focus, Held, Scope};
use crate::plans::{Chain, Way};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::program::{Alternative, Ex, NodeKind, Part, Program, Rule, Test};
use crate::tree::Tree;
use crate::value::{Item, Seq, Stop, R};

/// (id, flag, XPath 3.1's path of the node, text)
pub type Hit = (String, String, String, String);

/// The value that was asked last of an element, by its number.
type Known<'a> = Option<(usize, Seq<'a>)>;

struct Raw {
    key: (u32, u8, u32),
    pattern: usize,
    check: usize,
    text: Option<String>,
}

pub fn judge(tree: &Tree, program: &Program) -> R<Vec<Hit>> {
    if tree.known < program.known {
        return Err(Stop);
    }
    let cx = Cx::new(tree, program);
    let mut hits: Vec<Raw> = Vec::new();
    cx.first_of(&program.of_document, &Item::Node(0), NodeKind::Document, &mut hits)?;
    let plans = program.plans(tree);
    for node in 1..tree.nodes.len() as u32 {
        for chain in &plans[tree.nodes[node as usize].place as usize].chains {
            cx.first_in(chain, node, &mut hits)?;
        }
    }
    if !program.of_attributes.is_empty() {
        for attr in 0..tree.attrs.len() as u32 {
            cx.first_of(&program.of_attributes, &Item::Attr(attr), NodeKind::Attribute, &mut hits)?;
        }
    }
    if !program.of_texts.is_empty() {
        for text in 0..tree.texts.len() as u32 {
            cx.first_of(&program.of_texts, &Item::Text(text), NodeKind::Text, &mut hits)?;
        }
    }
    hits.sort_by_key(|hit| (hit.key, hit.pattern, hit.check));
    let mut places = Places { tree, counted: FxHashMap::default() };
    let told = |hit: Raw| {
        let (id, flag, plain) = &program.checks[hit.check];
        let text = hit.text.or_else(|| plain.clone()).unwrap_or_default();
        (id.clone(), flag.clone(), places.path(hit.key), text)
    };
    Ok(hits.into_iter().map(told).collect())
}

impl<'a> Cx<'a> {
    /// Ask the checks of the first rule of a chain that matches the element.
    fn first_in(&self, chain: &Chain, node: u32, hits: &mut Vec<Raw>) -> R<()> {
        let mut known = None;
        for (at, ways) in chain {
            let rule = &self.program.rules[*at];
            if ways.is_empty() || self.any_way(rule, ways, node, &mut known)? {
                return self.ask(rule, &Item::Node(node), hits);
            }
        }
        Ok(())
    }

    fn any_way(&self, rule: &'a Rule, ways: &[Way], node: u32, known: &mut Known<'a>) -> R<bool> {
        'ways: for way in ways {
            for asked in way {
                let mut above = node;
                for _ in 0..asked.levels {
                    above = self.tree.nodes[above as usize].parent;
                }
                let condition = &rule.context[asked.alternative].parts[asked.part].preds[asked.condition];
                let holds = match (condition.asks, &condition.ex) {
                    (Some(value), Ex::OneOf(ex, words)) if asked.levels == 0 => {
                        self.is_one_of(value, ex, words, node, known)?
                    }
                    _ => self.truth(&condition.ex, Focus::on(&Item::Node(above)), None)?,
                };
                if !holds {
                    continue 'ways;
                }
            }
            return Ok(true);
        }
        Ok(false)
    }

    /// Neighbouring rules ask one value for different texts: it is computed once an element.
    fn is_one_of(
        &self,
        value: usize,
        ex: &'a Ex,
        words: &FxHashSet<Box<str>>,
        node: u32,
        known: &mut Known<'a>,
    ) -> R<bool> {
        if known.as_ref().is_none_or(|(number, _)| *number != value) {
            let item = Item::Node(node);
            let found = self.seq(ex, Focus::on(&item), None)?;
            *known = Some((value, found.iter().map(|item| self.atomized(item)).collect()));
        }
        let Some((_, found)) = known else { return Err(Stop) };
        for item in found {
            let (Item::Str(text) | Item::Unt(text)) = item else { return Err(Stop) };
            if words.contains(text.as_ref()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Ask the checks of the first rule of each pattern that matches what is no element.
    fn first_of(&self, rules: &[usize], item: &Item<'a>, kind: NodeKind, hits: &mut Vec<Raw>) -> R<()> {
        let mut done = usize::MAX;
        for &at in rules {
            let rule = &self.program.rules[at];
            if rule.pattern == done {
                continue;
            }
            let mut fits = false;
            for alternative in &rule.context {
                if alternative.parts.last().is_some_and(|last| last.kind == kind)
                    && self.fits_item(alternative, item)?
                {
                    fits = true;
                    break;
                }
            }
            if fits {
                done = rule.pattern;
                self.ask(rule, item, hits)?;
            }
        }
        Ok(())
    }

    fn ask(&self, rule: &'a Rule, item: &Item<'a>, hits: &mut Vec<Raw>) -> R<()> {
        let cells: Vec<OnceCell<Seq<'a>>> = rule.lets.iter().map(|_| OnceCell::new()).collect();
        self.with_lets(rule, item, &cells, 0, None, hits)
    }

    fn with_lets(
        &self,
        rule: &'a Rule,
        item: &Item<'a>,
        cells: &[OnceCell<Seq<'a>>],
        at: usize,
        env: Scope<'_, 'a>,
        hits: &mut Vec<Raw>,
    ) -> R<()> {
        if let Some((slot, ex)) = rule.lets.get(at) {
            let inner = Env { slot: *slot, held: Held::Lazy(ex, item, &cells[at]), up: env };
            return self.with_lets(rule, item, cells, at + 1, Some(&inner), hits);
        }
        let focus = Focus::on(item);
        for check in &rule.checks {
            if self.truth(&check.test, focus, env)? != check.negate {
                let text = match &check.message {
                    None => None,
                    Some(parts) => {
                        let mut out = String::new();
                        for (text, ex) in parts {
                            out.push_str(text);
                            if let Some(ex) = ex {
                                out.push_str(&self.said(&self.seq(ex, focus, env)?)?);
                            }
                        }
                        Some(out)
                    }
                };
                hits.push(Raw { key: self.key(item), pattern: rule.pattern, check: check.number, text });
            }
        }
        Ok(())
    }

    pub fn fits_any(&self, alternatives: &'a [Alternative], node: u32) -> R<bool> {
        for alternative in alternatives {
            if alternative.parts.last().is_some_and(|last| last.kind != NodeKind::Element) {
                return Err(Stop);
            }
            if self.fits_item(alternative, &Item::Node(node))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn fits_item(&self, alternative: &'a Alternative, item: &Item<'a>) -> R<bool> {
        let (last, above) = alternative.parts.split_last().ok_or(Stop)?;
        match item {
            Item::Node(0) => self.passes_all(last, item),
            Item::Node(node) => self.lies(alternative, alternative.parts.len() - 1, *node),
            Item::Attr(attr) => {
                let attr = &self.tree.attrs[*attr as usize];
                let named = match &last.test {
                    Test::Name(tag) => attr.name == *tag,
                    Test::Open(uri, local) => self.open(uri, local, attr.name),
                    _ => return Err(Stop),
                };
                Ok(named && self.owned(alternative, above, last, attr.owner)? && self.passes_all(last, item)?)
            }
            Item::Text(text) => {
                let owner = self.tree.texts[*text as usize].parent;
                Ok(self.owned(alternative, above, last, owner)? && self.passes_all(last, item)?)
            }
            _ => Err(Stop),
        }
    }

    /// Whether the parts above an attribute or text lie on its owner, or, where it may lie deep, above that.
    fn owned(&self, alternative: &'a Alternative, above: &'a [Part], last: &Part, owner: u32) -> R<bool> {
        if above.is_empty() {
            return if alternative.rooted && !last.deep { Err(Stop) } else { Ok(true) };
        }
        let mut here = owner;
        loop {
            if self.lies(alternative, above.len() - 1, here)? {
                return Ok(true);
            }
            here = self.tree.nodes[here as usize].parent;
            if !last.deep || here == 0 || here == u32::MAX {
                return Ok(false);
            }
        }
    }

    /// Whether the parts up to `at` lie on the path that ends with the element.
    fn lies(&self, alternative: &'a Alternative, at: usize, node: u32) -> R<bool> {
        let part = &alternative.parts[at];
        let tag = self.tree.nodes[node as usize].tag;
        let fits = node != 0
            && match &part.test {
                Test::Name(wanted) => *wanted == tag,
                Test::Open(uri, local) => self.open(uri, local, tag),
                Test::Element => true,
                _ => return Err(Stop),
            };
        if !fits {
            return Ok(false);
        }
        let parent = self.tree.nodes[node as usize].parent;
        let placed = if at == 0 {
            !alternative.rooted || part.deep || parent == 0
        } else if !part.deep {
            parent != 0 && self.lies(alternative, at - 1, parent)?
        } else {
            let (mut here, mut found) = (parent, false);
            while here != 0 && !found {
                found = self.lies(alternative, at - 1, here)?;
                here = self.tree.nodes[here as usize].parent;
            }
            found
        };
        Ok(placed && self.passes_all(part, &Item::Node(node))?)
    }

    fn passes_all(&self, part: &'a Part, item: &Item<'a>) -> R<bool> {
        for pred in &part.preds {
            if !self.truth(&pred.ex, Focus::on(item), None)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Locations: each counts among its siblings of the same name, counted once a parent.
struct Places<'a> {
    tree: &'a Tree,
    counted: FxHashMap<u32, FxHashMap<u32, usize>>,
}

impl Places<'_> {
    fn path(&mut self, key: (u32, u8, u32)) -> String {
        let (mut node, kind, at) = key;
        let mut steps = Vec::new();
        match kind {
            1 => {
                let (uri, local) = self.tree.name(self.tree.attrs[at as usize].name);
                steps.push(if uri.is_empty() { format!("@{local}") } else { format!("@Q{{{uri}}}{local}") });
            }
            2 => {
                node = self.tree.texts[at as usize].parent;
                let before = (self.tree.nodes[node as usize].texts.0..at)
                    .filter(|&text| self.tree.texts[text as usize].parent == node)
                    .count();
                steps.push(format!("text()[{}]", before + 1));
            }
            _ => {}
        }
        while node != 0 {
            let (uri, local) = self.tree.name(self.tree.nodes[node as usize].tag);
            steps.push(format!("Q{{{uri}}}{local}[{}]", self.place(node)));
            node = self.tree.nodes[node as usize].parent;
        }
        steps.reverse();
        format!("/{}", steps.join("/"))
    }

    fn place(&mut self, node: u32) -> usize {
        let nodes = &self.tree.nodes;
        let parent = nodes[node as usize].parent;
        let counted = self.counted.entry(parent).or_insert_with(|| {
            let (mut found, mut of_name) = (FxHashMap::default(), FxHashMap::default());
            let (mut kid, end) = (parent + 1, nodes[parent as usize].end);
            while kid < end {
                let place = of_name.entry(nodes[kid as usize].tag).or_insert(0);
                *place += 1;
                found.insert(kid, *place);
                kid = nodes[kid as usize].end;
            }
            found
        });
        counted[&node]
    }
}
