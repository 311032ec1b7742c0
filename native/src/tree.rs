//! A document as flat tables in document order: an element's string value is one slice, its descendants one range.

use std::sync::{OnceLock, RwLock};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::strict::{as_strict, plain_name};

/// The number of a name. Names that no loaded rule set knows are numbered by the document, from `ODD` on.
pub type Tag = u32;
pub const ODD: Tag = 1 << 24;
/// The name of the document node: no element has it.
pub const NO_NAME: Tag = 0;
/// An element with more children than this gets an index of them.
const WIDE: u32 = 48;
/// Elements within elements beyond this are left to Python: what lies on a path is asked level by level.
const DEEPEST: usize = 1_000;

/// Names that rule sets ask for. It grows with the rule sets that are loaded, never with documents.
#[derive(Default)]
pub struct Names {
    by_local: FxHashMap<Box<str>, Vec<(Box<str>, Tag)>>,
    list: Vec<(Box<str>, Box<str>)>,
}

impl Names {
    pub fn intern(&mut self, uri: &str, local: &str) -> Tag {
        if let Some(tag) = self.find(uri, local) {
            return tag;
        }
        if self.list.is_empty() {
            self.list.push(("".into(), "".into()));
        }
        let tag = self.list.len() as Tag;
        self.list.push((uri.into(), local.into()));
        self.by_local.entry(local.into()).or_default().push((uri.into(), tag));
        tag
    }

    fn find(&self, uri: &str, local: &str) -> Option<Tag> {
        let known = self.by_local.get(local)?;
        known.iter().find(|(known, _)| &**known == uri).map(|&(_, tag)| tag)
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }
}

pub fn names() -> &'static RwLock<Names> {
    static NAMES: OnceLock<RwLock<Names>> = OnceLock::new();
    NAMES.get_or_init(|| RwLock::new(Names::default()))
}

pub struct Node {
    pub tag: Tag,
    pub parent: u32,
    /// One past the last descendant.
    pub end: u32,
    /// Its text nodes and those of its descendants.
    pub texts: (u32, u32),
    pub attrs: (u32, u32),
    pub place: u32,
}

pub struct Text {
    pub parent: u32,
    /// The last element that began before it.
    pub after: u32,
    from: u32,
    to: u32,
}

pub struct Attr {
    pub owner: u32,
    pub name: Tag,
    from: u32,
    to: u32,
}

pub struct Tree {
    pub nodes: Vec<Node>,
    pub texts: Vec<Text>,
    pub attrs: Vec<Attr>,
    pub by_tag: FxHashMap<Tag, Vec<u32>>,
    /// (place above, name) of each path of names; the first is the document's.
    pub places: Vec<(u32, Tag)>,
    /// How many names were known when it was read: rule sets that came later must not judge it.
    pub known: usize,
    values: String,
    attribute_values: String,
    odd: Vec<(String, String)>,
    /// A bit for each known name that occurs.
    present: Vec<u64>,
    wide: FxHashMap<(u32, Tag), Vec<u32>>,
    wide_nodes: FxHashSet<u32>,
}

impl Tree {
    pub fn read(content: &str) -> Result<Tree, String> {
        let options = roxmltree::ParsingOptions { allow_dtd: false, ..Default::default() };
        let document = roxmltree::Document::parse_with_options(content, options).map_err(|e| e.to_string())?;
        if !as_strict(content, &document) {
            return Err("accepted by this parser alone".into());
        }
        if content.len() >= u32::MAX as usize / 2 {
            return Err("too large".into());
        }
        let mut builder = Builder::new(content.len());
        if !builder.fill(content, &document) {
            return Err("too deep, or a name that the other parser may not know".into());
        }
        Ok(builder.tree)
    }

    /// The string value of an element or the document.
    pub fn value(&self, node: u32) -> &str {
        let (from, to) = self.nodes[node as usize].texts;
        if from == to {
            return "";
        }
        &self.values[self.texts[from as usize].from as usize..self.texts[to as usize - 1].to as usize]
    }

    pub fn text(&self, text: u32) -> &str {
        let text = &self.texts[text as usize];
        &self.values[text.from as usize..text.to as usize]
    }

