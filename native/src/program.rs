//! A rule set as it is loaded: expressions as trees that are evaluated as they stand.

use crate::lower::{text, Lower};
use crate::plans::Plans;
use crate::tree::{names, Tag};
use crate::value::{Dec, Stop, R};
use regex::Regex;
use rustc_hash::FxHashMap;
use rustc_hash::FxHashSet;
use serde_json::Value;
use std::sync::OnceLock;

pub type L<T> = Result<T, String>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    Child,
    Attribute,
    Parent,
    OwnSelf,
    Descendant,
    DescendantOrSelf,
    Ancestor,
    AncestorOrSelf,
    FollowingSibling,
    PrecedingSibling,
    Following,
    Preceding,
    /// `.//@x`: the attributes of an element and of all below it.
    AttributeBelow,
}

impl Axis {
    pub fn reverse(self) -> bool {
        matches!(self, Axis::Ancestor | Axis::AncestorOrSelf | Axis::PrecedingSibling | Axis::Preceding)
    }
}

#[derive(Debug, Clone)]
pub enum Test {
    Name(Tag),
    /// (namespace, local name), of which one or both are open.
    Open(Option<Box<str>>, Option<Box<str>>),
    Node,
    Text,
    Element,
    AnyAttribute,
    Document,
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    Add,
    Subtract,
    Multiply,
    Div,
    Idiv,
    Mod,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Str,
    Unt,
    Bool,
    Int,
    Dec,
    Dbl,
    Date,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum F {
    True,
    False,
    Not,
    Boolean,
    Exists,
    Empty,
    Number,
    Sum,
    Max,
    Min,
    Round,
    Floor,
    Ceiling,
    Abs,
    Count,
    Reverse,
    Distinct,
    Data,
    ZeroOrOne,
    ExactlyOne,
    Position,
    Last,
    Normalize,
    String,
    Length,
    Upper,
    Lower,
    Contains,
    StartsWith,
    EndsWith,
    Substring,
    After,
    Before,
    Translate,
    Concat,
    Join,
    ToCodes,
    FromCodes,
    LocalName,
    NamespaceUri,
}

#[derive(Debug)]
pub enum Pred {
    /// A condition that asks for no position.
    If(Ex),
    Nth(i64),
    /// A number or condition, with positions.
    Any(Ex),
}

#[derive(Debug)]
pub struct Rx {
    pattern: String,
    made: OnceLock<Option<Regex>>,
}

impl Rx {
    pub fn new(pattern: &str) -> Rx {
        Rx { pattern: pattern.to_string(), made: OnceLock::new() }
    }

    pub fn get(&self) -> Option<&Regex> {
        self.made.get_or_init(|| Regex::new(&self.pattern).ok()).as_ref()
    }

