//! A rule set as it is loaded: expressions as trees that are evaluated as they stand.

use std::sync::OnceLock;

use regex::Regex;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use crate::plans::Plans;
use crate::tree::{names, Names, Tag};
use crate::value::Dec;

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
    pub fn get(&self) -> Option<&Regex> {
        self.made.get_or_init(|| Regex::new(&self.pattern).ok()).as_ref()
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

/// What a path's result is known to be: at most one node, each once, in order, none above another.
#[derive(Clone, Copy)]
struct Props {
    one: bool,
    distinct: bool,
    ordered: bool,
    flat: bool,
}

const ONE: Props = Props { one: true, distinct: true, ordered: true, flat: true };
const NOTHING: Props = Props { one: false, distinct: false, ordered: false, flat: false };

fn props(ex: &Ex) -> Props {
    match ex {
        Ex::Dot | Ex::Root => ONE,
        Ex::Step(step) => match step.axis {
            Axis::Child | Axis::Attribute | Axis::FollowingSibling => Props { one: false, ..ONE },
            Axis::Parent | Axis::OwnSelf => ONE,
            Axis::Descendant | Axis::DescendantOrSelf => Props { one: false, flat: false, ..ONE },
            Axis::AttributeBelow => Props { one: false, ..ONE },
            Axis::Following => Props { one: false, flat: false, ..ONE },
            _ => Props { distinct: true, ..NOTHING },
        },
        Ex::Path(path) => {
            let left = props(&path.left);
            Props {
                one: left.one && props(&path.right).one,
                distinct: path.distinct,
                ordered: path.ordered,
                flat: flat(left, &path.right),
            }
        }
        Ex::Filter(base, _) => props(base),
        Ex::Memo(_, inner) => Props { distinct: true, ordered: true, ..props(inner) },
        Ex::Grouped(_, inner) => Props { distinct: true, ordered: true, one: false, ..props(&inner.0) },
        // Sorted, each once.
        Ex::Union(_) => Props { distinct: true, ordered: true, ..NOTHING },
        _ => NOTHING,
    }
}

fn flat(left: Props, right: &Ex) -> bool {
    left.flat
        && props(right).flat
        && matches!(right, Ex::Step(s) if matches!(s.axis, Axis::Child | Axis::Attribute | Axis::OwnSelf))
        || left.one && props(right).flat
}

/// (distinct, ordered) of `left/right`.
fn joined(left: &Ex, right: &Ex) -> (bool, bool) {
    let (l, r) = (props(left), props(right));
    if l.one {
        return (r.distinct, r.ordered);
    }
    let Ex::Step(step) = right else { return (false, false) };
    match step.axis {
        Axis::Attribute | Axis::OwnSelf => (l.distinct, l.distinct && l.ordered),
        Axis::Child => (l.distinct, l.distinct && l.ordered && l.flat),
        Axis::Descendant | Axis::DescendantOrSelf | Axis::AttributeBelow => {
            let sure = l.distinct && l.flat;
            (sure, sure && l.ordered)
        }
        _ => (false, false),
    }
}

struct Lower<'n> {
    names: &'n mut Names,
    /// The values that predicates of contexts compare with strings.
    asked: FxHashMap<String, usize>,
}