    pub fn attribute(&self, attr: u32) -> &str {
        let attr = &self.attrs[attr as usize];
        &self.attribute_values[attr.from as usize..attr.to as usize]
    }

    /// (namespace, local name)
    pub fn name(&self, tag: Tag) -> (String, String) {
        let (uri, local) = match tag {
            ODD.. => return self.odd[(tag - ODD) as usize].clone(),
            _ => names().read().unwrap().list[tag as usize].clone(),
        };
        (uri.into(), local.into())
    }

    pub fn name_among<'n>(&'n self, names: &'n Names, tag: Tag) -> (&'n str, &'n str) {
        if tag >= ODD {
            let (uri, local) = &self.odd[(tag - ODD) as usize];
            return (uri, local);
        }
        let (uri, local) = &names.list[tag as usize];
        (uri, local)
    }

    /// The names of a place, from the root element down.
    pub fn path_of(&self, mut place: u32) -> Vec<Tag> {
        let mut path = Vec::new();
        while place != 0 {
            let (above, tag) = self.places[place as usize];
            path.push(tag);
            place = above;
        }
        path.reverse();
        path
    }

    /// Whether an element or attribute of that name occurs at all.
    pub fn holds(&self, tag: Tag) -> bool {
        self.present.get(tag as usize / 64).is_some_and(|word| word >> (tag % 64) & 1 == 1)
    }

    /// The children of that name of an element with many, by the index.
    pub fn indexed(&self, node: u32, tag: Tag) -> Option<&[u32]> {
        if self.wide_nodes.is_empty() || !self.wide_nodes.contains(&node) {
            return None;
        }
        Some(self.wide.get(&(node, tag)).map_or(&[], |found| found))
    }

    /// All elements of a name among the descendants of a node.
    pub fn descendants(&self, node: u32, tag: Tag) -> &[u32] {
        let Some(all) = self.by_tag.get(&tag) else { return &[] };
        if node == 0 {
            return all;
        }
        let end = self.nodes[node as usize].end;
        let from = all.partition_point(|&n| n <= node);
        let to = all.partition_point(|&n| n < end);
        &all[from..to]
    }
}

struct Builder {
    tree: Tree,
    open: Vec<(roxmltree::NodeId, u32)>,
    below: FxHashMap<(u32, Tag), u32>,
    /// A comment or processing instruction stood after the last text.
    parted: bool,
}

impl Builder {
    fn new(size: usize) -> Builder {
        let tree = Tree {
            nodes: Vec::with_capacity(size / 40 + 8),
            texts: Vec::with_capacity(size / 40 + 8),
            attrs: Vec::with_capacity(size / 100 + 8),
            by_tag: FxHashMap::default(),
            places: vec![(0, NO_NAME)],
            known: 0,
            values: String::with_capacity(size / 4),
            attribute_values: String::with_capacity(size / 20),
            odd: Vec::new(),
            present: Vec::new(),
            wide: FxHashMap::default(),
            wide_nodes: FxHashSet::default(),
        };
        Builder { tree, open: Vec::new(), below: FxHashMap::default(), parted: false }
    }