    /// The pattern, for a text in which Python surely finds the same: it folds case in its own way, and may know
    /// other digits.
    pub fn of(&self, text: &str) -> R<&Regex> {
        let odd = |c: char| ('\u{10000}'..'\u{1f000}').contains(&c);
        if !text.is_ascii() && (self.pattern.starts_with("(?i)") || text.chars().any(odd)) {
            return Err(Stop);
        }
        self.get().ok_or(Stop)
    }
}

/// What a function's signature makes of a value: (type; None for any, occurrence).
#[derive(Debug)]
pub struct Conv {
    pub kind: Option<Kind>,
    pub many: bool,
    pub optional: bool,
}

#[derive(Debug)]
pub struct Step {
    pub axis: Axis,
    pub test: Test,
    pub preds: Vec<Pred>,
    pub plain: bool,
}

#[derive(Debug)]
pub struct Path {
    pub left: Ex,
    pub right: Ex,
    /// Each node comes once; and in document order.
    pub distinct: bool,
    pub ordered: bool,
    /// Without an element or attribute of that name it is empty.
    pub needs: Option<Tag>,
}

#[derive(Debug)]
pub enum Ex {
    Str(Box<str>),
    Unt(Box<str>),
    Int(i64),
    Dec(Dec),
    Dbl(f64),
    Var(u32),
    Global(usize),
    Dot,
    Root,
    Place(usize),
    Step(Box<Step>),
    Path(Box<Path>),
    Filter(Box<Ex>, Vec<Pred>),
    Memo(usize, Box<Ex>),
    Grouped(usize, Box<(Ex, Ex, Box<str>)>),
    And(Vec<Ex>),
    Or(Vec<Ex>),
    If(Box<(Ex, Ex, Ex)>),
    For(Vec<(u32, Ex)>, Box<Ex>),
    Some(Vec<(u32, Ex)>, Box<Ex>),
    Every(Vec<(u32, Ex)>, Box<Ex>),
    Seq(Vec<Ex>),
    Range(Box<(Ex, Ex)>),
    Union(Box<(Ex, Ex)>),
    Intersect(Box<(Ex, Ex)>),
    Except(Box<(Ex, Ex)>),
    Arith(Sum, Box<(Ex, Ex)>),
    Neg(Box<Ex>),
    General(Op, Box<(Ex, Ex)>),
    /// A comparison by `=` with strings known beforehand.
    OneOf(Box<Ex>, FxHashSet<Box<str>>),
    Words(Vec<Box<str>>),
    Value(Op, Box<(Ex, Ex)>),
    Is(Box<(Ex, Ex)>),
    Cast(Box<Ex>, Kind, bool),
    Castable(Box<Ex>, Kind, bool),
    Convert(Conv, Box<Ex>),
    ValueOf(Box<Ex>),
    Let(u32, Box<(Ex, Ex)>),
    User(usize, Vec<Ex>),
    Key(usize, Box<Ex>),
    Matches(Box<Ex>, Rx),
    Replace(Box<Ex>, Rx, Box<str>),
    Tokenize(Box<Ex>, Option<Rx>),
    Among(Box<Ex>, FxHashSet<Box<str>>, Box<str>),
    Call(F, Vec<Ex>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    Element,
    Attribute,
    Text,
    Document,
}

#[derive(Debug)]
pub struct Part {
    pub kind: NodeKind,
    pub test: Test,
    pub deep: bool,
    pub preds: Vec<Condition>,
}

/// A predicate of a context.
#[derive(Debug)]
pub struct Condition {
    pub ex: Ex,
    /// It compares a value with strings: other rules may ask the same value, by this number, for others.
    pub asks: Option<usize>,
}

#[derive(Debug)]
pub struct Alternative {
    pub parts: Vec<Part>,
    pub rooted: bool,
}

#[derive(Debug)]
pub struct Check {
    pub number: usize,
    /// An assert: it fails where the test is false.
    pub negate: bool,
    pub test: Ex,
    pub message: Option<Vec<(String, Option<Ex>)>>,
}

#[derive(Debug)]
pub struct Rule {
    pub pattern: usize,
    pub context: Vec<Alternative>,
    pub lets: Vec<(u32, Ex)>,
    pub checks: Vec<Check>,
}

#[derive(Debug)]
pub struct Function {
    pub params: Vec<(u32, Option<Conv>)>,
    pub body: Ex,
    pub result: Option<Conv>,
}

#[derive(Debug)]
pub struct Program {
    pub globals: Vec<Ex>,
    pub functions: Vec<Function>,
    pub keys: Vec<(Vec<Alternative>, Ex)>,
    pub rules: Vec<Rule>,
    /// (id, flag, text) of each check; the text is None where it depends on the document.
    pub checks: Vec<(String, String, Option<String>)>,
    pub memos: usize,
    /// Names known when it was loaded.
    pub known: usize,
    /// Rules that may match an element of that name, in order; `open` for any other name.
    pub by_tag: FxHashMap<Tag, Vec<usize>>,
    pub open: Vec<usize>,
    pub of_attributes: Vec<usize>,
    pub of_texts: Vec<usize>,
    pub of_document: Vec<usize>,
    pub plans: Plans,
}

impl Program {
    pub fn load(source: &str) -> L<Program> {
        let value: Value = serde_json::from_str(source).map_err(|e| e.to_string())?;
        let mut names = names().write().unwrap();
        let mut lower = Lower { names: &mut names, asked: FxHashMap::default() };
        let list = |key: &str| value[key].as_array().ok_or_else(|| key.to_string());
        let globals = list("globals")?.iter().map(|v| lower.ex(v)).collect::<L<Vec<_>>>()?;
        let functions = list("functions")?.iter().map(|v| lower.function(v)).collect::<L<Vec<_>>>()?;
        let keys =
            list("keys")?.iter().map(|v| Ok((lower.alternatives(&v[0])?, lower.ex(&v[1])?))).collect::<L<Vec<_>>>()?;
        let rules = list("rules")?.iter().map(|v| lower.rule(v)).collect::<L<Vec<_>>>()?;
        let checks = list("checks")?
            .iter()
            .map(|c| Ok((text(&c[0])?.into(), text(&c[1])?.into(), c[2].as_str().map(Into::into))))
            .collect::<L<Vec<_>>>()?;
        let memos = value["memos"].as_u64().ok_or("memos")? as usize;
        let known = names.len();
        drop(names);
        let mut program = Program {
            globals,
            functions,
            keys,
            rules,
            checks,
            memos,
            known,
            by_tag: FxHashMap::default(),
            open: vec![],
            of_attributes: vec![],
            of_texts: vec![],
            of_document: vec![],
            plans: Plans::default(),
        };
        program.file();
        Ok(program)
    }

    /// Each rule where it may match; a rule that says nothing still ends its pattern's search.
    fn file(&mut self) {
        let mut tags: FxHashSet<Tag> = FxHashSet::default();
        let ends = |rule: &Rule, wanted: NodeKind| rule.context.iter().any(|a| a.parts.last().unwrap().kind == wanted);
        let open = |rule: &Rule| {
            rule.context.iter().any(|a| {
                let last = a.parts.last().unwrap();
                last.kind == NodeKind::Element && !matches!(last.test, Test::Name(_))
            })
        };
        for rule in &self.rules {
            for alternative in &rule.context {
                let last = alternative.parts.last().unwrap();
                if let (NodeKind::Element, Test::Name(tag)) = (last.kind, &last.test) {
                    tags.insert(*tag);
                }
            }
        }
        for (at, rule) in self.rules.iter().enumerate() {
            if open(rule) {
                self.open.push(at);
            }
            for (kind, list) in [
                (NodeKind::Attribute, &mut self.of_attributes),
                (NodeKind::Text, &mut self.of_texts),
                (NodeKind::Document, &mut self.of_document),
            ] {
                if ends(rule, kind) {
                    list.push(at);
                }
            }
        }
        for tag in tags {
            let fits = |rule: &Rule| {
                rule.context.iter().any(|a| {
                    let last = a.parts.last().unwrap();
                    last.kind == NodeKind::Element && matches!(&last.test, Test::Name(t) if *t == tag)
                })
            };
            let found = (0..self.rules.len()).filter(|&at| fits(&self.rules[at]) || open(&self.rules[at])).collect();
            self.by_tag.insert(tag, found);
        }
    }
}