impl Lower<'_> {
    fn function(&mut self, value: &Value) -> L<Function> {
        let params =
            array(&value["params"])?.iter().map(|p| Ok((slot(&p[0])?, conv(&p[1])?))).collect::<L<Vec<_>>>()?;
        Ok(Function { params, body: self.ex(&value["body"])?, result: conv(&value["as"])? })
    }

    fn rule(&mut self, value: &Value) -> L<Rule> {
        let lets = array(&value["lets"])?.iter().map(|l| Ok((slot(&l[0])?, self.ex(&l[1])?))).collect::<L<Vec<_>>>()?;
        let checks = array(&value["checks"])?.iter().map(|c| self.check(c)).collect::<L<Vec<_>>>()?;
        let pattern = value["pattern"].as_u64().ok_or("pattern")? as usize;
        Ok(Rule { pattern, context: self.alternatives(&value["context"])?, lets, checks })
    }

    fn check(&mut self, value: &Value) -> L<Check> {
        let message = match value[3].as_array() {
            None => None,
            Some(parts) => Some(
                parts
                    .iter()
                    .map(|p| Ok((text(&p[0])?.to_string(), if p[1].is_null() { None } else { Some(self.ex(&p[1])?) })))
                    .collect::<L<Vec<_>>>()?,
            ),
        };
        let number = value[0].as_u64().ok_or("check")? as usize;
        Ok(Check { number, negate: value[1].as_bool().ok_or("negate")?, test: self.ex(&value[2])?, message })
    }

    fn alternatives(&mut self, value: &Value) -> L<Vec<Alternative>> {
        array(value)?
            .iter()
            .map(|a| {
                let parts = array(&a["parts"])?.iter().map(|p| self.part(p)).collect::<L<Vec<_>>>()?;
                Ok(Alternative { parts, rooted: a["rooted"].as_bool().ok_or("rooted")? })
            })
            .collect()
    }

    fn part(&mut self, value: &Value) -> L<Part> {
        let kind = match text(&value[0])? {
            "element" => NodeKind::Element,
            "attribute" => NodeKind::Attribute,
            "text" => NodeKind::Text,
            "document" => NodeKind::Document,
            other => return Err(other.into()),
        };
        let preds = array(&value[3])?
            .iter()
            .map(|p| {
                let ex = self.ex(p)?;
                let next = self.asked.len();
                let asks = matches!(ex, Ex::OneOf(..)).then(|| *self.asked.entry(p[1].to_string()).or_insert(next));
                Ok(Condition { ex, asks })
            })
            .collect::<L<Vec<_>>>()?;
        if preds.iter().any(|p| positions(&p.ex) || matches!(p.ex, Ex::Int(_) | Ex::Dec(_) | Ex::Dbl(_))) {
            return Err("a position in a context".into());
        }
        Ok(Part {
            kind,
            test: self.test(&value[1], kind == NodeKind::Attribute)?,
            deep: value[2].as_bool().ok_or("deep")?,
            preds,
        })
    }

    fn test(&mut self, value: &Value, attribute: bool) -> L<Test> {
        if text(&value[0])? == "kind" {
            return Ok(match text(&value[1])? {
                "node" => Test::Node,
                "text" => Test::Text,
                "element" => Test::Element,
                "attribute" => Test::AnyAttribute,
                "document-node" => Test::Document,
                "comment" | "processing-instruction" => Test::Nothing,
                other => return Err(other.into()),
            });
        }
        let _ = attribute;
        Ok(match (value[1].as_str(), value[2].as_str()) {
            (Some(uri), Some(local)) => Test::Name(self.names.intern(uri, local)),
            (uri, local) => Test::Open(uri.map(Into::into), local.map(Into::into)),
        })
    }

    fn list(&mut self, value: &Value) -> L<Vec<Ex>> {
        array(value)?.iter().map(|v| self.ex(v)).collect()
    }

    fn boxed(&mut self, value: &Value) -> L<Box<Ex>> {
        Ok(Box::new(self.ex(value)?))
    }

    fn pair(&mut self, a: &Value, b: &Value) -> L<Box<(Ex, Ex)>> {
        Ok(Box::new((self.ex(a)?, self.ex(b)?)))
    }

    fn preds(&mut self, value: &Value) -> L<Vec<Pred>> {
        array(value)?
            .iter()
            .map(|v| {
                Ok(match self.ex(v)? {
                    Ex::Int(place) => Pred::Nth(place),
                    ex if condition(&ex) && !positions(&ex) => Pred::If(ex),
                    ex => Pred::Any(ex),
                })
            })
            .collect()
    }

    fn bindings(&mut self, value: &Value) -> L<Vec<(u32, Ex)>> {
        array(value)?.iter().map(|b| Ok((slot(&b[0])?, self.ex(&b[1])?))).collect()
    }

    fn ex(&mut self, v: &Value) -> L<Ex> {
        let number = |v: &Value| v.as_u64().map(|n| n as usize).ok_or_else(|| "a number".to_string());
        Ok(match text(&v[0])? {
            "string" => Ex::Str(text(&v[1])?.into()),
            "untyped" => Ex::Unt(text(&v[1])?.into()),
            "integer" => Ex::Int(text(&v[1])?.parse().map_err(|_| "a large number")?),
            "decimal" => Ex::Dec(Dec::parse(text(&v[1])?).map_err(|_| "a long decimal")?),
            "double" => Ex::Dbl(text(&v[1])?.parse().map_err(|_| "a double")?),
            "var" => Ex::Var(slot(&v[1])?),
            "global" => Ex::Global(number(&v[1])?),
            "dot" => Ex::Dot,
            "root" => Ex::Root,
            "place" => Ex::Place(number(&v[1])?),
            "step" => self.step(v)?,
            "path" => self.path(v)?,
            "filter" => Ex::Filter(self.boxed(&v[1])?, self.preds(&v[2])?),
            "memo" => Ex::Memo(number(&v[1])?, self.boxed(&v[2])?),
            "grouped" => Ex::Grouped(number(&v[1])?, Box::new((self.ex(&v[2])?, self.ex(&v[3])?, text(&v[4])?.into()))),
            "and" => Ex::And(self.list(&v[1])?),
            "or" => Ex::Or(self.list(&v[1])?),
            "if" => Ex::If(Box::new((self.ex(&v[1])?, self.ex(&v[2])?, self.ex(&v[3])?))),
            "for" => Ex::For(self.bindings(&v[1])?, self.boxed(&v[2])?),
            "some" => Ex::Some(self.bindings(&v[1])?, self.boxed(&v[2])?),
            "every" => Ex::Every(self.bindings(&v[1])?, self.boxed(&v[2])?),
            "sequence" => Ex::Seq(self.list(&v[1])?),
            "range" => Ex::Range(self.pair(&v[1], &v[2])?),
            "combine" => {
                let pair = self.pair(&v[2], &v[3])?;
                match text(&v[1])? {
                    "union" => Ex::Union(pair),
                    "intersect" => Ex::Intersect(pair),
                    _ => Ex::Except(pair),
                }
            }
            "arithmetic" => Ex::Arith(sum(text(&v[1])?)?, self.pair(&v[2], &v[3])?),
            "negative" => Ex::Neg(self.boxed(&v[1])?),
            "general" => Ex::General(op(text(&v[1])?)?, self.pair(&v[2], &v[3])?),
            "one-of" => {
                let words = array(&v[2])?.iter().map(|w| Ok(text(w)?.into())).collect::<L<_>>()?;
                Ex::OneOf(self.boxed(&v[1])?, words)
            }
            "words" => Ex::Words(array(&v[1])?.iter().map(|w| Ok(text(w)?.into())).collect::<L<_>>()?),
            "value" => Ex::Value(op(text(&v[1])?)?, self.pair(&v[2], &v[3])?),
            "node" if text(&v[1])? == "is" => Ex::Is(self.pair(&v[2], &v[3])?),
            "cast" => Ex::Cast(self.boxed(&v[1])?, kind(text(&v[2])?)?, v[3].as_bool().ok_or("optional")?),
            "castable" => Ex::Castable(self.boxed(&v[1])?, kind(text(&v[2])?)?, v[3].as_bool().ok_or("optional")?),
            "convert" => match conv(&v[1])? {
                None => self.ex(&v[2])?,
                Some(conv) => Ex::Convert(conv, self.boxed(&v[2])?),
            },
            "value-of" => Ex::ValueOf(self.boxed(&v[1])?),
            "let" => Ex::Let(slot(&v[1])?, self.pair(&v[2], &v[3])?),
            "user" => Ex::User(number(&v[1])?, self.list(&v[2])?),
            "key" => Ex::Key(number(&v[1])?, self.boxed(&v[2])?),
            "matches" => Ex::Matches(self.boxed(&v[1])?, rx(&v[2])?),
            "replace" => Ex::Replace(self.boxed(&v[1])?, never_empty(rx(&v[2])?)?, text(&v[3])?.into()),
            "tokenize" => {
                let by = if v[2].is_null() { None } else { Some(never_empty(rx(&v[2])?)?) };
                Ex::Tokenize(self.boxed(&v[1])?, by)
            }
            "among" => {
                let words = array(&v[2])?.iter().map(|w| Ok(text(w)?.into())).collect::<L<_>>()?;
                Ex::Among(self.boxed(&v[1])?, words, text(&v[3])?.into())
            }
            "call" => self.call(text(&v[1])?, &v[2])?,
            other => return Err(format!("expression {other}")),
        })
    }

    fn step(&mut self, v: &Value) -> L<Ex> {
        let axis = match text(&v[1])? {
            "child" => Axis::Child,
            "attribute" => Axis::Attribute,
            "parent" => Axis::Parent,
            "self" => Axis::OwnSelf,
            "descendant" => Axis::Descendant,
            "descendant-or-self" => Axis::DescendantOrSelf,
            "ancestor" => Axis::Ancestor,
            "ancestor-or-self" => Axis::AncestorOrSelf,
            "following-sibling" => Axis::FollowingSibling,
            "preceding-sibling" => Axis::PrecedingSibling,
            "following" => Axis::Following,
            "preceding" => Axis::Preceding,
            other => return Err(format!("axis {other}")),
        };
        let preds = self.preds(&v[3])?;
        let plain = preds.iter().all(|p| matches!(p, Pred::If(_)));
        Ok(Ex::Step(Box::new(Step { axis, test: self.test(&v[2], axis == Axis::Attribute)?, preds, plain })))
    }

    fn path(&mut self, v: &Value) -> L<Ex> {
        let (mut left, mut right) = (self.ex(&v[1])?, self.ex(&v[2])?);
        if positions(&right) {
            return Err("position() in a path".into());
        }
        // `a//b` is one step down, where no predicate counts.
        if deepens(&right) {
            if let Some(above) = any_below(&mut left) {
                deepen(&mut right);
                left = above;
            }
        }
        let (distinct, ordered) = joined(&left, &right);
        let needs = if plain(&left) { named(&right) } else { None };
        Ok(Ex::Path(Box::new(Path { left, right, distinct, ordered, needs })))
    }

    fn call(&mut self, name: &str, arguments: &Value) -> L<Ex> {
        let mut a = self.list(arguments)?;
        if let Some(kind) = name.strip_prefix("xs:") {
            if a.len() != 1 {
                return Err(name.into());
            }
            return Ok(Ex::Cast(Box::new(a.remove(0)), self::kind(&format!("xs:{kind}"))?, true));
        }
        let (f, least, most) = match name {
            "fn:true" => (F::True, 0, 0),
            "fn:false" => (F::False, 0, 0),
            "fn:not" => (F::Not, 1, 1),
            "fn:boolean" => (F::Boolean, 1, 1),
            "fn:exists" => (F::Exists, 1, 1),
            "fn:empty" => (F::Empty, 1, 1),
            "fn:number" => (F::Number, 0, 1),
            "fn:sum" => (F::Sum, 1, 1),
            "fn:max" => (F::Max, 1, 1),
            "fn:min" => (F::Min, 1, 1),
            "fn:round" => (F::Round, 1, 1),
            "fn:floor" => (F::Floor, 1, 1),
            "fn:ceiling" => (F::Ceiling, 1, 1),
            "fn:abs" => (F::Abs, 1, 1),
            "fn:count" => (F::Count, 1, 1),
            "fn:reverse" => (F::Reverse, 1, 1),
            "fn:distinct-values" => (F::Distinct, 1, 1),
            "fn:data" => (F::Data, 0, 1),
            "fn:zero-or-one" => (F::ZeroOrOne, 1, 1),
            "fn:exactly-one" => (F::ExactlyOne, 1, 1),
            "fn:position" => (F::Position, 0, 0),
            "fn:last" => (F::Last, 0, 0),
            "fn:normalize-space" => (F::Normalize, 0, 1),
            "fn:string" => (F::String, 0, 1),
            "fn:string-length" => (F::Length, 0, 1),
            "fn:upper-case" => (F::Upper, 1, 1),
            "fn:lower-case" => (F::Lower, 1, 1),
            "fn:contains" => (F::Contains, 2, 2),
            "fn:starts-with" => (F::StartsWith, 2, 2),
            "fn:ends-with" => (F::EndsWith, 2, 2),
            "fn:substring" => (F::Substring, 2, 3),
            "fn:substring-after" => (F::After, 2, 2),
            "fn:substring-before" => (F::Before, 2, 2),
            "fn:translate" => (F::Translate, 3, 3),
            "fn:concat" => (F::Concat, 2, 99),
            "fn:string-join" => (F::Join, 1, 2),
            "fn:string-to-codepoints" => (F::ToCodes, 1, 1),
            "fn:codepoints-to-string" => (F::FromCodes, 1, 1),
            "fn:local-name" => (F::LocalName, 0, 1),
            "fn:namespace-uri" => (F::NamespaceUri, 0, 1),
            other => return Err(format!("function {other}")),
        };
        if a.len() < least || a.len() > most {
            return Err(format!("{name} of {}", a.len()));
        }
        if a.is_empty() && most == 1 {
            // A node's content where the function says "of the context".
            a.push(Ex::Dot);
        }
        Ok(Ex::Call(f, a))
    }
}

