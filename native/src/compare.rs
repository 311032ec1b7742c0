//! Comparisons, arithmetic and casts of single values.

use crate::eval::{text_of, truth_of};
use crate::program::{Kind, Op, Sum};
use crate::value::{boolean, date, double, integer, Dec, Item, Stop, R};
use std::borrow::Cow;
use std::cmp::Ordering;

pub fn holds(op: Op, order: Ordering) -> bool {
    match op {
        Op::Eq => order.is_eq(),
        Op::Ne => order.is_ne(),
        Op::Lt => order.is_lt(),
        Op::Le => order.is_le(),
        Op::Gt => order.is_gt(),
        Op::Ge => order.is_ge(),
    }
}

pub fn turned(op: Op) -> Op {
    match op {
        Op::Lt => Op::Gt,
        Op::Le => Op::Ge,
        Op::Gt => Op::Lt,
        Op::Ge => Op::Le,
        same => same,
    }
}

pub fn doubles(op: Op, a: f64, b: f64) -> bool {
    match a.partial_cmp(&b) {
        Some(order) => holds(op, order),
        None => op == Op::Ne,
    }
}

pub fn as_double(item: &Item<'_>) -> R<f64> {
    match item {
        Item::Dbl(number) => Ok(*number),
        Item::Dec(number) => number.double(),
        Item::Int(number) if number.unsigned_abs() < 1 << 53 => Ok(*number as f64),
        _ => Err(Stop),
    }
}

pub fn as_decimal(item: &Item<'_>) -> R<Dec> {
    match item {
        Item::Dec(number) => Ok(*number),
        Item::Int(number) => Ok(Dec::of(*number)),
        _ => Err(Stop),
    }
}

pub fn numbers(op: Op, a: &Item<'_>, b: &Item<'_>) -> R<bool> {
    match (a, b) {
        (Item::Int(a), Item::Int(b)) => Ok(holds(op, a.cmp(b))),
        (Item::Dbl(_), _) | (_, Item::Dbl(_)) => Ok(doubles(op, as_double(a)?, as_double(b)?)),
        _ => Ok(holds(op, as_decimal(a)?.cmp(as_decimal(b)?)?)),
    }
}

/// Two items of a general comparison.
pub fn compared(op: Op, a: &Item<'_>, b: &Item<'_>) -> R<bool> {
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
pub fn untyped(op: Op, text: &str, number: &Item<'_>) -> R<bool> {
    if let (Item::Int(number), Ok(whole)) = (number, integer(text)) {
        // Longer ones are doubles.
        if whole.unsigned_abs() < 10_000_000_000 {
            return Ok(holds(op, whole.cmp(number)));
        }
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
pub fn values(op: Op, a: &Item<'_>, b: &Item<'_>) -> R<bool> {
    use Item::{Bool, Date, Dbl, Dec, Int, Str, Unt};
    match (a, b) {
        (Str(a) | Unt(a), Str(b) | Unt(b)) => Ok(holds(op, a.as_ref().cmp(b.as_ref()))),
        (Int(_) | Dec(_) | Dbl(_), Int(_) | Dec(_) | Dbl(_)) => numbers(op, a, b),
        (Bool(a), Bool(b)) => Ok(holds(op, a.cmp(b))),
        (Date(a, _), Date(b, _)) => Ok(holds(op, a.cmp(b))),
        _ => Err(Stop),
    }
}

pub fn calculate<'a>(sum: Sum, a: &Item<'a>, b: &Item<'a>) -> R<Item<'a>> {
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

pub fn promoted(item: Item<'_>, kind: Kind) -> R<Item<'_>> {
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

pub fn cast(item: Item<'_>, kind: Kind) -> R<Item<'_>> {
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
