//! What is known of an expression before any document: order, doubles, positions, names it cannot do without.

use crate::program::{Axis, Ex, Test, F};
use crate::tree::Tag;

/// What a path's result is known to be: at most one node, each once, in order, none above another.
#[derive(Clone, Copy)]
pub struct Props {
    one: bool,
    distinct: bool,
    ordered: bool,
    flat: bool,
}

const ONE: Props = Props { one: true, distinct: true, ordered: true, flat: true };
const NOTHING: Props = Props { one: false, distinct: false, ordered: false, flat: false };

pub fn props(ex: &Ex) -> Props {
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

pub fn flat(left: Props, right: &Ex) -> bool {
    left.flat
        && props(right).flat
        && matches!(right, Ex::Step(s) if matches!(s.axis, Axis::Child | Axis::Attribute | Axis::OwnSelf))
        || left.one && props(right).flat
}

/// (distinct, ordered) of `left/right`.
pub fn joined(left: &Ex, right: &Ex) -> (bool, bool) {
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

/// Whether an expression is steps that `//` may be taken into.
pub fn deepens(ex: &Ex) -> bool {
    match ex {
        Ex::Step(step) => step.plain && matches!(step.axis, Axis::Child | Axis::Attribute),
        Ex::Union(pair) => deepens(&pair.0) && deepens(&pair.1),
        _ => false,
    }
}

pub fn deepen(ex: &mut Ex) {
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
pub fn any_below(ex: &mut Ex) -> Option<Ex> {
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
pub fn plain(ex: &Ex) -> bool {
    match ex {
        Ex::Dot | Ex::Root => true,
        Ex::Step(step) => step.preds.is_empty(),
        Ex::Path(path) => plain(&path.left) && plain(&path.right),
        Ex::Memo(_, inner) => plain(inner),
        _ => false,
    }
}

/// The name a step asks for.
pub fn named(ex: &Ex) -> Option<Tag> {
    match ex {
        Ex::Step(step) => match step.test {
            Test::Name(tag) => Some(tag),
            _ => None,
        },
        _ => None,
    }
}

/// Whether an expression gives nodes or a truth, and so is no position.
pub fn condition(ex: &Ex) -> bool {
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
pub fn positions(ex: &Ex) -> bool {
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