    /// False where a name is odd, or the elements lie too deep.
    fn fill(&mut self, content: &str, document: &roxmltree::Document<'_>) -> bool {
        let names = names().read().unwrap();
        self.tree.known = names.len();
        self.tree.present = vec![0; names.len() / 64 + 1];
        let mut cache: FxHashMap<(*const u8, &str), Tag> = FxHashMap::default();
        let mut odd: FxHashMap<(String, String), Tag> = FxHashMap::default();
        let root = document.root();
        self.begin(NO_NAME, u32::MAX, root.id());
        for node in root.descendants().skip(1) {
            let Some(parent) = node.parent() else { continue };
            self.close_until(parent.id());
            if node.is_text() {
                self.text(node.text().unwrap_or(""));
                continue;
            }
            if !node.is_element() {
                self.parted = true;
                continue;
            }
            let tag = {
                let name = node.tag_name();
                let (uri, local) = (name.namespace().unwrap_or(""), name.name());
                if !plain_name(content, local) {
                    return false;
                }
                *cache.entry((uri.as_ptr(), local)).or_insert_with(|| self.tag(&names, &mut odd, uri, local))
            };
            let above = self.open.last().unwrap().1;
            let here = self.begin(tag, above, node.id());
            if self.open.len() > DEEPEST {
                return false;
            }
            for attribute in node.attributes() {
                let (uri, local) = (attribute.namespace().unwrap_or(""), attribute.name());
                if !plain_name(content, local) {
                    return false;
                }
                let name =
                    *cache.entry((uri.as_ptr(), local)).or_insert_with(|| self.tag(&names, &mut odd, uri, local));
                let from = self.tree.attribute_values.len() as u32;
                self.tree.attribute_values.push_str(attribute.value());
                let to = self.tree.attribute_values.len() as u32;
                self.tree.attrs.push(Attr { owner: here, name, from, to });
            }
            self.tree.nodes[here as usize].attrs.1 = self.tree.attrs.len() as u32;
        }
        while let Some((_, node)) = self.open.pop() {
            self.end(node);
        }
        self.index();
        true
    }

    fn tag(&mut self, names: &Names, odd: &mut FxHashMap<(String, String), Tag>, uri: &str, local: &str) -> Tag {
        if let Some(tag) = names.find(uri, local) {
            self.tree.present[tag as usize / 64] |= 1 << (tag % 64);
            return tag;
        }
        let list = &mut self.tree.odd;
        *odd.entry((uri.into(), local.into())).or_insert_with(|| {
            list.push((uri.into(), local.into()));
            ODD + list.len() as Tag - 1
        })
    }

    fn begin(&mut self, tag: Tag, parent: u32, id: roxmltree::NodeId) -> u32 {
        let here = self.tree.nodes.len() as u32;
        let (texts, attrs) = (self.tree.texts.len() as u32, self.tree.attrs.len() as u32);
        let mut place = 0;
        if tag != NO_NAME {
            let above = self.tree.nodes[parent as usize].place;
            let places = &mut self.tree.places;
            place = *self.below.entry((above, tag)).or_insert_with(|| {
                places.push((above, tag));
                places.len() as u32 - 1
            });
        }
        self.tree.nodes.push(Node { tag, parent, end: 0, texts: (texts, texts), attrs: (attrs, attrs), place });
        if tag != NO_NAME {
            self.tree.by_tag.entry(tag).or_default().push(here);
        }
        self.open.push((id, here));
        self.parted = true;
        here
    }

    fn end(&mut self, node: u32) {
        let (nodes, texts) = (self.tree.nodes.len() as u32, self.tree.texts.len() as u32);
        let node = &mut self.tree.nodes[node as usize];
        node.end = nodes;
        node.texts.1 = texts;
        self.parted = true;
    }

    fn close_until(&mut self, parent: roxmltree::NodeId) {
        while self.open.last().unwrap().0 != parent {
            let (_, node) = self.open.pop().unwrap();
            self.end(node);
        }
    }

    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let parent = self.open.last().unwrap().1;
        let from = self.tree.values.len() as u32;
        self.tree.values.push_str(text);
        let to = self.tree.values.len() as u32;
        match self.tree.texts.last_mut() {
            Some(last) if !self.parted && last.parent == parent => last.to = to,
            _ => {
                let after = self.tree.nodes.len() as u32 - 1;
                self.tree.texts.push(Text { parent, after, from, to });
            }
        }
        self.parted = false;
    }

    fn index(&mut self) {
        let tree = &mut self.tree;
        for node in 0..tree.nodes.len() as u32 {
            let end = tree.nodes[node as usize].end;
            if end - node <= WIDE {
                continue;
            }
            let (mut kids, mut kid) = (0, node + 1);
            while kid < end && kids <= WIDE {
                kids += 1;
                kid = tree.nodes[kid as usize].end;
            }
            if kids <= WIDE {
                continue;
            }
            tree.wide_nodes.insert(node);
            kid = node + 1;
            while kid < end {
                tree.wide.entry((node, tree.nodes[kid as usize].tag)).or_default().push(kid);
                kid = tree.nodes[kid as usize].end;
            }
        }
    }
}