/// Whether an expression is steps that `//` may be taken into.
fn deepens(ex: &Ex) -> bool {
    match ex {
        Ex::Step(step) => step.plain && matches!(step.axis, Axis::Child | Axis::Attribute),
        Ex::Union(pair) => deepens(&pair.0) && deepens(&pair.1),
        _ => false,
    }
}

fn deepen(ex: &mut Ex) {
    match ex {
        Ex::Step(step) if step.axis == Axis::Child => step.axis = Axis::Descendant,
        Ex::Step(step) => step.axis = Axis::AttributeBelow,
        Ex::Union(pair) => {
            deepen(&mut pair.0);
            deepen(&mut pair.1);
        }
        _ => {}
    }
}

/// `left` of `left/descendant-or-self::node()`.
fn any_below(ex: &mut Ex) -> Option<Ex> {
    let inner = match ex {
        Ex::Memo(_, inner) => &mut **inner,
        other => other,
    };
    let Ex::Path(path) = inner else { return None };
    let Ex::Step(step) = &path.right else { return None };
    if step.axis != Axis::DescendantOrSelf || !matches!(step.test, Test::Node) || !step.preds.is_empty() {
        return None;
    }
    Some(std::mem::replace(&mut path.left, Ex::Dot))
}

/// Whether a path asks for names alone, so that nothing in it can end in an error.
fn plain(ex: &Ex) -> bool {
    match ex {
        Ex::Dot | Ex::Root => true,
        Ex::Step(step) => step.preds.is_empty(),
        Ex::Path(path) => plain(&path.left) && plain(&path.right),
        Ex::Memo(_, inner) => plain(inner),
        _ => false,
    }
}

/// The name a step asks for.
fn named(ex: &Ex) -> Option<Tag> {
    match ex {
        Ex::Step(step) => match step.test {
            Test::Name(tag) => Some(tag),
            _ => None,
        },
        _ => None,
    }
}

/// Whether an expression gives nodes or a truth, and so is no position.
fn condition(ex: &Ex) -> bool {
    match ex {
        Ex::General(..)
        | Ex::OneOf(..)
        | Ex::Value(..)
        | Ex::Is(..)
        | Ex::And(_)
        | Ex::Or(_)
        | Ex::Step(_)
        | Ex::Some(..)
        | Ex::Every(..)
        | Ex::Matches(..)
        | Ex::Among(..)
        | Ex::Castable(..)
        | Ex::Place(_)
        | Ex::Union(_)
        | Ex::Root => true,
        Ex::Path(path) => matches!(path.right, Ex::Step(_)),
        Ex::Memo(_, inner) | Ex::Filter(inner, _) => condition(inner),
        Ex::Grouped(_, inner) => condition(&inner.0),
        Ex::Call(f, _) => matches!(
            f,
            F::Not | F::Exists | F::Empty | F::Boolean | F::Contains | F::StartsWith | F::EndsWith | F::True | F::False
        ),
        _ => false,
    }
}

/// Whether an expression asks for position() or last() of its own context.
fn positions(ex: &Ex) -> bool {
    let any = |list: &[Ex]| list.iter().any(positions);
    let pair = |pair: &(Ex, Ex)| positions(&pair.0) || positions(&pair.1);
    match ex {
        Ex::Call(F::Position | F::Last, _) => true,
        Ex::Call(_, a) | Ex::And(a) | Ex::Or(a) | Ex::Seq(a) | Ex::User(_, a) => any(a),
        Ex::Path(path) => positions(&path.left),
        Ex::Filter(inner, _)
        | Ex::Memo(_, inner)
        | Ex::Neg(inner)
        | Ex::Cast(inner, ..)
        | Ex::Castable(inner, ..)
        | Ex::Convert(_, inner)
        | Ex::ValueOf(inner)
        | Ex::Key(_, inner)
        | Ex::Matches(inner, _)
        | Ex::Replace(inner, ..)
        | Ex::Tokenize(inner, _)
        | Ex::Among(inner, ..)
        | Ex::OneOf(inner, _) => positions(inner),
        Ex::If(parts) => positions(&parts.0) || positions(&parts.1) || positions(&parts.2),
        Ex::For(b, body) | Ex::Some(b, body) | Ex::Every(b, body) => {
            b.iter().any(|(_, ex)| positions(ex)) || positions(body)
        }
        Ex::Range(p)
        | Ex::Union(p)
        | Ex::Intersect(p)
        | Ex::Except(p)
        | Ex::Arith(_, p)
        | Ex::General(_, p)
        | Ex::Value(_, p)
        | Ex::Is(p)
        | Ex::Let(_, p) => pair(p),
        _ => false,
    }
}

fn array(value: &Value) -> L<&Vec<Value>> {
    value.as_array().ok_or_else(|| "a list".to_string())
}

fn text(value: &Value) -> L<&str> {
    value.as_str().ok_or_else(|| "a text".to_string())
}

fn slot(value: &Value) -> L<u32> {
    value.as_u64().map(|n| n as u32).ok_or_else(|| "a variable".to_string())
}

fn rx(value: &Value) -> L<Rx> {
    Ok(Rx { pattern: text(value)?.to_string(), made: OnceLock::new() })
}

fn never_empty(rx: Rx) -> L<Rx> {
    match rx.get() {
        Some(regex) if !regex.is_match("") => Ok(rx),
        _ => Err("a pattern that fits nothing".into()),
    }
}

fn op(text: &str) -> L<Op> {
    Ok(match text {
        "=" | "eq" => Op::Eq,
        "!=" | "ne" => Op::Ne,
        "<" | "lt" => Op::Lt,
        "<=" | "le" => Op::Le,
        ">" | "gt" => Op::Gt,
        ">=" | "ge" => Op::Ge,
        other => return Err(other.into()),
    })
}

fn sum(text: &str) -> L<Sum> {
    Ok(match text {
        "+" => Sum::Add,
        "-" => Sum::Subtract,
        "*" => Sum::Multiply,
        "div" => Sum::Div,
        "idiv" => Sum::Idiv,
        "mod" => Sum::Mod,
        other => return Err(other.into()),
    })
}

fn kind(name: &str) -> L<Kind> {
    Ok(match name {
        "xs:string" => Kind::Str,
        "xs:untypedAtomic" | "xs:anyAtomicType" => Kind::Unt,
        "xs:boolean" => Kind::Bool,
        "xs:integer" | "xs:int" => Kind::Int,
        "xs:decimal" => Kind::Dec,
        "xs:double" => Kind::Dbl,
        "xs:date" => Kind::Date,
        other => return Err(format!("type {other}")),
    })
}

fn conv(value: &Value) -> L<Option<Conv>> {
    if value.is_null() {
        return Ok(None);
    }
    let (name, occurrence) = (text(&value[0])?, text(&value[1])?);
    if matches!(name, "item()" | "node()" | "element()") {
        return Ok(None);
    }
    Ok(Some(Conv {
        kind: Some(kind(name)?),
        many: matches!(occurrence, "*" | "+"),
        optional: occurrence != "" && occurrence != "+",
    }))
}
